"""Mentors, and who learns with whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class MentorshipState(StrEnum):
    """How far a request for a mentor has come.

    REQUESTED: a mentor has been asked; WAITING: everyone has been asked, and the admins know.
    """

    REQUESTED = "requested"
    WAITING = "waiting"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Mentor:
    """Someone who offers to mentor. No `skills` means any; `load` counts learners they have or are asked to take."""

    user_id: str
    name: str
    skills: tuple[str, ...]
    max_learners: int
    offering: bool
    load: int
    zone: ZoneInfo | None

    @property
    def room(self) -> int:
        """How many more learners they take."""
        return max(0, self.max_learners - self.load) if self.offering else 0


@dataclass(frozen=True, slots=True)
class Mentorship:
    """A learner's request for a mentor, and what became of it; people by their platform ids.

    `asked` are the mentors asked so far. Instants are in UTC; `deadline` is set while a mentor is to answer.
    """

    id: int
    role: str
    learner: str
    learner_name: str
    mentor: str | None
    mentor_name: str
    state: MentorshipState
    asked: tuple[str, ...]
    deadline: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class WorkspaceStats:
    """Figures for one workspace.

    `hours_per_week` and `completion` (0-1) have one value for each learner with a plan; `blocked` counts learners, `checkins`
    those held by week (Mondays), `mentorships` those in each state.
    """

    learners: int
    hours_per_week: tuple[int, ...]
    completion: tuple[float, ...]
    blocked: int
    checkins: Mapping[date, int]
    mentorships: Mapping[MentorshipState, int]
