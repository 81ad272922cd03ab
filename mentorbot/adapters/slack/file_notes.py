"""Notes on a card that say where its files are.

Slack can't attach files to an ephemeral message or to a view, so they follow the card, or go to the person's direct messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mentorbot.adapters.files import Attached, attached, named
from mentorbot.chat.cards import Block, Card, FileBlock, Footnote, RichText, rich
from mentorbot.chat.platform import Channel


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
