"""What the check says of a whole pack: all at once, nothing twice, and nothing of what is in order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot.packs import loader, scaffold
from tests.packs.breaking import DUTY, RECALL, TIP, copy, swap, write

EVERY_KIND = [
    *(f"{name}.yaml" for name in loader.FILES),
    *("sections/path.md", "skills/first-skill.md", "faq/first-question.md", DUTY),
    *(TIP, RECALL, "interview/first-duty.yaml", "path/first-step.yaml"),
]


def test_the_scaffold_has_no_fault(pack: Path) -> None:
    assert loader.check(pack.parent) == []
    assert loader.check(pack) == []


@pytest.mark.parametrize("role", ["2026", "true", "null", "x"])
def test_a_scaffold_has_no_fault_whatever_its_name(tmp_path: Path, role: str) -> None:
    assert loader.check(scaffold.write(tmp_path, role)) == []


def test_an_entry_with_a_fault_is_not_said_to_be_missing_as_well(pack: Path) -> None:
    swap(TIP, "minutes: 20", "minutes: 45")(pack)
    assert len(loader.check(pack)) == 1


def test_a_fault_is_one_short_line_whatever_the_file_holds(pack: Path) -> None:
    swap(TIP, "level: foundation", f"level: {'x' * 100_000}")(pack)
    (pack / "faq" / os.fsdecode(b"\xff\x1b\n.txt")).touch()
    faults = [str(fault) for fault in loader.check(pack)]
    assert len(faults) == 2
    for fault in faults:
        assert fault.isprintable()
        assert len(fault) < 1000


def test_circles_are_named_all_at_once(pack: Path) -> None:
    text = (pack / "path/first-step.yaml").read_text()
    first = (
        text[text.index("  - id:") :]
        .replace("requires: []", "requires: [{before}]")
        .replace("{first-skill: 1}", "{{first-skill: 1}}")
    )
    pairs = (("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"))
    more = "".join(first.format(before=before).replace("first-milestone", name) for name, before in pairs)
    (pack / "path/first-step.yaml").write_text(text + more)
    faults = [str(fault) for fault in loader.check(pack)]
    assert len(faults) == 2
    assert "a ← b ← a" in faults[0] or "b ← a ← b" in faults[0]
    assert "c ← d ← c" in faults[1] or "d ← c ← d" in faults[1]


def test_a_broken_file_hides_no_missing_one_and_raises_no_fault_elsewhere(pack: Path) -> None:
    swap("pack.yaml", "author:", "autor:")(pack)
    swap("interview/first-duty.yaml", "responsibility:", "duty:")(pack)
    swap("sections/salary.md", "title:", "titel:")(pack)
    (pack / "sections/path.md").unlink()
    found = {(fault.file, fault.line) for fault in loader.check(pack)}
    assert found == {
        ("my-role/interview/first-duty.yaml", 3),
        ("my-role/pack.yaml", 3),
        ("my-role/pack.yaml", 8),
        ("my-role/sections/path.md", 0),
        ("my-role/sections/salary.md", 2),
    }


def test_windows_line_ends_and_a_byte_order_mark_are_no_faults(pack: Path) -> None:
    for path in pack.rglob("*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert loader.check(pack) == []


def test_all_faults_are_told_at_once_and_a_broken_file_blames_no_other(pack: Path) -> None:
    swap(TIP, "minutes: 20", "minutes: 45")(pack)
    swap("pack.yaml", "author:", "autor:")(pack)
    write("skills/first-skill.md", "---\ntitle: [\n---\n")(pack)
    files = {fault.file for fault in loader.check(pack)}
    assert files == {f"my-role/{TIP}", "my-role/pack.yaml", "my-role/skills/first-skill.md"}


def test_words_that_other_yaml_takes_for_something_else_stay_words(pack: Path) -> None:
    swap("salaries.yaml", "[A place]", "[no, on, 2026-01-01, Norway]")(pack)
    assert loader.check(pack) == []
    assert loader.load(pack).pack().salaries.top_paying == ("no", "on", "2026-01-01", "Norway")


def test_faults_of_every_sort_in_one_file_are_told_at_once(pack: Path) -> None:
    swap(TIP, "skill: first-skill", "skill: frist-skill\nbogus: 1")(pack)
    swap(TIP, "minutes: 20", "minutes: 45")(pack)
    text = (pack / TIP).read_text()
    entry = text[text.index("  - id:") :].replace("45", "20").replace("first-tip", "second-tip")
    linked = entry.replace("why: Why", "why: see [this](x)").replace("second-tip", "third-tip")
    (pack / TIP).write_text(text + entry + linked + entry)
    assert [(fault.line, fault.problem) for fault in loader.check(pack)] == [
        (3, "there is no skill `frist-skill`"),
        (4, "`bogus` is not a field that I know"),
        (8, "`minutes` is 45, which is too large"),
        (23, "a link cannot be shown in a chat"),
        (24, "the id `second-tip` is taken at my-role/tips/first-skill.yaml:12"),
    ]


@pytest.mark.parametrize(
    ("old", "new"), [("title: Own", "titel: Own"), ("title: Own", "title: [Own"), ("order: 2", "")]
)
def test_a_broken_step_does_not_make_its_milestones_unknown(pack: Path, old: str, new: str) -> None:
    copy("path/first-step.yaml", "path/second-step.yaml")(pack)
    swap("path/first-step.yaml", "requires: []", "requires: [second-milestone]")(pack)
    swap("path/second-step.yaml", "order: 1", "order: 2")(pack)
    swap("path/second-step.yaml", "id: first-milestone\n    title: Make", "id: second-milestone\n    title: Own")(pack)
    assert loader.check(pack) == []
    swap("path/second-step.yaml", old, new)(pack)
    assert {fault.file for fault in loader.check(pack)} == {"my-role/path/second-step.yaml"}


def test_loops_of_links_are_left_alone(pack: Path) -> None:
    (pack / "tips" / "loop").symlink_to(pack)
    (pack.parent / "loop").symlink_to("loop")
    assert loader.check(pack.parent) == []


def test_the_folder_of_packs_may_hold_its_readme_and_hidden_files(pack: Path) -> None:
    (pack.parent / "README.md").write_text("How to write a pack")
    (pack.parent / ".git").mkdir()
    (pack / ".hidden.swp").write_text("x")
    assert loader.check(pack.parent) == []


def test_a_folder_that_is_not_there_and_one_without_packs(tmp_path: Path) -> None:
    assert "there is no such folder" in str(loader.check(tmp_path / "nowhere")[0])
    assert "there is no role pack" in str(loader.check(tmp_path)[0])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(EVERY_KIND),
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
)
def test_no_bytes_crash_the_loader(pack: Path, name: str, content: bytes) -> None:
    before = (pack / name).read_bytes()
    for text in (content, before[: len(before) // 2] + content):
        (pack / name).write_bytes(text)
        loaded = loader.load(pack)
        assert all(fault.problem and fault.fix and str(fault).isprintable() for fault in loaded.issues)
        assert loaded.issues or loaded.pack().info.role == "my-role"
    (pack / name).write_bytes(before)
