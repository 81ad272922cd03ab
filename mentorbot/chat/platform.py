"""What a chat platform does for us, as one small protocol. Slack, Discord, the playground and the tests' fake fulfil it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Card
from mentorbot.errors import TemporarySendError


@dataclass(frozen=True, slots=True)
class Workspace:
    """A tenant: a Slack team (or enterprise), a Discord guild, the local playground. `id` is the platform's own."""

    platform: str
    id: str


LOCAL_WORKSPACE = Workspace("local", "local")
"""The workspace of the playground and of the command line."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A place where messages can be posted: a channel, or a direct conversation with one person."""

    workspace: Workspace
    id: str
    name: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the platform knows them. `zone` is None where the platform does not tell."""

    id: str
    name: str
    zone: ZoneInfo | None = None
    admin: bool = False


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How fast a platform takes messages in one respect. Messages of the same `name` share it; `burst` may come at once.

    `shared`: by all workspaces, so that one of them that is asked to wait must not hold up the others.
    """

    name: str
    per_second: float
    burst: int
    shared: bool = False


LEASE_GUARD: ContextVar[Callable[[], bool] | None] = ContextVar("still_ours", default=None)
"""Whether the message that is being sent is still ours to send."""


def check_lease() -> None:
    """Asked by an adapter once more right before a request is written.

    Raises:
        TemporaryFault: this process was frozen in between, and another one may have taken over.
    """
    still_ours = LEASE_GUARD.get()
    if still_ours is not None and not still_ours():
        raise TemporarySendError("asleep", "this process was asleep, and another one may have taken over")


class ChatPlatform(Protocol):
    """Posting and looking up, on one platform.

    Every method raises `Throttled`, `TemporarySendError` or `PermanentFault` (errors.py) and nothing else of the platform's.
    """

    platform: str
    dm_open_quota: tuple[int, int]
    """How many conversations with people may be opened in ten minutes: in one workspace, and in all of them."""

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:
        """How fast messages to `channel` may be sent, in each respect that has a limit."""
        ...

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Post `card`; `key` (at most 20 characters of a-z, 0-9, `-`) travels inside its controls. Gives the message's id."""
        ...

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """The id of our message that carries `key`, posted at or after `since`; None when it is not there."""
        ...

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """The channel in which `person` (the platform's id) and the bot talk alone; opened if need be."""
        ...

    async def ensure_can_post(self, channel: Channel) -> None:
        """Return when the bot can post in `channel`; raise `PermanentFault` when it cannot."""
        ...

    async def member(self, workspace: Workspace, person: str) -> Member:
        """Who `person` (the platform's id) is in `workspace`."""
        ...
