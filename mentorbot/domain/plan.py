"""A learner's plan as data: steps, the hours a week, and which hours of which week each step takes.

A week is named by its Monday, in the learner's own zone. Everything is frozen; `changes.py` makes new plans out of old ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from mentorbot.errors import NotFound

StepState = Literal["open", "doing", "blocked", "done", "dropped"]
ACTIVE: tuple[StepState, ...] = ("open", "doing", "blocked")
DEFAULT_HOURS_PER_WEEK = 4
"""Hours a week, until the learner says otherwise: an evening and half a Saturday morning."""
MIN_HOURS_PER_WEEK, MAX_HOURS_PER_WEEK = 1, 60
MAX_STEP_HOURS = 400
MAX_OPEN_STEPS = 100
"""Open steps of one learner. More than this is a backlog, and a card could not show it."""
MAX_PLAN_STEPS = 1_000
"""Steps of one plan, settled ones among them."""
MAX_PLAN_WEEKS = 520
"""Weeks off, or weeks in which a step was worked on: ten years of them."""

WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """The Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class WeekAllocation:
    """Hours of one week. `week` is a Monday."""

    week: date
    hours: Annotated[int, Field(ge=1, le=MAX_STEP_HOURS)]


_Text = Annotated[str, Field(max_length=1000)]
_Weeks = Annotated[tuple[WeekAllocation, ...], Field(max_length=MAX_PLAN_WEEKS)]


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a plan: the one definition behind the table, the undo history and exported files.

    The bounds hold for what is read from outside (pydantic's `TypeAdapter`), and an alias is the name in stored JSON and in
    exported files, which never changes. `number` is what people see and type; it is never given again.

    `origin` says what the step was made from (`tip:<id>`, `milestone:<id>`), `reason` why it is in the plan, `done_when` what
    shows that it's done, `evidence` what the learner has given, `blocker` what is in the way. `start` is the week before which
    it isn't planned, `due` the day the learner has set, `requires` the steps that come first. `logged` are the hours worked,
    `allocations` the hours planned. `status_since` is the day on which it came into its state.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    number: Annotated[int, Field(ge=1, le=999_999)]
    text: Annotated[str, Field(min_length=1, max_length=1000)]
    hours: Annotated[int, Field(ge=1, le=MAX_STEP_HOURS)] = 1
    state: StepState = "open"
    origin: Annotated[str, Field(max_length=100)] = ""
    reason: _Text = ""
    done_when: Annotated[str, Field(alias="proof", max_length=1000)] = ""
    evidence: _Text = ""
    blocker: _Text = ""
    due: date | None = None
    start: date | None = None
    requires: Annotated[tuple[int, ...], Field(max_length=MAX_PLAN_STEPS)] = ()
    logged: Annotated[_Weeks, Field(alias="credits")] = ()
    allocations: Annotated[_Weeks, Field(alias="shares")] = ()
    status_since: Annotated[date | None, Field(alias="since")] = None

    @property
    def active(self) -> bool:
        """Whether there is still something to do."""
        return self.state in ACTIVE

    @property
    def hours_logged(self) -> int:
        """Hours worked so far."""
        return sum(share.hours for share in self.logged)

    @property
    def hours_left(self) -> int:
        """Hours still to work; a step that is not settled always has one."""
        return max(1, self.hours - self.hours_logged) if self.active else 0

    def in_week(self, week: date) -> int:
        """The hours planned for `week`, with those that an earlier week was to take and did not."""
        return sum(share.hours for share in self.allocations if share.week <= week)


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of one learner, by number.

    `title` is the id of the target title ("" in a plan of the learner's own steps), `target_date` the day on which it should be
    reached, `weeks_off` the weeks without work (Mondays), `laid_out_week` the week in which the hours were last laid out.
    """

    title: str = ""
    hours_per_week: Annotated[int, Field(alias="pace")] = DEFAULT_HOURS_PER_WEEK
    target_date: Annotated[date | None, Field(alias="by")] = None
    weeks_off: Annotated[frozenset[date], Field(alias="off")] = field(default_factory=frozenset)
    laid_out_week: Annotated[date | None, Field(alias="flowed")] = None
    next_number: int = 1
    steps: tuple[PlanStep, ...] = ()

    @property
    def active(self) -> tuple[PlanStep, ...]:
        """Steps with something to do."""
        return tuple(step for step in self.steps if step.active)

    def step(self, number: int) -> PlanStep:
        """The step of that number.

        Raises:
            NotFound: there is none.
        """
        found = next((step for step in self.steps if step.number == number), None)
        if found is None:
            raise NotFound(f"You have no step {number}. Look at your plan for the numbers.", tries=("plan show",))
        return found

    def made_from(self, origin: str) -> PlanStep | None:
        """The active step that was made from `origin`."""
        return next((step for step in self.steps if step.active and step.origin == origin), None)

    def with_step(self, changed: PlanStep) -> Plan:
        """The plan with one step in its new form."""
        return replace(self, steps=tuple(changed if step.number == changed.number else step for step in self.steps))

    def this_week(self, week: date) -> tuple[PlanStep, ...]:
        """What fits into `week`, in the order of work."""
        return tuple(sorted((step for step in self.active if step.in_week(week)), key=_in_order))

    def dependents(self, number: int) -> tuple[PlanStep, ...]:
        """The active steps that build on a step, directly or not."""
        found = {number}
        for _ in self.steps:
            found |= {step.number for step in self.active if found & set(step.requires)}
        return tuple(step for step in self.active if step.number in found - {number})

    def capacity(self, week: date) -> int:
        """Hours that `week` still has to give."""
        return 0 if week in self.weeks_off else max(0, self.hours_per_week - self.worked(week))

    def worked(self, week: date) -> int:
        """Hours worked in `week`."""
        return sum(share.hours for step in self.steps for share in step.logged if share.week == week)

    @property
    def end_date(self) -> date | None:
        """The Sunday on which the last planned hour is done; None when nothing is planned."""
        weeks = [share.week for step in self.active for share in step.allocations]
        return max(weeks) + timedelta(days=6) if weeks else None

    @property
    def milestones_end(self) -> date | None:
        """The Sunday on which the last planned hour of the pack's steps is done; None when none of them is planned."""
        aimed = tuple(step for step in self.steps if step.origin.startswith("milestone:"))
        return replace(self, steps=aimed).end_date

    @property
    def done_hours(self) -> int:
        """Hours of the finished steps, and those worked on the others."""
        return sum(step.hours if step.state == "done" else min(step.hours_logged, step.hours) for step in self._kept())

    @property
    def all_hours(self) -> int:
        """Hours of all steps that were not dropped."""
        return sum(step.hours for step in self._kept())

    def _kept(self) -> Iterator[PlanStep]:
        return (step for step in self.steps if step.state != "dropped")


STORED_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
"""A whole plan as stored JSON and back, under its aliases."""


def _in_order(step: PlanStep) -> tuple[date, date, date, int]:
    weeks = [share.week for share in step.allocations]
    return min(weeks), step.due or date.max, max(weeks), step.number
