"""Several processes on one token: each with its own shards, or by mistake with the same."""

from __future__ import annotations

import asyncio
import time

import pytest

from mentorbot.adapters.discord import shards
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.errors import BadSettings
from mentorbot.settings import Settings

from .server import DiscordServer


def process(context: AppContext, part: str = "") -> DiscordAdapter:
    """One process, with its part of the shards."""
    settings = context.settings.model_copy(update={"discord_shards": part})
    return DiscordAdapter(settings, context.dispatcher, context.store)


@pytest.mark.parametrize(("max_concurrency", "turns"), [(1, 3), (2, 1)])
async def test_each_process_has_its_shards_and_they_take_turns(
    server: DiscordServer,
    app_context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
    max_concurrency: int,
    turns: int,
) -> None:
    monkeypatch.setattr(shards, "IDENTIFY_SECONDS", 0.6)
    server.max_concurrency = max_concurrency
    first, second = process(app_context, "0-1/4"), process(app_context, "2-3/4")
    started = time.monotonic()
    await asyncio.gather(first.start(), second.start())
    assert sorted(data["d"]["shard"] for data in server.identified) == [[number, 4] for number in range(4)]
    assert time.monotonic() - started >= turns * 0.6 - 0.05
    assert await first.trouble() == await second.trouble() == ""
    await asyncio.gather(first.stop(), second.stop())


async def test_two_processes_on_one_token_are_reported(
    server: DiscordServer, app_context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = process(app_context), process(app_context)
    await first.start()
    try:
        await server.say("hi")
        await server.wait_for(lambda: server.sent("POST", "/messages"))
        assert "same DISCORD_TOKEN" not in caplog.text
        await second.start()
        await server.say("hi")
        async with asyncio.timeout(10):
            while "same DISCORD_TOKEN" not in caplog.text:
                await asyncio.sleep(0.02)
    finally:
        await asyncio.gather(first.stop(), second.stop())


@pytest.mark.parametrize("part", ["4/4", "3-1/8", "0-8/8", "all", "0-3", "-1/2"])
def test_impossible_shards_are_refused(part: str) -> None:
    with pytest.raises(BadSettings, match="DISCORD_SHARDS"):
        Settings.from_env({"DISCORD_SHARDS": part})


def test_shards_are_read() -> None:
    assert Settings.from_env({"DISCORD_SHARDS": "0-3/8"}).discord_shard_range == (range(4), 8)
    assert Settings.from_env({"DISCORD_SHARDS": "2/8"}).discord_shard_range == (range(2, 3), 8)
    assert Settings.from_env({}).discord_shard_range is None
