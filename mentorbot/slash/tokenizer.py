"""Splitting a typed line into tokens (words, "quotes" and name:value), and formatting such a line for a button."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mentorbot.chat.safe_text import clean

__all__ = ["Token", "clean", "format_line", "tokens_of"]

_OPENING, _CLOSING = '"“”„', '"“”'
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,31}):(?!//)")  # `https://` starts a link, not a named value
_SPACE, _WORD = re.compile(r"\s*"), re.compile(r"\S*")
_UNQUOTED = re.compile(r"[\w.+/-]+|\?")  # a lone question mark is a value too: it asks for the option again


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a line. `name` is set for `name:value`; `start` and `end` are its offsets in the line."""

    text: str
    start: int
    end: int
    name: str | None = None
    quoted: bool = False


def format_line(path: Sequence[str], options: Mapping[str, str]) -> str:
    """Format a command and its options as a line that parses back to them."""
    return " ".join((*path, *(f"{name}:{_quote(value)}" for name, value in options.items())))


def _quote(value: str) -> str:
    if _UNQUOTED.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("“", "\\“").replace("”", "\\”") + '"'


def tokens_of(line: str) -> list[Token]:
    """Split `line` into tokens, in time linear in its length. A quote that's never closed is an ordinary character."""
    tokens: list[Token] = []
    index, last_closing = 0, max(map(line.rfind, _CLOSING))
    while (index := _end_of(_SPACE, line, index)) < len(line):
        name = _NAME.match(line, index)
        start = name.end() if name else index
        quoted = _read_quoted(line, start) if start < last_closing and line[start] in _OPENING else None
        if quoted is None and start < last_closing and line[start] in _OPENING:
            last_closing = start  # the rest has only escaped quotes, so no later one is closed either
        text, end = quoted or _read_word(line, start)
        tokens.append(
            Token(
                text=text,
                start=index,
                end=end,
                name=name[1].lower().replace("_", "-") if name else None,
                quoted=quoted is not None,
            )
        )
        index = end
    return tokens


def _end_of(pattern: re.Pattern[str], line: str, start: int) -> int:
    """Return the offset just after what a pattern matches at `start`, which may be nothing."""
    match = pattern.match(line, start)
    return match.end() if match else start


def _read_word(line: str, start: int) -> tuple[str, int]:
    """Return the word that begins at `start`, and the offset just after its end."""
    end = _end_of(_WORD, line, start)
    return line[start:end], end


def _read_quoted(line: str, start: int) -> tuple[str, int] | None:
    """Return the text of the quote that opens at `start`, and the offset just after its end; None if it's never closed."""
    text: list[str] = []
    index = start + 1
    while index < len(line):
        if line[index] == "\\" and line[index + 1 : index + 2] in ("\\", *_CLOSING):
            index += 1
        elif line[index] in _CLOSING:
            return "".join(text), index + 1
        text.append(line[index])
        index += 1
    return None
