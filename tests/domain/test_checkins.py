"""Check-ins: the streak, and if-then plans as sentences."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.checkins import (
    current_streak,
    has_answers,
    hours_in,
    if_then,
    is_open,
    last_if_then_plan,
    log_hours,
    make_smaller,
    planned_hours,
    steps_to_ask_about,
    streak,
    swap_step,
)
from mentorbot.domain.learner import CheckIn, CheckInState
from mentorbot.domain.people import Silence
from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState
from mentorbot.domain.plan_edits import mark
from mentorbot.domain.plan_layout import lay_out
from mentorbot.domain.time_off import DAY, NO_TIME_OFF, TimeOff

MONDAY = date(2026, 11, 23)
WEEKS = [MONDAY - number * WEEK for number in range(12)]


@given(st.sets(st.sampled_from(WEEKS)), st.sets(st.sampled_from(WEEKS)))
def test_excused_weeks_neither_break_a_streak_nor_count(held: set[date], excused: set[date]) -> None:
    with_excuses = streak(held, excused, MONDAY)
    assert with_excuses >= streak(held, set(), MONDAY)
    assert with_excuses <= len(held)


def test_streak_counts_weeks_in_a_row() -> None:
    this, last, before, long_ago = MONDAY, MONDAY - WEEK, MONDAY - 2 * WEEK, MONDAY - 9 * WEEK
    assert streak([], [], this) == 0
    assert streak([last, before], [], this) == 2  # the present week isn't over
    assert streak([this, last], [], this) == 2
    assert streak([this, before], [], this) == 1
    assert streak([this, before], [last], this) == 2
    assert streak([long_ago], [], this) == 0


def test_a_learners_streak_counts_held_weeks_over_skipped_ones_and_weeks_off() -> None:
    weeks = {0: CheckInState.HELD, 1: CheckInState.SKIPPED, 2: CheckInState.HELD, 4: CheckInState.HELD}
    checkins = [CheckIn(MONDAY - number * WEEK, state) for number, state in sorted(weeks.items(), reverse=True)]
    assert current_streak(checkins, TimeOff(frozenset({MONDAY - 3 * WEEK})), MONDAY) == 3
    assert current_streak(checkins, TimeOff(days=frozenset({MONDAY - 3 * WEEK + DAY})), MONDAY) == 3
    assert current_streak(checkins, NO_TIME_OFF, MONDAY) == 2


def test_the_last_if_then_plan_is_the_newest_before_that_week() -> None:
    planned = CheckIn(MONDAY - 2 * WEEK, CheckInState.HELD, fallback="mock the data")
    checkins = [planned, CheckIn(MONDAY - WEEK, CheckInState.SKIPPED), CheckIn(MONDAY, CheckInState.HELD, fallback="x")]
    assert last_if_then_plan(checkins, MONDAY) == planned
    assert last_if_then_plan(checkins, planned.week) is None


@pytest.mark.parametrize(
    ("obstacle", "then", "sentence"),
    [
        ("If it rains.", "then I stay in!", "If it rains, then I stay in."),
        ("the data team is late", "mock the data", "If the data team is late, then I mock the data."),
        ("If the data team is late.", "then I mock the data!", "If the data team is late, then I mock the data."),
        ("The data team is late", "Mock the data", "If the data team is late, then I mock the data."),
        ("Ada is away", "I'll ask Ben", "If Ada is away, then I'll ask Ben."),
        ("I am tired", "I’ll stop", "If I am tired, then I’ll stop."),
        ("if I am tired", "SSH into it", "If I am tired, then I SSH into it."),
        ("IT is down", "Then, I read", "If IT is down, then I read."),
    ],
)
def test_an_if_then_plan_reads_as_one_sentence(obstacle: str, then: str, sentence: str) -> None:
    assert if_then(obstacle, then) == sentence


def test_a_check_in_stays_open_until_two_days_into_the_next_week() -> None:
    last = MONDAY - WEEK
    assert is_open(MONDAY, MONDAY + timedelta(days=6), None)
    assert [is_open(last, MONDAY + timedelta(days=day), last) for day in range(4)] == [True, True, False, False]
    assert not is_open(last, MONDAY, MONDAY)  # the next one has come
    assert not is_open(last, MONDAY, None)
    assert not is_open(last - WEEK, MONDAY, last - WEEK)
    assert not is_open(MONDAY + WEEK, MONDAY, None)


def plan_of(*steps: PlanStep) -> Plan:
    return lay_out(Plan(steps=steps, next_number=len(steps) + 1), MONDAY)


def test_hours_worked_are_those_said_for_that_week() -> None:
    plan = plan_of(PlanStep(1, "Read", hours=10), PlanStep(2, "Write", hours=2))
    assert planned_hours(plan.step(1), MONDAY) == 4
    for said in (3, 3, 2):
        plan = log_hours(plan, 1, MONDAY, said, MONDAY)
        assert hours_in(plan.step(1), MONDAY) == said
    assert planned_hours(plan.step(1), MONDAY) == 4  # two worked, two to go
    plan = log_hours(plan, 1, MONDAY - WEEK, 5, MONDAY)
    assert (plan.step(1).hours_logged, plan.step(1).state) == (7, StepState.DOING)
    assert plan.step(1).hours_left == 3
    more = log_hours(plan, 1, MONDAY, 20, MONDAY)
    assert more.step(1).hours_logged == 25  # more than planned is what it took
    done = mark(plan, 1, StepState.DONE, MONDAY)
    assert log_hours(done, 1, MONDAY, 9, MONDAY) == done


def test_a_smaller_step_goes_in_front_of_the_big_one() -> None:
    plan = mark(plan_of(PlanStep(1, "Big", hours=30)), 1, StepState.BLOCKED, MONDAY, blocker="Too big")
    smaller = make_smaller(plan, 1, PlanStep(0, "Small", hours=2), MONDAY)
    big, small = smaller.step(1), smaller.step(2)
    assert (big.state, big.blocker, big.requires) == (StepState.OPEN, "", (2,))
    assert (small.hours_in_week(MONDAY), big.hours_in_week(MONDAY)) == (2, 2)


def test_a_swapped_step_keeps_its_place() -> None:
    plan = plan_of(
        PlanStep(1, "First", hours=4), PlanStep(2, "Old", hours=9, requires=(1,)), PlanStep(3, "Last", requires=(2,))
    )
    swapped = swap_step(plan, 2, PlanStep(0, "New", hours=5), MONDAY)
    assert swapped.step(2).state is StepState.DROPPED
    assert (swapped.step(4).text, swapped.step(4).requires, swapped.step(3).requires) == ("New", (1,), (4,))


def test_a_check_in_is_about_planned_worked_and_stuck_steps() -> None:
    plan = plan_of(PlanStep(1, "Now", hours=4), PlanStep(2, "Later", hours=4), PlanStep(3, "Stuck", hours=4))
    plan = mark(plan, 3, StepState.BLOCKED, MONDAY, blocker="x")
    assert [step.number for step in steps_to_ask_about(plan, MONDAY)] == [1, 3]
    worked = log_hours(plan, 1, MONDAY, 4, MONDAY)
    assert [step.number for step in steps_to_ask_about(worked, MONDAY)] == [1, 3]
    assert has_answers(worked, MONDAY)
    assert not has_answers(worked, MONDAY + WEEK)


def test_silence_counts_weeks_and_lasts_from_the_fourth_on() -> None:
    silence = Silence()
    for week in range(3):
        silence = silence.after_checkin(MONDAY + week * WEEK).after_checkin(MONDAY + week * WEEK)
    assert (silence.weeks, silence.is_long) == (3, False)
    assert silence.after_checkin(MONDAY + 3 * WEEK).is_long
