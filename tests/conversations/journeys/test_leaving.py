"""Someone leaving: less first, then a copy of everything, then nothing is left and nothing comes any more."""

from __future__ import annotations

import pytest

from .team import Team, gets_started

pytestmark = pytest.mark.slow

TABLES = ("people", "plans", "steps", "checkins", "schedules", "conversations", "drafts", "assessments")


async def test_leaving(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    await team.wait_until("2026-12-04 15:01")
    await chen.presses("Worked on it")
    await chen.presses("4 h")
    await chen.says("stop")
    chen.sees("What should I stop?", "I'll still answer when you write.", buttons=["Stop all messages", "Choose"])
    await chen.says("checkin stop")
    chen.sees("Check-ins are off", "Your plan stays.", buttons=["Undo"])
    await team.wait_until("2026-12-11 20:00")
    assert chen.has_heard("How did your week go") == 0

    await chen.says("what do you know about me?")
    chen.sees("Your data", "your plan", "Not your questions.", buttons=["Get the file", "Delete"])
    await chen.says("delete my data")
    assert team.rows("plans") == 1
    if "Delete your data" in chen.last.labels:
        await chen.presses("Delete your data")
    chen.sees("Delete everything?", "gone for good", buttons=["Get the file first", "Keep it", "Delete everything"])
    assert team.rows("plans") == 1
    await chen.presses("Delete everything")
    assert {table: team.rows(table) for table in TABLES} == dict.fromkeys(TABLES, 0)
    messages = len(team.door.seen["chen"])
    await team.wait_until("2027-01-15 20:00")
    assert len(team.door.seen["chen"]) == messages
    await chen.presses("My plan", on="Check-ins are off")  # old buttons still answer, and find nothing
    assert "Know one cloud" not in chen.last.text
