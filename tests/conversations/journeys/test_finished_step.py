"""A finished step: what it brought, a link to show for it, the next one, and a way back."""

from __future__ import annotations

import pytest

from mentorbot.domain.plan import StepState

from .team import Team, gets_started

pytestmark = pytest.mark.slow


async def test_finished_step(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    await team.wait_until("2026-12-04 15:01")
    await chen.presses("Finished")
    chen.sees("You finished Check your target role against ten job ads! 🎉", "That's 1 of 17 steps.")
    chen.sees("", "Next: Know one cloud's building blocks", buttons=["Add proof", "Start next", "Undo"])
    assert await chen.steps(StepState.DONE) == ["Check your target role against ten job ads"]

    await chen.presses("Add proof")
    chen.sees_a_form("Show what you made")
    await chen.fills_in(evidence="https://example.org/choice")
    chen.sees("Saved. It's in your portfolio", "https://example.org/choice")
    assert (await chen.plan()).step(1).evidence == "https://example.org/choice"
    await chen.presses("Start next", on="You finished")
    chen.sees("You're on it: Know one cloud's building blocks", "First 30 minutes: ", buttons=["Open step", "Undo"])
    assert await chen.steps(StepState.DOING) == ["Know one cloud's building blocks"]

    await team.wait_until("2026-12-11 15:01")
    assert (await chen.levels())["cloud"] == 0
    await chen.presses("Finished")
    chen.sees("You finished Know one cloud's building blocks! 🎉", "Cloud: 0 → 1", "That's 2 of 17 steps.")
    assert (await chen.levels())["cloud"] == 1
    await chen.says("show my portfolio")
    chen.has_been_told("Your portfolio: 2 steps finished", "Cloud: 0 → 1")
    await chen.says("how far have I come?")
    chen.has_been_told("ML Architect", "2 of 17 steps.")


async def test_finished_too_soon(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    await chen.says("I finished step 2")
    assert await chen.steps(StepState.DONE) == []  # a sentence never changes the plan by itself
    await chen.presses(next(label for label in chen.last.labels if label.startswith("Finish")))
    chen.sees("You finished Know one cloud's building blocks! 🎉")
    await chen.presses("Undo")
    chen.sees("Undone", "")
    assert await chen.steps(StepState.DONE) == []
    assert (await chen.levels())["cloud"] == 0
