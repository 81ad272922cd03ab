"""Reminders: one for each unanswered check-in, and none after an answer, during a break, or with reminders off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mentorbot.errors import TemporarySendError

from .conftest import DAY, FRIDAY, HOUR, MINUTE, WEEK, Bot, Person

REMINDER = "Quick nudge: one tap is enough. Skipping is fine"


async def person_with_check_ins(bot: Bot, line: str = "checkin settings friday 15:00") -> Person:
    ada = Person(bot)
    await ada.say("plan add one hours:4")
    await ada.say(line)
    return ada


async def test_unanswered_check_in_gets_one_reminder_a_day_later(bot: Bot) -> None:
    ada = await person_with_check_ins(bot)
    for instant in (FRIDAY, FRIDAY + DAY - MINUTE, FRIDAY + DAY, FRIDAY + DAY + HOUR, FRIDAY + 2 * DAY):
        await bot.tick_at(instant)
    assert [REMINDER in text for text in ada.received] == [False, True]
    assert "Stop nudges" in ada.received[1]
    assert "Check-in nudge: due Sat 28 Nov 2026 15:00, sent" in await ada.say("why")  # also a word from her
    await bot.tick_at(FRIDAY + WEEK)
    await bot.tick_at(FRIDAY + WEEK + DAY)
    assert [REMINDER in text for text in ada.received] == [False, True, False, True]


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
async def test_reminder_is_cancelled_by_answering_pausing_or_stopping(bot: Bot, line: str) -> None:
    ada = await person_with_check_ins(bot)
    await bot.tick_at(FRIDAY)
    await ada.say(line)
    await bot.tick_at(FRIDAY + DAY)
    await bot.tick_at(FRIDAY + 2 * DAY)
    assert len(ada.received) == 1
    assert await bot.states() == ["sent"]


async def test_snoozed_check_in_comes_again_without_a_reminder(bot: Bot) -> None:
    ada = await person_with_check_ins(bot)
    await bot.tick_at(FRIDAY)
    await ada.say("checkin snooze")
    await bot.tick_at(FRIDAY + DAY)
    await bot.tick_at(FRIDAY + 2 * DAY)
    assert [REMINDER in text for text in ada.received] == [False, False]


@pytest.mark.parametrize("before", [True, False])
async def test_no_reminder_with_reminders_off(bot: Bot, before: bool) -> None:
    ada = await person_with_check_ins(bot)
    if before:
        await ada.say("checkin settings reminder:off")
    await bot.tick_at(FRIDAY)
    if not before:
        assert "No nudges." in await ada.say("checkin settings reminder:off")
    await bot.tick_at(FRIDAY + DAY)
    assert len(ada.received) == 1


async def test_no_reminder_after_the_end_of_the_week(bot: Bot) -> None:
    ada = await person_with_check_ins(bot, "checkin settings sunday 15:00")
    sunday = FRIDAY + 2 * DAY
    await bot.tick_at(sunday)
    await bot.tick_at(sunday + DAY)
    assert len(ada.received) == 1
    # The first check-in was due on the Sunday it was set, when the bot didn't tick.
    assert await bot.states() == ["missed", "sent"]


async def test_reminder_comes_a_day_after_a_late_check_in(bot: Bot) -> None:
    ada = await person_with_check_ins(bot, "checkin settings wednesday 15:00")
    wednesday = FRIDAY - 2 * DAY
    bot.platform.failures.append(TemporarySendError("503"))
    await bot.tick_at(wednesday)
    await bot.tick_at(wednesday + 20 * HOUR)
    await bot.tick_at(wednesday + DAY)
    assert [REMINDER in text for text in ada.received] == [False]
    await bot.tick_at(wednesday + DAY + 20 * HOUR)
    assert [REMINDER in text for text in ada.received] == [False, True]


async def test_missed_check_in_has_no_reminder(bot: Bot) -> None:
    ada = await person_with_check_ins(bot, "checkin settings wednesday 15:00")
    wednesday = FRIDAY - 2 * DAY
    bot.platform.failures.append(TemporarySendError("503"))
    await bot.tick_at(wednesday)
    await bot.tick_at(wednesday + 2 * DAY + HOUR)
    assert ada.received == []
    assert {delivery.state for delivery in await bot.deliveries()} <= {"missed", "cancelled", "pending"}


async def test_reminder_counts_against_the_weekly_budget(bot: Bot) -> None:
    ada = await person_with_check_ins(bot, "checkin settings friday 15:00 budget:1")
    await bot.tick_at(FRIDAY)
    await bot.tick_at(FRIDAY + DAY)
    assert len(ada.received) == 1
    assert "the limit of one message a week is reached" in ((await bot.outcomes())[-1][1] or "")


async def test_no_reminder_on_a_day_off(bot: Bot) -> None:
    ada = await person_with_check_ins(bot)
    async with bot.store.unit_of_work(ada.workspace) as uow:
        await uow.calendars.save_day((FRIDAY + DAY).date(), "Founders' day")
    await bot.tick_at(FRIDAY)
    await bot.tick_at(datetime(2026, 11, 28, 15, tzinfo=UTC))
    assert len(ada.received) == 1


async def test_retried_check_in_has_one_reminder(bot: Bot) -> None:
    ada = await person_with_check_ins(bot)
    bot.platform.failures.extend([TemporarySendError("503"), TemporarySendError("503")])
    for minutes in (0, 1, 5):
        await bot.tick_at(FRIDAY + timedelta(minutes=minutes))
    await bot.tick_at(FRIDAY + DAY + HOUR)
    await bot.tick_at(FRIDAY + DAY + 2 * HOUR)
    assert [REMINDER in text for text in ada.received] == [False, True]
