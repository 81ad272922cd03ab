"""Spaced repetition: when a recall question is due again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorbot.domain.recall import Memory, review

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_a_question_is_due_days_later_and_sooner_after_a_wrong_answer(answers: list[bool]) -> None:
    memory: Memory = {}
    now = NOW
    for right in answers:
        after_right, due_after_right = review(memory, now, right=True)
        after_wrong, due_after_wrong = review(memory, now, right=False)
        assert timedelta(hours=12) <= due_after_wrong - now <= due_after_right - now
        memory, now = (after_right, due_after_right) if right else (after_wrong, due_after_wrong)
        memory = json.loads(json.dumps(memory))  # the database stores it as JSON


def test_intervals_grow_with_each_right_answer() -> None:
    memory: Memory = {}
    now, intervals = NOW, []
    for _ in range(4):
        memory, due = review(memory, now, right=True)
        intervals.append(due - now)
        now = due
    assert intervals == sorted(intervals)
    assert intervals[-1] > timedelta(days=60)


def test_the_same_answers_give_the_same_dates() -> None:
    assert review({}, NOW, right=True) == review({}, NOW, right=True)
