"""The playground's team chat: its people, its channels, and the messages in them. Kept in memory, and not for long."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.commands.dispatcher import to_json

LOCAL_WORKSPACE = Workspace("local", "local")
"""The workspace of the playground and of the command line."""

MAX_MESSAGES = 500
BOT = "mentorbot"

PEOPLE = (
    Member("ada", "Ada", admin=True),
    Member("ben", "Ben"),
    Member("chen", "Chen"),
    Member("dee", "Dee"),
)
CHANNELS = ("general", "ai-architects", "random")


def person(wanted: str) -> Member | None:
    """The person of that id."""
    return next((member for member in PEOPLE if member.id == wanted), None)


def direct(person_id: str) -> str:
    """The channel in which that person and the bot talk."""
    return f"dm-{person_id}"


def channel(wanted: str, person_id: str) -> Channel | None:
    """The channel of that id, if that person may see it."""
    if wanted == direct(person_id):
        return Channel(LOCAL_WORKSPACE, wanted, "mentorbot", direct=True)
    return Channel(LOCAL_WORKSPACE, wanted, wanted) if wanted in CHANNELS else None


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `only_for` is the one person who sees it, or None for everyone in the channel.

    `asked` is the command that a card answers.
    """

    id: str
    channel: str
    author: str
    at: datetime
    text: str = ""
    card: Card | None = None
    only_for: str | None = None
    key: str = ""
    asked: str = ""

    def seen_by(self, person_id: str) -> bool:
        """Whether that person sees this message."""
        if self.channel.startswith("dm-"):
            return self.channel == direct(person_id)
        return self.only_for in (None, person_id)

    def to_json(self) -> dict[str, object]:
        """For the page."""
        return {
            "id": self.id,
            "channel": self.channel,
            "author": self.author,
            "at": self.at.isoformat(),
            "text": self.text,
            "card": to_json(self.card) if self.card else None,
            "private": self.only_for is not None,
            "asked": self.asked,
        }


@dataclass(slots=True)
class Room:
    """All messages, and everyone who is watching."""

    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=MAX_MESSAGES))
    _watchers: dict[asyncio.Queue[tuple[str, Message | dict[str, object]] | None], str] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def seen_by(self, person_id: str) -> list[Message]:
        """The messages that a person sees, oldest first."""
        return [message for message in self.messages if message.seen_by(person_id)]

    def find(self, message_id: str, person_id: str) -> Message | None:
        """A message by its id, if that person sees it."""
        return next((message for message in self.seen_by(person_id) if message.id == message_id), None)

    def post(
        self,
        channel_id: str,
        author: str,
        at: datetime,
        *,
        text: str = "",
        card: Card | None = None,
        only_for: str | None = None,
        key: str = "",
        asked: str = "",
    ) -> Message:
        """Add a message and show it to those who may see it."""
        message = Message(f"m{next(self._numbers)}", channel_id, author, at, text, card, only_for, key, asked)
        self.messages.append(message)
        self._tell("message", message)
        return message

    def replace(self, old: Message, card: Card, at: datetime, asked: str) -> Message:
        """Put `card` in the place of a message that one person sees; at the end, if that message is gone by now."""
        new = Message(old.id, old.channel, old.author, at, "", card, old.only_for, old.key, asked)
        place = next((index for index, message in enumerate(self.messages) if message.id == old.id), None)
        if place is None:
            self.messages.append(new)
        else:
            self.messages[place] = new
        self._tell("message", new)
        return new

    def announce(self, data: dict[str, object]) -> None:
        """Tell everyone something that is not a message: the clock has moved."""
        self._tell("clock", data)

    def _tell(self, event: str, what: Message | dict[str, object]) -> None:
        for queue, person_id in self._watchers.items():
            if not isinstance(what, Message) or what.seen_by(person_id):
                queue.put_nowait((event, what))

    async def watch(self, person_id: str) -> AsyncIterator[tuple[str, dict[str, object]]]:
        """What happens from now on, as far as that person sees it, until `close`."""
        queue: asyncio.Queue[tuple[str, Message | dict[str, object]] | None] = asyncio.Queue()
        self._watchers[queue] = person_id
        try:
            while (item := await queue.get()) is not None:
                event, what = item
                yield event, what.to_json() if isinstance(what, Message) else what
        finally:
            del self._watchers[queue]

    def close(self) -> None:
        """End every `watch`, so that the server can stop."""
        for queue in self._watchers:
            queue.put_nowait(None)
