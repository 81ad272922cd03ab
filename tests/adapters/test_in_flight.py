"""Draining answers in flight."""

from __future__ import annotations

import asyncio

import pytest

from mentorbot.adapters import in_flight
from mentorbot.adapters.in_flight import InFlight


async def test_drained_waits_for_the_last_answer() -> None:
    answers = InFlight()
    with answers:
        waiting = asyncio.create_task(answers.drained(), name="drained")
        await asyncio.sleep(0.01)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 1)


async def test_drained_gives_up_after_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_flight, "DRAIN_SECONDS", 0.01)
    answers = InFlight()
    with answers:
        started = asyncio.get_running_loop().time()
        await asyncio.wait_for(answers.drained(), 1)
        assert asyncio.get_running_loop().time() - started >= 0.01
