"""Hypothesis strategies: random plans, and random edits of them such as a learner might make over two years."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from hypothesis import strategies as st

from mentorbot.domain import plan_edits
from mentorbot.domain.plan import Plan, PlanStep, StepState, monday
from mentorbot.domain.plan_layout import lay_out, roll_forward
from mentorbot.errors import Conflict, StepNotFound, StepSettled

START = date(2026, 11, 25)
Edit = Callable[[Plan, date], Plan]
_LATER_DAYS = st.integers(0, 700).map(lambda days: START + timedelta(days=days))
_NUMBERS = st.integers(1, 14)
GAPS_BETWEEN_EDITS = st.lists(st.integers(0, 20), min_size=8, max_size=8)
"""Days that pass before each of eight edits."""


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan of up to 14 steps whose prerequisites come before them, laid out in the week of START."""
    count = draw(st.integers(0, 14))
    steps = tuple(draw(steps_numbered(number)) for number in range(1, count + 1))
    weeks = st.integers(0, 20).map(lambda number: monday(START) + timedelta(weeks=number))
    plan = Plan(
        title="t",
        hours_per_week=draw(st.integers(1, 12)),
        weeks_off=draw(st.frozensets(weeks, max_size=4)),
        next_number=count + 1,
        steps=steps,
    )
    return lay_out(plan, monday(START))


@st.composite
def steps_numbered(draw: st.DrawFn, number: int) -> PlanStep:
    """Draw an open step that may require some with lower numbers."""
    earlier = st.sets(st.integers(1, number - 1), max_size=3) if number > 1 else st.just(set[int]())
    return PlanStep(
        number=number,
        text=f"step {number}",
        hours=draw(st.integers(1, 40)),
        due=draw(st.none() | _LATER_DAYS),
        start=draw(st.none() | _LATER_DAYS.map(monday)),
        requires=tuple(sorted(draw(earlier))),
        origin=f"milestone:m{number}" if draw(st.booleans()) else "",
        weeks=draw(st.sampled_from((1, 1, 4, 13, 52))),
    )


@st.composite
def eight_edits(draw: st.DrawFn) -> list[Edit]:
    """Draw eight edits; one that names a step that isn't there, or is settled, does nothing."""
    kinds = (
        _marks(),
        _drops(),
        _moves(),
        _places(),
        _reopenings(),
        _new_hours(),
        _weeks_off(),
        _logged_hours(),
        _additions(),
    )
    return [draw(st.one_of(*kinds)) for _ in range(8)]


def apply_edits(plan: Plan, edits: list[Edit], gaps: list[int]) -> tuple[Plan, date]:
    """Apply each edit after the next gap (in days). Returns the plan and the day of the last edit."""
    today = START
    for edit, days in zip(edits, gaps, strict=True):
        today += timedelta(days=days)
        plan = edit(roll_forward(plan, monday(today))[0], today)
    return plan, today


def _if_active(number: int, edit: Edit) -> Edit:
    def run(plan: Plan, today: date) -> Plan:
        active = any(step.number == number and step.active for step in plan.steps)
        return edit(plan, today) if active else plan

    return run


def _marks() -> st.SearchStrategy[Edit]:
    states = st.sampled_from((StepState.OPEN, StepState.DOING, StepState.BLOCKED, StepState.DONE))
    return st.builds(
        lambda number, state: _if_active(number, lambda plan, today: plan_edits.mark(plan, number, state, today)),
        _NUMBERS,
        states,
    )


def _drops() -> st.SearchStrategy[Edit]:
    return st.builds(
        lambda number, dependents: _if_active(
            number, lambda plan, today: plan_edits.drop(plan, number, today, dependents=dependents)
        ),
        _NUMBERS,
        st.booleans(),
    )


def _moves() -> st.SearchStrategy[Edit]:
    return st.builds(
        lambda number, to: _if_active(number, lambda plan, today: plan_edits.move(plan, number, to, today)),
        _NUMBERS,
        _LATER_DAYS,
    )


def _places() -> st.SearchStrategy[Edit]:
    def place(change: Callable[[Plan, int, int, date], Plan], number: int, other: int) -> Edit:
        def run(plan: Plan, today: date) -> Plan:
            with suppress(Conflict, StepNotFound, StepSettled):
                return change(plan, number, other, today)
            return plan

        return run

    changes = st.sampled_from((plan_edits.put_after, plan_edits.put_before, plan_edits.swap))
    return st.builds(place, changes, _NUMBERS, _NUMBERS)


def _reopenings() -> st.SearchStrategy[Edit]:
    def reopen(number: int) -> Edit:
        def run(plan: Plan, today: date) -> Plan:
            with suppress(Conflict, StepNotFound):
                return plan_edits.reopen(plan, number, today)
            return plan

        return run

    return st.builds(reopen, _NUMBERS)


def _logged_hours() -> st.SearchStrategy[Edit]:
    return st.builds(
        lambda number, hours: _if_active(
            number, lambda plan, today: plan_edits.mark(plan, number, StepState.DOING, today, hours=hours)
        ),
        _NUMBERS,
        st.integers(1, 20),
    )


def _new_hours() -> st.SearchStrategy[Edit]:
    return st.builds(
        lambda hours: lambda plan, today: plan_edits.set_hours_per_week(plan, hours, today), st.integers(1, 60)
    )


def _weeks_off() -> st.SearchStrategy[Edit]:
    return st.builds(
        lambda days: lambda plan, today: plan_edits.add_weeks_off(plan, today, today + timedelta(days=days), today),
        st.integers(0, 60),
    )


def _additions() -> st.SearchStrategy[Edit]:
    return st.builds(
        lambda hours, due: lambda plan, today: plan_edits.add(plan, PlanStep(0, "own", hours, due=due), today)[0],
        st.integers(1, 20),
        st.none() | _LATER_DAYS,
    )
