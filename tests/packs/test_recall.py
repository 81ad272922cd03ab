"""Recall questions and short levels: how they load, and what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mentorbot.packs import loader
from mentorbot.packs.schema import RecallQuestion
from tests.packs.breaking import RECALL, SKILL, Break, copy, swap

WRONG, RIGHT = "- A wrong choice that tempts\n", "- The right choice\n"


def test_the_questions_of_a_skill_are_loaded(pack: Path) -> None:
    (recall,) = loader.load(pack).pack().recall
    assert recall.skill == "first-skill"
    assert recall.questions == (
        RecallQuestion(
            id="first-recall",
            level=1,
            question="What would you ask in one or two sentences?",
            choices=("A wrong choice that tempts", "The right choice"),
            answer=2,
            why="Why it is right, and what the tempting one misses.",
        ),
    )


def test_they_stand_in_the_order_of_the_skills(pack: Path) -> None:
    for name, order in (("a-last", 3), ("z-second", 2)):
        copy(SKILL, f"skills/{name}.md")(pack)
        swap(f"skills/{name}.md", "order: 1", f"order: {order}")(pack)
        for kind, entry in (("tips", "tip"), ("recall", "recall")):
            copy(f"{kind}/first-skill.yaml", f"{kind}/{name}.yaml")(pack)
            swap(f"{kind}/{name}.yaml", "skill: first-skill", f"skill: {name}")(pack)
            swap(f"{kind}/{name}.yaml", f"id: first-{entry}", f"id: {name}-{entry}")(pack)
    swap("titles.yaml", "first-skill: 2", "first-skill: 2, a-last: 1, z-second: 1")(pack)
    loaded = loader.load(pack)
    assert loaded.issues == []
    assert [recall.skill for recall in loaded.pack().recall] == ["first-skill", "z-second", "a-last"]


def test_a_pack_may_have_none(pack: Path) -> None:
    shutil.rmtree(pack / "recall")
    assert loader.check(pack) == []
    assert loader.load(pack).pack().recall == ()
    (pack / "recall").mkdir()
    assert loader.check(pack) == []


@pytest.mark.parametrize(
    ("change", "where", "what", "instead"),
    [
        (swap(RECALL, "skill: first-skill", "skill: frist-skill"), f"{RECALL}:3", "no skill `frist", "`first-skill`"),
        (copy(RECALL, "recall/second.yaml"), "recall/second.yaml:3", "the file is called second", "one name"),
        (copy(RECALL, "recall/second.yaml"), "recall/second.yaml:5", f"taken at my-role/{RECALL}:5", "another"),
        (swap(RECALL, "answer: 2", "answer: 3"), f"{RECALL}:11", "is 3, but there are 2 choices", "1 to 2"),
        (swap(RECALL, "answer: 2", "answer: 0"), f"{RECALL}:11", "`answer` is 0, which is too small", "at least 1"),
        (swap(RECALL, "answer: 2", "answer: The"), f"{RECALL}:11", "`answer` is not a whole number", "digits"),
        (swap(RECALL, RIGHT, "- a wrong CHOICE that tempts\n"), f"{RECALL}:10", "same as choice 1", "another"),
        (swap(RECALL, WRONG, ""), f"{RECALL}:8", "`choices` has too few entries", "at least 2"),
        (swap(RECALL, WRONG, "- a\n      - b\n      - c\n      - d\n"), f"{RECALL}:8", "too many", "at most 4"),
        (swap(RECALL, WRONG, f"- {'x' * 76}\n"), f"{RECALL}:9", "this entry is too long", "75 characters"),
        (swap(RECALL, "What would", "x" * 300), f"{RECALL}:7", "`question` is too long", "300 characters"),
        (swap(RECALL, "why: Why", f"why: {'x' * 400}"), f"{RECALL}:12", "`why` is too long", "400 characters"),
        (swap(RECALL, "level: 1", "level: 5"), f"{RECALL}:6", "`level` is 5, which is too large", "at most 4"),
        (swap(RECALL, "level: 1", "level: 0"), f"{RECALL}:6", "`level` is 0, which is too small", "at least 1"),
        (swap(RECALL, "why:", "wye:"), f"{RECALL}:12", "`wye` is not a field", "did you mean `why`"),
        (swap(SKILL, "  - Not started\n", ""), f"{SKILL}:11", "`in_short` has too few entries", "at least 5"),
        (swap(SKILL, "Not started", "x" * 71), f"{SKILL}:12", "this entry is too long", "70 characters"),
        (swap(SKILL, "in_short:", "short:"), f"{SKILL}:2", "`in_short` is missing", "add the line in_short:"),
    ],
)
def test_a_fault_is_named(pack: Path, change: Break, where: str, what: str, instead: str) -> None:
    change(pack)
    faults = [str(fault) for fault in loader.check(pack.parent)]
    found = [fault for fault in faults if fault.startswith(f"my-role/{where}: ") and what in fault]
    assert found, faults
    assert instead in found[0].split("; ", 1)[1]


def test_the_faults_of_one_question_are_told_once_and_hide_no_other(pack: Path) -> None:
    text = (pack / RECALL).read_text()
    entry = text[text.index("  - id:") :].replace("first-recall", "second-recall")
    (pack / RECALL).write_text(text.replace("level: 1", "level: 9") + entry.replace("answer: 2", "answer: 4"))
    assert [(fault.line, fault.problem) for fault in loader.check(pack)] == [
        (6, "`level` is 9, which is too large"),
        (19, "`answer` is 4, but there are 2 choices"),
    ]
