"""The forgetting curve, and the streak of check-ins."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.checkins import if_then, streak
from mentorbot.domain.plan import WEEK
from mentorbot.domain.recall import Memory, answered

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
WEEKS = [MONDAY - number * WEEK for number in range(12)]


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_a_question_comes_back_days_later_and_sooner_when_it_was_missed(answers: list[bool]) -> None:
    memory: Memory = {}
    now = NOW
    for right in answers:
        good, good_due = answered(memory, now, right=True)
        bad, bad_due = answered(memory, now, right=False)
        assert timedelta(hours=12) <= bad_due - now <= good_due - now
        memory, now = (good, good_due) if right else (bad, bad_due)
        memory = json.loads(json.dumps(memory))  # as the database keeps it


def test_what_is_known_is_asked_less_and_less() -> None:
    memory: Memory = {}
    now, waits = NOW, []
    for _ in range(4):
        memory, due = answered(memory, now, right=True)
        waits.append(due - now)
        now = due
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(days=60)


def test_the_same_answers_give_the_same_dates() -> None:
    assert answered({}, NOW, right=True) == answered({}, NOW, right=True)


@given(st.sets(st.sampled_from(WEEKS)), st.sets(st.sampled_from(WEEKS)))
def test_a_free_week_breaks_nothing_and_counts_for_nothing(held: set[date], free: set[date]) -> None:
    with_free = streak(held, free, MONDAY)
    assert with_free >= streak(held, set(), MONDAY)
    assert with_free <= len(held)


def test_streaks() -> None:
    this, last, before, long_ago = MONDAY, MONDAY - WEEK, MONDAY - 2 * WEEK, MONDAY - 9 * WEEK
    assert streak([], [], this) == 0
    assert streak([last, before], [], this) == 2  # this week is not over
    assert streak([this, last], [], this) == 2
    assert streak([this, before], [], this) == 1
    assert streak([this, before], [last], this) == 2
    assert streak([long_ago], [], this) == 0


def test_an_if_then_plan_reads_as_one_sentence() -> None:
    assert if_then("the data team is late", "mock the data") == "If the data team is late, then I mock the data."
    assert if_then("If it rains.", "then I stay in!") == "If it rains, then I stay in."
