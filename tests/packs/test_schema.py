"""The models of a pack's files: the current and the old name of `aliases`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mentorbot.cli.content import content
from mentorbot.domain.step_guide import SmallerStep, StepGuide, StepSwap
from mentorbot.packs import json_schema, loader
from mentorbot.packs.schema import Section
from tests.packs.pack_edits import replace

SECTION = "sections/overview.md"
ALIASES = ("how people ask for overview in their own words",)


def _overview(pack: Path) -> Section:
    return next(section for section in loader.load(pack).pack().sections if section.id == "overview")


@pytest.mark.parametrize("name", ["aliases", "also"])
def test_aliases_are_read_by_their_current_and_their_old_name(pack: Path, name: str) -> None:
    replace(SECTION, "aliases:", f"{name}:")(pack)
    assert loader.check(pack) == []
    assert _overview(pack).aliases == ALIASES


def test_an_old_field_name_is_a_hint_and_no_issue(pack: Path) -> None:
    assert loader.hints(pack) == []
    replace(SECTION, "aliases:", "also:")(pack)
    assert [str(hint) for hint in loader.hints(pack)] == [
        f"my-role/{SECTION}:6: `also` is called `aliases` now; rename it (the old name still works)"
    ]
    assert loader.check(pack) == []
    assert "Hint: my-role/" in CliRunner().invoke(content, ["check", str(pack)]).output


def test_an_issue_in_aliases_is_reported_by_the_name_in_the_file(pack: Path) -> None:
    replace(SECTION, "aliases:", "also:\n  - 3")(pack)
    assert [str(issue) for issue in loader.check(pack)] == [
        f"my-role/{SECTION}:7: this entry isn't text; write words, in quotes when they look like a number"
    ]
    replace(SECTION, "also:\n  - 3", "also: 3\naliases:")(pack)
    assert [(issue.line, issue.problem) for issue in loader.check(pack)] == [(6, "`also` isn't a field I know")]


def test_the_json_schema_offers_the_current_name_only() -> None:
    properties = json_schema.json_schemas()["section"]["properties"]
    assert "aliases" in properties
    assert "also" not in properties


def test_a_step_finds_its_instructions_by_its_origin(pack: Path) -> None:
    loaded = loader.load(pack).pack()
    assert loaded.step_guides["milestone:first-milestone"] == StepGuide(
        do="What to do.",
        first="the first 30 minutes, something a beginner can do tonight.",
        readings=("A short title, chapter 1",),
        done_when="there's something to show.",
        smaller=SmallerStep("do a first small part of it", 2),
        swap=StepSwap("A different way to the same level"),
    )
    assert loaded.step_guides["tip:first-tip"] == StepGuide("What exactly to do, and what you have at the end.")
    for origin in ("", "first-milestone", "milestone:gone", "tip:first-milestone", "recall:first-tip"):
        assert loaded.step_guides.get(origin) is None


def test_markup_in_a_tip_is_plain_text_in_its_instructions(pack: Path) -> None:
    replace("tips/first-skill.yaml", "What exactly to do", "Run `ls` **twice**")(pack)
    guide = loader.load(pack).pack().step_guides["tip:first-tip"]
    assert guide == StepGuide("Run ls twice, and what you have at the end.")
