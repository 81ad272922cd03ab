"""`mentorbot data`: listing, exporting and erasing what's stored."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import run

LOCAL = "local/local"


def test_operator_exports_and_erases_a_person_and_a_workspace(env: dict[str, str], tmp_path: Path) -> None:
    for name in ("ada", "grace"):
        run(env, "say", f"/mentor plan add {name} reads a book", "--as", name)
    assert run(env, "data", "list").stdout.split() == [LOCAL]
    person = json.loads(run(env, "data", "export", "--person", "local/ada").stdout)
    assert [step["text"] for step in person[LOCAL]["steps"]] == ["ada reads a book"]
    erased = run(env, "data", "erase", "--person", "local/ada", "--yes")
    assert erased.stdout.startswith("Erased")
    assert not any(b"ada reads" in path.read_bytes() for path in (tmp_path / "data").rglob("*.db*"))
    file = tmp_path / "all.json"
    run(env, "data", "export", "--workspace", LOCAL, "--to", str(file))
    assert "grace reads a book" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0
    assert run(env, "data", "erase", "--workspace", LOCAL, "--yes").returncode == 0
    assert "No workspaces yet." in run(env, "data", "list").stdout


def test_erasing_asks_first_and_names_what_it_is_about(env: dict[str, str]) -> None:
    run(env, "say", "/mentor plan add Read a book", "--as", "ada")
    refused = run(env, "data", "erase", "--person", "local/ada")
    assert refused.returncode == 1
    assert "Erase everything about local/ada?" in refused.stdout
    assert run(env, "data", "export", "--person", "local/ada").returncode == 0


def test_wrong_references_are_explained(env: dict[str, str]) -> None:
    assert "slack/T0123" in run(env, "data", "export", "--workspace", "T0123").stderr
    assert "--workspace or --person" in run(env, "data", "erase").stderr
    run(env, "say", "/mentor plan add Read a book")
    unknown = run(env, "data", "erase", "--person", "slack/U1", "--yes")
    assert unknown.returncode == 1
    assert "mentorbot data list" in unknown.stderr
