"""Layout of a plan: the hours of its steps spread over weeks, and again when a week goes differently. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mentorbot.domain import time_off
from mentorbot.domain.ordering import in_order
from mentorbot.domain.plan import MILESTONE_PREFIX, WEEK, Plan, PlanStep, StepState, WeekAllocation, monday

MAX_LAYOUT_WEEKS = 520
"""Weeks that are laid out. A step that doesn't fit into ten years gets no week."""
_SATURDAY = 5
Urgency = tuple[bool, date, bool, bool, int]


def first_full_week(today: date) -> date:
    """Find the Monday a plan made `today` starts on: the next one if two days or fewer are left in the week."""
    return monday(today) + (WEEK if today.weekday() >= _SATURDAY else timedelta())


def week_to_lay_out(plan: Plan, today: date) -> date:
    """Find the first week to lay out on `today`: this one, unless the plan starts next Monday."""
    this_week = monday(today)
    return this_week + WEEK if plan.laid_out_week == this_week + WEEK else this_week


@dataclass(frozen=True, slots=True)
class LayoutChange:
    """Effect of a new layout on a learner: the numbers of the steps that now end in a later week.

    `end_date` is the new end of the plan (a Sunday); None if it's the same as before, or one of the plans has no end.
    """

    moved: tuple[int, ...]
    end_date: date | None


def lay_out(plan: Plan, first_week: date) -> Plan:
    """Spread the hours left to work over the weeks from `first_week` (a Monday) on.

    No week gets more hours than its capacity, of which days off take their part. No step begins before the steps it requires are
    laid out to their end. A step that's due sooner comes sooner, and one with a minimum of weeks is spread over them. Laying out
    twice changes nothing.
    """
    hours_left = {step.number: step.hours_left for step in plan.active}
    allocations: dict[int, list[WeekAllocation]] = {number: [] for number in hours_left}
    order = list(_work_order(plan.active))
    begun = {step.number: step.first_week_logged for step in order}
    logged, off = _hours_by_week(plan.steps), time_off.of(plan)
    week = first_week
    order = [step for step in order if hours_left[step.number]]
    for _ in range(MAX_LAYOUT_WEEKS):
        if not order:
            break
        unfinished = len(order)
        free = max(0, round(plan.hours_of(week) * off.share_of(week)) - logged.get(week, 0))
        for step in order:
            if not free:
                break
            if not _may_start(step, hours_left, week, first_week):
                continue
            since = begun[step.number] = begun[step.number] or week
            hours = min(free, _hours_by_pace(step, hours_left[step.number], (week - since) // WEEK + 1))
            if hours:
                allocations[step.number].append(WeekAllocation(week, hours))
                hours_left[step.number] -= hours
                unfinished -= not hours_left[step.number]
                free -= hours
        if unfinished < len(order):
            order = [step for step in order if hours_left[step.number]]
        week += WEEK
    steps = tuple(_with_allocations(step, tuple(allocations.get(step.number, ()))) for step in plan.steps)
    return replace(plan, steps=steps, laid_out_week=first_week)


def _with_allocations(step: PlanStep, allocations: tuple[WeekAllocation, ...]) -> PlanStep:
    """Give a step its hours; most steps of a plan keep theirs when one changes."""
    return step if step.allocations == allocations else replace(step, allocations=allocations)


def _hours_by_week(steps: Iterable[PlanStep]) -> Counter[date]:
    """Add up the hours worked in each week."""
    total = Counter[date]()
    for step in steps:
        for logged in step.logged:
            total[logged.week] += logged.hours
    return total


def _hours_by_pace(step: PlanStep, hours_left: int, number: int) -> int:
    """Compute the hours a step may take in its week of that `number` (from 1): its last hour comes in its last week or later."""
    if number >= step.weeks:
        return hours_left
    total = max(step.hours_logged + 1, step.hours)
    if total == 1:  # a single hour can't be spread, and would be put off every week
        return hours_left
    by_now = min(total - 1, max(1, total * number // step.weeks))
    return max(0, by_now - (total - hours_left))


def _may_start(step: PlanStep, hours_left: dict[int, int], week: date, this_week: date) -> bool:
    """Check whether a step may take hours of `week`. A blocked step gets none in the current week."""
    if (step.start and week < step.start) or (step.state is StepState.BLOCKED and week == this_week):
        return False
    return not any(map(hours_left.get, step.requires))


def _work_order(steps: Sequence[PlanStep]) -> Iterator[PlanStep]:
    """Sort steps: prerequisites first; then those not blocked, due sooner, the learner's own, under way, the lower number.

    A step of the pack that's under way may go on for months, so the learner's own steps don't wait for it.
    """
    by_number = {step.number: step for step in steps}
    # A requirement that's settled, or missing, holds nothing up.
    requires = {step.number: [number for number in step.requires if number in by_number] for step in steps}
    urgency = _urgency(by_number, requires)
    # Steps that require each other in a cycle get no week.
    for number in in_order(requires, urgency.__getitem__):
        yield by_number[number]


def _urgency(steps: dict[int, PlanStep], requires: Mapping[int, Sequence[int]]) -> dict[int, Urgency]:
    """Compute sort keys by step number. Each step is due as soon as the first step that builds on it.

    The week a step was moved to counts as its own due date. Otherwise the learner's own steps would come after years of the
    pack's. What it builds on has until it's done, however: its place says nothing about theirs.
    """
    due = {number: step.due or date.max for number, step in steps.items()}
    # From the earliest date on, so the first to reach a step is the most urgent one that builds on it.
    reached: set[int] = set()
    for origin in sorted(due, key=due.__getitem__):
        waiting = [origin]
        while waiting:
            number = waiting.pop()
            if number not in reached:
                reached.add(number)
                due[number] = min(due[number], due[origin])
                waiting += requires[number]
    return {
        number: (
            step.state is StepState.BLOCKED,
            min(due[number], step.start or date.max) if step.due is None else due[number],
            step.origin.startswith(MILESTONE_PREFIX),
            step.state is not StepState.DOING,
            number,
        )
        for number, step in steps.items()
    }


def roll_forward(plan: Plan, week: date) -> tuple[Plan, LayoutChange | None]:
    """Lay the plan out for `week` (a Monday), unless it already is. Returns the change too, if any step has moved."""
    if plan.laid_out_week is not None and plan.laid_out_week >= week:
        return plan, None
    rolled = lay_out(plan, week)
    # Steps of a plan that was never laid out can't have moved.
    return rolled, layout_change(plan, rolled) if plan.laid_out_week else None


def layout_change(before: Plan, after: Plan) -> LayoutChange | None:
    """Compare two layouts; None if no step has moved to a later week."""
    moved = tuple(step.number for step in after.active if _ends_later(before, step))
    if not moved:
        return None
    end_changed = before.end_date and after.end_date and after.end_date != before.end_date
    return LayoutChange(moved, after.end_date if end_changed else None)


def _ends_later(before: Plan, step: PlanStep) -> bool:
    earlier = next((old for old in before.steps if old.number == step.number), None)
    if earlier is None or not earlier.allocations or not step.allocations:
        return False
    return step.allocations[-1].week > earlier.allocations[-1].week
