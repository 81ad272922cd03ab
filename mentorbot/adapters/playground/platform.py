"""The playground as a `ChatPlatform`: the scheduler posts here as it does on Slack and Discord."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mentorbot.adapters.playground.team_chat import BOT, CHANNELS, TeamChat, dm_channel_id, find_person
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, RateLimit, Workspace
from mentorbot.clock import Clock
from mentorbot.errors import PermanentSendError, WorkspaceRevoked


class PlaygroundPlatform:
    """A `ChatPlatform` on top of a `TeamChat`."""

    platform = "local"
    dm_open_quota = (1_000, 1_000)

    def __init__(self, team_chat: TeamChat, clock: Clock) -> None:
        self._team_chat = team_chat
        self._clock = clock

    def rate_limits(self, _channel: Channel) -> tuple[RateLimit, ...]:
        """No limits: the playground accepts any number of messages."""
        return ()

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Show `card` to everyone in the channel."""
        await self.ensure_can_post(channel)
        return self._team_chat.post(channel.id, BOT, self._clock.now(), card=card, key=key).id

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """The id of the message with `key`, posted at or after `since`; None if there is none."""
        for message in reversed(self._team_chat.messages):
            if message.channel == channel.id and message.key == key and message.at >= since:
                return message.id
        return None

    async def open_dm(self, workspace: Workspace, person_id: str) -> Channel:
        """The DM between that person and the bot."""
        dm = Channel(workspace, dm_channel_id(person_id), direct=True)
        await self.ensure_can_post(dm)
        return dm

    async def ensure_can_post(self, channel: Channel) -> Channel:
        """Return the channel with its name.

        Raise `PermanentSendError` for one the playground doesn't have, and for all of them once the bot was removed.
        """
        if not self._team_chat.has_bot:
            raise WorkspaceRevoked("kicked", "the bot was removed from the team: invite it again")
        recipient = channel.id.removeprefix("dm-") if channel.id.startswith("dm-") else None
        if channel.id not in CHANNELS and not (recipient and find_person(recipient)):
            raise PermanentSendError("channel_not_found")
        return channel if recipient else replace(channel, name=channel.id)

    async def member(self, _workspace: Workspace, person_id: str) -> Member:
        """One of the playground's people."""
        return find_person(person_id) or Member(person_id, person_id)

    async def is_installed(self, _workspace: Workspace) -> bool:
        """Tell whether the bot is in the team."""
        return self._team_chat.has_bot
