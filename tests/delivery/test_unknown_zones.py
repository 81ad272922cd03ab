"""Zones that a machine with newer ones has put down, and that this one does not know."""

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


async def put_down(bot: Bot, statement: str, **values: Any) -> None:
    """As another machine."""
    engine = create_async_engine(parse_url(bot.url))
    async with engine.begin() as connection:
        await connection.execute(text(statement), values)
    await engine.dispose()


async def move(bot: Bot, zone: str) -> None:
    """All schedules of the team into another zone."""
    statement = """UPDATE schedules SET zone = :zone
        WHERE workspace_id IN (SELECT id FROM workspaces WHERE external_id = 'T1')"""
    await put_down(bot, statement, zone=zone)


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests have met is not known to this one."""
    monkeypatch.setattr(zones, "UNKNOWN", zones.UNKNOWN)
    zones.UNKNOWN.clear()
    zones.named_zone.cache_clear()


@pytest.mark.parametrize("number", [1, 3, 4])
async def test_who_is_due_there_stops_nobody_else(bot: Bot, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Nor does it make a batch smaller, or fill it; and nothing of it is lost."""
    monkeypatch.setattr(planner, "PLAN_BATCH", 3)
    for place in range(number):
        await bot.post_weekly(f"K{place}")
    for place in range(7):
        await bot.post_weekly(f"C{place}", workspace=OTHER)
    await move(bot, "Mars/Deimos")
    await bot.tick_at(DUE)
    assert {one.channel.id for one in bot.platform.posted} == {f"C{place}" for place in range(7)}
    async with bot.store.unit_of_work(TEAM) as uow:
        assert len(await uow.schedules.all()) == number
    await move(bot, "Europe/Berlin")
    await bot.tick_at(DUE + timedelta(seconds=1))
    assert len(bot.platform.posted) == 7 + number


async def test_what_another_machine_has_planned_waits_for_one_that_knows_the_hour(bot: Bot) -> None:
    ada = Person(bot, "ada", BERLIN)
    await ada.say("checkin settings monday 09:00 Europe/Berlin quiet:08:30-10:00 reminder:off")
    bot.clock.travel_to(DUE)
    await bot.scheduler._planner.plan()
    await put_down(bot, "UPDATE people SET zone = 'Mars/Deimos'")
    await move(bot, "Mars/Deimos")
    await bot.tick_at(DUE)
    (delivery,) = await bot.deliveries()
    assert (ada.received, delivery.state) == ([], "pending")
    assert "the time zone Mars/Deimos is not known" in ((await bot.outcomes())[0][1] or "")
    await put_down(bot, "UPDATE people SET zone = 'Europe/Berlin'")
    await move(bot, "Europe/Berlin")
    await bot.tick_at(DUE + ZONE_RETRY)
    assert ada.received == []  # quiet hours
    await bot.tick_at(DUE + timedelta(hours=1))
    assert len(ada.received) == 1


async def test_a_channels_tip_waits_too(bot: Bot) -> None:
    await bot.post_weekly()
    bot.clock.travel_to(DUE)
    await bot.scheduler._planner.plan()
    await move(bot, "Mars/Deimos")
    await bot.tick_at(DUE)
    assert bot.platform.posted == []
    await move(bot, "Europe/Berlin")
    await bot.tick_at(DUE + ZONE_RETRY)
    assert len(bot.platform.posted) == 1
