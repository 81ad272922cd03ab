"""A newcomer: three taps to a first thing to do, a plan, and the first check-in."""

from __future__ import annotations

import pytest

from .team import Team, says_yes_to_fridays

pytestmark = pytest.mark.slow


async def test_newcomer(team: Team) -> None:
    chen = team.chen
    await chen.says("hi")
    chen.sees(
        "Hi Chen, I'm mentorbot 👋",
        "What brings you here?",
        buttons=["Become an AI Architect", "Look around", "I want to mentor"],
    )
    await chen.presses("Become an AI Architect")
    chen.sees("How many hours a week do you really have?", buttons=["2 h", "4 h", "6 h"])
    await chen.presses("6 h")
    chen.sees("Which is closest to you today?", buttons=["Data scientist", "Starting fresh"])
    await chen.presses("Data scientist")
    chen.sees(
        "Your first step: Check your target role", "First 30 minutes: save three job ads", buttons=["Start", "My plan"]
    )
    assert chen.taps == 3
    chen.has_been_told("Hi Chen, I'm mentorbot 👋")  # the welcome stays
    assert team.rows("plans") == 0  # so far, Chen has only looked

    await chen.presses("My plan")
    chen.sees("Your plan: ML Architect", "17 steps, about 360 h", "This week: ", "Next: ", "Not saved yet.")
    assert chen.last.height <= 12
    await chen.presses("All steps")
    chen.sees("All 17 steps", "Check your target role against ten job ads, 6 h", buttons=["Start", "Back"])
    await chen.presses("Start", on="Your first step")
    chen.sees(
        "Plan saved. Next stop: ML Architect", "First 30 minutes: save three job ads", buttons=["No check-ins", "Undo"]
    )
    assert [step.number for step in (await chen.plan()).active] == list(range(1, 18))

    await says_yes_to_fridays(chen)
    chen.sees("Saved. Check-ins: Fridays", "Next check-in: Friday, 4 Dec, 15:00.")
    await chen.says("what should I do this week?")
    chen.sees("This week: 6 h", "Check your target role against ten job ads", buttons=["Open step"])
    await chen.presses("Open step")
    chen.sees(
        "Check your target role against ten job ads", "First 30 minutes: ", "Recommended reading: ", "Done when: "
    )
    await chen.says("help")
    chen.sees("What would you like to do?", buttons=["This week", "Check in", "All commands"])
    assert chen.last.height <= 8

    await team.wait_until("2026-12-04 15:01")
    chen.sees("How did your week go, Chen?", "Check your target role against ten job ads, 6 h planned.")
    assert chen.last.height <= 8
    await chen.presses("Worked on it")
    chen.sees("Nice. About how many hours?", buttons=["6 h as planned", "4 h", "2 h", "Other", "Undo"])
    await chen.presses("4 h")
    chen.sees("4 h logged", "4 of 6 h", "What could get in the way next week?")
    await chen.presses("Nothing")
    chen.sees("Thanks, Chen. 4 h logged. That's a wrap for the week")
    assert chen.has_heard("How did your week go") == 0  # the check-in has become its answer
    assert (await chen.plan()).step(1).hours_logged == 4
    assert await chen.streak() == 1
    await team.wait_until("2026-12-06 20:00")
    assert chen.has_heard("Quick nudge") == 0
