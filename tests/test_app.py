"""`mentorbot run` as a process: answering, posting what's due, surviving a kill, stopping; and `--only`, one role a process."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from ctypes.util import find_library
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text

from mentorbot import app
from mentorbot.adapters.doors import Doors
from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.errors import BadSettings, OperatorError, PlatformDown
from mentorbot.settings import Settings
from mentorbot.storage import migrations
from mentorbot.storage.database import make_migration_engine, parse_url
from tests.adapters.discord_adapter.payloads import CHANNEL, TOKEN
from tests.adapters.discord_adapter.server import DiscordServer
from tests.adapters.slack_adapter.server import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.fake_platform import FakePlatform
from tests.storage.conftest import NewDatabase, new_database

__all__ = ["new_database"]

MANAGE_GUILD = 1 << 5
_TIPS_OPTIONS = {"day": "monday", "at": "09:00", "zone": "Europe/Berlin"}
_HERE = {
    "type": 1,
    "name": "here",
    "options": [{"type": 3, "name": name, "value": value} for name, value in _TIPS_OPTIONS.items()],
}
TIPS_HERE = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 2, "name": "tips", "options": [_HERE]}]}


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack with the bot in one channel."""
    server = SlackServer()
    server.conversations["C1"].member = True
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


class Bot:
    """`mentorbot run` in Socket Mode, on one SQLite file."""

    def __init__(self, slack: SlackServer, folder: Path) -> None:
        self._slack, self._database = slack, folder / "bot.db"
        self.env = os.environ | {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{self._database}",
        }

    async def start(self, *launcher: str) -> None:
        """Start the process, by a launcher if one is given, and wait until it has connected to Slack."""
        self._slack.connected.clear()
        command = (*launcher, sys.executable, "-m", "mentorbot", "run")
        self.process = await asyncio.create_subprocess_exec(*command, env=self.env, stderr=asyncio.subprocess.PIPE)
        async with asyncio.timeout(30):
            await self._slack.connected.wait()

    async def stop(self, how: signal.Signals) -> int:
        """Send a signal, and return the exit status."""
        self.process.send_signal(how)
        async with asyncio.timeout(30):
            await self.process.communicate()
        return self.process.returncode or 0

    def make_due(self, ago: timedelta = timedelta(seconds=1)) -> None:
        """Make the next tip due since `ago`."""
        due = (Clock().now() - ago).strftime("%Y-%m-%d %H:%M:00.000000")
        with sqlite3.connect(self._database) as connection:
            connection.execute("UPDATE schedules SET next_run_at = ?", (due,))

    async def say(self, text: str) -> str:
        """Run a slash command, and return its answer as JSON."""
        payload = self._slack.slash(text)
        return json.dumps(
            await self._slack.envelope("slash_commands", payload, payload["trigger_id"]), ensure_ascii=False
        )


async def posted(slack: SlackServer, count: int) -> None:
    """Wait until the channel has `count` messages (20 seconds at most)."""
    async with asyncio.timeout(20):
        while len(slack.conversations["C1"].messages) < count:
            await asyncio.sleep(0.05)


async def test_a_tip_is_posted_once_through_kill_and_restart(slack: SlackServer, tmp_path: Path) -> None:
    bot = Bot(slack, tmp_path)
    await bot.start()
    assert "Mondays 09:00" in await bot.say("tips here monday 09:00 Europe/Berlin")
    assert await bot.stop(signal.SIGKILL) != 0
    bot.make_due(timedelta(hours=3))
    # Slack takes the first post but its answer gets lost, so the bot must look in the channel before it tries again.
    slack.fail("chat.postMessage", "close_after")
    await bot.start()
    await posted(slack, 1)
    await asyncio.sleep(12)
    assert len(slack.conversations["C1"].messages) == 1
    assert "Late: this was due" in json.dumps(slack.conversations["C1"].messages[0]["blocks"])
    assert "Mondays 09:00" in await bot.say("tips when")
    assert await bot.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_bot_cleanly(slack: SlackServer, tmp_path: Path, how: signal.Signals) -> None:
    bot = Bot(slack, tmp_path)
    await bot.start()
    assert "What would you like to do?" in await bot.say("help")
    assert await bot.stop(how) == 0


@pytest.mark.skipif(
    not all((shutil.which("systemd-analyze"), find_spec("pyseccomp"), find_library("seccomp"))),
    reason="systemd-analyze, pyseccomp (in the dev group) or libseccomp isn't here",
)
async def test_the_bot_runs_under_the_units_system_call_filter(slack: SlackServer, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.write_text("\n".join(sorted(allowed_calls())), encoding="utf-8")
    bot = Bot(slack, tmp_path)
    await bot.start(sys.executable, "-m", "tests.sandbox", str(calls))
    for line in ("plan new ml-architect hours:6", "plan save ml-architect hours:6", "progress", "plan export calendar"):
        assert "code:" not in await bot.say(line)
    assert "Mondays 09:00" in await bot.say("tips here monday 09:00 Europe/Berlin")
    bot.make_due()
    await posted(slack, 1)
    assert await bot.stop(signal.SIGTERM) == 0


def allowed_calls() -> set[str]:
    """List the system calls the unit allows."""
    unit = (Path(__file__).parent.parent / "deploy" / "mentorbot.service").read_text(encoding="utf-8")
    calls: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.+)$", unit, re.MULTILINE):
        named = set().union(*(calls_of(name) for name in line.removeprefix("~").split()))
        calls = calls - named if line.startswith("~") else calls | named
    return calls


def calls_of(name: str) -> set[str]:
    """List the system calls of one of systemd's sets, with those of the sets in it."""
    if not name.startswith("@"):
        return {name}
    command = ["systemd-analyze", "syscall-filter", "--no-pager", name]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    names = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return set().union(*(calls_of(entry) for entry in names))


async def test_a_revoked_token_ends_the_process_with_a_message(slack: SlackServer, tmp_path: Path) -> None:
    slack.revoked = True
    bot = Bot(slack, tmp_path)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mentorbot", "run", env=bot.env, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert "SLACK_BOT_TOKEN (token_revoked)" in errors.decode()
    assert BOT_TOKEN not in errors.decode()
    assert "Traceback" not in errors.decode()


async def start_on_slack(role: str, url: str, slack: SlackServer) -> asyncio.subprocess.Process:
    """Start a process in one role. Only the listening one gets an app token, since the others must do without."""
    env = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.api_url}
    return await start_role(role, url, env | ({"SLACK_APP_TOKEN": APP_TOKEN} if role == "slack" else {}))


async def start_role(role: str, url: str, env: dict[str, str]) -> asyncio.subprocess.Process:
    """Start `mentorbot run --only` one role."""
    command = (sys.executable, "-m", "mentorbot", "run", "--only", role)
    env = os.environ | env | {"DATABASE_URL": url}
    return await asyncio.create_subprocess_exec(*command, env=env, stderr=asyncio.subprocess.PIPE)


async def stop_all(processes: Sequence[asyncio.subprocess.Process]) -> None:
    """Stop them as an operator does, and check that each exits with 0."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(60):
        outputs = [await process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), outputs


@pytest.mark.postgresql
async def test_slack_processes_in_separate_roles_post_a_tip_once(slack: SlackServer, new_database: NewDatabase) -> None:
    url = new_database()
    migrations.upgrade(url)
    processes = [await start_on_slack(role, url, slack) for role in ("slack", "scheduler", "worker", "worker")]
    try:
        async with asyncio.timeout(60):
            await slack.connected.wait()
            payload = slack.slash("tips here monday 09:00 Europe/Berlin")
            answer = await slack.envelope("slash_commands", payload, payload["trigger_id"])
            assert "Mondays 09:00" in json.dumps(answer)
            _make_due(url)
            while not slack.conversations["C1"].messages:
                await asyncio.sleep(0.1)
            await asyncio.sleep(6)  # longer than a tick, so a duplicate would have come
        assert len(slack.conversations["C1"].messages) == 1
    finally:
        await stop_all(processes)
    assert _count(url, "SELECT count(*) FROM deliveries WHERE state = 'sent'") == 1
    assert _count(url, "SELECT count(*) FROM procrastinate_jobs") == 0


@pytest.mark.postgresql
async def test_discord_processes_in_separate_roles_post_a_tip_once(
    discord: DiscordServer, new_database: NewDatabase
) -> None:
    url = new_database()
    migrations.upgrade(url)
    env = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": discord.url}
    processes = [await start_role(role, url, env) for role in ("discord", "scheduler", "worker", "worker")]
    posts = f"/channels/{CHANNEL}/messages"
    try:
        async with asyncio.timeout(60):
            await discord.connected.wait()
            interaction = await discord.interact(2, TIPS_HERE, permissions=MANAGE_GUILD)
            assert "Mondays 09:00" in json.dumps(await discord.answer_to(interaction))
            _make_due(url)
            while not discord.sent("POST", posts):
                await asyncio.sleep(0.1)
            await asyncio.sleep(6)  # longer than a tick, so a duplicate would have come
        assert len(discord.sent("POST", posts)) == 1
        assert len(discord.identified) == 1, "only the process that listens opens the gateway"
    finally:
        await stop_all(processes)
    assert _count(url, "SELECT count(*) FROM deliveries WHERE state = 'sent'") == 1


@pytest.mark.postgresql
async def test_a_role_without_its_token_says_so(slack: SlackServer, new_database: NewDatabase) -> None:
    url = new_database()
    migrations.upgrade(url)
    process = await start_on_slack("discord", url, slack)
    async with asyncio.timeout(60):
        _, errors = await process.communicate()
    assert process.returncode == 2
    assert b"Nothing is set for discord" in errors


def _make_due(url: str) -> None:
    """Make the next tip due since a minute ago."""
    engine = make_migration_engine(parse_url(url))
    with engine.begin() as connection:
        due = Clock().now() - timedelta(minutes=1)
        connection.execute(text("UPDATE schedules SET next_run_at = :due"), {"due": due})
    engine.dispose()


def _count(url: str, query: str) -> int:
    engine = make_migration_engine(parse_url(url))
    with engine.connect() as connection:
        count = int(connection.scalar(text(query)) or 0)
    engine.dispose()
    return count


class FakeAdapter:
    """An adapter on a platform in memory. It notes in `log` that it started or stopped, and can refuse to start."""

    def __init__(self, name: str, log: list[str], error: OperatorError | None = None) -> None:
        self.name, self._log, self.error = name, log, error
        self.platform: ChatPlatform = FakePlatform(Clock())

    async def start(self, *, listen: bool = True) -> None:  # noqa: ARG002  the protocol has it
        if self.error:
            raise self.error
        self._log.append(f"start {self.name}")

    async def stop(self) -> None:
        self._log.append(f"stop {self.name}")

    async def trouble(self) -> str:
        return ""


def doors_of(*adapters: FakeAdapter) -> Doors:
    """Doors with these adapters behind them."""
    return Doors({adapter.name: partial(_same, adapter) for adapter in adapters}, {})


def _same(adapter: FakeAdapter) -> FakeAdapter:
    return adapter


async def test_a_door_that_cannot_open_leaves_the_others_open() -> None:
    log: list[str] = []
    doors = doors_of(FakeAdapter("one", log), FakeAdapter("two", log, BadSettings("wrong token")))
    await doors.start()
    assert (await doors.trouble("one"), await doors.trouble("two")) == ("", "wrong token")
    await doors.stop()
    assert log == ["start one", "stop one"]


@pytest.mark.parametrize(
    ("errors", "status"),
    [
        ([BadSettings("wrong token"), BadSettings("wrong token")], 2),
        ([BadSettings("wrong token"), PlatformDown("no answer")], 1),  # it may work the next time
    ],
)
async def test_without_any_open_door_the_process_ends(errors: list[OperatorError], status: int) -> None:
    doors = doors_of(*(FakeAdapter(str(number), [], error) for number, error in enumerate(errors)))
    with pytest.raises(OperatorError) as raised:
        await doors.start()
    assert raised.value.exit_status == status


async def test_a_platform_that_was_down_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorbot.adapters.doors.RETRY_SECONDS", 0.01)
    log: list[str] = []
    late = FakeAdapter("late", log, PlatformDown("no answer"))
    doors = doors_of(FakeAdapter("one", log), late)
    await doors.start()
    assert await doors.trouble("late") == "no answer"
    late.error = None
    async with asyncio.timeout(10):
        while await doors.trouble("late"):
            await asyncio.sleep(0.01)
    await doors.stop()
    assert log == ["start one", "start late", "stop late", "stop one"]


async def test_a_signal_stops_adapters_in_reverse_order(tmp_path: Path) -> None:
    log: list[str] = []
    settings, clock = Settings(database_url=f"sqlite:///{tmp_path}/bot.db"), Clock()
    async with app.open_context(settings, clock) as context:
        scheduler = Scheduler(context.store, context.library, clock, {})
        serving = asyncio.create_task(app._serve(doors_of(FakeAdapter("one", log), FakeAdapter("two", log)), scheduler))
        async with asyncio.timeout(10):
            while "start two" not in log:
                await asyncio.sleep(0.01)
            signal.raise_signal(signal.SIGTERM)
            await serving
    assert log == ["start one", "start two", "stop two", "stop one"]
