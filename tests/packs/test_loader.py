"""Loading and checking a whole pack: every issue at once, none of them twice, and none without a reason."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot.domain.step_guide import StepGuide
from mentorbot.packs import loader, scaffold
from mentorbot.packs.schema import RecallQuestion
from tests.packs.pack_edits import ANSWERS, RECALL, RESPONSIBILITY, SKILL, STAGE, TIP, copy, replace, write

FILE_OF_EVERY_KIND = [
    *(f"{name}.yaml" for name in loader.FILES),
    *("sections/path.md", "skills/first-skill.md", "faq/first-question.md", RESPONSIBILITY),
    *(TIP, RECALL, "interview/first-duty.yaml", "path/first-step.yaml"),
]


def test_a_scaffolded_pack_has_no_issues(pack: Path) -> None:
    assert loader.check(pack.parent) == []
    assert loader.check(pack) == []


@pytest.mark.parametrize("role", ["2026", "true", "null", "x"])
def test_a_scaffolded_pack_has_no_issues_whatever_its_role(tmp_path: Path, role: str) -> None:
    assert loader.check(scaffold.write(tmp_path, role)) == []


def test_an_invalid_entry_is_not_reported_as_missing_too(pack: Path) -> None:
    replace(TIP, "minutes: 20", "minutes: 45")(pack)
    assert len(loader.check(pack)) == 1


def test_an_issue_is_one_short_printable_line_whatever_the_file_holds(pack: Path) -> None:
    replace(TIP, "level: foundation", f"level: {'x' * 100_000}")(pack)
    (pack / "faq" / os.fsdecode(b"\xff\x1b\n.txt")).touch()
    issues = [str(issue) for issue in loader.check(pack)]
    assert len(issues) == 2
    for issue in issues:
        assert issue.isprintable()
        assert len(issue) < 1000


def test_all_cycles_of_prerequisites_are_reported_at_once(pack: Path) -> None:
    text = (pack / "path/first-step.yaml").read_text()
    first = text[text.index("  - id:") :]
    pairs = (("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"))
    more = "".join(
        first.replace("requires: []", f"requires: [{before}]").replace("first-milestone", name)
        for name, before in pairs
    )
    (pack / "path/first-step.yaml").write_text(text + more)
    issues = [str(issue) for issue in loader.check(pack)]
    assert len(issues) == 2
    assert "a ← b ← a" in issues[0] or "b ← a ← b" in issues[0]
    assert "c ← d ← c" in issues[1] or "d ← c ← d" in issues[1]


def test_an_invalid_file_hides_no_missing_one_and_raises_no_issues_elsewhere(pack: Path) -> None:
    replace("pack.yaml", "author:", "autor:")(pack)
    replace("interview/first-duty.yaml", "responsibility:", "duty:")(pack)
    replace("sections/salary.md", "title:", "titel:")(pack)
    (pack / "sections/path.md").unlink()
    assert {(issue.file, issue.line) for issue in loader.check(pack)} == {
        ("my-role/interview/first-duty.yaml", 3),
        ("my-role/pack.yaml", 3),
        ("my-role/pack.yaml", 8),
        ("my-role/sections/path.md", 0),
        ("my-role/sections/salary.md", 2),
    }


def test_windows_line_endings_and_a_byte_order_mark_are_fine(pack: Path) -> None:
    for path in pack.rglob("*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert loader.check(pack) == []


def test_issues_of_all_files_are_reported_at_once_and_an_unreadable_file_blames_no_other(pack: Path) -> None:
    replace(TIP, "minutes: 20", "minutes: 45")(pack)
    replace("pack.yaml", "author:", "autor:")(pack)
    write("skills/first-skill.md", "---\ntitle: [\n---\n")(pack)
    files = {issue.file for issue in loader.check(pack)}
    assert files == {f"my-role/{TIP}", "my-role/pack.yaml", "my-role/skills/first-skill.md"}


def test_yaml_1_1_booleans_and_dates_stay_text(pack: Path) -> None:
    replace("salaries.yaml", "[A place]", "[no, on, 2026-01-01, Norway]")(pack)
    assert loader.check(pack) == []
    salaries = loader.load(pack).pack().salaries
    assert salaries is not None
    assert salaries.top_paying == ("no", "on", "2026-01-01", "Norway")


def test_issues_of_every_sort_in_one_file_are_reported_at_once(pack: Path) -> None:
    replace(TIP, "skill: first-skill", "skill: frist-skill\nbogus: 1")(pack)
    replace(TIP, "minutes: 20", "minutes: 45")(pack)
    text = (pack / TIP).read_text()
    entry = text[text.index("  - id:") :].replace("45", "20").replace("first-tip", "second-tip")
    linked = entry.replace("why: Why", "why: see [this](x)").replace("second-tip", "third-tip")
    (pack / TIP).write_text(text + entry + linked + entry)
    assert [(issue.line, issue.problem) for issue in loader.check(pack)] == [
        (3, "there's no skill `frist-skill`"),
        (4, "`bogus` isn't a field I know"),
        (8, "`minutes` is 45, which is too large"),
        (23, "a link can't be shown in a chat"),
        (24, "the id `second-tip` is taken at my-role/tips/first-skill.yaml:12"),
    ]


@pytest.mark.parametrize(
    ("old", "new"), [("title: Own", "titel: Own"), ("title: Own", "title: [Own"), ("order: 2", "")]
)
def test_an_invalid_path_stage_does_not_make_its_milestones_unknown(pack: Path, old: str, new: str) -> None:
    copy("path/first-step.yaml", "path/second-step.yaml")(pack)
    replace("path/first-step.yaml", "requires: []", "requires: [second-milestone]")(pack)
    replace("path/second-step.yaml", "order: 1", "order: 2")(pack)
    replace("path/second-step.yaml", "id: first-milestone\n    title: Make", "id: second-milestone\n    title: Own")(
        pack
    )
    assert loader.check(pack) == []
    replace("path/second-step.yaml", old, new)(pack)
    assert {issue.file for issue in loader.check(pack)} == {"my-role/path/second-step.yaml"}


def test_symlink_loops_are_ignored(pack: Path) -> None:
    (pack / "tips" / "loop").symlink_to(pack)
    (pack.parent / "loop").symlink_to("loop")
    assert loader.check(pack.parent) == []


def test_a_folder_of_packs_may_hold_a_readme_and_hidden_files(pack: Path) -> None:
    (pack.parent / "README.md").write_text("How to write a pack")
    (pack.parent / ".git").mkdir()
    (pack / ".hidden.swp").write_text("x")
    assert loader.check(pack.parent) == []


def test_a_missing_folder_and_a_folder_without_packs_are_issues(tmp_path: Path) -> None:
    assert "there's no such folder" in str(loader.check(tmp_path / "nowhere")[0])
    assert "there's no role pack" in str(loader.check(tmp_path)[0])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(FILE_OF_EVERY_KIND),
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
)
def test_no_bytes_crash_the_loader(pack: Path, name: str, content: bytes) -> None:
    before = (pack / name).read_bytes()
    for text in (content, before[: len(before) // 2] + content):
        (pack / name).write_bytes(text)
        loaded = loader.load(pack)
        assert all(issue.problem and issue.fix and str(issue).isprintable() for issue in loaded.issues)
        assert loaded.issues or loaded.pack().info.role == "my-role"
    (pack / name).write_bytes(before)


def test_the_recall_questions_of_a_skill_are_loaded(pack: Path) -> None:
    (recall,) = loader.load(pack).pack().recall
    assert recall.skill == "first-skill"
    assert recall.questions == (
        RecallQuestion(
            id="first-recall",
            level=1,
            question="What would you ask in one or two sentences?",
            choices=("A wrong choice that tempts", "The right choice"),
            answer=2,
            why="Why it's right, for those who knew.",
            wrong="What the tempting choice misses, for those who chose it.",
        ),
    )


def test_recall_questions_are_in_the_order_of_the_skills(pack: Path) -> None:
    for name, order in (("a-last", 3), ("z-second", 2)):
        copy(SKILL, f"skills/{name}.md")(pack)
        replace(f"skills/{name}.md", "order: 1", f"order: {order}")(pack)
        replace(f"skills/{name}.md", "short: A short name", f"short: {name}")(pack)
        for kind, entry in (("tips", "tip"), ("recall", "recall")):
            copy(f"{kind}/first-skill.yaml", f"{kind}/{name}.yaml")(pack)
            replace(f"{kind}/{name}.yaml", "skill: first-skill", f"skill: {name}")(pack)
            replace(f"{kind}/{name}.yaml", f"id: first-{entry}", f"id: {name}-{entry}")(pack)
    replace("titles.yaml", "first-skill: 1", "first-skill: 1, a-last: 1, z-second: 1")(pack)
    for level in range(3):
        replace("personas.yaml", f"{{first-skill: {level}}}", f"{{first-skill: {level}, a-last: 0, z-second: 0}}")(pack)
    loaded = loader.load(pack)
    assert loaded.issues == []
    assert [recall.skill for recall in loaded.pack().recall] == ["first-skill", "z-second", "a-last"]


def test_a_pack_from_before_the_instructions_loads_though_the_check_asks_for_them(pack: Path) -> None:
    (pack / "personas.yaml").unlink()
    replace(SKILL, "short: A short name\n", "")(pack)
    lines = (pack / STAGE).read_text().splitlines(keepends=True)
    (pack / STAGE).write_text("".join(lines[:10] + lines[13:17]))
    assert [issue.problem for issue in loader.check(pack)] == [
        "`first` is missing in `first-milestone`",
        "`readings` is missing in `first-milestone`",
        "`smaller` is missing in `first-milestone`",
        "`swap` is missing in `first-milestone`",
        "this file is missing",
        "`short` is missing: cards would show “First skill”",
    ]
    loaded = loader.load(pack)
    assert loaded.issues == []
    assert loaded.pack().skill_names == {"first-skill": "First skill"}
    assert loaded.pack().personas == ()
    guide = loaded.pack().step_guides["milestone:first-milestone"]
    assert guide == StepGuide("What to do.", done_when="there's something to show.")


def test_an_invalid_resource_is_not_reported_where_it_is_recommended(pack: Path) -> None:
    replace("resources.yaml", "kind: book", "kind: film")(pack)
    assert [(issue.file, issue.line) for issue in loader.check(pack)] == [("my-role/resources.yaml", 8)]


def test_a_pack_may_have_no_recall_questions(pack: Path) -> None:
    shutil.rmtree(pack / "recall")
    assert loader.check(pack) == []
    assert loader.load(pack).pack().recall == ()
    (pack / "recall").mkdir()
    assert loader.check(pack) == []


def test_short_answers_are_about_a_skill_or_a_section_and_named_after_it(pack: Path) -> None:
    copy(ANSWERS, "answers/growth.yaml")(pack)
    replace("answers/growth.yaml", "about: first-skill", "about: growth")(pack)
    replace("answers/growth.yaml", "id: first-answer", "id: second-answer")(pack)
    loaded = loader.load(pack)
    assert loaded.issues == []
    assert [(answers.about, answers.answers[0].id) for answers in loaded.pack().answers] == [
        ("first-skill", "first-answer"),
        ("growth", "second-answer"),
    ]
    replace("answers/growth.yaml", "about: growth", "about: grwoth")(pack)
    replace(ANSWERS, "about: first-skill", "about: overview")(pack)
    assert [(issue.file, issue.line) for issue in loader.check(pack)] == [
        ("my-role/answers/first-skill.yaml", 3),
        ("my-role/answers/growth.yaml", 3),
    ]


def test_a_pack_may_have_no_short_answers(pack: Path) -> None:
    shutil.rmtree(pack / "answers")
    assert loader.check(pack) == []
    assert loader.load(pack).pack().answers == ()


def test_an_invalid_recall_question_is_reported_once_and_hides_no_other(pack: Path) -> None:
    text = (pack / RECALL).read_text()
    entry = text[text.index("  - id:") :].replace("first-recall", "second-recall")
    (pack / RECALL).write_text(text.replace("level: 1", "level: 9") + entry.replace("answer: 2", "answer: 4"))
    assert [(issue.line, issue.problem) for issue in loader.check(pack)] == [
        (6, "`level` is 9, which is too large"),
        (20, "`answer` is 4, but there are 2 choices"),
    ]
