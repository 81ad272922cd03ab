"""A change that was undone, or made again, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, rich
from mentorbot.domain import time_off
from mentorbot.domain.learner import LearnerSnapshot, PlanChange
from mentorbot.domain.plan import Plan, PlanStep, StepState
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.views.plan import MAX_NAME
from mentorbot.views.wording import weekday

_MAX_NAMED_SKILLS = 2
"""Skills whose level is named when a change is undone."""


def undone_card(
    pack: Pack,
    before: Plan,
    learner: LearnerSnapshot,
    what: str,
    levels: tuple[Mapping[str, int], Mapping[str, int]],
    paused_until: date | None,
) -> Card:
    """A change `what` that was undone: what the plan is like again, what stays, and a way to do it again.

    `before` is the plan before the undoing, and `levels` are those before and after it.
    """
    pause = f"You're on a break until {weekday(paused_until, learner.today)}." if paused_until else ""
    kept = "Your hours stay." if _keeps_hours(before, learner.plan) else ""
    lines = [" ".join([*_levels_back(pack, *levels), *([kept] if kept else [])]), pause]
    redo = f"plan redo seen:{learner.version}"
    if _is_new_plan(learner.plan, before):
        buttons = Buttons((Button("Bring it back", redo, "primary"), Button("Plan my path", "plan new")))
        title = f"Undone: your {pack.title_name(before.title) or pack.info.title} plan is removed"
    else:
        buttons = Buttons((Button("Redo", redo), Button("My plan", "plan show")))
        title = f"Undone: {next(_differences(before, learner.plan, 'is back'), what)}"
    return Card(title, (*(Paragraph(rich(line)) for line in lines if line), buttons))


def undoing_text(plan: Plan, change: PlanChange) -> str:
    """Say what undoing the last change of a plan would do."""
    return next(_differences(plan, change.before, "is back"), change.description)


def redone_card(before: Plan, learner: LearnerSnapshot, what: str) -> Card:
    """A change `what` that was made again."""
    buttons = Buttons((Button("Undo", f"plan undo seen:{learner.version}"), Button("My plan", "plan show")))
    if _is_new_plan(before, learner.plan):
        return Card("Redone: your plan is back", (buttons,))
    return Card(f"Redone: {next(_differences(before, learner.plan, 'is now'), what)}", (buttons,))


def _is_new_plan(before: Plan, after: Plan) -> bool:
    """Return True if `after` is a whole plan where there was none, not just a first step."""
    return bool(after.steps) and not before.steps and (before.title != after.title or len(after.steps) > 1)


def _differences(before: Plan, after: Plan, verb: Literal["is back", "is now"]) -> Iterator[str]:
    """Say how `after` differs from `before`, the most telling difference first: what it's back at, or what it's now."""
    otherwise = _OTHERWISE[verb]
    old, new = ({step.number: step for step in plan.steps} for plan in (before, after))
    if before.title != after.title or abs(len(old) - len(new)) > 1:
        yield f"your plan {otherwise}"
    if sum(_is_elsewhere(old[number], new[number]) for number in old.keys() & new.keys()) > 1:
        yield f"your plan {otherwise}"
    for number in old.keys() - new.keys():
        yield f"{_name(old[number])} is off your plan"
    for number in new.keys() - old.keys():
        yield f"{_name(new[number])} is back in your plan"
    for number in old.keys() & new.keys():
        yield from _step_differences(old[number], new[number], verb)
    if before.hours_per_week != after.hours_per_week:
        yield f"your week {verb} at {after.hours_per_week} h"
    if time_off.of(before) != time_off.of(after):
        yield f"your time off {otherwise}"


def _is_elsewhere(old: PlanStep, new: PlanStep) -> bool:
    """Return True if a step was moved, beside what any new layout does."""
    return (old.start, old.due, old.requires) != (new.start, new.due, new.requires)


def _step_differences(old: PlanStep, new: PlanStep, verb: str) -> Iterable[str]:
    name = _name(new)
    if old.state is not new.state:
        yield f"{name} {_STATES[new.state] if old.active else _BACK.get(new.state, _STATES[new.state])}"
    elif old.hours_logged != new.hours_logged:
        yield f"{name} {verb} at {new.hours_logged} of {new.hours} h"
    elif any(getattr(old, field) != getattr(new, field) for field in _TOLD):
        yield f"{name} {_OTHERWISE[verb]}"


_OTHERWISE = {"is back": "is back as it was", "is now": "has changed"}
_TOLD = ("text", "hours", "due", "start", "evidence", "requires")
"""The subjects of a change of a step, beside its state and its hours."""
_STATES = {
    StepState.OPEN: "isn't started yet",
    StepState.DOING: "is under way",
    StepState.BLOCKED: "is stuck",
    StepState.DONE: "is finished",
    StepState.DROPPED: "is dropped",
}
_BACK = {StepState.OPEN: "is open again", StepState.DOING: "is under way again"}


def _name(step: PlanStep) -> str:
    return short(step.text, MAX_NAME)


def _keeps_hours(before: Plan, after: Plan) -> bool:
    done = [step for step in before.steps if step.state is StepState.DONE and step.hours_logged]
    now = {step.number: step for step in after.steps}
    return any(step.number in now and now[step.number].hours_logged == step.hours_logged and now[step.number].active
               for step in done)  # fmt: skip


def _levels_back(pack: Pack, before: Mapping[str, int], after: Mapping[str, int]) -> Iterable[str]:
    lower = [skill for skill, level in before.items() if after.get(skill, 0) < level]
    if len(lower) > _MAX_NAMED_SKILLS:
        yield "Your levels are back to what they were."
        return
    for skill in lower:
        yield f"{pack.skill_names.get(skill, skill)} is back at {after.get(skill, 0)}."
