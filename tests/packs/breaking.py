"""Ways to break a pack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Break = Callable[[Path], object]


def write(name: str, text: str | bytes) -> Break:
    return lambda pack: (pack / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def swap(name: str, old: str, new: str) -> Break:
    """Replace some text, which must be there."""

    def change(pack: Path) -> None:
        text = (pack / name).read_text()
        assert old in text
        (pack / name).write_text(text.replace(old, new, 1))

    return change


def copy(name: str, to: str) -> Break:
    def change(pack: Path) -> None:
        (pack / to).parent.mkdir(exist_ok=True)
        (pack / to).write_bytes((pack / name).read_bytes())

    return change


SOURCE = "  - {id: first-source, title: A, region: B, date: C}\n"
TIP = "tips/first-skill.yaml"
RECALL = "recall/first-skill.yaml"
SKILL = "skills/first-skill.md"
DUTY = "responsibilities/first-duty.md"
