"""The packs of a running bot: invalid ones are refused at the start, and never replace a valid one later."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mentorbot.errors import BadPack, BadSettings
from mentorbot.packs.library import Library


def edit(path: Path, old: str, new: str) -> None:
    """Replace some text, and move the modification time on, which two quick writes may not do."""
    path.write_text(path.read_text().replace(old, new, 1))
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))


def test_an_invalid_pack_is_refused_with_all_its_issues(pack: Path) -> None:
    edit(pack / "pack.yaml", "author:", "autor:")
    edit(pack / "titles.yaml", "name:", "nmae:")
    with pytest.raises(BadPack) as raised:
        Library.open(pack.parent, "my-role")
    assert "my-role/pack.yaml:8" in str(raised.value)
    assert "my-role/titles.yaml:6" in str(raised.value)


def test_reload_keeps_the_old_pack_until_the_new_one_is_valid(pack: Path) -> None:
    library = Library.open(pack.parent, "my-role")
    assert library.reload_if_changed() == []
    edit(pack / "pack.yaml", "author: Your name", "autor: Me")
    assert library.reload_if_changed() != []
    assert library.default.info.author == "Your name"
    edit(pack / "pack.yaml", "autor: Me", "author: Me")
    assert library.reload_if_changed() == []
    assert library.default.info.author == "Me"


def test_reload_keeps_a_pack_whose_folder_is_gone(pack: Path) -> None:
    library = Library.open(pack.parent, "my-role")
    pack.rename(pack.parent / "renamed")
    assert library.reload_if_changed() != []
    assert library.default.info.role == "my-role"


def test_an_unknown_role_is_refused_with_a_list_of_roles(pack: Path) -> None:
    with pytest.raises(BadSettings, match="my-role"):
        Library.open(pack.parent, "astronaut")
