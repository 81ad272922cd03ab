"""`mentorbot run --only ...`: processes that each do one part, on one PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text

from mentorbot.clock import Clock
from mentorbot.storage import migrations
from mentorbot.storage.database import make_migration_engine, parse_url
from tests.adapters.discord_adapter.payloads import CHANNEL, TOKEN
from tests.adapters.discord_adapter.server import DiscordServer
from tests.adapters.slack_door.server import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.storage.conftest import NewDatabase, new_database

__all__ = ["new_database"]

PARTS = ("slack", "scheduler", "worker", "worker")
MANAGE_GUILD = 1 << 5
_GIVEN = {"day": "monday", "at": "09:00", "zone": "Europe/Berlin"}
_HERE = {"type": 1, "name": "here", "options": [{"type": 3, "name": k, "value": v} for k, v in _GIVEN.items()]}
TIPS_HERE = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 2, "name": "tips", "options": [_HERE]}]}


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack with one channel."""
    server = SlackServer()
    server.rooms["C1"].member = True
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A Discord with one guild and one channel."""
    server = DiscordServer()
    await server.start()
    yield server
    await server.stop()


async def start(part: str, url: str, slack: SlackServer) -> asyncio.subprocess.Process:
    """One process. Only the one that listens has an app token."""
    env = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.api_url}
    return await run_only(part, url, env | ({"SLACK_APP_TOKEN": APP_TOKEN} if part == "slack" else {}))


async def run_only(part: str, url: str, env: dict[str, str]) -> asyncio.subprocess.Process:
    """One process of one part."""
    command = (sys.executable, "-m", "mentorbot", "run", "--only", part)
    env = os.environ | env | {"DATABASE_URL": url}
    return await asyncio.create_subprocess_exec(*command, env=env, stderr=asyncio.subprocess.PIPE)


async def stop(processes: Sequence[asyncio.subprocess.Process]) -> None:
    """End them as an operator does; all of them end well."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(60):
        told = [await process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), told


@pytest.mark.postgresql
async def test_one_listens_one_plans_two_send_and_a_tip_comes_once(
    slack: SlackServer, new_database: NewDatabase
) -> None:
    url = new_database()
    migrations.upgrade(url)
    processes = [await start(part, url, slack) for part in PARTS]
    try:
        async with asyncio.timeout(60):
            await slack.connected.wait()
            payload = slack.slash("tips here monday 09:00 Europe/Berlin")
            answer = await slack.envelope("slash_commands", payload, payload["trigger_id"])
            assert "every Monday at 09:00" in json.dumps(answer)
            _make_due(url)
            while not slack.rooms["C1"].messages:
                await asyncio.sleep(0.1)
            await asyncio.sleep(6)  # longer than a tick: a second one would have come
        assert len(slack.rooms["C1"].messages) == 1
    finally:
        await stop(processes)
    assert _count(url, "SELECT count(*) FROM deliveries WHERE state = 'sent'") == 1
    assert _count(url, "SELECT count(*) FROM procrastinate_jobs") == 0


@pytest.mark.postgresql
async def test_the_same_on_discord(discord: DiscordServer, new_database: NewDatabase) -> None:
    url = new_database()
    migrations.upgrade(url)
    env = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": discord.url}
    processes = [await run_only(part, url, env) for part in ("discord", "scheduler", "worker", "worker")]
    posts = f"/channels/{CHANNEL}/messages"
    try:
        async with asyncio.timeout(60):
            await discord.connected.wait()
            interaction = await discord.interact(2, TIPS_HERE, permissions=MANAGE_GUILD)
            assert "every Monday at 09:00" in json.dumps(await discord.answer_to(interaction))
            _make_due(url)
            while not discord.sent("POST", posts):
                await asyncio.sleep(0.1)
            await asyncio.sleep(6)  # longer than a tick: a second one would have come
        assert len(discord.sent("POST", posts)) == 1
        assert len(discord.identified) == 1, "only the process that listens opens the gateway"
    finally:
        await stop(processes)
    assert _count(url, "SELECT count(*) FROM deliveries WHERE state = 'sent'") == 1


@pytest.mark.postgresql
async def test_a_part_without_its_token_says_so(slack: SlackServer, new_database: NewDatabase) -> None:
    url = new_database()
    migrations.upgrade(url)
    process = await start("discord", url, slack)
    async with asyncio.timeout(60):
        _, told = await process.communicate()
    assert process.returncode == 1
    assert b"Nothing is set for discord" in told


def _make_due(url: str) -> None:
    engine = make_migration_engine(parse_url(url))
    with engine.begin() as connection:
        due = Clock().now() - timedelta(minutes=1)
        connection.execute(text("UPDATE schedules SET next_run_at = :due"), {"due": due})
    engine.dispose()


def _count(url: str, query: str) -> int:
    engine = make_migration_engine(parse_url(url))
    with engine.connect() as connection:
        found = int(connection.scalar(text(query)) or 0)
    engine.dispose()
    return found
