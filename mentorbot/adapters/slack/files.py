"""Delivering the files of an answer.

An ephemeral message can't hold a file, and a whole channel must not see one meant for one person. Such files go to the person's
direct messages with the bot, and the card says so.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from mentorbot.adapters.files import attached, missing
from mentorbot.adapters.slack.errors import advice
from mentorbot.adapters.slack.file_notes import for_all, where_files_are
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.chat.cards import Card, Paragraph
from mentorbot.chat.platform import Channel
from mentorbot.commands.context import Caller
from mentorbot.errors import SendError

log = logging.getLogger(__name__)
Tell = Callable[[Card], Awaitable[object]]


class FileDelivery:
    """Brings files to where they may be seen. Nothing that happens to them touches the card."""

    def __init__(self, platform: SlackPlatform) -> None:
        self._platform = platform

    async def deliver(self, card: Card, caller: Caller, tell: Tell) -> None:
        """Upload the files of `card`, which `caller` sees already; `tell` shows one more card, where something is to say."""
        wanted = attached(card)
        if not wanted:
            return
        why: SendError | None = None
        elsewhere = False
        try:
            place = await self._place(card, caller)
            elsewhere = caller.channel.id.startswith("D") and place.id != caller.channel.id
            lost = await self._platform.upload(place, card, comment=card.title)
        except SendError as fault:
            log.warning("files of an answer were not uploaded: %s", fault)
            lost, why = wanted, fault
        if lost:
            await tell(missing(lost, advice(why)))
        elif elsewhere:
            await tell(Card("In our direct messages", (Paragraph(where_files_are(wanted)),)))

    async def _place(self, card: Card, caller: Caller) -> Channel:
        if for_all(card, caller.channel):
            return caller.channel
        return await self._platform.open_dm(caller.channel.workspace, caller.person)
