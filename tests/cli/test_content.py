"""`mentorbot content`: list, scaffold and check role packs."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import run


def test_content_list_new_and_check(env: dict[str, str], tmp_path: Path) -> None:
    assert run(env, "content", "check").returncode == 0
    pack = json.loads(run(env, "content", "list", "--json").stdout)[0]
    assert pack["role"] == "ai-architect"
    assert set(pack["counts"]) == {"skills", "tips", "questions", "faq", "milestones"}
    assert run(env, "content", "new", "my-role", "--in", str(tmp_path / "packs")).returncode == 0
    assert run(env, "content", "check", str(tmp_path / "packs")).returncode == 0
    (tmp_path / "packs" / "my-role" / "pack.yaml").write_text("role: my-role\nnonsense: 1\n")
    result = run(env, "content", "check", str(tmp_path / "packs"))
    assert result.returncode == 1
    assert "my-role/pack.yaml:2: `nonsense` isn't a field I know" in result.stdout


def test_check_says_what_discord_has_no_room_for(env: dict[str, str], tmp_path: Path) -> None:
    run(env, "content", "new", "my-role", "--in", str(tmp_path))
    long = "a-name-with-more-than-thirty-two-characters"
    for path in list((tmp_path / "my-role").rglob("*.*")):
        path.write_text(path.read_text(encoding="utf-8").replace("first-skill", long), encoding="utf-8")
        path.rename(path.with_name(path.name.replace("first-skill", long)))
    result = run(env, "content", "check", str(tmp_path))
    assert (result.returncode, result.stdout) == (0, "No errors.\n")
    assert f"Discord's “assess” leaves out {long}" in result.stderr
