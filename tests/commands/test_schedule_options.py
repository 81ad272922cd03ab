"""Schedules with several days, intervals, ends and pauses; and the work calendar an admin sets."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mentorbot.chat.cards import Card, Form
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.domain.recurrence import jitter

from .conftest import Chat

TIPS_HERE = "tips here {} Europe/Berlin"


@pytest.mark.parametrize(
    ("typed", "when", "following"),
    [
        ("mon,thu 09:00", "every Monday and Thursday at 09:00", "Thursday, 26 November 2026"),
        ("thu and tue 09:00", "every Tuesday and Thursday at 09:00", "Tuesday, 24 November 2026"),
        ("weekdays 9am", "every weekday at 09:00", "Tuesday, 24 November 2026"),
        ("every day 09:00", "every day at 09:00", "Tuesday, 24 November 2026"),
        ("tuesday 09:00 every 2 weeks", "every Tuesday of each second week at 09:00", "Tuesday, 24 November 2026"),
        ("tuesday 09:00 start:2026-12-08", "every Tuesday at 09:00", "Tuesday, 8 December 2026"),
        ("tue 09:00 until:2026-12-24", "until 24 December 2026", "Tuesday, 24 November 2026"),
    ],
)
async def test_the_weekly_tip_follows_the_days_given(chat: Chat, typed: str, when: str, following: str) -> None:
    text = await chat.text(TIPS_HERE.format(typed))
    assert when in text
    assert following in text
    assert await chat.text("tips when") == (await chat.text("tips when"))


async def test_an_unknown_day_gets_a_suggestion(chat: Chat) -> None:
    text = await chat.text(TIPS_HERE.format("day:mon,fryday at:09:00 zone:"))
    assert "“fryday” is not a day of the week. Did you mean Friday?" in text


async def test_a_schedule_that_never_fires_is_refused(chat: Chat) -> None:
    card = await chat.card("tips here monday 09:00 Europe/Berlin until:2026-11-25")
    assert card.error == "bad_value"
    assert "Write a later day for until." in await chat.text("tips here monday 09:00 Europe/Berlin until:2026-11-25")


async def test_tips_can_be_paused_and_resumed(chat: Chat) -> None:
    await chat.say("tips here friday 09:00 Europe/Berlin")
    text = await chat.text("tips pause 2026-12-05")
    assert "No tips come here until Saturday, 5 December 2026. Then they go on by themselves." in text
    assert "Friday, 11 December 2026, 09:00" in text
    assert "paused until 5 December 2026" in await chat.text("tips when")
    assert "Friday, 27 November 2026, 09:00" in await chat.text("tips resume")


async def test_a_pause_beyond_the_last_day_leaves_no_tips(chat: Chat) -> None:
    await chat.say("tips here friday 09:00 Europe/Berlin until:2026-12-04")
    text = await chat.text("tips pause 2026-12-05")
    assert "None is left after that." in text
    assert "Next: nothing more: all until 4 December 2026 falls on days off or in a pause" in text
    assert "by themselves" not in text


async def test_a_pause_that_is_over_has_no_resume_button(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("tips here friday 09:00 Europe/Berlin")
    await chat.say("tips pause 2026-12-05")
    assert "[End the pause]" in await chat.text("tips when")
    clock.travel_to(datetime(2026, 12, 5, 12, tzinfo=UTC))
    text = await chat.text("tips when")
    assert "[Pause it]" in text
    assert "[End the pause]" not in text


@pytest.mark.parametrize("day", ["today", "2028-01-01"])
async def test_an_invalid_pause_says_how_long_one_lasts(chat: Chat, day: str) -> None:
    await chat.say("tips here friday 09:00 Europe/Berlin")
    assert "from one day to one year" in await chat.text(f"tips pause {day}")


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
    assert "DE-BE" in text
    assert "Thursday, 24 December 2026: Company-day" in text
    assert "Friday, 25 December 2026: Christmas Day" in text
    assert "30 minutes" in text
    assert "Company-day" not in await chat.text("admin calendar work:2026-12-24")
    assert "Christmas Day" not in await chat.text("admin calendar work:2026-12-25")
    assert "no country yet" in await chat.text("admin calendar country:none spread:0")


async def test_an_unknown_country_says_what_to_type(chat: Chat) -> None:
    text = await chat.text("admin calendar country:Atlantis")
    assert "Write a country's two letters, as DE" in text
    assert "no country yet" in await chat.text("admin calendar")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("off:2026-12-24 work:2026-12-24", "cannot be off and a day of work"),
        ("2026-12-24", "For a day off, write off:2026-12-24."),
    ],
)
async def test_a_contradictory_or_bare_day_is_refused(chat: Chat, line: str, says: str) -> None:
    assert says in await chat.text(f"admin calendar {line}")
    assert "Days off in the next year: 0" in await chat.text("admin calendar")


async def test_a_name_without_a_day_asks_for_the_day(chat: Chat) -> None:
    form = await chat.say("admin calendar name:Bridge")
    assert isinstance(form, Form)
    assert "off" in [field.name for field in form.fields]
    assert form.line == "admin calendar name:Bridge"


async def test_the_next_tip_skips_a_day_off(chat: Chat) -> None:
    await chat.say("admin calendar off:2026-11-27 name:Bridge")
    text = await chat.text("tips here friday 09:00 Europe/Berlin")
    assert "Friday, 4 December 2026, 09:00" in text
    assert "Left out: 27 November is a day off here (Bridge)" in text


async def test_check_ins_on_several_days_and_every_second_week(chat: Chat) -> None:
    text = await chat.text("checkin settings tue,fri 15:00 Europe/Berlin every:2-weeks")
    assert "every Tuesday and Friday of each second week at 15:00 (Europe/Berlin)" in text
    text = await chat.text("checkin settings at:16:00")
    assert "every Tuesday and Friday of each second week at 16:00 (Europe/Berlin)" in text
    assert "every Tuesday and Friday at 16:00" in await chat.text("checkin settings every:week")


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
    assert f"Friday, 27 November 2026, {(datetime(2026, 11, 27, 15) + later):%H:%M}" in text  # noqa: DTZ001  a wall time
    assert f"Fri 27 Nov 2026 {(datetime(2026, 11, 27, 15) + later):%H:%M}" in await chat.text("why")  # noqa: DTZ001  as above
