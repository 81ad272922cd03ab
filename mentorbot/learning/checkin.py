"""Weeks of check-ins: the streak, and what an if-then plan says. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from mentorbot.learning.plan import WEEK


def streak(held: Collection[date], free: Collection[date], week: date) -> int:
    """How many weeks in a row had a check-in, up to `week` (all are Mondays).

    A `free` week (skipped, paused, off) neither counts nor breaks; nor does the present one while it lasts.
    """
    count, at = 0, week
    oldest = min(held, default=week)
    while at >= oldest:
        if at in held:
            count += 1
        elif at not in free and at != week:
            break
        at -= WEEK
    return count


def if_then(obstacle: str, fallback: str) -> str:
    """An if-then plan in one sentence, out of what the learner wrote."""
    return f"If {_inside(obstacle)}, then I {_inside(fallback).removeprefix('I ')}."


def _inside(text: str) -> str:
    """Words that go inside a sentence: without its own end, and without an If or Then that is there already."""
    text = text.strip().rstrip(".!").strip()
    for word in ("if ", "then "):
        if text.lower().startswith(word):
            text = text[len(word) :]
    return text
