"""Notes on a card that say where its files are.

Slack can't attach files to an ephemeral message or to a view, so they follow the card, or go to the person's direct messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mentorbot.adapters.files import AttachedBlock, attached_blocks, describe_files
from mentorbot.chat.cards import Block, Card, FileBlock, Footnote, RichText, rich
from mentorbot.chat.platform import Channel


def with_file_notes(card: Card, *, files_below: bool) -> Card:
    """Replace documents in `card` by a note, or add a note about the direct messages unless `files_below` is True."""
    attached = attached_blocks(card)
    return replace(card, blocks=tuple(_noted_blocks(card, attached, files_below=files_below))) if attached else card


def _noted_blocks(card: Card, attached: Sequence[AttachedBlock], *, files_below: bool) -> Iterator[Block]:
    last = max(number for number, block in enumerate(card.blocks) if block in attached)
    for number, block in enumerate(card.blocks):
        if not isinstance(block, FileBlock):
            yield block
        elif files_below:
            yield Footnote(rich(f"I've attached {block.name}."))
        # The note goes below the last file, where people look for it.
        if number == last and not files_below:
            yield Footnote(files_location(attached))


def files_location(attached: Sequence[AttachedBlock]) -> RichText:
    """Say where to find files meant for one person."""
    if len(attached) == 1:
        return rich(f"The {'file' if isinstance(attached[0], FileBlock) else 'picture'}'s in our DM.")
    files = describe_files(attached)
    return rich(f"{files[:1].upper()}{files[1:]} are in our DM.")


def seen_by_channel(card: Card, channel: Channel) -> bool:
    """Tell whether everyone in `channel` sees the card and its files. A person's id instead of a channel's means no one else."""
    # Ids of people start with U or W.
    return card.public and not channel.id.startswith(("U", "W"))


def files_follow(card: Card, channel: Channel) -> bool:
    """Tell whether the files appear below the card.

    Slack doesn't say whether a direct message is with the bot or with another person. Most are with the bot, so assume that.
    """
    return seen_by_channel(card, channel) or channel.id.startswith("D")
