"""The weekly check-in: its questions, its settings, and breaks that cost no streak."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from mentorbot.chat.cards import Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.domain.learner import CheckIn, CheckInState
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.plan import StepState
from mentorbot.domain.step_guide import NO_GUIDE
from mentorbot.storage.tables import DeliveryRow
from tests.conftest import line_count

from .conftest import ROLE, Chat, button_line, buttons, stored_plan

WEEK = timedelta(weeks=1)
IF_THEN_PLAN = 'checkin plan "Draft it" obstacle:"the data team is late" then:"mock the data"'


async def stored_checkins(chat: Chat) -> list[CheckIn]:
    async with chat.app_context.store.unit_of_work(Workspace("slack", chat.workspace)) as uow:
        return await uow.learner(chat.person, ROLE).checkins.all()


async def checkin_states(chat: Chat) -> list[tuple[str, str]]:
    return [(f"{checkin.week:%m-%d}", checkin.state) for checkin in await stored_checkins(chat)]


async def paused_until(chat: Chat) -> date | None:
    async with chat.app_context.store.unit_of_work(Workspace("slack", chat.workspace)) as uow:
        return (await uow.learner(chat.person, ROLE).profile()).paused_until


async def snoozed_until(chat: Chat) -> list[datetime]:
    async with chat.app_context.store.queue._begin() as session:
        rows = await session.scalars(select(DeliveryRow).where(DeliveryRow.state == "pending"))
        return [row.not_before for row in rows]


async def test_one_question_then_hours_then_a_plan_around_obstacles(chat: Chat) -> None:
    await chat.say("plan add Draft it hours:9")
    question = await chat.card("checkin now")
    assert question.title == "How did your week go, ada?"
    assert [button.label for button in buttons(question)] == [
        "Worked on it",
        "Finished",
        "Stuck",
        "Not this week",
        "Pause",
    ]
    assert "Draft it, 4 h planned." in plain_text(question)
    hours = await chat.card(button_line(question, "Worked on it"))
    assert hours.title == "Nice. About how many hours?"
    assert [button.label for button in buttons(hours)] == ["4 h as planned", "3 h", "1 h", "Other", "Undo"]
    assert await checkin_states(chat) == [("11-23", "held")]
    logged = await chat.card(button_line(hours, "3 h"))
    assert logged.title == "3 h logged ▓░░ 3 of 9 h"
    assert [button.label for button in buttons(logged)] == ["Plan around it", "Nothing", "Undo"]
    form = await chat.say(button_line(logged, "Plan around it"))
    assert isinstance(form, Form)
    assert form.fields[0].value == "Draft it"
    saved = await chat.card(form.line, step="Draft it", obstacle="the data team is late", then="mock the data")
    assert "Draft it: If the data team is late, then I mock the data." in plain_text(saved)
    assert "3 h on Draft it ▓░░ 3 of 9 h" in plain_text(saved)
    assert await stored_checkins(chat) == [
        CheckIn(date(2026, 11, 23), CheckInState.HELD, "Draft it", "the data team is late", "mock the data", "")
    ]
    assert (await chat.card(button_line(saved, "Undo"))).title == "Undone. You've checked in this week"
    assert (await stored_checkins(chat))[0].fallback == ""
    closed = await chat.card(button_line(logged, "Nothing"))
    assert closed.title == "Thanks, ada. 3 h logged. That's a wrap for the week"
    assert all(card.updates for card in (hours, logged, saved, closed))
    assert all(line_count(card) <= 8 for card in (question, hours, logged, saved, closed))


async def test_hours_are_those_of_the_week_however_often_they_are_given(chat: Chat) -> None:
    await chat.say("plan add Draft it hours:9")
    for said, logged in ((4, 4), (4, 4), (2, 2), (12, 12)):
        await chat.say(f"checkin worked step:1 hours:{said}")
        assert (await stored_plan(chat)).step(1).hours_logged == logged
    assert "12 h logged" in (await chat.card("checkin worked step:1 hours:12")).title
    assert "That's all the hours I had in mind. Finished?" in await chat.text("checkin worked step:1 hours:12")
    form = await chat.say("checkin worked step:1 hours:?")
    assert isinstance(form, Form)
    assert [item.name for item in form.fields if item.required] == ["hours"]


@pytest.mark.parametrize(
    "text", ["got about 3 hours in, pretty good week actually", "I put in another 3 hours this week"]
)
async def test_hours_someone_tells_of_come_on_top(chat: Chat, text: str) -> None:
    await chat.say("plan add Draft it hours:12")
    await chat.say("plan log 1 5")
    await chat.speak(text)
    await chat.speak("yes")
    assert (await stored_plan(chat)).step(1).hours_logged == 8


async def test_hours_corrected_after_they_were_told_are_not_added_twice(chat: Chat) -> None:
    await chat.say("plan add Draft it hours:12")
    await chat.say("plan log 1 5")
    for text in ("got about 3 hours in, pretty good week actually", "make it 4", "yes"):
        await chat.speak(text)
    assert (await stored_plan(chat)).step(1).hours_logged == 9


async def test_hours_told_stay_while_the_step_is_asked_for(chat: Chat) -> None:
    for what in ("Draft it", "Read it"):
        await chat.say(f"plan add {what} hours:2")
    await chat.say("plan log 2 1")
    which = await chat.card("checkin worked hours:3 added:yes")
    await chat.say(button_line(which, "Read it"))
    assert (await stored_plan(chat)).step(2).hours_logged == 4


async def test_a_card_that_asks_for_the_weeks_hours_says_so(chat: Chat) -> None:
    await chat.say("plan add Draft it hours:12")
    await chat.say("plan log 1 5")
    asked = await chat.card("checkin worked step:1")
    assert asked.title == "Nice. About how many hours in all this week?"
    logged = await chat.card("checkin worked step:1 hours:3")
    assert logged.title.startswith("3 h logged instead of 5")
    assert (await stored_plan(chat)).step(1).hours_logged == 3


@pytest.mark.parametrize(
    ("answer", "question"), [("Worked on it", "work on"), ("Finished", "finish"), ("Stuck", "stuck on")]
)
async def test_with_several_steps_an_answer_asks_which_one(chat: Chat, answer: str, question: str) -> None:
    await chat.say("plan add Read the paper hours:2")
    await chat.say("plan add Write the design hours:2")
    which = await chat.card(button_line(await chat.card("checkin now"), answer))
    assert question in which.title
    assert [button.label for button in buttons(which)] == ["Read the paper", "Write the design"]
    assert await checkin_states(chat) == []
    card = await chat.card(button_line(which, "Write"))
    assert card.error is None
    assert (await stored_plan(chat)).step(1).state is StepState.OPEN


async def test_a_step_goes_by_its_words(chat: Chat) -> None:
    await chat.say("plan add Read the paper hours:2")
    await chat.say("plan add Write the design hours:2")
    assert (await chat.card("checkin worked step:paper hours:2")).title == "2 h logged ▓▓ 2 of 2 h"
    assert (await stored_plan(chat)).step(1).hours_logged == 2


@pytest.mark.parametrize(
    ("line", "step", "hours"),
    [
        ("checkin worked 2 3", 2, 3),
        ("checkin worked 2 3h", 2, 3),
        ("checkin worked 2 an hour", 2, 1),
        ("checkin worked paper 2", 1, 2),
    ],
)
async def test_a_step_and_its_hours_go_by_their_order_or_unit(chat: Chat, line: str, step: int, hours: int) -> None:
    await chat.say("plan add Read the paper hours:9")
    await chat.say("plan add Write the design hours:9")
    text = await chat.text(line)
    assert f"{hours} h logged" in text
    assert ("Read the paper", "Write the design")[step - 1] in text
    assert (await stored_plan(chat)).step(step).hours_logged == hours


@pytest.mark.parametrize("line", ["checkin worked 1 1.5h", "checkin worked 1 90 minutes", "I worked 1.5h"])
async def test_half_hours_are_rounded_as_the_learner_says_on_the_same_step(chat: Chat, line: str) -> None:
    await chat.say("plan add Read the paper hours:9")
    card = await chat.card(line) if line.startswith("checkin") else await chat.speak(line)
    assert isinstance(card, Card)
    assert card.title == "1 h or 2 h?"
    logged = await chat.card(button_line(card, "2 h"))
    assert logged.title.startswith("2 h logged")
    assert (await stored_plan(chat)).step(1).hours_logged == 2


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("checkin pause until next week", "Enjoy the break! I'll be back on Monday, 30 Nov"),
        ("checkin pause this week", "Enjoy the break! I'll be back on Monday, 30 Nov"),
        ("checkin pause next week", "30 Nov – 6 Dec"),
        ("checkin pause for next week", "30 Nov – 6 Dec"),
        ("checkin pause away next week", "30 Nov – 6 Dec"),
    ],
)
async def test_a_week_off_is_over_on_the_monday_after(chat: Chat, line: str, title: str) -> None:
    await chat.say("plan add Read the paper hours:9")
    assert title in (await chat.card(line)).title


async def test_undo_takes_an_answer_back_and_asks_again(chat: Chat) -> None:
    await chat.say("plan add Draft it hours:9")
    before = await stored_plan(chat)
    hours = await chat.card("checkin worked step:1")
    asked_again = await chat.card(button_line(hours, "Undo"))
    assert asked_again.title == "Undone. How did your week go, ada?"
    assert await checkin_states(chat) == []
    logged = await chat.card("checkin worked step:1 hours:3")
    assert (await chat.card(button_line(logged, "Undo"))).updates
    assert (await stored_plan(chat), await checkin_states(chat)) == (before, [])
    assert (await chat.card(button_line(logged, "Undo"))).title == "I haven't undone anything"
    await chat.say("checkin finished 1")
    assert (await stored_plan(chat)).step(1).state is StepState.DONE


async def test_undo_keeps_the_other_answers_of_the_week(chat: Chat) -> None:
    await chat.say("plan add one hours:2")
    await chat.say("plan add two hours:2")
    await chat.say("checkin worked step:1 hours:2")
    await chat.say(button_line(await chat.card("checkin worked step:2 hours:1"), "Undo"))
    assert await checkin_states(chat) == [("11-23", "held")]
    assert (await stored_plan(chat)).step(1).hours_logged == 2


async def test_the_three_parts_of_a_plan_are_read_whole_or_asked_for(chat: Chat) -> None:
    form = await chat.say("checkin plan Read a book")
    assert isinstance(form, Form)
    assert [field.value for field in form.fields] == ["Read a book", "", ""]
    assert await checkin_states(chat) == []
    assert "If it rains, then I read at home." in await chat.text(
        'checkin plan Read a book obstacle:"it rains" then:"read at home"'
    )
    assert (await stored_checkins(chat))[0].next_step == "Read a book"


async def test_stuck_helps_as_the_reason_suggests(chat: Chat) -> None:
    await chat.say("plan save ai-architect")
    why = await chat.card("checkin stuck 1")
    assert why.title == "It happens. What's in the way?"
    assert [button.label for button in buttons(why)] == ["Unclear", "Too big", "No access", "Something else"]
    unclear = await chat.card(button_line(why, "Unclear"))
    assert "First 30 minutes:" in plain_text(unclear)
    step = (await stored_plan(chat)).step(1)
    assert (step.state, step.blocker) == (StepState.BLOCKED, "Unclear")
    await chat.say(button_line(unclear, "Do this"))
    assert (await stored_plan(chat)).step(1).state is StepState.DOING
    own_words = await chat.say(button_line(why, "Something else"))
    assert isinstance(own_words, Form)
    assert "“No GPU quota.”" in plain_text(await chat.card(own_words.line, why="No GPU quota."))
    assert line_count(unclear) <= 8


async def test_a_step_that_is_too_big_gets_a_smaller_one_in_front(chat: Chat) -> None:
    pack = chat.app_context.library.default
    await chat.say("plan save ai-architect")
    before = await stored_plan(chat)
    big = before.step(1)
    help_card = await chat.card("checkin stuck step:1 reason:too-big")
    assert help_card.title == "Let's make it smaller"
    guide = pack.step_guide(big)
    done = await chat.card(button_line(help_card, "Do this"))
    after = await stored_plan(chat)
    if guide is not None and guide.smaller is not None:
        small = after.steps[-1]
        assert (small.hours, small.allocations[0].week) == (guide.smaller.hours, date(2026, 11, 23))
        assert small.number in after.step(1).requires
        await chat.say(button_line(done, "Undo"))
        assert (await stored_plan(chat)).step(1).blocker == "Too big"


async def test_a_swap_takes_the_steps_place(chat: Chat) -> None:
    pack = chat.app_context.library.default
    await chat.say("plan save ai-architect")
    plan = await stored_plan(chat)
    origins = {step.origin for step in plan.steps}
    swaps = {step: (pack.step_guide(step) or NO_GUIDE).swap for step in plan.active}
    step = next((step for step, swap in swaps.items() if swap and f"milestone:{swap.milestone}" not in origins), None)
    if step is None:
        assert "don't have a swap" in (await chat.card("checkin swap 1")).title
        return
    card = await chat.card(f"checkin swap {step.number}")
    assert card.title.startswith("Swapped. Now it's ")
    after = await stored_plan(chat)
    assert after.step(step.number).state is StepState.DROPPED
    assert all(step.number not in other.requires for other in after.active)
    await chat.say(button_line(card, "Undo"))
    assert (await stored_plan(chat)).steps == plan.steps


async def test_a_smaller_step_says_what_it_is_a_part_of(chat: Chat) -> None:
    await chat.say("plan save ai-architect")
    big = (await stored_plan(chat)).step(1)
    guide = chat.app_context.library.default.step_guide(big)
    assert guide is not None
    await chat.say("checkin stuck step:1 reason:too-big")
    small = await chat.card(button_line(await chat.card("checkin smaller 1"), "Open step"))
    assert f"It's a first piece of this: {guide.do}" in plain_text(small)
    assert f"Recommended reading: {guide.readings[0]}" in plain_text(small)
    assert f"What to do: It's a first piece of this: {guide.do}" in await chat.text("plan export md")
    await chat.say("checkin stuck step:1 reason:too-big")
    assert (await chat.card("checkin smaller 1")).title == "Good. That's your step for this week"
    assert [step.origin for step in (await stored_plan(chat)).active].count("smaller:" + big.origin[10:]) == 1


async def test_a_swapped_step_says_what_to_do_and_raises_the_same_level(chat: Chat) -> None:
    await chat.say("plan save ai-architect")
    step = (await stored_plan(chat)).step(1)
    guide = chat.app_context.library.default.step_guide(step)
    assert guide is not None
    assert guide.swap is not None
    assert not guide.swap.milestone
    gain = "Takes ML infrastructure from 0 to 1 (target 3)."
    assert gain in await chat.text("plan step 1")
    swapped = await chat.card(button_line(await chat.card("checkin swap 1"), "Open step"))
    for line in (f"In place of this: {guide.do}", f"Recommended reading: {guide.readings[0]}", gain):
        assert line in plain_text(swapped)
    number = (await stored_plan(chat)).steps[-1].number
    assert (await chat.card(f"checkin swap {number}")).title.startswith("I don't have a swap")
    assert "ML infrastructure: 0 → 1" in await chat.text(f"plan done {number}")


async def test_an_older_check_in_says_it_is_over_and_changes_nothing(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:40")
    old = await chat.card("checkin now")
    clock.travel_to(clock.now() + WEEK)
    before = await stored_plan(chat)
    for label in ("Worked on it", "Finished", "Stuck", "Not this week"):
        card = await chat.card(button_line(old, label))
        assert (card.title, card.updates) == ("That check-in is over", True)
    assert (await stored_plan(chat), await checkin_states(chat)) == (before, [])


async def test_a_button_from_before_check_ins_named_their_week_cannot_skip_the_present_one(
    chat: Chat, clock: FrozenClock
) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin settings friday 15:00 UTC")
    clock.travel_to(datetime(2026, 11, 27, 15, tzinfo=UTC))
    await chat.tick()  # a check-in whose buttons do name their week changes nothing about the older ones
    before = await stored_plan(chat)
    asked = await chat.press("checkin skip")
    assert isinstance(asked, Card)
    assert asked.title == "Skip this week, until Sunday, 29 Nov?"
    over = await chat.press("checkin close")
    assert isinstance(over, Card)
    assert over.title == "That check-in is over"
    assert (await stored_plan(chat), await checkin_states(chat)) == (before, [])
    await chat.press(button_line(asked, "Skip this week"))
    assert await checkin_states(chat) == [("11-23", "skipped")]


async def test_the_offer_to_skip_names_the_week_it_is_about(chat: Chat) -> None:
    await chat.say("plan add one hours:40")
    offer = await chat.speak("no time this week")
    await chat.press(button_line(offer, "Skip this week"))
    assert await checkin_states(chat) == [("11-23", "skipped")]


@pytest.mark.parametrize(("days", "is_open"), [(2, True), (3, True), (4, True), (5, False)])
async def test_a_check_in_can_be_answered_for_two_days_of_the_next_week(
    chat: Chat, clock: FrozenClock, days: int, is_open: bool
) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin settings friday 15:00 UTC")
    clock.travel_to(datetime(2026, 11, 27, 15, tzinfo=UTC))
    (post,) = await chat.tick()
    clock.travel_to(clock.now() + timedelta(days=days))
    line = button_line(post.card, "Worked on it").replace("worked step:1", "worked step:1 hours:2")
    card = await chat.card(line)
    assert card.title.startswith("2 h logged" if is_open else "That check-in is over")
    assert await checkin_states(chat) == ([("11-23", "held")] if is_open else [])


async def test_lines_of_earlier_cards_still_work(chat: Chat) -> None:
    await chat.say("plan add one hours:3")
    await chat.say("plan add two hours:8")
    await chat.say("plan add three")
    assert (
        "finished one" in plain_text(await chat.card("checkin mark 1 done"))
        or (await stored_plan(chat)).step(1).state == "done"
    )
    assert (await chat.card("checkin mark 2 doing")).title == "Nice. About how many hours?"
    form = await chat.say("checkin mark 3 blocked")
    assert isinstance(form, Form)
    assert [item.name for item in form.fields] == ["why"]
    assert "no access" in plain_text(await chat.card(form.line, why="no access"))
    plan = await stored_plan(chat)
    assert [step.state for step in plan.steps] == ["done", "open", "blocked"]
    assert plan.step(3).blocker == "no access"


@pytest.mark.parametrize("outcome", ["helped", "failed", "unneeded"])
async def test_last_weeks_if_then_plan_is_asked_about(chat: Chat, clock: FrozenClock, outcome: str) -> None:
    await chat.say(IF_THEN_PLAN)
    await chat.say("plan add one hours:40")
    assert "You'd planned" not in await chat.text("checkin worked step:1 hours:2")
    clock.travel_to(clock.now() + WEEK)
    card = await chat.card("checkin worked step:1 hours:2")
    assert "You'd planned: If the data team is late, then I mock the data. Did it help?" in plain_text(card)
    line = next(button.line for button in buttons(card) if f" {outcome} " in button.line)
    assert "What could get in the way next week?" in await chat.text(line)
    assert (await stored_checkins(chat))[0].outcome == outcome
    await chat.say(line)
    assert [checkin.outcome for checkin in await stored_checkins(chat)] == [outcome, ""]


async def test_the_question_about_a_plan_waits_through_a_break(chat: Chat, clock: FrozenClock) -> None:
    await chat.say(IF_THEN_PLAN)
    clock.travel_to(clock.now() + WEEK)
    await chat.say("plan add one hours:40")
    await chat.say("checkin skip")
    clock.travel_to(clock.now() + WEEK)
    assert "You'd planned: If the data team is late" in await chat.text("checkin worked step:1 hours:2")


async def test_skip_snooze_and_pause_break_no_streak(chat: Chat, clock: FrozenClock) -> None:
    def advance_weeks(count: int = 1) -> None:
        clock.travel_to(clock.now() + count * WEEK)

    await chat.say("checkin close")
    advance_weeks()
    await chat.say("checkin close")
    advance_weeks()
    assert "Your streak is safe." in await chat.text("checkin skip")
    advance_weeks()
    await chat.say("checkin snooze")
    assert "Streak: 3 weeks." in await chat.text("checkin close")
    await chat.say(f"checkin pause {clock.now().date() + timedelta(days=35)}")
    advance_weeks(5)
    assert "Streak: 4 weeks." in await chat.text("checkin close")
    assert "Streak: 4 weeks." in await chat.text("checkin now")
    advance_weeks(2)
    assert "Streak" not in await chat.text("checkin close")


async def test_a_skipped_week_can_be_resumed(chat: Chat) -> None:
    await chat.say("plan add one hours:4")
    before = await stored_plan(chat)
    card = await chat.card("checkin skip")
    assert (await stored_plan(chat)).step(1).allocations[0].week == date(2026, 11, 30)
    assert "This week's off" in await chat.text("checkin now")
    assert "Welcome back, ada" in await chat.text("checkin resume")
    assert (await stored_plan(chat)).steps == before.steps
    assert await checkin_states(chat) == []
    card = await chat.card("checkin skip")
    assert card.title == "No problem: I've shifted your plan by a week"
    assert "New end: 6 December. Your streak is safe." in plain_text(card)
    assert "Undone. How did your week go" in await chat.text(button_line(card, "Undo"))
    assert ((await stored_plan(chat)).steps, await checkin_states(chat)) == (before.steps, [])


@pytest.mark.parametrize("break_line", ["checkin skip", "checkin pause 2027-02-01"])
async def test_undoing_a_break_ends_it(chat: Chat, break_line: str) -> None:
    await chat.say("plan add one hours:4")
    before = await stored_plan(chat)
    await chat.say(break_line)
    await chat.say("plan undo")
    assert await stored_plan(chat) == before
    assert await checkin_states(chat) == []
    assert await paused_until(chat) is None


@pytest.mark.parametrize("later_line", ["checkin resume", "checkin pause 2027-02-01"])
async def test_undoing_a_later_change_restores_the_break(chat: Chat, clock: FrozenClock, later_line: str) -> None:
    await chat.say("plan add one hours:4")
    await chat.say("checkin settings monday,thursday 09:00 Europe/Berlin reminder:off")
    await chat.say("checkin pause 2026-12-09")  # a Wednesday: its week stays on, but its Monday is in the break
    paused = await stored_plan(chat)
    await chat.say(later_line)
    assert "You're on a break until Wednesday, 9 Dec." in await chat.text("plan undo")
    assert (await stored_plan(chat), await paused_until(chat)) == (paused, date(2026, 12, 9))
    assert "Next check-in: Thursday, 10 Dec, 09:00" in await chat.text("checkin settings")
    clock.travel_to(datetime(2026, 12, 7, 8, 30, tzinfo=UTC))
    assert await chat.tick() == []


async def test_undoing_a_resume_skips_the_week_again(chat: Chat) -> None:
    await chat.say("plan add one hours:4")
    await chat.say("checkin skip")
    skipped = await stored_plan(chat)
    await chat.say("checkin resume")
    assert "break" not in await chat.text("plan undo")
    assert (await stored_plan(chat), await paused_until(chat)) == (skipped, None)


async def test_undoing_a_pause_that_is_over_breaks_no_streak(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:4")
    await chat.say("checkin close")
    await chat.say("checkin pause 2026-12-14")
    clock.travel_to(clock.now() + 3 * WEEK)
    await chat.say("plan undo")
    assert "Streak: 2 weeks." in await chat.text("checkin close")


async def test_a_pause_can_be_shortened_and_ended(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:4")
    await chat.say("checkin pause 2027-03-01")
    assert "On a break until Monday, 1 Mar" in await chat.text("checkin settings quiet:none")
    await chat.say("checkin pause 2027-01-11")  # a shorter one
    assert (await stored_plan(chat)).step(1).allocations[0].week == date(2027, 1, 11)
    assert max((await stored_plan(chat)).weeks_off) == date(2027, 1, 4)
    clock.travel_to(clock.now() + 2 * WEEK)
    assert "Welcome back" in await chat.text("checkin resume")
    plan = await stored_plan(chat)
    assert plan.step(1).allocations[0].week == date(2026, 12, 7)
    assert plan.weeks_off == {date(2026, 11, 23), date(2026, 11, 30)}
    assert await paused_until(chat) is None


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("checkin pause 2036-11-23", "from a day to a year"),
        ("checkin pause today", "When will you be back?"),
        ("checkin pause 2026-11-22", "has passed"),
        ("checkin pause 2101-01-01", "up to 2100"),
        ("checkin pause forever", "as a date\n\nEnter one like"),
        ("checkin mark 9 done", "have a step 9"),
        ("checkin mark 1 how:perhaps", "You can choose: Finished, Worked on it, Stuck"),
        ("checkin outcome helped", "planned around anything in an earlier week"),
        ("checkin outcome helped week:2026-13-99", "planned around anything in an earlier week"),
        ("checkin outcome perhaps", "You can choose"),
        ('checkin plan "' + "x" * 301 + '" obstacle:a then:b', "only 300 fit here"),
        ("checkin settings quiet:25:00-99:00", "There's no 25:00"),
        ("checkin settings quiet:20:00-20:00", "20:00-08:00"),
        ("checkin settings quiet:night", "20:00-08:00"),
        ("checkin settings friday 15:00 UTC quiet:25:00-99:00", "There's no 25:00"),
        ("checkin settings budget:-1", "from 0 to 50"),
        ("checkin settings budget:51", "from 0 to 50"),
        ("checkin settings friday 25:00", "There's no 25:00"),
        ("checkin settings friday at:25:00", "There's no 25:00"),
        ("checkin settings friday 15:00 zone:Mars/Olympus", "I don't know that place"),
        ("checkin settings someday 15:00", "isn't a day of the week"),
        ("checkin settings day:someday 15:00", "isn't a day of the week"),
    ],
)
async def test_an_invalid_check_in_command_is_refused_and_changes_nothing(chat: Chat, bad: str, says: str) -> None:
    await chat.say("plan add one")
    before = await stored_plan(chat)
    card = await chat.card(bad)
    assert card.error in ("bad_value", "not_found")
    assert says in plain_text(card)
    assert await stored_plan(chat) == before
    assert await checkin_states(chat) == []
    assert await paused_until(chat) is None
    async with chat.app_context.store.unit_of_work(Workspace("slack", "T1")) as uow:
        assert await uow.people.message_settings("ada") == MessageSettings()
        assert await uow.schedules.all() == []


async def test_without_forms_the_example_fits_the_step(chat: Chat) -> None:
    await chat.say("plan add one")
    plain = chat.copy(forms=False)
    assert "/mentor checkin mark 2 blocked No GPU quota" in await plain.text("checkin mark 1 blocked")
    assert "No GPU quota" in await plain.text("checkin mark 1 blocked No GPU quota")
    assert (await stored_plan(chat)).step(1).blocker == "No GPU quota"
    assert "obstacle" in await plain.text('checkin plan "Draft it"')


@pytest.mark.parametrize("settled", ["plan done 1", "plan drop 1"])
async def test_stale_check_in_buttons_change_no_settled_step(chat: Chat, settled: str) -> None:
    await chat.say("plan add one hours:3")
    stale = buttons(await chat.card("checkin now"))
    await chat.say(settled)
    before = await stored_plan(chat)
    for button in stale:
        if button.line.split()[1] in ("worked", "finished", "stuck"):
            card = await chat.card(button.line)
            assert card.error is None
            assert card.title in ("You've already finished one", "You dropped that step")
    assert await stored_plan(chat) == before
    assert await checkin_states(chat) == []


async def test_two_devices_at_once(chat: Chat) -> None:
    await chat.say("plan add one hours:9")
    await asyncio.gather(*(chat.copy().say("checkin snooze") for _ in range(3)))
    assert len(await snoozed_until(chat)) == 1
    await asyncio.gather(*(chat.copy().say("checkin worked step:1 hours:4") for _ in range(3)))
    assert (await stored_plan(chat)).step(1).hours_logged == 4
    await asyncio.gather(
        chat.copy().say("checkin mark 1 done"), chat.copy().say("checkin skip"), chat.copy().say("checkin close")
    )
    assert await checkin_states(chat) == [("11-23", "held")]
    assert (await stored_plan(chat)).step(1).state is StepState.DONE


async def test_snoozing_again_replaces_the_snooze(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("checkin snooze")
    clock.travel_to(clock.now() + timedelta(hours=5))
    card = await chat.card("checkin snooze")
    assert await snoozed_until(chat) == [clock.now() + timedelta(days=1)]
    assert [button.line for button in buttons(card)] == ["plan show"]
    await chat.copy(person="ben").say("checkin snooze")
    await chat.say("checkin stop")
    assert len(await snoozed_until(chat)) == 1  # ben's


@pytest.mark.parametrize(
    ("zone", "sunday", "monday"),
    [
        ("Pacific/Auckland", datetime(2026, 11, 29, 10, 59, tzinfo=UTC), datetime(2026, 11, 29, 11, 0, tzinfo=UTC)),
        ("Pacific/Honolulu", datetime(2026, 11, 30, 9, 59, tzinfo=UTC), datetime(2026, 11, 30, 10, 0, tzinfo=UTC)),
    ],
)
async def test_weeks_follow_the_learners_zone(
    chat: Chat, clock: FrozenClock, zone: str, sunday: datetime, monday: datetime
) -> None:
    traveller = chat.copy(zone=ZoneInfo(zone))
    clock.travel_to(sunday)
    await traveller.say("plan add one hours:4")
    await traveller.say(IF_THEN_PLAN)
    assert (await traveller.card("checkin now")).title == "You've checked in this week"
    clock.travel_to(monday)
    assert (await traveller.card("checkin now")).title == "How did your week go, ada?"
    assert "You'd planned: If the data team is late" in await traveller.text("checkin worked step:1 hours:1")
    assert "Streak: 2 weeks." in await traveller.text("checkin close")
    assert await checkin_states(chat) == [("11-23", "held"), ("11-30", "held")]


async def test_quiet_hours_are_picked_or_typed(chat: Chat) -> None:
    await chat.say("checkin settings quiet:21:30-06:15")
    form = await chat.say("settings change:quiet")
    assert isinstance(form, Form)
    values = [choice.value for choice in form.fields[0].choices]
    assert form.fields[0].value == "21:30-06:15"
    assert {"none", "21:30-06:15", "20:00-08:00"} <= set(values)
    assert "Quiet hours: 22:00–07:00" in await chat.text(f"{form.line} quiet:22:00-07:00")
    typed = await chat.say(f"{form.line} quiet:{values[-1]} budget:3")
    assert isinstance(typed, Form)
    assert [field.name for field in typed.fields] == ["quiet"]
    text = await chat.text(f'{typed.line} quiet:"10pm to 6:45"')
    assert ("Quiet hours: 22:00–06:45" in text, "At most 3 messages a week." in text) == (True, True)


async def test_settings_are_shown_and_changed(chat: Chat) -> None:
    assert "Check-in: off [Turn on]" in await chat.text("checkin settings")
    form = await chat.say("checkin settings friday 15:00")
    assert isinstance(form, Form)  # the zone is unknown
    assert [item.name for item in form.fields if item.required] == ["zone"]
    text = await chat.text("checkin settings friday 15:00 Pacific/Auckland quiet:20:00-08:00 budget:3")
    assert "Fridays 15:00, Auckland time" in text
    assert "Friday, 27 Nov, 15:00" in text
    assert "20:00–08:00" in text
    assert "At most 3 messages a week." in text
    assert "Mondays 15:00" in await chat.text("checkin settings monday")
    assert "Mondays 00:00, Auckland time" in await chat.text("checkin settings at:00:00")
    assert "Mondays 00:00, Berlin time" in await chat.text("checkin settings zone:Europe/Berlin")
    text = await chat.text("checkin settings quiet:none budget:0")
    assert "Quiet hours: none" in text
    assert "I never message you first" in text
    assert "Check-ins are off" in await chat.text("checkin stop")
    assert "You don't have a weekly check-in" in await chat.text("checkin stop")


async def test_a_tips_zone_does_not_move_the_check_in(chat: Chat) -> None:
    await chat.say("checkin settings mon 09:00 Europe/Berlin")
    await chat.say("tips me tue 10:00 Asia/Tokyo")
    assert "Mondays 09:00, Berlin time" in await chat.text("checkin settings reminder:off")
    assert "Mondays 11:00, Berlin time" in await chat.text("checkin settings at:11:00")
    assert "Mondays 11:00, Tokyo time" in await chat.text("checkin settings zone:Asia/Tokyo")


async def test_changing_a_personal_tip_keeps_other_options(chat: Chat) -> None:
    await chat.say("tips me tue 07:30 Europe/Berlin every:2-weeks")
    text = await chat.text("tips me wed")
    assert "Wednesday" in text
    assert "every second Wednesday, 07:30, Berlin time" in text
    assert "every second Wednesday, 11:00, Berlin time" in await chat.text("tips me at:11:00")
    assert "every second Wednesday, 11:00, Tokyo time" in await chat.text("tips me zone:Asia/Tokyo")


async def test_a_time_without_a_day_asks_for_the_day(chat: Chat) -> None:
    form = await chat.copy(zone=ZoneInfo("UTC")).say("checkin settings at:15:00")
    assert isinstance(form, Form)
    assert [item.name for item in form.fields if item.required] == ["day"]


async def test_every_check_in_button_works(chat: Chat) -> None:
    await chat.say("plan add one hours:3")
    await chat.say("checkin settings friday 15:00 UTC")
    for command in ("checkin now", "checkin settings", "checkin snooze", "checkin skip", "checkin resume", "checkin close",
                    IF_THEN_PLAN, "checkin pause 2027-01-11", "checkin now", "checkin stop"):  # fmt: skip
        for button in buttons(await chat.card(command)):
            if button.line == "progress":
                continue
            answer = await chat.copy().say(button.line)
            assert isinstance(answer, Form) or answer.error is None, button.line


async def test_others_see_and_change_nothing(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add My secret hours:9")
    await chat.say(IF_THEN_PLAN.replace("Draft it", "secret"))
    await chat.say("checkin settings friday 15:00 UTC quiet:20:00-08:00 budget:3")
    plan, checkins = await stored_plan(chat), await stored_checkins(chat)
    settings_text = await chat.text("checkin settings")
    for other in (chat.copy(person="ben"), chat.copy(workspace="T2")):
        for command in ("checkin now", "checkin mark 1 done", "checkin close", "checkin outcome helped week:2026-11-23",
                        "checkin settings budget:9 quiet:none", "checkin snooze", "checkin skip", "checkin pause 2027-02-01",
                        "checkin resume", "checkin stop"):  # fmt: skip
            answer = await other.say(command)
            assert isinstance(answer, Card)
            assert "secret" not in plain_text(answer)
    assert (await stored_plan(chat), await stored_checkins(chat)) == (plan, checkins)
    assert await chat.text("checkin settings") == settings_text


async def test_a_time_in_quiet_hours_is_announced_after_they_end(chat: Chat) -> None:
    text = await chat.text("checkin settings sunday 21:00 Europe/Berlin quiet:20:00-08:00")
    assert "Next check-in: Monday, 30 Nov, 08:00, when your quiet hours end" in text
    assert "when your quiet hours end" not in await chat.text("checkin settings at:15:00")


@pytest.mark.parametrize(
    ("said", "weeks_off", "days_off"),
    [
        ("checkin pause 21-25 dec", ["2026-12-21"], []),  # and the weekend
        ("checkin pause 23-25 dec", [], ["12-23", "12-24", "12-25", "12-26", "12-27"]),
        ("checkin pause until:19 dec to 2 jan", ["2026-12-21", "2026-12-28"], ["12-19", "12-20"]),
        ("checkin pause from 2026-12-23 to 2026-12-24", [], ["12-23", "12-24"]),
        ("checkin pause monday 7 and tuesday 8 dec", [], ["12-07", "12-08"]),
    ],
)
async def test_days_away_leave_the_days_around_them_alone(
    chat: Chat, clock: FrozenClock, said: str, weeks_off: list[str], days_off: list[str]
) -> None:
    await chat.say("plan add one hours:40")
    card = await chat.card(said)
    assert card.title.startswith("Enjoy the break! You're off ")
    plan = await stored_plan(chat)
    assert sorted(map(str, plan.weeks_off)) == weeks_off
    assert sorted(f"{day:%m-%d}" for day in plan.days_off) == days_off
    assert await paused_until(chat) is None
    assert await checkin_states(chat) == [(week[5:], "skipped") for week in weeks_off]
    clock.travel_to(clock.now() + WEEK)
    await chat.say(button_line(card, "Undo"))
    undone = await stored_plan(chat)
    assert (undone.weeks_off, undone.days_off, await checkin_states(chat)) == (frozenset(), frozenset(), [])


async def test_a_week_that_was_only_closed_can_still_be_skipped(chat: Chat) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin close")
    await chat.say("checkin skip")
    assert await checkin_states(chat) == [("11-23", "skipped")]


async def test_a_week_with_hours_in_it_stays_held(chat: Chat) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin worked 1 hours:2")
    await chat.say("checkin skip")
    assert await checkin_states(chat) == [("11-23", "held")]


async def test_a_break_from_a_weekend_skips_only_its_whole_weeks(chat: Chat) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin settings sunday 18:00 Europe/Berlin")
    await chat.say("checkin pause 19 dec to 2 jan")
    assert await checkin_states(chat) == [("12-21", "skipped"), ("12-28", "skipped")]


async def test_a_break_from_the_coming_weekend_is_no_pause_yet(chat: Chat) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin settings friday 16:00 Europe/Berlin")
    await chat.say("checkin pause 28 nov to 12 dec")
    assert await paused_until(chat) is None
    assert await checkin_states(chat) == [("11-30", "skipped"), ("12-07", "skipped")]


async def test_a_planned_break_gets_shorter(chat: Chat) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin pause 8-12 feb")
    await chat.say("checkin pause 21 dec to 10 jan")
    await chat.say("checkin pause 21 dec to 3 jan")
    assert sorted(map(str, (await stored_plan(chat)).weeks_off)) == ["2026-12-21", "2026-12-28", "2027-02-08"]
    assert await checkin_states(chat) == [("12-21", "skipped"), ("12-28", "skipped"), ("02-08", "skipped")]


async def test_undoing_a_shorter_break_brings_back_all_there_were(chat: Chat) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin pause 8-12 feb")
    await chat.say("checkin pause 21 dec to 10 jan")
    before = (await stored_plan(chat)).weeks_off
    await chat.say(button_line(await chat.card("checkin pause 21 dec to 3 jan"), "Undo"))
    assert (await stored_plan(chat)).weeks_off == before


async def test_coming_back_ends_only_the_break_that_is_on(chat: Chat) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin pause 8-12 feb")
    for line in ("checkin pause 2026-12-07", "checkin skip"):
        await chat.say(line)
        assert "Welcome back" in await chat.text("checkin resume")
        assert list(map(str, (await stored_plan(chat)).weeks_off)) == ["2027-02-08"]
    await chat.say("checkin resume")
    assert await checkin_states(chat) == [("02-08", "skipped")]


@pytest.mark.parametrize(
    ("button", "weeks_off", "back"),
    [
        (0, ["2026-12-21", "2026-12-28"], None),
        (1, [f"2026-{day}" for day in ("11-23", "11-30", "12-07", "12-14", "12-21", "12-28")], date(2027, 1, 4)),
    ],
)
async def test_whoever_is_back_within_a_planned_break_says_since_when(
    chat: Chat, button: int, weeks_off: list[str], back: date | None
) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin pause 21 dec to 10 jan")
    before = await stored_plan(chat)
    card = await chat.card("checkin pause 2027-01-04")
    assert card.title == "You're back on Monday, 4 Jan. When does your break start?"
    assert await stored_plan(chat) == before
    await chat.press(buttons(card)[button].line)
    assert sorted(map(str, (await stored_plan(chat)).weeks_off)) == weeks_off
    assert await paused_until(chat) == back
    assert "01-04" not in dict(await checkin_states(chat))


async def test_whoever_comes_back_during_a_planned_break_is_asked_again(chat: Chat, clock: FrozenClock) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin pause 21 dec to 10 jan")
    clock.travel_to(datetime(2026, 12, 22, 12, 0, tzinfo=UTC))
    await chat.say("checkin pause 2026-12-28")
    plan = await stored_plan(chat)
    assert (plan.weeks_off, sorted(day.day for day in plan.days_off)) == (frozenset(), [22, 23, 24, 25, 26, 27])
    assert dict(await checkin_states(chat)).keys().isdisjoint({"12-28", "01-04"})


@pytest.mark.parametrize("days", ["28-29 nov", "5 to 6 dec"])
async def test_a_weekend_off_cancels_no_check_in(chat: Chat, days: str) -> None:
    await chat.say("plan add one hours:40")
    await chat.say("checkin settings friday 16:00 Europe/Berlin")
    before = await stored_plan(chat)
    assert "your plan stays as it is" in await chat.text(f"checkin pause {days}")
    assert (await stored_plan(chat), await paused_until(chat), await checkin_states(chat)) == (before, None, [])


async def test_cancelling_a_holiday_keeps_a_skipped_week(chat: Chat) -> None:
    await chat.say('plan add what:"Draft the design" hours:40')
    week = (await stored_plan(chat)).steps[0].allocations[0].week
    await chat.say(f"checkin skip week:{week}")
    assert await chat.text("checkin resume planned:yes") != "You don't have a break planned"
    await chat.say(f"checkin skip week:{week}")
    away = week + timedelta(weeks=4)
    await chat.say(f"checkin pause {away} to {away + timedelta(days=6)}")
    assert (await stored_plan(chat)).weeks_off == {week, away}
    await chat.say("checkin resume planned:yes")
    assert (await stored_plan(chat)).weeks_off == {week}
    await chat.say("plan undo")
    assert (await stored_plan(chat)).weeks_off == {week, away}


async def test_one_of_several_holidays_is_cancelled(chat: Chat) -> None:
    await chat.say("checkin pause 2027-02-01 to 2027-02-07")
    await chat.say("checkin pause 2027-03-01 to 2027-03-07")
    text = await chat.text("checkin resume planned:yes")
    assert "Which break shall I cancel?" in text
    assert "No break 1–7 Mar" in await chat.text("checkin resume planned:yes first:2027-03-01")
    assert "You're off" not in await chat.text("checkin resume planned:yes")
    assert "You don't have a break planned" in await chat.text("checkin resume planned:yes")
