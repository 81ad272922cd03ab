"""The offers beside an answer: only what may well have been meant."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card

from .conftest import Chat, buttons


@pytest.fixture
async def ada(chat: Chat) -> Chat:
    """Ada, who has two steps."""
    for step in ("Read the RAG paper", "Explain one system"):
        await chat.say(f'plan add what:"{step}" hours:4')
    return chat.copy(forms=False)


async def lines(chat: Chat, text: str) -> list[str]:
    """The lines of the buttons that answer a text."""
    answer = await chat.speak(text)
    assert isinstance(answer, Card)
    return [button.line for button in buttons(answer)]


@pytest.mark.parametrize(
    "text",
    [
        "what does a senior earn?",
        "what do i earn after 8 years",
        "is this still a job in 8 years",
        "what's a 1:1",
        "what should I learn in 8 years",
    ],
)
async def test_nothing_is_offered_with_words_that_say_something_else(ada: Chat, text: str) -> None:
    silly = ("pair offer", "checkin pause", "budget:")
    assert not [line for line in await lines(ada, text) if any(part in line for part in silly)]


async def test_a_sure_answer_to_a_question_stands_alone(ada: Chat) -> None:
    answer = await ada.speak("what does a senior earn?")
    assert isinstance(answer, Card)
    assert answer.title.startswith("Senior:")
    assert all(line.startswith(("salary", "brief salary")) for line in await lines(ada, "what does a senior earn?"))


async def test_what_may_well_be_meant_is_still_offered(ada: Chat) -> None:
    offered = await lines(ada, "step 2 rather friday next week")
    assert any(line.startswith("plan edit") for line in offered)
    assert any(line.startswith("plan move") for line in offered)
