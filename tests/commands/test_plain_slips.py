"""What people type on the way: a slip in a command, a city in small letters, a step with its kind in front, a change of mind."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card
from mentorbot.chat.plain_text import plain_text

from .conftest import Chat, stored_plan

STEPS = ("Read the RAG paper", "Build a pipeline that survives a bad day", "Explain one system")


@pytest.fixture
async def ada(chat: Chat) -> Chat:
    """Ada, who has three steps."""
    for step in STEPS:
        await chat.say(f'plan add what:"{step}" hours:4')
    return chat.copy(forms=False)


async def speak(chat: Chat, *texts: str) -> Card:
    """Say some things, one after the other, and return the last answer."""
    *_, answer = [await chat.speak(text) for text in texts]
    assert isinstance(answer, Card)
    return answer


@pytest.mark.parametrize("text", ["start step 2", "start with step 2", "start step 2 today"])
async def test_a_step_to_start_is_no_goal(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title == f"Start “{STEPS[1]}”?"


async def test_a_slip_in_what_to_choose_is_still_named(ada: Chat) -> None:
    assert (await speak(ada, "start rolle")).title == "I don't know “rolle”"


@pytest.mark.parametrize("text", ["plna show", "/mentor plna show", "mentor plan shwo"])
async def test_a_slip_in_a_command_is_read_with_and_without_the_bots_name(ada: Chat, text: str) -> None:
    assert "as “show my plan”" in (await speak(ada, text)).title


@pytest.mark.parametrize("city", ["london", "London", "london."])
async def test_a_city_in_small_letters_answers_the_question_for_one(ada: Chat, city: str) -> None:
    assert (await speak(ada, "checkin settings monday 9:00 zone:?")).title == "Time zone or city?"
    assert (await speak(ada, city)).title == "Check in on Mondays at 09:00, London time?"


@pytest.mark.parametrize("text", ["check in on tuesdays 10:00 berlin", "check in at 10am on tuesdays berlin"])
async def test_a_city_in_small_letters_may_stand_beside_a_time(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title == "Check in on Tuesdays at 10:00, Berlin time?"


@pytest.mark.parametrize("text", ["check in on tuesdays 10:00 sharp", "check in on tuesdays 10:00 please"])
async def test_other_words_beside_a_time_are_no_place(ada: Chat, text: str) -> None:
    assert (await speak(ada, text)).title == "Check in on Tuesdays at 10:00?"


@pytest.mark.parametrize(
    ("text", "what"),
    [("add step: read X", "read X"), ("add a step to talk to HR", "talk to HR"), ("add a step", "")],
)
async def test_the_word_step_is_no_part_of_the_step(ada: Chat, text: str, what: str) -> None:
    answer = plain_text(await speak(ada, text))
    assert (f"Add “{what}”" if what else "Add a step") in answer
    assert "“step" not in answer


@pytest.mark.parametrize(
    "text", ["No, don't send it", "oops, that was wrong", "no wait", "undo that", "don't", "cancel it"]
)
async def test_a_change_of_mind_takes_back_what_was_just_done(ada: Chat, text: str) -> None:
    before = await stored_plan(ada)
    await ada.speak("plan log 1 3")
    assert (await speak(ada, text)).title.startswith("Undone")
    assert await stored_plan(ada) == before


@pytest.mark.parametrize("text", ["no", "stop", "wait", "ok", "never mind"])
async def test_a_word_that_may_mean_something_else_takes_nothing_back(ada: Chat, text: str) -> None:
    await ada.speak("plan log 1 3")
    logged = await stored_plan(ada)
    await ada.speak(text)
    assert await stored_plan(ada) == logged


async def test_no_to_an_offer_changes_nothing(ada: Chat) -> None:
    before = await stored_plan(ada)
    await speak(ada, "finish step 3", "no, don't do it")
    assert await stored_plan(ada) == before
