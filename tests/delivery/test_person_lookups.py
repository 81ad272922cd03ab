"""Look-ups of people on the platform: their zone and their direct channel are asked for once and then stored."""

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


async def newest_recipient(bot: Bot) -> Recipient:
    """Read the recipient of the newest delivery from the database."""
    (delivery,) = await bot.store.deliveries.list((), 1)
    recipient = await bot.store.queue.recipient(delivery, bot.clock.now(), bot.clock.now())
    assert recipient is not None
    return recipient


async def run_maintenance(bot: Bot) -> None:
    await MaintenanceTasks(bot.store, bot.library, bot.clock, {"slack": bot.platform}).run()


async def open_pending_dms(bot: Bot) -> None:
    await MaintenanceTasks(bot.store, bot.library, bot.clock, {"slack": bot.platform}).open_pending_dms()


async def test_direct_channels_are_opened_a_few_at_a_time_before_messages_are_due(bot: Bot) -> None:
    bot.platform.dm_open_quota = (5, 7)
    crowd = [Person(bot, f"p{number}", TOKYO, Workspace("slack", f"T{number % 2}")) for number in range(16)]
    for number, person in enumerate(crowd):
        await person.say(f"checkin settings monday 17:{number:02}")
    await Person(bot, "silent", TOKYO).say("plan add Read about queues")
    bot.platform.calls.clear()
    opened = []
    for _ in range(4):
        await open_pending_dms(bot)
        opened.append(bot.platform.calls["open_dm"])
    assert opened == [7, 14, 16, 16]
    await bot.tick_at(DUE + timedelta(hours=1))
    assert sum(len(person.received) for person in crowd) == len(crowd)
    assert bot.platform.calls == {"open_dm": len(crowd), "member": len(crowd)}


async def test_direct_channel_that_fails_to_open_does_not_hold_up_others(bot: Bot) -> None:
    bot.platform.dm_open_quota = (2, 7)
    people = [Person(bot, f"p{number}", TOKYO) for number in range(3)]
    for number, person in enumerate(people):
        await person.say(f"checkin settings monday 17:0{number}")
    bot.platform.open_dm_failures.extend((PermanentSendError("user_not_visible"), WorkspaceRevoked("token_revoked")))
    bot.platform.calls.clear()
    for _ in range(3):
        await open_pending_dms(bot)
    assert bot.platform.calls == {"open_dm": 3}
    await bot.tick_at(DUE + timedelta(hours=1))
    assert [len(person.received) for person in people] == [1, 1, 1]
    assert bot.platform.calls["open_dm"] == 5  # the two that failed are opened when their messages are due
    assert (await newest_recipient(bot)).profile.dm_channel_id is not None


async def test_workspace_with_many_pending_direct_channels_does_not_hold_up_others(bot: Bot) -> None:
    bot.platform.dm_open_quota = (5, 7)
    for number in range(10):
        await Person(bot, f"p{number}", TOKYO).say("checkin settings monday 17:00")
    await Person(bot, "ada", TOKYO, Workspace("slack", "T2")).say("tips me friday 17:00")
    bot.platform.calls.clear()
    await open_pending_dms(bot)
    assert bot.platform.calls == {"open_dm": 6}
    await open_pending_dms(bot)
    assert bot.platform.calls == {"open_dm": 11}


async def test_direct_channel_that_failed_for_now_is_opened_when_a_message_is_due(bot: Bot) -> None:
    people = [Person(bot, name, TOKYO) for name in ("ada", "bo", "cleo")]
    for person in people:
        await person.say("checkin settings monday 17:00")
    bot.platform.open_dm_failures.extend((TemporarySendError("timeout"), RateLimited(60)))
    bot.platform.calls.clear()
    await open_pending_dms(bot)
    assert bot.platform.calls == {"open_dm": 2}  # after the rate limit, the third person isn't tried
    await bot.tick_at(DUE)
    assert [len(person.received) for person in people] == [1, 1, 1]


async def test_platform_is_asked_with_the_first_message_only(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    bot.platform.calls.clear()
    for week in range(3):
        await bot.tick_at(DUE + week * WEEK)
        await bot.restart()
    assert len(ada.received) == 3
    assert bot.platform.calls == {"open_dm": 1, "member": 1}
    recipient = await newest_recipient(bot)
    assert (recipient.zone, recipient.profile.dm_channel_id) == (TOKYO, "Dada")


async def test_zone_set_by_the_person_wins_over_the_platforms(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 08:00 zone:UTC reminder:off")
    bot.platform.calls.clear()
    await bot.tick_at(DUE)
    await run_maintenance(bot)
    recipient = await newest_recipient(bot)
    assert (recipient.zone, recipient.profile.zone) == (ZoneInfo("UTC"), TOKYO)
    assert bot.platform.calls == {"open_dm": 1, "member": 1}  # maintenance looks the member up


async def test_quiet_hours_follow_a_person_who_moves_to_another_zone(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 16:00 quiet:19:00-08:00 reminder:off")
    at = DUE - timedelta(hours=1)
    await bot.tick_at(at)
    assert len(ada.received) == 1
    bot.platform.members[TEAM, "ada"] = replace(bot.platform.members[TEAM, "ada"], zone=LISBON)
    bot.clock.travel_to(at + CHECK_EVERY - timedelta(hours=1))
    await run_maintenance(bot)
    await bot.tick_at(at + WEEK)  # 07:00 in Lisbon
    assert len(ada.received) == 1
    await bot.tick_at(DUE + WEEK)
    assert len(ada.received) == 2
    assert (await newest_recipient(bot)).zone == LISBON


async def test_missing_direct_channel_is_reopened_when_the_schedule_is_restarted(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    await bot.tick_at(DUE)
    bot.platform.channel_errors["Dada"] = "channel_not_found"
    await bot.tick_at(DUE + WEEK)
    assert (await newest_recipient(bot)).profile.dm_channel_id is None
    bot.platform.channel_errors.clear()
    await ada.say("checkin settings monday 17:00 reminder:off")
    await bot.tick_at(DUE + 2 * WEEK)
    assert len(ada.received) == 2


async def test_reinstalled_bot_reopens_its_direct_channels(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    await bot.tick_at(DUE)
    bot.platform.channel_errors["Dada"], bot.platform.dm_prefix = "channel_not_found", "E"
    for week in range(1, 4):
        await bot.tick_at(DUE + week * WEEK)
        await bot.tick_at(DUE + week * WEEK + timedelta(minutes=1))
    assert [message.channel.id for message in bot.platform.posted] == ["Dada", "Eada", "Eada", "Eada"]
    assert await bot.states() == ["sent"] * 4


async def test_message_with_unknown_outcome_is_looked_up_in_the_reopened_direct_channel(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    bot.platform.failures.append(InjectedFailure.ACCEPTED_THEN_LOST)
    await bot.tick_at(DUE)
    bot.platform.lookup_failures.append(PermanentSendError("channel_not_found"))
    for minutes in range(2, 8, 2):
        await bot.tick_at(DUE + timedelta(minutes=minutes))
    assert (len(ada.received), await bot.states()) == (1, ["sent"])


async def test_zone_unknown_on_this_machine_is_kept_and_holds_up_nobody(bot: Bot) -> None:
    people = [Person(bot, f"p{number}", TOKYO, Workspace("slack", f"T{number}")) for number in range(3)]
    for person in people:
        await person.say("checkin settings monday 17:00 reminder:off")
    await bot.tick_at(DUE)
    engine = create_async_engine(parse_url(bot.url))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE people_settings SET platform_zone = 'Mars/Phobos' WHERE person_id < 3"))
    for key, member in bot.platform.members.items():
        bot.platform.members[key] = replace(member, zone=None)  # adapters report a zone they don't know as None
    await bot.tick_at(DUE + WEEK)
    assert [len(person.received) for person in people] == [2, 2, 2]
    async with engine.connect() as connection:
        zones = await connection.scalars(text("SELECT platform_zone FROM people_settings ORDER BY person_id"))
        assert zones.all() == ["Mars/Phobos", "Mars/Phobos", "Asia/Tokyo"]
    await engine.dispose()


async def test_first_messages_look_each_person_up_once(bot: Bot) -> None:
    """This holds even if the next slot is far off. Once the platform throttles us, nobody else is looked up."""
    bot.platform.limits = (RateLimit("test", 1.0, 1),)
    people = [Person(bot, f"p{number}", TOKYO) for number in range(10)]
    for person in people:
        await person.say("checkin settings monday 17:00 reminder:off")
    bot.platform.calls.clear()
    bot.platform.open_dm_failures.append(RateLimited(30))
    await bot.tick_at(DUE)
    assert bot.platform.calls == {"open_dm": 1, "member": 1}
    for seconds in range(31, 61):
        await bot.tick_at(DUE + timedelta(seconds=seconds))
    assert [len(person.received) for person in people] == [1] * 10
    assert bot.platform.calls["open_dm"] == 11


async def test_person_erased_while_their_message_is_made_leaves_no_data(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00")
    bot.clock.travel_to(DUE)
    queue, read_recipient = bot.store.queue, bot.store.queue.recipient

    async def recipient_erased_meanwhile(delivery: Delivery, now: datetime, until: datetime) -> Recipient | None:
        recipient = await read_recipient(delivery, now, until)
        assert "erased" in await ada.say("me forget confirm:yes")
        return recipient

    monkeypatch.setattr(queue, "recipient", recipient_erased_meanwhile)
    await bot.scheduler.tick()
    assert (ada.received, await bot.deliveries()) == ([], [])
    engine = create_async_engine(parse_url(bot.url))
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT kind, channel_id FROM schedules"))).all() == []
    await engine.dispose()


async def test_failed_member_lookup_does_not_hold_up_a_message(bot: Bot) -> None:
    ada = Person(bot, zone=TOKYO)
    await ada.say("checkin settings monday 17:00 reminder:off")
    bot.platform.former_members.add((TEAM, "ada"))
    await bot.tick_at(DUE)
    assert len(ada.received) == 1
    assert (await newest_recipient(bot)).profile.zone is None


async def test_maintenance_limits_member_lookups_per_workspace(bot: Bot) -> None:
    async with bot.store.unit_of_work(TEAM) as uow:
        for number in range(CHECKS_PER_WORKSPACE + 5):
            await uow.people.ensure(f"U{number}", f"U{number}")
            bot.platform.members[TEAM, f"U{number}"] = Member(f"U{number}", "", TOKYO)
    await run_maintenance(bot)
    assert bot.platform.calls["member"] == CHECKS_PER_WORKSPACE
    await run_maintenance(bot)
    assert bot.platform.calls["member"] == CHECKS_PER_WORKSPACE + 5
    await run_maintenance(bot)
    assert bot.platform.calls["member"] == CHECKS_PER_WORKSPACE + 5
