"""The playground as a Messenger: the scheduler posts here as it does on Slack and Discord."""

from __future__ import annotations

from datetime import datetime

from mentorbot.adapters.playground.room import BOT, CHANNELS, Room, direct, person
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, RateLimit, Workspace
from mentorbot.clock import Clock
from mentorbot.errors import PermanentSendError


class PlaygroundPlatform:
    """Posts into a `Room`."""

    platform = "local"
    dm_open_quota = (1_000, 1_000)

    def __init__(self, room: Room, clock: Clock) -> None:
        self._room = room
        self._clock = clock

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:  # noqa: ARG002  as Messenger has it
        """The playground takes everything."""
        return ()

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Show `card` to everyone in the channel."""
        await self.ensure_can_post(channel)
        return self._room.post(channel.id, BOT, self._clock.now(), card=card, key=key).id

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """The message with `key`, if it was posted since."""
        for message in reversed(self._room.messages):
            if message.channel == channel.id and message.key == key and message.at >= since:
                return message.id
        return None

    async def open_dm(self, workspace: Workspace, person_id: str) -> Channel:
        """Where that person and the bot talk alone."""
        found = Channel(workspace, direct(person_id), direct=True)
        await self.ensure_can_post(found)
        return found

    async def ensure_can_post(self, channel: Channel) -> None:
        """Raise `PermanentSendError` for a channel that the playground does not have."""
        direct_to = channel.id.removeprefix("dm-") if channel.id.startswith("dm-") else None
        if channel.id not in CHANNELS and not (direct_to and person(direct_to)):
            raise PermanentSendError("channel_not_found")

    async def member(self, workspace: Workspace, person_id: str) -> Member:  # noqa: ARG002  there is one workspace
        """One of the playground's people."""
        return person(person_id) or Member(person_id, person_id)
