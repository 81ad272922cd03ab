"""Everything that is stored about one learner, and how they stand today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from mentorbot.domain.plan import Plan, StepState, monday
from mentorbot.domain.plan_layout import LayoutChange
from mentorbot.domain.recall import Memory
from mentorbot.domain.visibility import Visibility


class CheckInState(StrEnum):
    """What became of a week's check-in."""

    HELD = "held"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class LearnerProfile:
    """What holds for a learner as a whole. `title` is the target title's id, `current_title` the one they have; "" if unknown.

    `paused_until` is the first day on which they're back.
    """

    title: str = ""
    current_title: str = ""
    paused_until: date | None = None
    recall: bool = False
    visibility: Visibility = Visibility.NOTHING


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it was read. Saving it needs the newest `version`."""

    plan: Plan
    version: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """A learner's own view of one skill, 0-4, at an instant (UTC)."""

    skill: str
    level: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One week of a learner. `week` is its Monday; the if-then plan is empty when none was made."""

    week: date
    state: CheckInState
    next_step: str = ""
    obstacle: str = ""
    fallback: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class RecallState:
    """A recall question of one learner. `due_at` is in UTC; `asked` and `right` count answers."""

    question: str
    memory: Memory
    due_at: datetime
    asked: int
    right: int


@dataclass(frozen=True, slots=True)
class LearnerSnapshot:
    """How a learner stands today. `today` is in their own `zone`, `plan` is laid out for today's week.

    `version` is that of the saved plan; `layout_change` is which steps have moved since it was saved, if any.
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
        """The same learner with another plan, saved as `version`. What has moved since stays told."""
        return replace(self, plan=plan, version=version)

    @property
    def week(self) -> date:
        """The Monday of the present week."""
        return monday(self.today)

    @property
    def week_is_off(self) -> bool:
        """Whether the present week is without work: skipped, or in a pause."""
        return self.week in self.plan.weeks_off

    @property
    def is_paused(self) -> bool:
        """Whether a pause holds today."""
        return self.profile.paused_until is not None and self.today < self.profile.paused_until


def proved_levels(plan: Plan, raises: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, int, date]]:
    """Yield skill, level and day for each level that a finished milestone leads to.

    `raises` gives the levels by skill for each milestone's id.
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
    """Give a learner's level in each skill: their own newest view, else what their current title implies.

    A milestone finished on or after the day of that view counts with the level it leads to, whatever was thought before.
    """
    newest = {assessment.skill: assessment for assessment in assessments}
    levels = {**implied, **{skill: assessment.level for skill, assessment in newest.items()}}
    for skill, level, day in proved:
        if skill not in newest or newest[skill].at.astimezone(zone).date() <= day:
            levels[skill] = max(level, levels.get(skill, 0))
    return levels


def first_levels(implied: Mapping[str, int], assessments: Sequence[Assessment]) -> dict[str, int]:
    """Give the level in each skill as it was first known."""
    return {**implied, **{assessment.skill: assessment.level for assessment in reversed(assessments)}}
