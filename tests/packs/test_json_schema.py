"""The JSON Schemas of a pack's files: up to date, and as strict as the check."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from mentorbot.errors import OperatorError
from mentorbot.packs import json_schema, loader
from mentorbot.packs.library import builtin

REPOSITORY = Path(__file__).parents[2]


def test_the_schemas_in_content_are_up_to_date() -> None:
    folder = REPOSITORY / "content" / "schema"
    assert {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")} == json_schema.json_schemas()


def test_a_schema_refuses_invalid_fields() -> None:
    schemas = json_schema.json_schemas()
    tips = yaml.safe_load((builtin() / "ai-architect/tips/cloud.yaml").read_text())
    jsonschema.validate(tips, schemas["tips"])
    for field, value in (("minutes", 45), ("level", "expert"), ("id", "Not An Id"), ("bogus", 1)):
        broken = {**tips, "tips": [{**tips["tips"][0], field: value}]}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schemas["tips"])


def test_front_matter_matches_its_schema() -> None:
    kinds = {"sections": "section", "responsibilities": "responsibility", "skills": "skill", "faq": "question"}
    for folder, name in kinds.items():
        files = list((builtin() / "ai-architect" / folder).glob("*.md"))
        assert len(files) >= 5
        for path in files:
            jsonschema.validate(yaml.safe_load(path.read_text().split("---\n")[1]), json_schema.json_schemas()[name])


def test_exported_schemas_are_not_taken_for_a_pack(pack: Path) -> None:
    written = json_schema.export(pack.parent / "schema")
    assert {path.stem: json.loads(path.read_text()) for path in written} == json_schema.json_schemas()
    assert loader.check(pack.parent) == []
    with pytest.raises(OperatorError, match="can't be written"):
        json_schema.export(pack / "pack.yaml" / "schema")


def test_yaml_files_match_the_schema_they_name() -> None:
    schemas = json_schema.json_schemas()
    files = list(builtin().rglob("ai-architect/**/*.yaml"))
    assert len(files) >= 20
    for path in files:
        first = path.read_text().splitlines()[0]
        name = Path(first.rpartition("$schema=")[2]).stem
        jsonschema.validate(yaml.safe_load(path.read_text()), schemas[name])
