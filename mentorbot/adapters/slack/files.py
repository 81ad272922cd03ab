"""Delivery of an answer's files.

An ephemeral message can't hold a file, and a whole channel must not see one meant for one person. Such files go to the person's
direct messages with the bot, and the card says so.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from mentorbot.adapters.files import attached_blocks, missing_files_card
from mentorbot.adapters.slack.errors import upload_advice
from mentorbot.adapters.slack.file_notes import files_location, seen_by_channel
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.chat.cards import Card, Paragraph
from mentorbot.chat.platform import Channel
from mentorbot.commands.context import Caller
from mentorbot.errors import SendError

log = logging.getLogger(__name__)
ShowCard = Callable[[Card], Awaitable[object]]


class FileDelivery:
    """Uploads of an answer's files to where they may be seen. A failed upload never affects the card itself."""

    def __init__(self, platform: SlackPlatform) -> None:
        self._platform = platform

    async def deliver(self, card: Card, caller: Caller, show: ShowCard) -> None:
        """Upload the files of a card `caller` already sees, and use `show` for a follow-up card if there's something to say."""
        attached = attached_blocks(card)
        if not attached:
            return
        advice, elsewhere = "", False
        try:
            channel = await self._channel_for(card, caller)
            # Asked in a direct message between two people: the card there promised files, but they arrived in ours.
            elsewhere = caller.channel.id.startswith("D") and channel.id != caller.channel.id
            missing = await self._platform.upload(channel, card, comment=card.title)
        except SendError as error:
            log.warning("an answer's files weren't uploaded: %s", error)
            missing, advice = attached, upload_advice(error)
        if missing:
            await show(missing_files_card(missing, advice))
        elif elsewhere:
            await show(Card("In our direct messages", (Paragraph(files_location(attached)),)))

    async def _channel_for(self, card: Card, caller: Caller) -> Channel:
        if seen_by_channel(card, caller.channel):
            return caller.channel
        return await self._platform.open_dm(caller.channel.workspace, caller.user_id)
