"""Corrections, and what “it” means: the value they name changes, and everything else stays as it was offered."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Card, buttons_of
from mentorbot.chat.plain_text import plain_text

from .conftest import Chat


async def said(chat: Chat, *texts: str) -> str:
    """Say some texts one after the other, and give the last answer with its buttons."""
    answer = [await chat.speak(text) for text in texts][-1]
    assert isinstance(answer, Card)
    labels = [button.label for button in buttons_of(answer.blocks)]
    return "\n".join((plain_text(answer), *labels))


@pytest.mark.parametrize(
    ("texts", "offered"),
    [
        (("log 2 hours on the docker step", "sorry, 3"), "Log 3 h on “Package a service with Docker”"),
        (("log 4 hours on step 4", "wait, 3 not 4"), "Log 3 h on “Package a service with Docker”"),
        (("log 4 hours on step 4", "I meant step 3 not 4"), "Log 4 h on “Write an evaluation set”"),
        (("drop step 3", "no wait, 4"), "Drop “Package a service with Docker”"),
        (("log 2 hours", "log it on the docker step"), "Log 2 h on “Package a service with Docker”"),
        (("log 2 hours on the docker step", "actually the evaluation one"), "Log 2 h on “Write an evaluation set”"),
        (("check in on fridays at 2pm", "make that Thursday"), "Check in on Thursdays at 14:00"),
        (("check in on fridays at 2pm", "in the morning, 8:30"), "Check in on Fridays at 08:30"),
        (("check in on fridays at 9", "no, 10"), "Check in on Fridays at 10:00"),
        (("I have 2 hours a week", "make it 4 then, I can use my commute"), "Plan 4 h a week"),
        (("pause until monday", "not monday, wednesday"), "Pause until Wednesday"),
        (("push step 4 by a week", "actually two"), "Move “Package a service with Docker” 2 weeks later"),
        (("add read two papers by friday", "no, 5 hours"), "Add “read two papers” by Friday, 27 Nov, 5 h"),
        (("rename step 4 to Learn Docker", 'no: "Learn docker basics"'), "Learn docker basics"),
        (("the docker step won't fit in 10 hours. make it 20",), "Change “Package a service with Docker”: 20 h"),
    ],
)
async def test_a_correction_changes_one_value_of_what_was_offered(
    ada: Chat, texts: tuple[str, ...], offered: str
) -> None:
    assert offered in await said(ada, *texts)


async def test_a_number_that_may_correct_two_values_is_asked_about(ada: Chat) -> None:
    offered = await said(ada, "log 2 hours on step 3", "no, 4")
    assert "Log 4 h on “Write an evaluation set”" in offered
    assert "Log 2 h on “Package a service with Docker”" in offered


async def test_hours_a_week_after_hours_that_were_logged_correct_nothing(ada: Chat) -> None:
    await ada.say("plan log 2 2")
    assert "Plan 3 h a week?" in await said(ada, "I only have 3 hours a week")


@pytest.mark.parametrize(
    ("texts", "offered"),
    [
        (("show me the docker step", "move it to next week"), "Move “Package a service with Docker” to Monday"),
        (("show me the docker step", "log 2 hours on the current one"), "on “Serve a model behind an interface”"),
        (("put 2 hours on the current one",), "Log 2 h on “Serve a model behind an interface”"),
        (("log 2 hours on it",), "Log 2 h on “Serve a model behind an interface”"),
        (("log 2 hours on evaluation",), "Log 2 h on “Write an evaluation set”"),
        (("finish the last one on the list",), "Finish “Explain the design to the board”"),
        (("starting on number three today",), "Start “Write an evaluation set”"),
        (("move the rag step to friday",), "Finished: Read the RAG paper"),
    ],
)
async def test_the_step_that_is_meant(ada: Chat, texts: tuple[str, ...], offered: str) -> None:
    assert offered in await said(ada, *texts)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("finished steps 3 and 4", ("Finish “Write an evaluation set”", "Finish “Package a service with Docker”")),
        (
            "log 1 hour on evaluation and 2 hours on the docker one",
            ("Log 1 h on “Write an evaluation set”", "Log 2 h on “Package a service with Docker”"),
        ),
        (
            "worked 4 hours on docker today and 2 yesterday",
            ("Log 4 h on “Package a service with Docker”", "Log 2 h on “Package a service with Docker”"),
        ),
        (
            "change step 4 to 15 hours and call it Kubernetes basics, due 20 dec",
            ("Kubernetes basics", "15 h", "20 Dec"),
        ),
        ("add this to my plan: read two papers, 12 hours", ("Add “read two papers”, 12 h",)),
        (
            "move both 3 and 4 to january",
            ("“Write an evaluation set” to Monday, 4 Jan", "with Docker” to Monday, 4 Jan"),
        ),
        ('rename step 4 to "Ship a RAG service"', ("with Docker”, now “Ship a RAG service”",)),
        ("rename the docker step to Learn Kubernetes", ("now “Learn Kubernetes”",)),
        ("step 4 is blocked, no GPU quota", ("no GPU quota",)),
        ("send me a digest of my learners every monday morning", ("Get the digest on Mondays at 09:00?",)),
        ("add a step after 3: talk to the team", ("Add “talk to the team”, after “Write an evaluation set”",)),
    ],
)
async def test_every_value_is_offered_or_said_to_be_left_out(ada: Chat, text: str, offered: tuple[str, ...]) -> None:
    answer = await said(ada, text)
    assert all(value in answer for value in offered), answer


async def test_hours_are_no_proof_that_a_step_is_done(ada: Chat) -> None:
    assert "with “took" not in await said(ada, "step 2 is done, took me about 5 hours")


async def test_undo_says_what_it_takes_back(ada: Chat) -> None:
    await ada.say("plan drop 4")
    await ada.say("salary")
    offered = await said(ada, "undo that")
    assert "Package a service with Docker is open again" in offered
    assert "is open again" in await said(ada, "yes")


async def test_she_is_the_only_learner_that_was_talked_about(chat: Chat) -> None:
    ben = chat.copy(person="ben")
    await ben.say("pair offer any max:3")
    await chat.say("pair request", who="ben")
    await ben.say("pair accept ada")
    offered = await said(ben, "who's stuck", "tell her I have time on thursday")
    assert "Send ada “I have time on thursday”" in offered
    assert "Send ada “I have time on friday”" in await said(ben, "better friday")
