"""People as the bot knows them: their identity, their platform profile and their message settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

ERASE_AFTER_DAYS = 30
"""Days from a person leaving the workspace until everything about them is erased."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person in a workspace. `zone` is the one they told us, or None."""

    id: int
    platform_user_id: str
    name: str
    zone: ZoneInfo | None


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
