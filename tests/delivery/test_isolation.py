"""What befalls one message is not another's: also where the other has come since the first was read."""

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


async def wait_for_mentor(bot: Bot, person: str, key: str) -> str:
    """Tell somebody that their request waits; what the message is about."""
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure(person, person)
        item = str((await uow.mentorships.wait(person, ROLE)).id)
        await uow.deliveries.enqueue(person, ROLE, MessageKind.REQUEST_WAITING, bot.clock.now(), key=key, item=item)
    return item


async def test_one_that_was_taken_back_after_it_was_read_says_nothing_of_the_next(bot: Bot) -> None:
    item = await wait_for_mentor(bot, "ada", "a")
    read = await bot.store.queue.read(await bot.store.queue.ready(bot.clock.now(), ("slack",), 100))
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.deliveries.cancel(MessageKind.REQUEST_WAITING, item)
    await wait_for_mentor(bot, "ben", "b")
    await Sender(bot.store, bot.library, bot.clock, {"slack": bot.platform}).deliver(read[0])
    assert bot.platform.posted == []
    await bot.tick_at(SUNDAY + MINUTE)
    assert [one.channel.id for one in bot.platform.posted] == ["Dben"]


async def test_an_answer_while_others_are_written_to_takes_nothing_of_anybody_else(bot: Bot) -> None:
    cy, ada, ben = Person(bot, "cy"), Person(bot, "ada"), Person(bot, "ben")
    for person in (cy, ada):
        await person.say("checkin settings friday 15:00")
    await bot.tick_at(FRIDAY)
    bot.platform.faults.append(InjectedFailure.SLOW)
    bot.clock.travel_to(FRIDAY + timedelta(days=1))
    tick = asyncio.create_task(bot.scheduler.tick())
    await bot.platform.working.wait()  # cy's reminder is on its way, ada's waits behind it
    await ada.say("checkin close")
    await wait_for_mentor(bot, "ben", "b")
    bot.platform.go.set()
    await tick
    await bot.tick_at(FRIDAY + timedelta(days=1, minutes=1))
    assert len(ben.received) == 1


async def test_numbers_of_people_who_are_forgotten_are_nobody_elses(bot: Bot) -> None:
    ada = Person(bot, "ada")
    await ada.say("checkin settings friday 15:00")
    async with bot.store.unit_of_work(TEAM) as uow:
        known = await uow.people.get("ada")
        theirs = await uow.schedules.all()
        await uow.privacy.forget("ada")
    ben = Person(bot, "ben")
    await ben.say("checkin settings friday 15:00")
    async with bot.store.unit_of_work(TEAM) as uow:
        other = await uow.people.get("ben")
        assert known is not None
        assert other is not None
        assert other.id > known.id
        assert min(one.id for one in await uow.schedules.all()) > max(one.id for one in theirs)


async def test_a_workspace_that_has_to_wait_stands_before_nobody_else(bot: Bot) -> None:
    """More than a batch of its messages become due while it waits."""
    a_minute_later = Recurrence.weekly(Weekday.MONDAY, time(9, 1), BERLIN)
    await bot.post_weekly("C0")
    for number in range(120):
        await bot.post_weekly(f"X{number}", a_minute_later)
    other = Workspace("slack", "T2")
    await bot.post_weekly("Y", Recurrence.weekly(Weekday.MONDAY, time(9, 2), BERLIN), other)
    bot.platform.faults.append(RateLimited(600))
    for minute in range(3):
        await bot.tick_at(DUE + minute * MINUTE)
    assert [(one.channel.workspace, one.at) for one in bot.platform.posted] == [(other, DUE + 2 * MINUTE)]
    await bot.tick_at(DUE + 10 * MINUTE)
    assert len(bot.platform.posted) == 122


async def test_closed_conversations_do_not_use_up_what_all_may_post(bot: Bot) -> None:
    """Each is opened anew once; a slot that is far away makes it known again before it is tried."""
    people = [Person(bot, f"p{number}", BERLIN, Workspace("slack", f"T{number}")) for number in range(6)]
    for person in people:
        await person.say("checkin settings monday 09:00 reminder:off")
    await bot.tick_at(DUE)
    bot.platform.faults.extend([PermanentSendError("cannot_dm")] * 150)
    bot.platform.pace, bot.platform.attempts = (RateLimit("test", 0.5, 1, shared=True),), 0
    for seconds in range(0, 300, 2):
        await bot.tick_at(DUE + WEEK + timedelta(seconds=seconds))
    assert (await bot.states())[6:] == ["failed"] * 6
    assert bot.platform.attempts <= 12


async def test_who_sets_the_same_again_while_it_is_due_gets_it(bot: Bot) -> None:
    ada = Person(bot, "ada", BERLIN)
    lines = ("tips me monday 09:00", "recall on monday 09:00", "checkin settings monday 09:00 reminder:off")
    for line in lines:
        await ada.say(line)
    bot.clock.travel_to(DUE + timedelta(seconds=2))  # the bot looks every five seconds
    for line in lines:
        await ada.say(line)
    await bot.tick_at(DUE + timedelta(seconds=5))
    assert [one.state for one in await bot.deliveries() if one.kind != "recall"] == ["sent", "sent"]
    assert len(await bot.deliveries()) == 3
    await ada.say("tips me tuesday 09:00")
    await bot.tick_at(DUE + timedelta(days=1))
    assert len(ada.received) == 2


async def test_who_moves_it_while_it_is_due_still_gets_what_was_due(bot: Bot) -> None:
    ada = Person(bot, "ada", BERLIN)
    await ada.say("tips me monday 09:00")
    bot.clock.travel_to(DUE + timedelta(seconds=2))
    assert "Monday, 23 November 2026, 09:00" in str(await ada.say("tips me tuesday 10:00"))
    await bot.tick_at(DUE + timedelta(seconds=5))
    await bot.tick_at(DUE + timedelta(days=1, hours=1))
    assert [one.state for one in await bot.deliveries()] == ["sent", "sent"]
    assert [one.occurrence_at for one in await bot.deliveries()] == [DUE, DUE + timedelta(days=1, hours=1)]


async def test_what_nobody_was_there_to_send_does_not_follow_a_schedule_that_is_moved(bot: Bot) -> None:
    ada = Person(bot, "ada", BERLIN)
    await ada.say("tips me monday 09:00")
    bot.clock.travel_to(DUE + timedelta(days=2))
    await ada.say("tips me tuesday 10:00")
    await bot.tick_at(DUE + timedelta(days=2, seconds=5))
    assert await bot.deliveries() == []


async def test_quiet_hours_are_those_of_the_zone_that_was_given_for_a_tip(bot: Bot) -> None:
    """Discord tells no zone."""
    ada = Person(bot, "ada", zone=None)
    await ada.say("tips me friday 09:00 Asia/Tokyo")
    await ada.say("checkin settings quiet:22:00-07:00")
    bot.clock.travel_to(SUNDAY + timedelta(hours=8))  # five in the morning
    await wait_for_mentor(bot, "ada", "a")
    await bot.tick_at(SUNDAY + timedelta(hours=8))
    assert ada.received == []
    await bot.tick_at(SUNDAY + timedelta(hours=10))
    assert len(ada.received) == 1


async def test_answering_and_being_forgotten_at_once(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL the two wait for each other, and one of them is done again."""
    ada = Person(bot, "ada")
    await ada.say("checkin settings friday 15:00")
    await bot.tick_at(FRIDAY)
    cancel = WorkspaceDeliveries.cancel

    async def later(self: WorkspaceDeliveries, kind: MessageKind, item: str = "", user_id: str | None = None) -> None:
        await asyncio.sleep(0.3)
        await cancel(self, kind, item, user_id)

    monkeypatch.setattr(WorkspaceDeliveries, "cancel", later)
    closed, forgotten = await asyncio.gather(ada.say("checkin close"), ada.say("me forget confirm:yes"))
    assert "forgotten" in forgotten
    assert "cannot reach" not in closed
