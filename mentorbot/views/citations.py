"""Sourced figures and advice, told apart: the blocks that every answer from a pack is built of."""

from __future__ import annotations

from mentorbot.chat.cards import Block, Bullets, Footnote, Heading, bold, rich
from mentorbot.packs.markdown import blocks
from mentorbot.packs.schema import Pack


def cited_facts(pack: Pack, source: str, lines: tuple[str, ...]) -> tuple[Block, ...]:
    """Sourced facts, and below them where they come from."""
    return (Bullets(tuple(rich(line) for line in lines)), citation_note(pack, source))


def citation_note(pack: Pack, source: str) -> Footnote:
    """Name the source of a figure (by its id), with its region and date."""
    citation = next(citation for citation in pack.info.sources if citation.id == source)
    return Footnote(rich("Source: ", bold(citation.title), f" · {citation.region} · {citation.date}"))


def advice(body: str) -> tuple[Block, ...]:
    """The pack author's own view (Markdown), marked as such; nothing when there is none."""
    return (Heading("Advice from the pack's author"), *blocks(body)) if body else ()
