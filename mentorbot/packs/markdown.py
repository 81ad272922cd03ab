"""A pack's Markdown as blocks of a card. Only what every chat can show is allowed."""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mentorbot.chat.cards import Block, Bullets, Heading, Paragraph, RichText, Span, text_of

# Tables and struck text are read only to be refused; unread, their signs would be shown.
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_NAMES = {
    "ordered_list_open": "a numbered list",
    "blockquote_open": "a quotation",
    "fence": "a code block",
    "code_block": "a code block",
    "html_block": "HTML",
    "html_inline": "HTML",
    "link_open": "a link",
    "image": "a picture",
    "table_open": "a table",
    "s_open": "struck text",
    "hr": "a line",
}


class NotInSubset(ValueError):
    """Markdown that we do not show. `what` it is, and on which `line` of the text (from 0)."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what, self.line = what, line


@cache
def blocks(markdown: str) -> tuple[Block, ...]:
    """Paragraphs, lists with `-`, headings, bold, italics and code.

    Raises:
        NotInSubset: there is something else.
    """
    known: dict[str, Any] = {}
    tokens = _MARKDOWN.parse(markdown, known)
    for target in known.get("references", {}).values():
        raise NotInSubset("a link", target["map"][0])
    made: list[Block] = []
    items: list[RichText] | None = None
    heading = False
    for token in tokens:
        line = token.map[0] if token.map else 0
        if token.type in _NAMES:
            raise NotInSubset(_NAMES[token.type], line)
        if token.type == "bullet_list_open":
            if items is not None:
                raise NotInSubset("a list inside a list", line)
            items = []
        elif token.type == "bullet_list_close":
            made.append(Bullets(tuple(items or ())))
            items = None
        elif token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type == "inline":
            _place(_spans(token, line), made, items, heading=heading)
    return tuple(made)


@cache
def inline(markdown: str) -> RichText:
    """One run of text with bold, italics and code; raises `NotInSubset` as `blocks` does."""
    tokens = _MARKDOWN.parseInline(markdown)
    return tuple(span for token in tokens for span in _spans(token, 0))


def _place(line: RichText, made: list[Block], items: list[RichText] | None, *, heading: bool) -> None:
    if items is not None:
        items.append(line)
    else:
        made.append(Heading(text_of(line)) if heading else Paragraph(line))


def _spans(token: Token, line: int) -> RichText:
    spans: list[Span] = []
    bold = italic = 0
    for child in token.children or ():
        if child.type in _NAMES:
            raise NotInSubset(_NAMES[child.type], line)
        line += child.type in ("softbreak", "hardbreak")
        bold += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
        italic += {"em_open": 1, "em_close": -1}.get(child.type, 0)
        text = " " if child.type in ("softbreak", "hardbreak") else child.content
        if text:
            spans.append(Span(text, bold=bold > 0, italic=italic > 0, code=child.type == "code_inline"))
    return tuple(spans)
