"""The real playground: its web server on a free port, with the real core and a database behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mentorbot.adapters.discord.render import preview as discord_preview
from mentorbot.adapters.playground.door import PlaygroundDoor
from mentorbot.adapters.slack.render import preview as slack_preview
from mentorbot.app import Core, open_core
from mentorbot.clock import Clock
from mentorbot.messenger import Messenger
from mentorbot.schedule.ticker import Ticker
from mentorbot.schedule.travel import travel
from mentorbot.settings import Settings

from .visitor import Visitor


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with open_core(Settings(database_url=f"sqlite:///{tmp_path}/bot.db"), Clock()) as opened:
        yield opened


@pytest.fixture
async def door(core: Core) -> AsyncIterator[PlaygroundDoor]:
    messengers: dict[str, Messenger] = {}
    ticker = Ticker(core.store, core.library, core.clock, messengers)
    opened = PlaygroundDoor(
        core.dispatcher,
        core.clock,
        previews={"slack": slack_preview, "discord": discord_preview},
        travel=lambda to: travel(to, core.clock, core.store, ticker),
        port=0,
    )
    messengers["local"] = opened.messenger
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def ada(door: PlaygroundDoor) -> AsyncIterator[Visitor]:
    """Ada, who is an admin, in #general."""
    async with httpx.AsyncClient(base_url=door.url, timeout=10) as http:
        yield Visitor(http)
