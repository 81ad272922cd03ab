"""The real door, with the real core behind it, in front of our own Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.app import AppContext, open_context
from mentorbot.clock import Clock
from mentorbot.settings import Settings

from .harness import Http, open_http
from .server import APP_TOKEN, BOT_TOKEN, SECRET, SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """Slack; nothing that it was sent may break its rules."""
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()
    assert server.refused == []


@pytest.fixture
def settings(slack: SlackServer, tmp_path: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{tmp_path}/bot.db",
        slack_bot_token=BOT_TOKEN,
        slack_signing_secret=SECRET,
        slack_api_url=slack.api_url,
        port="0",
    )


@pytest.fixture
async def core(settings: Settings) -> AsyncIterator[AppContext]:
    async with open_context(settings, Clock()) as opened:
        yield opened


@pytest.fixture
async def http(settings: Settings, core: AppContext, slack: SlackServer) -> AsyncIterator[Http]:
    opened = await open_http(settings, core.dispatcher, slack)
    yield opened
    await opened.door.stop()


@pytest.fixture
async def socket(settings: Settings, core: AppContext, slack: SlackServer) -> AsyncIterator[SlackAdapter]:
    door = SlackAdapter(replace(settings, slack_app_token=APP_TOKEN), core.dispatcher)
    await door.start()
    await slack.connected.wait()
    yield door
    await door.stop()
