"""A plan from day to day: showing and changing steps, undo, stale cards, and two devices at once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.cards import Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.clock import FrozenClock
from mentorbot.domain.plan import MAX_OPEN_STEPS, StepState
from tests.conftest import line_count

from .conftest import Chat, button_line, buttons, stored_plan

WEEK = timedelta(weeks=1)


async def test_a_step_goes_through_all_its_states(chat: Chat) -> None:
    await chat.say("plan add Draw the path hours:6")
    assert "You're on it: Draw the path" in await chat.text("plan start 1")
    assert "2 h logged" in await chat.text("plan log 1 2")
    assert "Noted: Draw the path is stuck" in await chat.text("plan block 1 No GPU quota")
    assert "Stuck since 23 November: No GPU quota." in await chat.text("plan step 1")
    await chat.say("plan start 1")
    assert "No GPU quota" not in await chat.text("plan step 1")
    assert "You finished Draw the path!" in await chat.text("plan done 1 evidence:https://example.org/design")
    assert "Your proof: https://example.org/design" in await chat.text("plan step 1")
    await chat.say("plan add Read")
    assert "You finished Read!" in await chat.text("plan done read https://example.org/notes")
    assert "Your proof: https://example.org/notes" in await chat.text("plan step 2")


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


@pytest.mark.parametrize(
    "change",
    [
        "plan add another hours:3 by:fri",
        'plan edit 1 what:"other words"',
        "plan edit 1 hours:30",
        "plan doing 1 hours:2",
        "plan log 1 3",
        "plan done 1 evidence:https://example.org/x",
        "plan block 1 why:no access",
        "plan drop 2",
        "plan move 1 to:2027-02-01",
        "plan pace 9",
        "plan hours 8",
        "plan keep ai-architect hours:5",
        "checkin worked step:1 hours:2",
    ],
)
async def test_undo_restores_exactly(chat: Chat, change: str) -> None:
    await chat.say("plan add one hours:5")
    await chat.say("plan add two by:fri")
    before = await stored_plan(chat)
    answer = await chat.card(change)
    assert answer.error is None
    assert await stored_plan(chat) != before
    await chat.say("plan undo")
    after = await stored_plan(chat)
    assert after.steps == before.steps
    assert (after.title, after.hours_per_week, after.target_date, after.weeks_off) == (
        before.title,
        before.hours_per_week,
        before.target_date,
        before.weeks_off,
    )


async def test_undo_pressed_twice_undoes_one_change(chat: Chat) -> None:
    await chat.say("plan add one")
    undo_line = button_line(await chat.card("plan add two"), "Undo")
    answers = await asyncio.gather(chat.text(undo_line), chat.copy().text(undo_line))
    assert sum("Undone: two is off your plan" in answer for answer in answers) == 1
    assert sum("Nothing to undo here" in answer for answer in answers) == 1
    assert [step.text for step in (await stored_plan(chat)).steps] == ["one"]


async def test_undo_on_an_old_card_undoes_nothing_else(chat: Chat) -> None:
    stale_undo = button_line(await chat.card("plan add one"), "Undo")
    await chat.say("plan add two")
    card = await chat.card(stale_undo)
    assert "Nothing to undo here" in plain_text(card)
    assert "Undone: two is off your plan" in await chat.text(button_line(card, "Undo"))


async def test_undo_stops_at_the_first_change(chat: Chat) -> None:
    await chat.say("plan add one")
    assert "Undone: one is off your plan" in await chat.text("plan undo")
    assert "There's nothing to undo" in await chat.text("plan undo")


async def test_undo_after_a_new_week_reverts_the_learners_last_change(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:4")
    undo_line = button_line(await chat.card("plan add two hours:4"), "Undo")
    clock.travel_to(clock.now() + WEEK)
    text = await chat.text(undo_line)
    assert "Undone: two is off your plan" in text
    assert "moved along to fit your hours" in await chat.text("plan")
    assert [step.text for step in (await stored_plan(chat)).steps] == ["one"]


@pytest.mark.parametrize(
    "first", ["plan step 1", "assess mlops:1", "plan new ai-architect", "skill mlops", "plan done 9"]
)
async def test_a_thin_week_is_explained_until_the_next_change(chat: Chat, clock: FrozenClock, first: str) -> None:
    await chat.say("plan add one hours:8")
    before = await stored_plan(chat)
    clock.travel_to(clock.now() + 2 * WEEK)
    await chat.say(first)  # shows no plan, so it mustn't use up the explanation
    explanation = "A step has moved along to fit your hours. New end: 20 December 2026."
    card = await chat.card("plan show")
    assert explanation in plain_text(card)
    assert explanation in await chat.text("plan show")
    assert await stored_plan(chat) == before  # showing a plan changes nothing
    change = await chat.card("plan add two")
    assert "moved along" not in await chat.text("plan show")
    assert "Undone: two is off your plan" in await chat.text(button_line(change, "Undo"))
    assert (await stored_plan(chat)).steps == before.steps
    assert explanation in await chat.text("plan show")


async def test_a_command_without_effect_adds_no_undo_entry(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:8")
    await chat.say("plan add two")
    await chat.say("plan done 2")
    clock.travel_to(clock.now() + WEEK)
    before = await stored_plan(chat)
    for line in ("plan done 2", "plan start 2", "plan block 2 why:x", "plan drop 2", "checkin resume"):
        await chat.say(line)
    assert await stored_plan(chat) == before
    assert "Undone: two is open again" in await chat.text("plan undo")


async def test_no_card_says_the_learner_is_behind(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:40 by:fri")
    clock.travel_to(clock.now() + 3 * WEEK)
    for command in ("plan", "checkin now", "plan show all", "plan step 1"):
        text = (await chat.text(command)).lower()
        assert not [word for word in ("behind", "late", "overdue", "missed", "failed") if word in text.split()]


async def test_moving_a_step_says_which_week_it_lands_in(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    plan = await stored_plan(chat)
    last = next(step for step in reversed(plan.active) if step.requires)
    assert "Other steps come first" in await chat.text(f"plan move {last.number} to:tomorrow")
    await chat.say("plan undo")
    number = plan.next_number
    await chat.say("plan add mine")
    assert "mine now starts Monday, 1 Feb" in await chat.text(f"plan move {number} to:2027-02-03")


async def test_a_move_says_that_the_due_date_moved_along(chat: Chat) -> None:
    await chat.say("plan add mine by:2026-12-18")
    assert "It's due 1 January now." in await chat.text('plan move 1 shift:"2 weeks later"')


async def test_a_learners_own_step_does_not_wait_for_pack_steps(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    assert "1 hour, this week." in await chat.text("plan add Read one paper")
    await chat.say("plan start 1")
    assert "1 hour, this week." in await chat.text("plan add Read one more paper")


async def test_dropping_a_required_step_asks_about_its_dependents(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    plan = await stored_plan(chat)
    first = next(step for step in plan.active if plan.dependents(step.number))
    card = await chat.card(f"plan drop {first.number}")
    assert (await stored_plan(chat)).step(first.number).active
    keep, drop = button_line(card, "Keep them"), button_line(card, "Drop all")
    await chat.say(keep)
    assert len((await stored_plan(chat)).active) == len(plan.active) - 1
    assert "is dropped" in await chat.text(drop)  # the card is stale now
    assert len((await stored_plan(chat)).active) == len(plan.active) - 1
    await chat.say("plan undo")
    await chat.say(drop)
    assert len((await stored_plan(chat)).active) == len(plan.active) - 1 - len(plan.dependents(first.number))


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


@pytest.mark.parametrize("line", ["plan edit 1 hours:3", "plan move 1 next week", "plan start 1", "plan log 1 3"])
async def test_a_settled_step_stays_as_it_is(chat: Chat, line: str) -> None:
    await chat.say("plan add one")
    await chat.say("plan done 1")
    before = await stored_plan(chat)
    assert (await chat.card(line)).title == "one is already finished"
    assert await stored_plan(chat) == before


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


async def test_evidence_too_long_in_a_form_is_refused(chat: Chat) -> None:
    await chat.say("plan add one")
    card = await chat.card("plan done 1", evidence="https://example.org/" + "x" * 10_000)
    assert card.error_option == "evidence"
    assert (await stored_plan(chat)).step(1).state is StepState.OPEN


async def test_evidence_can_be_added_later(chat: Chat) -> None:
    await chat.say("plan add one")
    form = await chat.say(button_line(await chat.card("plan done 1"), "Add proof"))
    assert isinstance(form, Form)
    assert "It's in your portfolio" in plain_text(await chat.card(form.line, evidence="see https://example.org/x"))
    assert (await stored_plan(chat)).step(1).evidence == "see https://example.org/x"


async def test_an_edit_form_is_prefilled(chat: Chat) -> None:
    await chat.say("plan add one hours:3 by:fri")
    form = await chat.say("plan edit 1")
    assert isinstance(form, Form)
    assert {item.name: item.value for item in form.fields} == {"what": "one", "by": "2026-11-27", "hours": "3"}
    await chat.card(form.line, what="one", by="2026-11-27", hours="6")
    step = (await stored_plan(chat)).step(1)
    assert (step.text, step.hours) == ("one", 6)
    assert "plan edit 1" in [button.line for button in buttons(await chat.copy(forms=False).card("plan edit 1"))]


async def test_a_finished_milestone_names_the_level_it_raises(chat: Chat) -> None:
    await chat.say("plan keep ai-architect")
    step = next(step for step in (await stored_plan(chat)).steps if step.text == "Make an experiment repeatable")
    assert ": 0 → 1, and AI Architect needs 3." in await chat.text(f"plan done {step.number}")
    await chat.say("plan undo")
    await chat.say("assess mlops:3")
    assert "→" not in await chat.text(f"plan done {step.number}")


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu"])
async def test_a_milestone_finished_today_counts_in_every_zone(chat: Chat, clock: FrozenClock, zone: str) -> None:
    traveller = chat.copy(zone=ZoneInfo(zone))
    await traveller.say("plan keep ai-architect")
    step = next(step for step in (await stored_plan(chat)).steps if step.text == "Make an experiment repeatable")
    for hour in (2, 12, 22):
        clock.travel_to(clock.now().replace(hour=hour) + timedelta(days=1))
        await traveller.say("assess mlops:0")
        await traveller.say(f"plan done {step.number}")
        assert "You're at level 1." in await traveller.text("skill mlops")
        await traveller.say("plan undo")


async def test_others_see_and_change_nothing(chat: Chat) -> None:
    undo_line = button_line(await chat.card("plan add My secret hours:8"), "Undo")
    before = await stored_plan(chat)
    for other in (chat.copy(person="ben"), chat.copy(workspace="T2")):
        for command in ("plan", "plan step 1", "plan edit 1 mine", "plan doing 1", "plan done 1", "plan block 1 why:x",
                        "plan drop 1", "plan move 1 to:fri", "plan pace 9", undo_line,
                        "plan undo", "checkin mark 1 done"):  # fmt: skip
            assert "secret" not in await other.text(command)
    assert await stored_plan(chat) == before


async def test_logged_hours_may_exceed_the_estimate(chat: Chat) -> None:
    await chat.say("plan add one hours:3")
    text = await chat.text("plan log 1 10")
    assert "10 h logged ▓▓ 10 of 3 h" in text
    assert "That's all the planned hours." in text
    assert (await stored_plan(chat)).step(1).hours_logged == 10


async def test_redo_makes_an_undone_change_again(chat: Chat) -> None:
    await chat.say("plan add Read hours:5")
    await chat.say("plan log read 3")
    await chat.say("plan done read")
    done = await stored_plan(chat)
    undone = await chat.card("plan undo")
    assert undone.title == "Undone: Read is under way again"
    redo_line = button_line(undone, "Redo")
    redone = await chat.card(redo_line)
    assert redone.title == "Redone: Read is finished"
    assert (await stored_plan(chat)).steps == done.steps
    assert "Nothing to redo here" in await chat.text(redo_line)  # pressed twice
    await chat.say(button_line(redone, "Undo"))
    assert (await stored_plan(chat)).step(1).active


async def test_redo_leaves_later_changes_alone(chat: Chat) -> None:
    await chat.say("plan add one")
    redo_line = button_line(await chat.card("plan undo"), "Redo")
    await chat.say("plan add two")
    assert "Nothing to redo here" in await chat.text(redo_line)
    assert [step.text for step in (await stored_plan(chat)).active] == ["two"]
    assert "There's nothing to redo" in await chat.text("plan redo")


async def test_undo_says_what_stays(chat: Chat) -> None:
    await chat.say("plan save ml-architect hours:6")
    step = next(step for step in (await stored_plan(chat)).steps if step.text == "Make an experiment repeatable")
    await chat.say(f"plan log {step.number} 5")
    await chat.say(f"plan done {step.number}")
    text = await chat.text("plan undo")
    assert "is back at 0. Your hours stay." in text
    assert (await stored_plan(chat)).step(step.number).hours_logged == 5


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


async def test_a_blocked_step_comes_after_one_that_can_start(chat: Chat) -> None:
    await chat.say("plan add one hours:4")
    await chat.say("plan add two hours:8")
    await chat.say("plan block one No access")
    plan = await stored_plan(chat)
    assert plan.step(2).allocations[-1].week < plan.step(1).allocations[0].week


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


@pytest.mark.parametrize(
    "said", ["plan log 2 hours on rag", "plan log rag 2", "plan log rag for 120 minutes", "plan log 2 hours:2"]
)
async def test_hours_are_logged_wherever_they_stand(chat: Chat, said: str) -> None:
    await chat.say("plan add Draft the design hours:6")
    await chat.say("plan add Read the RAG paper hours:6")
    assert (await chat.card(said)).title.startswith("2 h logged")
    assert [step.hours_logged for step in (await stored_plan(chat)).steps] == [0, 2]


@pytest.mark.parametrize("said", ["plan log rag 2.5 h", "plan log rag an hour and a half", "plan log 90 min on rag"])
async def test_parts_of_hours_are_asked_about(chat: Chat, said: str) -> None:
    await chat.say("plan add Read the RAG paper hours:6")
    card = await chat.card(said)
    assert card.title in ("1 h or 2 h?", "2 h or 3 h?")
    assert "I only count whole hours." in plain_text(card)
    assert "Code" not in plain_text(card), "it's a question, not a failure"
    assert [button.label for button in buttons(card)] in (["1 h", "2 h"], ["2 h", "3 h"])
    assert (await stored_plan(chat)).step(1).hours_logged == 0
    await chat.say(buttons(card)[1].line)
    assert f"{(await stored_plan(chat)).step(1).hours_logged} h" == buttons(card)[1].label


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


async def test_proof_can_be_a_text_file(chat: Chat) -> None:
    await chat.say("plan add one")
    form = await chat.say(button_line(await chat.card("plan done 1"), "Add proof"))
    assert isinstance(form, Form)
    assert [(field.name, field.required) for field in form.fields] == [("evidence", False), ("file", False)]
    reference = "Ada ran *our* model for a quarter.\n\nBen, CTO\x00"
    card = await chat.card(form.line, evidence="", file=reference)
    assert "It's in your portfolio" in plain_text(card)
    assert "a file of 9 words" in plain_text(card)
    step = (await stored_plan(chat)).step(1)
    assert (step.evidence, step.attachment) == ("", "Ada ran *our* model for a quarter.\n\nBen, CTO")
    portfolio = await chat.text("portfolio")
    assert "one. File added." in portfolio
    assert "## one: from a file\n\n> Ada ran \\*our\\* model for a quarter.\n>\n> Ben, CTO" in portfolio
    await chat.card(form.line, evidence="https://example.org/x", file="")
    step = (await stored_plan(chat)).step(1)
    assert (step.evidence, step.attachment[:3]) == ("https://example.org/x", "Ada")  # one doesn't replace the other
    await chat.say("plan undo")
    await chat.say("plan undo")
    assert (await stored_plan(chat)).step(1).attachment == ""


async def test_a_file_too_long_for_a_plan_is_refused_and_finishes_nothing(chat: Chat) -> None:
    await chat.say("plan add one")
    card = await chat.card("plan done 1", file="x" * 10_001)
    assert card.error_option == "file"
    assert "10,001 characters, and I can only save 10,000" in plain_text(card)
    assert (await stored_plan(chat)).step(1).state is StepState.OPEN


async def test_a_file_for_an_unclear_step_is_asked_for_again(chat: Chat) -> None:
    for text in ("Read one paper", "Read two papers"):
        await chat.say(f"plan add {text}")
    card = await chat.card("plan done read", file="secret words")
    assert card.title == "Which one did you finish? Send the file with it again."
    assert all("secret" not in button.line for button in buttons(card))
