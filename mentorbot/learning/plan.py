"""A learner's plan as data: steps, the hours a week, and which hours of which week each step takes.

A week is named by its Monday, in the learner's own zone. Everything is frozen; `changes.py` makes new plans out of old ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from mentorbot.errors import NotFound

StepState = Literal["open", "doing", "blocked", "done", "dropped"]
ACTIVE: tuple[StepState, ...] = ("open", "doing", "blocked")

DEFAULT_PACE = 4
"""Hours a week, until the learner says otherwise: an evening and half a Saturday morning."""
MIN_PACE, MAX_PACE = 1, 60
MAX_STEP_HOURS = 400
MAX_OPEN = 100
"""Open steps of one learner. More than this is a backlog, and a card could not show it."""

WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """The Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Share:
    """Hours of one week. `week` is a Monday."""

    week: date
    hours: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `number` is what people see and type; it is never given again.

    `origin` says what it was made from (`tip:<id>`, `milestone:<id>`), `reason` why it is in the plan, `proof` what would
    show that it is done, `evidence` what the learner has given, `blocker` what is in the way. `start` is the week before
    which it is not planned, `due` the day that the learner has set, `requires` the steps that come first. `credits` are the
    hours worked, `shares` the hours planned. `since` is the day on which it came into its state.
    """

    number: int
    text: str
    hours: int = 1
    state: StepState = "open"
    origin: str = ""
    reason: str = ""
    proof: str = ""
    evidence: str = ""
    blocker: str = ""
    due: date | None = None
    start: date | None = None
    requires: tuple[int, ...] = ()
    credits: tuple[Share, ...] = ()
    shares: tuple[Share, ...] = ()
    since: date | None = None

    @property
    def active(self) -> bool:
        """Whether there is still something to do."""
        return self.state in ACTIVE

    @property
    def spent(self) -> int:
        """Hours worked so far."""
        return sum(share.hours for share in self.credits)

    @property
    def left(self) -> int:
        """Hours still to work; a step that is not settled always has one."""
        return max(1, self.hours - self.spent) if self.active else 0

    def in_week(self, week: date) -> int:
        """The hours planned for `week`, with those that an earlier week was to take and did not."""
        return sum(share.hours for share in self.shares if share.week <= week)


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of one learner, by number.

    `title` is the id of the title aimed at ("" in a plan of the learner's own steps), `pace` the hours a week, `by` the day
    on which it should be reached, `off` the weeks without work, `flowed` the week in which the hours were last laid out.
    """

    title: str = ""
    pace: int = DEFAULT_PACE
    by: date | None = None
    off: frozenset[date] = field(default_factory=frozenset)
    flowed: date | None = None
    next_number: int = 1
    steps: tuple[Step, ...] = ()

    @property
    def active(self) -> tuple[Step, ...]:
        """Steps with something to do."""
        return tuple(step for step in self.steps if step.active)

    def step(self, number: int) -> Step:
        """The step of that number.

        Raises:
            NotFound: there is none.
        """
        found = next((step for step in self.steps if step.number == number), None)
        if found is None:
            raise NotFound(f"You have no step {number}. Look at your plan for the numbers.", tries=("plan show",))
        return found

    def made_from(self, origin: str) -> Step | None:
        """The active step that was made from `origin`."""
        return next((step for step in self.steps if step.active and step.origin == origin), None)

    def with_step(self, changed: Step) -> Plan:
        """The plan with one step in its new form."""
        return replace(self, steps=tuple(changed if step.number == changed.number else step for step in self.steps))

    def this_week(self, week: date) -> tuple[Step, ...]:
        """What fits into `week`, in the order of work."""
        return tuple(sorted((step for step in self.active if step.in_week(week)), key=_in_order))

    def dependents(self, number: int) -> tuple[Step, ...]:
        """The active steps that build on a step, directly or not."""
        found = {number}
        for _ in self.steps:
            found |= {step.number for step in self.active if found & set(step.requires)}
        return tuple(step for step in self.active if step.number in found - {number})

    def capacity(self, week: date) -> int:
        """Hours that `week` still has to give."""
        return 0 if week in self.off else max(0, self.pace - self.worked(week))

    def worked(self, week: date) -> int:
        """Hours worked in `week`."""
        return sum(share.hours for step in self.steps for share in step.credits if share.week == week)

    @property
    def finish(self) -> date | None:
        """The Sunday on which the last planned hour is done; None when nothing is planned."""
        weeks = [share.week for step in self.active for share in step.shares]
        return max(weeks) + timedelta(days=6) if weeks else None

    @property
    def arrival(self) -> date | None:
        """The Sunday on which the last planned hour of the pack's steps is done; None when none of them is planned."""
        aimed = tuple(step for step in self.steps if step.origin.startswith("milestone:"))
        return replace(self, steps=aimed).finish

    @property
    def done_hours(self) -> int:
        """Hours of the finished steps, and those worked on the others."""
        return sum(step.hours if step.state == "done" else min(step.spent, step.hours) for step in self._kept())

    @property
    def all_hours(self) -> int:
        """Hours of all steps that were not dropped."""
        return sum(step.hours for step in self._kept())

    def _kept(self) -> Iterator[Step]:
        return (step for step in self.steps if step.state != "dropped")


def _in_order(step: Step) -> tuple[date, date, date, int]:
    weeks = [share.week for share in step.shares]
    return min(weeks), step.due or date.max, max(weeks), step.number
