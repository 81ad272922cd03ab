"""`mentorbot run` as a process: it answers, it posts what is due, it survives a kill, and it stops cleanly."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from mentorbot.clock import Clock
from tests.adapters.slack_adapter.server import APP_TOKEN, BOT_TOKEN, SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    server = SlackServer()
    server.conversations["C1"].member = True
    await server.start()
    yield server
    await server.stop()


class Bot:
    """The program, in Socket Mode, on one database."""

    def __init__(self, slack: SlackServer, folder: Path) -> None:
        self._slack, self._database = slack, folder / "bot.db"
        self._env = os.environ | {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{self._database}",
        }

    async def start(self) -> None:
        """Start it and wait until it is connected."""
        self._slack.connected.clear()
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "mentorbot", "run", env=self._env, stderr=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(30):
            await self._slack.connected.wait()

    async def stop(self, how: signal.Signals) -> int:
        """Send a signal; the exit status."""
        self.process.send_signal(how)
        async with asyncio.timeout(30):
            await self.process.communicate()
        return self.process.returncode or 0

    def make_due(self, ago: timedelta = timedelta(seconds=1)) -> None:
        """Let the next tip be due since `ago`."""
        due = (Clock().now() - ago).strftime("%Y-%m-%d %H:%M:00.000000")
        with sqlite3.connect(self._database) as connection:
            connection.execute("UPDATE schedules SET next_run_at = ?", (due,))

    async def say(self, text: str) -> str:
        """One slash command; all words of its answer."""
        payload = self._slack.slash(text)
        return json.dumps(
            await self._slack.envelope("slash_commands", payload, payload["trigger_id"]), ensure_ascii=False
        )


async def posted(slack: SlackServer, count: int) -> None:
    async with asyncio.timeout(20):
        while len(slack.conversations["C1"].messages) < count:
            await asyncio.sleep(0.05)


async def test_a_tip_is_posted_once_through_kill_and_restart(slack: SlackServer, tmp_path: Path) -> None:
    bot = Bot(slack, tmp_path)
    await bot.start()
    assert "every Monday at 09:00" in await bot.say("tips here monday 09:00 Europe/Berlin")
    assert await bot.stop(signal.SIGKILL) != 0
    bot.make_due(timedelta(hours=3))
    # The first post is taken by Slack, and the answer never comes: the bot must look before it tries again.
    slack.fail("chat.postMessage", "close_after")
    await bot.start()
    await posted(slack, 1)
    await asyncio.sleep(12)
    assert len(slack.conversations["C1"].messages) == 1
    assert "Late: this was due" in json.dumps(slack.conversations["C1"].messages[0]["blocks"])
    assert "every Monday at 09:00" in await bot.say("tips when")
    assert await bot.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_cleanly(slack: SlackServer, tmp_path: Path, how: signal.Signals) -> None:
    bot = Bot(slack, tmp_path)
    await bot.start()
    assert "How I can help" in await bot.say("help")
    assert await bot.stop(how) == 0


async def test_a_revoked_token_stops_it_with_words(slack: SlackServer, tmp_path: Path) -> None:
    slack.revoked = True
    bot = Bot(slack, tmp_path)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mentorbot", "run", env=bot._env, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert "SLACK_BOT_TOKEN (token_revoked)" in errors.decode()
    assert BOT_TOKEN not in errors.decode()
    assert "Traceback" not in errors.decode()
