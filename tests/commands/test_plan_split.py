"""Splitting a step into parts."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card
from mentorbot.commands.plan_split import read_parts

from .conftest import STEPS, Chat, buttons, stored_plan


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("split step 3 in two", "2 parts"),
        ("the evaluation step is too large, please cut it in three", "3 parts"),
        ("spread the evaluation step over 2 parts of 15 hours", "15 h and 15 h"),
        ("break step 3 into 10 h and 20 h", "10 h and 20 h"),
        ("divide the evaluation step into chunks of 5 hours", "parts of 5 h"),
        ("make four steps out of the evaluation set", "4 parts"),
        ("can you split the evaluation step?", "2 parts"),
    ],
)
async def test_a_split_is_offered_with_its_parts(chat: Chat, text: str, parts: str) -> None:
    for step in STEPS:
        await chat.say(f'plan add what:"{step}" hours:20')
    card = await chat.speak(text)
    assert isinstance(card, Card)
    assert buttons(card)[0].label == f"Split “{STEPS[2]}” into {parts}"


@pytest.mark.parametrize("text", ["spread step 2 over 2 weeks", "cut step 2 to 3 hours", "how do I split step 2"])
async def test_nothing_else_is_taken_for_a_split(chat: Chat, text: str) -> None:
    for step in STEPS:
        await chat.say(f'plan add what:"{step}" hours:20')
    card = await chat.speak(text)
    assert isinstance(card, Card)
    assert not buttons(card)[0].line.startswith("plan split")


async def test_the_parts_follow_each_other_in_place_of_the_step(chat: Chat) -> None:
    for step in STEPS:
        await chat.say(f'plan add what:"{step}" hours:8')
    await chat.say("plan log 2 hours:3")
    before = (await stored_plan(chat)).step(3).starts
    await chat.say("plan split 2 into:2")
    plan = await stored_plan(chat)
    first, second = plan.step(2), plan.step(6)
    assert (first.text, first.hours, second.hours) == (f"{STEPS[1]}, part 1", 4, 4)
    assert (first.hours_logged, second.requires) == (3, (2,))
    assert plan.step(3).starts == before
    await chat.say("plan undo")
    assert (await stored_plan(chat)).step(2).text == STEPS[1]


async def test_the_last_part_is_what_the_pack_counts(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    whole = (await stored_plan(chat)).step(1)
    await chat.say('plan split 1 into:"1, 1 and 2"')
    plan = await stored_plan(chat)
    last = plan.steps[-1]
    assert (last.origin, last.done_when, last.hours) == (whole.origin, whole.done_when, 2)
    assert not plan.step(1).origin
    assert all(1 not in step.requires or step.text.endswith("part 2") for step in plan.steps)


async def test_too_many_parts_are_refused(chat: Chat) -> None:
    await chat.say("plan add mine hours:3")
    assert "That makes up to 3 parts" in await chat.text("plan split 1 into:4")
    assert "From 2 to 10" in await chat.text("plan split 1 into:11")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("in half", "2 parts"),
        ("2 x 15h", "15 h and 15 h"),
        ("10h, 10h and 20h", "10 h, 10 h and 20 h"),
        ("3 weeks", None),
    ],
)
def test_parts_are_read(text: str, parts: str | None) -> None:
    read = read_parts(text)
    assert (str(read) if read else None) == parts
