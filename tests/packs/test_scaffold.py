"""The scaffold of a new pack, and the copy of it in content/README.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mentorbot.errors import OperatorError
from mentorbot.packs import scaffold

README = Path(__file__).parents[2] / "content" / "README.md"


@pytest.mark.parametrize("role", ["", "My Role", "x" * 60, "../up"])
def test_an_invalid_role_is_refused(tmp_path: Path, role: str) -> None:
    with pytest.raises(OperatorError, match="hyphens"):
        scaffold.write(tmp_path, role)


def test_a_reserved_folder_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="holds no pack"):
        scaffold.write(tmp_path, "schema")


def test_an_existing_pack_is_not_overwritten(pack: Path) -> None:
    with pytest.raises(OperatorError, match="already exists"):
        scaffold.write(pack.parent, "my-role")


def test_the_readme_shows_the_scaffolded_files(pack: Path) -> None:
    examples = dict(re.findall(r"^### `(.+?)`\n\n```\w+\n(.+?)^```$", README.read_text(), re.DOTALL | re.MULTILINE))
    files = {str(path.relative_to(pack)): path.read_text() for path in pack.rglob("*.*")}
    assert examples == {name: text for name, text in files.items() if name in examples}
    assert {name.partition("/")[0] for name in examples} == {name.partition("/")[0] for name in files}
