"""A chat platform in memory: a complete `ChatPlatform` that fails on demand."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from itertools import count

from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, RateLimit, Workspace, check_lease
from mentorbot.clock import Clock
from mentorbot.errors import PermanentSendError, SendError, TemporarySendError


class InjectedFailure(Enum):
    """A failure of one post that takes more than raising an error such as `RateLimited(30)`."""

    SLOW = "the platform accepts the message only once `resume` is set"
    LOST = "the connection breaks before the platform accepts the message"
    ACCEPTED_THEN_LOST = "the platform accepts the message, and the connection breaks before the bot learns of it"
    HANG = "the platform never answers, and hasn't accepted the message"
    ACCEPTED_THEN_HANG = "the platform accepts the message, and never answers"


@dataclass(frozen=True, slots=True)
class Posted:
    """One message in a channel."""

    id: str
    channel: Channel
    card: Card
    key: str
    at: datetime


@dataclass
class FakePlatform:
    """A platform that remembers its messages. A queue of failures applies to the next calls in turn; None is a success."""

    clock: Clock
    platform: str = "slack"
    dm_open_quota: tuple[int, int] = (20, 50)
    posted: list[Posted] = field(default_factory=list)
    members: dict[tuple[Workspace, str], Member] = field(default_factory=dict)
    failures: deque[InjectedFailure | SendError | Exception | None] = field(default_factory=deque)
    """The failures of the next posts."""
    lookup_failures: deque[SendError | None] = field(default_factory=deque)
    """The failures of the next calls of `find_by_key`."""
    open_dm_failures: deque[SendError] = field(default_factory=deque)
    channel_errors: dict[str, str] = field(default_factory=dict)
    """Channels that refuse every post, by id, and the error code they refuse it with."""
    workspace_errors: dict[Workspace, SendError] = field(default_factory=dict)
    """Workspaces where every post fails, and the error it fails with."""
    former_members: set[tuple[Workspace, str]] = field(default_factory=set)
    """People who have left their workspace."""
    left_workspaces: set[Workspace] = field(default_factory=set)
    """Workspaces the bot was removed from."""
    installation_errors: dict[Workspace, SendError] = field(default_factory=dict)
    """Workspaces that may or may not have the bot: nobody can tell."""
    dm_prefix: str = "D"
    """The first letter of direct channels' ids. It differs for a bot that was installed again."""
    stalled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a post is slow or hangs."""
    resume: asyncio.Event = field(default_factory=asyncio.Event)
    limits: tuple[RateLimit, ...] = ()
    """The limits of all workspaces together if they're shared, otherwise of each workspace."""
    attempts: int = 0
    """The number of posts that were tried."""
    lookups: int = 0
    """The number of calls of `find_by_key`."""
    calls: Counter[str] = field(default_factory=Counter)
    """The number of calls of `open_dm` and `member`."""
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:
        """Return the test's limits. One that isn't shared is named after the workspace, so that each has its own."""
        return tuple(
            limit if limit.shared else replace(limit, name=f"{limit.name}/{channel.workspace.id}")
            for limit in self.limits
        )

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Store the message, unless it fails first; the next failure may also come after that."""
        self.attempts += 1
        if channel.workspace in self.workspace_errors:
            raise self.workspace_errors[channel.workspace]
        await self.ensure_can_post(channel)
        check_lease()
        failure = self.failures.popleft() if self.failures else None
        if isinstance(failure, Exception):
            raise failure
        await self._fail_before(failure)
        message = Posted(f"m{next(self._numbers)}", channel, card, key, self.clock.now())
        self.posted.append(message)
        await self._fail_after(failure)
        return message.id

    async def _fail_before(self, failure: InjectedFailure | None) -> None:
        await asyncio.sleep(0)
        if failure is InjectedFailure.LOST:
            raise TemporarySendError("connection_closed")
        if failure is InjectedFailure.HANG:
            await self._hang()
        if failure is InjectedFailure.SLOW:
            self.stalled.set()
            await self.resume.wait()

    async def _fail_after(self, failure: InjectedFailure | None) -> None:
        if failure is InjectedFailure.ACCEPTED_THEN_LOST:
            raise TemporarySendError("connection_closed")
        if failure is InjectedFailure.ACCEPTED_THEN_HANG:
            await self._hang()

    async def _hang(self) -> None:
        self.stalled.set()
        await asyncio.Event().wait()

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Search the channel's messages."""
        self.lookups += 1
        if failure := (self.lookup_failures.popleft() if self.lookup_failures else None):
            raise failure
        message_ids = (
            message.id
            for message in self.posted
            if (message.channel.id, message.key) == (channel.id, key) and message.at >= since
        )
        return next(message_ids, None)

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """Return a direct channel whose id is `dm_prefix` and the person's id."""
        self.calls["open_dm"] += 1
        if failure := (self.open_dm_failures.popleft() if self.open_dm_failures else None):
            raise failure
        channel_id = f"{self.dm_prefix}{person}"
        if code := self.channel_errors.get(channel_id):
            raise PermanentSendError(code)
        return Channel(workspace, channel_id, direct=True)

    async def ensure_can_post(self, channel: Channel) -> Channel:
        """Refuse the channels in `channel_errors`. A channel's name is made of its id unless it's given."""
        if code := self.channel_errors.get(channel.id):
            raise PermanentSendError(code)
        return channel if channel.name or channel.direct else replace(channel, name=f"name of {channel.id}")

    async def member(self, workspace: Workspace, person: str) -> Member:
        """Return the person from `members`, or one without a zone. Former members aren't found."""
        self.calls["member"] += 1
        if (workspace, person) in self.former_members:
            raise PermanentSendError("user_not_found")
        return self.members.get((workspace, person), Member(person, person))

    async def is_installed(self, workspace: Workspace) -> bool:
        """Return False in `left_workspaces`."""
        if workspace in self.installation_errors:
            raise self.installation_errors[workspace]
        return workspace not in self.left_workspaces
