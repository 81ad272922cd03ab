"""The step a sentence is about: one that it names by telling words or a number, and otherwise this week's."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card
from mentorbot.chat.plain_text import plain_text

from .conftest import Chat, buttons

STEPS = (
    "Learn how models learn",
    "Write a design doc that needs no meeting",
    "Build a neural network by hand",
    "Find work close to the models",
)


@pytest.fixture
async def ada(chat: Chat) -> Chat:
    """Ada, who's working on the first of four steps."""
    for step in STEPS:
        await chat.say(f'plan add what:"{step}" hours:4')
    await chat.say("plan start 1")
    return chat.copy(forms=False)


@pytest.mark.parametrize(
    "text", ["worked 3 hours", "i worked two hours today", "i'm stuck, no gpu", "i have no time to learn this week"]
)
async def test_everyday_words_name_no_other_step(ada: Chat, text: str) -> None:
    answer = plain_text(await ada.speak(text))
    assert not any(step in answer for step in STEPS[1:])


async def test_hours_alone_are_for_the_step_under_way(ada: Chat) -> None:
    assert f"Log 3 h on “{STEPS[0]}”?" in plain_text(await ada.speak("worked 3 hours"))


@pytest.mark.parametrize(
    "text", ["actually it was 3", "my level in cloud is 3", "my level is now 3", "we have 3 gpus", "what's a 1:1"]
)
async def test_a_number_that_measures_something_is_no_step(ada: Chat, text: str) -> None:
    assert STEPS[2] not in plain_text(await ada.speak(text))


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("worked 3 hours on the neural network", STEPS[2]),
        ("log 2 hours on the design doc", STEPS[1]),
        ("finished 3", STEPS[2]),
        ("pls cross 3 off", STEPS[2]),
        ("2h on 4", STEPS[3]),
        ("i did step 2", STEPS[1]),
        ("stuck on 3: the gradients vanish", STEPS[2]),
    ],
)
async def test_telling_words_and_numbers_name_a_step(ada: Chat, text: str, step: str) -> None:
    answer = await ada.speak(text)
    assert isinstance(answer, Card)
    assert step in plain_text(answer)


@pytest.mark.parametrize("text", ["i put another 2 hours into it", "did some more after that, 2 hours or so"])
async def test_words_that_only_build_sentences_name_no_step(chat: Chat, text: str) -> None:
    await chat.say('plan add what:"Describe a service another group runs after launch" hours:9')
    await chat.say('plan add what:"Serve a model" hours:9')
    await chat.say("plan start 2")
    assert "Describe" not in plain_text(await chat.speak(text))


@pytest.mark.parametrize(
    "text",
    [
        "I want to be through with the design doc by the end of january",
        "I'd like to be done with step 2 by the end of january",
        "my goal is to finish the design doc by the end of january",
        "we agreed the design doc would be complete by the end of january",
    ],
)
async def test_a_date_beside_a_step_is_the_steps(ada: Chat, text: str) -> None:
    answer = await ada.speak(text)
    assert isinstance(answer, Card)
    lines = [button.line for button in buttons(answer)]
    assert lines[0] == 'plan edit step:2 by:"the end of january"'
    assert not [line for line in lines if line.startswith(("plan new", "plan adjust"))]


@pytest.mark.parametrize(
    "text", ["I want to be done by the end of june", "my goal is to finish my plan by the end of june"]
)
async def test_a_date_without_a_step_is_the_plans(ada: Chat, text: str) -> None:
    answer = await ada.speak(text)
    assert isinstance(answer, Card)
    assert buttons(answer)[0].line.startswith("plan adjust")


@pytest.mark.parametrize("text", ["worked 2 hours today", "I'm done with the docker step", "log my hours"])
async def test_someone_without_a_step_is_told_so_before_they_agree(chat: Chat, text: str) -> None:
    assert "You don't have a plan yet" in plain_text(await chat.speak(text))


async def test_nothing_is_logged_on_a_plan_that_is_done(chat: Chat) -> None:
    await chat.say("plan add Draft it hours:4")
    await chat.say("plan done 1")
    answer = await chat.speak("worked 2 hours today")
    assert isinstance(answer, Card)
    assert not [button.line for button in buttons(answer) if button.line.startswith(("plan log", "checkin worked"))]


async def test_no_step_to_change_is_offered_to_someone_without_one(chat: Chat) -> None:
    answer = await chat.speak("move it to friday")
    assert isinstance(answer, Card)
    assert not [button.line for button in buttons(answer) if button.line.startswith("plan move")]
