"""Edits of a plan. Each function takes a plan and returns a new one, laid out from `today`'s week on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mentorbot.chat import dates
from mentorbot.domain import time_off
from mentorbot.domain.plan import (
    MAX_HOURS_PER_WEEK,
    MAX_OPEN_STEPS,
    MAX_PLAN_STEPS,
    MAX_STEP_HOURS,
    MILESTONE_PREFIX,
    MIN_HOURS_PER_WEEK,
    WEEK,
    Plan,
    PlanStep,
    StepState,
    WeekAllocation,
    monday,
)
from mentorbot.domain.plan_layout import first_full_week, lay_out, week_to_lay_out
from mentorbot.domain.time_off import TimeOff
from mentorbot.errors import BadValue, Conflict, PlanFull, StepSettled

MAX_PAUSE = timedelta(days=366)
"""The longest pause. Anyone away for longer needs a new plan when they're back."""


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step before and after an edit. A step that was settled before stays the same."""

    before: PlanStep
    after: PlanStep

    @property
    def was_settled(self) -> bool:
        """True if the step was done or dropped before the edit."""
        return not self.before.active


def add(plan: Plan, step: PlanStep, today: date) -> tuple[Plan, PlanStep]:
    """Add `step` under the next number. Returns the new plan, and the step as laid out in it.

    Raises:
        BadValue: the hours are out of range.
        PlanFull: the plan has as many open steps as it can hold.
    """
    _check_room(plan)
    if len(plan.steps) >= MAX_PLAN_STEPS:
        raise Conflict(
            f"Your plan has {dates.number(MAX_PLAN_STEPS)} steps, finished ones included. That's all it can hold."
        )
    _check_hours(step.hours, MAX_STEP_HOURS)
    numbered = replace(step, number=plan.next_number)
    extended = replace(plan, steps=(*plan.steps, numbered), next_number=plan.next_number + 1)
    laid_out = lay_out(extended, week_to_lay_out(plan, today))
    return laid_out, laid_out.step(numbered.number)


def mark(
    plan: Plan,
    number: int,
    state: StepState,
    today: date,
    *,
    evidence: str = "",
    attachment: str = "",
    blocker: str = "",
    hours: int = 0,
) -> Plan:
    """Set the state of one step; `hours` are hours worked this week.

    A settled step stays as it is, except that a finished one still takes evidence or an attachment.

    Raises:
        StepNotFound: there's no step with that number.
    """
    step = plan.step(number)
    if not step.active:
        if step.state is not StepState.DONE:
            return plan
        return plan.with_step(
            replace(step, evidence=evidence or step.evidence, attachment=attachment or step.attachment)
        )
    week = monday(today)
    changed = replace(
        step,
        state=state,
        evidence=evidence or step.evidence,
        attachment=attachment or step.attachment,
        blocker=blocker if state is StepState.BLOCKED else "",
        logged=_log_hours(step, week, hours),
        status_since=step.status_since if state is step.state else today,
    )
    return lay_out(plan.with_step(changed), week_to_lay_out(plan, today))


def _log_hours(step: PlanStep, week: date, hours: int) -> tuple[WeekAllocation, ...]:
    """Add `hours` in `week` to the hours worked by week. They're what it took, so they may exceed the estimate."""
    if hours <= 0:
        return step.logged
    earlier = sum(logged.hours for logged in step.logged if logged.week == week)
    total = min(earlier + hours, MAX_STEP_HOURS)
    return (*(logged for logged in step.logged if logged.week != week), WeekAllocation(week, total))


def drop(plan: Plan, number: int, today: date, *, dependents: bool = False) -> Plan:
    """Drop a step, and with `dependents` also every step that builds on it.

    Raises:
        StepNotFound: there's no step with that number.
    """
    plan.step(number)  # raises if it isn't there
    dropped = {number} | ({step.number for step in plan.dependents(number)} if dependents else set())
    return _drop_all(plan, dropped, today)


def _drop_all(plan: Plan, numbers: Iterable[int], today: date) -> Plan:
    for number in numbers:
        step = plan.step(number)
        # A finished step among the dependents stays finished.
        if step.active:
            plan = plan.with_step(replace(step, state=StepState.DROPPED, blocker="", status_since=today))
    return lay_out(plan, week_to_lay_out(plan, today))


def reopen(plan: Plan, number: int, today: date) -> Plan:
    """Open a settled step again: it's under way if hours were worked on it. Its proof stays; one that's open stays as it is.

    Raises:
        Conflict: an open step is made from the same entry of the pack.
        PlanFull: the plan has as many open steps as it can hold.
        StepNotFound: there's no step with that number.
    """
    step = plan.step(number)
    if step.active:
        return plan
    _check_room(plan)
    if step.origin and (again := plan.step_from(step.origin)):
        raise Conflict(f"That's in your plan again already, as step {again.number}.")
    state = StepState.DOING if step.logged else StepState.OPEN
    return lay_out(plan.with_step(replace(step, state=state, status_since=today)), week_to_lay_out(plan, today))


def move(plan: Plan, number: int, to: date, today: date, *, due: date | None = None) -> Plan:
    """Move a step to the week of `to`: it starts no earlier, and if it had a due date, the new one is `due` or else `to`.

    Raises:
        StepNotFound: there's no step with that number.
        StepSettled: it's done or dropped.
    """
    step = _active_step(plan, number)
    moved = replace(step, start=monday(to), due=(due or to) if step.due else None)
    return lay_out(plan.with_step(moved), week_to_lay_out(plan, today))


def put_after(plan: Plan, number: int, first: int, today: date) -> Plan:
    """Plan a step right after another, which it waits for from now on. After one that's done, it's the first of all.

    Raises:
        Conflict: it's the same step, or the other one waits for it already, through a third step.
        StepNotFound: there's no step with one of the numbers.
        StepSettled: it's done or dropped, or the other one is dropped.
    """
    step, before = _active_step(plan, number), plan.step(first)
    if number == first:
        raise Conflict("That's the same step twice. Name the other one, too.")
    if before.state is StepState.DONE:
        return move(plan, number, today, today, due=step.due)
    before = _active_step(plan, first)
    plan = plan.with_step(replace(before, requires=tuple(other for other in before.requires if other != number)))
    if any(other.number == first for other in plan.dependents(number)):
        raise Conflict(f"“{before.text}” builds on “{step.text}”, so it can't come first.")
    starts = before.allocations[-1].week if before.allocations else before.start
    waiting = replace(step, start=starts, requires=tuple(dict.fromkeys((*step.requires, first))))
    return lay_out(plan.with_step(waiting), week_to_lay_out(plan, today))


def put_before(plan: Plan, number: int, later: int, today: date) -> Plan:
    """Plan a step no later than for when another begins, which waits for it from now on.

    Raises:
        Conflict: it waits for the other one already, through a third step.
        StepNotFound: there's no step with one of the numbers.
        StepSettled: one of them is done or dropped.
    """
    step, after = _active_step(plan, number), _active_step(plan, later)
    if (step.starts or date.max) > (after.starts or date.max):
        plan = plan.with_step(replace(step, start=after.starts))
    plan = put_after(plan, later, number, today)
    return lay_out(plan.with_step(replace(plan.step(later), start=after.start)), week_to_lay_out(plan, today))


def split(plan: Plan, number: int, hours: Sequence[int], today: date) -> Plan:
    """Cut a step into parts of so many `hours`, done one after the other. Whatever builds on it builds on the last part.

    The first part keeps the number and the hours worked; the last one is due when it was, and is what the pack counts.

    Raises:
        BadValue: the hours of a part are out of range.
        PlanFull: the plan has too many open steps for all parts.
        StepNotFound: there's no step with that number.
        StepSettled: it's done or dropped.
    """
    step = _active_step(plan, number)
    for part in hours:
        _check_hours(part, MAX_STEP_HOURS)
    later = range(plan.next_number, plan.next_number + len(hours) - 1)
    for other in plan.active:
        if number in other.requires:
            requires = tuple(later[-1] if required == number else required for required in other.requires)
            plan = plan.with_step(replace(other, requires=requires))
    weeks = max(1, step.weeks // len(hours))
    first = replace(step, text=f"{step.text}, part 1", hours=hours[0], origin="", done_when="", due=None, weeks=weeks)
    plan = plan.with_step(first)
    for place, (part, before) in enumerate(zip(hours[1:], (number, *later), strict=False), start=2):
        new = PlanStep(0, f"{step.text}, part {place}", hours=part, weeks=weeks)
        if place == len(hours):
            new = replace(new, origin=step.origin, reason=step.reason, done_when=step.done_when, due=step.due)
        plan, added = add(plan, new, today)
        plan = put_after(plan, added.number, before, today)
    return plan


def put_last(plan: Plan, number: int, today: date) -> Plan:
    """Plan a step for when all the others are done.

    Raises:
        StepNotFound: there's no step with that number.
        StepSettled: it's done or dropped.
    """
    step = _active_step(plan, number)
    others = [allocation.week for other in plan.active if other != step for allocation in other.allocations]
    return move(plan, number, max(others, default=monday(today)) + WEEK, today, due=step.due)


def swap(plan: Plan, number: int, other: int, today: date) -> Plan:
    """Let two steps change places.

    Raises:
        Conflict: one waits for the other, through a third step.
        StepNotFound: there's no step with one of the numbers.
        StepSettled: one of them is done or dropped.
    """
    steps = (_active_step(plan, number), _active_step(plan, other))
    first, second = sorted(steps, key=lambda step: (step.starts or date.max, step.number))
    swapped = put_before(plan, second.number, first.number, today)
    moved = replace(swapped.step(first.number), start=second.starts)
    return lay_out(swapped.with_step(moved), week_to_lay_out(plan, today))


def postpone_all(plan: Plan, weeks: int, today: date) -> Plan:
    """Move all that's planned so many weeks later, due dates and first weeks too: the weeks until then are off."""
    later = weeks * WEEK
    for step in plan.active:
        start, due = (day + later if day else None for day in (step.start, step.due))
        plan = plan.with_step(replace(step, start=start, due=due))
    return add_weeks_off(plan, today, monday(today) + later, today)


def edit(
    plan: Plan,
    number: int,
    today: date,
    *,
    text: str | None = None,
    hours: int | None = None,
    due: date | None = None,
    undated: bool = False,
    done_when: str | None = None,
) -> Plan:
    """Change the text, hours, due date or proof of a step. None leaves a value as it is; `undated` takes the due date away.

    Raises:
        BadValue: the hours are out of range.
        StepNotFound: there's no step with that number.
        StepSettled: it's done or dropped.
    """
    step = _active_step(plan, number)
    if hours is not None:
        _check_hours(hours, MAX_STEP_HOURS)
    due = None if undated else due or step.due
    done_when = step.done_when if done_when is None else done_when
    changed = replace(step, text=text or step.text, hours=hours or step.hours, due=due, done_when=done_when)
    return lay_out(plan.with_step(changed), week_to_lay_out(plan, today))


def reword(plan: Plan, number: int, text: str, today: date) -> Plan:
    """Give a step the text someone typed as a whole, without the due date that was read from the end of it.

    Raises:
        StepNotFound: there's no step with that number.
        StepSettled: it's done or dropped.
    """
    step = _active_step(plan, number)
    return lay_out(plan.with_step(replace(step, text=text, due=None)), week_to_lay_out(plan, today))


def _check_room(plan: Plan) -> None:
    if len(plan.active) >= MAX_OPEN_STEPS:
        raise PlanFull(f"Your plan has {MAX_OPEN_STEPS} open steps. Finish or drop one first.")


def _active_step(plan: Plan, number: int) -> PlanStep:
    step = plan.step(number)
    if not step.active:
        raise StepSettled(f"Step {number} is {step.state}, so it stays as it is.", number)
    return step


def set_hours_per_week(plan: Plan, hours: int, today: date, start: date | None = None) -> Plan:
    """Change the hours per week, from the first whole week after `start` on; until then, they stay as they are.

    Raises:
        BadValue: they aren't from 1 to 60, or `start` isn't within the next year.
    """
    _check_hours(hours, MAX_HOURS_PER_WEEK)
    if start is not None and whole_week_from(start) > monday(today):
        changed = {special.week for special in plan.week_hours}
        last = whole_week_from(start) - timedelta(days=1)
        until = set_hours_of_weeks(plan, plan.hours_per_week, today, last, today)
        as_they_were = [special for special in until.week_hours if special.week not in changed]
        plan = replace(plan, week_hours=tuple(sorted((*plan.week_hours, *as_they_were), key=lambda each: each.week)))
    return lay_out(replace(plan, hours_per_week=hours), week_to_lay_out(plan, today))


def whole_week_from(day: date) -> date:
    """Find the Monday of the first whole week from a day on."""
    return monday(day + timedelta(days=6))


def set_hours_of_weeks(plan: Plan, hours: int, first: date, last: date, today: date) -> Plan:
    """Change the hours of just the weeks from that of `first` to that of `last`. Weeks that are over are forgotten.

    Raises:
        BadValue: they aren't from 1 to 60, or `last` isn't within the next year.
    """
    _check_hours(hours, MAX_HOURS_PER_WEEK)
    if not today <= last <= today + MAX_PAUSE:
        raise BadValue("Which weeks? They have to be within a year, e.g. next week.", option="weeks", suggestions=())
    week, weeks = monday(max(first, today)), set[date]()
    while week <= last:
        weeks.add(week)
        week += WEEK
    kept = [each for each in plan.week_hours if each.week not in weeks and each.week >= monday(today)]
    special = sorted((*kept, *(WeekAllocation(each, hours) for each in weeks)), key=lambda each: each.week)
    return lay_out(replace(plan, week_hours=tuple(special)), week_to_lay_out(plan, today))


def _check_hours(hours: int, maximum: int) -> None:
    if not MIN_HOURS_PER_WEEK <= hours <= maximum:
        raise BadValue(
            f"How many hours? Enter a number from {MIN_HOURS_PER_WEEK} to {maximum}, e.g. 4.",
            option="hours",
            suggestions=("4",),
        )


def add_weeks_off(plan: Plan, start: date, until: date, today: date) -> Plan:
    """Take weeks off, from the week of `start` up to but not including the week of `until`; at least one."""
    first = monday(start)
    return take_off(plan, first, max(monday(until), first + WEEK) - time_off.DAY, today)


def take_off(plan: Plan, first: date, last: date, today: date, *, instead_of: Iterable[tuple[date, date]] = ()) -> Plan:
    """Take some days off. The days `instead_of` which they're taken (first and last) are open for work again."""
    off = time_off.of(plan)
    for ended in instead_of:
        off = off.minus(*ended)
    return _with_time_off(plan, off.plus(first, last), week_to_lay_out(plan, today))


def end_break(plan: Plan, first: date, last: date, today: date) -> Plan:
    """Open some days off for work again."""
    return _with_time_off(plan, time_off.of(plan).minus(first, last), monday(today))


def _with_time_off(plan: Plan, off: TimeOff, first_week: date) -> Plan:
    return lay_out(replace(plan, weeks_off=off.weeks, days_off=off.days), first_week)


def merge_plan(plan: Plan, new: Plan, today: date) -> Plan:
    """Point the plan at a different target: swap in the pack's steps of `new`.

    Settled steps stay, and so do the learner's own. A step of the pack that both plans have keeps its number. Other steps of the
    pack are dropped.
    """
    new_origins = {step.origin for step in new.steps}
    obsolete = [
        step.number
        for step in plan.active
        if step.origin.startswith(MILESTONE_PREFIX) and step.origin not in new_origins
    ]
    merged = _drop_all(plan, obsolete, today)
    numbers: dict[int, int] = {}
    for step in new.steps:
        existing = merged.step_from(step.origin)
        number = existing.number if existing else merged.next_number
        # New steps come in the order of work, so the ones a step requires have been numbered already.
        requires = tuple(numbers[required] for required in step.requires if required in numbers)
        numbers[step.number] = number
        if existing:
            # A step under way goes on as it was planned.
            weeks = existing.weeks if existing.logged else step.weeks
            merged = merged.with_step(replace(existing, reason=step.reason, requires=requires, weeks=weeks))
        else:
            added = replace(step, number=number, requires=requires)
            merged = replace(merged, steps=(*merged.steps, added), next_number=number + 1)
    merged = replace(merged, title=new.title, target_date=new.target_date, hours_per_week=new.hours_per_week)
    return lay_out(merged, first_full_week(today))


def undo_to(before: Plan, now: Plan, week: date = date.min) -> Plan:
    """Restore `before` exactly, with two exceptions.

    Numbers given since then stay taken, and time off before `week` stays off because it's over.
    """
    past_weeks_off = frozenset(off for off in now.weeks_off if off < week)
    past_days_off = frozenset(off for off in now.days_off if off < week)
    return replace(
        before,
        next_number=max(before.next_number, now.next_number),
        weeks_off=before.weeks_off | past_weeks_off,
        days_off=before.days_off | past_days_off,
    )
