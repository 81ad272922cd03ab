"""The merge window: messages due for one person within 15 minutes are merged, and none of them counts as late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentorbot.domain.deliveries import MessageKind
from tests.fake_platform import InjectedFailure
from tests.small_pack import ROLE

from .conftest import DUE, TEAM, Bot, Person


@pytest.mark.parametrize(("minutes", "apart"), [(1, False), (15, False), (16, True)])
async def test_messages_due_within_15_minutes_are_merged(bot: Bot, minutes: int, apart: bool) -> None:
    ada, later = Person(bot), DUE + timedelta(minutes=minutes)
    await ada.say("tips me monday 08:00 UTC")
    await ada.say(f"checkin settings monday {later:%H:%M} zone:UTC reminder:off")
    await bot.tick_at(DUE)
    assert len(ada.received) == apart
    await bot.tick_at(later)
    assert len(ada.received) == 1 + apart
    assert "Late" not in "".join(ada.received)
    assert await bot.states() == ["sent", "sent"]
    assert "how did your week go" in ada.received[-1].lower()


async def test_retried_message_does_not_wait_for_others(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("tips me monday 08:00 UTC")
    await ada.say("checkin settings monday 08:28 zone:UTC reminder:off")
    bot.platform.failures.append(InjectedFailure.LOST)
    for minutes in (0, 15, 28):
        await bot.tick_at(DUE + timedelta(minutes=minutes))
    assert [message.at - DUE for message in bot.platform.posted] == [timedelta(minutes=15), timedelta(minutes=28)]
    assert "Late" not in "".join(ada.received)


async def test_message_waits_for_others_only_once(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("tips me monday 08:00 UTC")
    await ada.say("checkin settings monday 08:10 zone:UTC reminder:off")
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.deliveries.enqueue("ada", ROLE, MessageKind.CHECKIN, DUE + timedelta(minutes=20), key="c1")
    for minutes in (0, 10, 20):
        await bot.tick_at(DUE + timedelta(minutes=minutes))
    assert [message.at - DUE for message in bot.platform.posted] == [timedelta(minutes=10), timedelta(minutes=20)]


@pytest.mark.parametrize("quiet", ["08:05", "08:15"])
async def test_message_does_not_wait_for_others_near_quiet_hours(bot: Bot, quiet: str) -> None:
    ada = Person(bot)
    await ada.say("tips me monday 08:00 UTC")
    await ada.say(f"checkin settings monday 08:10 zone:UTC reminder:off quiet:{quiet}-10:00")
    await bot.tick_at(DUE)
    assert len(ada.received) == 1
    await bot.tick_at(DUE + timedelta(hours=2))
    assert len(ada.received) == 2


async def test_message_is_sent_alone_once_the_others_are_stopped(bot: Bot) -> None:
    ada = Person(bot)
    await ada.say("tips me monday 08:00 UTC")
    await ada.say("checkin settings monday 08:10 zone:UTC reminder:off")
    await bot.tick_at(DUE)
    await ada.say("checkin stop")
    await bot.tick_at(DUE + timedelta(minutes=10))
    assert len(ada.received) == 1
    assert "How did your week go" not in ada.received[0]
