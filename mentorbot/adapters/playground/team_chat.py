"""The playground's team chat: its people, its channels, and their latest messages, all in memory."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from mentorbot.chat.cards import Card
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel, Member
from mentorbot.commands.runner import to_json

MAX_MESSAGES = 500
"""Messages kept; older ones are forgotten, so a long demo doesn't fill the memory."""
BOT = "mentorbot"

PEOPLE = (
    Member("ada", "Ada", admin=True),
    Member("ben", "Ben"),
    Member("chen", "Chen"),
    Member("dee", "Dee"),
)
CHANNELS = ("general", "learning", "random")


def find_person(person_id: str) -> Member | None:
    """The person with that id, if there is one."""
    return next((member for member in PEOPLE if member.id == person_id), None)


def dm_channel_id(person_id: str) -> str:
    """The id of the DM between that person and the bot."""
    return f"dm-{person_id}"


def find_channel(channel_id: str, person_id: str) -> Channel | None:
    """The channel with that id, if the person may see it."""
    if channel_id == dm_channel_id(person_id):
        return Channel(LOCAL_WORKSPACE, channel_id, "mentorbot", direct=True)
    return Channel(LOCAL_WORKSPACE, channel_id, channel_id) if channel_id in CHANNELS else None


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message. `only_for` is the only person who sees it; None means everyone in the channel."""

    id: str
    channel: str
    author: str
    at: datetime
    text: str = ""
    card: Card | None = None
    only_for: str | None = None
    key: str = ""

    def is_visible_to(self, person_id: str) -> bool:
        """True if that person may see this message."""
        if self.channel.startswith("dm-"):
            return self.channel == dm_channel_id(person_id)
        return self.only_for in (None, person_id)

    def to_json(self) -> dict[str, object]:
        """The message as the page's scripts read it."""
        return {
            "id": self.id,
            "channel": self.channel,
            "author": self.author,
            "at": self.at.isoformat(),
            "text": self.text,
            "card": to_json(self.card) if self.card else None,
            "private": self.only_for is not None,
        }


@dataclass(slots=True)
class TeamChat:
    """All messages, and the people watching for new ones. `has_bot`: the bot is a member, as it is unless it was removed."""

    messages: deque[ChatMessage] = field(default_factory=lambda: deque(maxlen=MAX_MESSAGES))
    has_bot: bool = True
    _watchers: dict[asyncio.Queue[tuple[str, ChatMessage | dict[str, object]] | None], str] = field(
        default_factory=dict
    )
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def messages_for(self, person_id: str) -> list[ChatMessage]:
        """The messages that person may see, oldest first."""
        return [message for message in self.messages if message.is_visible_to(person_id)]

    def find(self, message_id: str, person_id: str) -> ChatMessage | None:
        """The message with that id, if the person may see it."""
        return next((message for message in self.messages_for(person_id) if message.id == message_id), None)

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
    ) -> ChatMessage:
        """Add a message and show it to everyone watching who may see it."""
        message = ChatMessage(
            id=f"m{next(self._numbers)}",
            channel=channel_id,
            author=author,
            at=at,
            text=text,
            card=card,
            only_for=only_for,
            key=key,
        )
        self.messages.append(message)
        self._notify("message", message)
        return message

    def replace(self, old: ChatMessage, card: Card, at: datetime) -> ChatMessage:
        """Replace the message `old` with `card`; append it if `old` has been forgotten by now."""
        new = ChatMessage(
            id=old.id,
            channel=old.channel,
            author=old.author,
            at=at,
            text="",
            card=card,
            only_for=old.only_for,
            key=old.key,
        )
        index = next((index for index, message in enumerate(self.messages) if message.id == old.id), None)
        if index is None:
            self.messages.append(new)
        else:
            self.messages[index] = new
        self._notify("message", new)
        return new

    def announce(self, data: dict[str, object]) -> None:
        """Tell everyone watching that the clock has moved."""
        self._notify("clock", data)

    def set_bot_present(self, *, present: bool) -> None:
        """Let the bot in, or take it out, and tell everyone watching."""
        self.has_bot = present
        self._notify("membership", {"has_bot": present})

    def _notify(self, event: str, payload: ChatMessage | dict[str, object]) -> None:
        for queue, person_id in self._watchers.items():
            if not isinstance(payload, ChatMessage) or payload.is_visible_to(person_id):
                queue.put_nowait((event, payload))

    async def watch(self, person_id: str) -> AsyncIterator[tuple[str, dict[str, object]]]:
        """Yield events that person may see, as (name, data), from now on until `close`."""
        queue: asyncio.Queue[tuple[str, ChatMessage | dict[str, object]] | None] = asyncio.Queue()
        self._watchers[queue] = person_id
        try:
            while (item := await queue.get()) is not None:
                event, payload = item
                yield event, payload.to_json() if isinstance(payload, ChatMessage) else payload
        finally:
            del self._watchers[queue]

    def close(self) -> None:
        """End every `watch`, or its open stream would keep the server from stopping."""
        for queue in self._watchers:
            queue.put_nowait(None)
