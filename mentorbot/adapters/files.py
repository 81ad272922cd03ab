"""The files that go with a card: pictures are drawn, documents written, and what did not arrive is named."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from mentorbot.chat import charts
from mentorbot.chat.cards import Block, Card, ChartImage, FileBlock, Footnote, Paragraph, rich

log = logging.getLogger(__name__)

Attached: TypeAlias = ChartImage | FileBlock

_OTHER = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class File:
    """A file to send. `name` is ASCII without spaces, as the strictest platform wants it; `alt` says what a picture shows."""

    name: str
    data: bytes
    picture: bool = False
    alt: str = ""


Files: TypeAlias = Mapping[Attached, File]


def attached(card: Card) -> list[Attached]:
    """The blocks of `card` that are files here: documents, and pictures where charts can be drawn."""
    drawn = charts.available()
    found = (
        block for block in card.blocks if isinstance(block, FileBlock) or (drawn and isinstance(block, ChartImage))
    )
    return list(dict.fromkeys(found))


def outline(card: Card) -> dict[Attached, File]:
    """A file for each of `attached(card)`, with its name and without its contents; no two names are the same."""
    made: dict[Attached, File] = {}
    taken: set[str] = set()
    for number, block in enumerate(attached(card), 1):
        picture = isinstance(block, ChartImage)
        name = _plain(f"{block.name}.png" if picture else block.name)
        while name in taken:
            name = f"{number}-{name}"
        taken.add(name)
        made[block] = File(name, b"", picture, block.alt if isinstance(block, ChartImage) else "")
    return made


async def files_of(card: Card, largest: int) -> dict[Attached, File]:
    """The files of `card`; one that cannot be drawn or has more than `largest` bytes is left out."""
    made: dict[Attached, File] = {}
    for block, file in outline(card).items():
        data = await _data(block)
        if data is not None and len(data) <= largest:
            made[block] = replace(file, data=data)
        else:
            log.error("%s cannot be sent: %s", file.name, "not drawn" if data is None else "too large")
    return made


async def _data(block: Attached) -> bytes | None:
    if isinstance(block, FileBlock):
        return (block.text or "\n").encode("utf-8", "replace")  # Slack takes no empty file
    try:
        return await asyncio.to_thread(charts.draw, block.chart)
    except Exception:
        log.exception("a picture could not be drawn")
        return None


def _plain(name: str) -> str:
    return _OTHER.sub("-", name).strip("-.")[-100:] or "file"


def named(files: Sequence[Attached]) -> str:
    """What these are, in the middle of a sentence: `the picture and plan.md`."""
    pictures = sum(isinstance(block, ChartImage) for block in files)
    names = ["the pictures" if pictures > 1 else "the picture"] if pictures else []
    names += [block.name for block in files if isinstance(block, FileBlock)]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def missing(lost: Sequence[Attached], advice: str = "") -> Card:
    """Said of files that did not arrive, after the card that they belong to; what a picture shows is said in words."""
    advice = advice or "Ask for it again in a minute."
    text = f"I could not send {named(lost)} with it. Everything else is as it should be. {advice}"
    shown: list[Block] = [Footnote(rich(f"In words: {block.alt}")) for block in lost if isinstance(block, ChartImage)]
    return Card("Something is missing", (Paragraph(rich(text)), *shown), error="file_missing")
