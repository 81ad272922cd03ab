"""Spaced repetition for recall questions: the forgetting curve of FSRS (the `fsrs` library). Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from fsrs import Card, Rating, Scheduler

Memory = dict[str, Any]
"""The FSRS card of one question and one learner, as JSON values; empty for a question that was never asked."""
# No learning steps, because a chat bot that asks again after ten minutes is a nuisance. No fuzz, so the same answers
# always give the same dates.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def review(memory: Memory, now: datetime, *, right: bool) -> tuple[Memory, datetime]:
    """Record an answer given at `now` (aware). Returns the new memory and the UTC instant of the next review."""
    card = Card.from_dict(cast(Any, memory)) if memory else Card(card_id=0, due=now)
    # Two grades are enough: people press a button that says whether they knew it, so "hard" and "easy" never come up.
    reviewed, _ = _SCHEDULER.review_card(card, Rating.Good if right else Rating.Again, now)
    return dict(reviewed.to_dict()), reviewed.due
