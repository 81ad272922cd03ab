"""Self-assessment of skills: by form, by buttons, in parts, and repeatedly."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mentorbot.chat.cards import Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock

from .conftest import ROLE, Chat, button_line, buttons


async def assessment_history(chat: Chat, person: str = "ada", workspace: str = "T1") -> list[tuple[str, int]]:
    async with chat.app_context.store.unit_of_work(Workspace("slack", workspace)) as uow:
        return [(assessment.skill, assessment.level) for assessment in await uow.learner(person, ROLE).assessments()]


def skill_ids(chat: Chat) -> list[str]:
    return [skill.id for skill in chat.app_context.dispatcher.library.default.skills]


async def test_a_form_asks_for_each_skill(chat: Chat) -> None:
    form = await chat.say("assess")
    assert isinstance(form, Form)
    assert form.paged
    assert [item.name for item in form.fields] == skill_ids(chat)
    for item in form.fields:
        assert [choice.value for choice in item.choices] == ["0", "1", "2", "3", "4"]
        assert not item.required
    card = await chat.card(form.line, **dict.fromkeys(skill_ids(chat), "2"))
    assert card.title == f"Saved: your levels in {len(skill_ids(chat))} skills"
    assert await assessment_history(chat) == [(skill, 2) for skill in skill_ids(chat)]


async def test_half_a_form_is_saved_and_the_rest_asked_for(chat: Chat) -> None:
    form = await chat.say("assess")
    assert isinstance(form, Form)
    answered, rest = skill_ids(chat)[:3], skill_ids(chat)[3:]
    card = await chat.card(form.line, **dict.fromkeys(answered, "1"))
    next_form = await chat.say(button_line(card, "Next"))
    assert isinstance(next_form, Form)
    assert [item.name for item in next_form.fields] == rest
    await chat.say(next_form.line, **dict.fromkeys(rest[:-1], "0"))
    assert len(await assessment_history(chat)) == len(skill_ids(chat)) - 1
    last_form = await chat.say("assess")
    assert isinstance(last_form, Form)
    assert [item.name for item in last_form.fields] == rest[-1:]


async def test_an_empty_form_saves_nothing_and_is_shown_again(chat: Chat) -> None:
    answer = await chat.say("assess", **dict.fromkeys(skill_ids(chat), ""))
    assert isinstance(answer, Form)
    assert await assessment_history(chat) == []


async def test_without_forms_skills_are_asked_for_one_by_one(chat: Chat) -> None:
    plain = chat.copy(forms=False)
    card = await plain.card("assess")
    for level, _ in enumerate(skill_ids(chat)):
        card = await plain.card(next(button.line for button in buttons(card) if button.label == str(level % 5)))
        next_lines = [button.line for button in buttons(card) if button.line == "assess"]
        card = await plain.card(next_lines[0]) if next_lines else card
    assert await assessment_history(chat) == [(skill, index % 5) for index, skill in enumerate(skill_ids(chat))]


async def test_reassessing_keeps_the_history(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("assess mlops:1")
    await chat.say("assess mlops:3")
    clock.travel_to(clock.now() + timedelta(days=90))
    form = await chat.say("assess")
    assert isinstance(form, Form)
    assert next(item.value for item in form.fields if item.name == "mlops") == "3"
    await chat.say("assess mlops:2 cloud:0")
    assert await assessment_history(chat) == [("mlops", 1), ("mlops", 3), ("mlops", 2), ("cloud", 0)]
    assert "You're at level 2." in await chat.text("skill mlops")


async def test_a_skill_shows_the_callers_level_and_the_target(chat: Chat) -> None:
    assert "You're at level" not in await chat.text("skill mlops")
    await chat.say("assess mlops:1")
    await chat.say("plan save ai-architect")
    card = await chat.card("skill mlops")
    assert "You're at level 1. AI Architect needs level 3." in plain_text(card)
    levels = await chat.card(button_line(card, "Set my level"))
    assert [button.label for button in buttons(levels)] == ["0", "1", "2", "3", "4"]
    assert " 2 of 3, " in await chat.text("assess mlops:2")


@pytest.mark.parametrize("level", ["7", "-1", "two", "1.5", "5", "+1", "+", "one", "leads", ""])
async def test_an_invalid_level_is_refused_and_nothing_is_saved(chat: Chat, level: str) -> None:
    for answer in (await chat.say(f"assess cloud:2 mlops:{level}"), await chat.say("assess", cloud="2", mlops=level)):
        if level == "" and isinstance(answer, Card) and answer.error is None:
            continue  # an empty field counts as left out
        assert isinstance(answer, Card)
        assert (answer.error, answer.error_option) == ("bad_value", "mlops")
        assert "You can choose: 0, 1, 2, 3, 4." in plain_text(answer)
    if level:
        assert await assessment_history(chat) == []


@pytest.mark.parametrize("digit", ["٣", "３"])
async def test_a_digit_of_any_script_is_a_level(chat: Chat, digit: str) -> None:
    await chat.say(f"assess mlops:{digit}")
    assert await assessment_history(chat) == [("mlops", 3)]


@pytest.mark.parametrize("words", ["assess juggling:2", "assess mlops:1 mlops:2"])
async def test_an_unknown_or_repeated_skill_is_refused(chat: Chat, words: str) -> None:
    assert (await chat.card(words)).error == "bad_value"
    assert await assessment_history(chat) == []


async def test_a_word_that_is_no_skill_is_refused(chat: Chat) -> None:
    card = await chat.card("assess juggling")
    assert (card.error, card.title) == ("bad_value", "I don't know “juggling”")
    assert await assessment_history(chat) == []


async def test_two_devices_at_once(chat: Chat) -> None:
    cards = await asyncio.gather(*(chat.copy().card(f"assess {skill}:3") for skill in skill_ids(chat)))
    assert [card.error for card in cards] == [None] * len(cards)
    assert sorted(await assessment_history(chat)) == sorted((skill, 3) for skill in skill_ids(chat))


async def test_a_press_delivered_twice_is_saved_once(chat: Chat) -> None:
    await asyncio.gather(*(chat.copy().say("assess mlops:3", key="k1") for _ in range(3)))
    assert await assessment_history(chat) == [("mlops", 3)]


async def test_others_see_nothing(chat: Chat) -> None:
    await chat.say("assess mlops:3")
    for other in (chat.copy(person="ben"), chat.copy(workspace="T2")):
        assert "You're at level" not in await other.text("skill mlops")
        await other.say("assess mlops:0")
    assert await assessment_history(chat) == [("mlops", 3)]
    assert await assessment_history(chat, "ben") == [("mlops", 0)]
    assert await assessment_history(chat, "ada", "T2") == [("mlops", 0)]


async def test_undo_takes_back_just_what_was_saved_together(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("assess mlops:1")
    clock.travel_to(clock.now() + timedelta(days=90))
    saved = await chat.card("assess mlops:3 cloud:2")
    clock.travel_to(clock.now() + timedelta(seconds=1))
    await chat.say("assess mlops:4")
    undone = await chat.card(button_line(saved, "Undo"))
    assert undone.title == "Undone: your levels in 2 skills are back as they were"
    assert await assessment_history(chat) == [("mlops", 1), ("mlops", 4)]
    assert (await chat.card(button_line(saved, "Undo"))).error == "conflict"
    await chat.say(button_line(undone, "Redo"))
    assert (await assessment_history(chat))[-2:] == [("mlops", 3), ("cloud", 2)]


async def test_an_undo_pressed_twice_takes_back_nothing_newer(chat: Chat, clock: FrozenClock) -> None:
    undo = button_line(await chat.card("assess mlops:3"), "Undo")
    await chat.say(undo)
    clock.travel_to(clock.now() + timedelta(seconds=1))
    await chat.say("assess cloud:2")
    assert (await chat.card(undo)).error == "conflict"
    assert await assessment_history(chat) == [("cloud", 2)]


@pytest.mark.parametrize("undo", ["x", "1-9", f"1-{'9' * 30}", "9" * 30, "00000101000000000000", "٢٠٢٦"])
async def test_a_forged_undo_takes_back_nothing(chat: Chat, undo: str) -> None:
    await chat.say("assess mlops:3")
    assert (await chat.card(f"assess undo:{undo}")).error == "conflict"
    assert await assessment_history(chat) == [("mlops", 3)]


async def test_undo_of_one_level_says_which_level_counts_again(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("assess mlops:1")
    clock.travel_to(clock.now() + timedelta(seconds=1))
    saved = await chat.card("assess mlops:3")
    assert (await chat.card(button_line(saved, "Undo"))).title == "Undone: MLOps is back at 1"
    assert "You're at level 1." in await chat.text("skill mlops")


async def test_nobody_takes_back_anybody_elses_levels(chat: Chat) -> None:
    undo = button_line(await chat.card("assess mlops:3"), "Undo")
    for other in (chat.copy(person="ben"), chat.copy(workspace="T2")):
        assert (await other.card(undo)).error == "conflict"
    assert await assessment_history(chat) == [("mlops", 3)]
