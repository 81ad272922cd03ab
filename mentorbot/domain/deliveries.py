"""Messages the bot sends unprompted: schedules that repeat, and single deliveries on their way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.domain.recurrence import Recurrence, jitter
from mentorbot.domain.work_calendar import WorkCalendar


class MessageKind(StrEnum):
    """Kinds of message. The values are stored."""

    TIP = "tip"
    PERSONAL_TIP = "own-tip"
    CHECKIN = "checkin"
    REMINDER = "reminder"
    RECALL = "recall"
    DIGEST = "digest"
    REPORT = "report"
    CALL_FOR_MENTORS = "waiting-admins"
    MENTOR_REQUEST = "pair"
    REQUEST_ACCEPTED = "accepted"
    REQUEST_WAITING = "waiting"
    REQUEST_EXPIRED = "expired"
    MENTOR_LEFT = "left"
    MENTORSHIP_ENDED = "ended"
    NOTE = "note"
    CHANNEL_CLOSED = "channel-closed"
    DOWNTIME = "downtime"


PERSONAL_KINDS = frozenset({MessageKind.PERSONAL_TIP, MessageKind.CHECKIN, MessageKind.RECALL, MessageKind.DIGEST})
"""Kinds that repeat for one person. Schedules of other kinds post in channels."""
UNSOLICITED_KINDS = PERSONAL_KINDS | {
    MessageKind.TIP,
    MessageKind.REMINDER,
    MessageKind.REPORT,
    MessageKind.CALL_FOR_MENTORS,
}
"""Kinds nobody is waiting for. They aren't sent on a day off, or to someone who is away."""


class ScheduleState(StrEnum):
    """States of a schedule. PAUSED: a permanent send error stopped it, until someone starts it again."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class DeliveryState(StrEnum):
    """States of a delivery. MISSED: it was too late; CANCELLED: there was a reason not to send it."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"


GIVEN_UP = (DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.CANCELLED)


class ReasonCode(StrEnum):
    """Reasons why a delivery waits or isn't sent. The values are stored; the wording is in `views/deliveries.py`."""

    # The wishes of people, workspaces and schedules.
    QUIET_HOURS = "quiet_hours"
    WAITS_FOR_COMPANY = "waits_for_company"
    BUDGET_SPENT = "budget_spent"
    DAY_OFF = "day_off"
    SCHEDULE_PAUSED = "schedule_paused"
    SCHEDULE_INACTIVE = "schedule_inactive"
    LEARNER_PAUSED = "learner_paused"
    WEEK_OFF = "week_off"
    SILENT = "silent"
    ALREADY_ANSWERED = "already_answered"
    REMINDERS_OFF = "reminders_off"
    # Nothing to say.
    NO_CHECKIN_SENT = "no_checkin_sent"
    CHECKIN_WEEK_OVER = "checkin_week_over"
    CHECKIN_CAME_LATE = "checkin_came_late"
    NO_QUESTION_DUE = "no_question_due"
    NO_LEARNERS = "no_learners"
    NO_TIPS = "no_tips"
    NONE_LEFT = "none_left"
    ALREADY_SETTLED = "already_settled"
    MENTOR_FOUND = "mentor_found"
    PERSON_GONE = "person_gone"
    # The machine and the platform.
    UNKNOWN_ZONE = "unknown_zone"
    BOT_NOT_RUNNING = "bot_not_running"
    NOT_SENT_IN_TIME = "not_sent_in_time"
    RATE_LIMITED = "rate_limited"
    SEND_ERROR = "send_error"
    DM_REOPENED = "dm_reopened"
    CHANNEL_RECHECKED = "channel_rechecked"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    MAYBE_DELIVERED = "maybe_delivered"


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason why a delivery waits or isn't sent. `earlier` is the reason that held it up before.

    `details` are JSON values, and each code has its own. `until`, `day` and `week` are ISO dates, `name` is a day off's, `state`
    a schedule's or a check-in's, `budget` is in messages a week, `zone` an IANA name, `error` the platform's own words and
    `attempts` a number.
    """

    code: ReasonCode
    details: Mapping[str, str | int] = field(default_factory=dict)
    earlier: Reason | None = None

    def to_json(self) -> dict[str, object]:
        """Convert the details to JSON values, as stored beside the code."""
        nested = {"code": self.earlier.code, **self.earlier.to_json()} if self.earlier else None
        return {**self.details, **({"earlier": nested} if nested else {})}

    @classmethod
    def from_json(cls, code: str, details: Mapping[str, object] | None) -> Reason:
        """Restore a stored reason."""
        values = dict(details or {})
        nested = values.pop("earlier", None)
        earlier = None
        if isinstance(nested, Mapping):
            earlier = cls.from_json(
                str(nested["code"]), {name: value for name, value in nested.items() if name != "code"}
            )
        plain = {name: value for name, value in values.items() if isinstance(value, str | int)}
        return cls(ReasonCode(code), plain, earlier)


@dataclass(frozen=True, slots=True)
class Destination:
    """The destination of messages: a channel, or one person (`person_id` is ours, `user_id` the platform's)."""

    workspace: Workspace
    channel: Channel | None = None
    person_id: int | None = None
    user_id: str = ""

    @property
    def label(self) -> str:
        """The destination's name for whoever runs the bot. People go by the platform's id, which never changes."""
        if self.channel is None:
            name = f"@{self.user_id}"
        else:
            name = self.channel.id if self.channel.direct else self.channel.name or self.channel.id
        return f"{self.workspace.platform}/{self.workspace.id}/{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A rule for posting something again and again. `next_run_at` is in UTC, and None once it's over."""

    id: int
    kind: MessageKind
    destination: Destination
    recurrence: Recurrence
    role: str
    state: ScheduleState
    next_run_at: datetime | None
    paused_reason: str | None
    created_by: str = ""
    """Whoever set it up, by the platform's id."""

    @property
    def workspace(self) -> Workspace:
        """The workspace it posts in."""
        return self.destination.workspace

    def send_offset(self, calendar: WorkCalendar) -> timedelta:
        """Compute the delay of its occurrences in a workspace that spreads its check-ins; zero for other kinds."""
        return jitter(self.id, calendar.spread_minutes) if self.kind is MessageKind.CHECKIN else timedelta(0)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Messages of a schedule that no bot was there to plan on time: how many were missed, and how many came late or will."""

    schedule: Schedule
    missed: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message, sent once. Instants are in UTC.

    `schedule` is the schedule it's an occurrence of, None for a one-off message. `item` is the id of its subject: a tip or a
    mentorship. `slot_at` is the instant when the platform's limits allow it. `parent_delivery` is the delivery whose
    message also contains this one.

    If an operator resends it, `occurrence_at` becomes the instant they asked, `first_due_at` keeps the original one, and
    `given_up` holds the state it had ended in, with the reason.
    """

    id: int
    kind: MessageKind
    destination: Destination
    schedule: Schedule | None
    role: str
    occurrence_at: datetime
    item: str
    body: str
    key: str
    state: DeliveryState
    attempts: int
    not_before: datetime
    begun_at: datetime | None = None
    sent_at: datetime | None = None
    message_id: str | None = None
    reason: Reason | None = None
    slot_at: datetime | None = None
    parent_delivery: int | None = None
    first_due_at: datetime | None = None
    given_up: tuple[DeliveryState, Reason | None] | None = None

    @property
    def due_at(self) -> datetime:
        """The instant it was first due, in UTC."""
        return self.first_due_at or self.occurrence_at

    @property
    def workspace(self) -> Workspace:
        """The workspace it's sent in."""
        return self.destination.workspace

    @property
    def is_unsolicited(self) -> bool:
        """True if nobody is waiting for it."""
        return self.kind in UNSOLICITED_KINDS
