"""Check-ins: the streak, and if-then plans as sentences."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.checkins import if_then, streak
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


def test_an_if_then_plan_reads_as_one_sentence() -> None:
    assert if_then("the data team is late", "mock the data") == "If the data team is late, then I mock the data."
    assert if_then("If it rains.", "then I stay in!") == "If it rains, then I stay in."
