"""Blocks that keep sourced figures and the author's advice apart, shared by all answers from a pack."""

from __future__ import annotations

from mentorbot.chat.cards import Block, Bullets, Footnote, Heading, rich
from mentorbot.packs.markdown import blocks
from mentorbot.packs.schema import Pack


def cited_facts(pack: Pack, source: str, lines: tuple[str, ...]) -> tuple[Block, ...]:
    """Sourced facts, with a note that names the source."""
    return (Bullets(tuple(rich(line) for line in lines)), citation_note(pack, source))


def citation_note(pack: Pack, source: str) -> Footnote:
    """Name the source of a figure (by its id), with its region and date."""
    return Footnote(rich(citation_text(pack, source)))


def citation_text(pack: Pack, source: str) -> str:
    """Name a source (by its id), with its region and date."""
    citation = next(citation for citation in pack.info.sources if citation.id == source)
    return f"{citation.title}, {citation.region}, {citation.date}"


def advice(body: str) -> tuple[Block, ...]:
    """The pack author's own view (Markdown), marked as such; no blocks for an empty `body`."""
    return (Heading("The author's advice"), *blocks(body)) if body else ()
