"""A draft plan for a title: shown before it's saved, clear about what doesn't fit, and saved as shown."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from mentorbot.chat.cards import Button, Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import FrozenClock
from mentorbot.domain.plan import monday

from .conftest import Chat, button_line, buttons, stored_plan

TITLES = ["ai-architect", "ai-solutions-architect", "ml-architect"]


def alternatives(card: Card) -> list[Button]:
    return [button for button in buttons(card) if button.line.startswith("plan new") and "?" not in button.line]


async def test_a_draft_is_shown_before_it_is_saved(chat: Chat) -> None:
    card = await chat.card("plan new ai-architect by:2035-01-01 hours:6")
    assert "At 6 hours a week it ends in the week of" in plain_text(card)
    assert "in time for 1 January 2035" in plain_text(card)
    assert (await stored_plan(chat)).steps == ()
    saved_card = await chat.card(button_line(card, "Keep this plan"))
    assert "Kept. You are on the way to AI Architect." in plain_text(saved_card)
    plan = await stored_plan(chat)
    assert (plan.title, plan.hours_per_week, str(plan.target_date)) == ("ai-architect", 6, "2035-01-01")
    assert f"{len(plan.active)} steps" in plain_text(card)


async def test_a_draft_names_its_starting_levels(chat: Chat) -> None:
    assert "it starts from level 0 everywhere" in await chat.text("plan new ai-architect")
    assert "so it starts from what your title" in await chat.text("plan new ai-architect current:ml-architect")
    await chat.say("assess mlops:3")
    assert "for the skills that you have not looked at yet" in await chat.text("plan new ai-architect")
    pack = chat.app_context.dispatcher.library.default
    await chat.say("assess", **{skill.id: "2" for skill in pack.skills})
    assert "It starts from your own assessment." in await chat.text("plan new ai-architect")


async def test_a_draft_covers_only_the_gaps(chat: Chat) -> None:
    pack = chat.app_context.dispatcher.library.default
    needs = next(title.needs for title in pack.titles.titles if title.id == "ai-architect")
    await chat.say("assess", **{skill: str(level) for skill, level in needs.items()} | {"mlops": "2"})
    text = await chat.text("plan new ai-architect")
    assert "1 level to climb" in text
    assert "MLOps practices: you are at 2, this title needs 3; this takes you to 3." in text
    await chat.say("assess mlops:4")
    assert "You have the levels that AI Architect asks for" in await chat.text("plan new ai-architect")
    assert "You have the levels that AI Architect asks for" in await chat.text("plan keep ai-architect")
    assert (await stored_plan(chat)).title == ""


async def test_a_gap_without_milestones_left_is_named(chat: Chat) -> None:
    pack = chat.app_context.dispatcher.library.default
    needs = next(title.needs for title in pack.titles.titles if title.id == "ai-architect")
    await chat.say("assess", **{skill: str(level) for skill, level in needs.items()} | {"mlops": "2"})
    for _ in range(4):
        await chat.say("plan keep ai-architect")
        for step in (await stored_plan(chat)).active:
            await chat.say(f"plan done {step.number}")
        chat.app_context.clock.travel_to(chat.app_context.clock.now() + timedelta(days=2))
        await chat.say("assess mlops:2")
    text = await chat.text("plan new ai-architect")
    assert "You have done every step that the pack has towards AI Architect" in text
    assert "MLOps practices" in text


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(
    "options", ["by:2027-03-01 hours:2", "by:2026-11-24", "by:2029-01-01 hours:8", "by:fri hours:60"]
)
async def test_each_alternative_fits_or_is_smaller(chat: Chat, title: str, options: str) -> None:
    await chat.say("plan add My own hours:30")
    await chat.say("checkin pause 2027-01-11")
    card = await chat.card(f"plan new {title} {options}")
    hours = await total_hours(card)
    if "in time for" in plain_text(card):
        return
    assert "Keep it as it is" in [button.label for button in buttons(card)]
    assert alternatives(card)
    for alternative in alternatives(card):
        draft = await chat.card(alternative.line)
        fits = "in time for" in plain_text(draft)
        smaller = alternative.label.startswith("Aim") and await total_hours(draft) < hours
        assert fits or smaller, alternative
        if fits:
            await chat.say(button_line(draft, "Keep this plan"))
            plan = await stored_plan(chat)
            assert plan.target_date is not None
            assert plan.milestones_end is not None
            assert monday(plan.milestones_end) <= plan.target_date
            await chat.say("plan undo")


async def total_hours(card: Card) -> int:
    size = next(row for row in plain_text(card).split("\n") if " to climb, " in row)
    return int(size.split(" hours.")[0].rsplit(" ", 1)[1])


async def test_the_saved_plan_matches_the_draft(chat: Chat) -> None:
    await chat.say("plan add My own hours:10")
    await chat.say("plan doing 1 hours:3")
    await chat.say("checkin pause 2027-02-01")
    card = await chat.card("plan new ai-architect hours:7")
    await chat.say(button_line(card, "Keep this plan"))
    full_plan = await chat.text("plan show all")
    draft_text = plain_text(card)
    for step in (await stored_plan(chat)).active:
        if step.origin:
            row = next(row for row in draft_text.split("\n") if f" {step.number}. {step.text}" in row)
            assert row in full_plan


async def test_a_new_title_keeps_done_steps_and_own_steps(chat: Chat) -> None:
    await chat.say("plan add My own")
    await chat.say("plan keep ai-architect hours:10")
    done_step = next(step for step in (await stored_plan(chat)).active if step.origin)
    await chat.say(f"plan done {done_step.number} evidence:https://example.org/x")
    card = await chat.card("plan new ml-architect")
    assert "Your own steps stay" in plain_text(card)
    await chat.say(button_line(card, "Keep this plan"))
    plan = await stored_plan(chat)
    assert plan.step(1).text == "My own"
    assert plan.step(1).active
    assert plan.step(done_step.number).evidence == "https://example.org/x"
    assert plan.step_from(done_step.origin) is None
    await chat.say("plan undo")
    assert (await stored_plan(chat)).title == "ai-architect"


async def test_saving_a_draft_twice_saves_it_once(chat: Chat) -> None:
    keep_line = button_line(await chat.card("plan new ai-architect hours:5"), "Keep this plan")
    answers = await asyncio.gather(*(chat.copy().card(keep_line) for _ in range(3)))
    assert [card.error for card in answers] == [None] * 3
    plan = await stored_plan(chat)
    origins = [step.origin for step in plan.steps]
    assert len(set(origins)) == len(origins)
    await chat.say("plan undo")
    assert (await stored_plan(chat)).steps == ()


async def test_the_title_of_the_plan_is_the_default(chat: Chat) -> None:
    form = await chat.say("plan new")
    assert isinstance(form, Form)
    assert [item.name for item in form.fields if item.required] == ["title"]
    await chat.say("plan keep ml-architect")
    assert (await chat.card("plan new hours:9")).title.endswith(
        next(
            title.name
            for title in chat.app_context.dispatcher.library.default.titles.titles
            if title.id == "ml-architect"
        )
    )


async def test_titles_and_milestones_missing_from_the_pack_are_tolerated(chat: Chat) -> None:
    await chat.say("plan keep ml-architect")
    store = chat.app_context.store
    async with store.queue._begin() as session:
        await session.execute(sql("UPDATE plans SET title = 'gone'"))
        await session.execute(sql("UPDATE steps SET origin = 'milestone:gone' WHERE number = 1"))
    assert isinstance(await chat.say("plan new"), Form)
    for command in ("plan", "plan step 1", "plan done 1", "checkin now", "skill mlops"):
        assert (await chat.card(command)).error is None
    assert (await chat.card("plan keep ml-architect")).error is None


async def test_choosing_another_title_keeps_date_and_hours(chat: Chat) -> None:
    form = await chat.say(button_line(await chat.card("plan new ai-architect by:2035-01-01 hours:6"), "Another title"))
    assert isinstance(form, Form)
    card = await chat.card(form.line, title="ml-architect")
    assert "At 6 hours a week" in plain_text(card)
    assert "1 January 2035" in plain_text(card)


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ("hours:0", "hours"),
        ("hours:200", "hours"),
        ("hours:1.5", "hours"),
        ("hours:many", "hours"),
        ("by:2026-11-22", "by"),
        ("by:2101-01-01", "by"),
        ("by:someday", "by"),
        ("current:wizard", "current"),
    ],
)
@pytest.mark.parametrize("command", ["plan new", "plan keep"])
async def test_an_invalid_draft_option_is_refused(chat: Chat, command: str, options: str, option: str) -> None:
    if command == "plan keep" and option == "current":
        return
    card = await chat.card(f"{command} ai-architect {options}")
    assert (card.error, card.error_option) == ("bad_value", option)
    assert (await stored_plan(chat)).steps == ()


async def test_a_keep_button_pressed_after_its_target_date_asks_again(chat: Chat, clock: FrozenClock) -> None:
    keep_line = button_line(await chat.card("plan new ai-architect by:2026-11-24"), "Keep it")
    clock.travel_to(clock.now() + timedelta(days=9))
    card = await chat.card(keep_line)
    assert "has passed" in plain_text(card)
    assert isinstance(await chat.say(buttons(card)[0].line), Form)
