"""Weeks of check-ins: the streak, and what an if-then plan says. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from mentorbot.domain.plan import WEEK


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
    then = _inside(fallback)
    then = then if _I.match(then) or not then[1:2].islower() else then[:1].lower() + then[1:]
    return f"If {_inside(obstacle)}, then {then if _I.match(then) else f'I {then}'}."


_I = re.compile(r"I(?=[ '’])")
_OPENERS = re.compile(r"(If|Then|The|An?|My|Our|We|It|There|No|Nobody|Someone|Somebody|They)\b")


def _inside(text: str) -> str:
    """Words that go inside a sentence: without its own end, and without an If or Then that is there already."""
    text = text.strip().rstrip(".!").strip()
    text = re.sub(r"^(?:(?:if|then),?\s+)+", "", text, flags=re.IGNORECASE)
    return text[:1].lower() + text[1:] if _OPENERS.match(text) else text
