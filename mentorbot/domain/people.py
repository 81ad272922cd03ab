"""People as the bot knows them: their identity, their platform profile and their message settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

BACKUP_DAYS = 30
"""Backups are deleted after so many days; people are told so."""
ERASE_AFTER_DAYS = 30
"""Days from a person leaving the workspace until everything about them is erased."""


MAX_SILENT_WEEKS = 4
"""Unanswered weeks with a check-in until messages stop. They go on once the person is heard from again."""


@dataclass(frozen=True, slots=True)
class Silence:
    """The time someone hasn't been heard from: `weeks` with a check-in sent to them, the last one in `asked_week` (a Monday).

    `asked_week` stays when they're heard from; None if they've never had a check-in.
    """

    weeks: int = 0
    asked_week: date | None = None

    @property
    def is_long(self) -> bool:
        """True if nothing more is sent until they're heard from."""
        return self.weeks >= MAX_SILENT_WEEKS

    def after_checkin(self, week: date) -> Silence:
        """Count a check-in sent in a week (its Monday). A second one in the same week doesn't count."""
        return self if self.asked_week == week else Silence(self.weeks + 1, week)


NO_SILENCE = Silence()
"""The silence of someone who's just been met."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A person (our id) whom a message asks how a week (its Monday) went."""

    person_id: int
    week: date


@dataclass(frozen=True, slots=True)
class Person:
    """A person in a workspace. `zone` is the one they told us, or None. `locale` is their app's, "" if it isn't known."""

    id: int
    platform_user_id: str
    name: str
    zone: ZoneInfo | None
    silence: Silence = NO_SILENCE
    locale: str = ""


@dataclass(frozen=True, slots=True)
class PlatformProfile:
    """A person's details according to the platform: their zone, and the channel of their DM with the bot."""

    zone: ZoneInfo | None = None
    dm_channel_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """A person's wishes about messages.

    Quiet hours are local times, both or neither set. `budget` is in messages a week, None for no limit. `reminders`: they're
    reminded once of an unanswered check-in.
    """

    quiet_from: time | None = None
    quiet_to: time | None = None
    budget: int | None = None
    reminders: bool = True
