"""Hints about what a pack's plans leave out."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorbot.packs import loader
from mentorbot.packs.coverage import planned_milestones
from mentorbot.packs.library import Library, builtin

from .pack_edits import STAGE, PackEdit, replace

RAISES = "raises: {first-skill: 1} # the level it leads to"
MORE_RESOURCES = "".join(
    f"  - {{id: more-{number}, title: T, author: A, kind: book, skills: [first-skill], note: N}}\n"
    for number in range(8)
)


def append(name: str, text: str) -> PackEdit:
    """Add text at the end of a file."""
    return lambda pack: (pack / name).write_text((pack / name).read_text() + text)


@pytest.mark.parametrize(
    ("edit", "hint"),
    [
        (replace(STAGE, RAISES, "raises: {}"), "no plan can contain `first-milestone`"),
        (replace(STAGE, RAISES, "raises: {first-skill: 2}"), "no plan can contain `first-milestone`"),
        (replace(STAGE, RAISES, "raises: {}\n    always: [all]"), "no milestone leads to level 1 of `first-skill`"),
        (append("resources.yaml", MORE_RESOURCES), "nobody sees `more-7` in a plan or on a skill"),
        (replace("titles.yaml", "{first-skill: 1}", "{first-skill: 2}"), "no milestone leads to level 2 of"),
        (replace("titles.yaml", "{first-skill: 1}", "{first-skill: 0}"), "no plan can contain `first-milestone`"),
        (
            replace("titles.yaml", "{first-skill: 1}", "{first-skill: 1}\n    years: 2"),
            "a plan from scratch reaches `first-title` in week 1, and `years` says 2",
        ),
    ],
)
def test_what_no_plan_shows_is_a_hint_and_no_issue(pack: Path, edit: PackEdit, hint: str) -> None:
    assert loader.hints(pack) == []
    edit(pack)
    assert loader.check(pack) == []
    assert any(found.problem.startswith(hint) and found.line for found in loader.hints(pack)), loader.hints(pack)


def test_a_skill_nothing_raises_is_a_hint_even_if_no_title_needs_it(pack: Path) -> None:
    replace("titles.yaml", "{first-skill: 1}", "{first-skill: 0}")(pack)
    replace(STAGE, RAISES, "raises: {}\n    always: [all]")(pack)
    assert [hint.problem for hint in loader.hints(pack)] == ["no milestone raises `first-skill`"]


def test_a_job_before_a_title_keeps_its_promise_of_years(pack: Path) -> None:
    replace("titles.yaml", "{first-skill: 1}", "{first-skill: 1}\n    years: 2")(pack)
    replace(STAGE, RAISES, f"{RAISES}\n    is_job: true")(pack)
    assert loader.hints(pack) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("always: [gone]", "there's no title `gone`"),
        ("after: [gone]", "there's no milestone `gone`"),
        ("alternatives: [gone]", "there's no milestone `gone`"),
        ("skip_at: {gone: 1}", "there's no skill `gone`"),
        ("after: [first-milestone]", "prerequisites go in a circle: first-milestone ← first-milestone"),
        ("calendar: 0", "`calendar` is 0, which is too small"),
    ],
)
def test_a_name_nothing_has_is_an_issue(pack: Path, line: str, problem: str) -> None:
    replace(STAGE, RAISES, f"{RAISES}\n    {line}")(pack)
    assert [issue.problem for issue in loader.check(pack)] == [problem]


@pytest.mark.parametrize("role", ["ai-architect", "engineering-manager"])
def test_the_packs_leave_nothing_out(role: str) -> None:
    assert loader.hints(builtin() / role) == []
    pack = Library.open(None, role).default
    assert planned_milestones(pack) == set(pack.milestones)


@pytest.mark.parametrize("role", ["ai-architect", "engineering-manager"])
def test_a_milestone_leads_to_every_level_of_every_skill(role: str) -> None:
    pack = Library.open(None, role).default
    reached = {pair for milestone in pack.milestones.values() for pair in milestone.raises.items()}
    assert reached == {(skill.id, level) for skill in pack.skills for level in range(1, 5)}
