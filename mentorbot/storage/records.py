"""What the rest of the bot sees of the database: frozen records, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from mentorbot.cadence import Cadence
from mentorbot.messenger import Channel, Workspace

StepState = Literal["open", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a workspace. `external_id` is the platform's; `zone` is what they told us."""

    id: int
    external_id: str
    name: str
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a learner's plan. `number` is never used again; `origin` says what it was made from (`tip:<id>`)."""

    number: int
    text: str
    due: date | None
    state: StepState
    origin: str
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that is posted again and again. `next_run_at` is in UTC."""

    id: int
    workspace: Workspace
    kind: str
    channel: Channel
    cadence: Cadence
    role: str
    state: str
    next_run_at: datetime
    paused_reason: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that is to be sent once. Instants are in UTC; `item` says what it holds (a tip's id)."""

    id: int
    schedule_id: int
    occurrence_at: datetime
    channel: Channel
    kind: str
    role: str
    item: str
    key: str
    state: str
    attempts: int
    not_before: datetime
    begun_at: datetime | None
    sent_at: datetime | None
    message_id: str | None
    last_error: str | None
