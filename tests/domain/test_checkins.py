"""Check-ins: the streak, and if-then plans as sentences."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.checkins import current_streak, if_then, last_if_then_plan, streak
from mentorbot.domain.learner import CheckIn, CheckInState
from mentorbot.domain.plan import WEEK

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
    assert current_streak(checkins, {MONDAY - 3 * WEEK}, MONDAY) == 3
    assert current_streak(checkins, (), MONDAY) == 2


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
