"""Fixtures: the real Slack adapter and the real application, connected to a fake Slack server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.app import AppContext, open_context
from mentorbot.clock import Clock
from mentorbot.settings import Settings

from .harness import HttpHarness, start_http_adapter
from .server import APP_TOKEN, BOT_TOKEN, SECRET, SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """Start a fake Slack. At the end, nothing sent to it may have broken Slack's rules."""
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture
def settings(slack: SlackServer, tmp_path: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{tmp_path}/bot.db",
        slack_bot_token=BOT_TOKEN,
        slack_signing_secret=SECRET,
        slack_api_url=slack.api_url,
        port=0,
    )


@pytest.fixture
async def app_context(settings: Settings) -> AsyncIterator[AppContext]:
    async with open_context(settings, Clock()) as context:
        yield context


@pytest.fixture
def platform(settings: Settings, app_context: AppContext) -> SlackPlatform:
    return SlackAdapter(settings, app_context.dispatcher, app_context.store).platform


@pytest.fixture
async def http(settings: Settings, app_context: AppContext, slack: SlackServer) -> AsyncIterator[HttpHarness]:
    harness = await start_http_adapter(settings, app_context.dispatcher, slack)
    yield harness
    await harness.adapter.stop()


@pytest.fixture
async def socket(settings: Settings, app_context: AppContext, slack: SlackServer) -> AsyncIterator[SlackAdapter]:
    adapter = SlackAdapter(
        Settings(**settings.model_dump() | {"slack_app_token": APP_TOKEN}), app_context.dispatcher, app_context.store
    )
    await adapter.start()
    await slack.connected.wait()
    yield adapter
    await adapter.stop()
