"""The files that go with a card: drawing charts, encoding documents, and naming the ones that didn't arrive."""

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

AttachedBlock: TypeAlias = ChartImage | FileBlock

_UNSAFE_CHARS = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class File:
    """A file to send. `name` is ASCII without spaces, which every platform accepts; `alt` describes a picture in words."""

    name: str
    data: bytes
    picture: bool = False
    alt: str = ""


Files: TypeAlias = Mapping[AttachedBlock, File]


def attached_blocks(card: Card) -> list[AttachedBlock]:
    """List the blocks of `card` sent as files: documents, and pictures if charts can be drawn here. No duplicates."""
    drawn = charts.available()
    blocks = (
        block for block in card.blocks if isinstance(block, FileBlock) or (drawn and isinstance(block, ChartImage))
    )
    return list(dict.fromkeys(blocks))


def file_stubs(card: Card) -> dict[AttachedBlock, File]:
    """Make a file for each of `attached_blocks(card)`, with a unique name and no contents yet."""
    files: dict[AttachedBlock, File] = {}
    names: set[str] = set()
    for number, block in enumerate(attached_blocks(card), 1):
        picture = isinstance(block, ChartImage)
        name = _safe_name(f"{block.name}.png" if picture else block.name)
        while name in names:
            name = f"{number}-{name}"
        names.add(name)
        files[block] = File(name, b"", picture, block.alt if isinstance(block, ChartImage) else "")
    return files


async def build_files(card: Card, max_bytes: int) -> dict[AttachedBlock, File]:
    """Make the files of `card`, leaving out any that can't be drawn or exceed `max_bytes`."""
    files: dict[AttachedBlock, File] = {}
    for block, file in file_stubs(card).items():
        data = await _render_data(block)
        if data is not None and len(data) <= max_bytes:
            files[block] = replace(file, data=data)
        else:
            # Not fatal: the card still goes out, and its sender reports the missing file.
            log.error("%s can't be sent: %s", file.name, "not drawn" if data is None else "too large")
    return files


async def _render_data(block: AttachedBlock) -> bytes | None:
    if isinstance(block, FileBlock):
        return (block.text or "\n").encode("utf-8", "replace")  # Slack rejects empty files
    try:
        # Drawing is CPU work, so it runs in a thread to keep the event loop free.
        return await asyncio.to_thread(charts.draw, block.chart)
    except Exception:
        log.exception("a picture couldn't be drawn")
        return None


def _safe_name(name: str) -> str:
    return _UNSAFE_CHARS.sub("-", name).strip("-.")[-100:] or "file"


def describe_files(blocks: Sequence[AttachedBlock]) -> str:
    """Name the files for use inside a sentence, e.g. `the picture and plan.md`. `blocks` must not be empty."""
    pictures = sum(isinstance(block, ChartImage) for block in blocks)
    names = ["the pictures" if pictures > 1 else "the picture"] if pictures else []
    names += [block.name for block in blocks if isinstance(block, FileBlock)]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def missing_files_card(missing: Sequence[AttachedBlock], advice: str = "") -> Card:
    """Build the card that follows one whose files didn't arrive. It describes missing pictures in words."""
    advice = advice or "Ask for it again in a minute."
    text = f"I couldn't send {describe_files(missing)} with it. Everything else is fine. {advice}"
    descriptions: list[Block] = [
        Footnote(rich(f"In words: {block.alt}")) for block in missing if isinstance(block, ChartImage)
    ]
    return Card("Something is missing", (Paragraph(rich(text)), *descriptions), error="file_missing")
