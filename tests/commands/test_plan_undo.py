"""Undoing a change to a plan, and making it again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import FrozenClock

from .conftest import Chat, button_line, stored_plan

WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    "change",
    [
        "plan add another hours:3 by:fri",
        'plan edit 1 what:"other words"',
        "plan edit 1 hours:30",
        "plan doing 1 hours:2",
        "plan log 1 3",
        "plan done 1 evidence:https://example.org/x",
        "plan block 1 why:no access",
        "plan drop 2",
        "plan move 1 to:2027-02-01",
        "plan pace 9",
        "plan hours 8",
        "plan keep ai-architect hours:5",
        "checkin worked step:1 hours:2",
    ],
)
async def test_undo_restores_exactly(chat: Chat, change: str) -> None:
    await chat.say("plan add one hours:5")
    await chat.say("plan add two by:fri")
    before = await stored_plan(chat)
    answer = await chat.card(change)
    assert answer.error is None
    assert await stored_plan(chat) != before
    await chat.say("plan undo")
    after = await stored_plan(chat)
    assert after.steps == before.steps
    assert (after.title, after.hours_per_week, after.target_date, after.weeks_off) == (
        before.title,
        before.hours_per_week,
        before.target_date,
        before.weeks_off,
    )


async def test_undo_pressed_twice_undoes_one_change(chat: Chat) -> None:
    await chat.say("plan add one")
    undo_line = button_line(await chat.card("plan add two"), "Undo")
    answers = await asyncio.gather(chat.text(undo_line), chat.copy().text(undo_line))
    assert sum("Undone: two is off your plan" in answer for answer in answers) == 1
    assert sum("Nothing to undo here" in answer for answer in answers) == 1
    assert [step.text for step in (await stored_plan(chat)).steps] == ["one"]


async def test_undo_on_an_old_card_undoes_nothing_else(chat: Chat) -> None:
    stale_undo = button_line(await chat.card("plan add one"), "Undo")
    await chat.say("plan add two")
    card = await chat.card(stale_undo)
    assert "Nothing to undo here" in plain_text(card)
    assert "If you undo the last one now: two is off your plan." in plain_text(card)
    assert "Undone: two is off your plan" in await chat.text(button_line(card, "Undo"))


async def test_undo_stops_at_the_first_change(chat: Chat) -> None:
    await chat.say("plan add one")
    assert "Undone: one is off your plan" in await chat.text("plan undo")
    assert "There's nothing to undo" in await chat.text("plan undo")


async def test_undo_after_a_new_week_reverts_the_learners_last_change(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:4")
    undo_line = button_line(await chat.card("plan add two hours:4"), "Undo")
    clock.travel_to(clock.now() + WEEK)
    text = await chat.text(undo_line)
    assert "Undone: two is off your plan" in text
    assert "moved along to fit your hours" in await chat.text("plan")
    assert [step.text for step in (await stored_plan(chat)).steps] == ["one"]


@pytest.mark.parametrize(
    "first", ["plan step 1", "assess mlops:1", "plan new ai-architect", "skill mlops", "plan done 9"]
)
async def test_a_thin_week_is_explained_until_the_next_change(chat: Chat, clock: FrozenClock, first: str) -> None:
    await chat.say("plan add one hours:8")
    before = await stored_plan(chat)
    clock.travel_to(clock.now() + 2 * WEEK)
    await chat.say(first)  # shows no plan, so it mustn't use up the explanation
    explanation = "A step has moved along to fit your hours. New end: 20 December 2026."
    card = await chat.card("plan show")
    assert explanation in plain_text(card)
    assert explanation in await chat.text("plan show")
    assert await stored_plan(chat) == before  # showing a plan changes nothing
    change = await chat.card("plan add two")
    assert "moved along" not in await chat.text("plan show")
    assert "Undone: two is off your plan" in await chat.text(button_line(change, "Undo"))
    assert (await stored_plan(chat)).steps == before.steps
    assert explanation in await chat.text("plan show")


async def test_a_command_without_effect_adds_no_undo_entry(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:8")
    await chat.say("plan add two")
    await chat.say("plan done 2")
    clock.travel_to(clock.now() + WEEK)
    before = await stored_plan(chat)
    for line in ("plan done 2", "plan start 2", "plan block 2 why:x", "plan drop 2", "checkin resume"):
        await chat.say(line)
    assert await stored_plan(chat) == before
    assert "Undone: two is open again" in await chat.text("plan undo")


async def test_redo_makes_an_undone_change_again(chat: Chat) -> None:
    await chat.say("plan add Read hours:5")
    await chat.say("plan log read 3")
    await chat.say("plan done read")
    done = await stored_plan(chat)
    undone = await chat.card("plan undo")
    assert undone.title == "Undone: Read is under way again"
    redo_line = button_line(undone, "Redo")
    redone = await chat.card(redo_line)
    assert redone.title == "Redone: Read is finished"
    assert (await stored_plan(chat)).steps == done.steps
    assert "Nothing to redo here" in await chat.text(redo_line)  # pressed twice
    await chat.say(button_line(redone, "Undo"))
    assert (await stored_plan(chat)).step(1).active


async def test_redo_leaves_later_changes_alone(chat: Chat) -> None:
    await chat.say("plan add one")
    redo_line = button_line(await chat.card("plan undo"), "Redo")
    await chat.say("plan add two")
    assert "Nothing to redo here" in await chat.text(redo_line)
    assert [step.text for step in (await stored_plan(chat)).active] == ["two"]
    assert "There's nothing to redo" in await chat.text("plan redo")


async def test_undo_says_what_stays(chat: Chat) -> None:
    await chat.say("plan save ml-architect hours:6")
    step = next(step for step in (await stored_plan(chat)).steps if step.text == "Make an experiment repeatable")
    await chat.say(f"plan log {step.number} 5")
    await chat.say(f"plan done {step.number}")
    text = await chat.text("plan undo")
    assert "is back at 0. Your hours stay." in text
    assert (await stored_plan(chat)).step(step.number).hours_logged == 5


@pytest.mark.parametrize(
    ("change", "undone", "redone"),
    [
        ("plan log read 2", "Undone: Read is back at 3 of 5 h", "Redone: Read is now at 5 of 5 h"),
        ("plan hours 9", "Undone: your week is back at 4 h", "Redone: your week is now at 9 h"),
    ],
)
async def test_undone_figures_are_what_the_plan_is_back_at(chat: Chat, change: str, undone: str, redone: str) -> None:
    await chat.say("plan add Read hours:5")
    await chat.say("plan log read 3")
    await chat.say(change)
    card = await chat.card("plan undo")
    assert card.title == undone
    assert (await chat.card(button_line(card, "Redo"))).title == redone
