"""A newcomer: three taps to a first thing to do, a plan, and the first check-in."""

from __future__ import annotations

import pytest

from mentorbot.domain.plan import StepState

from .team import Team

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
    chen.sees("Your first step: ", "First 30 minutes: ", buttons=["Start", "My plan", "Take the check"])
    assert chen.taps == 3
    assert team.rows("plans") == 0  # so far Chen has only looked
    chen.has_been_told("Hi Chen, I'm mentorbot 👋")  # the welcome stays

    await chen.presses("My plan")
    chen.sees("", "Not saved yet.", buttons=["Start", "All steps", "Adjust"])
