"""What the bot sends unprompted: schedules that repeat, and single deliveries on their way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.domain.recurrence import Recurrence, jitter
from mentorbot.domain.work_calendar import WorkCalendar


class MessageKind(StrEnum):
    """What a message is. The values are stored."""

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


PERSONAL_KINDS = frozenset({MessageKind.PERSONAL_TIP, MessageKind.CHECKIN, MessageKind.RECALL, MessageKind.DIGEST})
"""What repeats for one person; the other schedules post in channels."""
UNSOLICITED_KINDS = PERSONAL_KINDS | {
    MessageKind.TIP,
    MessageKind.REMINDER,
    MessageKind.REPORT,
    MessageKind.CALL_FOR_MENTORS,
}
"""What nobody is waiting for just now: none of it comes on a day off, nor to someone who is away."""


class ScheduleState(StrEnum):
    """PAUSED: a permanent send error stopped it, until a person starts it again."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class DeliveryState(StrEnum):
    """How far a delivery has come. MISSED: it was too late; CANCELLED: there was a reason not to send it."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"


GIVEN_UP = (DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.CANCELLED)


class ReasonCode(StrEnum):
    """Why a delivery waits or isn't sent. The values are stored; the wording is in `views/deliveries.py`."""

    # What people, workspaces and schedules want.
    QUIET_HOURS = "quiet_hours"
    WAITS_FOR_COMPANY = "waits_for_company"
    BUDGET_SPENT = "budget_spent"
    DAY_OFF = "day_off"
    SCHEDULE_PAUSED = "schedule_paused"
    SCHEDULE_INACTIVE = "schedule_inactive"
    LEARNER_PAUSED = "learner_paused"
    WEEK_OFF = "week_off"
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
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    MAYBE_DELIVERED = "maybe_delivered"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a delivery waits or isn't sent. `details` are JSON values, each code with its own; `earlier` held it up before.

    Details: `until`, `day` and `week` are ISO dates, `name` a day off's, `state` that of a schedule or a check-in, `budget`
    messages a week, `zone` an IANA name, `error` the platform's words for it, `attempts` a number.
    """

    code: ReasonCode
    details: Mapping[str, str | int] = field(default_factory=dict)
    earlier: Reason | None = None

    def to_json(self) -> dict[str, object]:
        """The details as they are stored beside the code."""
        nested = {"code": self.earlier.code, **self.earlier.to_json()} if self.earlier else None
        return {**self.details, **({"earlier": nested} if nested else {})}

    @classmethod
    def from_json(cls, code: str, details: Mapping[str, object] | None) -> Reason:
        """The reason that was stored."""
        rest = dict(details or {})
        nested = rest.pop("earlier", None)
        earlier = None
        if isinstance(nested, Mapping):
            earlier = cls.from_json(
                str(nested["code"]), {name: value for name, value in nested.items() if name != "code"}
            )
        plain = {name: value for name, value in rest.items() if isinstance(value, str | int)}
        return cls(ReasonCode(code), plain, earlier)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where messages go: a channel, or one person (`person_id` is ours, `user_id` the platform's)."""

    workspace: Workspace
    channel: Channel | None = None
    person_id: int | None = None
    user_id: str = ""

    @property
    def label(self) -> str:
        """Name the destination for whoever runs the bot; people by the platform's id, which stays the same."""
        if self.channel is None:
            name = f"@{self.user_id}"
        else:
            name = self.channel.id if self.channel.direct else self.channel.name or self.channel.id
        return f"{self.workspace.platform}/{self.workspace.id}/{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Something that is posted again and again. `next_run_at` is in UTC, None once it's over."""

    id: int
    kind: MessageKind
    destination: Destination
    recurrence: Recurrence
    role: str
    state: ScheduleState
    next_run_at: datetime | None
    paused_reason: str | None

    @property
    def workspace(self) -> Workspace:
        """The workspace it posts in."""
        return self.destination.workspace

    def send_offset(self, calendar: WorkCalendar) -> timedelta:
        """How long after its time it's due, in a workspace that spreads its check-ins."""
        return jitter(self.id, calendar.spread_minutes) if self.kind is MessageKind.CHECKIN else timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message that is sent once. Instants are in UTC.

    `schedule` is what it's an occurrence of, None for a one-off message. `item` says what it's about: a tip's id, or a
    mentorship's. `slot_at` is when the platform's limits let it go; `parent_delivery` the delivery whose message contains this
    one too. One that an operator resends counts from `occurrence_at`, when that was asked for; it was first due at
    `first_due_at`, and `given_up` says in which state it had ended before, and why.
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
        """When it was first due, in UTC."""
        return self.first_due_at or self.occurrence_at

    @property
    def workspace(self) -> Workspace:
        """The workspace it's sent in."""
        return self.destination.workspace

    @property
    def is_unsolicited(self) -> bool:
        """Whether nobody is waiting for it just now."""
        return self.kind in UNSOLICITED_KINDS
