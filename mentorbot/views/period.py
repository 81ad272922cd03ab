"""What was done, or is planned, in some days: “last week”, “december”, “before christmas”."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, rich
from mentorbot.clock import Weekday
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import Plan, PlanStep, StepState, monday
from mentorbot.slash.choices import short
from mentorbot.slash.dates import DateRange, name_range
from mentorbot.views.plan import MAX_NAME, calendar_order, plan_card
from mentorbot.views.wording import count, day

_MAX_LINES = 5


def period_card(learner: LearnerSnapshot, days: DateRange) -> Card:
    """The hours worked in some days and the steps finished, and those due or planned. Hours are known by the week."""
    plan, today = learner.plan, learner.today
    if not plan.steps:
        return plan_card(learner)
    named = name_range(days, today)
    worked = {step: hours for step in plan.steps if (hours := _hours_worked(step, days))}
    finished = [step for step in plan.steps if step.state is StepState.DONE and _is_in(step.status_since, days)]
    due = sorted((step for step in plan.active if _is_in(step.due, days)), key=lambda step: step.due or today)
    ahead = sorted(plan.active, key=calendar_order) if days.last > today else []
    planned = [step for step in ahead if step not in due and _hours_planned((step,), days)]
    lines = [
        *(f"✓ {short(step.text, MAX_NAME)}" for step in finished),
        *(f"{short(step.text, MAX_NAME)}, {hours} h" for step, hours in worked.items()),
        *(f"Due {day(step.due or today, today)}: {short(step.text, MAX_NAME)}" for step in due),
        *(f"Planned: {short(step.text, MAX_NAME)}" for step in planned),
    ]
    if len(lines) > _MAX_LINES:
        lines = [*lines[: _MAX_LINES - 1], f"And {len(lines) - _MAX_LINES + 1} more."]
    if not due and days.last > today:
        lines.insert(0, "Nothing's due.")
    title = f"{named}: {_figures(plan, days, sum(worked.values()), finished, today)}"
    notes = ["I count hours by the week."] if worked and not _is_whole(days) else []
    buttons = Buttons((Button("My plan", "plan show", "primary"), Button("All steps", "plan show all")))
    return Card(title, (*(Paragraph(rich(line)) for line in (*lines, *notes)), buttons))


def _figures(plan: Plan, days: DateRange, worked: int, finished: list[PlanStep], today: date) -> str:
    """Say in a few words what was done and what's ahead."""
    parts: list[str] = []
    if days.first < today:
        parts.append(f"{worked} h done" if worked else "no hours logged")
    if finished:
        parts.append(f"{count(len(finished), 'step')} finished")
    if days.last > today and (planned := _hours_planned(plan.active, days)):
        parts.append(f"{planned} h planned")
    return ", ".join(parts) or "nothing planned"


def _hours_worked(step: PlanStep, days: DateRange) -> int:
    return sum(logged.hours for logged in step.logged if monday(days.first) <= logged.week <= days.last)


def _hours_planned(steps: Iterable[PlanStep], days: DateRange) -> int:
    return sum(
        planned.hours
        for step in steps
        for planned in step.allocations
        if monday(days.first) <= planned.week <= days.last
    )


def _is_in(when: date | None, days: DateRange) -> bool:
    return when is not None and days.first <= when <= days.last


def _is_whole(days: DateRange) -> bool:
    """Return True if some days are whole weeks."""
    return days.first.weekday() == Weekday.MONDAY and days.last.weekday() == Weekday.SUNDAY
