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

FAULTS = 0.002
"""The share of posts whose connection breaks before they are accepted; as many break afterwards."""


@dataclass(frozen=True, slots=True)
class Post:
    """One message that has arrived: in which workspace and channel, and when (UTC)."""

    workspace: Workspace
    channel: str
    key: str
    at: datetime


class Platform:
    """A `Messenger` without limits; those are for the benches."""

    platform = "slack"
    dm_open_quota = (1_000, 1_000)

    def __init__(self, clock: Clock, draw: Random) -> None:
        self._clock, self._draw = clock, draw
        self.posts: list[Post] = []
        self.broken: Counter[str] = Counter()
        """How often the connection broke while a message, by its key, was being sent."""
        self._where: dict[tuple[str, str], int] = {}

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:
        """None."""
        del channel
        return ()

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Keep the message, unless the connection breaks first; or afterwards."""
        check_lease()
        assert card.title
        luck = self._draw.random()
        await asyncio.sleep(0)
        if luck >= FAULTS:
            self._where[channel.id, key] = len(self.posts)
            self.posts.append(Post(channel.workspace, channel.id, key, self._clock.now()))
        if luck < 2 * FAULTS:
            self.broken[key] += 1
            raise TemporarySendError("connection_closed")
        return f"m{len(self.posts)}"

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Look in the channel."""
        place = self._where.get((channel.id, key))
        return f"m{place + 1}" if place is not None and self.posts[place].at >= since else None

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """A direct channel whose id begins with D."""
        return Channel(workspace, f"D{person}", direct=True)

    async def ensure_can_post(self, channel: Channel) -> None:
        """All channels are there."""

    async def member(self, workspace: Workspace, person: str) -> Member:
        """Everybody stays the whole year."""
        del workspace
        return Member(person, person)
