"""Pictures and documents on Slack.

An ephemeral message holds no file, and a whole channel must not see one that is for one person: such files go into the
person's direct conversation with the bot, and the card says so.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

from mentorbot.adapters.files import Attached, attached, missing, named
from mentorbot.adapters.slack.errors import advice
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.chat.cards import Block, Card, FileBlock, Footnote, Paragraph, RichText, rich
from mentorbot.chat.platform import Channel
from mentorbot.commands.context import Caller
from mentorbot.errors import SendError


def announced(card: Card, *, here: bool) -> Card:
    """`card` with words in the place of its documents, and where its files are, unless they follow right `here`."""
    wanted = attached(card)
    return replace(card, blocks=tuple(_announced_blocks(card, wanted, here=here))) if wanted else card


def _announced_blocks(card: Card, wanted: Sequence[Attached], *, here: bool) -> Iterator[Block]:
    last = max(number for number, block in enumerate(card.blocks) if block in wanted)
    for number, block in enumerate(card.blocks):
        if not isinstance(block, FileBlock):
            yield block
        elif here:
            yield Footnote(rich(f"{block.name} follows as a file."))
        if number == last and not here:
            yield Footnote(where_files_are(wanted))


def where_files_are(wanted: Sequence[Attached]) -> RichText:
    """Where the files are that are for one person."""
    them = "them" if len(wanted) > 1 else "it"
    return rich(f"You will find {named(wanted)} in our direct messages, where nobody else sees {them}.")


def for_all(card: Card, channel: Channel) -> bool:
    """Whether all in the channel see the card, and its files; a person in the place of a channel is none."""
    return card.public and not channel.id.startswith(("U", "W"))


def follows(card: Card, channel: Channel) -> bool:
    """Whether the files come below the card. Which direct conversation it is, Slack does not tell: ours, most likely."""
    return for_all(card, channel) or channel.id.startswith("D")


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
