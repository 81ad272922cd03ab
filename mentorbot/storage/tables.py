"""The tables, all on one page. Constraints live here, so no code path can get around them."""

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
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

_NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Utc(TypeDecorator[datetime]):
    """Column type of an aware instant, stored in UTC. A naive one is refused, because its meaning is unclear."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Convert a value for the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Convert a value from the database. SQLite loses the zone, which is always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = {datetime: Utc, date: Date, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012  SQLAlchemy's way


NEVER_REUSE_IDS = {"sqlite_autoincrement": True}
"""Option of tables whose ids are used outside a transaction. Otherwise SQLite would give a deleted row's id to a new one."""


class WorkspaceRow(Base):
    """A tenant: a workspace on Slack, or a server on Discord.

    `removed_at` is the instant we learned that the bot isn't there any more. Until it's back, nothing is sent. `app_id` is the
    platform's id of the application that serves it, None if we haven't been told. `role` is what people here learn unless they
    choose something else; None is the bot's default. `mentor_role_id` is the platform's id of the role its mentors get there.
    `model_mode` is what the language model may do here, None for nothing, and `model_calls` counts how often it was asked on
    `model_day`, in UTC. `missing_told` are the permissions an admin has been told the bot lacks.
    """

    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    spread_minutes: Mapped[int] = mapped_column(server_default="0", default=0)
    country: Mapped[str | None] = mapped_column(String(10))
    mentor_role_id: Mapped[str | None] = mapped_column(String(40))
    removed_at: Mapped[datetime | None]
    app_id: Mapped[str | None] = mapped_column(String(100))
    role: Mapped[str | None] = mapped_column(String(48))
    model_mode: Mapped[str | None] = mapped_column(String(10))
    model_day: Mapped[date | None]
    model_calls: Mapped[int] = mapped_column(server_default="0", default=0)
    missing_told: Mapped[str | None] = mapped_column(String(1_000))


class MutedChannelRow(Base):
    """A channel where the bot doesn't answer messages that mention it."""

    __tablename__ = "muted_channels"
    __table_args__ = (UniqueConstraint("workspace_id", "channel_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    channel_id: Mapped[str] = mapped_column(String(100))
    channel_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class DayOffRow(Base):
    """A workspace's own day off, in addition to its country's public holidays; with the name "", a working day."""

    __tablename__ = "days_off"
    __table_args__ = (UniqueConstraint("workspace_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(100))


class PersonRow(Base):
    """A person in one workspace.

    `role` is the one they've chosen to learn; None is the workspace's. `locale` is the one their app is set to, e.g. "de-DE";
    None if the platform hasn't said.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("workspace_id", "external_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    silent_weeks: Mapped[int] = mapped_column(server_default="0", default=0)
    asked_week: Mapped[date | None]
    role: Mapped[str | None] = mapped_column(String(48))
    locale: Mapped[str | None] = mapped_column(String(20))


class ScheduleRow(Base):
    """A recurrence and its destination: one row for each kind and channel, or for each kind and person.

    Without `next_run_at` it's over. `weekdays` are digits, e.g. "024", with Monday as 0; `weekday` is the first of them.
    `direct`: the channel is a DM.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "channel_id"),
        UniqueConstraint("person_id", "kind"),
        CheckConstraint("(person_id IS NULL) <> (channel_id IS NULL)", name="destination"),
        CheckConstraint("state IN ('active', 'paused', 'stopped')", name="state"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("(state = 'paused') = (paused_reason IS NOT NULL)", name="paused"),
        Index("ix_schedules_due", "state", "next_run_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    channel_id: Mapped[str | None] = mapped_column(String(100))
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


_HAS_AUTHOR = text("author IS NOT NULL")


class DeliveryRow(Base):
    """One message to send once, and its state.

    `key` identifies the occurrence or the one-off. It's never null and unique, so nothing is sent twice. A delivery is an
    occurrence of its schedule, or a one-off to a person. A one-off with a channel's schedule goes to that channel.

    `item` is the id of its subject, `body` the text someone wrote in it and `author` their id on the platform. `slot_at` is the
    instant when the platform's limits allow it. `parent_id` is the delivery whose message also contains this one. If an
    operator resends it, `occurrence_at` becomes the instant they asked, `first_due_at` keeps the original one, and
    `given_up_*` hold the previous ending.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_deliveries_schedule_id_occurrence_at", "schedule_id", "occurrence_at"),
        Index("ix_deliveries_person_id_occurrence_at", "person_id", "occurrence_at"),
        CheckConstraint("schedule_id IS NOT NULL OR person_id IS NOT NULL", name="destination"),
        CheckConstraint("state IN ('pending', 'sent', 'failed', 'missed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("(state = 'sent') = (message_id IS NOT NULL)", name="message"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_deliveries_due", "state", "not_before"),
        Index("ix_deliveries_author", "author", sqlite_where=_HAS_AUTHOR, postgresql_where=_HAS_AUTHOR),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedules.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(48))
    occurrence_at: Mapped[datetime]
    item: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    not_before: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str | None] = mapped_column(String(100))
    reason_code: Mapped[str | None] = mapped_column(String(30))
    reason_details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    body: Mapped[str] = mapped_column(String(1000))
    author: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime]
    slot_at: Mapped[datetime | None]
    parent_id: Mapped[int | None] = mapped_column("merged_into", index=True)
    first_due_at: Mapped[datetime | None]
    given_up_state: Mapped[str | None] = mapped_column(String(10))
    given_up_code: Mapped[str | None] = mapped_column(String(30))
    given_up_details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class BucketRow(Base):
    """A token bucket. `free_at` is the time the bucket is full again, in seconds since 1970."""

    __tablename__ = "buckets"

    name: Mapped[str] = mapped_column(String(250), primary_key=True)
    free_at: Mapped[float] = mapped_column(Double)


class ProcessedInteractionRow(Base):
    """The answer to an interaction, by its idempotency key."""

    __tablename__ = "requests"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)


class DraftRow(Base):
    """Text too long for a button, or a form someone hasn't finished. Without a person, `user_id` is ""."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str] = mapped_column(String(100))
    line: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)


class ConversationRow(Base):
    """The memory someone's follow-up may refer to. They needn't be a person with a row, so it's by the platform's id."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id", "channel_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(String(100))
    channel_id: Mapped[str] = mapped_column(String(100))
    state: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class DmWorkspaceRow(Base):
    """A workspace that someone's direct messages are about. The one chosen last counts."""

    __tablename__ = "dm_workspaces"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(String(100), index=True)
    chosen_at: Mapped[datetime]


class LanguageModelUserRow(Base):
    """Someone who has been told about the language model, whether they've declined, and how often it was asked for them.

    They needn't be a person with a row, so it's by the platform's id. `calls` counts those of `day`, in UTC.
    """

    __tablename__ = "language_model_users"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(String(100))
    told_at: Mapped[datetime]
    declined: Mapped[bool]
    day: Mapped[date | None]
    calls: Mapped[int]


def _person() -> Mapped[int]:
    return mapped_column(ForeignKey("people.id", ondelete="CASCADE"))


def _learner() -> Mapped[int]:
    return mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))


class LearnerRow(Base):
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


class PlanRow(Base):
    """A learner's plan and profile, without the steps. `version` grows with every change, and saving needs the newest one.

    `week_steps` are the numbers of the steps that a card about the week `flowed` is made of, and the version they're from.
    """

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
    visibility: Mapped[str] = mapped_column("share", String(10))
    week_steps: Mapped[dict[str, Any] | None]
    week_hours: Mapped[list[Any] | None]


_NO_TEXT = text("''")
"""The default of a text column that was added later. A column of steps is called `text`, so it's named here."""
_ACTIVE_WITH_ORIGIN = text("state IN ('open', 'doing', 'blocked') AND origin <> ''")


class StepRow(Base):
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
    weeks: Mapped[int] = mapped_column(server_default="1", default=1)
    attachment: Mapped[str] = mapped_column(String(10_000), server_default=_NO_TEXT, default="")
    created_at: Mapped[datetime]


class PlanChangeRow(Base):
    """One change of a plan, with the whole plan and the learner's pause as they were before it, so it can be undone.

    `levels` are those of a typical starting point that were saved with it, by skill.
    """

    __tablename__ = "plan_changes"
    __table_args__ = (UniqueConstraint("learner_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = _learner()
    version: Mapped[int]
    what: Mapped[str] = mapped_column(String(300))
    before: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    paused_until: Mapped[date | None]
    levels: Mapped[dict[str, Any] | None]


class CalendarEventRow(Base):
    """An event of a plan's calendar file as last exported, so the next file can change or cancel it.

    The step may be gone. `digest` stands for everything people saw of it.
    """

    __tablename__ = "calendar_events"
    __table_args__ = (
        UniqueConstraint("learner_id", "step_number", "kind"),
        CheckConstraint("kind IN ('weeks', 'due')", name="kind"),
        CheckConstraint("status IN ('CONFIRMED', 'CANCELLED')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = _learner()
    step_number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    uid: Mapped[str] = mapped_column(String(100))
    sequence: Mapped[int]
    starts: Mapped[date]
    ends: Mapped[date]
    summary: Mapped[str] = mapped_column(String(1100))
    status: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(16))


class AssessmentRow(Base):
    """A learner's own view of one skill at one time. Rows are never overwritten; the newest one counts."""

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


class CheckInRow(Base):
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


class RecallRow(Base):
    """One recall question of one learner, with its position on the forgetting curve."""

    __tablename__ = "recall_cards"
    __table_args__ = (
        UniqueConstraint("learner_id", "question"),
        Index("ix_recall_cards_due", "learner_id", "due_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = _learner()
    question: Mapped[str] = mapped_column(String(60))
    memory: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    asked: Mapped[int]
    right: Mapped[int]


class DepartureRow(Base):
    """The erasure of a person, without any trace of who it was."""

    __tablename__ = "departures"

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    left_on: Mapped[date]


class PersonSettingsRow(Base):
    """A person's message settings, and their details according to the platform.

    Quiet hours are local times. `budget` is in messages a week, None for no limit. `checked_at` is the last time we asked the
    platform about them, and `left_at` the first time it said they're gone. `platform_zone` is their zone according to the
    platform. `dm_channel_id` is the channel of their DM with the bot; "" if opening it in advance has failed.
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
    dm_channel_id: Mapped[str | None] = mapped_column("direct_id", String(100))


class MentorRow(Base):
    """Someone who offers to mentor. `skills` are ids; none means any. `most` is the most learners they take at once."""

    __tablename__ = "mentors"
    __table_args__ = (UniqueConstraint("person_id", "role"), CheckConstraint("most BETWEEN 1 AND 20", name="most"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(48))
    skills: Mapped[list[Any]]
    most: Mapped[int]
    offering: Mapped[bool]
    created_at: Mapped[datetime]


_OPEN_MENTORSHIP = text("state IN ('requested', 'waiting', 'active')")


class MentorshipRow(Base):
    """A learner's request for a mentor, and its outcome. A learner has at most one that hasn't ended.

    `state` is a `MentorshipState`: while it's `requested`, the mentor can answer until `deadline`. `asked` are the people asked
    so far, by the platform's id.
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
            sqlite_where=_OPEN_MENTORSHIP,
            postgresql_where=_OPEN_MENTORSHIP,
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learners.id", ondelete="CASCADE"))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentors.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(10))
    asked: Mapped[list[Any]]
    wish: Mapped[str | None] = mapped_column(String(200))
    deadline: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


# slack_sdk's own tables, as its stores write and read them: instants without a zone are in UTC. Unlike there, the secrets are
# texts of any length, because they're encrypted (see `installations`).


class SlackInstallationRow(Base):
    """An installation of the Slack app in a workspace or an organisation, by the person who installed it."""

    __tablename__ = "slack_installations"
    __table_args__ = (
        Index("slack_installations_idx", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32))
    app_id: Mapped[str] = mapped_column(String(32))
    enterprise_id: Mapped[str | None] = mapped_column(String(32))
    enterprise_name: Mapped[str | None] = mapped_column(String(200))
    enterprise_url: Mapped[str | None] = mapped_column(String(200))
    team_id: Mapped[str | None] = mapped_column(String(32))
    team_name: Mapped[str | None] = mapped_column(String(200))
    bot_token: Mapped[str | None] = mapped_column(Text)
    bot_id: Mapped[str | None] = mapped_column(String(32))
    bot_user_id: Mapped[str | None] = mapped_column(String(32))
    bot_scopes: Mapped[str | None] = mapped_column(String(1_000))
    bot_refresh_token: Mapped[str | None] = mapped_column(Text)
    bot_token_expires_at: Mapped[datetime | None] = mapped_column(DateTime)
    user_id: Mapped[str] = mapped_column(String(32))
    user_token: Mapped[str | None] = mapped_column(Text)
    user_scopes: Mapped[str | None] = mapped_column(String(1_000))
    user_refresh_token: Mapped[str | None] = mapped_column(Text)
    user_token_expires_at: Mapped[datetime | None] = mapped_column(DateTime)
    incoming_webhook_url: Mapped[str | None] = mapped_column(Text)
    incoming_webhook_channel: Mapped[str | None] = mapped_column(String(200))
    incoming_webhook_channel_id: Mapped[str | None] = mapped_column(String(200))
    incoming_webhook_configuration_url: Mapped[str | None] = mapped_column(String(200))
    is_enterprise_install: Mapped[bool]
    token_type: Mapped[str | None] = mapped_column(String(32))
    installed_at: Mapped[datetime] = mapped_column(DateTime)


class SlackBotRow(Base):
    """The bot of one installation, with its newest token."""

    __tablename__ = "slack_bots"
    __table_args__ = (Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32))
    app_id: Mapped[str] = mapped_column(String(32))
    enterprise_id: Mapped[str | None] = mapped_column(String(32))
    enterprise_name: Mapped[str | None] = mapped_column(String(200))
    team_id: Mapped[str | None] = mapped_column(String(32))
    team_name: Mapped[str | None] = mapped_column(String(200))
    bot_token: Mapped[str | None] = mapped_column(Text)
    bot_id: Mapped[str | None] = mapped_column(String(32))
    bot_user_id: Mapped[str | None] = mapped_column(String(32))
    bot_scopes: Mapped[str | None] = mapped_column(String(1_000))
    bot_refresh_token: Mapped[str | None] = mapped_column(Text)
    bot_token_expires_at: Mapped[datetime | None] = mapped_column(DateTime)
    is_enterprise_install: Mapped[bool]
    installed_at: Mapped[datetime] = mapped_column(DateTime)


class SlackOAuthStateRow(Base):
    """An installation that has begun: the state the browser has to come back with."""

    __tablename__ = "slack_oauth_states"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(200))
    expire_at: Mapped[datetime] = mapped_column(DateTime)
