"""Merging of messages due for one person at once, and rate limits shared by all processes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import RateLimit, Workspace
from mentorbot.clock import Weekday
from mentorbot.delivery.planner import Planner
from mentorbot.delivery.retry import MAX_ATTEMPTS, MAX_WAIT
from mentorbot.delivery.sender import Sender
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.recurrence import Recurrence
from mentorbot.errors import PermanentSendError, RateLimited
from mentorbot.storage import Enclosed, Store
from tests.fake_platform import InjectedFailure
from tests.small_pack import ROLE

from .conftest import BERLIN, DUE, TEAM, WEEK, Bot, new_scheduler

SOON = timedelta(minutes=2)


async def enqueue_two_messages(bot: Bot) -> None:
    """Make two messages due for a person on Monday at nine: a check-in, and that their mentor request is waiting."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("U1", "Ada")
        await uow.people.set_messages("U1", MessageSettings(reminders=False))
        item = str((await uow.mentorships.wait("U1", ROLE)).id)
        await uow.deliveries.enqueue("U1", ROLE, MessageKind.REQUEST_WAITING, DUE, key="waiting", item=item)
    await bot.schedule("U1", MessageKind.CHECKIN)


async def test_two_deliveries_to_one_person_are_one_message(bot: Bot) -> None:
    await enqueue_two_messages(bot)
    await bot.tick_at(DUE)
    assert len(bot.platform.posted) == 1
    text = plain_text(bot.platform.posted[0].card).lower()  # the second card's title is a heading, in capitals
    assert "on the waitlist" in text
    assert "how did your week go" in text
    assert [(delivery.state, delivery.message_id) for delivery in await bot.deliveries()] == [
        ("sent", "m1"),
        ("sent", "m1"),
    ]
    await bot.tick_at(DUE + SOON)
    assert len(bot.platform.posted) == 1


async def test_merged_deliveries_count_once_against_the_budget(bot: Bot) -> None:
    await enqueue_two_messages(bot)
    await bot.tick_at(DUE)
    assert await bot.states() == ["sent", "sent"]
    (first,) = await bot.store.deliveries.list((), 1)
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.set_messages("U1", MessageSettings(budget=9))
    recipient = await bot.store.queue.recipient(replace(first, id=0), DUE, DUE)
    assert recipient is not None
    assert recipient.count_since(DUE - WEEK) == 1


async def test_merged_message_with_unknown_outcome_is_not_sent_again(bot: Bot) -> None:
    await enqueue_two_messages(bot)
    bot.platform.failures.append(InjectedFailure.ACCEPTED_THEN_LOST)
    await bot.tick_at(DUE)
    bot.platform.lookup_failures.extend([PermanentSendError("missing_scope")] * 2)
    for number in range(1, 5):
        await bot.tick_at(DUE + number * SOON)
    assert len(bot.platform.posted) == 1
    assert await bot.outcomes() == [("failed", "it may or may not have arrived: missing_scope")] * 2
    # The operator can name either delivery to requeue the message. It's then found in the channel, which settles both.
    assert await bot.store.deliveries.requeue((await bot.deliveries())[0].id, bot.clock.now())
    await bot.tick_at(DUE + 5 * SOON)
    assert (len(bot.platform.posted), await bot.states()) == (1, ["sent", "sent"])


@pytest.mark.parametrize("last", [InjectedFailure.ACCEPTED_THEN_LOST, InjectedFailure.LOST])
async def test_last_attempt_of_a_merged_message_is_looked_up(bot: Bot, last: InjectedFailure) -> None:
    await enqueue_two_messages(bot)
    bot.platform.failures.extend([*[InjectedFailure.LOST] * (MAX_ATTEMPTS - 1), last])
    for number in range(MAX_ATTEMPTS + 5):
        await bot.tick_at(DUE + number * 2 * MAX_WAIT)
    accepted = last is InjectedFailure.ACCEPTED_THEN_LOST
    assert bot.platform.attempts == MAX_ATTEMPTS + (not accepted)
    assert len(bot.platform.posted) == 1
    states = sorted(await bot.states())
    assert states == (["sent", "sent"] if accepted else ["failed", "sent"]), (
        "a delivery that didn't arrive is sent by itself"
    )


async def test_overdue_deliveries_are_not_merged_into_a_new_message(bot: Bot) -> None:
    await enqueue_two_messages(bot)
    later = DUE + timedelta(days=3)
    thursday = Recurrence.weekly(Weekday.THURSDAY, time(9), BERLIN)
    await bot.schedule("U1", MessageKind.PERSONAL_TIP, thursday)
    planner = Planner(bot.store, bot.library, bot.clock)
    for instant in (DUE, later):
        bot.clock.travel_to(instant)
        await planner.plan()
    newest = next(delivery for delivery in await bot.deliveries() if delivery.kind is MessageKind.PERSONAL_TIP)
    sender = Sender(bot.store, bot.library, bot.clock, {"slack": bot.platform})
    await sender.deliver(newest)
    assert "how did your week go" not in plain_text(bot.platform.posted[0].card).lower()
    await bot.scheduler.tick()
    assert {delivery.kind: delivery.state for delivery in await bot.deliveries()} == {
        MessageKind.PERSONAL_TIP: "sent",
        MessageKind.CHECKIN: "missed",
        MessageKind.REQUEST_WAITING: "missed",
    }


async def test_merged_message_that_arrived_despite_an_error_settles_all_its_deliveries(bot: Bot) -> None:
    await enqueue_two_messages(bot)
    bot.platform.failures.append(InjectedFailure.ACCEPTED_THEN_LOST)
    await bot.tick_at(DUE)
    assert len(bot.platform.posted) == 1
    await bot.tick_at(DUE + SOON)
    assert len(bot.platform.posted) == 1
    assert await bot.states() == ["sent", "sent"]


async def test_merged_message_that_never_arrived_is_sent_again(bot: Bot) -> None:
    await enqueue_two_messages(bot)
    bot.platform.failures.append(InjectedFailure.LOST)
    await bot.tick_at(DUE)
    assert bot.platform.posted == []
    await bot.tick_at(DUE + SOON)
    assert len(bot.platform.posted) == 1
    assert "on the waitlist" in plain_text(bot.platform.posted[0].card).lower()
    assert await bot.states() == ["sent", "sent"]


async def test_two_processes_keep_a_backlog_within_their_shared_limit(bot: Bot) -> None:
    """Sixty tips of one workspace go out at one a second after a first ten: not faster, and without idle slots."""
    bot.platform.limits = (RateLimit("test", 1.0, 10),)
    for number in range(60):
        await bot.post_weekly(f"C{number}")
    other_store = await Store.open(bot.url, bot.clock)
    other = new_scheduler(other_store, bot.library, bot.platform)
    bot.clock.travel_to(DUE)
    for second in range(55):
        bot.clock.travel_to(DUE + timedelta(seconds=second))
        await (bot.scheduler if second % 2 else other).tick()
        # Ten at once, and one for each second since. The extra one is for the next slot, which the worker waits for.
        assert len(bot.platform.posted) <= 10 + second + 1
    await other_store.close()
    assert len(bot.platform.posted) == 60


async def test_throttled_workspace_gets_no_messages_before_retry_after(bot: Bot) -> None:
    bot.platform.limits = (RateLimit("test", 10.0, 10),)
    for number in range(5):
        await bot.post_weekly(f"C{number}")
    bot.platform.failures.append(RateLimited(30))
    await bot.tick_at(DUE)
    assert bot.platform.posted == []
    await bot.tick_at(DUE + timedelta(seconds=29))
    assert bot.platform.posted == []
    for second in (30, 31, 32):
        await bot.tick_at(DUE + timedelta(seconds=second))
    assert len(bot.platform.posted) == 5


async def test_throttled_workspace_does_not_hold_up_others(bot: Bot) -> None:
    bot.platform.limits = (RateLimit("test", 10.0, 10, shared=True),)
    await bot.post_weekly("C1")
    await bot.post_weekly("C2", workspace=Workspace("slack", "T2"))
    bot.platform.failures.append(RateLimited(30))
    await bot.tick_at(DUE)
    await bot.tick_at(DUE + timedelta(seconds=2))
    assert len(bot.platform.posted) == 1
    await bot.tick_at(DUE + timedelta(seconds=31))
    assert len(bot.platform.posted) == 2


async def test_stale_worker_leaves_a_merged_message_to_the_process_sending_it(bot: Bot) -> None:
    await enqueue_two_messages(bot)
    bot.platform.failures.append(InjectedFailure.LOST)
    await bot.tick_at(DUE)
    bot.clock.travel_to(DUE + SOON)
    (delivery,) = [
        pending
        for pending in await bot.deliveries()
        if pending.begun_at is not None and pending.parent_delivery is None
    ]
    now = bot.clock.now()
    # Another process looked the message up, released it, and began a new attempt that merges both deliveries.
    await bot.store.queue.release(delivery.id)
    other_id = next(other.id for other in await bot.deliveries() if other.id != delivery.id)
    assert await bot.store.queue.begin_attempt(delivery.id, delivery.attempts, now, now + SOON, Enclosed((other_id,)))
    sender = Sender(bot.store, bot.library, bot.clock, {"slack": bot.platform})
    await sender.deliver(delivery)
    assert [other.parent_delivery for other in await bot.deliveries() if other.id == other_id] == [delivery.id]
    assert bot.platform.posted == []
