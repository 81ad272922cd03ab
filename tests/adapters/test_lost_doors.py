"""A platform that closes its connection for good: the rest goes on, and the last one ends the process."""

from __future__ import annotations

import asyncio
import logging

import pytest

from mentorbot.adapters import lost_doors
from mentorbot.adapters.lost_doors import run_until_lost
from mentorbot.errors import BadSettings, OperatorError


class Losable:
    """An adapter that's lost when `closed` is set."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def lost(self) -> OperatorError:
        await self.closed.wait()
        return BadSettings("the token was revoked")


async def test_only_door_ends_the_process_with_the_cause() -> None:
    door = Losable()
    door.closed.set()
    with pytest.raises(BadSettings, match="revoked"):
        await run_until_lost(asyncio.Event(), [door])


async def test_last_of_several_doors_ends_the_process() -> None:
    doors = [Losable(), Losable()]
    running = asyncio.create_task(run_until_lost(asyncio.Event(), doors))
    doors[0].closed.set()
    await asyncio.sleep(0.05)
    assert not running.done()
    doors[1].closed.set()
    with pytest.raises(BadSettings):
        await running


async def test_the_rest_runs_on_and_says_so(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(lost_doors, "LINE_EVERY_SECONDS", 0.1)
    door, stop_requested = Losable(), asyncio.Event()
    running = asyncio.create_task(run_until_lost(stop_requested, [door, object()]))
    await asyncio.sleep(0.05)
    assert caplog.messages == []
    door.closed.set()
    await asyncio.sleep(0.35)
    stop_requested.set()
    await running
    lines = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert 2 <= len(lines) <= 4
    assert "the token was revoked" in lines[-1].message


async def test_signal_ends_it_without_an_error() -> None:
    stop_requested = asyncio.Event()
    running = asyncio.create_task(run_until_lost(stop_requested, [Losable()]))
    await asyncio.sleep(0.05)
    assert not running.done()
    stop_requested.set()
    await asyncio.wait_for(running, 1)
    assert [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "lost"] == []
