"""A plan for a title: shown before it is kept, honest when it does not fit, and the same when it is kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from mentorbot.chat.cards import Button, Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import FrozenClock
from mentorbot.domain.plan import monday

from .conftest import Chat, buttons, line_of, plan_of

TITLES = ["ai-architect", "ai-solutions-architect", "ml-architect"]


def ways(card: Card) -> list[Button]:
    return [button for button in buttons(card) if button.line.startswith("plan new") and "?" not in button.line]


async def test_a_plan_is_shown_and_not_kept(chat: Chat) -> None:
    card = await chat.card("plan new ai-architect by:2035-01-01 hours:6")
    assert "At 6 hours a week it ends in the week of" in plain_text(card)
    assert "in time for 1 January 2035" in plain_text(card)
    assert (await plan_of(chat)).steps == ()
    saved = await chat.card(line_of(card, "Keep this plan"))
    assert "Kept. You are on the way to AI Architect." in plain_text(saved)
    plan = await plan_of(chat)
    assert (plan.title, plan.hours_per_week, str(plan.target_date)) == ("ai-architect", 6, "2035-01-01")
    assert f"{len(plan.active)} steps" in plain_text(card)


async def test_it_says_what_it_starts_from(chat: Chat) -> None:
    assert "it starts from level 0 everywhere" in await chat.text("plan new ai-architect")
    assert "so it starts from what your title" in await chat.text("plan new ai-architect current:ml-architect")
    await chat.say("assess mlops:3")
    assert "for the skills that you have not looked at yet" in await chat.text("plan new ai-architect")
    pack = chat.core.dispatcher.library.default
    await chat.say("assess", **{skill.id: "2" for skill in pack.skills})
    assert "It starts from your own assessment." in await chat.text("plan new ai-architect")


async def test_only_the_gaps_are_planned(chat: Chat) -> None:
    pack = chat.core.dispatcher.library.default
    needs = next(title.needs for title in pack.titles.titles if title.id == "ai-architect")
    await chat.say("assess", **{skill: str(level) for skill, level in needs.items()} | {"mlops": "2"})
    text = await chat.text("plan new ai-architect")
    assert "1 level to climb" in text
    assert "MLOps practices: you are at 2, this title needs 3; this takes you to 3." in text
    await chat.say("assess mlops:4")
    assert "You have the levels that AI Architect asks for" in await chat.text("plan new ai-architect")
    assert "You have the levels that AI Architect asks for" in await chat.text("plan keep ai-architect")
    assert (await plan_of(chat)).title == ""


async def test_what_the_pack_has_no_work_left_for_is_said(chat: Chat) -> None:
    pack = chat.core.dispatcher.library.default
    needs = next(title.needs for title in pack.titles.titles if title.id == "ai-architect")
    await chat.say("assess", **{skill: str(level) for skill, level in needs.items()} | {"mlops": "2"})
    for _ in range(4):
        await chat.say("plan keep ai-architect")
        for step in (await plan_of(chat)).active:
            await chat.say(f"plan done {step.number}")
        chat.core.clock.travel_to(chat.core.clock.now() + timedelta(days=2))
        await chat.say("assess mlops:2")
    text = await chat.text("plan new ai-architect")
    assert "You have done every step that the pack has towards AI Architect" in text
    assert "MLOps practices" in text


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(
    "options", ["by:2027-03-01 hours:2", "by:2026-11-24", "by:2029-01-01 hours:8", "by:fri hours:60"]
)
async def test_each_way_out_leads_to_a_plan_that_fits_or_is_smaller(chat: Chat, title: str, options: str) -> None:
    await chat.say("plan add My own hours:30")
    await chat.say("checkin pause 2027-01-11")
    card = await chat.card(f"plan new {title} {options}")
    first = await hours_of(card)
    if "in time for" in plain_text(card):
        return
    assert "Keep it as it is" in [button.label for button in buttons(card)]
    assert ways(card)
    for way in ways(card):
        led = await chat.card(way.line)
        fits = "in time for" in plain_text(led)
        smaller = way.label.startswith("Aim") and await hours_of(led) < first
        assert fits or smaller, way
        if fits:
            await chat.say(line_of(led, "Keep this plan"))
            plan = await plan_of(chat)
            assert plan.target_date is not None
            assert plan.milestones_end is not None
            assert monday(plan.milestones_end) <= plan.target_date
            await chat.say("plan undo")


async def hours_of(card: Card) -> int:
    size = next(row for row in plain_text(card).split("\n") if " to climb, " in row)
    return int(size.split(" hours.")[0].rsplit(" ", 1)[1])


async def test_what_is_kept_is_what_was_shown(chat: Chat) -> None:
    await chat.say("plan add My own hours:10")
    await chat.say("plan doing 1 hours:3")
    await chat.say("checkin pause 2027-02-01")
    card = await chat.card("plan new ai-architect hours:7")
    await chat.say(line_of(card, "Keep this plan"))
    everything = await chat.text("plan show all")
    shown = plain_text(card)
    for step in (await plan_of(chat)).active:
        if step.origin:
            row = next(row for row in shown.split("\n") if f" {step.number}. {step.text}" in row)
            assert row in everything


async def test_another_title_keeps_done_steps_and_ones_own(chat: Chat) -> None:
    await chat.say("plan add My own")
    await chat.say("plan keep ai-architect hours:10")
    done = next(step for step in (await plan_of(chat)).active if step.origin)
    await chat.say(f"plan done {done.number} evidence:https://example.org/x")
    card = await chat.card("plan new ml-architect")
    assert "Your own steps stay" in plain_text(card)
    await chat.say(line_of(card, "Keep this plan"))
    plan = await plan_of(chat)
    assert plan.step(1).text == "My own"
    assert plan.step(1).active
    assert plan.step(done.number).evidence == "https://example.org/x"
    assert plan.step_from(done.origin) is None
    await chat.say("plan undo")
    assert (await plan_of(chat)).title == "ai-architect"


async def test_keeping_twice_is_keeping_once(chat: Chat) -> None:
    press = line_of(await chat.card("plan new ai-architect hours:5"), "Keep this plan")
    answers = await asyncio.gather(*(chat.as_().card(press) for _ in range(3)))
    assert [card.error for card in answers] == [None] * 3
    plan = await plan_of(chat)
    origins = [step.origin for step in plan.steps]
    assert len(set(origins)) == len(origins)
    await chat.say("plan undo")
    assert (await plan_of(chat)).steps == ()


async def test_the_title_of_the_plan_is_the_default(chat: Chat) -> None:
    form = await chat.say("plan new")
    assert isinstance(form, Form)
    assert [item.name for item in form.fields if item.required] == ["title"]
    await chat.say("plan keep ml-architect")
    assert (await chat.card("plan new hours:9")).title.endswith(
        next(e.name for e in chat.core.dispatcher.library.default.titles.titles if e.id == "ml-architect")
    )


async def test_titles_and_milestones_that_the_pack_has_lost(chat: Chat) -> None:
    await chat.say("plan keep ml-architect")
    store = chat.core.store
    async with store.queue._begin() as session:
        await session.execute(sql("UPDATE plans SET title = 'gone'"))
        await session.execute(sql("UPDATE steps SET origin = 'milestone:gone' WHERE number = 1"))
    assert isinstance(await chat.say("plan new"), Form)
    for command in ("plan", "plan step 1", "plan done 1", "checkin now", "skill mlops"):
        assert (await chat.card(command)).error is None
    assert (await chat.card("plan keep ml-architect")).error is None


async def test_another_title_keeps_day_and_hours(chat: Chat) -> None:
    form = await chat.say(line_of(await chat.card("plan new ai-architect by:2035-01-01 hours:6"), "Another title"))
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
async def test_what_cannot_be_is_said(chat: Chat, command: str, options: str, option: str) -> None:
    if command == "plan keep" and option == "current":
        return
    card = await chat.card(f"{command} ai-architect {options}")
    assert (card.error, card.error_option) == ("bad_value", option)
    assert (await plan_of(chat)).steps == ()


async def test_a_keep_button_pressed_after_its_day(chat: Chat, clock: FrozenClock) -> None:
    press = line_of(await chat.card("plan new ai-architect by:2026-11-24"), "Keep it")
    clock.travel_to(clock.now() + timedelta(days=9))
    card = await chat.card(press)
    assert "has passed" in plain_text(card)
    assert isinstance(await chat.say(buttons(card)[0].line), Form)
