"""How learners come on, for the dashboard: a mentor's own, as far as each shares it; an admin's workspace, without names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mentorbot.chat.cards import Chart, Series
from mentorbot.commands.admin import SMALLEST_GROUP
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk, title_name
from mentorbot.commands.mentees import desk_of_person
from mentorbot.commands.pairing import learners_of
from mentorbot.commands.pictures import burn_up_chart
from mentorbot.domain.plan import WEEK, StepState
from mentorbot.domain.progress import burn_up
from mentorbot.slash.choices import short

WEEKS = 8


@dataclass(frozen=True, slots=True)
class Blocked:
    """A step that does not go on: since which day, and why, as far as they are known."""

    step: str
    since: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Learner:
    """How far one person has come. `now` is the step they are at; `done` and `open` count steps."""

    name: str
    now: str
    done: int
    open: int
    hours_done: int
    hours_all: int
    blocked: tuple[Blocked, ...] = ()


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`burn_up` is a chart of lines over weeks (done, and the goal), `rate` one of bars over weeks (share of check-ins, in %).

    Each series has a value for each label or None, as in every chart. None in place of a chart: there is nothing to draw yet.
    """

    title: str
    people: tuple[Learner, ...] = ()
    burn_up: Chart | None = None
    rate: Chart | None = None
    note: str = ""


async def overview(context: Context, *, admin: bool) -> Dashboard:
    """The caller's own learners; for an admin who has none, the whole workspace without names."""
    found = await learners_of(context)
    if not found and admin:
        return await _workspace(context)
    desks = [await desk_of_person(context, pairing.learner, pairing.learner_name) for pairing in found]
    shown = [desk for desk in desks if desk.learner.visibility != "nothing"]
    silent = len(desks) - len(shown)
    note = f"{silent} of your learners share{'s' if silent == 1 else ''} nothing but name and aim." if silent else ""
    told = [desk for desk in shown if desk.learner.visibility == "checkins"]
    return await _dashboard("Your learners", shown, told, tuple(_learner(desk) for desk in shown), note)


async def _workspace(context: Context) -> Dashboard:
    title = "Learning in this workspace"
    people = await context.uow.reports.learners(context.pack.info.role)
    desks = [await desk_of_person(context, person, name) for person, name in people]
    desks = [desk for desk in desks if desk.plan.steps]
    if not desks:
        return Dashboard(title)
    if len(desks) < SMALLEST_GROUP:
        return Dashboard(title, note=f"Figures are shown from {SMALLEST_GROUP} learners on; there are fewer.")
    return await _dashboard(title, desks, desks, (), "All learners together; nobody is named.", SMALLEST_GROUP)


async def _dashboard(
    title: str, desks: Sequence[Desk], told: Sequence[Desk], people: tuple[Learner, ...], note: str, least: int = 1
) -> Dashboard:
    """`told` are those whose check-ins count; a week in which fewer than `least` of them worked is left out."""
    if not desks:
        return Dashboard(title, note=note)
    week = max(desk.week for desk in desks)
    together = burn_up([desk.plan for desk in desks], week)
    return Dashboard(title, people, burn_up_chart(together), await _rate(told, week, least) if told else None, note)


def _learner(desk: Desk) -> Learner:
    plan = desk.plan
    at = next(iter(plan.steps_in_week(desk.week)), None) or next(iter(plan.active), None)
    return Learner(
        desk.context.caller.name,
        short(at.text, 100) if at else title_name(desk.context, plan.title),
        sum(step.state is StepState.DONE for step in plan.steps),
        len(plan.active),
        plan.hours_done,
        plan.hours_total,
        tuple(
            Blocked(short(step.text, 100), step.status_since, short(step.blocker, 200))
            for step in plan.active
            if step.state is StepState.BLOCKED
        ),
    )


async def _rate(desks: Sequence[Desk], week: date, least: int) -> Chart:
    """Which part of the learners held their check-in, week by week; weeks off count for nobody."""
    held = [await _held(desk) for desk in desks]
    weeks = [week - number * WEEK for number in reversed(range(WEEKS))]
    rates: list[float | None] = []
    for one in weeks:
        asked = [theirs for desk, theirs in zip(desks, held, strict=True) if one not in desk.plan.weeks_off]
        rates.append(round(100 * sum(one in theirs for theirs in asked) / len(asked)) if len(asked) >= least else None)
    labels = tuple(f"{one:%-d %b}" for one in weeks)
    return Chart("bars", labels, (Series("Check-ins held", tuple(rates)),), "%", 100)


async def _held(desk: Desk) -> set[date]:
    found = await desk.context.uow.checkins.all(desk.context.caller.user_id, desk.context.pack.info.role)
    return {one.week for one in found if one.state == "held"}
