"""Days and numbers as the reader's language writes them. Expected values are Unicode's (CLDR), checked by eye."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from babel import localedata

from mentorbot.chat import dates
from mentorbot.clock import Weekday
from mentorbot.domain.recurrence import Recurrence
from mentorbot.views.rhythms import days_text, rhythm_text
from mentorbot.views.wording import day, start_of

MONDAY = date(2026, 12, 7)


@pytest.mark.parametrize(
    ("locale", "named", "short", "long", "number"),
    [
        ("", "Monday, 7 Dec", "7 Dec", "7 December 2026", "1,000.5"),
        ("en-US", "Monday, 7 Dec", "7 Dec", "7 December 2026", "1,000.5"),
        ("de-DE", "Montag, 7. Dez.", "7. Dez.", "7. Dezember 2026", "1.000,5"),
        ("fr-FR", "lundi 7 déc.", "7 déc.", "7 décembre 2026", "1 000,5"),
        ("es-ES", "lunes, 7 dic", "7 dic", "7 de diciembre de 2026", "1.000,5"),
        ("es-LA", "lunes, 7 dic", "7 dic", "7 de diciembre de 2026", "1.000,5"),
        ("ja-JP", "12月7日(月曜日)", "12月7日", "2026年12月7日", "1,000.5"),
        ("xx-nonsense", "Monday, 7 Dec", "7 Dec", "7 December 2026", "1,000.5"),
        ("../../etc/passwd", "Monday, 7 Dec", "7 Dec", "7 December 2026", "1,000.5"),
    ],
)
def test_days_and_numbers_follow_the_reader(locale: str, named: str, short: str, long: str, number: str) -> None:
    with dates.written_for(locale):
        assert dates.weekday_and_day(MONDAY) == named
        assert dates.short_day(MONDAY) == short
        assert dates.long_day(MONDAY, year=True) == long
        assert dates.number(1000.5).replace("\u202f", " ") == number


def test_every_locale_there_is_can_be_written() -> None:
    for locale in localedata.locale_identifiers():
        with dates.written_for(locale.replace("_", "-")):
            texts = [
                dates.weekday_and_day(MONDAY, year=True), dates.short_day(MONDAY, year=True), dates.long_day(MONDAY),
                dates.month(MONDAY), dates.month(MONDAY, year=True), dates.weekday(MONDAY), dates.number(1),
            ]  # fmt: skip
            assert all(texts), locale


def test_shared_wording_follows_too_and_english_returns_afterwards() -> None:
    friday = Recurrence.weekly(Weekday.FRIDAY, time(15), ZoneInfo("UTC"))
    with dates.written_for("de-DE"):
        assert rhythm_text(friday) == "Freitag 15:00"
        assert day(date(2027, 8, 8), MONDAY) == "8. August"
        assert start_of(date(2027, 3, 1), MONDAY) == "März"
    assert rhythm_text(friday) == "Fridays 15:00"
    assert days_text((Weekday.MONDAY, Weekday.THURSDAY)) == "Mondays and Thursdays"


def test_languages_of_two_readers_do_not_mix() -> None:
    with dates.written_for("de-DE"):
        with dates.written_for("fr-FR"):
            assert dates.weekday(MONDAY) == "lundi"
        assert dates.weekday(MONDAY) == "Montag"
