"""Weekly check-ins: the streak, and the sentence an if-then plan makes. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum

from mentorbot.domain.learner import CheckIn, CheckInState
from mentorbot.domain.plan import WEEK

MAX_ANSWER_LENGTH = 300
"""Characters of each answer in a check-in."""


class IfThenOutcome(StrEnum):
    """Outcome of an if-then plan. The values are stored."""

    HELPED = "helped"
    FAILED = "failed"
    UNNEEDED = "unneeded"


def checkin_of(checkins: Sequence[CheckIn], week: date) -> CheckIn | None:
    """Find the check-in of a week (its Monday); None if it was neither held nor skipped."""
    return next((checkin for checkin in checkins if checkin.week == week), None)


def last_if_then_plan(checkins: Sequence[CheckIn], before: date) -> CheckIn | None:
    """Find the newest check-in with an if-then plan in a week earlier than `before` (a Monday)."""
    return next((checkin for checkin in reversed(checkins) if checkin.week < before and checkin.fallback), None)


def current_streak(checkins: Sequence[CheckIn], weeks_off: Collection[date], this_week: date) -> int:
    """Count a learner's weeks in a row with a check-in; skipped weeks and weeks off neither count nor break."""
    held = {checkin.week for checkin in checkins if checkin.state is CheckInState.HELD}
    skipped = {checkin.week for checkin in checkins if checkin.state is CheckInState.SKIPPED}
    return streak(held, skipped | set(weeks_off), this_week)


def streak(held: Collection[date], excused: Collection[date], this_week: date) -> int:
    """Count the weeks in a row with a check-in, up to `this_week` (all are Mondays).

    An `excused` week (skipped, paused, off) neither counts nor breaks the streak, and nor does the current week while it lasts.
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
    """Phrase an if-then plan as one sentence, in the learner's own words."""
    action = _as_clause(fallback)
    # A capital that isn't followed by a lower-case letter belongs to an acronym ("CI"), so it stays.
    if not _FIRST_PERSON.match(action) and action[1:2].islower():
        action = action[:1].lower() + action[1:]
    subject = "" if _FIRST_PERSON.match(action) else "I "
    return f"If {_as_clause(obstacle)}, then {subject}{action}."


_FIRST_PERSON = re.compile(r"I(?=[ '’])")
_LOWERED_OPENERS = re.compile(r"(If|Then|The|An?|My|Our|We|It|There|No|Nobody|Someone|Somebody|They)\b")
"""Words capitalised only because they open a sentence. Any other capitalised word may be a name."""


def _as_clause(text: str) -> str:
    """Prepare words for the middle of a sentence: no full stop, and no If or Then of their own."""
    text = text.strip().rstrip(".!").strip()
    text = re.sub(r"^(?:(?:if|then),?\s+)+", "", text, flags=re.IGNORECASE)
    return text[:1].lower() + text[1:] if _LOWERED_OPENERS.match(text) else text
