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

from .browser import ARGS, CHROMIUM, open_page
from .visitor import Visitor


@pytest.fixture
def role() -> str:
    """The role pack that answers."""
    return "ai-architect"


@pytest.fixture
async def app_context(tmp_path: Path, role: str) -> AsyncIterator[AppContext]:
    async with open_context(Settings(database_url=f"sqlite:///{tmp_path}/bot.db", role=role), Clock()) as context:
        yield context


@pytest.fixture
async def adapter(app_context: AppContext) -> AsyncIterator[PlaygroundAdapter]:
    platforms: dict[str, ChatPlatform] = {}
    scheduler = Scheduler(app_context.store, app_context.library, app_context.clock, platforms)
    adapter = PlaygroundAdapter(
        app_context.dispatcher,
        app_context.clock,
        previews={"slack": slack_preview, "discord": discord_preview},
        travel=lambda to: travel_to(to, app_context.clock, app_context.store, scheduler),
        port=0,
        store=app_context.store,
    )
    platforms["local"] = adapter.platform
    await adapter.start()
    yield adapter
    await adapter.stop()


@pytest.fixture
async def ada(adapter: PlaygroundAdapter) -> AsyncIterator[Visitor]:
    """Ada, who is an admin, in #general."""
    async with httpx.AsyncClient(base_url=adapter.url, timeout=10) as http:
        yield Visitor(http)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM, "the browser tests need a `chromium` on the PATH"
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


@pytest.fixture
async def console_messages() -> AsyncIterator[list[str]]:
    """Messages in the browser's console; there must be none by the end."""
    messages: list[str] = []
    yield messages
    assert messages == []


@pytest.fixture
async def page(browser: Browser, adapter: PlaygroundAdapter, console_messages: list[str]) -> Page:
    page = await open_page(browser, adapter.url, console_messages)
    await expect(page.locator(".card")).to_be_visible()
    return page


@pytest.fixture
async def phone(browser: Browser, adapter: PlaygroundAdapter, console_messages: list[str]) -> Page:
    page = await open_page(browser, adapter.url, console_messages, is_mobile=True)
    await expect(page.locator(".card")).to_be_visible()
    return page
