"""Words as Discord's Markdown, in which what people wrote stays what it is and pings nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from discord.utils import escape_markdown, escape_mentions

from mentorbot.cards import Span, Words

# What escape_markdown leaves: small print, lists with + or numbers, and everything that begins with an angle bracket
# (mentions of channels and commands, time stamps, emoji).
_LINE_START = re.compile(r"^([ \t]*)(\+|-#|\d+(?=[.)]))", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*\d+)([.)])", re.MULTILINE)


def size(text: str) -> int:
    """The length of `text` as Discord's clients count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, length: int) -> str:
    """`text` with an ellipsis where it is longer than `length`."""
    while size(text) > length:
        text = text[: min(len(text) - 1, length) - 1].removesuffix("…") + "…"
    return text


def escape(text: str) -> str:
    """`text` so that Discord shows it as it was written."""
    text = escape_markdown(text, ignore_links=False).replace("<", "\\<")
    text = _NUMBERED.sub(r"\1\\\2", text)
    return escape_mentions(_LINE_START.sub(r"\1\\\2", text) if "+" in text or "-#" in text else text)


def marked(line: Words) -> str:
    """The words with their style, as Markdown."""
    return "".join(map(_span, line))


def _span(span: Span) -> str:
    if span.code:
        fence = "``" if "`" in span.text else "`"
        pad = " " if "`" in span.text else ""
        inner = escape_mentions(span.text.replace("``", "`\u200b`"))
        return f"{fence}{pad}{inner}{pad}{fence}"
    text = escape(span.text)
    marks = ("**" if span.bold else "") + ("*" if span.italic else "")
    return _wrapped(text, marks) if marks else text


def _wrapped(text: str, marks: str) -> str:
    """Marks stand at the words, not at the spaces around them, or Discord shows the stars."""
    inner = text.strip()
    if not inner:
        return text
    start = text.index(inner[0])
    return f"{text[:start]}{marks}{inner}{marks[::-1]}{text[start + len(inner) :]}"


def pieces(line: Words, room: int) -> Iterator[Words]:
    """The words in pieces of at most `room` characters each, before escaping."""
    part: list[Span] = []
    used = 0
    for span in line:
        text = span.text
        while text:
            piece = text[: room - used]
            part.append(Span(piece, span.bold, span.italic, span.code))
            used += len(piece)
            text = text[len(piece) :]
            if used >= room:
                yield tuple(part)
                part, used = [], 0
    if part:
        yield tuple(part)
