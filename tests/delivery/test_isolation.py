"""Isolation of messages: trouble with one doesn't affect others, even those that came since it was read."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.platform import RateLimit, Workspace
from mentorbot.clock import Weekday
from mentorbot.delivery.sender import Sender
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import PermanentSendError, RateLimited
from mentorbot.storage.deliveries import WorkspaceDeliveries
from tests.fake_platform import InjectedFailure
from tests.small_pack import ROLE

from .conftest import DUE, SUNDAY, TEAM, WEEK, Bot, Person

FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)


async def enqueue_request_waiting(bot: Bot, person: str, key: str) -> str:
    """Enqueue a message that a person's mentor request is waiting. Returns the item it's about."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure(person, person)
        item = str((await uow.mentorships.wait(person, ROLE)).id)
        await uow.deliveries.enqueue(person, ROLE, MessageKind.REQUEST_WAITING, bot.clock.now(), key=key, item=item)
    return item


async def test_message_cancelled_after_it_was_read_does_not_affect_the_next(bot: Bot) -> None:
    item = await enqueue_request_waiting(bot, "ada", "a")
    deliveries = await bot.store.queue.read(await bot.store.queue.ready(bot.clock.now(), ("slack",), 100))
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.deliveries.cancel(MessageKind.REQUEST_WAITING, item)
    await enqueue_request_waiting(bot, "ben", "b")
    await Sender(bot.store, bot.library, bot.clock, {"slack": bot.platform}).deliver(deliveries[0])
    assert bot.platform.posted == []
    await bot.tick_at(SUNDAY + MINUTE)
    assert [message.channel.id for message in bot.platform.posted] == ["Dben"]


async def test_answer_during_sending_cancels_no_messages_of_others(bot: Bot) -> None:
    cy, ada, ben = Person(bot, "cy"), Person(bot, "ada"), Person(bot, "ben")
    for person in (cy, ada):
        await person.say("checkin settings friday 15:00")
    await bot.tick_at(FRIDAY)
    bot.platform.failures.append(InjectedFailure.SLOW)
    bot.clock.travel_to(FRIDAY + timedelta(days=1))
    tick = asyncio.create_task(bot.scheduler.tick())
    await bot.platform.stalled.wait()  # Cy's reminder is being sent, and Ada's waits behind it
    await ada.say("checkin close")
    await enqueue_request_waiting(bot, "ben", "b")
    bot.platform.resume.set()
    await tick
    await bot.tick_at(FRIDAY + timedelta(days=1, minutes=1))
    assert len(ben.received) == 1


async def test_ids_of_erased_people_are_not_reused(bot: Bot) -> None:
    ada = Person(bot, "ada")
    await ada.say("checkin settings friday 15:00")
    async with bot.store.unit_of_work(TEAM) as uow:
        erased = await uow.people.get("ada")
        erased_schedules = await uow.schedules.all()
        await uow.privacy.erase("ada")
    ben = Person(bot, "ben")
    await ben.say("checkin settings friday 15:00")
    async with bot.store.unit_of_work(TEAM) as uow:
        newcomer = await uow.people.get("ben")
        assert erased is not None
        assert newcomer is not None
        assert newcomer.id > erased.id
        oldest_id = min(schedule.id for schedule in await uow.schedules.all())
        assert oldest_id > max(schedule.id for schedule in erased_schedules)


async def test_throttled_workspace_does_not_hold_up_others(bot: Bot) -> None:
    """This holds even if more than a batch of its messages become due meanwhile."""
    a_minute_later = Recurrence.weekly(Weekday.MONDAY, time(9, 1), BERLIN)
    await bot.post_weekly("C0")
    for number in range(120):
        await bot.post_weekly(f"X{number}", a_minute_later)
    other = Workspace("slack", "T2")
    await bot.post_weekly("Y", Recurrence.weekly(Weekday.MONDAY, time(9, 2), BERLIN), other)
    bot.platform.failures.append(RateLimited(600))
    for minute in range(3):
        await bot.tick_at(DUE + minute * MINUTE)
    assert [(message.channel.workspace, message.at) for message in bot.platform.posted] == [(other, DUE + 2 * MINUTE)]
    await bot.tick_at(DUE + 10 * MINUTE)
    assert len(bot.platform.posted) == 122


async def test_closed_conversations_do_not_use_up_a_shared_limit(bot: Bot) -> None:
    """Each is reopened only once, even though waiting for a slot stores the new conversation's id."""
    people = [Person(bot, f"p{number}", BERLIN, Workspace("slack", f"T{number}")) for number in range(6)]
    for person in people:
        await person.say("checkin settings monday 09:00 reminder:off")
    await bot.tick_at(DUE)
    bot.platform.failures.extend([PermanentSendError("cannot_dm")] * 150)
    bot.platform.limits, bot.platform.attempts = (RateLimit("test", 0.5, 1, shared=True),), 0
    for seconds in range(0, 300, 2):
        await bot.tick_at(DUE + WEEK + timedelta(seconds=seconds))
    assert (await bot.states())[6:] == ["failed"] * 6
    assert bot.platform.attempts <= 12


async def test_setting_the_same_schedule_again_while_it_is_due_loses_no_message(bot: Bot) -> None:
    ada = Person(bot, "ada", BERLIN)
    lines = ("tips me monday 09:00", "recall on monday 09:00", "checkin settings monday 09:00 reminder:off")
    for line in lines:
        await ada.say(line)
    bot.clock.travel_to(DUE + timedelta(seconds=2))  # the bot looks every five seconds
    for line in lines:
        await ada.say(line)
    await bot.tick_at(DUE + timedelta(seconds=5))
    assert [delivery.state for delivery in await bot.deliveries() if delivery.kind != "recall"] == ["sent", "sent"]
    assert len(await bot.deliveries()) == 3
    await ada.say("tips me tuesday 09:00")
    await bot.tick_at(DUE + timedelta(days=1))
    assert len(ada.received) == 2


async def test_moving_a_schedule_while_it_is_due_loses_no_message(bot: Bot) -> None:
    ada = Person(bot, "ada", BERLIN)
    await ada.say("tips me monday 09:00")
    bot.clock.travel_to(DUE + timedelta(seconds=2))
    assert "Next one: Monday, 23 Nov, 09:00." in str(await ada.say("tips me tuesday 10:00"))
    await bot.tick_at(DUE + timedelta(seconds=5))
    await bot.tick_at(DUE + timedelta(days=1, hours=1))
    assert [delivery.state for delivery in await bot.deliveries()] == ["sent", "sent"]
    assert [delivery.occurrence_at for delivery in await bot.deliveries()] == [DUE, DUE + timedelta(days=1, hours=1)]


async def test_moving_a_schedule_does_not_bring_back_occurrences_missed_while_stopped(bot: Bot) -> None:
    ada = Person(bot, "ada", BERLIN)
    await ada.say("tips me monday 09:00")
    bot.clock.travel_to(DUE + timedelta(days=2))
    await ada.say("tips me tuesday 10:00")
    await bot.tick_at(DUE + timedelta(days=2, seconds=5))
    assert await bot.deliveries() == []


async def test_quiet_hours_follow_the_zone_given_for_a_tip(bot: Bot) -> None:
    """Discord doesn't tell us a person's zone."""
    ada = Person(bot, "ada", zone=None)
    await ada.say("tips me friday 09:00 Asia/Tokyo")
    await ada.say("checkin settings quiet:22:00-07:00")
    bot.clock.travel_to(SUNDAY + timedelta(hours=8))  # 05:00 in Tokyo
    await enqueue_request_waiting(bot, "ada", "a")
    await bot.tick_at(SUNDAY + timedelta(hours=8))
    assert ada.received == []
    await bot.tick_at(SUNDAY + timedelta(hours=10))
    assert len(ada.received) == 1


async def test_answer_and_erasure_at_once_both_succeed(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL they deadlock, and one of them is retried."""
    ada = Person(bot, "ada")
    await ada.say("checkin settings friday 15:00")
    await bot.tick_at(FRIDAY)
    cancel = WorkspaceDeliveries.cancel

    async def slow_cancel(
        self: WorkspaceDeliveries, kind: MessageKind, item: str = "", user_id: str | None = None
    ) -> None:
        await asyncio.sleep(0.3)
        await cancel(self, kind, item, user_id)

    monkeypatch.setattr(WorkspaceDeliveries, "cancel", slow_cancel)
    close_answer, forget_answer = await asyncio.gather(ada.say("checkin close"), ada.say("me forget confirm:yes"))
    assert "All your data is deleted" in forget_answer
    assert "I can't reach my notes" not in close_answer


PER_CHANNEL = (RateLimit("discord", 50.0, 50, shared=True),)
"""Limits of a platform that limits each channel by itself, as Discord does, and besides that only the application."""


async def test_channel_that_waits_does_not_hold_up_the_others(bot: Bot) -> None:
    bot.platform.limits = PER_CHANNEL
    for number in range(3):
        await bot.post_weekly(f"C{number}")
    bot.platform.failures.append(InjectedFailure.SLOW)
    bot.clock.travel_to(DUE)
    tick = asyncio.create_task(bot.scheduler.tick())
    async with asyncio.timeout(20):
        await bot.platform.stalled.wait()
        while len(bot.platform.posted) < 2:
            await asyncio.sleep(0.01)
    assert not tick.done()
    bot.platform.resume.set()
    await tick
    assert sorted(message.channel.id for message in bot.platform.posted) == ["C0", "C1", "C2"]


async def test_channel_told_to_wait_does_not_hold_up_the_others(bot: Bot) -> None:
    bot.platform.limits = PER_CHANNEL
    for number in range(3):
        await bot.post_weekly(f"C{number}")
    bot.platform.failures.append(RateLimited(40, channel_only=True))
    await bot.tick_at(DUE)
    assert (await bot.states()).count("sent") == 2
    await bot.tick_at(DUE + timedelta(seconds=20))
    assert (await bot.states()).count("sent") == 2
    await bot.tick_at(DUE + timedelta(seconds=41))
    assert await bot.states() == ["sent"] * 3
