"""A learner's own view of their skills: by form, by buttons, a part at a time, and again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mentorbot.chat.cards import Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock

from .conftest import ROLE, Chat, buttons, line_of


async def history(chat: Chat, person: str = "ada", workspace: str = "T1") -> list[tuple[str, int]]:
    async with chat.core.store.unit_of_work(Workspace("slack", workspace)) as uow:
        return [(assessment.skill, assessment.level) for assessment in await uow.learner(person, ROLE).assessments()]


def skills(chat: Chat) -> list[str]:
    return [skill.id for skill in chat.core.dispatcher.library.default.skills]


async def test_a_form_asks_for_each_skill_in_words(chat: Chat) -> None:
    form = await chat.say("assess")
    assert isinstance(form, Form)
    assert form.paged
    assert [item.name for item in form.fields] == skills(chat)
    for item in form.fields:
        assert [choice.value for choice in item.choices] == ["0", "1", "2", "3", "4"]
        assert not item.required
    card = await chat.card(form.line, **dict.fromkeys(skills(chat), "2"))
    assert f"Kept: your levels in {len(skills(chat))} skills." in plain_text(card)
    assert await history(chat) == [(skill, 2) for skill in skills(chat)]


async def test_half_a_form_loses_nothing_and_the_rest_is_asked_for(chat: Chat) -> None:
    form = await chat.say("assess")
    assert isinstance(form, Form)
    first, rest = skills(chat)[:3], skills(chat)[3:]
    card = await chat.card(form.line, **dict.fromkeys(first, "1"))
    following = await chat.say(line_of(card, "Go on"))
    assert isinstance(following, Form)
    assert [item.name for item in following.fields] == rest
    await chat.say(following.line, **dict.fromkeys(rest[:-1], "0"))
    assert len(await history(chat)) == len(skills(chat)) - 1
    again = await chat.say("assess")
    assert isinstance(again, Form)
    assert [item.name for item in again.fields] == rest[-1:]


async def test_an_empty_form_is_asked_again_and_keeps_nothing(chat: Chat) -> None:
    answer = await chat.say("assess", **dict.fromkeys(skills(chat), ""))
    assert isinstance(answer, Form)
    assert await history(chat) == []


async def test_without_forms_one_skill_comes_after_the_other(chat: Chat) -> None:
    plain = chat.as_(forms=False)
    card = await plain.card("assess")
    for level, _ in enumerate(skills(chat)):
        card = await plain.card(next(button.line for button in buttons(card) if button.label == str(level % 5)))
        more = [button.line for button in buttons(card) if button.line == "assess"]
        card = await plain.card(more[0]) if more else card
    assert await history(chat) == [(skill, index % 5) for index, skill in enumerate(skills(chat))]


async def test_any_time_again_and_the_history_is_kept(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("assess mlops:1")
    await chat.say("assess mlops:3")
    clock.travel_to(clock.now() + timedelta(days=90))
    form = await chat.say("assess")
    assert isinstance(form, Form)
    assert next(item.value for item in form.fields if item.name == "mlops") == "3"
    await chat.say("assess mlops:2 cloud:0")
    assert await history(chat) == [("mlops", 1), ("mlops", 3), ("mlops", 2), ("cloud", 0)]
    assert "You are at level 2." in await chat.text("skill mlops")


async def test_a_skill_shows_ones_level_against_the_target(chat: Chat) -> None:
    assert "You are at level" not in await chat.text("skill mlops")
    await chat.say("assess mlops:1")
    await chat.say("plan keep ai-architect")
    card = await chat.card("skill mlops")
    assert "You are at level 1. AI Architect asks for level 3." in plain_text(card)
    asked = await chat.card(line_of(card, "Set my level"))
    assert [button.label for button in buttons(asked)] == ["0", "1", "2", "3", "4"]
    assert "AI Architect asks for 3" in await chat.text("assess mlops:2")


@pytest.mark.parametrize("level", ["7", "-1", "two", "1.5", "5", "+1", "+", "one", "leads", "²", "٣", ""])
async def test_a_level_that_is_none_is_refused_and_nothing_is_kept(chat: Chat, level: str) -> None:
    for answer in (await chat.say(f"assess cloud:2 mlops:{level}"), await chat.say("assess", cloud="2", mlops=level)):
        if level == "" and isinstance(answer, Card) and answer.error is None:
            continue  # an empty field was left out
        assert isinstance(answer, Card)
        assert (answer.error, answer.error_option) == ("bad_value", "mlops")
        assert "You can choose: 0, 1, 2, 3, 4." in plain_text(answer)
    if level:
        assert await history(chat) == []


@pytest.mark.parametrize("words", ["assess juggling", "assess juggling:2", "assess mlops:1 mlops:2"])
async def test_skills_that_are_not_there(chat: Chat, words: str) -> None:
    assert (await chat.card(words)).error in ("bad_value", "not_understood")
    assert await history(chat) == []


async def test_two_devices_at_once(chat: Chat) -> None:
    cards = await asyncio.gather(*(chat.as_().card(f"assess {skill}:3") for skill in skills(chat)))
    assert [card.error for card in cards] == [None] * len(cards)
    assert sorted(await history(chat)) == sorted((skill, 3) for skill in skills(chat))


async def test_one_press_that_is_delivered_twice_is_kept_once(chat: Chat) -> None:
    await asyncio.gather(*(chat.as_().say("assess mlops:3", key="k1") for _ in range(3)))
    assert await history(chat) == [("mlops", 3)]


async def test_others_see_nothing(chat: Chat) -> None:
    await chat.say("assess mlops:3")
    for other in (chat.as_(person="ben"), chat.as_(workspace="T2")):
        assert "You are at level" not in await other.text("skill mlops")
        await other.say("assess mlops:0")
    assert await history(chat) == [("mlops", 3)]
    assert await history(chat, "ben") == [("mlops", 0)]
    assert await history(chat, "ada", "T2") == [("mlops", 0)]
