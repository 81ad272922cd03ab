"""The tables of what people learn: plans, assessments, check-ins, recall."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from mentorbot.storage.tables import NO_NUMBER_TWICE, Table


def _person() -> Mapped[int]:
    return mapped_column(ForeignKey("people.id", ondelete="CASCADE"))


def _learner() -> Mapped[int]:
    return mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))


class LearnerRow(Table):
    """A person on the way into a role. `next_number` numbers their steps and never goes back."""

    __tablename__ = "learners"
    __table_args__ = (
        UniqueConstraint("person_id", "role"),
        CheckConstraint("next_number >= 1", name="next_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = _person()
    role: Mapped[str] = mapped_column(String(48))
    next_number: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime]


class PlanRow(Table):
    """What is true of a learner's plan as a whole. `version` grows with every change: whoever saves must have seen it."""

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("pace BETWEEN 1 AND 60", name="pace"),
        CheckConstraint("share IN ('nothing', 'progress', 'checkins')", name="share"),
    )

    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(48))
    current_title: Mapped[str] = mapped_column(String(48))
    pace: Mapped[int]
    by: Mapped[date | None]
    off: Mapped[list[Any]]
    flowed: Mapped[date | None]
    paused_until: Mapped[date | None]
    recall: Mapped[bool]
    share: Mapped[str] = mapped_column(String(10))


_ACTIVE_WITH_ORIGIN = text("state IN ('open', 'doing', 'blocked') AND origin <> ''")


class StepRow(Table):
    """One step of a learner's plan."""

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("learner_id", "number"),
        CheckConstraint("state IN ('open', 'doing', 'blocked', 'done', 'dropped')", name="state"),
        CheckConstraint("state NOT IN ('done', 'dropped') OR since IS NOT NULL", name="settled"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("hours BETWEEN 1 AND 400", name="hours"),
        CheckConstraint("length(text) BETWEEN 1 AND 1000", name="text"),
        Index(
            "uq_steps_active_origin",
            "learner_id",
            "origin",
            unique=True,
            sqlite_where=_ACTIVE_WITH_ORIGIN,
            postgresql_where=_ACTIVE_WITH_ORIGIN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = _learner()
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(1000))
    hours: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[date | None]
    origin: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(1000))
    proof: Mapped[str] = mapped_column(String(1000))
    evidence: Mapped[str] = mapped_column(String(1000))
    blocker: Mapped[str] = mapped_column(String(1000))
    due: Mapped[date | None]
    start: Mapped[date | None]
    requires: Mapped[list[Any]]
    credits: Mapped[list[Any]]
    shares: Mapped[list[Any]]
    created_at: Mapped[datetime]


class PlanChangeRow(Table):
    """One change of a plan, with the whole plan and the learner's break as they were before, so that it can be undone."""

    __tablename__ = "plan_changes"
    __table_args__ = (UniqueConstraint("learner_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = _learner()
    version: Mapped[int]
    what: Mapped[str] = mapped_column(String(300))
    before: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    paused_until: Mapped[date | None]


class AssessmentRow(Table):
    """A learner's own view of one skill at one time. Nothing is overwritten: the newest one counts."""

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 4", name="level"),
        Index("ix_assessments_learner_id_skill", "learner_id", "skill"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = _learner()
    skill: Mapped[str] = mapped_column(String(48))
    level: Mapped[int]
    assessed_at: Mapped[datetime]


class CheckInRow(Table):
    """One learner's week. `week` is its Monday in the learner's zone."""

    __tablename__ = "checkins"
    __table_args__ = (
        UniqueConstraint("learner_id", "week"),
        CheckConstraint("state IN ('held', 'skipped')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = _learner()
    week: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    next_step: Mapped[str] = mapped_column(String(500))
    obstacle: Mapped[str] = mapped_column(String(500))
    fallback: Mapped[str] = mapped_column(String(500))
    outcome: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]


class RecallRow(Table):
    """One recall question of one learner: where it stands on its forgetting curve."""

    __tablename__ = "recall_cards"
    __table_args__ = (
        UniqueConstraint("learner_id", "question"),
        Index("ix_recall_cards_due", "learner_id", "due_at"),
        NO_NUMBER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = _learner()
    question: Mapped[str] = mapped_column(String(60))
    memory: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    asked: Mapped[int]
    right: Mapped[int]


class DepartureRow(Table):
    """Somebody was erased. Nothing says who."""

    __tablename__ = "departures"

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    left_on: Mapped[date]


class PersonSettingsRow(Table):
    """What a person has told us about messages. Quiet hours are local times; `budget` is messages a week, None for no limit.

    `checked_at`: when the platform was last asked about them; `left_at`: since when it says that they are gone;
    `platform_zone`, `direct_id`: the time zone that it tells, and the channel in which the bot and they are alone;
    that is empty where it could not be opened beforehand.
    """

    __tablename__ = "people_settings"
    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet"),
        CheckConstraint("budget IS NULL OR budget BETWEEN 0 AND 50", name="budget"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_to: Mapped[str | None] = mapped_column(String(5))
    budget: Mapped[int | None]
    reminders: Mapped[bool] = mapped_column(server_default=true(), default=True)
    checked_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    platform_zone: Mapped[str | None] = mapped_column(String(64))
    direct_id: Mapped[str | None] = mapped_column(String(100))
