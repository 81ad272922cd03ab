"""The sender: a scheduled message is neither lost nor sent twice, whatever goes wrong."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import FrozenClock
from mentorbot.delivery.retry import MAX_ATTEMPTS, backoff
from mentorbot.delivery.sender import LEASE
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.people import MessageSettings
from mentorbot.errors import PermanentSendError, RateLimited, TemporarySendError
from mentorbot.storage import Store
from tests.fake_platform import FakePlatform, InjectedFailure

from .conftest import DUE, TEAM, WEEK, Bot, cut_off, new_scheduler, to_channel

MINUTE = timedelta(minutes=1)


async def test_tip_is_posted_once_a_week(bot: Bot) -> None:
    await bot.post_weekly()
    await bot.tick_at(DUE - MINUTE)
    assert bot.platform.posted == []
    for instant in (DUE, DUE, DUE + MINUTE, DUE + WEEK - MINUTE, DUE + WEEK, DUE + WEEK):
        await bot.tick_at(instant)
    assert [posted.at for posted in bot.platform.posted] == [DUE, DUE + WEEK]
    assert await bot.states() == ["sent", "sent"]
    first = (await bot.deliveries())[0]
    assert (first.message_id, first.sent_at, first.attempts) == ("m1", DUE, 1)


async def test_posted_card_is_public_and_has_its_key(bot: Bot) -> None:
    await bot.post_weekly()
    await bot.tick_at(DUE)
    (posted,) = bot.platform.posted
    assert posted.card.public
    assert posted.key == (await bot.deliveries())[0].key
    assert len(posted.key) <= 20
    assert set(posted.key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "Late" not in plain_text(posted.card)


@pytest.mark.parametrize("failure", [InjectedFailure.LOST, InjectedFailure.ACCEPTED_THEN_LOST])
async def test_message_is_looked_up_before_a_retry_when_the_connection_broke(
    bot: Bot, failure: InjectedFailure
) -> None:
    await bot.post_weekly()
    bot.platform.failures.append(failure)
    await bot.tick_at(DUE)
    assert await bot.states() == ["pending"]
    await bot.tick_at(DUE + MINUTE)
    await bot.tick_at(DUE + 10 * MINUTE)
    assert await bot.states() == ["sent"]
    assert len(bot.platform.posted) == 1
    assert bot.platform.lookups == 1


@pytest.mark.parametrize("failure", [InjectedFailure.HANG, InjectedFailure.ACCEPTED_THEN_HANG])
async def test_message_is_sent_once_despite_a_crash_while_sending(bot: Bot, failure: InjectedFailure) -> None:
    await bot.post_weekly()
    bot.platform.failures.append(failure)
    bot.clock.travel_to(DUE)
    cut_off(bot.store)
    crashing = asyncio.create_task(bot.scheduler.tick())
    await bot.platform.stalled.wait()
    crashing.cancel()
    await asyncio.gather(crashing, return_exceptions=True)
    assert await bot.states() == ["pending"]

    await bot.restart()
    await bot.scheduler.tick()
    assert await bot.states() == ["sent"]
    assert [posted.id for posted in bot.platform.posted] == ["m1"]
    assert (await bot.deliveries())[0].message_id == "m1"


async def test_message_is_sent_without_a_lookup_after_a_crash_before_sending(bot: Bot) -> None:
    """The delivery exists, and no attempt has begun."""
    await bot.post_weekly()
    idle = new_scheduler(bot.store, bot.library, bot.platform)
    await idle.stop()
    bot.clock.travel_to(DUE)
    await idle.tick()
    assert await bot.states() == ["pending"]
    await bot.restart()
    await bot.scheduler.tick()
    assert (len(bot.platform.posted), bot.platform.lookups) == (1, 0)


@pytest.mark.parametrize("failure", [InjectedFailure.SLOW, InjectedFailure.ACCEPTED_THEN_HANG])
async def test_two_processes_send_a_message_once(bot: Bot, failure: InjectedFailure) -> None:
    """This holds even while the first process waits for the platform to accept the message or to answer."""
    await bot.post_weekly()
    bot.clock.travel_to(DUE)
    bot.platform.failures.append(failure)
    cut_off(bot.store)
    first = asyncio.create_task(bot.scheduler.tick())
    await bot.platform.stalled.wait()
    other_store = await Store.open(bot.url, bot.clock)
    other = new_scheduler(other_store, bot.library, bot.platform)
    await other.tick()
    assert (bot.platform.attempts, bot.platform.lookups) == (1, 0)
    bot.platform.resume.set()
    await asyncio.wait([first], timeout=0.2)
    bot.clock.travel_to(DUE + LEASE)
    await other.tick()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await other_store.close()
    assert (len(bot.platform.posted), await bot.states()) == (1, ["sent"])


async def test_many_processes_tick_at_once(bot: Bot) -> None:
    for number in range(25):
        await bot.post_weekly(f"C{number}")
    bot.clock.travel_to(DUE)
    stores = [await Store.open(bot.url, bot.clock) for _ in range(3)]
    await asyncio.gather(*(new_scheduler(store, bot.library, bot.platform).tick() for store in stores))
    for store in stores:
        await store.close()
    assert sorted(posted.channel.id for posted in bot.platform.posted) == sorted(f"C{number}" for number in range(25))


async def test_throttled_holds_the_whole_workspace(bot: Bot) -> None:
    for number, workspace in itertools.product(range(3), (TEAM, Workspace("slack", "T2"))):
        await bot.post_weekly(f"C{number}", workspace=workspace)
    bot.platform.failures.append(RateLimited(90))
    await bot.tick_at(DUE)
    # Either of the two may have been the first to post.
    assert len({posted.channel.workspace for posted in bot.platform.posted}) == 1
    assert (len(bot.platform.posted), bot.platform.attempts) == (3, 4)
    await bot.tick_at(DUE + timedelta(seconds=89))
    assert bot.platform.attempts == 4
    await bot.tick_at(DUE + timedelta(seconds=90))
    assert len({(posted.channel.workspace, posted.channel.id) for posted in bot.platform.posted}) == 6
    assert bot.platform.lookups == 0


async def test_throttling_uses_up_no_attempts(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.failures.extend([RateLimited(0)] * (MAX_ATTEMPTS + 5))
    for minute in range(MAX_ATTEMPTS + 6):
        await bot.tick_at(DUE + minute * MINUTE)
    assert await bot.states() == ["sent"]


async def test_failed_lookup_is_repeated_before_a_retry(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.failures.append(InjectedFailure.ACCEPTED_THEN_LOST)
    bot.platform.lookup_failures.extend([RateLimited(30), TemporarySendError("internal_error")])
    for minute in range(6):
        await bot.tick_at(DUE + minute * MINUTE)
    assert (len(bot.platform.posted), await bot.states()) == (1, ["sent"])
    assert bot.platform.lookups == 3


async def test_message_is_not_sent_again_if_the_lookup_is_refused(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.failures.append(InjectedFailure.ACCEPTED_THEN_LOST)
    bot.platform.lookup_failures.append(PermanentSendError("missing_scope"))
    await bot.tick_at(DUE)
    await bot.tick_at(DUE + MINUTE)
    (delivery,) = await bot.deliveries()
    assert (delivery.state, len(bot.platform.posted)) == ("failed", 1)
    assert "missing_scope" in ((await bot.outcomes())[0][1] or "")
    await bot.tick_at(DUE + WEEK)
    assert len(bot.platform.posted) == 2


async def test_permanent_error_pauses_the_schedule(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.channel_errors["C1"] = "not_in_channel"
    await bot.tick_at(DUE)
    schedule = await bot.tip_schedule()
    assert schedule is not None
    assert (schedule.state, "not_in_channel" in (schedule.paused_reason or "")) == ("paused", True)
    await bot.tick_at(DUE + MINUTE)  # the news about the channel goes to the person who chose it
    assert await bot.states() == ["failed", "sent"]
    await bot.tick_at(DUE + WEEK)
    assert await bot.states() == ["failed", "sent"]

    bot.platform.channel_errors.clear()
    await bot.post_weekly()
    await bot.tick_at(DUE + 2 * WEEK)
    assert await bot.states() == ["failed", "sent", "sent"]


async def test_attempts_end_if_an_error_persists(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.failures.extend([TemporarySendError("internal_error")] * 100)
    instant = DUE
    while (await bot.states())[:1] != ["failed"]:
        await bot.tick_at(instant)
        instant += timedelta(minutes=5)
        assert instant < DUE + timedelta(hours=24)
    assert bot.platform.attempts == MAX_ATTEMPTS
    assert "internal_error" in ((await bot.outcomes())[0][1] or "")
    schedule = await bot.tip_schedule()
    assert schedule is not None
    assert schedule.state == "active"


async def test_bug_in_an_adapter_does_not_stop_other_messages(bot: Bot) -> None:
    for channel in ("C1", "C2"):
        await bot.post_weekly(channel)
    bot.platform.failures.append(ValueError("a bug in an adapter"))
    await bot.tick_at(DUE)
    assert sorted(await bot.states()) == ["pending", "sent"]
    await bot.tick_at(DUE + MINUTE)
    assert await bot.states() == ["sent", "sent"]


async def test_message_for_another_platform_is_left_to_another_process(bot: Bot) -> None:
    await bot.post_weekly("G1", workspace=Workspace("discord", "G"))
    await bot.tick_at(DUE)
    assert await bot.states() == ["pending"]
    (delivery,) = await bot.deliveries()
    assert (delivery.attempts, delivery.begun_at) == (0, None)


async def test_stopping_tips_cancels_the_one_that_is_due(bot: Bot) -> None:
    await bot.post_weekly()
    bot.platform.failures.append(RateLimited(60))
    await bot.tick_at(DUE)
    async with bot.store.unit_of_work(TEAM) as uow:
        assert await uow.schedules.stop(to_channel(), MessageKind.TIP) is not None
    await bot.tick_at(DUE + 2 * MINUTE)
    assert (await bot.states(), bot.platform.posted) == (["cancelled"], [])


def test_backoff_stays_in_bounds() -> None:
    waits = [backoff(attempts).total_seconds() for attempts in range(MAX_ATTEMPTS)]
    assert all(3.75 <= seconds <= 2250 for seconds in waits)
    assert timedelta(hours=3) < timedelta(seconds=sum(waits)) < timedelta(hours=12)


class FreezingPlatform(FakePlatform):
    """A platform where the process freezes once, for as long as its lease, before it posts."""

    async def ensure_can_post(self, channel: Channel) -> Channel:
        """Freeze on the first post."""
        if self.attempts == 1:
            assert isinstance(self.clock, FrozenClock)
            self.clock.travel_to(self.clock.now() + LEASE)
        return await super().ensure_can_post(channel)


async def test_process_that_wakes_after_its_lease_posts_nothing(bot: Bot) -> None:
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("U1", "Ada")
        await uow.people.set_messages("U1", MessageSettings(reminders=False))
    await bot.schedule("U1", MessageKind.CHECKIN)
    platform = FreezingPlatform(bot.clock)
    bot.platform, bot.scheduler = platform, new_scheduler(bot.store, bot.library, platform)
    await bot.tick_at(DUE)
    assert platform.posted == []
    assert await bot.states() == ["pending"]
    await bot.tick_at(bot.clock.now() + LEASE)
    assert len(platform.posted) == 1
    assert await bot.states() == ["sent"]
