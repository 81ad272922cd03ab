"""`/livez`, `/readyz` and `/metrics`, and what systemd is told."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mentorbot import app, metrics
from mentorbot.adapters import health, systemd
from mentorbot.adapters.doors import Doors
from mentorbot.adapters.health import Health
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.delivery import scheduler as scheduling
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.errors import BadSettings, DatabaseProblem
from mentorbot.settings import Settings


class Checked:
    """Something with a state that can be changed."""

    trouble = ""

    async def __call__(self) -> str:
        if self.trouble == "raise":
            raise DatabaseProblem("the database is away")
        if self.trouble == "hang":
            await asyncio.sleep(60)
        return self.trouble


@pytest.fixture
async def checked() -> Checked:
    """The only check of `served`."""
    return Checked()


@pytest.fixture
async def client(checked: Checked) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a health server."""
    served = Health({"thing": checked})
    await served.start(("127.0.0.1", 0))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.port}") as client:
        yield client
    await served.stop()


@pytest.mark.parametrize(
    ("trouble", "status", "said"),
    [
        ("", 200, "ok"),
        ("no answer to pings", 503, "no answer to pings"),
        ("raise", 503, "the database is away"),
        ("hang", 503, "no answer within 0.05 s"),
    ],
)
async def test_not_ready_is_still_alive(
    client: httpx.AsyncClient, checked: Checked, monkeypatch: pytest.MonkeyPatch, trouble: str, status: int, said: str
) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.05)
    checked.trouble = trouble
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["thing"]) == (status, said)
    assert [(await client.get(path)).status_code for path in ("/livez", "/healthz")] == [200, 200]


async def test_trouble_is_a_line_a_minute(
    checked: Checked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(health, "WATCH_SECONDS", 0.01)
    watched = Health({"thing": checked})
    checked.trouble = "closed for good"
    await watched.start(None)
    await _until_logged(caplog, "not ready: thing: closed for good")
    checked.trouble = ""
    await _until_logged(caplog, "ready again")
    await asyncio.sleep(0.05)
    await watched.stop()
    *troubles, over = caplog.messages
    assert set(troubles) == {"not ready: thing: closed for good"}
    assert over == "ready again"


async def _until_logged(caplog: pytest.LogCaptureFixture, line: str) -> None:
    for _ in range(1_000):
        if line in caplog.messages:
            return
        await asyncio.sleep(0.01)


async def test_a_taken_address_is_a_warning_only_if_it_is_the_default(caplog: pytest.LogCaptureFixture) -> None:
    first, second = Health({}), Health({})
    await first.start(("127.0.0.1", 0))
    address = ("127.0.0.1", first.port)
    with pytest.raises(BadSettings, match="MENTORBOT_HEALTH"):
        await second.start(address)
    await second.start(address, required=False)
    assert "no /livez" in caplog.text
    await second.stop()
    await first.stop()


async def test_a_process_measures_its_commands_database_and_ticks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, clock = Settings(database_url=f"sqlite:///{tmp_path}/bot.db"), Clock()
    async with app.open_context(settings, clock) as context:
        scheduler = Scheduler(context.store, context.library, clock, {})
        watched = app._health(context, Doors({}, {}), scheduler)
        assert (await watched.troubles())["scheduler"] == "not running"
        scheduler.start()
        assert set((await watched.troubles()).values()) == {""}
        monkeypatch.setattr(scheduling, "STALL_SECONDS", -1.0)
        assert "no tick for" in (await watched.troubles())["scheduler"]
        await scheduler.tick()

        async def member() -> Member:
            return Member("U1", "Ada", admin=False)

        caller = Caller(Channel(Workspace("slack", "T1"), "C1", "general"), "U1", "Ada", member)
        await context.dispatcher.answer(CommandRequest(caller, "about", forms=False))
        await watched.start(("127.0.0.1", 0))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{watched.port}") as client:
            page = (await client.get("/metrics")).text
        await watched.stop()
        await scheduler.stop()
    assert 'mentorbot_commands_total{command="about",outcome="ok"}' in page
    assert 'mentorbot_database_connections{state="idle"}' in page
    assert "mentorbot_queue_messages 0.0" in page
    assert "Ada" not in page


async def test_a_schema_changed_by_others_is_not_ready(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/bot.db")
    async with app.open_context(settings, Clock()) as context:
        assert await context.store.trouble() == ""
        async with context.store._session() as session:
            await (await session.connection()).exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        assert "0001" in await context.store.trouble()


def test_the_outcome_of_a_failed_command_is_its_error_code() -> None:
    with pytest.raises(BadSettings), metrics.counted("test"):
        raise BadSettings("no")
    assert (
        metrics.REGISTRY.get_sample_value("mentorbot_commands_total", {"command": "test", "outcome": "bad_settings"})
        == 1
    )


async def test_systemd_hears_that_the_process_is_ready_alive_and_stopping(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.settimeout(10)
        env = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "20000", "WATCHDOG_PID": str(os.getpid())}
        async with systemd.running(env):
            assert listener.recv(100) == b"READY=1"
            for _ in range(2):
                assert await asyncio.to_thread(listener.recv, 100) == b"WATCHDOG=1"
        heard = b""
        while heard != b"STOPPING=1":
            heard = await asyncio.to_thread(listener.recv, 100)


def test_without_systemd_nobody_is_told() -> None:
    assert not systemd.notify("READY=1", {})
    assert systemd.watchdog_seconds({}) is None
    assert systemd.watchdog_seconds({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}) is None
    assert systemd.watchdog_seconds({"WATCHDOG_USEC": "30000000"}) == 15.0
