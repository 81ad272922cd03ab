"""`mentorbot run --only ...`: processes that each do one part, on one PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from mentorbot.storage import migrate
from mentorbot.storage.database import make_migration_engine, parse_url
from tests.adapters.slack_door.server import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.storage.conftest import NewDatabase, new_database

__all__ = ["new_database"]

PARTS = ("slack", "scheduler", "worker", "worker")


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack with one channel."""
    server = SlackServer()
    server.rooms["C1"].member = True
    await server.start()
    yield server
    await server.stop()


async def start(part: str, url: str, slack: SlackServer) -> asyncio.subprocess.Process:
    """One process. Only the one that listens has an app token."""
    env = os.environ | {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.api_url, "DATABASE_URL": url}
    if part == "slack":
        env["SLACK_APP_TOKEN"] = APP_TOKEN
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorbot", "run", "--only", part), env=env, stderr=asyncio.subprocess.PIPE
    )


@pytest.mark.postgresql
async def test_one_listens_one_plans_two_send_and_a_tip_comes_once(
    slack: SlackServer, new_database: NewDatabase
) -> None:
    url = new_database()
    migrate.upgrade(url)
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
        for process in processes:
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            told = [await process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(PARTS), told
    assert _count(url, "SELECT count(*) FROM deliveries WHERE state = 'sent'") == 1
    assert _count(url, "SELECT count(*) FROM procrastinate_jobs") == 0


@pytest.mark.postgresql
async def test_a_part_without_its_token_says_so(slack: SlackServer, new_database: NewDatabase) -> None:
    url = new_database()
    migrate.upgrade(url)
    process = await start("discord", url, slack)
    async with asyncio.timeout(60):
        _, told = await process.communicate()
    assert process.returncode == 1
    assert b"Nothing is set for discord" in told


def _make_due(url: str) -> None:
    engine = make_migration_engine(parse_url(url))
    with engine.begin() as connection:
        due = datetime.now(UTC) - timedelta(minutes=1)
        connection.execute(text("UPDATE schedules SET next_run_at = :due"), {"due": due})
    engine.dispose()


def _count(url: str, query: str) -> int:
    engine = make_migration_engine(parse_url(url))
    with engine.connect() as connection:
        found = int(connection.scalar(text(query)) or 0)
    engine.dispose()
    return found
