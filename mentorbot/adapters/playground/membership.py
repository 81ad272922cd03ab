"""The bot's membership in the playground's team: an admin can remove it and invite it again, as on Slack and Discord."""

from __future__ import annotations

from mentorbot.adapters.drafts import Drafts
from mentorbot.adapters.playground.team_chat import BOT, CHANNELS, TeamChat
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel
from mentorbot.clock import Clock
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from mentorbot.views.start import channel_welcome_card


class Membership:
    """The bot's place in the team, in the page and in the database."""

    def __init__(self, team_chat: TeamChat, store: Store, clock: Clock, library: Library, drafts: Drafts) -> None:
        self._team_chat, self._store, self._clock, self._library = team_chat, store, clock, library
        self._drafts = drafts

    async def answers_in(self, channel: Channel) -> bool:
        """Tell whether a message that's meant for the bot gets an answer in a channel."""
        return self._team_chat.has_bot and await self._drafts.answers_mentions(channel)

    async def recorded(self) -> None:
        """Record that the bot is in the team. It always is after a start, even if an earlier run ended without it."""
        await self._store.workspaces.mark_present(LOCAL_WORKSPACE)

    async def remove(self) -> None:
        """Take the bot out of the team, so nothing more is sent. Maintenance erases what it stored, 30 days later."""
        self._team_chat.set_bot_present(present=False)
        await self._store.workspaces.mark_removed(LOCAL_WORKSPACE, self._clock.now())

    async def invite(self) -> None:
        """Bring the bot into the team, if it isn't there. It says hello in the first channel, as it does on Discord."""
        if self._team_chat.has_bot:
            return
        self._team_chat.set_bot_present(present=True)
        await self.recorded()
        card = channel_welcome_card(self._library.default)
        self._team_chat.post(CHANNELS[0], BOT, self._clock.now(), card=card)
