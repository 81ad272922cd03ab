"""An issue in a pack, as its author reads it: the file, the line, the problem, and the fix."""

from __future__ import annotations

from dataclasses import dataclass

FieldPath = tuple[str | int, ...]
"""The position of a value in a file: the field names and list indexes (from 0) that lead to it."""
MAX_TEXT_LENGTH = 400
"""Characters of one text in a message; a longer one would bury the other issues."""


@dataclass(frozen=True, slots=True, order=True)
class PackIssue:
    """One mistake in a pack. `line` counts from 1; 0 stands for the whole file."""

    file: str
    line: int
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"{_printable(self.file)}:{self.line}: {_printable(self.problem)}; {_printable(self.fix)}"


def _printable(text: str) -> str:
    """Fit `text` on one short line.

    A pack may hold anything, and this is printed on a terminal, so control characters are escaped.
    """
    short = text if len(text) <= MAX_TEXT_LENGTH else f"{text[: MAX_TEXT_LENGTH - 1]}…"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in short)


class UnreadableFile(Exception):
    """A file that isn't text or isn't YAML, so nothing in it can be checked. `issues` are its mistakes, one or more."""

    def __init__(self, *issues: PackIssue) -> None:
        super().__init__("\n".join(map(str, issues)))
        self.issues = issues
