"""A holiday: a pause until a day, no messages meanwhile, and a streak and plan that wait."""

from __future__ import annotations

from datetime import date

import pytest

from .team import Team, gets_started

pytestmark = pytest.mark.slow


async def test_holiday(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    await team.wait_until("2026-12-04 15:01")
    await chen.presses("Finished")
    await team.wait_until("2026-12-11 15:01")
    await chen.presses("Worked on it")
    await chen.presses("6 h as planned")
    await chen.presses("Nothing")
    assert await chen.streak() == 2

    await team.wait_until("2026-12-14 09:00")
    await chen.says("I'm on holiday until 11 jan")
    chen.sees("Pause until Monday, 11 Jan?", "Nothing's changed yet.")
    assert (await chen.profile()).paused_until is None
    await chen.presses("Pause until Monday, 11 Jan")
    chen.sees("Enjoy the break! I'll be back on Monday, 11 Jan", "Your plan moves along and your streak waits.")
    messages = len(team.door.seen["chen"])
    await team.wait_until("2027-01-10 20:00")
    assert len(team.door.seen["chen"]) == messages
    await chen.says("how did my week go?")
    chen.sees("You're on a break until Monday, 11 Jan", "your streak is safe", buttons=["I'm back"])

    await team.wait_until("2027-01-15 15:01")
    chen.sees("How did your week go, Chen?", "6 h planned")
    await chen.presses("Worked on it")
    await chen.presses("6 h as planned")
    assert await chen.streak() == 3
    plan = await chen.plan()
    assert plan.step(2).hours_logged == 12
    # Nothing was planned for the four weeks away.
    assert not [part for step in plan.steps for part in step.allocations if part.week.isoformat() < "2027-01-11"]


async def test_back_early(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    await chen.says("pause for two weeks")
    await chen.presses(next(label for label in chen.last.labels if label.startswith("Pause")))
    chen.sees("Enjoy the break! I'll be back on")
    await team.wait(days=7)
    await chen.says("I'm back")
    if "Come back now" in chen.last.labels:
        await chen.presses("Come back now")
    chen.sees("Welcome back, Chen", "This week: 6 h.", buttons=["Start", "My plan"])
    assert (await chen.plan()).steps_in_week(date(2026, 12, 7))
