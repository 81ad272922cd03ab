"""A mentor's week: a request, what the learner shares, the digest, a note, and its answer."""

from __future__ import annotations

import pytest

from .team import Team, gets_started

pytestmark = pytest.mark.slow


async def test_mentors_week(team: Team) -> None:
    ben, chen = team.ben, team.chen
    await ben.says("I want to mentor")
    await ben.presses("Offer to mentor")
    ben.sees("Offer to mentor anyone, up to", buttons=["Offer", "Choose skills"])
    assert team.rows("mentors") == 0
    await ben.presses("Offer")
    assert team.rows("mentors") == 1

    await gets_started(chen)
    await chen.says("find me a mentor")
    await chen.presses("Ask for a mentor")
    chen.sees("", "Ben")
    await team.wait(minutes=5)
    ben.sees("Chen would like you as a mentor", "Target role: ML Architect", buttons=["Accept", "Not now"])
    await ben.presses("Accept")
    ben.sees("You're now Chen's mentor", "Chen decides what you can see.", buttons=["Message Chen", "My learners"])
    await team.wait(minutes=5)
    chen.sees("Ben's your mentor now", "Ben sees your name and target role.", buttons=["Choose what to share"])
    await chen.presses("Choose what to share")
    chen.sees("This is exactly what Ben would see", buttons=["Share this", "Share nothing"])
    await chen.presses("Share this")

    await team.wait_until("2026-12-04 15:01")
    await chen.presses("Stuck")
    await chen.presses("No access")
    chen.sees("Let's find a way around it", "Who could give you access?", buttons=["Ask Ben"])
    await team.wait_until("2026-12-14 20:00")
    digest = ben.has_been_told("Chen's been stuck for")
    assert "Check your target role against ten job ads" in digest.text
    assert "Message Chen" in digest.labels
    await ben.presses("Message Chen", on="Chen's been stuck for")
    ben.sees_a_form("")
    await ben.fills_in(text="Dee has a spare account. Ask her!")
    await team.wait(minutes=5)
    note = chen.has_been_told('Ben: "Dee has a spare account. Ask her!"')
    assert {"Reply"} <= set(note.labels)
    await chen.presses("Reply", on="Ben: ")
    chen.sees_a_form("")
    await chen.fills_in(text="Will do, thanks")
    chen.sees("Sent to Ben")
    await team.wait(minutes=5)
    ben.has_been_told('Chen: "Will do, thanks"')

    await chen.says("I don't want my mentor any more")
    await chen.presses(next(label for label in chen.last.labels if label.startswith("End my mentorship")))
    chen.sees("Stop working with Ben?", "I'd let Ben know right away, so there's no undo.", buttons=["Keep Ben"])
    await chen.presses("End mentorship")
    chen.sees("Ben's no longer your mentor", "Ben can't see your plan any more.")
    await team.wait(minutes=5)
    await ben.says("how are my learners doing?")
    assert "Chen" not in ben.last.text
