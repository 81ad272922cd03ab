"""A chat platform in memory: a whole `ChatPlatform`, which can be told what goes wrong next."""

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
    """What can go wrong with one call, besides an error that is raised as it is (`Throttled(30)`)."""

    SLOW = "the message is accepted only when `go` is set"
    LOST = "the connection breaks before the message is accepted"
    ACCEPTED_THEN_LOST = "the message is accepted, and the connection breaks before we are told"
    HANG = "the platform never answers, and has accepted nothing"
    ACCEPTED_THEN_HANG = "the message is accepted, and the platform never answers"


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
    """Keeps what is posted. `faults` befall the next posts in turn (None: all goes well), `find_faults` the next look-ups,
    `direct_faults` the next conversations.

    Every post in a workspace that is in `closed` fails so. A channel whose id is in `gone` refuses every post with that code;
    people in `left` are not there any more.
    `working` is set once a call hangs or is slow.
    """

    clock: Clock
    platform: str = "slack"
    dm_open_quota: tuple[int, int] = (20, 50)
    posted: list[Posted] = field(default_factory=list)
    members: dict[tuple[Workspace, str], Member] = field(default_factory=dict)
    faults: deque[InjectedFailure | SendError | Exception | None] = field(default_factory=deque)
    find_faults: deque[SendError | None] = field(default_factory=deque)
    direct_faults: deque[SendError] = field(default_factory=deque)
    gone: dict[str, str] = field(default_factory=dict)
    bot: str = "D"
    """What the ids of direct channels begin with; another one is what a bot that was installed anew has."""
    closed: dict[Workspace, SendError] = field(default_factory=dict)
    left: set[tuple[Workspace, str]] = field(default_factory=set)
    working: asyncio.Event = field(default_factory=asyncio.Event)
    pace: tuple[RateLimit, ...] = ()
    go: asyncio.Event = field(default_factory=asyncio.Event)
    attempts: int = 0
    lookups: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    """How often a conversation was opened (`open_dm`), and a person looked up (`member`)."""
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:
        """What the test allows: to each workspace, or to all together."""
        return tuple(
            pace if pace.shared else replace(pace, name=f"{pace.name}/{channel.workspace.id}") for pace in self.pace
        )

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Keep the message, unless something goes wrong first; or afterwards."""
        self.attempts += 1
        if channel.workspace in self.closed:
            raise self.closed[channel.workspace]
        await self.ensure_can_post(channel)
        check_lease()
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        await self._before(fault)
        message = Posted(f"m{next(self._numbers)}", channel, card, key, self.clock.now())
        self.posted.append(message)
        await self._after(fault)
        return message.id

    async def _before(self, fault: InjectedFailure | None) -> None:
        await asyncio.sleep(0)
        if fault is InjectedFailure.LOST:
            raise TemporarySendError("connection_closed")
        if fault is InjectedFailure.HANG:
            await self._hang()
        if fault is InjectedFailure.SLOW:
            self.working.set()
            await self.go.wait()

    async def _after(self, fault: InjectedFailure | None) -> None:
        if fault is InjectedFailure.ACCEPTED_THEN_LOST:
            raise TemporarySendError("connection_closed")
        if fault is InjectedFailure.ACCEPTED_THEN_HANG:
            await self._hang()

    async def _hang(self) -> None:
        self.working.set()
        await asyncio.Event().wait()

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Look through the channel."""
        self.lookups += 1
        if fault := (self.find_faults.popleft() if self.find_faults else None):
            raise fault
        found = (one.id for one in self.posted if (one.channel.id, one.key) == (channel.id, key) and one.at >= since)
        return next(found, None)

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """A direct channel; its id begins with D."""
        self.asked["direct"] += 1
        if fault := (self.direct_faults.popleft() if self.direct_faults else None):
            raise fault
        place = f"{self.bot}{person}"
        if code := self.gone.get(place):
            raise PermanentSendError(code)
        return Channel(workspace, place, direct=True)

    async def ensure_can_post(self, channel: Channel) -> None:
        """Refuse channels that are gone."""
        if code := self.gone.get(channel.id):
            raise PermanentSendError(code)

    async def member(self, workspace: Workspace, person: str) -> Member:
        """A member that was put in, or one who is nobody special; nobody who has left."""
        self.asked["member"] += 1
        if (workspace, person) in self.left:
            raise PermanentSendError("user_not_found")
        return self.members.get((workspace, person), Member(person, person))
