"""The planner: late and missed occurrences, weeks when clocks change, and packs that change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import Weekday
from mentorbot.delivery.maintenance import MaintenanceTasks
from mentorbot.delivery.preview import preview
from mentorbot.delivery.time_travel import travel_to
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.delivery_policy import max_lateness
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import RateLimited
from tests.small_pack import small_library

from .conftest import DUE, MONDAY_NINE, SUNDAY, TEAM, WEEK, Bot, new_scheduler

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


MAX_LATENESS = max_lateness(MessageKind.TIP)


@pytest.mark.parametrize("delay", [HOUR, MAX_LATENESS])
async def test_recent_occurrence_is_sent_with_a_late_note_after_a_stop(bot: Bot, delay: timedelta) -> None:
    await bot.post_weekly()
    await bot.tick_at(DUE + delay)
    (posted,) = bot.platform.posted
    assert "Late: this was due on Monday at 09:00, Berlin time" in plain_text(posted.card)
    await bot.tick_at(DUE + WEEK)
    assert "Late" not in plain_text(bot.platform.posted[1].card)


async def test_old_occurrence_is_missed_after_a_stop(bot: Bot) -> None:
    await bot.post_weekly()
    await bot.tick_at(DUE + MAX_LATENESS + SECOND)
    assert (await bot.states(), bot.platform.posted) == (["missed"], [])
    await bot.tick_at(DUE + WEEK)
    assert await bot.states() == ["missed", "sent"]


async def test_only_the_newest_occurrence_is_sent_after_a_long_stop(bot: Bot) -> None:
    await bot.post_weekly()
    await bot.tick_at(DUE + 5 * WEEK + HOUR)
    assert await bot.states() == ["missed"] * 5 + ["sent"]
    assert [delivery.occurrence_at for delivery in await bot.deliveries()] == [DUE + n * WEEK for n in range(6)]
    assert len(bot.platform.posted) == 1


async def test_tip_that_could_not_be_sent_for_a_day_is_missed(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.failures.append(RateLimited((MAX_LATENESS + HOUR).total_seconds()))
    await bot.tick_at(DUE)
    await bot.tick_at(DUE + MAX_LATENESS + HOUR)
    assert (await bot.states(), bot.platform.posted) == (["missed"], [])


async def test_no_tip_repeats_before_all_were_used(bot: Bot) -> None:
    await bot.post_weekly()
    for week in range(18):
        await bot.tick_at(DUE + week * WEEK + HOUR / 4)
        if week % 5 == 0:
            await bot.restart()
    items = [delivery.item for delivery in await bot.deliveries()]
    assert [len(set(items[start : start + 6])) for start in (0, 6, 12)] == [6, 6, 6]


async def test_missed_tip_does_not_count_as_used(bot: Bot) -> None:
    await bot.post_weekly()
    await bot.tick_at(DUE + 4 * WEEK)
    for week in range(5, 10):
        await bot.tick_at(DUE + week * WEEK)
    sent = [delivery.item for delivery in await bot.deliveries() if delivery.state == "sent"]
    assert len(set(sent)) == len(sent) == 6


async def test_chosen_tip_removed_from_the_pack_is_replaced(bot: Bot, tmp_path: Path) -> None:
    await bot.post_weekly()
    bot.platform.failures.append(RateLimited(60))
    await bot.tick_at(DUE)
    bot.library = small_library(tmp_path, {"one": {"mastery": ["other"]}})
    await bot.restart()
    await bot.tick_at(DUE + HOUR)
    assert [(delivery.item, delivery.state) for delivery in await bot.deliveries()] == [("other", "sent")]


async def test_pack_without_tips_misses_only_that_week(bot: Bot, tmp_path: Path) -> None:
    await bot.post_weekly()
    original, bot.library = bot.library, small_library(tmp_path, {"one": {}})
    await bot.restart()
    await bot.tick_at(DUE)
    bot.library = original
    await bot.restart()
    await bot.tick_at(DUE + WEEK)
    assert await bot.states() == ["missed", "sent"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (datetime(2026, 3, 16, tzinfo=UTC), ["03-22 01:30", "03-29 01:00", "04-05 00:30"]),
        (datetime(2026, 10, 12, tzinfo=UTC), ["10-18 00:30", "10-25 00:30", "11-01 01:30"]),
    ],
)
async def test_tip_comes_once_a_week_when_clocks_change(bot: Bot, start: datetime, expected: list[str]) -> None:
    """In Berlin, Sunday 02:30 doesn't exist when clocks go forward, and comes twice when they go back."""
    bot.clock.travel_to(start)
    await bot.post_weekly(recurrence=Recurrence.weekly(Weekday.SUNDAY, time(2, 30), ZoneInfo("Europe/Berlin")))
    for minutes in range(0, 21 * 24 * 60, 30):
        await bot.tick_at(start + timedelta(minutes=minutes))
    assert [f"{posted.at:%m-%d %H:%M}" for posted in bot.platform.posted] == expected


async def test_new_schedule_for_a_channel_replaces_the_old_one(bot: Bot) -> None:
    first = await bot.post_weekly()
    second = await bot.post_weekly(recurrence=Recurrence.weekly(Weekday.TUESDAY, time(10), ZoneInfo("Asia/Tokyo")))
    assert second.id == first.id
    await bot.tick_at(DUE)
    assert bot.platform.posted == []
    await bot.tick_at(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    assert len(bot.platform.posted) == 1


async def test_time_travel_posts_each_tip_at_its_own_time(bot: Bot) -> None:
    await bot.post_weekly()
    await travel_to(SUNDAY + 3 * WEEK, bot.clock, bot.store, bot.scheduler)
    assert [posted.at for posted in bot.platform.posted] == [DUE, DUE + WEEK, DUE + 2 * WEEK]
    assert bot.clock.now() == SUNDAY + 3 * WEEK


async def test_preview_lists_exactly_the_tips_that_are_posted(bot: Bot) -> None:
    await bot.post_weekly("C1")
    await bot.post_weekly("C2", Recurrence.weekly(Weekday.SUNDAY, time(23, 45), ZoneInfo("America/New_York")))
    await bot.post_weekly("C3", MONDAY_NINE)
    bot.platform.channel_errors["C3"] = "is_archived"
    await bot.tick_at(DUE + HOUR)
    await bot.tick_at(DUE + HOUR + timedelta(minutes=1))  # the news about C3
    previewed = await preview(bot.store, bot.clock.now(), 14)
    count_before = len(bot.platform.posted)
    await travel_to(
        bot.clock.now() + timedelta(days=14), bot.clock, bot.store, new_scheduler(bot.store, bot.library, bot.platform)
    )
    assert [item.utc for item in previewed] == [
        f"{posted.at:%Y-%m-%dT%H:%M}+00:00" for posted in bot.platform.posted[count_before:]
    ]
    assert {(item.kind, item.destination, item.zone) for item in previewed} == {
        ("tip", "slack/T1/name of C1", "Europe/Berlin"),
        ("tip", "slack/T1/name of C2", "America/New_York"),
    }
    assert previewed[0].local == "2026-11-29T23:45-05:00"


async def test_operator_sets_how_long_messages_are_kept(bot: Bot) -> None:
    """The setting applies to messages to people, such as this check-in. Tips in channels always stay."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("ada", "Ada")
        await uow.people.set_messages("ada", MessageSettings(None, None, None, reminders=False))
    await bot.schedule("ada", MessageKind.CHECKIN)
    await bot.tick_at(DUE)
    assert await bot.states() == ["sent"]
    bot.clock.travel_to(DUE + timedelta(days=70))
    platforms = {"slack": bot.platform}
    for keep, remaining in ((timedelta(days=90), 1), (timedelta(days=60), 0)):
        await MaintenanceTasks(bot.store, bot.library, bot.clock, platforms, keep).run()
        assert len(await bot.deliveries()) == remaining
