"""The tables of mentors, and of who learns with whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorbot.storage.tables import NO_NUMBER_TWICE, Table


class MentorRow(Table):
    """Somebody who offers to mentor. `skills` are ids; none means any. `most` is how many learners they take at once."""

    __tablename__ = "mentors"
    __table_args__ = (UniqueConstraint("person_id", "role"), CheckConstraint("most BETWEEN 1 AND 20", name="most"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(48))
    skills: Mapped[list[Any]]
    most: Mapped[int]
    offering: Mapped[bool]
    created_at: Mapped[datetime]


_OPEN_PAIRING = text("state IN ('requested', 'waiting', 'active')")


class PairingRow(Table):
    """A learner's request for a mentor, and what became of it.

    `requested`: a mentor has been asked until `deadline`; `waiting`: everybody has been asked, the admins know; `active`;
    `ended`. `asked` are the people who were asked before, by the platform's id. One that is not ended for each learner.
    """

    __tablename__ = "pairings"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'waiting', 'active', 'ended')", name="state"),
        CheckConstraint("(state = 'requested') = (deadline IS NOT NULL)", name="deadline"),
        CheckConstraint("state NOT IN ('requested', 'active') OR mentor_id IS NOT NULL", name="mentor"),
        Index("ix_pairings_deadline", "state", "deadline"),
        Index(
            "uq_pairings_open",
            "learner_id",
            unique=True,
            sqlite_where=_OPEN_PAIRING,
            postgresql_where=_OPEN_PAIRING,
        ),
        NO_NUMBER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentors.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(10))
    asked: Mapped[list[Any]]
    deadline: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
