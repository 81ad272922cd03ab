"""The thing “yes” refers to: the one thing that was just proposed, and nothing that's further back or one of several."""

from __future__ import annotations

import pytest

from mentorbot.chat.cards import Button, Buttons, Card, buttons_of
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.memory import Memory
from mentorbot.errors import DatabaseProblem
from mentorbot.storage.conversations import Conversations

from .conftest import MONDAY, Chat


def labels(card: object) -> list[str]:
    assert isinstance(card, Card)
    return [button.label for button in buttons_of(card.blocks)]


async def steps(chat: Chat) -> str:
    return await chat.text("plan show")


async def test_yes_does_the_one_thing_that_was_proposed(chat: Chat) -> None:
    await chat.speak("add read the RAG paper to my plan")
    assert "read the RAG paper" not in await steps(chat)
    await chat.speak("yes please")
    assert "read the RAG paper" in await steps(chat)


async def test_yes_after_an_error_means_nothing_that_came_before(chat: Chat) -> None:
    await chat.say("plan add one hours:4")
    await chat.speak("add read the RAG paper to my plan")
    assert "whole hours" in plain_text(await chat.speak("worked 1.5h on step 1"))
    await chat.speak("yes")
    assert "read the RAG paper" not in await steps(chat)


async def test_yes_after_a_pressed_button_means_what_the_button_showed(chat: Chat) -> None:
    await chat.say("plan add one hours:4")
    await chat.speak("add read the RAG paper to my plan")
    await chat.press("checkin stuck")
    await chat.speak("yes")
    assert "read the RAG paper" not in await steps(chat)


async def test_a_command_typed_in_a_channel_is_no_part_of_what_is_said_there(chat: Chat) -> None:
    await chat.speak("add read the RAG paper to my plan")
    await chat.say("salary")
    await chat.speak("yes")
    assert "read the RAG paper" in await steps(chat)


def test_yes_to_several_things_asks_which() -> None:
    closest = Card(
        "Did you mean one of these?", (Buttons((Button("Add one", "plan add one"), Button("Help", "help"))),)
    )
    memory = Memory.of(closest, "", "", "", MONDAY.date())
    assert memory.asks_which("yes")
    assert memory.pressed_by("yes") == ""


async def test_which_one_is_asked_with_the_same_buttons(chat: Chat) -> None:
    await chat.say("plan add one hours:4")
    answer = await chat.speak("move that to hours")
    assert len(labels(answer)) > 1
    which = await chat.speak("yes")
    assert isinstance(which, Card)
    assert which.title == "Which one?"
    assert labels(which) == labels(answer)


async def test_thanks_for_undoing_is_no_wish_to_redo(chat: Chat) -> None:
    await chat.say("plan add one hours:4")
    await chat.press("plan undo")
    await chat.speak("ok")
    await chat.speak("yes")
    assert "one" not in await steps(chat)


@pytest.mark.parametrize("text", ["ok, save it", "yes, save it please", "save it", "please save this"])
def test_a_buttons_first_word_presses_it(text: str) -> None:
    preview = Card("Your plan", (Buttons((Button("Save", "plan save a:b", "primary"), Button("Start over", "start"))),))
    assert Memory.of(preview, "", "", "", MONDAY.date()).pressed_by(text) == "plan save a:b"


@pytest.mark.parametrize("text", ["save the date", "ok, see you", "undo it"])
def test_other_words_press_nothing(text: str) -> None:
    preview = Card("Your plan", (Buttons((Button("Save", "plan save a:b", "primary"), Button("Start over", "start"))),))
    assert Memory.of(preview, "", "", "", MONDAY.date()).pressed_by(text) == ""


DRAFT = Card(
    "Your plan: Data Scientist",
    (Buttons((Button("Start", "plan save title:a", "primary"), Button("All steps", "plan new title:a page:1"))),),
)


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "okay thanks",
        "great!",
        "looks great, thank you",
        "Lovely, let's take it",
        "save the plan please",
        "I like that",
    ],
)
def test_any_agreement_accepts_a_plan_that_is_not_saved(text: str) -> None:
    assert Memory.of(DRAFT, "", "", "", MONDAY.date()).pressed_by(text) == "plan save title:a"


@pytest.mark.parametrize(
    "text",
    ["thanks", "thank you so much", "not good", "looks good but too long", "save the file", "great, what's next?"],
)
def test_thanks_and_doubts_accept_nothing(text: str) -> None:
    assert Memory.of(DRAFT, "", "", "", MONDAY.date()).pressed_by(text) == ""


def test_praise_accepts_nothing_where_nothing_waits_for_it() -> None:
    shown = Card("Hi Ada!", (Buttons((Button("Open step", "plan step 1", "primary"), Button("Help", "help"))),))
    assert Memory.of(shown, "", "", "", MONDAY.date()).pressed_by("perfect, thanks") == ""


@pytest.mark.parametrize("text", ["great, thanks", "lovely"])
def test_praise_stops_nothing(text: str) -> None:
    offer = Card("Drop this step?", (Buttons((Button("Drop it", "plan drop 4", "primary"),)),))
    assert Memory.of(offer, "", "", "", MONDAY.date(), "plan drop 4").pressed_by(text) == ""


async def test_a_city_alone_answers_a_question_for_one(chat: Chat) -> None:
    await chat.say("plan new title:ml-architect hours:8")
    saved = await chat.press("plan save title:ml-architect hours:8")
    assert "In which city's time?" in plain_text(saved)
    assert "Check in on Fridays at 15:00, Lisbon time?" in plain_text(await chat.speak("Lisbon"))


@pytest.mark.parametrize(
    "text", ["no, the cloud architect anyway", "cloud architect anyway, please", "Cloud Architect anyway"]
)
def test_the_end_of_a_label_presses_its_button(text: str) -> None:
    buttons = (Button("Start with Engineer", "plan new title:b", "primary"),)
    card = Card(
        "Cloud Architect would take long",
        (
            Buttons(
                (*buttons, Button("The Cloud Architect anyway", "plan new c")),
            ),
        ),
    )
    assert Memory.of(card, "", "", "", MONDAY.date()).pressed_by(text) == "plan new c"


async def test_a_remark_on_a_plan_that_is_not_saved_leaves_its_choices_open(chat: Chat) -> None:
    shown = await chat.speak("I want to become an ML architect, 6 hours a week")
    answer = await chat.speak("I did data engineering for nine years")
    assert isinstance(answer, Card)
    assert answer.title == "Which one?"
    assert set(labels(answer)) <= set(labels(shown))


def test_yes_to_an_open_question_stops_nothing() -> None:
    card = Card("Which channel should get it?", (Buttons((Button("Stop", "tips stop"),)),))
    assert Memory.of(card, "", "", "", MONDAY.date()).pressed_by("yes") == ""


@pytest.mark.parametrize("presses", [True, False])
async def test_nothing_is_remembered_of_someone_who_was_just_erased(chat: Chat, presses: bool) -> None:
    await chat.say("plan add one hours:4")
    await chat.speak("delete my data")
    if presses:
        await chat.press("me forget confirm:yes")
    else:
        await chat.speak("me forget confirm:yes")
    async with chat.app_context.store.unit_of_work(Workspace("slack", chat.workspace)) as uow:
        assert await uow.conversations.recall(chat.person, "C1") is None


async def test_a_card_brought_up_to_date_is_no_part_of_the_conversation(chat: Chat) -> None:
    await chat.say("plan add one hours:4")
    await chat.speak("add read the RAG paper to my plan")
    caller = Caller(Channel(Workspace("slack", chat.workspace), "C1", direct=True), chat.person, chat.person, _nobody)
    await chat.app_context.dispatcher.answer(
        CommandRequest(caller, "home", forms=False, background=True), chat.platform
    )
    await chat.speak("yes")
    assert "read the RAG paper" in await steps(chat)


async def _nobody() -> Member:
    return Member("ada", "ada", None, admin=False)


async def test_what_was_done_is_not_denied_if_it_cannot_be_remembered(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def remember(*_: object) -> None:
        raise DatabaseProblem("the database is locked")

    monkeypatch.setattr(Conversations, "remember", remember)
    answer = await chat.press("plan add Compress the logs")
    assert isinstance(answer, Card)
    assert answer.title == "Added: Compress the logs"
    assert "Compress the logs" in await steps(chat)


async def test_a_place_in_a_list_is_asked_about_before_anything_is_sent(chat: Chat) -> None:
    for name in ("ben", "chen"):
        mentor = chat.copy(person=name)
        await mentor.say("plan add one hours:4")
        offer = await mentor.say("pair offer max:2")
        assert isinstance(offer, Card)
        await mentor.press(next(button.line for button in buttons_of(offer.blocks)))
    await chat.say("plan add one hours:4")
    listed = await chat.speak("who are the mentors here")
    assert len([label for label in labels(listed) if label.startswith("Ask ")]) == 2
    answer = await chat.speak("the second one")
    assert "Nothing's changed yet" in plain_text(answer)
    assert "waiting" not in (await chat.text("pair show")).lower()
