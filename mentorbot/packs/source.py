"""What is known of one file of a pack: its values, the line of each, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Place = tuple[str | int, ...]
"""Where a value stands in a file: the names of fields and the positions (from 0) that lead to it."""

MAX_SHOWN = 400
"""Characters of one part of a message; a longer one would bury the others."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a pack. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    what: str
    instead: str

    def __str__(self) -> str:
        return f"{_shown(self.file)}:{self.line}: {_shown(self.what)}; {_shown(self.instead)}"


def _shown(text: str) -> str:
    """`text` on one line and not endless: a pack may hold anything, and this is printed on a terminal."""
    short = text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in short)


class Unreadable(Exception):
    """A file that is no YAML or no text at all, so that nothing in it can be checked. Carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(slots=True)
class Source:
    """What one file holds. `lines` gives the line of a value by its place; `faults` did not stop the reading."""

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: Place, what: str, instead: str) -> Fault:
        """A fault of the value at `place`."""
        return Fault(self.file, self.line(place), what, instead)
