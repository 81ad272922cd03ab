"""A bot that was away: whoever set up channels' messages is told once what was missed and what came late."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mentorbot.chat.platform import Workspace
from mentorbot.domain.deliveries import Destination, MessageKind
from mentorbot.storage import backups
from tests.small_pack import ROLE

from .conftest import DUE, HOUR, MINUTE, MONDAY_NINE, TEAM, WEEK, Bot, Person, to_channel

REPORT = "I was away, so some messages were missed or late"
BACK = DUE + 2 * WEEK + 2 * HOUR
"""The bot comes back on a Monday, two hours after the third tip was due."""
ELSEWHERE = Workspace("slack", "T2")


async def post_as(bot: Bot, admin: str, destination: Destination, kind: MessageKind = MessageKind.TIP) -> None:
    """Set up a channel's messages as someone."""
    async with bot.store.unit_of_work(destination.workspace) as uow:
        await uow.people.ensure(admin, admin)
        await uow.schedules.start(destination, kind, MONDAY_NINE, role=ROLE, created_by=admin, now=bot.clock.now())


def reports(person: Person) -> list[str]:
    """The reports someone has got."""
    return [text for text in person.received if REPORT in text]


async def test_whoever_set_up_a_channel_is_told_once_what_was_missed_and_late(bot: Bot) -> None:
    ada, ben, cem = Person(bot, "ada"), Person(bot, "ben"), Person(bot, "cem", workspace=ELSEWHERE)
    await post_as(bot, "ada", to_channel("C1"))
    await post_as(bot, "ada", to_channel("C2"), MessageKind.REPORT)
    await post_as(bot, "cem", to_channel("C3", ELSEWHERE))
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.people.ensure("ben", "Ben")
    await bot.schedule("ben", MessageKind.CHECKIN)
    await bot.tick_at(BACK)
    assert reports(ada) == []
    await bot.restart()
    for minutes in (11, 25, 90):
        await bot.tick_at(BACK + minutes * MINUTE)
    [report] = reports(ada)
    assert "#name of C1: weekly tip, 2 missed, 1 late" in report
    assert "#name of C2: weekly report, 2 missed, 1 late" in report
    assert "Direct messages: some missed or late" in report  # a count would single Ben out
    assert "C3" not in report
    assert reports(ben) == []
    [elsewhere] = reports(cem)
    assert ("C3" in elsewhere, "C1" in elsewhere) == (True, False)


async def test_people_are_counted_only_if_there_are_enough(bot: Bot) -> None:
    ada = Person(bot, "ada")
    await post_as(bot, "ada", to_channel())
    for number in range(5):
        async with bot.store.unit_of_work(TEAM) as uow:
            await uow.people.ensure(f"u{number}", "Someone")
        await bot.schedule(f"u{number}", MessageKind.CHECKIN)
    await bot.tick_at(BACK)
    await bot.tick_at(BACK + 11 * MINUTE)
    assert "Direct messages: 10 missed, 5 late" in reports(ada)[0]


async def test_each_downtime_has_its_report_and_a_short_stop_has_none(bot: Bot) -> None:
    ada = Person(bot, "ada")
    await post_as(bot, "ada", to_channel())
    await bot.tick_at(DUE + 14 * MINUTE)
    await bot.tick_at(DUE + HOUR)
    assert reports(ada) == []
    for at in (BACK, BACK + 11 * MINUTE, BACK + WEEK, BACK + WEEK + 11 * MINUTE):
        await bot.tick_at(at)
    assert ["1 missed, 1 late" in report for report in reports(ada)] == [True, False]
    assert "weekly tip, 1 late" in reports(ada)[1]


async def test_day_off_that_passed_in_the_meantime_is_no_downtime(bot: Bot) -> None:
    ada = Person(bot, "ada")
    await post_as(bot, "ada", to_channel())
    async with bot.store.unit_of_work(TEAM) as uow:
        await uow.schedules.pause_until(to_channel(), MessageKind.TIP, BACK.date() + timedelta(days=1))
    await bot.tick_at(BACK)
    await bot.tick_at(BACK + 11 * MINUTE)
    assert reports(ada) == []


async def test_list_of_schedules_says_it_for_a_week(bot: Bot) -> None:
    ada = Person(bot, "ada", admin=True)
    await post_as(bot, "ada", to_channel())
    await bot.tick_at(BACK)
    assert "While I was away: 2 missed, 1 late" in await ada.say("admin schedules")
    bot.clock.travel_to(BACK + WEEK + MINUTE)
    assert "While I was away" not in await ada.say("admin schedules")


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)  # PostgreSQL is restored by its own tools
async def test_restored_backup_is_reported_too(bot: Bot, tmp_path: Path) -> None:
    ada = Person(bot, "ada")
    await post_as(bot, "ada", to_channel())
    backups.back_up(bot.url, tmp_path / "old.db")
    for week in range(3):
        await bot.tick_at(DUE + week * WEEK)
    assert reports(ada) == []
    await bot.store.close()
    backups.restore(bot.url, tmp_path / "old.db")
    await bot.restart()
    await bot.tick_at(BACK)
    await bot.tick_at(BACK + 11 * MINUTE)
    assert "weekly tip, 2 missed, 1 late" in reports(ada)[0]
