"""Pieces of what's too long: rich text split at words if possible, and components split into messages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.markup import escape, size, to_markdown
from mentorbot.adapters.files import File
from mentorbot.chat import cards
from mentorbot.chat.cards import RichText, Span
from mentorbot.slash.tokenizer import clean

_MAX_MERGED_TEXT = limits.MESSAGE_TEXT // 2 - 100
"""Of neighbouring texts merged into one; two of them fill a message."""
_BLANK_LINE = "\n\n"
_LIST_ITEM = re.compile(r"- |\d+\. |  ")
_WORD = re.compile(r"\S{1,200}\s{0,20}|\s{1,20}")
_STYLE_OVERHEAD = 40
"""UTF-16 units of the marks around one styled span, or of an instant, rounded up."""


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """Up to five buttons, each paired with its custom_id."""

    buttons: tuple[tuple[cards.Button, str], ...]


@dataclass(frozen=True, slots=True)
class TextWithButton:
    """A text in Markdown with a button beside it, and the button's custom_id."""

    text: str
    button: cards.Button
    button_id: str


@dataclass(frozen=True, slots=True)
class Separator:
    """A horizontal line."""


Component = str | ButtonRow | TextWithButton | Separator | File
"""One component of a message, before discord.py gets it; a `str` is a text display."""


def split_text(line: RichText, max_size: int) -> Iterator[str]:
    """Render `line` as Markdown, in pieces of about `max_size` UTF-16 units, breaking between words where possible."""
    spans = _joined(line)
    # Escaping at most doubles a text, so nearly all lines need no look at their words.
    if sum(2 * size(span.text) + _STYLE_OVERHEAD for span in spans) <= max_size:
        if spans:
            yield to_markdown(tuple(spans))
        return
    piece: list[Span] = []
    used = 0
    for span in spans:
        for number, word in enumerate([span.text] if span.at else _WORD.findall(span.text)):
            cost = _max_escaped_size(word) + (0 if piece and number else _STYLE_OVERHEAD)
            if piece and used + cost > max_size:
                yield to_markdown(tuple(_joined(piece)))
                piece, used = [], 0
            piece.append(replace(span, text=word))
            used += cost
    if piece:
        yield to_markdown(tuple(_joined(piece)))


def _joined(line: Iterable[Span]) -> list[Span]:
    """Clean the text of spans, and join neighbours in one style: only a whole text can be escaped."""
    spans: list[Span] = []
    for span in line:
        text = clean(span.text)
        if spans and _style(spans[-1]) == _style(span):
            spans[-1] = replace(spans[-1], text=spans[-1].text + text)
        elif text or span.at:
            spans.append(span if text == span.text else replace(span, text=text))
    return spans


def _style(span: Span) -> tuple[object, ...]:
    return span.bold, span.italic, span.code, span.at, span.person


def _max_escaped_size(word: str) -> int:
    """Upper bound for the size of `word` once it's escaped."""
    # In a URL, or in part of a very long word, the escaping depends on the text around it, so assume the worst.
    return 2 * size(word) if "://" in word or len(word) >= 200 else size(escape(word))


def merge_texts(components: Iterable[Component]) -> Iterator[Component]:
    """Merge neighbouring texts, because components are scarcer than characters. The title stays by itself."""
    text = ""
    for number, component in enumerate(components):
        if isinstance(component, str) and text and number > 1 and _can_merge(text, component):
            text += _line_break(text, component) + component
            continue
        if text:
            yield text
        text = component if isinstance(component, str) else ""
        if not isinstance(component, str):
            yield component
    if text:
        yield text


def _can_merge(above: str, below: str) -> bool:
    return size(above) + len(_BLANK_LINE) + size(below) <= _MAX_MERGED_TEXT


def _line_break(above: str, below: str) -> str:
    """The line break between two merged texts: single around headings and before footnotes, else a blank line."""
    # Discord spaces headings itself. A footnote right after a list item would become part of that item.
    last = above.rpartition("\n")[2]
    close = last.startswith("#") or below.startswith("#") or (below.startswith("-#") and not _LIST_ITEM.match(last))
    return "\n" if close else _BLANK_LINE


def split_components(components: Iterable[Component], reserve: int = 0) -> Iterator[list[Component]]:
    """Fill each message with as many components as Discord accepts, less a `reserve`; the container counts as one, too."""
    capacity = (limits.MESSAGE_TEXT, limits.MESSAGE_COMPONENTS - 1 - reserve, limits.MESSAGE_FILES)
    page: list[Component] = []
    used = (0, 0, 0)
    for component in components:
        text_size = size(_text_in(component))
        cost = (text_size, _component_count(component), int(isinstance(component, File)))
        if page and any(filled + more > limit for filled, more, limit in zip(used, cost, capacity, strict=True)):
            yield page
            page, used = [], (0, 0, 0)
        page.append(component)
        used = (used[0] + cost[0], used[1] + cost[1], used[2] + cost[2])
    yield page


def _text_in(component: Component) -> str:
    if isinstance(component, TextWithButton):
        return component.text
    return component if isinstance(component, str) else ""


def _component_count(component: Component) -> int:
    if isinstance(component, TextWithButton):
        return 3  # the section, its text and its button
    return 1 + len(component.buttons) if isinstance(component, ButtonRow) else 1
