"""What people say in plain language: what runs, what's offered, what's asked, and what's never written."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Answer, Card
from mentorbot.chat.plain_text import plain_text

from .conftest import Chat, button_line, buttons, stored_plan


async def speak(chat: Chat, text: str) -> Card:
    answer: Answer = await chat.speak(text)
    assert isinstance(answer, Card)
    return answer


@pytest.fixture
async def ada(chat: Chat) -> Chat:
    for step in ("Read the RAG paper", "Build a pipeline that survives a bad day"):
        await chat.say(f'plan add what:"{step}" hours:4')
    return chat.copy(forms=False)


async def test_a_sentence_that_writes_is_offered_and_writes_nothing(ada: Chat) -> None:
    before = await stored_plan(ada)
    card = await speak(ada, "finished the rag paper 🎉")
    assert button_line(card, buttons(card)[0].label).startswith("plan done step:1")
    assert await stored_plan(ada) == before


async def test_the_offered_button_does_what_it_says(ada: Chat) -> None:
    card = await speak(ada, "finished the rag paper")
    await ada.say(buttons(card)[0].line)
    assert [step.state.value for step in (await stored_plan(ada)).steps] == ["done", "open"]


async def test_yes_presses_the_first_button(ada: Chat) -> None:
    await speak(ada, "finished the rag paper")
    await speak(ada, "yes please")
    assert [step.state.value for step in (await stored_plan(ada)).steps] == ["done", "open"]


async def test_no_changes_nothing(ada: Chat) -> None:
    await speak(ada, "finished the rag paper")
    before = await stored_plan(ada)
    assert (await speak(ada, "no")).title == "OK, nothing's changed."
    assert await stored_plan(ada) == before


@pytest.mark.parametrize(
    "text", ["don't mark step 1 as done", "I almost finished step 1", "what happens if I drop the rag paper?"]
)
async def test_what_is_not_so_shows_the_step(ada: Chat, text: str) -> None:
    before = await stored_plan(ada)
    assert "RAG paper" in (await speak(ada, text)).title
    assert await stored_plan(ada) == before


async def test_a_slip_in_a_reading_command_runs_and_says_so(ada: Chat) -> None:
    text = await ada.text("porgress")
    assert "I read “porgress” as “show my progress”" in text


async def test_a_slip_in_a_writing_command_becomes_a_button(ada: Chat) -> None:
    before = await stored_plan(ada)
    card = await ada.card("plan doen 1")
    assert buttons(card)[0].line.startswith("plan done")
    assert await stored_plan(ada) == before


async def test_left_over_words_are_shown_and_nothing_is_written(ada: Chat) -> None:
    before = await stored_plan(ada)
    text = await ada.text("plan move 1 monday for my boss")
    assert "for my boss" in text or "boss" in text
    assert await stored_plan(ada) == before


async def test_a_value_that_cannot_be_is_refused_in_a_sentence(ada: Chat) -> None:
    before = await stored_plan(ada)
    card = await speak(ada, "remind me to read it again by 31 nov")
    assert card.error == "bad_value"
    assert await stored_plan(ada) == before


async def test_hello_leads_to_this_week(ada: Chat) -> None:
    assert (await speak(ada, "hi!")).title.startswith("Hi ada! This week: ")


async def test_a_question_is_answered_from_the_pack(ada: Chat) -> None:
    card = await speak(ada, "how long does it take to become an ai architect?")
    assert card.error is None
    assert "5" in plain_text(card)


async def test_another_persons_conversation_is_not_remembered(ada: Chat) -> None:
    await speak(ada, "finished the rag paper")
    ben = ada.copy(person="ben", admin=False)
    await speak(ben, "yes")
    assert [step.state.value for step in (await stored_plan(ada)).steps] == ["open", "open"]
