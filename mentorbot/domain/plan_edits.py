"""What can be done to a plan. Each function takes a plan and gives another one, laid out anew from `today`'s week on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from mentorbot.domain.plan import (
    MAX_HOURS_PER_WEEK,
    MAX_OPEN_STEPS,
    MAX_STEP_HOURS,
    MIN_HOURS_PER_WEEK,
    WEEK,
    Plan,
    PlanStep,
    StepState,
    WeekAllocation,
    monday,
)
from mentorbot.domain.plan_layout import lay_out
from mentorbot.errors import BadValue, NotFound

MAX_PAUSE = timedelta(days=366)
"""How long a pause may be. Whoever is away longer makes a new plan when they are back."""


def add(plan: Plan, step: PlanStep, today: date) -> tuple[Plan, PlanStep]:
    """The plan with `step` under its next number, and the step as it stands there.

    Raises:
        BadValue: its hours are out of range.
        NotFound: the plan is full.
    """
    if len(plan.active) >= MAX_OPEN_STEPS:
        raise NotFound(f"Your plan has {MAX_OPEN_STEPS} open steps. Finish or drop one first.", tries=("plan show",))
    _check_hours(step.hours, "hours", MAX_STEP_HOURS)
    numbered = replace(step, number=plan.next_number)
    grown = replace(plan, steps=(*plan.steps, numbered), next_number=plan.next_number + 1)
    flowed = lay_out(grown, monday(today))
    return flowed, flowed.step(numbered.number)


def mark(
    plan: Plan, number: int, state: StepState, today: date, *, evidence: str = "", blocker: str = "", hours: int = 0
) -> Plan:
    """The plan with one step under way, blocked, done or open again. `hours` are hours worked this week.

    A settled step stays as it is, but for evidence that comes later.

    Raises:
        NotFound: there is no step of that number.
    """
    step = plan.step(number)
    if not step.active:
        kept = replace(step, evidence=evidence) if step.state == "done" and evidence else step
        return plan.with_step(kept)
    week = monday(today)
    worked = hours or (_planned(step, week) if state == "done" else 0)
    changed = replace(
        step,
        state=state,
        evidence=evidence or step.evidence,
        blocker=blocker if state == "blocked" else "",
        logged=_credited(step, week, worked),
        status_since=step.status_since if state == step.state else today,
    )
    return lay_out(plan.with_step(changed), week)


def _planned(step: PlanStep, week: date) -> int:
    return sum(share.hours for share in step.allocations if share.week == week)


def _credited(step: PlanStep, week: date, hours: int) -> tuple[WeekAllocation, ...]:
    """Hours worked by week, with `hours` more in `week`, and never more in all than the step has."""
    hours = min(hours, step.hours - step.hours_logged)
    if hours <= 0:
        return step.logged
    earlier = sum(share.hours for share in step.logged if share.week == week)
    return (*(share for share in step.logged if share.week != week), WeekAllocation(week, earlier + hours))


def log_week(plan: Plan, number: int, today: date) -> Plan:
    """The plan after a week of work on a step that is not finished: its hours of this week are worked."""
    step = plan.step(number)
    due = min(step.in_week(monday(today)), plan.capacity(monday(today)), max(0, step.hours_left - 1))
    return mark(plan, number, "doing", today, hours=due)


def drop(plan: Plan, number: int, today: date, *, dependents: bool = False) -> Plan:
    """The plan without a step, and without those that build on it if they are to go too.

    Raises:
        NotFound: there is no step of that number.
    """
    plan.step(number)
    gone = {number} | ({step.number for step in plan.dependents(number)} if dependents else set())
    return _settled(plan, gone, "dropped", today)


def _settled(plan: Plan, numbers: Iterable[int], state: StepState, today: date) -> Plan:
    for number in numbers:
        step = plan.step(number)
        if step.active:
            plan = plan.with_step(replace(step, state=state, blocker="", status_since=today))
    return lay_out(plan, monday(today))


def move(plan: Plan, number: int, to: date, today: date) -> Plan:
    """The plan with a step in the week of `to`: not before it, and due on that day if a day was set."""
    step = _active(plan, number)
    return lay_out(plan.with_step(replace(step, start=monday(to), due=to if step.due else None)), monday(today))


def edit(
    plan: Plan, number: int, today: date, *, text: str | None = None, hours: int | None = None, due: date | None = None
) -> Plan:
    """The plan with other words, hours or another day for a step.

    Raises:
        BadValue: the hours are out of range.
        NotFound: there is no such step, or it is settled.
    """
    step = _active(plan, number)
    if hours is not None:
        _check_hours(hours, "hours", MAX_STEP_HOURS)
    changed = replace(step, text=text or step.text, hours=hours or step.hours, due=due or step.due)
    return lay_out(plan.with_step(changed), monday(today))


def _active(plan: Plan, number: int) -> PlanStep:
    step = plan.step(number)
    if not step.active:
        raise NotFound(f"Step {number} is {step.state}, so it stays as it is.", tries=("plan show", "plan undo"))
    return step


def set_pace(plan: Plan, hours: int, today: date) -> Plan:
    """The plan at another number of hours a week.

    Raises:
        BadValue: not from 1 to 60.
    """
    _check_hours(hours, "hours", MAX_HOURS_PER_WEEK)
    return lay_out(replace(plan, hours_per_week=hours), monday(today))


def _check_hours(hours: int, option: str, most: int) -> None:
    if not MIN_HOURS_PER_WEEK <= hours <= most:
        raise BadValue(
            f"{option} cannot be {hours}. Write a whole number from {MIN_HOURS_PER_WEEK} to {most}.",
            option=option,
            tries=("4",),
        )


def take_off(plan: Plan, start: date, until: date, today: date) -> Plan:
    """The plan with no work in the weeks from that of `start` up to the one in which `until` falls, which is the first
    again. At least the first week is free."""
    weeks, at = set(plan.weeks_off), monday(start)
    last = max(monday(until), at + WEEK)
    while at < last:
        weeks.add(at)
        at += WEEK
    return lay_out(replace(plan, weeks_off=frozenset(weeks)), monday(today))


def come_back(plan: Plan, today: date) -> Plan:
    """The plan with this week and those to come free for work again."""
    week = monday(today)
    return lay_out(replace(plan, weeks_off=frozenset(off for off in plan.weeks_off if off < week)), week)


def merge_plan(plan: Plan, new: Plan, today: date) -> Plan:
    """The plan with the pack's steps towards another aim.

    What is settled or is the learner's own stays, as does a step of the pack that both have, under its number; other
    steps of the pack are dropped.
    """
    wanted = {step.origin for step in new.steps}
    gone = [step.number for step in plan.active if step.origin.startswith("milestone:") and step.origin not in wanted]
    merged = _settled(plan, gone, "dropped", today)
    numbers: dict[int, int] = {}
    for step in new.steps:
        kept = merged.made_from(step.origin)
        number = kept.number if kept else merged.next_number
        requires = tuple(numbers[before] for before in step.requires if before in numbers)
        numbers[step.number] = number
        if kept:
            merged = merged.with_step(replace(kept, reason=step.reason, requires=requires))
        else:
            added = replace(step, number=number, requires=requires)
            merged = replace(merged, steps=(*merged.steps, added), next_number=number + 1)
    aimed = replace(merged, title=new.title, target_date=new.target_date, hours_per_week=new.hours_per_week)
    return lay_out(aimed, monday(today))


def undo_to(before: Plan, now: Plan, week: date = date.min) -> Plan:
    """What undoing gives: exactly what was before, but that numbers given since stay given, that it was looked at now, and
    that the weeks before `week` which were off stay off: they are over."""
    over = frozenset(off for off in now.weeks_off if off < week)
    return replace(
        before,
        next_number=max(before.next_number, now.next_number),
        laid_out_week=now.laid_out_week,
        weeks_off=before.weeks_off | over,
    )
