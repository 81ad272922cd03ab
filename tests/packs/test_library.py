"""The packs of a running bot: refused at the start with all faults, kept while it runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest
import yaml

from mentorbot.errors import BadPack, BadSettings, OperatorError
from mentorbot.packs import json_schema, loader
from mentorbot.packs.library import Library, builtin
from mentorbot.packs.schema import Pack

TOP = Path(__file__).parents[2]


def change(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new, 1))
    about = path.stat()
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns + 1_000_000))


def test_a_broken_pack_is_refused_with_all_its_faults(pack: Path) -> None:
    change(pack / "pack.yaml", "author:", "autor:")
    change(pack / "titles.yaml", "name:", "nmae:")
    with pytest.raises(BadPack) as raised:
        Library.open(pack.parent, "my-role")
    assert "my-role/pack.yaml:8" in str(raised.value)
    assert "my-role/titles.yaml:6" in str(raised.value)


def test_a_running_bot_keeps_the_old_pack_until_the_new_one_is_whole(pack: Path) -> None:
    library = Library.open(pack.parent, "my-role")
    assert library.reload_if_changed() == []
    change(pack / "pack.yaml", "author: Your name", "autor: Me")
    assert library.reload_if_changed() != []
    assert library.default.info.author == "Your name"
    change(pack / "pack.yaml", "autor: Me", "author: Me")
    assert library.reload_if_changed() == []
    assert library.default.info.author == "Me"


def test_a_pack_that_vanishes_stays(pack: Path) -> None:
    library = Library.open(pack.parent, "my-role")
    pack.rename(pack.parent / "renamed")
    assert library.reload_if_changed() != []
    assert library.default.info.role == "my-role"


def test_an_unknown_role_names_those_that_there_are(pack: Path) -> None:
    with pytest.raises(BadSettings, match="my-role"):
        Library.open(pack.parent, "astronaut")


@pytest.fixture(scope="module")
def ai_architect() -> Pack:
    return Library.open(None, "ai-architect").default


def test_the_built_in_pack_is_as_rich_as_promised(ai_architect: Pack) -> None:
    counts = Library.open(None, "ai-architect").summaries()[0]["counts"]
    assert counts["skills"] == 7
    assert counts["tips"] >= 60
    assert counts["questions"] >= 32
    assert counts["faq"] == 5
    for tips in ai_architect.tips:
        assert {tip.level for tip in tips.tips} == {"foundation", "practice", "mastery"}
    assert all(len(entry.questions) >= 4 for entry in ai_architect.interview)
    assert all(len(skill.levels) == 5 for skill in ai_architect.skills)
    assert len(ai_architect.sections) == 10
    assert len(ai_architect.titles.titles) == 7
    assert len(ai_architect.responsibilities) == 8
    assert len(ai_architect.path) == 5


def test_every_level_of_every_skill_can_be_reached(ai_architect: Pack) -> None:
    milestones = {item.id: item for step in ai_architect.path for item in step.milestones}
    reached = {pair for item in milestones.values() for pair in item.raises.items()}
    assert reached == {(skill.id, level) for skill in ai_architect.skills for level in range(1, 5)}


def test_the_schemas_are_those_of_the_code() -> None:
    folder = TOP / "content" / "schema"
    assert {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")} == json_schema.json_schemas()


def test_a_schema_refuses_what_the_check_refuses() -> None:
    schemas = json_schema.json_schemas()
    tips = yaml.safe_load((builtin() / "ai-architect/tips/cloud.yaml").read_text())
    jsonschema.validate(tips, schemas["tips"])
    for field, value in (("minutes", 45), ("level", "expert"), ("id", "Not An Id"), ("bogus", 1)):
        broken = {**tips, "tips": [{**tips["tips"][0], field: value}]}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schemas["tips"])


def test_front_matter_is_valid_by_its_schema() -> None:
    kinds = {"sections": "section", "responsibilities": "responsibility", "skills": "skill", "faq": "question"}
    for folder, name in kinds.items():
        files = list((builtin() / "ai-architect" / folder).glob("*.md"))
        assert len(files) >= 5
        for path in files:
            jsonschema.validate(yaml.safe_load(path.read_text().split("---\n")[1]), json_schema.json_schemas()[name])


def test_schemas_are_written_and_are_no_pack(pack: Path) -> None:
    written = json_schema.export(pack.parent / "schema")
    assert {path.stem: json.loads(path.read_text()) for path in written} == json_schema.json_schemas()
    assert loader.check(pack.parent) == []
    with pytest.raises(OperatorError, match="cannot be written"):
        json_schema.export(pack / "pack.yaml" / "schema")


def test_the_files_are_valid_by_the_schemas_that_they_name() -> None:
    schemas = json_schema.json_schemas()
    files = list(builtin().rglob("ai-architect/**/*.yaml"))
    assert len(files) >= 20
    for path in files:
        first = path.read_text().splitlines()[0]
        name = Path(first.rpartition("$schema=")[2]).stem
        jsonschema.validate(yaml.safe_load(path.read_text()), schemas[name])
