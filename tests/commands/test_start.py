"""The first minute: from a welcome to a first thing to do in three taps."""

from __future__ import annotations

from mentorbot.chat.plain_text import plain_text
from tests.conftest import line_count

from .conftest import Chat, button_line, buttons, stored_plan


async def test_three_taps_lead_to_a_first_thing_to_do(chat: Chat) -> None:
    welcome = await chat.card("start")
    hours = await chat.card(button_line(welcome, "Become an AI Architect"))
    persona = await chat.card(button_line(hours, "6 h"))
    first = await chat.card(buttons(persona)[0].line)
    assert first.title.startswith("Your first step: ")
    assert (await stored_plan(chat)).steps == ()
    for card in (welcome, hours, persona, first):
        assert line_count(card) <= 8
    saved = await chat.card(button_line(first, "Start"))
    assert saved.title.startswith("Plan saved. Next stop: ")
    plan = await stored_plan(chat)
    assert plan.hours_per_week == 6
    assert first.title.endswith(plan.steps_in_week(plan.laid_out_week or chat.app_context.clock.now().date())[0].text)


async def test_a_persona_sets_the_levels_nobody_has_assessed(chat: Chat) -> None:
    pack = chat.app_context.dispatcher.library.default
    await chat.say("assess cloud:1")
    persona = next(entry for entry in pack.personas if entry.levels.get("cloud", 0) != 1)
    first = await chat.card(f"start goal:role hours:4 persona:{persona.id}")
    assert f"Based on “{persona.label.lower()}”." in plain_text(first)
    await chat.say(button_line(first, "Start"))
    assert "You're at level 1." in await chat.text("skill cloud")
    skill, level = next((skill, level) for skill, level in persona.levels.items() if skill != "cloud")
    assert f"You're at level {level}." in await chat.text(f"skill {skill}")


async def test_every_other_door_leads_somewhere(chat: Chat) -> None:
    welcome = await chat.card("start")
    for label in ("Look around", "I want to mentor"):
        card = await chat.card(button_line(welcome, label))
        assert line_count(card) <= 8
        for button in buttons(card):
            answer = await chat.say(button.line)
            assert getattr(answer, "error", None) is None, button.line
