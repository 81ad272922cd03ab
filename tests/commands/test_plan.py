"""The steps of a plan: showing, adding and changing them, stale cards, and two devices at once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from mentorbot.chat.cards import Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import FrozenClock
from mentorbot.domain.plan import MAX_OPEN_STEPS, StepState
from tests.conftest import line_count

from .conftest import Chat, button_line, buttons, stored_plan

WEEK = timedelta(weeks=1)


async def test_every_plan_button_works(chat: Chat) -> None:
    for text in ("one", "two", "three"):
        await chat.say(f"plan add {text}")
    for command in ("plan show", "plan show all", "plan step 1"):
        for button in buttons(await chat.card(command)):
            answer = await chat.say(button.line)
            assert isinstance(answer, Form) or answer.error is None, button.line


async def test_step_numbers_are_stable_and_never_reused(chat: Chat) -> None:
    for text in ("one", "two", "three"):
        await chat.say(f"plan add {text}")
    await chat.say("plan drop 2")
    await chat.say("plan undo")
    await chat.say("plan undo")  # the third step is gone now
    await chat.say("plan add four")
    assert [(step.number, step.text) for step in (await stored_plan(chat)).steps] == [
        (1, "one"),
        (2, "two"),
        (4, "four"),
    ]


async def test_no_card_says_the_learner_is_behind(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:40 by:fri")
    clock.travel_to(clock.now() + 3 * WEEK)
    for command in ("plan", "checkin now", "plan show all", "plan step 1"):
        text = (await chat.text(command)).lower()
        assert not [word for word in ("behind", "late", "overdue", "missed", "failed") if word in text.split()]


async def test_a_learners_own_step_does_not_wait_for_pack_steps(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    assert "1 hour, this week." in await chat.text("plan add Read one paper")
    await chat.say("plan start 1")
    assert "1 hour, this week." in await chat.text("plan add Read one more paper")


@pytest.mark.parametrize("settled", ["plan done 1", "plan drop 1"])
async def test_stale_plan_buttons_change_nothing(chat: Chat, settled: str) -> None:
    await chat.say("plan add one hours:3")
    stale_buttons = [*buttons(await chat.card("plan show")), *buttons(await chat.card("plan step 1"))]
    await chat.say(settled)
    before = await stored_plan(chat)
    for button in stale_buttons:
        if "undo" in button.line:
            continue
        answer = await chat.say(button.line)
        if isinstance(answer, Form):
            continue
        assert answer.error in (None, "conflict"), button.line
        assert (await stored_plan(chat)).step(1) == before.step(1)


async def test_a_missing_step_is_not_found_and_offers_the_others(chat: Chat) -> None:
    await chat.say("plan add one")
    card = await chat.card("plan drop 9")
    assert (card.title, card.error) == ("You don't have a step 9", "not_found")
    assert [button.line for button in buttons(card)] == ["plan drop step:1", "plan show"]


async def test_two_devices_at_once_lose_nothing(chat: Chat) -> None:
    await chat.say("plan add one")
    await asyncio.gather(*(chat.copy().say(f"plan add step {number}") for number in range(5)))
    plan = await stored_plan(chat)
    assert [step.number for step in plan.steps] == [1, 2, 3, 4, 5, 6]
    answers = await asyncio.gather(
        chat.copy().text("plan done 1"), chat.copy().text("plan drop 1"), chat.copy().text("plan start 2")
    )
    plan = await stored_plan(chat)
    assert plan.step(1).state in ("done", "dropped")
    assert plan.step(2).state is StepState.DOING
    assert sum("already finished" in answer or "is dropped" in answer for answer in answers) == 1


async def test_simultaneous_first_steps_are_all_saved(chat: Chat) -> None:
    answers = await asyncio.gather(*(chat.copy().card(f"plan add step {number}") for number in range(4)))
    assert [card.error for card in answers] == [None] * 4
    assert sorted(step.text for step in (await stored_plan(chat)).steps) == [f"step {number}" for number in range(4)]


async def test_a_tip_added_on_two_devices_is_one_step(chat: Chat) -> None:
    add_line = button_line(await chat.card("tip mlops"), "Add to my plan")
    await asyncio.gather(*(chat.copy().say(add_line) for _ in range(3)))
    assert len((await stored_plan(chat)).steps) == 1


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("plan done 1 evidence:https://example.org/" + "x" * 10_000, "only read 4,000"),
        ("plan done 1 evidence:https://example.org/" + "x" * 600, "only 500 fit here"),
        ("plan add Read hours:0", "from 1 to 400"),
        ("plan add Read hours:401", "from 1 to 400"),
        ("plan add Read hours:1.5", "1 h or 2 h?"),
        ("plan edit 1 hours:-3", "from 1 to 400"),
        ("plan pace 0", "from 1 to 60"),
        ("plan pace 200", "from 1 to 60"),
        ("plan pace 1.5", "1 h or 2 h?"),
        ("plan move 1 to:2026-11-22", "has passed"),
        ("plan move 1 to:2101-01-01", "up to 2100"),
        ("plan move 1 to:soon", "as a date\n\nEnter one like"),
        ("plan done 99", "have a step 99"),
        ("plan block 99 why:x", "have a step 99"),
        ("plan drop 99", "have a step 99"),
        ("plan step 99", "have a step 99"),
        ("plan edit 99 words", "have a step 99"),
        ("plan edit 99", "have a step 99"),
        ("plan show everything", "You can choose: This week, All steps"),
    ],
)
async def test_an_invalid_plan_command_is_refused_and_changes_nothing(chat: Chat, bad: str, says: str) -> None:
    await chat.say("plan add one")
    before = await stored_plan(chat)
    card = await chat.card(bad)
    assert card.error in ("bad_value", "not_found", "not_understood")
    assert says in plain_text(card)
    assert await stored_plan(chat) == before


async def test_an_edit_form_is_prefilled(chat: Chat) -> None:
    await chat.say("plan add one hours:3 by:fri")
    form = await chat.say("plan edit 1")
    assert isinstance(form, Form)
    assert {item.name: item.value for item in form.fields} == {"what": "one", "by": "2026-11-27", "hours": "3"}
    await chat.card(form.line, what="one", by="2026-11-27", hours="6")
    step = (await stored_plan(chat)).step(1)
    assert (step.text, step.hours) == ("one", 6)
    assert "plan edit 1" in [button.line for button in buttons(await chat.copy(forms=False).card("plan edit 1"))]


async def test_others_see_and_change_nothing(chat: Chat) -> None:
    undo_line = button_line(await chat.card("plan add My secret hours:8"), "Undo")
    before = await stored_plan(chat)
    for other in (chat.copy(person="ben"), chat.copy(workspace="T2")):
        for command in ("plan", "plan step 1", "plan edit 1 mine", "plan doing 1", "plan done 1", "plan block 1 why:x",
                        "plan drop 1", "plan move 1 to:fri", "plan pace 9", undo_line,
                        "plan undo", "checkin mark 1 done"):  # fmt: skip
            assert "secret" not in await other.text(command)
    assert await stored_plan(chat) == before


async def test_steps_go_by_their_words(chat: Chat) -> None:
    for text in ("Read the RAG paper", "Ship a model through a pipeline", "Build a pipeline that lasts"):
        await chat.say(f'plan add what:"{text}" hours:2')
    which = await chat.card("plan done pipeline it works")
    assert which.title == "Which one did you finish?"
    assert [button.label for button in buttons(which)][:2] == [
        "Ship a model through a pipeline",
        "Build a pipeline that lasts",
    ]
    await chat.say(buttons(which)[1].line)
    assert ((await stored_plan(chat)).step(3).state, (await stored_plan(chat)).step(3).evidence) == ("done", "it works")
    await chat.say("plan done the rag paper, finished it yesterday, see notion")
    step = (await stored_plan(chat)).step(1)
    assert (step.state, step.evidence) == ("done", "finished it yesterday, see notion")
    assert (await chat.card("plan done quantum")).error == "not_found"
    assert (await chat.card("plan start")).title == "Which one are you starting?"
    await chat.say("plan move pipeline next week")
    assert str((await stored_plan(chat)).step(2).start) == "2026-11-30"


@pytest.mark.parametrize(
    "line",
    ["plan edit 1 by:friday next week", "plan edit one other words", "plan edit 1 hours:2 h", "plan edit 1 due:fri"],
)
async def test_an_edit_never_replaces_the_text_by_leftover_words(chat: Chat, line: str) -> None:
    await chat.say("plan add one")
    await chat.say(line)
    assert (await stored_plan(chat)).step(1).text == "one"


async def test_leftover_words_can_become_the_text(chat: Chat) -> None:
    await chat.say("plan add one")
    await chat.say(button_line(await chat.card("plan edit one other words"), "Change the text"))
    assert (await stored_plan(chat)).step(1).text == "other words"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("plan edit 1 what:Read two of his papers by:fri", "Read two of his papers"),
        ("plan edit step:1 what:Read two of his papers", "Read two of his papers"),
        ("plan edit what:Read two of his papers step:1", "Read two of his papers"),
        ("plan edit what:Read 1", "Read"),
    ],
)
async def test_a_named_text_is_read_whole_where_the_step_needs_no_words(chat: Chat, line: str, text: str) -> None:
    await chat.say("plan add one")
    await chat.say(line)
    assert (await stored_plan(chat)).step(1).text == text


async def test_a_date_at_the_end_is_the_due_date(chat: Chat) -> None:
    card = await chat.card("plan add Read the RAG paper by friday")
    step = (await stored_plan(chat)).step(1)
    assert (step.text, str(step.due)) == ("Read the RAG paper", "2026-11-27")
    await chat.say(button_line(card, "Keep my words"))
    step = (await stored_plan(chat)).step(1)
    assert (step.text, step.due) == ("Read the RAG paper by friday", None)


async def test_a_full_plan_keeps_what_was_typed(chat: Chat) -> None:
    for number in range(MAX_OPEN_STEPS):
        await chat.say(f"plan add step {number}")
    card = await chat.card("plan add Read the RAG paper hours:3")
    assert card.title == f"Your plan is full: {MAX_OPEN_STEPS} open steps"
    later = button_line(card, "Add later")
    which = await chat.card(button_line(card, "Drop a step"))
    await chat.say(buttons(which)[0].line)
    assert (await chat.card(later)).title == "Added: Read the RAG paper"
    assert (await stored_plan(chat)).active[-1].hours == 3


async def test_old_lines_still_do_what_they_said(chat: Chat) -> None:
    await chat.say("plan add one hours:5")
    await chat.say("plan doing 1 hours:2")
    await chat.say("plan pace 9")
    plan = await stored_plan(chat)
    assert (plan.step(1).state, plan.step(1).hours_logged, plan.hours_per_week) == (StepState.DOING, 2, 9)


async def test_every_plan_card_fits_on_a_phone(chat: Chat) -> None:
    await chat.say("plan save ml-architect hours:6")
    for number in range(5):
        await chat.say(f"plan add own step {number} by:fri")
    for line in (
        "plan", "plan show all", "plan show all page:2", "plan step 1", "plan step 1 more:yes", "plan start 1", "plan log 1",
        "plan log 1 3", "plan edit 1 hours:50", "plan move 1 to:2027-02-01", "plan hours 5", "plan drop 1",
        "plan block 2 No access", "plan step 2", "plan done 3", "plan undo", "plan redo", "plan done", "plan step nothing",
    ):  # fmt: skip
        card = await chat.card(line)
        assert line_count(card) <= 8, (line, plain_text(card))


async def test_a_due_date_after_the_steps_name_is_read(chat: Chat) -> None:
    await chat.say("plan add Read the RAG paper")
    await chat.say("plan edit rag by friday")
    step = (await stored_plan(chat)).step(1)
    assert (step.text, str(step.due)) == ("Read the RAG paper", "2026-11-27")


async def test_typos_in_a_step_are_not_saved_silently(chat: Chat) -> None:
    card = await chat.card("plan add Raed teh RAG papre by friday")
    assert "Did you mean “Read the RAG paper”?" in plain_text(card)
    await chat.say(button_line(card, "Fix spelling"))
    step = (await stored_plan(chat)).step(1)
    assert (step.text, step.due) == ("Read the RAG paper", date(2026, 11, 27))


@pytest.mark.parametrize(
    "text",
    [
        "Set up MLflow and pgvector on EKS",
        "Ask Anneke about the Kafka topic",
        "Read arxiv.org/abs/2005.11401 twice",
        "Learn Terraform basics, then try Keras 3",
    ],
)
async def test_names_and_terms_are_no_typos(chat: Chat, text: str) -> None:
    assert "Did you mean" not in plain_text(await chat.card(f'plan add what:"{text}"'))
