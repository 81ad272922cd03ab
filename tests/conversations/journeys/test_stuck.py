"""Someone stuck: the reason picks the help, which can be taken back."""

from __future__ import annotations

from datetime import date

import pytest

from mentorbot.domain.plan import StepState

from .team import Team, gets_started

pytestmark = pytest.mark.slow


async def test_stuck(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    await team.wait_until("2026-12-02 20:00")
    await chen.says("I'm stuck")
    chen.sees("It happens. What's in the way?", buttons=["Unclear", "Too big", "No access", "Something else"])
    assert await chen.steps(StepState.BLOCKED) == []

    await chen.presses("Too big")
    chen.sees("Let's make it smaller", "This week, just ", "2 h.", buttons=["Do this", "Swap step", "Undo"])
    assert await chen.steps(StepState.BLOCKED) == ["Check your target role against ten job ads"]
    await chen.presses("Do this")
    chen.sees(
        "Good. That's your step for this week", "The rest waits until you're done.", buttons=["Open step", "Undo"]
    )
    plan = await chen.plan()
    small = plan.steps_in_week(date(2026, 11, 30))[0]
    assert small.hours == 2
    assert small.text[:1].isupper()
    await chen.presses("Undo")
    await chen.presses("Stuck")
    await chen.presses("Check your target role against ten job ads")
    await chen.presses("Unclear")
    chen.sees("Let's make it clear", "First 30 minutes: ", "Done when: ")
    await chen.presses("Do this")
    chen.sees("Good. Half an hour is a start", "Check your target role against ten job ads is back on.")
    assert await chen.steps(StepState.BLOCKED) == []


async def test_stuck_for_a_reason_of_their_own(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    await team.wait_until("2026-12-04 15:01")
    await chen.presses("Stuck")
    await chen.presses("Something else")
    chen.sees_a_form("")
    await chen.fills_in(why="My laptop's broken <!channel>")
    chen.sees("Noted. Let's find a way around it", "My laptop's broken <!channel>")
    step = (await chen.plan()).step(1)
    assert (step.state, step.blocker) == (StepState.BLOCKED, "My laptop's broken <!channel>")
    await chen.presses("Swap step")
    chen.sees("Swapped. Now it's Ask three people", "is off your plan")
    assert (await chen.plan()).step(1).state is StepState.DROPPED
    await chen.presses("Undo")
    assert (await chen.plan()).step(1).state is not StepState.DROPPED
