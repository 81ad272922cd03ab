"""What the rest of the bot sees of the database: frozen records, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.domain.plan import Plan
from mentorbot.domain.recall import Memory
from mentorbot.domain.recurrence import Recurrence

NEVER = datetime.max.replace(tzinfo=UTC)
CheckInState = Literal["held", "skipped"]
MentorshipState = Literal["requested", "waiting", "active", "ended"]
Visibility = Literal["nothing", "progress", "checkins"]


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a workspace. `platform_user_id` is the platform's; `zone` is what they told us."""

    id: int
    platform_user_id: str
    name: str
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class PlatformProfile:
    """What the platform has told of a person: their zone, and the id of the channel in which the bot and they are alone."""

    zone: ZoneInfo | None = None
    dm_channel_id: str | None = None


@dataclass(frozen=True, slots=True)
class LearnerProfile:
    """What is true of a learner as a whole. `title` is aimed at, `current_title` the one they have; "" when not known.

    `visibility` is what their mentor sees.
    """

    title: str = ""
    current_title: str = ""
    paused_until: date | None = None
    recall: bool = False
    visibility: Visibility = "nothing"


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it was read. Whoever saves it must have seen the newest `version`."""

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
class Mentor:
    """Somebody who offers to mentor. No `skills` means any; `load` counts learners they have or are asked to take."""

    person: str
    name: str
    skills: tuple[str, ...]
    most: int
    offering: bool
    load: int
    zone: ZoneInfo | None

    @property
    def room(self) -> int:
        """How many more learners they take."""
        return max(0, self.most - self.load) if self.offering else 0


@dataclass(frozen=True, slots=True)
class Mentorship:
    """A learner and a mentor, by the platform's ids; `asked` are the mentors that were asked so far. Instants are in UTC."""

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
    """Figures over one workspace. `hours_per_week` (hours a week) and `completion` (0-1) have one value for each learner with a
    plan; `blocked` counts learners, `checkins` those held by week (Mondays), `pairings` by state."""

    learners: int
    hours_per_week: tuple[int, ...]
    completion: tuple[float, ...]
    blocked: int
    checkins: Mapping[date, int]
    pairings: Mapping[MentorshipState, int]


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """When a person wants messages. Quiet hours are local; `budget` is messages a week, None for no limit; `reminders` says
    whether a check-in that is not answered comes up once more."""

    quiet_from: time | None = None
    quiet_to: time | None = None
    budget: int | None = None
    reminders: bool = True

    def spent(self) -> str:
        """In words, that the week's budget is spent."""
        if self.budget == 0:
            return "no messages are wanted (budget:0)"
        number = "one message" if self.budget == 1 else f"{self.budget} messages"
        return f"the budget of {number} a week is spent"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that is posted again and again. `next_run_at` is in UTC, `NEVER` where only single messages are carried."""

    id: int
    workspace: Workspace
    kind: str
    channel: Channel
    cadence: Recurrence
    role: str
    state: str
    next_run_at: datetime
    paused_reason: str | None

    @property
    def place(self) -> str:
        """Where it posts, for whoever runs the bot. People are named by the platform's id, which stays the same."""
        channel = self.channel.id if self.channel.direct else self.channel.name or self.channel.id
        return f"{self.workspace.platform}/{self.workspace.id}/{channel}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that is to be sent once. Instants are in UTC; `item` says what it holds (a tip's id).

    `slot_at` is when the platform's limits let it go; `merged_into` the delivery whose message holds this one too. One that is
    sent after all counts from `occurrence_at`, when that was asked for; it was due first at `first_due_at`, and `given_up`
    says why it had not come.
    """

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
    body: str = ""
    slot_at: datetime | None = None
    merged_into: int | None = None
    first_due_at: datetime | None = None
    given_up: str | None = None

    @property
    def due_at(self) -> datetime:
        """When it was due in the first place, in UTC."""
        return self.first_due_at or self.occurrence_at

    @property
    def trouble(self) -> str:
        """What has hindered it: why it was given up, if it is sent after all, and what came last; "" when nothing has."""
        return "; then: ".join(filter(None, (self.given_up, self.last_error)))
