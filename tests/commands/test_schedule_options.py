"""Schedules with several days, intervals, ends and pauses; and the work calendar an admin sets."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mentorbot.chat.cards import Buttons, Card, Form
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.domain.recurrence import jitter

from .conftest import Chat

TIPS_HERE = "tips here {} Europe/Berlin"
FORTNIGHTLY = "tips here {} Europe/Berlin every:2"


@pytest.mark.parametrize(
    ("typed", "when", "following"),
    [
        ("mon,thu 09:00", "Mondays and Thursdays 09:00", "Thursday, 26 Nov"),
        ("thu and tue 09:00", "Tuesdays and Thursdays 09:00", "Tuesday, 24 Nov"),
        ("weekdays 9am", "weekdays 09:00", "Tuesday, 24 Nov"),
        ("every day 09:00", "every day 09:00", "Tuesday, 24 Nov"),
        ("tuesday 09:00 every 2 weeks", "every second Tuesday, 09:00", "Tuesday, 24 Nov"),
        ("tuesday 09:00 start:2026-12-08", "Tuesdays 09:00", "Tuesday, 8 Dec"),
        ("tue 09:00 until:2026-12-24", "until 24 Dec 2026", "Tuesday, 24 Nov"),
    ],
)
async def test_the_weekly_tip_follows_the_days_given(chat: Chat, typed: str, when: str, following: str) -> None:
    text = await chat.text(TIPS_HERE.format(typed))
    assert when in text
    assert following in text
    assert await chat.text("tips when") == (await chat.text("tips when"))


async def test_an_unknown_day_gets_a_suggestion(chat: Chat) -> None:
    text = await chat.text(TIPS_HERE.format("day:mon,fryday at:09:00 zone:"))
    assert "“fryday” isn't a day of the week\n\nDid you mean Friday?" in text


async def test_a_schedule_that_never_fires_is_refused(chat: Chat) -> None:
    card = await chat.card("tips here monday 09:00 Europe/Berlin until:2026-11-25")
    assert card.error == "bad_value"
    assert "Choose a later end date." in await chat.text("tips here monday 09:00 Europe/Berlin until:2026-11-25")


async def test_tips_can_be_paused_and_resumed(chat: Chat) -> None:
    await chat.say("tips here friday 09:00 Europe/Berlin")
    text = await chat.text("tips pause 2026-12-05")
    assert "No tips here until Saturday, 5 Dec" in text
    assert "Next one: Friday, 11 Dec, 09:00." in text
    assert "paused until 5 Dec 2026" in await chat.text("tips when")
    assert "Friday, 27 Nov, 09:00" in await chat.text("tips resume")


async def test_a_pause_beyond_the_last_day_leaves_no_tips(chat: Chat) -> None:
    await chat.say("tips here friday 09:00 Europe/Berlin until:2026-12-04")
    text = await chat.text("tips pause 2026-12-05")
    assert "Nothing's coming: everything until 4 Dec 2026 falls on a day off or in a pause." in text
    assert "Next one" not in text


async def test_a_pause_that_is_over_has_no_resume_button(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("tips here friday 09:00 Europe/Berlin")
    await chat.say("tips pause 2026-12-05")
    assert "[Resume]" in await chat.text("tips when")
    clock.travel_to(datetime(2026, 12, 5, 12, tzinfo=UTC))
    text = await chat.text("tips when")
    assert "[Pause]" in text
    assert "[Resume]" not in text


@pytest.mark.parametrize("day", ["today", "2028-01-01"])
async def test_an_invalid_pause_says_how_long_one_lasts(chat: Chat, day: str) -> None:
    await chat.say("tips here friday 09:00 Europe/Berlin")
    assert "from a day to a year" in await chat.text(f"tips pause {day}")


@pytest.mark.parametrize("line", ["tips pause 2026-12-05", "tips resume"])
async def test_pausing_without_tips_says_there_are_none(chat: Chat, line: str) -> None:
    assert "No weekly tip" in await chat.text(line)


@pytest.mark.parametrize("line", ["tips pause 2026-12-05", "tips resume", "admin calendar country:DE"])
async def test_only_admins_change_schedules_and_calendars(chat: Chat, line: str) -> None:
    learner = chat.copy(admin=False, person="bob")
    card = await learner.card(line)
    assert card.error == "not_allowed"


async def test_the_calendar_lists_coming_days_off(chat: Chat) -> None:
    text = await chat.text("admin calendar country:de-be off:2026-12-24 name:Company-day spread:30")
    assert "Days off: Berlin, Germany" in text
    assert "Next of 11: Company-day, Thursday, 24 Dec." in text
    assert "Christmas Day, Friday, 25 Dec" in text
    assert "30 minutes" in text
    assert "Company-day, Thursday" not in await chat.text("admin calendar work:2026-12-24")
    assert "Christmas Day" not in await chat.text("admin calendar work:2026-12-25")
    assert "no region yet" in await chat.text("admin calendar country:none spread:0")


async def test_an_unknown_country_says_what_to_type(chat: Chat) -> None:
    text = await chat.text("admin calendar country:Atlantis")
    assert "I don't know the holidays of “Atlantis”\n\nEnter a country, e.g. Germany, or its code, e.g. DE-BE" in text
    assert "no region yet" in await chat.text("admin calendar")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("off:2026-12-24 work:2026-12-24", "can't be both off and a workday"),
        ("off:23-25 dec work:24 dec", "can't be both off and a workday"),
        ("off:25 dec to 23 dec", "Wednesday, 23 Dec, comes before Friday, 25 Dec"),
        ("off:5 dec 2025", "5 Dec 2025 has passed\n\nDid you mean Saturday, 5 Dec 2026?"),
        ("off:2026-12-01 to 2027-12-01", "That's 366 days off\n\nI can only save 100, so choose fewer."),
        ("country:to monday", "I don't know the holidays of “to monday”"),
        ("my birthday 24 dec", "birthday"),
    ],
)
async def test_a_day_off_that_is_not_understood_as_a_whole_is_refused(chat: Chat, line: str, says: str) -> None:
    assert says in await chat.text(f"admin calendar {line}")
    assert "None in the next year." in await chat.text("admin calendar")


async def test_a_name_without_a_day_asks_for_the_day(chat: Chat) -> None:
    form = await chat.say("admin calendar name:Bridge")
    assert isinstance(form, Form)
    assert "off" in [field.name for field in form.fields]
    assert form.line == "admin calendar name:Bridge"


async def test_the_next_tip_skips_a_day_off(chat: Chat) -> None:
    await chat.say("admin calendar off:2026-11-27 name:Bridge")
    text = await chat.text("tips here friday 09:00 Europe/Berlin")
    assert "Friday, 4 Dec, 09:00" in text
    assert "Nothing before that: 27 Nov is a day off here (Bridge)." in text


async def test_check_ins_on_several_days_and_every_second_week(chat: Chat) -> None:
    text = await chat.text("checkin settings tue,fri 15:00 Europe/Berlin every:2-weeks")
    assert "Tuesdays and Fridays, every second week, 15:00, Berlin time" in text
    text = await chat.text("checkin settings at:16:00")
    assert "Tuesdays and Fridays, every second week, 16:00, Berlin time" in text
    assert "Tuesdays and Fridays 16:00" in await chat.text("checkin settings every:week")


async def test_more_than_the_maximum_of_days_off_is_refused(chat: Chat) -> None:
    first_day = date(2027, 1, 1).toordinal()
    async with chat.app_context.store.unit_of_work(Workspace("slack", "T1")) as uow:
        for number in range(100):
            await uow.calendars.save_day(date.fromordinal(first_day + number), "off")
    card = await chat.say("admin calendar off:2026-12-24")
    assert isinstance(card, Card)
    assert card.error == "bad_value"


async def test_a_spread_check_in_is_announced_at_its_own_minute(chat: Chat) -> None:
    await chat.say("admin calendar spread:60")
    text = await chat.text("checkin settings friday 15:00 Europe/Berlin")
    later = jitter(1, 60)
    assert later
    assert f"Friday, 27 Nov, {(datetime(2026, 11, 27, 15) + later):%H:%M}" in text  # noqa: DTZ001  a wall time
    assert f"Friday, 27 Nov, {(datetime(2026, 11, 27, 15) + later):%H:%M}" in await chat.text("why")  # noqa: DTZ001  as above


@pytest.mark.parametrize(
    "line",
    [
        "off:2026-12-23 to 2026-12-25 name:Shutdown",
        "off:23-25 dec name:Shutdown",
        "23–25 dec name:Shutdown",
        "name:Shutdown off:dec 23 until dec 25",
    ],
)
async def test_days_off_in_a_row_are_added_together(chat: Chat, line: str) -> None:
    text = await chat.text(f"admin calendar {line}")
    assert "no region yet" in text
    assert "Next of 3: Shutdown, Wednesday, 23 Dec." in text
    assert "Shutdown, Friday, 25 Dec." in text


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("country:Germany", "Germany"),
        ("germany", "Germany"),
        ("country:de", "Germany"),
        ("DE-BE", "Berlin, Germany"),
        ('"Berlin, Germany"', "Berlin, Germany"),
        ("country:England", "England"),
        ("Northern Ireland", "Northern Ireland"),
        ("country:New Zealand", "New Zealand"),
        ("USA", "United States"),
        ("country:my", "Malaysia"),
        ("TO", "Tonga"),
        ("country:Curaçao", "Curacao"),
    ],
)
async def test_a_country_is_named_or_given_by_its_code(chat: Chat, typed: str, country: str) -> None:
    assert f"Days off: {country}\n" in await chat.text(f"admin calendar {typed}")


async def test_the_united_kingdom_is_narrowed_down_to_a_nation(chat: Chat) -> None:
    card = await chat.card("admin calendar United Kingdom")
    lines = {
        button.label: button.line for block in card.blocks if isinstance(block, Buttons) for button in block.buttons
    }
    assert lines["Scotland"] == "admin calendar country:GB-SCT"
    assert "Days off: Scotland" in await chat.text(lines["Scotland"])


async def test_a_misspelt_country_gets_a_suggestion(chat: Chat) -> None:
    assert "Did you mean Germany?" in await chat.text("admin calendar country:Germny")
    assert "no region yet" in await chat.text("admin calendar")


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("20:00-08:00", "20:00"),
        ("10pm-7am", "22:00"),
        ("10pm – 7 am", "22:00"),
        ("from 22:00 to 07:00", "22:00"),
        ("22-7", "22:00"),
        ("midnight to 7am", "00:00"),
        ('"don\'t write me before 10 or after 6"', "18:00–10:00"),
        ('"nothing after 8 in the evening"', "20:00–08:00"),
        ('"nothing between 8 in the evening and 9 in the morning"', "20:00–09:00"),
        ('"only write me between 9 and 17"', "17:00–09:00"),
    ],
)
async def test_quiet_hours_are_read_as_people_write_them(chat: Chat, typed: str, hours: str) -> None:
    assert hours in await chat.text(f"checkin settings friday 15:00 Europe/Berlin quiet:{typed}")


NO_NIGHT = ("nothing after 8am", "nothing after 9am", "quiet before 20:00", "nothing before 9pm", "not before midnight")
"""The usual other end of quiet hours makes a few minutes of these, or a whole day."""


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("10-7", "Is 10 in the morning or in the evening?"),
        ("22:00-22:00", "Quiet hours can't start and end at the same time"),
        ("25:00-07:00", "There's no 25:00"),
        *((f'"{text}"', "When should they start, and when should they end?") for text in NO_NIGHT),
        ("nights", "I can't read “nights” as quiet hours\n\nEnter when they start and end, e.g. 20:00-08:00, or none."),
    ],
)
async def test_unclear_quiet_hours_are_refused(chat: Chat, typed: str, says: str) -> None:
    assert says in await chat.text(f"checkin settings friday 15:00 Europe/Berlin quiet:{typed}")
    assert "Check-in: off" in await chat.text("checkin settings")


async def test_a_fortnight_begins_on_the_next_such_day(chat: Chat) -> None:
    assert "Monday, 30 Nov" in await chat.text(FORTNIGHTLY.format("monday 09:00"))


@pytest.mark.parametrize("again", ["monday 09:00", "monday 10:30", "tuesday 09:00"])
async def test_repeating_a_fortnight_keeps_its_weeks(chat: Chat, clock: FrozenClock, again: str) -> None:
    await chat.say(FORTNIGHTLY.format("monday 09:00"))  # 30 November, 14 December …
    clock.travel_to(datetime(2026, 12, 2, 12, tzinfo=UTC))
    await chat.tick()
    text = await chat.text(FORTNIGHTLY.format(again))
    assert ("Tuesday, 15 Dec" if "tuesday" in again else "Monday, 14 Dec") in text


async def test_a_start_sets_the_weeks_anew(chat: Chat) -> None:
    await chat.say(FORTNIGHTLY.format("monday 09:00"))
    assert "Monday, 7 Dec" in await chat.text(FORTNIGHTLY.format("monday 09:00") + " start:2026-12-07")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("recall on mon,thu 11:15 zone:Berlin", "Recall is on: Mondays and Thursdays 11:15"),
        ("recall on wed every:2-weeks zone:Berlin", "Recall is on: every second Wednesday"),
        ("pair digest every:2-weeks zone:Berlin", "Mentor digest: every second Monday"),
        ("admin here fri every:4-weeks zone:Berlin", "Report here: every fourth Friday"),
    ],
)
async def test_all_that_comes_again_takes_several_days_and_weeks_between(chat: Chat, line: str, title: str) -> None:
    assert title in await chat.copy(admin=True).text(line)


@pytest.mark.parametrize("line", ["tips me mon 09:00", "recall on", "checkin settings fri 15:00"])
async def test_what_comes_again_starts_on_a_day_and_undo_takes_that_back(chat: Chat, line: str) -> None:
    await chat.say(f"{line} zone:Berlin")
    text = await chat.text(f"{line} start:2027-01-01")
    assert "Jan" in text
    undo = next(part for part in text.splitlines() if "[Undo]" in part).partition("/mentor ")[2]
    assert "Jan" not in await chat.text(undo)


async def test_a_new_zone_moves_all_that_comes_to_someone(chat: Chat) -> None:
    for line in ("checkin settings fri 15:00", "tips me mon 09:00", "recall on wed 12:00"):
        await chat.say(f"{line} zone:Berlin")
    text = await chat.text("checkin settings zone:London")
    assert "London time" in text
    assert "Berlin" not in text.partition("[Undo]")[0]
    undo = next(part for part in text.splitlines() if "[Undo]" in part).partition("/mentor ")[2]
    assert "London" not in (await chat.text(undo)).partition("[Undo]")[0]
