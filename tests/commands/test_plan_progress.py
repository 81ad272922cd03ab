"""Starting, logging, finishing, blocking and dropping steps."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.cards import Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import FrozenClock
from mentorbot.domain.plan import StepState

from .conftest import Chat, button_line, buttons, stored_plan


async def test_a_step_goes_through_all_its_states(chat: Chat) -> None:
    await chat.say("plan add Draw the path hours:6")
    assert "You're on it: Draw the path" in await chat.text("plan start 1")
    assert "2 h logged" in await chat.text("plan log 1 2")
    assert "Noted: Draw the path is stuck" in await chat.text("plan block 1 No GPU quota")
    assert "Stuck since 23 November: No GPU quota." in await chat.text("plan step 1")
    await chat.say("plan start 1")
    assert "No GPU quota" not in await chat.text("plan step 1")
    assert "You finished Draw the path!" in await chat.text("plan done 1 evidence:https://example.org/design")
    assert "Your proof: https://example.org/design" in await chat.text("plan step 1")
    await chat.say("plan add Read")
    assert "You finished Read!" in await chat.text("plan done read https://example.org/notes")
    assert "Your proof: https://example.org/notes" in await chat.text("plan step 2")


async def test_dropping_a_required_step_asks_about_its_dependents(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    plan = await stored_plan(chat)
    first = next(step for step in plan.active if plan.dependents(step.number))
    card = await chat.card(f"plan drop {first.number}")
    assert (await stored_plan(chat)).step(first.number).active
    keep, drop = button_line(card, "Keep them"), button_line(card, "Drop all")
    await chat.say(keep)
    assert len((await stored_plan(chat)).active) == len(plan.active) - 1
    assert "is dropped" in await chat.text(drop)  # the card is stale now
    assert len((await stored_plan(chat)).active) == len(plan.active) - 1
    await chat.say("plan undo")
    await chat.say(drop)
    assert len((await stored_plan(chat)).active) == len(plan.active) - 1 - len(plan.dependents(first.number))


@pytest.mark.parametrize("line", ["plan edit 1 hours:3", "plan move 1 next week", "plan start 1", "plan log 1 3"])
async def test_a_settled_step_stays_as_it_is(chat: Chat, line: str) -> None:
    await chat.say("plan add one")
    await chat.say("plan done 1")
    before = await stored_plan(chat)
    assert (await chat.card(line)).title == "one is already finished"
    assert await stored_plan(chat) == before


async def test_evidence_too_long_in_a_form_is_refused(chat: Chat) -> None:
    await chat.say("plan add one")
    card = await chat.card("plan done 1", evidence="https://example.org/" + "x" * 10_000)
    assert card.error_option == "evidence"
    assert (await stored_plan(chat)).step(1).state is StepState.OPEN


async def test_evidence_can_be_added_later(chat: Chat) -> None:
    await chat.say("plan add one")
    form = await chat.say(button_line(await chat.card("plan done 1"), "Add proof"))
    assert isinstance(form, Form)
    assert "It's in your portfolio" in plain_text(await chat.card(form.line, evidence="see https://example.org/x"))
    assert (await stored_plan(chat)).step(1).evidence == "see https://example.org/x"


async def test_a_finished_milestone_names_the_level_it_raises(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    step = next(step for step in (await stored_plan(chat)).steps if step.text == "Make an experiment repeatable")
    assert ": 0 → 1, and AI Architect needs 3." in await chat.text(f"plan done {step.number}")
    await chat.say("plan undo")
    await chat.say("assess mlops:3")
    assert "→" not in await chat.text(f"plan done {step.number}")


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu"])
async def test_a_milestone_finished_today_counts_in_every_zone(chat: Chat, clock: FrozenClock, zone: str) -> None:
    traveller = chat.copy(zone=ZoneInfo(zone))
    await traveller.say("plan keep ai-architect")
    step = next(step for step in (await stored_plan(chat)).steps if step.text == "Make an experiment repeatable")
    for hour in (2, 12, 22):
        clock.travel_to(clock.now().replace(hour=hour) + timedelta(days=1))
        await traveller.say("assess mlops:0")
        await traveller.say(f"plan done {step.number}")
        assert "You're at level 1." in await traveller.text("skill mlops")
        await traveller.say("plan undo")


async def test_logged_hours_may_exceed_the_estimate(chat: Chat) -> None:
    await chat.say("plan add one hours:3")
    text = await chat.text("plan log 1 10")
    assert "10 h logged ▓▓ 10 of 3 h" in text
    assert "That's all the planned hours." in text
    assert (await stored_plan(chat)).step(1).hours_logged == 10


async def test_a_blocked_step_comes_after_one_that_can_start(chat: Chat) -> None:
    await chat.say("plan add one hours:4")
    await chat.say("plan add two hours:8")
    await chat.say("plan block one No access")
    plan = await stored_plan(chat)
    assert plan.step(2).allocations[-1].week < plan.step(1).allocations[0].week


@pytest.mark.parametrize(
    "said", ["plan log 2 hours on rag", "plan log rag 2", "plan log rag for 120 minutes", "plan log 2 hours:2"]
)
async def test_hours_are_logged_wherever_they_stand(chat: Chat, said: str) -> None:
    await chat.say("plan add Draft the design hours:6")
    await chat.say("plan add Read the RAG paper hours:6")
    assert (await chat.card(said)).title.startswith("2 h logged")
    assert [step.hours_logged for step in (await stored_plan(chat)).steps] == [0, 2]


@pytest.mark.parametrize("said", ["plan log rag 2.5 h", "plan log rag an hour and a half", "plan log 90 min on rag"])
async def test_parts_of_hours_are_asked_about(chat: Chat, said: str) -> None:
    await chat.say("plan add Read the RAG paper hours:6")
    card = await chat.card(said)
    assert card.title in ("1 h or 2 h?", "2 h or 3 h?")
    assert "I only count whole hours." in plain_text(card)
    assert "Code" not in plain_text(card), "it's a question, not a failure"
    assert [button.label for button in buttons(card)] in (["1 h", "2 h"], ["2 h", "3 h"])
    assert (await stored_plan(chat)).step(1).hours_logged == 0
    await chat.say(buttons(card)[1].line)
    assert f"{(await stored_plan(chat)).step(1).hours_logged} h" == buttons(card)[1].label


async def test_proof_can_be_a_text_file(chat: Chat) -> None:
    await chat.say("plan add one")
    form = await chat.say(button_line(await chat.card("plan done 1"), "Add proof"))
    assert isinstance(form, Form)
    assert [(field.name, field.required) for field in form.fields] == [("evidence", False), ("file", False)]
    reference = "Ada ran *our* model for a quarter.\n\nBen, CTO\x00"
    card = await chat.card(form.line, evidence="", file=reference)
    assert "It's in your portfolio" in plain_text(card)
    assert "a file of 9 words" in plain_text(card)
    step = (await stored_plan(chat)).step(1)
    assert (step.evidence, step.attachment) == ("", "Ada ran *our* model for a quarter.\n\nBen, CTO")
    portfolio = await chat.text("portfolio")
    assert "one. File added." in portfolio
    assert "## one: from a file\n\n> Ada ran \\*our\\* model for a quarter.\n>\n> Ben, CTO" in portfolio
    await chat.card(form.line, evidence="https://example.org/x", file="")
    step = (await stored_plan(chat)).step(1)
    assert (step.evidence, step.attachment[:3]) == ("https://example.org/x", "Ada")  # one doesn't replace the other
    await chat.say("plan undo")
    await chat.say("plan undo")
    assert (await stored_plan(chat)).step(1).attachment == ""


async def test_a_file_too_long_for_a_plan_is_refused_and_finishes_nothing(chat: Chat) -> None:
    await chat.say("plan add one")
    card = await chat.card("plan done 1", file="x" * 10_001)
    assert card.error_option == "file"
    assert "10,001 characters, and I can only save 10,000" in plain_text(card)
    assert (await stored_plan(chat)).step(1).state is StepState.OPEN


async def test_a_file_for_an_unclear_step_is_asked_for_again(chat: Chat) -> None:
    for text in ("Read one paper", "Read two papers"):
        await chat.say(f"plan add {text}")
    card = await chat.card("plan done read", file="secret words")
    assert card.title == "Which one did you finish? Send the file with it again."
    assert all("secret" not in button.line for button in buttons(card))
