"""A senior engineer in a bot for AI architects who'd rather lead a team: everything follows the role they choose."""

from __future__ import annotations

import pytest

from .team import Team, says_yes_to_fridays

pytestmark = pytest.mark.slow


async def test_other_role(team: Team) -> None:
    ben = team.ben
    await ben.types("role")
    ben.sees("You're learning to be an AI Architect", buttons=["Switch to Engineering Manager"])
    await ben.presses("Switch to Engineering Manager")
    ben.sees("You're now learning to be an Engineering Manager", buttons=["Plan my path", "What they do"])

    await ben.says("do managers still code?")
    ben.sees("Code things nobody waits for", "The author's advice")
    await ben.says("how much does a manager earn?")
    ben.sees("no pay figures")
    await ben.says("help")
    ben.sees("What would you like to do?", buttons=["This week", "All commands"])

    await ben.types("start")
    ben.sees("Hi Ben, I'm mentorbot 👋", buttons=["Become an Engineering Manager", "Look around"])
    await ben.presses("Become an Engineering Manager")
    await ben.presses("4 h")
    ben.sees("Which is closest to you today?", buttons=["New manager", "Tech lead", "Senior engineer"])
    await ben.presses("Senior engineer")
    ben.sees("Your first step: Mentor a newcomer", "First 30 minutes: write down three people", buttons=["Start"])
    await ben.presses("Start")
    ben.sees("Plan saved. Next stop: Team Lead")
    await says_yes_to_fridays(ben)
    await ben.types("assess")
    ben.sees_a_form("")
    await ben.fills_in(coaching="1", hiring="1", delivery="1", technical="3", influence="1")
    ben.sees("Saved: ")

    await team.wait_until("2026-12-04 15:01")
    ben.sees("How did your week go, Ben?", "Mentor a newcomer for six weeks")
    await ben.presses("Worked on it")
    ben.sees("Which one did you work on?", buttons=["Sit in on four interviews"])
    await ben.presses("Mentor a newcomer for six weeks")
    ben.sees("Nice. About how many hours?")
    await ben.presses("2 h as planned")
    await ben.presses("Nothing")
    ben.sees("Thanks, Ben. 2 h logged")

    await ben.types("role ai architect")
    ben.sees("You're now learning to be an AI Architect", "Your Engineering Manager plan is safe")
    await ben.presses("Undo")
    await ben.says("what should I do this week?")
    ben.sees("This week: 2 h", "Sit in on four interviews", "Next: Mentor a newcomer for six weeks")
