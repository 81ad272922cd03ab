"""When to ask a question again: the forgetting curve of the free spaced repetition scheduler (the `fsrs` library). Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from fsrs import Card, Rating, Scheduler

Memory = dict[str, Any]
"""Where one question of one learner stands, as JSON values; empty for one that was never asked."""
# Whole days only: a chat bot that asks again after ten minutes is a nuisance. No fuzz, so that the same answers give the
# same dates.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def answered(memory: Memory, now: datetime, *, right: bool) -> tuple[Memory, datetime]:
    """Where a question stands after an answer at `now` (aware), and when (UTC) it is due again."""
    card = Card.from_dict(cast(Any, memory)) if memory else Card(card_id=0, due=now)
    card, _ = _SCHEDULER.review_card(card, Rating.Good if right else Rating.Again, now)
    kept = dict(card.to_dict())
    return kept, card.due
