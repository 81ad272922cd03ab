"""Practising in words: what's said about the question that's open, and what isn't."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card
from mentorbot.chat.plain_text import plain_text

from .conftest import Chat, button_line, buttons
from .test_recall import finish_a_milestone


@pytest.fixture
async def asked(chat: Chat) -> Chat:
    """Ada, who has been asked a question of an interview."""
    talk = chat.copy(forms=False)
    await talk.speak("ask me an interview question")
    return talk


@pytest.fixture
async def quizzed(chat: Chat) -> Chat:
    """Ada, who has been asked a question on what she's finished."""
    await finish_a_milestone(chat)
    talk = chat.copy(forms=False)
    await talk.speak("quiz me")
    return talk


async def speak(chat: Chat, *texts: str) -> Card:
    *_, answer = [await chat.speak(text) for text in texts]
    assert isinstance(answer, Card)
    return answer


def question_in(chat: Chat) -> Card:
    """The card of the question that was asked last."""
    answer = chat.answers[-1]
    assert isinstance(answer, Card)
    return answer


@pytest.mark.parametrize(
    "text",
    ["show me a strong answer", "uff no idea. whats the answer?", "what would you say?", "i don't know", "any hint?"],
)
async def test_the_answer_to_the_question_that_is_open_is_shown(asked: Chat, text: str) -> None:
    question = question_in(asked).title
    answer = plain_text(await speak(asked, text))
    assert question in answer
    assert "A STRONG ANSWER SHOWS" in answer


@pytest.mark.parametrize(
    "text",
    [
        "i would add a cache and log every request, then plan a canary and pause if it fails",
        "First the users. What do they lose if it's wrong?",
        "we should talk to the stakeholders and agree on a metric",
    ],
)
async def test_what_is_typed_is_shown_next_to_a_strong_answer(asked: Chat, text: str) -> None:
    assert f"You said: {text}" in plain_text(await speak(asked, text))


@pytest.mark.parametrize("text", ["another one", "next question", "ok next", "skip", "too easy, harder please"])
async def test_the_next_question_is_another(asked: Chat, text: str) -> None:
    titles = {question_in(asked).title, (await speak(asked, text)).title, (await speak(asked, text)).title}
    assert len(titles) == 3
    assert button_line(question_in(asked), "Strong answer").startswith("interview ")


async def test_questions_go_on_after_an_answer(asked: Chat) -> None:
    card = await speak(asked, "no idea", "next one")
    assert button_line(card, "Strong answer")


@pytest.mark.parametrize("text", ["stop the interview", "that's enough for today, thanks", "ok let's stop here"])
async def test_an_interview_ends_in_words(asked: Chat, text: str) -> None:
    assert (await speak(asked, text)).title == "Good work. That's enough for today"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("log 2 hours on the rag paper", "Log 2 h on “Read the RAG paper”?"),
        ("i finished the rag paper yesterday", "Finish “Read the RAG paper”?"),
        ("what is a PIP?", "That's beyond me, sorry"),
        ("thanks!", "Any time, ada."),
    ],
)
async def test_a_clear_request_is_no_answer(asked: Chat, text: str, title: str) -> None:
    await asked.say('plan add what:"Read the RAG paper" hours:4')
    await asked.speak("ask me an interview question")
    assert (await speak(asked, text)).title.startswith(title)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("give me an interview question about agents", "agents"),
        ("practise interview questions on stakeholders with me", "stakeholder"),
    ],
)
async def test_questions_are_about_what_was_asked_for(chat: Chat, text: str, topic: str) -> None:
    talk = chat.copy(forms=False)
    first, second = await speak(talk, text), await speak(talk, "another one")
    assert topic in first.title
    assert second.title != first.title
    assert "something else" not in plain_text(second)


async def test_a_topic_without_questions_is_named(chat: Chat) -> None:
    card = await speak(chat.copy(forms=False), "give me an interview question about gardening")
    assert "I have no question on “gardening”" in plain_text(card)


async def test_a_choice_is_made_in_its_own_words(quizzed: Chat) -> None:
    right = buttons(question_in(quizzed))[0].label
    assert (await speak(quizzed, f"i think {right.lower()}")).title.startswith(("Right: ", "Not quite: "))


async def test_who_does_not_know_is_told_and_asked_again(quizzed: Chat) -> None:
    first = buttons(question_in(quizzed))[0].line
    card = await speak(quizzed, "no idea")
    assert card.title.startswith("It's ")
    assert "Next try: " in plain_text(card)
    assert "already answered" in plain_text(await quizzed.press(first))


async def test_why_is_about_the_verdict(quizzed: Chat) -> None:
    line = buttons(question_in(quizzed))[-1].line
    question, _ = quizzed.app_context.library.default.recall_by_id[line.split()[2]]
    await quizzed.press(line)
    assert question.question in plain_text(await speak(quizzed, "why is that wrong?"))


async def test_stopping_a_round_keeps_the_rest_and_offers_to_stop_for_good(quizzed: Chat) -> None:
    card = await speak(quizzed, "stop asking me questions")
    assert card.title == "Good work. That's enough for today"
    assert button_line(card, "Stop the weekly questions") == "recall off"
