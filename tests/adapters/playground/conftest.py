"""The real playground: its web server on a free port, with the real core and a database behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from mentorbot.adapters.discord.render import preview as discord_preview
from mentorbot.adapters.playground.door import PlaygroundDoor
from mentorbot.adapters.slack.render import preview as slack_preview
from mentorbot.app import Core, open_core
from mentorbot.clock import Clock
from mentorbot.messenger import Messenger
from mentorbot.schedule.ticker import Ticker
from mentorbot.schedule.travel import travel
from mentorbot.settings import Settings

from .browsing import ARGS, CHROMIUM, watched
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


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM, "the browser tests need a `chromium` on the PATH"
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        await opened.close()


@pytest.fixture
async def complaints() -> AsyncIterator[list[str]]:
    """What the browser's console says, which must be nothing by the end."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
async def page(browser: Browser, door: PlaygroundDoor, complaints: list[str]) -> Page:
    opened = await watched(browser, door.url, complaints)
    await expect(opened.locator(".card")).to_be_visible()
    return opened


@pytest.fixture
async def phone(browser: Browser, door: PlaygroundDoor, complaints: list[str]) -> Page:
    opened = await watched(browser, door.url, complaints, is_mobile=True)
    await expect(opened.locator(".card")).to_be_visible()
    return opened
