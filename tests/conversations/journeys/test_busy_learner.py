"""A busy learner: three weeks without an answer, asked less and less, and nothing is overdue when they're back."""

from __future__ import annotations

import pytest

from .team import Team, gets_started

pytestmark = pytest.mark.slow


async def test_busy_learner_misses_three_weeks(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    before = (await chen.plan()).end_date

    await team.wait_until("2026-12-04 15:01")
    chen.sees("How did your week go, Chen?")
    await team.wait_until("2026-12-05 15:01")
    chen.sees("Quick nudge: one tap is enough. Skipping is fine", buttons=["Not this week", "Pause", "Stop nudges"])
    await team.wait_until("2026-12-11 15:01")
    chen.sees("Still with me, Chen?", "nothing's overdue", buttons=["I'm here", "Fewer hours", "Pause"])
    await team.wait_until("2026-12-18 15:01")
    assert chen.has_heard("Quick nudge") == 1  # asked twice once, then only once a week
    chen.sees("How did your week go, Chen?")

    await chen.presses("Worked on it", on="Quick nudge")
    chen.sees("That check-in is over", "nothing's lost", buttons=["This week", "My plan"])
    assert await chen.checkins() == 0
    await chen.presses("Worked on it", on="How did your week go")
    chen.sees("Nice. About how many hours?")
    await chen.presses("2 h")
    chen.sees("2 h logged")
    await chen.says("I only have 3 hours a week")
    chen.sees("Plan 3 h a week?", "Nothing's changed yet.")
    await chen.presses("Plan 3 h a week")
    plan = await chen.plan()
    assert plan.hours_per_week == 3
    assert plan.step(1).hours_logged == 2
    assert plan.end_date is not None
    assert before is not None
    assert plan.end_date > before
    await chen.presses("Undo")
    assert (await chen.plan()).hours_per_week == 6


async def test_silent_learner_is_left_in_peace(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    await team.wait_until("2026-12-25 15:01")
    chen.sees("I'll pause until you say hi", "Your plan and streak are safe.", buttons=["Say hi"])
    messages = len(team.door.seen["chen"])
    await team.wait_until("2027-02-05 20:00")
    assert len(team.door.seen["chen"]) == messages
    await chen.presses("Say hi")
    chen.sees("Welcome back, Chen", "Your plan has already moved.", buttons=["Start", "Fewer hours", "My plan"])
    await team.wait_until("2027-02-12 15:01")
    chen.sees("How did your week go, Chen?")
