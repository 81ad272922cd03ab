"""People as the bot knows them: who they are, what their platform says of them, and which messages they want."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

ERASE_AFTER_DAYS = 30
"""Days after a person has left the workspace until everything about them is erased."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person in a workspace. `zone` is the one they told us; None when they haven't."""

    id: int
    platform_user_id: str
    name: str
    zone: ZoneInfo | None


@dataclass(frozen=True, slots=True)
class PlatformProfile:
    """What the platform says of a person: their zone, and the channel in which the bot and they talk alone."""

    zone: ZoneInfo | None = None
    dm_channel_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """Which messages a person wants.

    Quiet hours are local times, both or neither set. `budget` is messages a week, None for no limit. `reminders` says whether an
    unanswered check-in comes up once more.
    """

    quiet_from: time | None = None
    quiet_to: time | None = None
    budget: int | None = None
    reminders: bool = True
