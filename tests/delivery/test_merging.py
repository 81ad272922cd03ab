"""What is due for one person at once is one message; and limits that all processes share."""

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


async def enrol(bot: Bot) -> None:
    """Somebody with a check-in on Mondays at nine, who is to hear at the same time that a pairing has ended."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("U1", "Ada")
        await uow.people.set_messages("U1", MessageSettings(reminders=False))
        item = str((await uow.mentorships.wait("U1", ROLE)).id)
        await uow.deliveries.enqueue("U1", ROLE, MessageKind.REQUEST_WAITING, DUE, key="waiting", item=item)
    await bot.schedule("U1", MessageKind.CHECKIN)


async def test_two_for_one_person_are_one_message(bot: Bot) -> None:
    await enrol(bot)
    await bot.tick_at(DUE)
    assert len(bot.platform.posted) == 1
    told = plain_text(bot.platform.posted[0].card).lower()  # the second one's title is a heading, in capitals
    assert "still looking for a mentor" in told
    assert "week of 23 november" in told
    assert [(one.state, one.message_id) for one in await bot.deliveries()] == [("sent", "m1"), ("sent", "m1")]
    await bot.tick_at(DUE + SOON)
    assert len(bot.platform.posted) == 1


async def test_together_they_count_once_in_the_week(bot: Bot) -> None:
    await enrol(bot)
    await bot.tick_at(DUE)
    assert await bot.states() == ["sent", "sent"]
    (first,) = await bot.store.deliveries.list((), 1)
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.set_messages("U1", MessageSettings(budget=9))
    recipient = await bot.store.queue.recipient(replace(first, id=0), DUE, DUE)
    assert recipient is not None
    assert recipient.count_since(DUE - WEEK) == 1


async def test_when_nobody_can_tell_what_came_of_it_none_of_it_comes_again(bot: Bot) -> None:
    await enrol(bot)
    bot.platform.faults.append(InjectedFailure.ACCEPTED_THEN_LOST)
    await bot.tick_at(DUE)
    bot.platform.find_faults.extend([PermanentSendError("missing_scope")] * 2)
    for number in range(1, 5):
        await bot.tick_at(DUE + number * SOON)
    assert len(bot.platform.posted) == 1
    assert await bot.outcomes() == [("failed", "nobody can tell whether it was posted: missing_scope")] * 2
    # The operator lets it be tried again, whichever of them is named: it is looked for, and found with both.
    assert await bot.store.deliveries.requeue((await bot.deliveries())[0].id, bot.clock.now())
    await bot.tick_at(DUE + 5 * SOON)
    assert (len(bot.platform.posted), await bot.states()) == (1, ["sent", "sent"])


@pytest.mark.parametrize("last", [InjectedFailure.ACCEPTED_THEN_LOST, InjectedFailure.LOST])
async def test_the_last_try_is_looked_up_with_all_that_it_holds(bot: Bot, last: InjectedFailure) -> None:
    await enrol(bot)
    bot.platform.faults.extend([*[InjectedFailure.LOST] * (MAX_ATTEMPTS - 1), last])
    for number in range(MAX_ATTEMPTS + 5):
        await bot.tick_at(DUE + number * 2 * MAX_WAIT)
    arrived = last is InjectedFailure.ACCEPTED_THEN_LOST
    assert bot.platform.attempts == MAX_ATTEMPTS + (not arrived)
    assert len(bot.platform.posted) == 1
    states = sorted(await bot.states())
    assert states == (["sent", "sent"] if arrived else ["failed", "sent"]), "what did not arrive goes by itself"


async def test_what_is_past_its_time_goes_in_no_other_message(bot: Bot) -> None:
    await enrol(bot)
    later = DUE + timedelta(days=3)
    thursday = Recurrence.weekly(Weekday.THURSDAY, time(9), BERLIN)
    await bot.schedule("U1", MessageKind.PERSONAL_TIP, thursday)
    planner = Planner(bot.store, bot.library, bot.clock)
    for instant in (DUE, later):
        bot.clock.travel_to(instant)
        await planner.plan()
    newest = next(one for one in await bot.deliveries() if one.kind is MessageKind.PERSONAL_TIP)
    sender = Sender(bot.store, bot.library, bot.clock, {"slack": bot.platform})
    await sender.deliver(newest)
    assert "week of 23 november" not in plain_text(bot.platform.posted[0].card).lower()
    await bot.scheduler.tick()
    assert {one.kind: one.state for one in await bot.deliveries()} == {
        MessageKind.PERSONAL_TIP: "sent",
        MessageKind.CHECKIN: "missed",
        MessageKind.REQUEST_WAITING: "missed",
    }


async def test_one_that_arrived_in_doubt_is_found_with_all_that_it_holds(bot: Bot) -> None:
    await enrol(bot)
    bot.platform.faults.append(InjectedFailure.ACCEPTED_THEN_LOST)
    await bot.tick_at(DUE)
    assert len(bot.platform.posted) == 1
    await bot.tick_at(DUE + SOON)
    assert len(bot.platform.posted) == 1
    assert await bot.states() == ["sent", "sent"]


async def test_one_that_never_arrived_lets_the_others_go(bot: Bot) -> None:
    await enrol(bot)
    bot.platform.faults.append(InjectedFailure.LOST)
    await bot.tick_at(DUE)
    assert bot.platform.posted == []
    await bot.tick_at(DUE + SOON)
    assert len(bot.platform.posted) == 1
    assert "still looking" in plain_text(bot.platform.posted[0].card).lower()
    assert await bot.states() == ["sent", "sent"]


async def test_a_backlog_keeps_to_the_pace_that_two_processes_share(bot: Bot) -> None:
    """Sixty tips of one workspace, one a second after a first ten: nobody is faster, and the slots are all used."""
    bot.platform.pace = (RateLimit("test", 1.0, 10),)
    for number in range(60):
        await bot.post_weekly(f"C{number}")
    other_store = await Store.open(bot.url, bot.clock)
    other = new_scheduler(other_store, bot.library, bot.platform)
    bot.clock.travel_to(DUE)
    for second in range(55):
        bot.clock.travel_to(DUE + timedelta(seconds=second))
        await (bot.scheduler if second % 2 else other).tick()
        # At most ten at once and one for each second since; a slot that is a second away is waited for.
        assert len(bot.platform.posted) <= 10 + second + 1
    await other_store.close()
    assert len(bot.platform.posted) == 60


async def test_after_a_429_nothing_of_the_workspace_goes_before_its_time(bot: Bot) -> None:
    bot.platform.pace = (RateLimit("test", 10.0, 10),)
    for number in range(5):
        await bot.post_weekly(f"C{number}")
    bot.platform.faults.append(RateLimited(30))
    await bot.tick_at(DUE)
    assert bot.platform.posted == []
    await bot.tick_at(DUE + timedelta(seconds=29))
    assert bot.platform.posted == []
    for second in (30, 31, 32):
        await bot.tick_at(DUE + timedelta(seconds=second))
    assert len(bot.platform.posted) == 5


async def test_one_workspace_that_is_asked_to_wait_holds_up_no_other(bot: Bot) -> None:
    bot.platform.pace = (RateLimit("test", 10.0, 10, shared=True),)
    await bot.post_weekly("C1")
    await bot.post_weekly("C2", workspace=Workspace("slack", "T2"))
    bot.platform.faults.append(RateLimited(30))
    await bot.tick_at(DUE)
    await bot.tick_at(DUE + timedelta(seconds=2))
    assert len(bot.platform.posted) == 1
    await bot.tick_at(DUE + timedelta(seconds=31))
    assert len(bot.platform.posted) == 2


async def test_who_comes_late_to_one_in_doubt_leaves_what_another_is_sending(bot: Bot) -> None:
    await enrol(bot)
    bot.platform.faults.append(InjectedFailure.LOST)
    await bot.tick_at(DUE)
    bot.clock.travel_to(DUE + SOON)
    (delivery,) = [
        pending
        for pending in await bot.deliveries()
        if pending.begun_at is not None and pending.parent_delivery is None
    ]
    now = bot.clock.now()
    # Another process has looked, released and begun again, with both in its message.
    await bot.store.queue.release(delivery.id)
    other = next(one.id for one in await bot.deliveries() if one.id != delivery.id)
    assert await bot.store.queue.begin_attempt(delivery.id, delivery.attempts, now, now + SOON, Enclosed((other,)))
    sender = Sender(bot.store, bot.library, bot.clock, {"slack": bot.platform})
    await sender.deliver(delivery)
    assert [one.parent_delivery for one in await bot.deliveries() if one.id == other] == [delivery.id]
    assert bot.platform.posted == []
