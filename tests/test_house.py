"""Rules of the house that no linter knows, checked over the syntax tree: the domain has no command lines, storage no prose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mentorbot
from mentorbot.commands import load_commands

PACKAGE = Path(mentorbot.__file__).parent
NOT_COMMANDS = {"progress"}
"""Strings of the domain that are also the name of a command: a level of visibility."""
OPERATOR_MESSAGES = {"database.py", "error_translation.py", "migrations.py"}
"""Modules of storage with messages for operators, who read them where the database fails to open."""


def modules(room: str) -> list[Path]:
    """All modules of a room, e.g. "domain"."""
    return sorted((PACKAGE / room).rglob("*.py"))


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of all strings but docstrings; what an f-string fills in becomes "…"."""
    tree = ast.parse(source)
    # Parts of an f-string are read with the whole of it, and a string that's a statement of its own is documentation.
    skipped = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.Expr)
        for child in ast.iter_child_nodes(node)
        if isinstance(child, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


def command_lines(source: str) -> list[tuple[int, str]]:
    """Find strings that begin with a registered command."""
    paths = set(load_commands().commands)
    longest = max(len(path) for path in paths)
    return [
        (line, text)
        for line, text in texts(source)
        if text not in NOT_COMMANDS and any(tuple(text.split()[:length]) in paths for length in range(1, longest + 1))
    ]


def sentences(source: str) -> list[tuple[int, str]]:
    """Find strings of three or more words that end in a full stop."""
    return [(line, text) for line, text in texts(source) if len(text.split()) >= 3 and text.rstrip().endswith(".")]


@pytest.mark.parametrize("module", modules("domain"), ids=lambda path: path.name)
def test_domain_holds_no_command_lines(module: Path) -> None:
    assert command_lines(module.read_text()) == []


@pytest.mark.parametrize("module", modules("storage"), ids=lambda path: path.name)
def test_storage_holds_no_prose(module: Path) -> None:
    if module.name not in OPERATOR_MESSAGES:
        assert sentences(module.read_text()) == []


def test_the_rules_find_offenders() -> None:
    assert command_lines('raise NotFound("No step.", suggestions=("plan show",))') == [(1, "plan show")]
    assert command_lines('line = f"plan step {number}"') == [(1, "plan step …")]
    assert sentences('def f():\n    """A docstring of its own."""\n    return f"The week of {week} is over."') == [
        (3, "The week of … is over.")
    ]
