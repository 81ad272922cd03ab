"""Faults of a pack's Markdown: what a chat cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mentorbot.packs.prose import NotInSubset, blocks, inline
from mentorbot.packs.source import Fault, Source


def prose_faults(parts: Mapping[str, list[tuple[Any, Source]]]) -> Iterator[Fault]:
    """One fault for each text that holds something which a chat cannot show."""
    for kind in parts:
        for part, source in parts[kind]:
            if found := _first_outside(blocks, getattr(part, "body", "")):
                yield _not_shown(source, source.line(("body",)) + found.line, found)
            for path, text in _inline_texts(kind, part):
                if found := _first_outside(inline, text):
                    yield _not_shown(source, source.line(path), found)


def _inline_texts(kind: str, part: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Texts outside a body that may hold bold, italics and code."""
    if kind == "tips":
        for place, tip in enumerate(part.tips):
            yield ("tips", place, "do"), tip.do
            yield ("tips", place, "why"), tip.why


def _first_outside(parse: Callable[[str], object], text: str) -> NotInSubset | None:
    try:
        parse(text)
    except NotInSubset as error:
        return error
    return None


def _not_shown(source: Source, line: int, error: NotInSubset) -> Fault:
    instead = "use paragraphs, `- ` lists, `## ` headings, **bold**, *italic* and `code`"
    return Fault(source.file, line, f"{error.what} cannot be shown in a chat", instead)
