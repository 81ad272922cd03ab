"""Records of one learner: everything stored about them, and a snapshot of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from mentorbot.domain import time_off
from mentorbot.domain.plan import Plan, StepState, monday
from mentorbot.domain.plan_layout import LayoutChange
from mentorbot.domain.recall import Memory
from mentorbot.domain.visibility import Visibility


class CheckInState(StrEnum):
    """Outcome of a week's check-in. The values are stored."""

    HELD = "held"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class LearnerProfile:
    """Settings of a learner as a whole. `title` is the target title's id, `current_title` their present one's; "" if unknown.

    `paused_until` is the first day they're back.
    """

    title: str = ""
    current_title: str = ""
    paused_until: date | None = None
    recall: bool = False
    visibility: Visibility = Visibility.NOTHING


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as read from the database. Only the newest `version` can be saved over."""

    plan: Plan
    version: int


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A change of a plan on record: its description in a few words, and the plan and the end of the pause before it.

    `levels` are those of a typical starting point that were saved with it, by skill.
    """

    version: int
    description: str
    before: Plan
    paused_until: date | None
    levels: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A learner's own view of one skill, 0-4, at an instant (UTC)."""

    skill: str
    level: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One week of a learner. `week` is its Monday; the if-then plan is empty if they made none."""

    week: date
    state: CheckInState
    next_step: str = ""
    obstacle: str = ""
    fallback: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class RecallState:
    """A recall question of one learner. `due_at` is in UTC; `asked` and `right` count all answers and correct ones."""

    question: str
    memory: Memory
    due_at: datetime
    asked: int
    right: int


@dataclass(frozen=True, slots=True)
class LearnerSnapshot:
    """A learner as of today. `today` is in their own `zone`, and `plan` is laid out for today's week.

    `version` is that of the saved plan. `layout_change` holds the steps that have moved since it was saved, if any.
    """

    user_id: str
    name: str
    zone: ZoneInfo
    today: date
    plan: Plan
    version: int
    profile: LearnerProfile
    layout_change: LayoutChange | None = None

    def with_plan(self, plan: Plan, version: int) -> LearnerSnapshot:
        """Replace the plan with one saved as `version`. `layout_change` stays."""
        return replace(self, plan=plan, version=version)

    @property
    def week(self) -> date:
        """The Monday of the current week."""
        return monday(self.today)

    @property
    def week_is_off(self) -> bool:
        """True if there's no work this week: it's skipped, or in a pause."""
        return self.week in self.plan.weeks_off

    @property
    def is_paused(self) -> bool:
        """True if today is in a pause, or a day off."""
        return self.back_on is not None

    @property
    def back_on(self) -> date | None:
        """The first day after the pause or the days off that today is in; None if it's in neither."""
        until = self.profile.paused_until
        if until is not None and self.today < until:
            return until
        return time_off.of(self.plan).back_on(self.today) if self.today in self.plan.days_off else None


def proved_levels(plan: Plan, raises: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, int, date]]:
    """Yield skill, level and day for each level that a finished milestone leads to.

    `raises` holds the levels by skill for each milestone's id.
    """
    for step in plan.steps:
        if step.state is StepState.DONE and step.status_since is not None:
            for skill, level in raises.get(step.origin.removeprefix("milestone:"), {}).items():
                yield skill, level, step.status_since


def current_levels(
    implied: Mapping[str, int],
    assessments: Sequence[Assessment],
    proved: Iterator[tuple[str, int, date]],
    zone: ZoneInfo,
) -> dict[str, int]:
    """Compute a learner's level in each skill: their own newest assessment, or else the level their current title implies.

    A milestone finished on or after the day of that assessment raises the level to the one it leads to.
    """
    newest = {assessment.skill: assessment for assessment in assessments}
    levels = {**implied, **{skill: assessment.level for skill, assessment in newest.items()}}
    for skill, level, day in proved:
        if skill not in newest or newest[skill].at.astimezone(zone).date() <= day:
            levels[skill] = max(level, levels.get(skill, 0))
    return levels


def first_levels(implied: Mapping[str, int], assessments: Sequence[Assessment]) -> dict[str, int]:
    """Compute the first known level in each skill."""
    return {**implied, **{assessment.skill: assessment.level for assessment in reversed(assessments)}}
