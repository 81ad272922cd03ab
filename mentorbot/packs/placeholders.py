"""Placeholders an author hasn't filled in yet: texts still as `mentorbot content new` put them there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from mentorbot.packs import scaffold
from mentorbot.packs.issues import FieldPath, PackIssue, UnreadableFile
from mentorbot.packs.loader import packs_in
from mentorbot.packs.parsed_file import ParsedFile, parse_file, read_file

_KEPT = (
    "id",
    "role",
    "source",
    "skill",
    "about",
    "resource",
    "level",
    "kind",
    "currency",
    "licence",
    "version",
    "label",
    "part",
)
"""Fields whose value in a new pack may well be the right one."""
_FIGURES = ("low", "high")
"""Numbers that count as texts: pay that no source gives mustn't be taken for someone's."""
_MIN_WORDS = 2
"""Words of a text that could only be a placeholder. `Overview` is a good title, and `experience` drives pay somewhere."""


def placeholders(folder: Path) -> list[PackIssue]:
    """List the texts in a folder of packs, or in one pack, that are still those of a new pack."""
    return sorted(issue for pack in packs_in(folder)[0] for issue in _in_pack(pack))


def _in_pack(pack: Path) -> Iterator[PackIssue]:
    for path in sorted(pack.rglob("*.*")):
        if path.suffix not in (".yaml", ".md"):
            continue
        try:
            file = read_file(path, f"{pack.name}/{path.relative_to(pack)}")
        except UnreadableFile:
            continue  # an issue of its own
        kind = path.relative_to(pack).parts[0]
        for where, text in _texts(file.values):
            if _plain(text) in _placeholder_texts().get(_field(kind, where), ()):
                fix = "write your source's figure" if where[-1] in _FIGURES else "write your own text"
                yield file.issue(where, f"this still says “{_plain(text)}”, as every new pack does", fix)


@cache
def _placeholder_texts() -> dict[tuple[str, ...], set[str]]:
    """The texts of a new pack, by file and field."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name, text in scaffold.texts("my-role").items():
        file: ParsedFile = parse_file(text, Path(name).suffix, name)
        for where, value in _texts(file.values):
            field = _field(Path(name).parts[0], where)
            if (len(value.split()) >= _MIN_WORDS and field[-1] not in _KEPT) or field[-1] in _FIGURES:
                found.setdefault(field, set()).add(_plain(value))
    return found


def _field(kind: str, path: FieldPath) -> tuple[str, ...]:
    """Name a field regardless of its place in a list."""
    return (kind, *(str(part) for part in path if isinstance(part, str)))


def _texts(value: Any, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str]]:
    """Yield each text and figure in a file's values, with its position."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, int) and path[-1] in _FIGURES:
        yield path, str(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
