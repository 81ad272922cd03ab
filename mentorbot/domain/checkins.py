"""Weekly check-ins: the streak, and the sentence an if-then plan makes. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from mentorbot.domain.plan import WEEK


def streak(held: Collection[date], excused: Collection[date], this_week: date) -> int:
    """Count the weeks in a row with a check-in, up to `this_week` (all are Mondays).

    An `excused` week (skipped, paused, off) neither counts nor breaks the streak; nor does the present one while it lasts.
    """
    count, week = 0, this_week
    oldest = min(held, default=this_week)
    while week >= oldest:
        if week in held:
            count += 1
        elif week not in excused and week != this_week:
            break
        week -= WEEK
    return count


def if_then(obstacle: str, fallback: str) -> str:
    """An if-then plan as one sentence, made from the learner's own words."""
    action = _as_clause(fallback)
    # A capital that isn't followed by a lower-case letter belongs to an acronym ("CI") and stays.
    if not _FIRST_PERSON.match(action) and action[1:2].islower():
        action = action[:1].lower() + action[1:]
    subject = "" if _FIRST_PERSON.match(action) else "I "
    return f"If {_as_clause(obstacle)}, then {subject}{action}."


_FIRST_PERSON = re.compile(r"I(?=[ '’])")
_LOWERED_OPENERS = re.compile(r"(If|Then|The|An?|My|Our|We|It|There|No|Nobody|Someone|Somebody|They)\b")
"""Words that only have a capital because they open a sentence; any other may be a name."""


def _as_clause(text: str) -> str:
    """Words ready for the inside of a sentence: no full stop, and no If or Then of their own."""
    text = text.strip().rstrip(".!").strip()
    text = re.sub(r"^(?:(?:if|then),?\s+)+", "", text, flags=re.IGNORECASE)
    return text[:1].lower() + text[1:] if _LOWERED_OPENERS.match(text) else text
