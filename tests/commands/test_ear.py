"""Plain language: what runs, what's offered, what's asked, and what's never written."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.cards import Answer, Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from tests.conftest import line_count

from .conftest import ROLE, Chat, button_line, buttons, stored_plan

BERLIN = ZoneInfo("Europe/Berlin")


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


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("add read the attention paper by 4 december", {"by": "2026-12-04", "what": "read the attention paper"}),
        ("ask me on monday at 9", {"day": "monday", "at": "09:00"}),
        ("I live in Zürich", {"zone": "Europe/Zurich"}),
        ("plan 7 hours a week", {"hours": "7"}),
    ],
)
async def test_what_was_understood_is_filled_in_for_a_change(ada: Chat, text: str, values: dict[str, str]) -> None:
    line = button_line(await speak(ada, text), "Change it")
    form = await ada.copy(forms=True).say(line)
    assert isinstance(form, Form)
    assert {item.name: item.value for item in form.fields if item.name in values} == values
    assert (await ada.card(line)).error == "missing_option"


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
    assert "I took “porgress” as “show my progress”" in text


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


@pytest.mark.parametrize("slip", ["/mentro plan", "/memtor plan", "/mnetor show my plan"])
async def test_a_slip_in_the_bots_own_name_is_passed_over(ada: Chat, slip: str) -> None:
    assert (await speak(ada, slip)).title.startswith("This week")


async def test_a_question_is_answered_from_the_pack(ada: Chat) -> None:
    card = await speak(ada, "how long does it take to become an ai architect?")
    assert card.error is None
    assert "5" in plain_text(card)


async def test_another_persons_conversation_is_not_remembered(ada: Chat) -> None:
    await speak(ada, "finished the rag paper")
    ben = ada.copy(person="ben", admin=False)
    await speak(ben, "yes")
    assert [step.state.value for step in (await stored_plan(ada)).steps] == ["open", "open"]


@pytest.mark.parametrize(
    "change",
    [
        "checkin settings thursday 16:00",
        "checkin settings quiet:22:00-07:00",
        "checkin settings budget:1 every:3-weeks",
        "checkin stop",
        "recall off",
        "pair digest off:yes",
        "tips me-off",
        "tips me friday 11:00",
        "tips me every:week",
        "recall on friday",
        "pair digest friday",
    ],
)
async def test_what_changes_messages_can_be_undone(ada: Chat, change: str) -> None:
    for line in (
        "checkin settings friday 15:00 Berlin quiet:20:00-08:00 budget:3 every:2-weeks",
        "recall on wed 12:00 Berlin",
        "pair digest tuesday 08:30 Berlin",
        "tips me monday 09:00 Berlin every:2-weeks",
    ):
        await ada.say(line)
    before = plain_text(await ada.card("settings"))
    card = await ada.card(change)
    assert plain_text(await ada.card("settings")) != before
    await ada.press(button_line(card, "Undo"))
    assert plain_text(await ada.card("settings")) == before


@pytest.mark.parametrize("start", ["tips me friday 11:00", "recall on friday", "pair digest friday"])
async def test_what_has_just_been_turned_on_can_be_undone(ada: Chat, start: str) -> None:
    ada = ada.copy(zone=BERLIN)
    before = plain_text(await ada.card("settings"))
    await ada.press(button_line(await ada.card(start), "Undo"))
    assert plain_text(await ada.card("settings")) == before


async def test_a_new_day_keeps_the_time(ada: Chat) -> None:
    await ada.say("recall on wed 12:30 Berlin")
    assert (await ada.card("recall on friday")).title == "Recall is on: Fridays 12:30, Berlin time"
    await ada.say("pair digest tuesday 08:30 Berlin")
    assert (await ada.card("pair digest friday")).title == "Mentor digest: Fridays 08:30, Berlin time"


@pytest.mark.parametrize("change", ["tips here friday 10:00", "tips here monday 08:30 every:week", "tips stop"])
async def test_a_change_of_a_channels_tips_can_be_undone(ada: Chat, change: str) -> None:
    ada = ada.copy(zone=BERLIN)
    await ada.say("tips here monday 08:30 Berlin every:2-weeks start:2026-12-07")
    before = plain_text(await ada.card("tips when"))
    card = await ada.card(change)
    assert plain_text(await ada.card("tips when")) != before
    await ada.press(button_line(card, "Undo"))
    assert plain_text(await ada.card("tips when")) == before


async def test_a_change_of_the_report_or_the_role_can_be_undone(ada: Chat) -> None:
    for first, change, shows in (
        ("admin here tuesday 08:30 Berlin", "admin here friday 10:00 Paris", "admin settings"),
        ("role ai-architect", "role engineering-manager", "role"),
        ("admin role ai-architect", "admin role engineering-manager", "admin role"),
        ("pair offer mlops max:3", "pair offer any max:5", "pair list"),
    ):
        await ada.say(first)
        before = plain_text(await ada.card(shows))
        card = await ada.card(change)
        await ada.press(button_line(card, "Undo"))
        assert plain_text(await ada.card(shows)) == before


async def test_a_closed_check_in_can_be_opened_again(ada: Chat) -> None:
    card = await speak(ada, "that was my week")
    closed = await ada.press(buttons(card)[0].line)
    await ada.press(button_line(closed, "Undo"))
    async with ada.app_context.store.unit_of_work(Workspace("slack", ada.workspace)) as uow:
        assert await uow.learner(ada.person, ROLE).checkins.all() == []


async def test_a_long_article_comes_short_first(ada: Chat) -> None:
    card = await speak(ada, "skill mlops")
    assert line_count(card) <= 8
    assert buttons(card)[0].label == "More"
    whole = await speak(ada, "tell me more")
    assert line_count(whole) > 8
    assert await ada.press(buttons(card)[0].line) == whole


async def test_report_alone_is_the_workspaces_for_an_admin(ada: Chat) -> None:
    assert (await speak(ada.copy(admin=True), "report")).title.startswith("Learning in this")
    assert "Learning in this" not in (await speak(ada.copy(admin=False), "report")).title


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("log 3 hours on the rag paper", "plan log step:1 hours:"),
        ("spent 2 h on the pipeline", "plan log step:2 hours:"),
        ("having surgery on monday, leave me alone until 2026-12-20", "checkin pause until:2026-12-20"),
        ("fridays are bad, check in on thursdays instead", "checkin settings day:thursdays"),
    ],
)
async def test_the_values_someone_says_reach_the_offer(ada: Chat, text: str, line: str) -> None:
    card = await speak(ada, text)
    assert any(button.line.startswith(line) for button in buttons(card)[:3]), plain_text(card)


async def test_an_explained_wish_is_heard_and_the_words_around_it_are_not(ada: Chat) -> None:
    card = await speak(ada, "I'm not on holiday, why did the messages stop?")
    assert not any("pause" in button.line for button in buttons(card)[:1])
    assert card.title != "OK, nothing's changed."
