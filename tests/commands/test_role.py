"""One bot, several roles: everyone gets answers, tips and plans for the role they learn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentorbot.chat.cards import Card
from mentorbot.chat.plain_text import plain_text

from .conftest import MONDAY, Chat, buttons


async def test_everyone_begins_with_the_bots_role(chat: Chat) -> None:
    text = await chat.text("role")
    assert text.startswith("You're learning to be an AI Architect")
    assert "Engineering Manager" in text


async def test_a_new_role_changes_what_is_answered(chat: Chat) -> None:
    card = await chat.card("role engineering manager")
    assert card.title == "You're now learning to be an Engineering Manager"
    assert "You can switch back any time" in plain_text(card)
    assert "plan is safe" not in plain_text(card), "there was no plan yet"
    assert (await chat.card("brief overview")).title == "Engineering Manager: Overview"
    assert "Coaching and feedback" in await chat.text("skill")
    assert "critical path" in await chat.text("ask do engineering managers still write code?")


async def test_each_role_keeps_its_plan(chat: Chat) -> None:
    await chat.text("plan add Read about MLOps")
    assert "Your AI Architect plan is safe" in await chat.text("role engineering-manager")
    assert "Read about MLOps" not in await chat.text("plan show all")
    await chat.text("plan new engineering-manager hours:4")
    await chat.text("role ai-architect")
    assert "Read about MLOps" in await chat.text("plan show all")


async def test_others_keep_their_role(chat: Chat) -> None:
    await chat.text("role engineering-manager")
    for other in (chat.copy(person="ben"), chat.copy(workspace="T2")):
        assert (await other.card("brief overview")).title.startswith("AI Architect: ")


async def test_a_workspaces_role_is_for_those_who_have_chosen_none(chat: Chat) -> None:
    ben, elsewhere = chat.copy(person="ben", admin=False), chat.copy(workspace="T2")
    await ben.text("role ai-architect")
    assert (await chat.card("admin role engineering-manager")).title.startswith(
        "From now on, people here learn to be an Engineering"
    )
    assert (await chat.card("brief overview")).title == "Engineering Manager: Overview"
    assert (await ben.card("brief overview")).title.startswith("AI Architect: ")
    assert (await elsewhere.card("brief overview")).title.startswith("AI Architect: ")
    assert "rights" in await ben.text("admin role ai-architect")


@pytest.mark.parametrize(
    "line",
    [
        "salary",
        "salary senior",
        "brief salary",
        "ask what's the typical pay in Toronto?",
        "ask average salary of an engineering manager oslo",
        "ask pay in pounds after 8 years",
    ],
)
async def test_a_pack_without_pay_says_so(chat: Chat, line: str) -> None:
    await chat.text("role engineering-manager")
    assert (await chat.card(line)).title == "I have no pay figures for Engineering Manager"


@pytest.mark.parametrize(
    "question",
    ["how much do AI architects earn", "what does an AI architect earn in Berlin", "what does an AI architect do"],
)
async def test_a_question_about_another_role_leads_to_it(chat: Chat, question: str) -> None:
    await chat.text("role engineering-manager")
    for text in (question, f"ask {question}"):
        card = await chat.card(text)
        assert card.title == "That's one for an AI Architect"
        assert [button.line for button in buttons(card)] == ["role ai-architect"]


async def test_a_question_about_people_of_another_role_is_still_one_about_ones_own(chat: Chat) -> None:
    await chat.text("role engineering-manager")
    assert "Switch to" not in await chat.text("ask the AI architect keeps blocking my team's releases")


async def test_an_unknown_role_is_refused_with_the_nearest(chat: Chat) -> None:
    card = await chat.card("role enginering-maneger")
    assert "role name:engineering-manager" in [button.line for button in buttons(card)]
    assert (await chat.card("brief overview")).title.startswith("AI Architect: ")


async def test_messages_follow_the_role(chat: Chat) -> None:
    await chat.text("tips me monday 13:00 Berlin")
    await chat.text("role engineering-manager")
    chat.app_context.clock.travel_to(MONDAY + timedelta(days=7, hours=1))
    (posted,) = await chat.tick()
    packs = chat.app_context.library.packs
    titles = {tip.title.lower() for tip, _ in packs["engineering-manager"].tips_by_id.values()}
    assert any(title in posted.card.title.lower() for title in titles)


async def test_a_channels_tips_are_for_the_role_chosen_for_them(chat: Chat) -> None:
    await chat.text("tips here monday 13:00 Berlin role:engineering-manager")
    await chat.text("tips here tuesday 13:00 Berlin")  # only the day changes
    chat.app_context.clock.travel_to(MONDAY + timedelta(days=8, hours=1))
    (posted,) = await chat.tick()
    assert "For an Engineering Manager: " in plain_text(posted.card)
    added = await chat.card("plan add tip:" + _tip_in(posted.card))
    assert isinstance(added, Card)
    assert "don't have that tip" not in plain_text(added)


def _tip_in(card: Card) -> str:
    line = next(button.line for button in buttons(card) if button.line.startswith("plan add tip:"))
    return line.removeprefix("plan add tip:")


async def test_a_mentor_of_one_role_is_found_for_its_learners_alone(chat: Chat) -> None:
    eve = chat.copy(person="eve")
    await eve.text("pair offer 2 confirmed:yes")
    await chat.text("role engineering-manager")
    await chat.text("plan new engineering-manager hours:4")
    assert "eve" not in await chat.text("pair list")
