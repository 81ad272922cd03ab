"""Pictures and documents on Slack.

An ephemeral message holds no file, and a whole channel must not see one that is for one person: such files go into the
person's direct conversation with the bot, and the card says so.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from mentorbot.adapters.files import attached, missing
from mentorbot.adapters.slack.announce import for_all, found
from mentorbot.adapters.slack.faults import advice
from mentorbot.adapters.slack.messenger import SlackMessenger
from mentorbot.cards import Card, Paragraph
from mentorbot.commands.call import Caller
from mentorbot.errors import SendFailed
from mentorbot.messenger import Channel

log = logging.getLogger(__name__)

Tell = Callable[[Card], Awaitable[object]]


class Courier:
    """Brings files to where they may be seen. Nothing that happens to them touches the card."""

    def __init__(self, messenger: SlackMessenger) -> None:
        self._messenger = messenger

    async def deliver(self, card: Card, caller: Caller, tell: Tell) -> None:
        """Upload the files of `card`, which `caller` sees already; `tell` shows one more card, where something is to say."""
        wanted = attached(card)
        if not wanted:
            return
        why: SendFailed | None = None
        elsewhere = False
        try:
            place = await self._place(card, caller)
            elsewhere = caller.channel.id.startswith("D") and place.id != caller.channel.id
            lost = await self._messenger.upload(place, card, comment=card.title)
        except SendFailed as fault:
            log.warning("files of an answer were not uploaded: %s", fault)
            lost, why = wanted, fault
        if lost:
            await tell(missing(lost, advice(why)))
        elif elsewhere:
            await tell(Card("In our direct messages", (Paragraph(found(wanted)),)))

    async def _place(self, card: Card, caller: Caller) -> Channel:
        if for_all(card, caller.channel):
            return caller.channel
        return await self._messenger.direct(caller.channel.workspace, caller.person)
