"""Plans and changes to them, drawn at random, as a learner's life might bring them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st

from mentorbot.domain import plan_edits
from mentorbot.domain.plan import Plan, PlanStep, monday
from mentorbot.domain.plan_layout import lay_out

START = date(2026, 11, 25)
DAYS = st.integers(0, 700).map(lambda days: START + timedelta(days=days))
Change = Callable[[Plan, date], Plan]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of up to 14 steps whose prerequisites come before them, laid out in the week of START."""
    count = draw(st.integers(0, 14))
    steps = tuple(draw(steps_before(number)) for number in range(1, count + 1))
    off = draw(st.frozensets(st.integers(0, 20).map(lambda week: monday(START) + timedelta(weeks=week)), max_size=4))
    return lay_out(Plan("t", draw(st.integers(1, 12)), None, off, None, count + 1, steps), monday(START))


@st.composite
def steps_before(draw: st.DrawFn, number: int) -> PlanStep:
    """An open step that may require some with lower numbers."""
    earlier = st.sets(st.integers(1, number - 1), max_size=3) if number > 1 else st.just(set[int]())
    return PlanStep(
        number,
        f"step {number}",
        draw(st.integers(1, 40)),
        due=draw(st.none() | DAYS),
        start=draw(st.none() | DAYS.map(monday)),
        requires=tuple(sorted(draw(earlier))),
        origin=f"milestone:m{number}" if draw(st.booleans()) else "",
    )


@st.composite
def some_changes(draw: st.DrawFn) -> list[Change]:
    """Up to eight changes; one that names a step which is not there, or is settled, does nothing."""
    return [draw(st.one_of(_marked(), _dropped(), _moved(), _paced(), _off(), _worked(), _added())) for _ in range(8)]


_NUMBERS = st.integers(1, 14)


def _on(number: int, change: Change) -> Change:
    def run(plan: Plan, today: date) -> Plan:
        there = any(step.number == number and step.active for step in plan.steps)
        return change(plan, today) if there else plan

    return run


def _marked() -> st.SearchStrategy[Change]:
    states = st.sampled_from(("open", "doing", "blocked", "done"))
    return st.builds(
        lambda number, state: _on(number, lambda plan, today: plan_edits.mark(plan, number, state, today)),
        _NUMBERS,
        states,
    )


def _dropped() -> st.SearchStrategy[Change]:
    return st.builds(
        lambda number, all_: _on(number, lambda plan, today: plan_edits.drop(plan, number, today, dependents=all_)),
        _NUMBERS,
        st.booleans(),
    )


def _moved() -> st.SearchStrategy[Change]:
    return st.builds(
        lambda number, to: _on(number, lambda plan, today: plan_edits.move(plan, number, to, today)), _NUMBERS, DAYS
    )


def _worked() -> st.SearchStrategy[Change]:
    return st.builds(lambda number: _on(number, lambda plan, today: plan_edits.log_week(plan, number, today)), _NUMBERS)


def _paced() -> st.SearchStrategy[Change]:
    return st.builds(lambda hours: lambda plan, today: plan_edits.set_pace(plan, hours, today), st.integers(1, 60))


def _off() -> st.SearchStrategy[Change]:
    return st.builds(
        lambda days: lambda plan, today: plan_edits.take_off(plan, today, today + timedelta(days=days), today),
        st.integers(0, 60),
    )


def _added() -> st.SearchStrategy[Change]:
    return st.builds(
        lambda hours, due: lambda plan, today: plan_edits.add(plan, PlanStep(0, "own", hours, due=due), today)[0],
        st.integers(1, 20),
        st.none() | DAYS,
    )
