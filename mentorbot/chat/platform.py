"""The protocol every chat platform implements: Slack, Discord, the playground, and the fake in the tests."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Card
from mentorbot.errors import TemporarySendError


@dataclass(frozen=True, slots=True)
class Workspace:
    """A tenant: a Slack team (or enterprise), a Discord guild, or the local playground. `id` is the platform's own."""

    platform: str
    id: str

    @property
    def term(self) -> str:
        """The platform's word for it, in a sentence."""
        return "server" if self.platform == "discord" else "workspace"

    @property
    def is_personal(self) -> bool:
        """True for someone's direct messages on Discord who shares no server with the bot: there's nobody else in it."""
        return self.id.startswith(PERSONAL_PREFIX)


PERSONAL_PREFIX = "dm-"
LOCAL_WORKSPACE = Workspace("local", "local")
"""The workspace of the playground and of the command line."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Somewhere to post messages: a channel, or (if `direct`) a conversation with one person."""

    workspace: Workspace
    id: str
    name: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's place in a workspace. `is_guest`: they see one channel alone, or they're from a different company, so not
    everyone here can find them.
    """

    admin: bool = False
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the platform knows them. `zone` is None, and `locale` (e.g. "de-DE") "", if the platform doesn't say.

    `admin` and `is_guest` are as in `Standing`.
    """

    id: str
    name: str
    zone: ZoneInfo | None = None
    admin: bool = False
    locale: str = ""
    is_guest: bool = False

    @property
    def standing(self) -> Standing:
        """Their place in the workspace."""
        return _STANDINGS[self.admin, self.is_guest]


_STANDINGS = {(admin, guest): Standing(admin, guest) for admin in (False, True) for guest in (False, True)}
"""Each standing there is, made once: thousands of people have the same."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """One of a platform's limits on sending: a token bucket of `burst` messages, refilled `per_second`.

    Messages whose limits have the same `name` share a bucket. If `shared`, it counts for all workspaces, so one workspace
    that's asked to wait mustn't hold up the others.
    """

    name: str
    per_second: float
    burst: int
    shared: bool = False


LEASE_GUARD: ContextVar[Callable[[], bool] | None] = ContextVar("lease_guard", default=None)
"""Returns True as long as the message being sent is still ours to send. None outside of a delivery."""


def check_lease() -> None:
    """Make sure the message is still ours, as the last thing before a request is written.

    Raises:
        TemporarySendError: this process was frozen in between, and another one may have taken over.
    """
    holds_lease = LEASE_GUARD.get()
    if holds_lease is not None and not holds_lease():
        raise TemporarySendError("asleep", "this process was asleep, and another one may have taken over")


@runtime_checkable
class PrivateThreads(Protocol):
    """A platform where people can close their direct messages, so a private thread has to stand in for them."""

    async def open_private_thread(self, channel: Channel, person: str, name: str) -> Channel:
        """Open a thread below `channel` for `person` (the platform's id). Moderators can read it.

        Raises:
            SendError: the platform refuses, as for `ChatPlatform`.
        """
        ...


@runtime_checkable
class MemberRoles(Protocol):
    """A platform where a workspace's members have roles that others see."""

    async def set_role(self, workspace: Workspace, person: str, role_id: str, *, has: bool) -> None:
        """Give `person` (the platform's id) a role, or take it away. Either may be so already.

        Raises:
            SendError: the platform refuses, as for `ChatPlatform`.
        """
        ...


class ChatPlatform(Protocol):
    """One platform, to post to and to look things up on.

    Every method raises `RateLimited`, `TemporarySendError` or `PermanentSendError` (see errors.py), never an SDK's own error.
    """

    platform: str
    dm_open_quota: tuple[int, int]
    """Direct conversations that may be opened within ten minutes: in one workspace, and in all of them together."""

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:
        """Return every limit that a message to `channel` counts against."""
        ...

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Post `card` and return the message's id. `key` (at most 20 of a-z, 0-9, `-`) travels inside its controls."""
        ...

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Return the id of our message that carries `key` and was posted at or after `since`, or None if there is none."""
        ...

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """Return the direct conversation of `person` (the platform's id) with the bot, opening it if need be."""
        ...

    async def ensure_can_post(self, channel: Channel) -> Channel:
        """Return `channel` with its name. Raise `PermanentSendError` if the bot can't post there or it's elsewhere."""
        ...

    async def member(self, workspace: Workspace, person: str) -> Member:
        """Look up `person` (the platform's id) in `workspace`."""
        ...

    async def is_installed(self, workspace: Workspace) -> bool:
        """Tell whether the bot is still in `workspace`: False if it was removed or uninstalled."""
        ...
