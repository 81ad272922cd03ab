"""Time zones saved by a machine with newer zone data, unknown on this one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from mentorbot.chat.platform import Workspace
from mentorbot.delivery import planner
from mentorbot.domain import zones
from mentorbot.domain.delivery_policy import ZONE_RETRY
from mentorbot.storage.database import parse_url

from .conftest import BERLIN, DUE, TEAM, Bot, Person

OTHER = Workspace("slack", "T2")


async def execute(bot: Bot, statement: str, **values: Any) -> None:
    """Run a statement on the database, as another machine might."""
    engine = create_async_engine(parse_url(bot.url))
    async with engine.begin() as connection:
        await connection.execute(text(statement), values)
    await engine.dispose()


async def set_zone_of_schedules(bot: Bot, zone: str) -> None:
    """Set the zone of all the team's schedules."""
    statement = """UPDATE schedules SET zone = :zone
        WHERE workspace_id IN (SELECT id FROM workspaces WHERE external_id = 'T1')"""
    await execute(bot, statement, zone=zone)


@pytest.fixture(autouse=True)
def no_unknown_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clear the unknown zones other tests have met."""
    monkeypatch.setattr(zones, "UNKNOWN", zones.UNKNOWN)
    zones.UNKNOWN.clear()
    zones.named_zone.cache_clear()


@pytest.mark.parametrize("number", [1, 3, 4])
async def test_schedules_in_an_unknown_zone_do_not_hold_up_others(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """They take no room in a batch, and are planned once the zone is known."""
    monkeypatch.setattr(planner, "PLAN_BATCH", 3)
    for index in range(number):
        await bot.post_weekly(f"K{index}")
    for index in range(7):
        await bot.post_weekly(f"C{index}", workspace=OTHER)
    await set_zone_of_schedules(bot, "Mars/Deimos")
    await bot.tick_at(DUE)
    assert {message.channel.id for message in bot.platform.posted} == {f"C{index}" for index in range(7)}
    async with bot.store.unit_of_work(TEAM) as uow:
        assert len(await uow.schedules.all()) == number
    await set_zone_of_schedules(bot, "Europe/Berlin")
    await bot.tick_at(DUE + timedelta(seconds=1))
    assert len(bot.platform.posted) == 7 + number


async def test_check_in_planned_in_an_unknown_zone_waits_until_the_zone_is_known(bot: Bot) -> None:
    ada = Person(bot, "ada", BERLIN)
    await ada.say("checkin settings monday 09:00 Europe/Berlin quiet:08:30-10:00 reminder:off")
    bot.clock.travel_to(DUE)
    await bot.scheduler._planner.plan()
    await execute(bot, "UPDATE people SET zone = 'Mars/Deimos'")
    await set_zone_of_schedules(bot, "Mars/Deimos")
    await bot.tick_at(DUE)
    (delivery,) = await bot.deliveries()
    assert (ada.received, delivery.state) == ([], "pending")
    assert "this machine doesn't know the time zone Mars/Deimos" in ((await bot.outcomes())[0][1] or "")
    await execute(bot, "UPDATE people SET zone = 'Europe/Berlin'")
    await set_zone_of_schedules(bot, "Europe/Berlin")
    await bot.tick_at(DUE + ZONE_RETRY)
    assert ada.received == []  # quiet hours
    await bot.tick_at(DUE + timedelta(hours=1))
    assert len(ada.received) == 1


async def test_tip_planned_in_an_unknown_zone_waits_until_the_zone_is_known(bot: Bot) -> None:
    await bot.post_weekly()
    bot.clock.travel_to(DUE)
    await bot.scheduler._planner.plan()
    await set_zone_of_schedules(bot, "Mars/Deimos")
    await bot.tick_at(DUE)
    assert bot.platform.posted == []
    await set_zone_of_schedules(bot, "Europe/Berlin")
    await bot.tick_at(DUE + ZONE_RETRY)
    assert len(bot.platform.posted) == 1
