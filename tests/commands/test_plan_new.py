"""A draft plan for a title: shown before it's saved, clear about what doesn't fit, and saved as shown."""

from __future__ import annotations

import asyncio
import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text as sql

from mentorbot.chat.cards import Button, Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.domain.plan import monday
from mentorbot.views.plan import planned_time
from tests.conftest import line_count

from .conftest import ROLE, Chat, button_line, buttons, stored_plan

TODAY = date(2026, 11, 23)

TITLES = ["ai-architect", "ai-solutions-architect", "ml-architect"]


def alternatives(card: Card) -> list[Button]:
    return [button for button in buttons(card) if button.line.startswith("plan new")]


async def test_a_draft_is_shown_before_it_is_saved(chat: Chat) -> None:
    card = await chat.card("plan new ai-architect by:2035-01-01 hours:6")
    assert "At 6 h a week you'd finish in" in plain_text(card)
    assert "in time for 1 January 2035" in plain_text(card)
    assert line_count(card) <= 12
    assert (await stored_plan(chat)).steps == ()
    saved_card = await chat.card(button_line(card, "Start"))
    assert saved_card.title == "Plan saved. Next stop: AI Architect"
    assert line_count(saved_card) <= 8
    plan = await stored_plan(chat)
    assert (plan.title, plan.hours_per_week, str(plan.target_date)) == ("ai-architect", 6, "2035-01-01")
    assert f"{len(plan.active)} steps" in plain_text(card)


async def test_a_draft_names_its_starting_levels(chat: Chat) -> None:
    assert "I've assumed you're starting from zero." in await chat.text("plan new ai-architect")
    assert "based on ML Architect, your role today" in await chat.text("plan new ai-architect current:ml-architect")
    await chat.say("assess mlops:3")
    assert "based on your 2-minute check" in await chat.text("plan new ai-architect")


async def test_a_draft_covers_only_the_gaps(chat: Chat) -> None:
    pack = chat.app_context.dispatcher.library.default
    needs = next(title.needs for title in pack.titles.titles if title.id == "ai-architect")
    await chat.say("assess", **{skill: str(level) for skill, level in needs.items()} | {"mlops": "2"})
    assert "Release a model in stages, 60 h" in await chat.text("plan new ai-architect page:1")
    await chat.say("assess mlops:4")
    draft = await chat.text("plan new ai-architect page:1")
    assert "Rewrite your CV around decisions, 8 h" in draft  # nobody gets the title for the levels alone
    assert "Release a model in stages" not in draft
    assert "You're already there: AI Architect" in await chat.text("plan new ai-architect current:ai-architect")
    assert "You're already there: AI Architect" in await chat.text("plan save ai-architect")
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
    assert "You've done all my steps towards AI Architect" in text
    assert "MLOps" in text


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(
    "options", ["by:2027-03-01 hours:2", "by:2026-11-24", "by:2029-01-01 hours:8", "by:fri hours:60"]
)
async def test_each_alternative_fits_or_is_smaller(chat: Chat, title: str, options: str) -> None:
    await chat.say("plan add My own hours:30")
    await chat.say("checkin pause 2027-01-11")
    card = await chat.card(f"plan new {title} {options}")
    if "in time for" in plain_text(card):
        return
    assert "is too tight" in card.title
    assert line_count(card) <= 8
    hours = total_hours(card)
    assert alternatives(card)
    for alternative in alternatives(card):
        draft = await chat.card(alternative.line)
        fits = "in time for" in plain_text(draft)
        smaller = alternative.label == "Fewer steps" and total_hours(draft) < hours
        assert fits or smaller, alternative
        if fits:
            await chat.say(button_line(draft, "Start"))
            plan = await stored_plan(chat)
            assert plan.target_date is not None
            assert plan.milestones_end is not None
            assert monday(plan.milestones_end) <= plan.target_date
            await chat.say("plan undo")


async def test_a_smaller_target_that_is_late_too_comes_with_a_date_it_can_be_reached_by(chat: Chat) -> None:
    card = await chat.card("plan new ai-architect hours:4 by:2027-06-01")
    labels = [button.label for button in alternatives(card)]
    assert "Fewer steps" not in labels
    smaller = next(label for label in labels if label.startswith("ML Architect, "))
    assert "in time for" in plain_text(await chat.card(button_line(card, smaller)))


async def test_those_who_took_the_check_are_not_sent_back_to_it(chat: Chat) -> None:
    skills = [skill.id for skill in chat.app_context.dispatcher.library.default.skills]
    assert button_line(await chat.card("plan new ai-architect hours:4"), "Take the check")
    await chat.say("assess", **dict.fromkeys(skills, "0"))
    card = await chat.card("plan new ai-architect hours:4")
    assert "It's based on your 2-minute check." in plain_text(card)
    assert "Take the check" not in [button.label for button in buttons(card)]


def total_hours(card: Card) -> int:
    """Read the hours off a preview, or off a card that says it's too tight."""
    match = re.search(r"([\d,]+) h(?: in(?:to)? \d|\.)", plain_text(card))
    assert match
    return int(match[1].replace(",", ""))


async def test_the_saved_plan_matches_the_draft(chat: Chat) -> None:
    await chat.say("plan add My own hours:10")
    await chat.say("plan log 1 3")
    await chat.say("checkin pause 2027-02-01")
    card = await chat.card("plan new ai-architect hours:7 anyway:yes")
    pages = [await chat.card(button_line(card, "All steps"))]
    while more := [button.line for button in buttons(pages[-1]) if button.label == "More"]:
        pages.append(await chat.card(more[0]))
    assert all(line_count(page) <= 12 for page in pages)
    await chat.say(button_line(pages[-1], "Start"))
    draft_text = "".join(plain_text(page) for page in pages)
    for step in (await stored_plan(chat)).active:
        if step.origin:
            assert f"{step.text}, {step.hours} h, {planned_time(step, TODAY)}" in draft_text


async def test_a_new_title_keeps_done_steps_and_own_steps(chat: Chat) -> None:
    await chat.say("plan add My own")
    await chat.say("plan keep ai-architect hours:10")
    done_step = next(step for step in (await stored_plan(chat)).active if step.origin)
    await chat.say(f"plan done {done_step.number} evidence:https://example.org/x")
    card = await chat.card("plan new ml-architect")
    assert "Your own steps stay" in plain_text(card)
    assert line_count(card) <= 12
    await chat.say(button_line(card, "Start"))
    plan = await stored_plan(chat)
    assert plan.step(1).text == "My own"
    assert plan.step(1).active
    assert plan.step(done_step.number).evidence == "https://example.org/x"
    assert plan.step_from(done_step.origin) is None
    await chat.say("plan undo")
    assert (await stored_plan(chat)).title == "ai-architect"


async def test_saving_a_draft_twice_saves_it_once(chat: Chat) -> None:
    keep_line = button_line(await chat.card("plan new ai-architect hours:5 anyway:yes"), "Start")
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
    assert (await chat.card("plan new hours:9 anyway:yes")).title.endswith(
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
    form = await chat.say(button_line(await chat.card("plan new ai-architect by:2035-01-01 hours:6"), "Adjust"))
    assert isinstance(form, Form)
    values = {field.name: field.value for field in form.fields}
    assert values == {"title": "ai-architect", "hours": "6", "by": "2035-01-01"}
    card = await chat.card(form.line, **values | {"title": "ml-architect"})
    assert "At 6 h a week" in plain_text(card)
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
@pytest.mark.parametrize("command", ["plan new", "plan save"])
async def test_an_invalid_draft_option_is_refused(chat: Chat, command: str, options: str, option: str) -> None:
    if command == "plan save" and option == "current":
        return
    card = await chat.card(f"{command} ai-architect {options}")
    assert (card.error, card.error_option) == ("bad_value", option)
    assert (await stored_plan(chat)).steps == ()


async def test_a_start_button_pressed_after_its_target_date_offers_a_later_one(chat: Chat, clock: FrozenClock) -> None:
    save_line = button_line(await chat.card("plan new ai-architect by:2035-01-01 hours:6"), "Start")
    clock.travel_to(clock.now() + timedelta(days=5000))
    card = await chat.card(save_line)
    assert "has passed" in plain_text(card)
    assert (await stored_plan(chat)).steps == ()
    await chat.say(buttons(card)[0].line)
    assert (await stored_plan(chat)).target_date == date(2041, 1, 1)


async def test_a_title_years_away_comes_with_a_nearer_one(chat: Chat) -> None:
    card = await chat.card("plan new ai-architect hours:4")
    assert card.title.startswith("AI Architect would take until ")
    assert "Nearer: " in plain_text(card)
    assert line_count(card) <= 8
    nearer = await chat.card(button_line(card, "Start with"))
    assert nearer.title.startswith("Your plan: ")
    assert (await chat.card(button_line(card, "AI Architect anyway"))).title == "Your plan: AI Architect"
    assert (await stored_plan(chat)).steps == ()


@pytest.mark.parametrize(("day", "first_week"), [(27, "2026-11-23"), (28, "2026-11-30"), (29, "2026-11-30")])
async def test_a_plan_made_at_the_weekend_starts_on_monday(
    chat: Chat, clock: FrozenClock, day: int, first_week: str
) -> None:
    clock.travel_to(clock.now().replace(day=day))
    await chat.say("plan save ml-architect hours:6")
    await chat.say("plan hours 5")
    plan = await stored_plan(chat)
    assert str(min(part.week for step in plan.active for part in step.allocations)) == first_week
    assert (await chat.card("plan")).title == ("This week: 5 h" if day == 27 else "Your plan starts Monday, 30 Nov")


@pytest.mark.parametrize("zone", ["Europe/Berlin", None])
async def test_a_saved_plan_asks_for_the_check_in_once(chat: Chat, zone: str | None) -> None:
    person = chat.copy(zone=ZoneInfo(zone) if zone else None)
    card = await person.card("plan save ml-architect hours:6")
    if zone is None:
        assert "Shall I check in on Fridays at 15:00? In which city's time?" in plain_text(card)
        return
    assert "Shall I check in on Fridays at 15:00, Berlin time?" in plain_text(card)
    assert (await person.card(button_line(card, "Yes"))).error is None
    assert "Shall I check in" not in await person.text("plan save ai-architect hours:6")


async def test_undoing_a_first_plan_says_that_its_gone_and_offers_it_again(chat: Chat) -> None:
    await chat.say("plan new ai-architect hours:4")
    await chat.say("plan keep ai-architect hours:4")
    steps = (await stored_plan(chat)).steps
    undone = await chat.card("plan undo")
    assert undone.title == "Undone: your AI Architect plan is removed"
    redone = await chat.card(button_line(undone, "Bring it back"))
    assert redone.title == "Redone: your plan is back"
    assert (await stored_plan(chat)).steps == steps != ()


async def test_undoing_a_plan_takes_back_the_levels_of_its_starting_point(chat: Chat) -> None:
    await chat.say("assess mlops:3")
    await chat.say("plan save ai-architect hours:6 persona:data-scientist")
    started = await levels(chat)
    assert started["mlops"] == 3
    assert len(started) > 1
    assert "Your levels are back to what they were." in await chat.text("plan undo")
    assert await levels(chat) == {"mlops": 3}
    await chat.say("plan redo")
    assert await levels(chat) == started
    own = next(skill for skill in started if skill != "mlops")
    await chat.say(f"assess {own}:4")
    await chat.say("plan undo")
    assert await levels(chat) == {"mlops": 3, own: 4}


async def levels(chat: Chat) -> dict[str, int]:
    """The caller's levels as stored: the newest of each skill."""
    async with chat.app_context.store.unit_of_work(Workspace("slack", chat.workspace)) as uow:
        stored = await uow.learner(chat.person, ROLE).assessments()
    return {assessment.skill: assessment.level for assessment in stored}
