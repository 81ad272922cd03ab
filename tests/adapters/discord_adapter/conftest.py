"""Discord played by a server of our own, and the bot's side of it: settings, context and a logged-in platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from mentorbot.adapters.discord.client import Client
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.app import AppContext, open_context
from mentorbot.clock import Clock
from mentorbot.settings import Settings

from .payloads import TOKEN
from .server import DiscordServer


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """Discord's API and gateway on a free port."""
    discord_server = DiscordServer()
    await discord_server.start()
    yield discord_server
    await discord_server.stop()


@pytest.fixture
async def app_context(server: DiscordServer, tmp_path: Path) -> AsyncIterator[AppContext]:
    """The bot's core with a database of its own, set up to talk to `server`."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/b.db", discord_token=TOKEN, discord_api_url=server.url)
    async with open_context(settings, Clock()) as context:
        yield context


@pytest.fixture
async def platform(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordPlatform]:
    """The platform alone, logged in to `server` without a gateway connection."""
    monkeypatch.setattr(discord.http.Route, "BASE", f"{server.url}/api/v10")

    async def nobody(_: object) -> None:
        raise AssertionError("no interaction is sent here")

    client = Client(nobody, nobody)
    await client.login(TOKEN)
    yield DiscordPlatform(client)
    await client.close()
