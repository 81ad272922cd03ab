"""The real door, with the real core behind it, in front of our own Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest

from mentorbot.adapters.slack.door import SlackDoor
from mentorbot.adapters.slack.transport import SignedHttp
from mentorbot.app import Core, open_core
from mentorbot.clock import Clock
from mentorbot.settings import Settings

from .server import APP_TOKEN, BOT_TOKEN, SECRET, HttpSlack, SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()


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
async def core(settings: Settings) -> AsyncIterator[Core]:
    async with open_core(settings, Clock()) as opened:
        yield opened


@dataclass
class Http:
    """An open door over signed HTTP, and Slack's side of it."""

    door: SlackDoor
    slack: HttpSlack

    async def say(self, server: SlackServer, text: str, **extra: Any) -> dict[str, Any]:
        """Type a slash command; what came back in the acknowledgement."""
        response = await self.slack.post(server.slash(text, **extra))
        assert response.status_code == 200
        return cast(dict[str, Any], response.json()) if response.text else {}


async def open_http(settings: Settings, core: Core) -> Http:
    door = SlackDoor(settings, core.dispatcher)
    await door.start()
    transport = cast(SignedHttp, door._transport)
    return Http(door, HttpSlack(transport.server.port))


@pytest.fixture
async def http(settings: Settings, core: Core) -> AsyncIterator[Http]:
    opened = await open_http(settings, core)
    yield opened
    await opened.door.stop()


@pytest.fixture
async def socket(settings: Settings, core: Core, slack: SlackServer) -> AsyncIterator[SlackDoor]:
    door = SlackDoor(replace(settings, slack_app_token=APP_TOKEN), core.dispatcher)
    await door.start()
    await slack.connected.wait()
    yield door
    await door.stop()
