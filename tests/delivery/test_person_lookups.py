"""What the platform tells of people is asked once: their zone, and where one writes to them alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from mentorbot.chat.platform import Member, RateLimit, Workspace
from mentorbot.delivery.maintenance import CHECK_EVERY, CHECKS_PER_WORKSPACE, MaintenanceTasks
from mentorbot.domain.deliveries import Delivery
from mentorbot.errors import PermanentSendError, RateLimited, TemporarySendError, WorkspaceRevoked
from mentorbot.storage import Recipient
from mentorbot.storage.database import parse_url
from tests.fake_platform import InjectedFailure

from .conftest import DUE, TEAM, WEEK, Bot, Person

TOKYO, LISBON = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Lisbon")


async def known(bot: Bot) -> Recipient:
    """The person of the newest delivery, as the database has them."""
    (delivery,) = await bot.store.deliveries.list((), 1)
    recipient = await bot.store.queue.recipient(delivery, bot.clock.now(), bot.clock.now())
    assert recipient is not None
    return recipient


async def tidy(bot: Bot) -> None:
    await MaintenanceTasks(bot.store, bot.library, bot.clock, {"slack": bot.platform}).run()


async def meet(bot: Bot) -> None:
    await MaintenanceTasks(bot.store, bot.library, bot.clock, {"slack": bot.platform}).open_pending_dms()


async def test_conversations_are_opened_a_few_at_a_time_before_anything_is_due(bot: Bot) -> None:
    bot.platform.dm_open_quota = (5, 7)
    crowd = [Person(bot, f"p{number}", TOKYO, Workspace("slack", f"T{number % 2}")) for number in range(16)]
    for number, person in enumerate(crowd):
        await person.say(f"checkin settings monday 17:{number:02}")
    await Person(bot, "silent", TOKYO).say("plan add Read about queues")
    bot.platform.asked.clear()
    opened = []
    for _ in range(4):
        await meet(bot)
        opened.append(bot.platform.asked["direct"])
    assert opened == [7, 14, 16, 16]
    await bot.tick_at(DUE + timedelta(hours=1))
    assert sum(len(person.received) for person in crowd) == len(crowd)
    assert bot.platform.asked == {"direct": len(crowd), "member": len(crowd)}


async def test_who_cannot_be_met_stands_before_nobody_else(bot: Bot) -> None:
    bot.platform.dm_open_quota = (2, 7)
    people = [Person(bot, f"p{number}", TOKYO) for number in range(3)]
    for number, person in enumerate(people):
        await person.say(f"checkin settings monday 17:0{number}")
    bot.platform.direct_faults.extend((PermanentSendError("user_not_visible"), WorkspaceRevoked("token_revoked")))
    bot.platform.asked.clear()
    for _ in range(3):
        await meet(bot)
    assert bot.platform.asked == {"direct": 3}
    await bot.tick_at(DUE + timedelta(hours=1))
    assert [len(person.received) for person in people] == [1, 1, 1]
    assert bot.platform.asked["direct"] == 5  # each of the two when their message was due
    assert (await known(bot)).profile.dm_channel_id is not None


async def test_nobody_waits_for_a_crowd_in_another_workspace(bot: Bot) -> None:
    bot.platform.dm_open_quota = (5, 7)
    for number in range(10):
        await Person(bot, f"p{number}", TOKYO).say("checkin settings monday 17:00")
    await Person(bot, "ada", TOKYO, Workspace("slack", "T2")).say("tips me friday 17:00")
    bot.platform.asked.clear()
    await meet(bot)
    assert bot.platform.asked == {"direct": 6}
    await meet(bot)
    assert bot.platform.asked == {"direct": 11}


async def test_who_cannot_be_met_yet_is_written_to_when_it_is_time(bot: Bot) -> None:
    people = [Person(bot, name, TOKYO) for name in ("ada", "bo", "cleo")]
    for person in people:
        await person.say("checkin settings monday 17:00")
    bot.platform.direct_faults.extend((TemporarySendError("timeout"), RateLimited(60)))
    bot.platform.asked.clear()
    await meet(bot)
    assert bot.platform.asked == {"direct": 2}  # the platform has asked to wait, so the third one waits
    await bot.tick_at(DUE)
    assert [len(person.received) for person in people] == [1, 1, 1]


async def test_the_platform_is_asked_with_the_first_message_only(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    bot.platform.asked.clear()
    for week in range(3):
        await bot.tick_at(DUE + week * WEEK)
        await bot.restart()
    assert len(ada.received) == 3
    assert bot.platform.asked == {"direct": 1, "member": 1}
    found = await known(bot)
    assert (found.zone, found.profile.dm_channel_id) == (TOKYO, "Dada")


async def test_a_zone_that_somebody_told_us_comes_before_the_platforms(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 08:00 zone:UTC reminder:off")
    bot.platform.asked.clear()
    await bot.tick_at(DUE)
    await tidy(bot)
    found = await known(bot)
    assert (found.zone, found.profile.zone) == (ZoneInfo("UTC"), TOKYO)
    assert bot.platform.asked == {"direct": 1, "member": 1}  # the one look-up is the housekeeping's


async def test_who_moves_has_quiet_hours_in_the_new_zone(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 16:00 quiet:19:00-08:00 reminder:off")
    at = DUE - timedelta(hours=1)
    await bot.tick_at(at)
    assert len(ada.received) == 1
    bot.platform.members[TEAM, "ada"] = replace(bot.platform.members[TEAM, "ada"], zone=LISBON)
    bot.clock.travel_to(at + CHECK_EVERY - timedelta(hours=1))
    await tidy(bot)
    await bot.tick_at(at + WEEK)  # seven in the morning in Lisbon
    assert len(ada.received) == 1
    await bot.tick_at(DUE + WEEK)
    assert len(ada.received) == 2
    assert (await known(bot)).zone == LISBON


async def test_a_conversation_that_is_gone_is_opened_anew_after_the_schedule_goes_on(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    await bot.tick_at(DUE)
    bot.platform.gone["Dada"] = "channel_not_found"
    await bot.tick_at(DUE + WEEK)
    assert (await known(bot)).profile.dm_channel_id is None
    bot.platform.gone.clear()
    await ada.say("checkin settings monday 17:00 reminder:off")
    await bot.tick_at(DUE + 2 * WEEK)
    assert len(ada.received) == 2


async def test_a_bot_that_was_installed_anew_opens_its_conversations_anew(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    await bot.tick_at(DUE)
    bot.platform.gone["Dada"], bot.platform.bot = "channel_not_found", "E"
    for week in range(1, 4):
        await bot.tick_at(DUE + week * WEEK)
        await bot.tick_at(DUE + week * WEEK + timedelta(minutes=1))
    assert [one.channel.id for one in bot.platform.posted] == ["Dada", "Eada", "Eada", "Eada"]
    assert await bot.states() == ["sent"] * 4


async def test_what_is_in_doubt_is_looked_for_in_the_conversation_that_is_there(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    bot.platform.faults.append(InjectedFailure.ACCEPTED_THEN_LOST)
    await bot.tick_at(DUE)
    bot.platform.find_faults.append(PermanentSendError("channel_not_found"))
    for minutes in range(2, 8, 2):
        await bot.tick_at(DUE + timedelta(minutes=minutes))
    assert (len(ada.received), await bot.states()) == (1, ["sent"])


async def test_a_zone_that_is_not_known_here_hinders_nobody(bot: Bot) -> None:
    people = [Person(bot, f"p{number}", TOKYO, Workspace("slack", f"T{number}")) for number in range(3)]
    for person in people:
        await person.say("checkin settings monday 17:00 reminder:off")
    await bot.tick_at(DUE)
    engine = create_async_engine(parse_url(bot.url))
    async with engine.begin() as newer:
        await newer.execute(text("UPDATE people_settings SET platform_zone = 'Mars/Phobos' WHERE person_id < 3"))
    for who, member in bot.platform.members.items():
        bot.platform.members[who] = replace(member, zone=None)  # as an adapter does on this machine
    await bot.tick_at(DUE + WEEK)
    assert [len(person.received) for person in people] == [2, 2, 2]
    async with engine.connect() as newer:
        kept = await newer.scalars(text("SELECT platform_zone FROM people_settings ORDER BY person_id"))
        assert kept.all() == ["Mars/Phobos", "Mars/Phobos", "Asia/Tokyo"]
    await engine.dispose()


async def test_the_first_messages_ask_once_for_each_person(bot: Bot) -> None:
    """Also where a slot is far away; and once Slack has asked to wait, nobody else is tried."""
    bot.platform.pace = (RateLimit("test", 1.0, 1),)
    people = [Person(bot, f"p{number}", TOKYO) for number in range(10)]
    for person in people:
        await person.say("checkin settings monday 17:00 reminder:off")
    bot.platform.asked.clear()
    bot.platform.direct_faults.append(RateLimited(30))
    await bot.tick_at(DUE)
    assert bot.platform.asked == {"direct": 1, "member": 1}
    for seconds in range(31, 61):
        await bot.tick_at(DUE + timedelta(seconds=seconds))
    assert [len(person.received) for person in people] == [1] * 10
    assert bot.platform.asked["direct"] == 11


async def test_who_is_forgotten_while_their_message_is_made_leaves_nothing(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00")
    bot.clock.travel_to(DUE)
    queue, read_recipient = bot.store.queue, bot.store.queue.recipient

    async def recipient(delivery: Delivery, now: datetime, until: datetime) -> Recipient | None:
        read = await read_recipient(delivery, now, until)
        assert "erased" in await ada.say("me forget confirm:yes")
        return read

    monkeypatch.setattr(queue, "recipient", recipient)
    await bot.scheduler.tick()
    assert (ada.received, await bot.deliveries()) == ([], [])
    engine = create_async_engine(parse_url(bot.url))
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT kind, channel_id FROM schedules"))).all() == []
    await engine.dispose()


async def test_a_platform_that_does_not_tell_now_holds_nothing_up(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    bot.platform.left.add((TEAM, "ada"))
    await bot.tick_at(DUE)
    assert len(ada.received) == 1
    assert (await known(bot)).profile.zone is None


async def test_no_workspace_is_asked_for_many_people_at_once(bot: Bot) -> None:
    async with bot.store.unit_of_work(TEAM) as uow:
        for number in range(CHECKS_PER_WORKSPACE + 5):
            await uow.people.ensure(f"U{number}", f"U{number}")
            bot.platform.members[TEAM, f"U{number}"] = Member(f"U{number}", "", TOKYO)
    await tidy(bot)
    assert bot.platform.asked["member"] == CHECKS_PER_WORKSPACE
    await tidy(bot)
    assert bot.platform.asked["member"] == CHECKS_PER_WORKSPACE + 5
    await tidy(bot)
    assert bot.platform.asked["member"] == CHECKS_PER_WORKSPACE + 5
