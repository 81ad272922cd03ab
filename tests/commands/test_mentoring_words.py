"""Mentoring as people write about it: wishes for a mentor, messages to learners, and questions about how things are."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card
from mentorbot.chat.plain_text import plain_text

from .conftest import Chat, button_line, buttons

NOTE = "the demo moves to Friday at 3"


async def heard(chat: Chat, text: str) -> Card:
    card = await chat.copy(forms=False).speak(text)
    assert isinstance(card, Card)
    return card


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("I want a mentor who knows about hiring", "hiring"),
        ("find me a mentor for vector databases please", "vector databases"),
        ("I want another mentor, someone for Kubernetes", "Kubernetes"),
        ("I need somebody to talk to about system design", "system design"),
        ("can ada help me with Terraform?", "Terraform"),
        ("I'd like a mentor", ""),
        ("someone who could guide me", ""),
        ("I want to talk to someone who has done this", ""),
    ],
)
async def test_a_mentor_reads_what_the_wish_was_for(mentor: Chat, dee: Chat, text: str, wish: str) -> None:
    await mentor.tick()
    line = buttons(await heard(dee, text))[0].line
    assert ("about" in line) == bool(wish)
    await dee.press(line)
    posted = plain_text((await mentor.tick())[-1].card)
    assert "would like you as a mentor" in posted
    assert ("What it's for" in posted) == bool(wish)
    assert wish in posted


async def test_a_wish_is_kept_on_the_waitlist_and_when_switching(mentor: Chat, ben: Chat, dee: Chat) -> None:
    await dee.say("pair offer mlops max:1")
    switch = await ben.card("pair request dee about:pipelines")
    assert "about:pipelines" in button_line(switch, "Switch")
    for person in (mentor, dee):
        await person.say("pair offer max:0")
    assert "audits" in await mentor.copy(person="zoe").text("pair request any about:audits")
    await dee.say("pair offer any max:2")
    assert "zoe (“audits”) is waiting for your answer" in await dee.text("mentees")


@pytest.mark.parametrize(
    "text",
    [
        f"write to all my learners: {NOTE}",
        f"tell all my learners that {NOTE}",
        f"let everyone I mentor know that {NOTE}",
        f"send a note to all of my mentees: {NOTE}",
    ],
)
async def test_a_note_goes_to_all_learners(mentor: Chat, text: str) -> None:
    await mentor.tick()
    card = await heard(mentor, text)
    assert card.title == f"Send all your learners “{NOTE}”?"
    assert (await mentor.card(buttons(card)[0].line)).title == "Sent to ben and chen"
    assert [post.card.title for post in await mentor.later()] == [f'ada: "{NOTE}"'] * 2


async def test_a_note_to_all_learners_can_be_taken_back(mentor: Chat) -> None:
    await mentor.tick()
    undone = await mentor.card(button_line(await mentor.card(f'pair note all:yes text:"{NOTE}"'), "Undo"))
    assert NOTE in plain_text(undone)
    assert await mentor.later() == []
    assert (await mentor.card('pair note all:yes undo:"1:x"')).error == "conflict"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Send Ben a note: ask ops for the shared pool, I'm away until 10 January", "ask ops for the shared pool,"),
        ("tell ben: stop the pipeline and drop step 3", "stop the pipeline and drop step 3"),
        ("send ben a message saying I paused the check-ins", "I paused the check-ins"),
    ],
)
async def test_a_message_asks_for_nothing_else(mentor: Chat, text: str, words: str) -> None:
    card = await heard(mentor, text)
    assert card.title.startswith(f"Send ben “{words}")
    assert all(button.line.startswith("pair note") for button in buttons(card))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("did ben answer?", "ben"),
        ("has ben replied", "ben"),
        ("is ben ok", "ben"),
        ("is anyone waiting for me?", "Your learners"),
        ("digest now", "Your learners"),
        ("is dee free as a mentor?", "Mentors"),
        ("are tips sent on public holidays?", "Days off: no region yet"),
        ("how's the team doing with learning this month? need it for my boss", "Learning in this workspace"),
    ],
)
async def test_a_question_is_answered_at_once(mentor: Chat, text: str, title: str) -> None:
    assert (await heard(mentor, text)).title == title


@pytest.mark.parametrize("text", ["did ada write?", "does ada see everything I write to you?", "any word from ada?"])
async def test_a_learner_who_asks_about_their_mentor_sees_it(mentor: Chat, ben: Chat, text: str) -> None:
    assert (await heard(ben, text)).title in ("ada's your mentor", "This is exactly what ada sees")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("is thursday better for the check-in?", "Check in on Thursdays?"),
        ("did 2 hours on step 2, ok?", "Log 2 h on “Serve a model behind an interface”?"),
    ],
)
async def test_a_wish_that_sounds_like_a_question_is_offered(mentor: Chat, text: str, title: str) -> None:
    assert (await heard(mentor, text)).title == title


@pytest.mark.parametrize(("text", "limit"), [("I can take one more learner", 3), ("I have room for 2 more people", 4)])
async def test_room_for_more_counts_from_now(mentor: Chat, text: str, limit: int) -> None:
    card = await mentor.card(buttons(await heard(mentor, text))[0].line)
    assert f"up to {limit} learners" in plain_text(card)


@pytest.mark.parametrize(
    "text", ["make ben and Priya mentors", "I want to add John as a mentor", "remove ben as a mentor please"]
)
async def test_nobody_makes_someone_else_a_mentor(mentor: Chat, text: str) -> None:
    card = await heard(mentor, text)
    assert (card.title, [button.line for button in buttons(card)]) == ("Mentors sign up themselves", ["pair list"])


@pytest.mark.parametrize("text", ["make me a mentor", "sign me up as a mentor"])
async def test_anyone_can_make_themselves_one(dee: Chat, text: str) -> None:
    assert (await heard(dee, text)).title == "Offer to mentor?"


@pytest.mark.parametrize("text", ["what does ben do this week", "when did ben last check in"])
async def test_what_is_asked_about_a_learner_is_shown(mentor: Chat, text: str) -> None:
    assert (await heard(mentor, text)).title == "ben"


@pytest.mark.parametrize("text", ["delete ben's notes", "delete ben's data"])
async def test_what_is_theirs_is_no_message(mentor: Chat, text: str) -> None:
    assert (await heard(mentor, text)).title == "That one's theirs to change"


async def test_a_digest_may_come_every_other_week(mentor: Chat) -> None:
    assert (await heard(mentor, "send me the digest every other week")).title == "Get the digest every 2 weeks?"


async def test_a_learner_is_handed_over(mentor: Chat) -> None:
    assert (await heard(mentor, "I want to hand ben over to someone else")).title == "End mentorship with ben?"


async def test_a_report_for_a_channel_is_no_checkin(mentor: Chat) -> None:
    assert (await heard(mentor, "weekly report in #general")).title == "Post the report in #general?"
