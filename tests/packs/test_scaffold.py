"""A new pack, and its example in content/README.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mentorbot.errors import OperatorError
from mentorbot.packs import scaffold

README = Path(__file__).parents[2] / "content" / "README.md"


@pytest.mark.parametrize("role", ["", "My Role", "x" * 60, "../up"])
def test_a_new_pack_needs_a_good_name(tmp_path: Path, role: str) -> None:
    with pytest.raises(OperatorError, match="hyphens"):
        scaffold.write(tmp_path, role)


def test_a_new_pack_is_not_called_as_a_folder_that_holds_none(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="holds no pack"):
        scaffold.write(tmp_path, "schema")


def test_a_new_pack_overwrites_nothing(pack: Path) -> None:
    with pytest.raises(OperatorError, match="is there already"):
        scaffold.write(pack.parent, "my-role")


def test_the_readme_shows_what_is_written(pack: Path) -> None:
    shown = dict(re.findall(r"^### `(.+?)`\n\n```\w+\n(.+?)^```$", README.read_text(), re.DOTALL | re.MULTILINE))
    files = {str(path.relative_to(pack)): path.read_text() for path in pack.rglob("*.*")}
    assert shown == {name: text for name, text in files.items() if name in shown}
    assert {name.partition("/")[0] for name in shown} == {name.partition("/")[0] for name in files}
