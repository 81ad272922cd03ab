"""Laying the hours of a plan into weeks, and again after a week that went another way. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from mentorbot.domain.plan import WEEK, Plan, PlanStep, WeekAllocation, monday

MAX_WEEKS_LAID_OUT = 520
"""Weeks that are laid out. What does not fit into ten years stays without a week."""


def lay_out(plan: Plan, week: date) -> Plan:
    """Lay what is left to do into the weeks from `week` (a Monday) on.

    No week gets more hours than it has, no step begins before those that it requires are laid out to their end, and what
    is due sooner comes sooner. Doing it twice changes nothing more.
    """
    left = {step.number: step.hours_left for step in plan.active}
    shares: dict[int, list[WeekAllocation]] = {number: [] for number in left}
    order = _order(plan.active)
    at = week
    for _ in range(MAX_WEEKS_LAID_OUT):
        if not any(left.values()):
            break
        room = plan.capacity(at)
        for step in order:
            taken = min(room, left[step.number]) if _ready(step, left, at, week) else 0
            if taken:
                shares[step.number].append(WeekAllocation(at, taken))
                left[step.number] -= taken
                room -= taken
        at += WEEK
    steps = tuple(replace(step, allocations=tuple(shares.get(step.number, ()))) for step in plan.steps)
    return replace(plan, steps=steps, laid_out_week=week)


def _ready(step: PlanStep, left: dict[int, int], at: date, this_week: date) -> bool:
    """Whether a step may take hours of the week `at`. One that is blocked gets none of the present week's."""
    if (step.start and at < step.start) or (step.state == "blocked" and at == this_week):
        return False
    return not any(left.get(number) for number in step.requires)


def _order(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """Prerequisites first; then what is under way, what is wanted sooner, the learner's own steps, the lower number."""
    by_number = {step.number: step for step in steps}
    needs = {step.number: {number for number in step.requires if number in by_number} for step in steps}
    urgency = _urgency(by_number, needs)
    heap = [urgency[number] for number, before in needs.items() if not before]
    heapq.heapify(heap)
    order: list[PlanStep] = []
    while heap:
        number = heapq.heappop(heap)[-1]
        order.append(by_number[number])
        for other, before in needs.items():
            if number in before:
                before.discard(number)
                if not before:
                    heapq.heappush(heap, urgency[other])
    return order


def _urgency(steps: dict[int, PlanStep], needs: dict[int, set[int]]) -> dict[int, tuple[bool, date, bool, int]]:
    """How soon each step is wanted: as soon as anything that builds on it.

    A week that a step was moved to is wanted like a day that was set; without either, what learners have added themselves
    would come after years of the pack's steps.
    """
    due = {number: step.due or step.start or date.max for number, step in steps.items()}
    for _ in steps:
        for number, before in needs.items():
            for earlier in before:
                due[earlier] = min(due[earlier], due[number])
    return {
        number: (step.state != "doing", due[number], step.origin.startswith("milestone:"), number)
        for number, step in steps.items()
    }


def roll_forward(plan: Plan, week: date) -> tuple[Plan, str]:
    """The plan as it stands in `week`, and in one line what has moved since; "" when nothing has."""
    if plan.laid_out_week is not None and plan.laid_out_week >= week:
        return plan, ""
    flowed = lay_out(plan, week)
    return flowed, explain(plan, flowed) if plan.laid_out_week else ""


def explain(before: Plan, after: Plan) -> str:
    """In one line, what a new layout has changed; "" when no step has moved to a later week."""
    moved = [step.number for step in after.active if _ends_later(before, step)]
    if not moved:
        return ""
    what = f"Step {moved[0]} has" if len(moved) == 1 else f"{len(moved)} steps have"
    finish = ""
    if before.end_date and after.end_date and after.end_date != before.end_date:
        finish = f"; the plan now ends in the week of {monday(after.end_date):%-d %B %Y}"
    return f"{what} moved on to fit the hours you have{finish}."


def _ends_later(before: Plan, step: PlanStep) -> bool:
    earlier = next((old for old in before.steps if old.number == step.number), None)
    if earlier is None or not earlier.allocations or not step.allocations:
        return False
    return step.allocations[-1].week > earlier.allocations[-1].week
