"""Days off, pauses, last days, several days a week and the spread of check-ins, with the reason for each skipped message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from mentorbot.clock import Weekday
from mentorbot.delivery.preview import preview
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.recurrence import jitter, next_after
from mentorbot.errors import RateLimited

from .conftest import DAY, DUE, MONDAY_NINE, SUNDAY, TEAM, WEEK, Bot, to_channel


async def save_day_off(bot: Bot, day: date, name: str) -> None:
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.calendars.save_day(day, name)


async def test_tip_due_on_a_day_off_is_cancelled_with_the_days_name(bot: Bot) -> None:
    await bot.post_weekly()
    await save_day_off(bot, DUE.date(), "Company day")
    await bot.tick_at(DUE)
    assert await bot.outcomes() == [("cancelled", "23 Nov is a day off here (Company day)")]
    await bot.tick_at(DUE + WEEK)
    assert len(bot.platform.posted) == 1


async def test_public_holidays_of_the_workspaces_country_are_days_off(bot: Bot) -> None:
    friday = replace(MONDAY_NINE, weekdays=(Weekday.FRIDAY,))
    await bot.post_weekly(recurrence=friday)
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.calendars.set_country("DE-BE")
    for day in (18, 25):
        await bot.tick_at(datetime(2026, 12, day, 8, tzinfo=UTC))
    assert (await bot.outcomes())[-2:] == [
        ("sent", None),
        ("cancelled", "25 Dec is a day off here (Christmas Day)"),
    ]


async def test_holiday_can_be_made_a_working_day(bot: Bot) -> None:
    await bot.post_weekly(recurrence=replace(MONDAY_NINE, weekdays=(Weekday.FRIDAY,)))
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.calendars.set_country("DE")
        await uow.calendars.save_day(date(2026, 12, 25), "")
    await bot.tick_at(datetime(2026, 12, 25, 8, tzinfo=UTC))
    assert (await bot.states())[-1] == "sent"


async def test_throttled_tip_is_not_sent_on_a_day_off(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.failures.append(RateLimited(3600))
    await bot.tick_at(DUE + timedelta(hours=14))  # 23:00 in Berlin
    await save_day_off(bot, DUE.date() + DAY, "Founders' day")
    await bot.tick_at(DUE + timedelta(hours=15, minutes=30))
    assert (await bot.outcomes())[0] == ("cancelled", "24 Nov is a day off here (Founders' day)")
    assert bot.platform.posted == []


async def test_tips_due_during_a_pause_are_cancelled(bot: Bot) -> None:
    await bot.post_weekly()
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.schedules.pause_until(to_channel(), MessageKind.TIP, DUE.date() + 8 * DAY)
    for number in range(3):
        await bot.tick_at(DUE + number * WEEK)
    assert await bot.outcomes() == [
        ("cancelled", "paused until 1 Dec 2026"),
        ("cancelled", "paused until 1 Dec 2026"),
        ("sent", None),
    ]


async def test_each_of_several_weekdays_has_its_tip(bot: Bot) -> None:
    await bot.post_weekly(recurrence=replace(MONDAY_NINE, weekdays=(Weekday.MONDAY, Weekday.THURSDAY)))
    for day in (0, 3, 7):
        await bot.tick_at(DUE + day * DAY)
    assert [delivery.occurrence_at for delivery in await bot.deliveries()] == [DUE, DUE + 3 * DAY, DUE + 7 * DAY]
    assert len(bot.platform.posted) == 3


async def test_schedule_ends_after_its_last_day(bot: Bot) -> None:
    await bot.post_weekly(recurrence=replace(MONDAY_NINE, ends_on=DUE.date() + 7 * DAY))
    for number in range(4):
        await bot.tick_at(DUE + number * WEEK)
    assert await bot.states() == ["sent", "sent"]
    assert await bot.tip_schedule() is None


async def test_rescheduling_clears_the_pause_and_the_last_day(bot: Bot) -> None:
    await bot.post_weekly(
        recurrence=replace(MONDAY_NINE, every=2, starts_on=date(2026, 12, 1), ends_on=date(2027, 3, 1))
    )
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.schedules.pause_until(to_channel(), MessageKind.TIP, date(2027, 1, 1))
    await bot.post_weekly()
    moved = await bot.tip_schedule()
    assert moved is not None
    assert (moved.recurrence, moved.next_run_at) == (MONDAY_NINE, DUE)


async def test_check_ins_of_a_workspace_are_spread_out_and_on_time(bot: Bot) -> None:
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.calendars.set_spread(60)
        for number in range(20):
            await uow.people.ensure(f"U{number}", "Ada")
            await uow.people.set_messages(f"U{number}", MessageSettings(reminders=False))
    for number in range(20):
        await bot.schedule(f"U{number}", MessageKind.CHECKIN)
    await bot.tick_at(DUE)
    due = [delivery.occurrence_at for delivery in await bot.deliveries()]
    assert due == [DUE + jitter(delivery.schedule.id, 60) for delivery in await bot.deliveries() if delivery.schedule]
    assert len({*due}) > 5
    assert all(DUE <= at < DUE + timedelta(hours=1) for at in due)
    for minute in range(61):
        await bot.tick_at(DUE + timedelta(minutes=minute))
    assert {delivery.state for delivery in await bot.deliveries()} == {"sent"}
    assert all(delivery.sent_at == delivery.occurrence_at for delivery in await bot.deliveries())
    first = (DUE + WEEK + min(at - DUE for at in due)).isoformat(timespec="minutes")
    assert (await preview(bot.store, bot.clock.now(), 7))[0].utc == first


async def test_preview_skips_days_off(bot: Bot) -> None:
    await bot.post_weekly()
    await save_day_off(bot, DUE.date(), "Company day")
    following = next_after(MONDAY_NINE, DUE)
    assert following is not None
    assert [message.utc for message in await preview(bot.store, SUNDAY, 7)] == []
    assert [message.utc for message in await preview(bot.store, SUNDAY, 14)] == [
        following.isoformat(timespec="minutes")
    ]
