"""One reminder of a check-in without an answer; none to whoever has answered, wants peace, or does not want to be asked twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mentorbot.errors import TemporarySendError

from .conftest import DAY, FRIDAY, HOUR, MINUTE, WEEK, Bot, Person

ASKED = "I have not heard from you since the check-in"


async def enrolled(bot: Bot, line: str = "checkin settings friday 15:00") -> Person:
    ada = Person(bot)
    await ada.say("plan add one hours:4")
    await ada.say(line)
    return ada


async def test_without_an_answer_it_asks_once_more_a_day_later(bot: Bot) -> None:
    ada = await enrolled(bot)
    for instant in (FRIDAY, FRIDAY + DAY - MINUTE, FRIDAY + DAY, FRIDAY + DAY + HOUR, FRIDAY + 2 * DAY):
        await bot.tick_at(instant)
    assert [ASKED in text for text in ada.received] == [False, True]
    assert "1. one" in ada.received[1]
    assert "reminder of your check-in" in await ada.say("why")
    await bot.tick_at(FRIDAY + WEEK)
    await bot.tick_at(FRIDAY + WEEK + DAY)
    assert [ASKED in text for text in ada.received] == [False, True, False, True]


@pytest.mark.parametrize(
    "line",
    [
        "checkin close",
        "checkin mark 1 doing",
        'checkin plan "Draft" obstacle:late then:wait',
        "checkin skip",
        "checkin pause 2026-12-14",
        "checkin stop",
    ],
)
async def test_an_answer_takes_it_back(bot: Bot, line: str) -> None:
    ada = await enrolled(bot)
    await bot.tick_at(FRIDAY)
    await ada.say(line)
    await bot.tick_at(FRIDAY + DAY)
    await bot.tick_at(FRIDAY + 2 * DAY)
    assert len(ada.received) == 1
    assert await bot.states() == ["sent"]


async def test_put_off_it_comes_as_a_check_in_and_not_twice(bot: Bot) -> None:
    ada = await enrolled(bot)
    await bot.tick_at(FRIDAY)
    await ada.say("checkin snooze")
    await bot.tick_at(FRIDAY + DAY)
    await bot.tick_at(FRIDAY + 2 * DAY)
    assert [ASKED in text for text in ada.received] == [False, False]


@pytest.mark.parametrize("before", [True, False])
async def test_whoever_does_not_want_it_has_none(bot: Bot, before: bool) -> None:
    ada = await enrolled(bot)
    if before:
        await ada.say("checkin settings reminder:off")
    await bot.tick_at(FRIDAY)
    if not before:
        assert "I do not ask again" in await ada.say("checkin settings reminder:off")
    await bot.tick_at(FRIDAY + DAY)
    assert len(ada.received) == 1


async def test_after_a_week_has_ended_nobody_is_reminded_of_it(bot: Bot) -> None:
    ada = await enrolled(bot, "checkin settings sunday 15:00")
    sunday = FRIDAY + 2 * DAY
    await bot.tick_at(sunday)
    await bot.tick_at(sunday + DAY)
    assert len(ada.received) == 1
    assert await bot.states() == ["missed", "sent"]  # the first Sunday was the day on which it was set


async def test_a_late_check_in_has_its_reminder_a_day_after_it_came(bot: Bot) -> None:
    ada = await enrolled(bot, "checkin settings wednesday 15:00")
    wednesday = FRIDAY - 2 * DAY
    bot.platform.faults.append(TemporarySendError("503"))
    await bot.tick_at(wednesday)
    await bot.tick_at(wednesday + 20 * HOUR)
    await bot.tick_at(wednesday + DAY)
    assert [ASKED in text for text in ada.received] == [False]
    await bot.tick_at(wednesday + DAY + 20 * HOUR)
    assert [ASKED in text for text in ada.received] == [False, True]


async def test_a_check_in_that_never_came_has_none(bot: Bot) -> None:
    ada = await enrolled(bot, "checkin settings wednesday 15:00")
    wednesday = FRIDAY - 2 * DAY
    bot.platform.faults.append(TemporarySendError("503"))
    await bot.tick_at(wednesday)
    await bot.tick_at(wednesday + 2 * DAY + HOUR)
    assert ada.received == []
    assert {one.state for one in await bot.deliveries()} <= {"missed", "cancelled", "pending"}


async def test_it_counts_as_a_message_of_the_week(bot: Bot) -> None:
    ada = await enrolled(bot, "checkin settings friday 15:00 budget:1")
    await bot.tick_at(FRIDAY)
    await bot.tick_at(FRIDAY + DAY)
    assert len(ada.received) == 1
    assert "budget of one message a week is spent" in ((await bot.outcomes())[-1][1] or "")


async def test_a_day_off_has_no_reminder(bot: Bot) -> None:
    ada = await enrolled(bot)
    async with bot.store.unit_of_work(ada.workspace) as uow:
        await uow.calendars.save_day((FRIDAY + DAY).date(), "Founders' day")
    await bot.tick_at(FRIDAY)
    await bot.tick_at(datetime(2026, 11, 28, 15, tzinfo=UTC))
    assert len(ada.received) == 1


async def test_crashing_before_the_check_in_is_sent_leaves_one_reminder(bot: Bot) -> None:
    ada = await enrolled(bot)
    bot.platform.faults.extend([TemporarySendError("503"), TemporarySendError("503")])
    for minutes in (0, 1, 5):
        await bot.tick_at(FRIDAY + timedelta(minutes=minutes))
    await bot.tick_at(FRIDAY + DAY + HOUR)
    await bot.tick_at(FRIDAY + DAY + 2 * HOUR)
    assert [ASKED in text for text in ada.received] == [False, True]
