"""The real playground: its web server on a free port, with the real core and a database behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from mentorbot.adapters.discord.render import preview as discord_preview
from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.adapters.slack.render import preview as slack_preview
from mentorbot.app import AppContext, open_context
from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.delivery.time_travel import travel_to
from mentorbot.settings import Settings

from .browsing import ARGS, CHROMIUM, watched
from .visitor import Visitor


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[AppContext]:
    async with open_context(Settings(database_url=f"sqlite:///{tmp_path}/bot.db"), Clock()) as start_playground:
        yield start_playground


@pytest.fixture
async def adapter(core: AppContext) -> AsyncIterator[PlaygroundAdapter]:
    platforms: dict[str, ChatPlatform] = {}
    ticker = Scheduler(core.store, core.library, core.clock, platforms)
    start_playground = PlaygroundAdapter(
        core.dispatcher,
        core.clock,
        previews={"slack": slack_preview, "discord": discord_preview},
        travel=lambda to: travel_to(to, core.clock, core.store, ticker),
        port=0,
    )
    platforms["local"] = start_playground.platform
    await start_playground.start()
    yield start_playground
    await start_playground.stop()


@pytest.fixture
async def ada(adapter: PlaygroundAdapter) -> AsyncIterator[Visitor]:
    """Ada, who is an admin, in #general."""
    async with httpx.AsyncClient(base_url=adapter.url, timeout=10) as http:
        yield Visitor(http)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM, "the browser tests need a `chromium` on the PATH"
    async with async_playwright() as driver:
        start_playground = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield start_playground
        await start_playground.close()


@pytest.fixture
async def complaints() -> AsyncIterator[list[str]]:
    """What the browser's console says, which must be nothing by the end."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
async def page(browser: Browser, adapter: PlaygroundAdapter, complaints: list[str]) -> Page:
    start_playground = await watched(browser, adapter.url, complaints)
    await expect(start_playground.locator(".card")).to_be_visible()
    return start_playground


@pytest.fixture
async def phone(browser: Browser, adapter: PlaygroundAdapter, complaints: list[str]) -> Page:
    start_playground = await watched(browser, adapter.url, complaints, is_mobile=True)
    await expect(start_playground.locator(".card")).to_be_visible()
    return start_playground
