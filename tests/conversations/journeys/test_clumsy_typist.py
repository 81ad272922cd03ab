"""A clumsy typist: slips are read or asked about, impossible values are refused, and no word is lost or guessed."""

from __future__ import annotations

from datetime import date

import pytest

from mentorbot.domain.plan import StepState

from .team import Team, gets_started

pytestmark = pytest.mark.slow


async def test_clumsy_typist(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    before = await chen.plan()
    await chen.says("chekin")
    chen.sees("I took “chekin” as", "How did your week go, Chen?")
    await chen.says("plna show")
    chen.sees("I took “plna”", "This week: 6 h")
    await chen.says("whats next??")
    chen.sees("This week")
    await chen.says("asdf ghjkl")
    chen.sees("", buttons=["My plan", "Help"])
    await chen.says("plan edit 2 by:5 dec 2025")
    chen.sees("5 Dec 2025 has passed", "Did you mean Saturday, 5 Dec 2026?")
    await chen.says("plan edit 2 by:monday 5 december")
    chen.sees("5 December is a Saturday")
    await chen.says("plan edit 2 hours:2 hx")
    assert chen.last.title != ""
    assert await chen.plan() == before

    await chen.says("plan add Read the RAG paper by friday")
    chen.sees("Added: Read the RAG paper", "by Friday, 4 Dec", buttons=["Keep my words", "Undo"])
    added = (await chen.plan()).steps[-1]
    assert (added.text, added.due) == ("Read the RAG paper", date(2026, 12, 4))
    await chen.says("done rag")
    assert await chen.steps(StepState.DONE) == []
    await chen.presses("Finish “Read the RAG paper”")
    chen.sees("You finished Read the RAG paper! 🎉")
    assert await chen.steps(StepState.DONE) == ["Read the RAG paper"]
    await chen.says("what is “RAG")
    assert "Sorry" not in chen.last.title


async def test_form_with_a_slip_keeps_everything(team: Team) -> None:
    chen = team.chen
    await gets_started(chen)
    await chen.types("plan add")
    chen.sees_a_form("")
    await chen.fills_in(what="Draw our inference path", by="31 feb")
    if team.door.forms["chen"] is None:  # Discord can't keep a form open, but opens it again
        await chen.presses("Try again")
    form = team.door.forms["chen"]
    assert form is not None
    assert form.values["what"] == "Draw our inference path"
    await chen.fills_in(by="2026-12-18")
    chen.sees("Added: Draw our inference path")
    assert (await chen.plan()).steps[-1].due == date(2026, 12, 18)
