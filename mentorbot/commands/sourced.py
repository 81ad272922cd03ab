"""Telling a sourced figure from advice: the blocks that every answer from a pack is built of."""

from __future__ import annotations

from mentorbot.chat.cards import Block, Bullets, Footnote, Heading, bold, rich
from mentorbot.packs.markdown import blocks
from mentorbot.packs.schema import Pack


def facts(pack: Pack, source: str, lines: tuple[str, ...]) -> tuple[Block, ...]:
    """Sourced facts, and below them where they come from."""
    return (Bullets(tuple(rich(line) for line in lines)), source_note(pack, source))


def source_note(pack: Pack, source: str) -> Footnote:
    """Where a figure comes from, for which region, of what date."""
    found = next(item for item in pack.info.sources if item.id == source)
    return Footnote(rich("Source: ", bold(found.title), f" · {found.region} · {found.date}"))


def advice(body: str) -> tuple[Block, ...]:
    """The pack author's own view, marked as such; nothing when there is none."""
    return (Heading("Advice from the pack's author"), *blocks(body)) if body else ()
