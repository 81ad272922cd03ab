"""A learner's plan as data: steps, hours per week, and the hours planned for each step in each week.

A week is named by its Monday, in the learner's own zone. Everything is frozen; `plan_edits` derives new plans from old ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter

from mentorbot.errors import StepNotFound


class StepState(StrEnum):
    """The state of one step. The values are stored, exported and imported, so they never change."""

    OPEN = "open"
    DOING = "doing"
    BLOCKED = "blocked"
    DONE = "done"
    DROPPED = "dropped"


ACTIVE_STATES = (StepState.OPEN, StepState.DOING, StepState.BLOCKED)
MILESTONE_PREFIX = "milestone:"
"""Prefix of a step's origin if it was made from one of the pack's milestones."""
SMALLER_PREFIX = "smaller:"
"""Prefix of the origin of a milestone's smaller version, before the milestone's id."""
TIP_PREFIX = "tip:"
"""Prefix of a step's origin if it was made from a tip."""
DEFAULT_HOURS_PER_WEEK = 4
"""Hours per week until the learner sets their own: an evening and half a Saturday morning."""
MIN_HOURS_PER_WEEK, MAX_HOURS_PER_WEEK = 1, 60
MAX_STEP_HOURS = 400
MAX_OPEN_STEPS = 100
"""Open steps of one learner. More than this is a backlog, and wouldn't fit on a card."""
MAX_PLAN_STEPS = 1_000
"""Steps of one plan, settled ones among them."""
MAX_REQUIRED_STEPS = 50
"""Steps that have to come before one step, in a plan from a file. The packs' milestones need a handful."""
MAX_PLAN_WEEKS = 520
"""Weeks off in a plan, and weeks with hours for one step: ten years' worth."""

MAX_ATTACHMENT = 10_000
"""Characters of a file that shows a step is done: some pages. Each change of a plan is kept with the whole plan before it."""

WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """Find the Monday of the week `day` is in."""
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
    """One step of a plan: the single definition behind the table, the undo history and exported files.

    Pydantic's `TypeAdapter` enforces the bounds on input from outside. An alias is the name in stored JSON and in exported
    files, and never changes. `number` is the number people see and type; it's never reused.

    `origin` is `tip:<id>`, `milestone:<id>`, `smaller:<id>`, or "" for the learner's own. `reason` says why it's in the plan,
    `done_when` what shows it's done, and `blocker` what's in the way; `evidence` is the learner's proof, a link or some words,
    and `attachment` the text of a file with more, such as a reference. `start` is the first week it may be planned for, `due`
    the day the learner has set, and `requires` the steps that come first. `logged` are the hours worked and `allocations` the
    hours planned. `status_since` is the day it entered its state. `weeks` is the fewest weeks from its first hour to its last:
    running a model for a quarter takes 13, however many hours a week someone has.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    number: Annotated[int, Field(ge=1, le=999_999)]
    text: Annotated[str, Field(min_length=1, max_length=1000)]
    hours: Annotated[int, Field(ge=1, le=MAX_STEP_HOURS)] = 1
    state: StepState = StepState.OPEN
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
    weeks: Annotated[int, Field(ge=1, le=MAX_PLAN_WEEKS)] = 1
    attachment: Annotated[str, Field(max_length=MAX_ATTACHMENT)] = ""

    @property
    def active(self) -> bool:
        """True while there's work left to do."""
        return self.state in ACTIVE_STATES

    @property
    def starts(self) -> date | None:
        """The first week it's planned for; None if it isn't."""
        return self.allocations[0].week if self.allocations else self.start

    @property
    def hours_logged(self) -> int:
        """Hours worked so far."""
        return sum(logged.hours for logged in self.logged)

    @property
    def hours_left(self) -> int:
        """Hours still to work. An active step has at least one, so it keeps a week in the layout."""
        return max(1, self.hours - self.hours_logged) if self.active else 0

    @property
    def first_week_logged(self) -> date | None:
        """The Monday of the first week with hours worked; None if there are none."""
        return min((logged.week for logged in self.logged), default=None)

    def hours_in_week(self, week: date) -> int:
        """Hours planned for `week`, including any left over from earlier weeks."""
        return sum([planned.hours for planned in self.allocations if planned.week <= week])


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of one learner, by number.

    `title` is the id of the target title ("" in a plan of the learner's own steps) and `target_date` the day to reach it by.
    `weeks_off` are the weeks without work (Mondays), `days_off` days in other weeks, and `week_hours` the weeks with other
    hours than the usual ones. `laid_out_week` is the week the hours were last laid out for.
    """

    title: str = ""
    hours_per_week: Annotated[int, Field(alias="pace")] = DEFAULT_HOURS_PER_WEEK
    target_date: Annotated[date | None, Field(alias="by")] = None
    weeks_off: Annotated[frozenset[date], Field(alias="off")] = field(default_factory=frozenset)
    days_off: frozenset[date] = frozenset()
    week_hours: _Weeks = ()
    laid_out_week: Annotated[date | None, Field(alias="flowed")] = None
    next_number: int = 1
    steps: tuple[PlanStep, ...] = ()

    def hours_of(self, week: date) -> int:
        """Hours there are for work in a week (its Monday)."""
        if week in self.weeks_off:
            return 0
        return next((special.hours for special in self.week_hours if special.week == week), self.hours_per_week)

    @property
    def active(self) -> tuple[PlanStep, ...]:
        """Steps that are neither done nor dropped."""
        return tuple([step for step in self.steps if step.state in ACTIVE_STATES])

    @property
    def blocked(self) -> tuple[PlanStep, ...]:
        """Steps that can't go on now."""
        return tuple(step for step in self.steps if step.state is StepState.BLOCKED)

    def step(self, number: int) -> PlanStep:
        """Find the step with that number.

        Raises:
            StepNotFound: the plan has none.
        """
        match = next((step for step in self.steps if step.number == number), None)
        if match is None:
            raise StepNotFound(f"You don't have a step {number}. Open your plan to see the numbers.")
        return match

    def step_from(self, origin: str) -> PlanStep | None:
        """Find the active step made from `origin`; None if there isn't one."""
        return next((step for step in self.steps if step.active and step.origin == origin), None)

    def with_step(self, changed: PlanStep) -> Plan:
        """Replace the step that has the number of `changed`."""
        return replace(self, steps=tuple(changed if step.number == changed.number else step for step in self.steps))

    def steps_in_week(self, week: date) -> tuple[PlanStep, ...]:
        """Steps with hours in `week`, in the order to work on them."""
        return tuple(sorted([step for step in self.active if step.hours_in_week(week)], key=_work_order))

    def steps_around(self, week: date) -> tuple[PlanStep, ...]:
        """Find the active steps that a card about `week` is made of; none if no work is planned until then.

        They're those planned until then, those stuck or under way, the next one, and the one that ends last.
        """
        begun = [step for step in self.active if step.hours_in_week(week)]
        if not begun:
            return ()
        later = [step for step in self.active if step not in begun]
        under_way = [step for step in later if step.logged or step.state is StepState.BLOCKED]
        following = sorted(later, key=_start_order)[:1]
        last = max([step for step in self.active if step.allocations], key=lambda step: step.allocations[-1].week)
        return tuple(dict.fromkeys((*begun, *under_way, *following, last)))

    def dependents(self, number: int) -> tuple[PlanStep, ...]:
        """Find the active steps that build on a step, directly or indirectly."""
        numbers, reached = {number}, {number}
        while reached:  # each pass reaches one level further
            reached = {step.number for step in self.active if not numbers.isdisjoint(step.requires)} - numbers
            numbers |= reached
        return tuple(step for step in self.active if step.number in numbers - {number})

    def hours_logged_in(self, week: date) -> int:
        """Hours worked in `week`."""
        return sum(logged.hours for step in self.steps for logged in step.logged if logged.week == week)

    @property
    def end_date(self) -> date | None:
        """The Sunday of the last week with planned hours; None if nothing is planned."""
        weeks = [planned.week for step in self.active for planned in step.allocations]
        return max(weeks) + timedelta(days=6) if weeks else None

    @property
    def milestones_end(self) -> date | None:
        """The Sunday of the last week with hours for the pack's steps; None if none of them is planned."""
        milestones = tuple(step for step in self.steps if step.origin.startswith(MILESTONE_PREFIX))
        return replace(self, steps=milestones).end_date

    @property
    def hours_done(self) -> int:
        """Hours of the finished steps, plus those worked on the others."""
        return sum(
            step.hours if step.state is StepState.DONE else min(step.hours_logged, step.hours)
            for step in self._not_dropped()
        )

    @property
    def hours_total(self) -> int:
        """Hours of all steps that weren't dropped."""
        return sum(step.hours for step in self._not_dropped())

    def _not_dropped(self) -> Iterator[PlanStep]:
        return (step for step in self.steps if step.state is not StepState.DROPPED)


STORED_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
"""Adapter that reads and writes a whole plan as stored JSON, with its aliases as names."""


def _start_order(step: PlanStep) -> tuple[date, int]:
    return step.allocations[0].week if step.allocations else date.max, step.number


def _work_order(step: PlanStep) -> tuple[date, date, date, int]:
    weeks = [planned.week for planned in step.allocations]
    # By the first week, then the due date, then the last week, so the step that ends sooner comes first.
    return min(weeks), step.due or date.max, max(weeks), step.number
