"""A pack's Markdown as the blocks of a card. Only the subset every chat can show is allowed."""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mentorbot.chat.cards import Block, Bullets, Heading, Paragraph, RichText, Span, text_of

# Tables and struck text are parsed only to be refused; otherwise their markup would be shown as it is.
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_OUTSIDE_SUBSET = {
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
    """Markdown that some chat can't show. `what` names it; `line` is its line in the text, from 0."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what, self.line = what, line


@cache
def blocks(markdown: str) -> tuple[Block, ...]:
    """Parse paragraphs, `-` lists, headings, bold, italics and code.

    Raises:
        NotInSubset: there's anything else.
    """
    env: dict[str, Any] = {}
    tokens = _MARKDOWN.parse(markdown, env)
    for target in env.get("references", {}).values():  # a link definition leaves no token behind
        raise NotInSubset("a link", target["map"][0])
    parsed: list[Block] = []
    items: list[RichText] | None = None
    heading = False
    for token in tokens:
        line = token.map[0] if token.map else 0
        if token.type in _OUTSIDE_SUBSET:
            raise NotInSubset(_OUTSIDE_SUBSET[token.type], line)
        if token.type == "bullet_list_open":
            if items is not None:
                raise NotInSubset("a list inside a list", line)
            items = []
        elif token.type == "bullet_list_close":
            parsed.append(Bullets(tuple(items or ())))
            items = None
        elif token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type == "inline":
            _append(_spans(token, line), parsed, items, heading=heading)
    return tuple(parsed)


@cache
def inline(markdown: str) -> RichText:
    """Parse one line of text with bold, italics and code.

    Raises:
        NotInSubset: there's anything else.
    """
    tokens = _MARKDOWN.parseInline(markdown)
    return tuple(span for token in tokens for span in _spans(token, 0))


def _append(line: RichText, parsed: list[Block], items: list[RichText] | None, *, heading: bool) -> None:
    if items is not None:
        items.append(line)
    else:
        parsed.append(Heading(text_of(line)) if heading else Paragraph(line))


def _spans(token: Token, line: int) -> RichText:
    spans: list[Span] = []
    bold = italic = 0
    for child in token.children or ():
        if child.type in _OUTSIDE_SUBSET:
            raise NotInSubset(_OUTSIDE_SUBSET[child.type], line)
        line += child.type in ("softbreak", "hardbreak")
        bold += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
        italic += {"em_open": 1, "em_close": -1}.get(child.type, 0)
        text = " " if child.type in ("softbreak", "hardbreak") else child.content
        if text:
            spans.append(Span(text, bold=bold > 0, italic=italic > 0, code=child.type == "code_inline"))
    return tuple(spans)
