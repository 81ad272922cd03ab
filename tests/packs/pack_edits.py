"""Edits of a scaffolded pack. Most of them break it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

PackEdit = Callable[[Path], object]
"""An edit of the pack in a folder; its result doesn't matter."""


def write(name: str, text: str | bytes) -> PackEdit:
    """Write a whole file."""
    return lambda pack: (pack / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def replace(name: str, old: str, new: str) -> PackEdit:
    """Replace the first occurrence of `old`, which must be there."""

    def edit(pack: Path) -> None:
        text = (pack / name).read_text()
        assert old in text
        (pack / name).write_text(text.replace(old, new, 1))

    return edit


def copy(name: str, to: str) -> PackEdit:
    """Copy a file, and make the folder it goes to."""

    def edit(pack: Path) -> None:
        (pack / to).parent.mkdir(exist_ok=True)
        (pack / to).write_bytes((pack / name).read_bytes())

    return edit


CITATION = "  - {id: first-source, title: A, region: B, date: C}\n"
TIP = "tips/first-skill.yaml"
RECALL = "recall/first-skill.yaml"
ANSWERS = "answers/first-skill.yaml"
SKILL = "skills/first-skill.md"
RESPONSIBILITY = "responsibilities/first-duty.md"
STAGE = "path/first-step.yaml"
