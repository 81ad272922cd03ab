"""Weekly check-ins: the hours worked, help when stuck, the streak, and the sentence an if-then plan makes. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from mentorbot.domain import plan_edits
from mentorbot.domain.learner import CheckIn, CheckInState
from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState, WeekAllocation, monday
from mentorbot.domain.plan_layout import lay_out, week_to_lay_out
from mentorbot.domain.time_off import TimeOff

MAX_ANSWER_LENGTH = 300
"""Characters of each answer in a check-in."""


MAX_WEEK_HOURS = 80
"""Hours anyone can have worked on one step in one week."""
DAYS_TO_ANSWER = 2
"""Days into the next week when a check-in can still be answered, e.g. one that came on Sunday evening."""


class StuckReason(StrEnum):
    """Obstacles to a step, in a word. The values are on buttons."""

    UNCLEAR = "unclear"
    TOO_BIG = "too-big"
    NO_ACCESS = "no-access"
    OTHER = "other"


class IfThenOutcome(StrEnum):
    """Outcome of an if-then plan. The values are stored."""

    HELPED = "helped"
    FAILED = "failed"
    UNNEEDED = "unneeded"


def checkin_of(checkins: Sequence[CheckIn], week: date) -> CheckIn | None:
    """Find the check-in of a week (its Monday); None if it was neither held nor skipped."""
    return next((checkin for checkin in checkins if checkin.week == week), None)


def is_open(week: date, today: date, asked_week: date | None) -> bool:
    """Check whether the check-in of `week` (its Monday) can still be answered today.

    That's the present week's, and for two more days the one sent last week (`asked_week`), until the next one is sent.
    """
    this_week = monday(today)
    just_over = asked_week == week == this_week - WEEK and today < this_week + timedelta(days=DAYS_TO_ANSWER)
    return week == this_week or just_over


def steps_to_ask_about(plan: Plan, week: date) -> tuple[PlanStep, ...]:
    """List the steps a check-in is about: those planned for the week or worked on in it, and those stuck since earlier."""
    planned = plan.steps_in_week(week)
    others = (step for step in plan.active if step.state is StepState.BLOCKED or hours_in(step, week))
    return (*planned, *(step for step in others if step not in planned))


def next_in(plan: Plan) -> PlanStep | None:
    """Find the open step that comes next by the weeks it's planned for; None if there's none."""
    steps = [step for step in plan.active if step.allocations] or plan.active
    return min(steps, key=lambda step: (*(part.week for part in step.allocations[:1]), step.number), default=None)


def hours_in(step: PlanStep, week: date) -> int:
    """Give the hours worked on a step in a week."""
    return sum(logged.hours for logged in step.logged if logged.week == week)


def planned_hours(step: PlanStep, week: date) -> int:
    """Give the hours a week was meant to give a step: those worked already, and those still planned."""
    return hours_in(step, week) + sum(planned.hours for planned in step.allocations if planned.week == week)


def log_hours(plan: Plan, number: int, week: date, hours: int, today: date) -> Plan:
    """Set the hours worked on a step in a week, whatever was planned. The step is under way, and no longer stuck.

    Saying it again changes nothing. A settled step stays as it is.
    """
    step = plan.step(number)
    if not step.active:
        return plan
    others = tuple(logged for logged in step.logged if logged.week != week)
    hours = min(hours, MAX_WEEK_HOURS)
    logged = (*others, WeekAllocation(week, hours)) if hours else others
    since = step.status_since if step.state is StepState.DOING else today
    changed = replace(step, logged=logged, state=StepState.DOING, status_since=since, blocker="")
    return lay_out(plan.with_step(changed), week_to_lay_out(plan, today))


def has_answers(plan: Plan, week: date) -> bool:
    """Check whether the plan itself shows that something was done in a week: hours worked, or a step finished or stuck."""
    settled = (StepState.DONE, StepState.BLOCKED)
    return any(
        hours_in(step, week)
        or (step.state in settled and step.status_since is not None and monday(step.status_since) == week)
        for step in plan.steps
    )


def make_smaller(plan: Plan, number: int, smaller: PlanStep, today: date) -> Plan:
    """Put a smaller step in front of one that's too big: it's for this week, and the big one goes on after it.

    If it's in the plan already, it stays as it is.

    Raises:
        PlanFull: the plan has as many open steps as it can hold.
    """
    extended, small = plan, plan.step_from(smaller.origin) if smaller.origin else None
    if small is None:
        extended, small = plan_edits.add(plan, replace(smaller, due=monday(today) + timedelta(days=6)), today)
    big = extended.step(number)
    waiting = replace(
        big,
        state=StepState.OPEN,
        blocker="",
        status_since=today,
        requires=tuple(dict.fromkeys((*big.requires, small.number))),
    )
    return lay_out(extended.with_step(waiting), week_to_lay_out(plan, today))


def swap_step(plan: Plan, number: int, new: PlanStep, today: date) -> Plan:
    """Replace a step by a different one. Steps that build on the old one build on the new one instead."""
    extended, added = plan_edits.add(plan, replace(new, requires=plan.step(number).requires), today)
    for step in extended.active:
        if number in step.requires:
            requires = tuple(added.number if required == number else required for required in step.requires)
            extended = extended.with_step(replace(step, requires=requires))
    return plan_edits.drop(extended, number, today)


def last_if_then_plan(checkins: Sequence[CheckIn], before: date) -> CheckIn | None:
    """Find the newest check-in with an if-then plan in a week earlier than `before` (a Monday)."""
    return next((checkin for checkin in reversed(checkins) if checkin.week < before and checkin.fallback), None)


def current_streak(checkins: Sequence[CheckIn], off: TimeOff, this_week: date) -> int:
    """Count a learner's weeks in a row with a check-in; skipped weeks and those with days off neither count nor break."""
    held = {checkin.week for checkin in checkins if checkin.state is CheckInState.HELD}
    skipped = {checkin.week for checkin in checkins if checkin.state is CheckInState.SKIPPED}
    return streak(held, skipped | off.touched_weeks, this_week)


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
