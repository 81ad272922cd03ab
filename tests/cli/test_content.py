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
    untouched = run(env, "content", "check", str(tmp_path / "packs"))
    assert untouched.returncode == 1
    assert "my-role/pack.yaml:8: this still says “Your name”, as every new pack does" in untouched.stdout
    assert "isn't a field" not in untouched.stdout
    (tmp_path / "packs" / "my-role" / "pack.yaml").write_text("role: my-role\nnonsense: 1\n")
    result = run(env, "content", "check", str(tmp_path / "packs"))
    assert result.returncode == 1
    assert "my-role/pack.yaml:2: `nonsense` isn't a field I know" in result.stdout
