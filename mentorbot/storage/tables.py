"""The tables: workspaces, people, and what is posted to them. Constraints live here, so that no code path can get around them.

What people learn is in `learning_tables.py`, and with whom in `mentor_tables.py`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Utc(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. A naive one is refused, since nobody can tell what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy gives it
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy gives it
        """From the database: SQLite forgets the zone, which is always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Utc, date: Date, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012  SQLAlchemy's way


NO_NUMBER_TWICE = {"sqlite_autoincrement": True}
"""Where the number of a row leaves its transaction: SQLite would else give that of one which is gone to the next one."""


class WorkspaceRow(Table):
    """A tenant."""

    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    spread_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    country: Mapped[str | None] = mapped_column(String(10))


class DayOffRow(Table):
    """A day on which nothing is posted in a workspace, besides the public holidays of its country."""

    __tablename__ = "days_off"
    __table_args__ = (UniqueConstraint("workspace_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(100))


class PersonRow(Table):
    """A person in one workspace."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("workspace_id", "external_id"), NO_NUMBER_TWICE)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]


class ScheduleRow(Table):
    """A cadence and where it posts, one row for each kind and channel. Without `next_run_at` it is over, or only carries
    single messages.

    A `direct` channel whose id is `@` and a person's id is opened when something is sent there. `weekdays` are digits, Monday
    0, as "024"; `weekday` is the first of them, which processes of the release before read while a new one is rolled out.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "channel_id"),
        CheckConstraint("state IN ('active', 'paused', 'stopped')", name="state"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("(state = 'paused') = (paused_reason IS NOT NULL)", name="paused"),
        Index("ix_schedules_due", "state", "next_run_at"),
        NO_NUMBER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    channel_id: Mapped[str] = mapped_column(String(100))
    channel_name: Mapped[str] = mapped_column(String(200))
    direct: Mapped[bool]
    role: Mapped[str] = mapped_column(String(48))
    weekday: Mapped[int]
    local_time: Mapped[str] = mapped_column(String(5))
    zone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    paused_reason: Mapped[str | None] = mapped_column(String(300))
    next_run_at: Mapped[datetime | None]
    created_by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    weekdays: Mapped[str | None] = mapped_column(String(7))
    every_weeks: Mapped[int] = mapped_column(server_default="1", default=1)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    pause_until: Mapped[date | None]


class DeliveryRow(Table):
    """One message to send once, and how far it has come. Its key says which occurrence of its schedule it is.

    `item` says what it is about, `body` what somebody wrote in it. `slot_at` is when the platform's limits let it go;
    `merged_into` is the delivery whose message holds this one too. What an operator has sent after all counts from then, as
    `occurrence_at`; `first_due_at` is when it was due at first, and `given_up` why it had not come.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_deliveries_schedule_id_occurrence_at", "schedule_id", "occurrence_at"),
        CheckConstraint("state IN ('pending', 'sent', 'failed', 'missed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("(state = 'sent') = (message_id IS NOT NULL)", name="message"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_deliveries_due", "state", "not_before"),
        NO_NUMBER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedules.id", ondelete="CASCADE"))
    occurrence_at: Mapped[datetime]
    item: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    not_before: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str | None] = mapped_column(String(100))
    last_error: Mapped[str | None] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime]
    slot_at: Mapped[datetime | None]
    merged_into: Mapped[int | None] = mapped_column(index=True)
    first_due_at: Mapped[datetime | None]
    given_up: Mapped[str | None] = mapped_column(String(300))


class BucketRow(Table):
    """A token bucket: `free_at`, in seconds since 1970, is when the next message may go that finds it empty."""

    __tablename__ = "buckets"

    name: Mapped[str] = mapped_column(String(250), primary_key=True)
    free_at: Mapped[float] = mapped_column(Double)


class RequestRow(Table):
    """An interaction that has been answered, by its idempotency key."""

    __tablename__ = "requests"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
