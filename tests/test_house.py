"""Rules no linter knows: the domain has no command lines, storage has no prose, and the picture of the rooms is true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import grimp
import networkx as nx
import pytest

import mentorbot
from mentorbot.commands import load_commands

PACKAGE = Path(mentorbot.__file__).parent
NOT_COMMANDS = {"progress", "tip"}
"""Strings of the domain that are also the name of a command: a level of visibility, a kind of message."""
OPERATOR_MESSAGES = {"backups.py", "database.py", "error_translation.py", "migrations.py", "installations.py"}
"""Modules of storage with messages for operators, who read them where the database fails to open."""


def modules(room: str) -> list[Path]:
    """All modules of a room, e.g. "domain"."""
    return sorted((PACKAGE / room).rglob("*.py"))


def texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of all strings but docstrings; placeholders of an f-string become "…"."""
    tree = ast.parse(source)
    # An f-string is read as a whole, so its parts are skipped; a string that's a statement by itself is documentation.
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


def room_of(module: str) -> str:
    """The room a module is in; "" for the package itself."""
    return module.split(".")[1] if "." in module else ""


def test_picture_of_the_rooms_matches_the_imports() -> None:
    """Every arrow is an import, and every import follows arrows."""
    graph = grimp.build_graph("mentorbot")
    imports = {
        (room_of(importer), room_of(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    imports = {(importer, imported) for importer, imported in imports if importer != imported and importer and imported}
    picture: nx.DiGraph[str] = nx.DiGraph(
        re.findall(r"^ +(\w+) --> (\w+)$", (PACKAGE / "README.md").read_text(), re.MULTILINE)
    )
    assert set(picture.edges) <= imports
    assert imports <= set(nx.transitive_closure(picture).edges)
