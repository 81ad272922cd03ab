"""What goes into a handler: who asks, where, when, and the rooms that it may use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from mentorbot.chat.platform import Channel, ChatPlatform, Member
from mentorbot.errors import SendError
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class Caller:
    """The person who asks, and the channel they ask in. `member` looks them up on the platform, only when it matters."""

    channel: Channel
    person: str
    name: str
    member: Callable[[], Awaitable[Member]]


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """One thing that a person did: typed a line, pressed a button, sent a form.

    `line` is what one would type after `/mentor`; `options` are values that already have a name, from a form or from
    Discord's own option fields. `key` is the platform's id of this interaction, the idempotency key: a delivery that
    comes twice carries the same one. `forms` says whether the platform can show a form now.
    """

    caller: Caller
    line: str
    options: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    forms: bool = True


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler gets. `uow` is an open transaction that sees the caller's workspace only."""

    caller: Caller
    now: datetime
    uow: UnitOfWork
    library: Library
    platform: ChatPlatform | None
    forms: bool = True

    @property
    def pack(self) -> Pack:
        """The role pack that answers."""
        return self.library.default

    async def zone(self) -> ZoneInfo | None:
        """The caller's zone: the one they told us, else the platform's; None when nobody knows."""
        person = await self.uow.people.get(self.caller.person)
        if person is not None and person.zone is not None:
            return person.zone
        try:
            return (await self.caller.member()).zone
        except SendError:
            return None  # the platform does not tell now; nothing that asks for a zone depends on it
