"""`home`: one page for a newcomer, a learner, a mentor and an admin, each with what concerns them."""

from __future__ import annotations

from mentorbot.chat.plain_text import plain_text

from .conftest import Chat, buttons


async def lines(chat: Chat) -> list[str]:
    return [button.line for button in buttons(await chat.card("home"))]


async def test_newcomer_gets_one_thing_to_do(ben: Chat) -> None:
    card = await ben.card("home")
    assert card.title == "Become an AI Architect, a few hours a week"
    assert next(button.line for button in buttons(card)) == "start goal:role"
    assert "What brings you here?" in plain_text(card)


async def test_learner_sees_week_course_next_check_in_and_mentor(ben: Chat) -> None:
    await ben.say("plan save title:ai-solutions-architect hours:6")
    await ben.say("checkin settings friday 15:00 Berlin")
    card = await ben.card("home")
    assert card.title.startswith("This week: ")
    text = plain_text(card)
    assert "Next check-in: Friday, 27 Nov, 15:00" in text
    assert "On course for " in text
    assert "Mentor: nobody yet" in text
    assert {"checkin now", "plan show", "progress", "settings", "help", "pair list"} <= set(await lines(ben))
    assert not any(line.startswith("admin") for line in await lines(ben))


async def test_mentor_sees_requests_first_and_learners_only_as_shared(ben: Chat, chen: Chat) -> None:
    await ben.say("pair offer any max:2")
    await chen.say("plan add A secret step")
    await chen.say("pair request ben")
    card = await ben.card("home")
    assert "chen asks for a mentor" in plain_text(card)
    accept = next(button for button in buttons(card) if button.label == "Accept")
    await ben.say(accept.line)
    text = plain_text(await ben.card("home"))
    assert "asks for a mentor" not in text
    assert "chen: no target role yet, not sharing progress" in text
    assert "secret" not in text
    assert "You have room for 1 more" in text
    await chen.say("pair share progress agree:yes")
    await chen.say("plan block 1 No GPU quota")
    assert 'A secret step: "No GPU quota"' in plain_text(await ben.card("home"))
    assert "Mentor: ben" in plain_text(await chen.card("home"))


async def test_admin_sees_channels_report_and_days_off_below_their_own_week(chat: Chat) -> None:
    await chat.say("plan add Read a paper")
    await chat.say("tips here monday 09:00 Berlin")
    card = await chat.card("home")
    text = plain_text(card)
    assert card.title == "This week: Read a paper, 1 h"
    assert "#general: weekly tip, Monday, 30 Nov, 09:00" in text
    assert "Learners: shown from 5. Waitlist: nobody." in text
    assert "Days off: no region yet" in text
    assert {"admin report", "admin calendar"} <= set(await lines(chat))


async def test_nobody_sees_another_workspace(chat: Chat) -> None:
    await chat.say("plan add Read a paper")
    await chat.say("tips here monday 09:00 Berlin")
    elsewhere = plain_text(await chat.copy(workspace="T2").card("home"))
    assert "Read a paper" not in elsewhere
    assert "#general" not in elsewhere
