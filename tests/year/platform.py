"""A chat platform for a whole year: it keeps when each message came, and loses a connection now and then."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import Random

from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, RateLimit, Workspace, check_lease
from mentorbot.clock import Clock
from mentorbot.errors import TemporarySendError

FAILURE_RATE = 0.002
"""Fraction of the posts whose connection breaks before they are accepted; as many break afterwards."""


@dataclass(frozen=True, slots=True)
class Post:
    """One message that has arrived: its workspace, its channel, and when (UTC)."""

    workspace: Workspace
    channel: str
    key: str
    at: datetime


class Platform:
    """A `ChatPlatform` without rate limits; those are for the benchmarks."""

    platform = "slack"
    dm_open_quota = (1_000, 1_000)

    def __init__(self, clock: Clock, rng: Random) -> None:
        self._clock, self._rng = clock, rng
        self.posts: list[Post] = []
        self.broken: Counter[str] = Counter()
        """The number of connections that broke while a message was being sent, by the message's key."""
        self._indexes: dict[tuple[str, str], int] = {}

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:
        """Set no limits."""
        del channel
        return ()

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Keep the message, unless the connection breaks first; or afterwards."""
        check_lease()
        assert card.title
        luck = self._rng.random()
        await asyncio.sleep(0)
        if luck >= FAILURE_RATE:
            self._indexes[channel.id, key] = len(self.posts)
            self.posts.append(Post(channel.workspace, channel.id, key, self._clock.now()))
        if luck < 2 * FAILURE_RATE:
            self.broken[key] += 1
            raise TemporarySendError("connection_closed")
        return f"m{len(self.posts)}"

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Look in the channel."""
        index = self._indexes.get((channel.id, key))
        return f"m{index + 1}" if index is not None and self.posts[index].at >= since else None

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """Give a direct channel whose id begins with D."""
        return Channel(workspace, f"D{person}", direct=True)

    async def ensure_can_post(self, channel: Channel) -> Channel:
        """Allow every channel."""
        return channel

    async def member(self, workspace: Workspace, person: str) -> Member:
        """Know everyone for the whole year."""
        del workspace
        return Member(person, person)

    async def is_installed(self, workspace: Workspace) -> bool:
        """Stay for the whole year."""
        del workspace
        return True
