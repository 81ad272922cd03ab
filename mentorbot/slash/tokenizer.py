"""One typed line as tokens: words, "quotes" and name:value. And back again, for buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mentorbot.errors import NotUnderstood
from mentorbot.slash.choices import short

_OPENING, _CLOSING = '"“”„', '"“”'
_NAMED = re.compile(r"([A-Za-z][A-Za-z_-]{0,31}):(?!//)")  # the start of a link is no name
_PLAIN = re.compile(r"[\w.+/-]+|\?")  # a lone question mark asks for the value
# Control characters but for line ends and tabs; and embeddings, overrides and isolates, which reorder what stands around
# them. The plain marks of Arabic and Hebrew stay.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a line. `name` is set for `name:value`; `start` and `end` are its place in the line."""

    text: str
    start: int
    end: int
    name: str | None = None
    quoted: bool = False


def clean(text: str) -> str:
    """`text` without control characters (line ends and tabs stay) and without marks that reorder their neighbours."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNWANTED.sub("", text)


def format_line(path: Sequence[str], options: Mapping[str, str]) -> str:
    """The line that is read back as this command with these options."""
    return " ".join((*path, *(f"{name}:{_quoted(value)}" for name, value in options.items())))


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("“", "\\“").replace("”", "\\”") + '"'


def tokens_of(line: str) -> list[Token]:
    """Split `line`; raises `NotUnderstood` when a quote is left open."""
    tokens: list[Token] = []
    place = 0
    while (place := _skip_space(line, place)) < len(line):
        named = _NAMED.match(line, place)
        start = named.end() if named else place
        if start < len(line) and line[start] in _OPENING:
            text, end = _read_quoted(line, start)
        else:
            end = next((at for at in range(start, len(line)) if line[at].isspace()), len(line))
            text = line[start:end]
        quoted = end > start and line[start] in _OPENING
        tokens.append(Token(text, place, end, named[1].lower().replace("_", "-") if named else None, quoted))
        place = end
    return tokens


def _skip_space(line: str, place: int) -> int:
    while place < len(line) and line[place].isspace():
        place += 1
    return place


def _read_quoted(line: str, start: int) -> tuple[str, int]:
    text: list[str] = []
    place = start + 1
    while place < len(line):
        if line[place] == "\\" and line[place + 1 : place + 2] in ("\\", *_CLOSING):
            place += 1
        elif line[place] in _CLOSING:
            return "".join(text), place + 1
        text.append(line[place])
        place += 1
    fixed = f'{line.strip()}"'
    raise NotUnderstood(
        f'A quote is left open at {short(line[start:], 30)} — close it with " at the end, or leave the quotes out.',
        suggestions=(fixed,) if len(fixed) <= 200 else (),
    )
