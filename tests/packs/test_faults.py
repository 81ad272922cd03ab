"""Every fault that an author can make is named with its file and line, and with what to write instead."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot.errors import OperatorError
from mentorbot.packs import load, scaffold

Break = Callable[[Path], object]


def write(name: str, text: str | bytes) -> Break:
    return lambda pack: (pack / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def swap(name: str, old: str, new: str) -> Break:
    """Replace some text, which must be there."""

    def change(pack: Path) -> None:
        text = (pack / name).read_text()
        assert old in text
        (pack / name).write_text(text.replace(old, new, 1))

    return change


TIP = "tips/first-skill.yaml"
DUTY = "responsibilities/first-duty.md"


@pytest.mark.parametrize(
    ("change", "where", "what", "instead"),
    [
        (swap("pack.yaml", "author:", "autor:"), "pack.yaml:8", "`autor` is not a field", "did you mean `author`"),
        (swap("pack.yaml", "author: Your name\n", ""), "pack.yaml:3", "`author` is missing", "add the line author:"),
        (swap("pack.yaml", "author: Your name", "author: [x]"), "pack.yaml:8", "`author` is not text", "write words"),
        (
            swap("pack.yaml", 'version: "0.1"', "version: one"),
            "pack.yaml:5",
            "`version` is not written as it should be",
            "2026.1",
        ),
        (
            swap("pack.yaml", 'role: "my-role"', "role: other"),
            "pack.yaml:3",
            "the role is other, the folder my-role",
            "one name",
        ),
        (
            swap("pack.yaml", 'role: "my-role"', "role: My Role"),
            "pack.yaml:3",
            "not written as it should be",
            "hyphens",
        ),
        (
            swap("pack.yaml", "licence: MIT", "licence: MIT\nlicence: MIT"),
            "pack.yaml:10",
            "second time",
            "keep this or line 9",
        ),
        (swap(TIP, "minutes: 20", "minutes: 45"), f"{TIP}:7", "`minutes` is 45, which is too large", "at most 30"),
        (swap(TIP, "minutes: 20", "minutes: twenty"), f"{TIP}:7", "`minutes` is not a whole number", "digits"),
        (swap(TIP, "minutes: 20", "\tminutes: 20"), f"{TIP}:7", "there is a tab", "spaces"),
        (
            swap(TIP, "level: foundation", "level: expert"),
            f"{TIP}:6",
            "'expert', which is not one of the choices",
            "foundation",
        ),
        (
            swap(TIP, "skill: first-skill", "skill: frist-skill"),
            f"{TIP}:3",
            "there is no skill `frist-skill`",
            "`first-skill`",
        ),
        (swap(TIP, "why: Why", "why: see [this](x) Why"), f"{TIP}:10", "a link cannot be shown", "**bold**"),
        (
            swap("titles.yaml", "{first-skill: 2}", "{first-skill: 7}"),
            "titles.yaml:9",
            "`first-skill` is 7",
            "at most 4",
        ),
        (
            swap("titles.yaml", "{first-skill: 2}", "{}"),
            "titles.yaml:9",
            "does not say what it needs of first-skill",
            "0 to 4",
        ),
        (
            swap("salaries.yaml", "low: 50000, high: 60000", "low: 9, high: 8"),
            "salaries.yaml:7",
            "`high` is below `low`",
            "look at",
        ),
        (
            swap("salaries.yaml", "currency: USD", "currency: dollars"),
            "salaries.yaml:4",
            "not written",
            "three letters",
        ),
        (
            swap("sections/salary.md", "source: first-source", "source: nobody"),
            "sections/salary.md:3",
            "no source `nobody`",
            "first-",
        ),
        (
            swap("path/first-step.yaml", "requires: []", "requires: [gone]"),
            "path/first-step.yaml:13",
            "no milestone `gone`",
            "first-",
        ),
        (
            swap("path/first-step.yaml", "requires: []", "requires: [first-milestone]"),
            "path/first-step.yaml:13",
            "circle",
            "remove one",
        ),
        (
            swap("synonyms.yaml", "wage]", "wage]\n  - [wage, loan]"),
            "synonyms.yaml:5",
            "stands in two groups",
            "keep it in one",
        ),
        (swap(DUTY, "order: 1", "order: 1\nid: x"), f"{DUTY}:4", "`id` is not written here", "the file's name"),
        (swap(DUTY, "Your advice", "1. Your advice"), f"{DUTY}:9", "a numbered list cannot be shown", "paragraphs"),
        (swap(DUTY, "Your advice", "<b>Your</b> advice"), f"{DUTY}:9", "HTML cannot be shown", "paragraphs"),
        (swap(DUTY, "Your advice", "![x](y) advice"), f"{DUTY}:9", "a picture cannot be shown", "paragraphs"),
        (swap(DUTY, "Your advice", "\n\n1. Your advice"), f"{DUTY}:11", "a numbered list", "paragraphs"),
        (swap(DUTY, "Your advice", "One\ntwo\n[a](b) three"), f"{DUTY}:11", "a link cannot be shown", "paragraphs"),
        (swap(DUTY, "Your advice", "[x]: y\n\nYour advice"), f"{DUTY}:9", "a link cannot be shown", "paragraphs"),
        (
            swap(DUTY, "Your advice", "| a |\n| - |\n\nYour advice"),
            f"{DUTY}:9",
            "a table cannot be shown",
            "paragraphs",
        ),
        (swap(DUTY, "Your advice", "~~Your~~ advice"), f"{DUTY}:9", "struck text cannot be shown", "paragraphs"),
        (swap(DUTY, "Your advice", "One\n\x1b[31m"), f"{DUTY}:10", "the control character '\\x1b'", "remove it"),
        (swap("pack.yaml", "Your name", "Your\0name"), "pack.yaml:8", "a control character", "remove it"),
        (swap("pack.yaml", "author: Your name", "author:"), "pack.yaml:8", "`author` is empty", "write its value"),
        (swap("pack.yaml", "author:", '"a\\e\\nb":'), "pack.yaml:8", "`a\\x1b\\nb` is not a field", "The fields are"),
        (
            swap("titles.yaml", "{first-skill: 2}", "[a]"),
            "titles.yaml:9",
            "`needs` is not a set of fields",
            "name: value",
        ),
        (lambda pack: (pack / DUTY).rename(pack / "faq/A b.md"), "faq/A b.md:0", "file of this name", "hyphens"),
        (write("sections/pay.md", "---\n---\n"), "sections/pay.md:2", "there are no fields", "write them"),
        (lambda pack: (pack / "sections/path.md").rename(pack / "sections/p.md"), "sections/p.md:0", "name", "salary"),
        (swap(DUTY, "title: First duty", "title: ''"), f"{DUTY}:2", "`title` is empty", "write its text"),
        (swap(DUTY, "title: First duty", "title: one: two"), f"{DUTY}:2", "second `: ` on one line", "quotes"),
        (swap(DUTY, "title: First duty", 'title: "open'), f"{DUTY}:2", "left open", "close it"),
        (swap(DUTY, "---\n", ""), f"{DUTY}:1", "the front matter is missing", "---"),
        (write("synonyms.yaml", ""), "synonyms.yaml:1", "there are no fields", "content/README.md"),
        (write("synonyms.yaml", "- a\n- b\n"), "synonyms.yaml:1", "not a set of fields", "name: value"),
        (write("synonyms.yaml", b"groups:\n  - [caf\xe9, x]\n"), "synonyms.yaml:2", "not UTF-8", "UTF-8"),
        (write("synonyms.yaml", b"x" * 600_000), "synonyms.yaml:0", "larger than 500 kB", "split it"),
        (write("synonyms.yaml", "groups: " + "[" * 100_000), "synonyms.yaml:1", "nested too deeply", "brackets"),
        (write("notes.txt", "hello"), "notes.txt:0", "no file of this name", "a pack has"),
        (lambda pack: (pack / "titles.yaml").unlink(), "titles.yaml:0", "this file is missing", "write it"),
        (lambda pack: (pack / "sections/path.md").unlink(), "sections/path.md:0", "missing or broken", "ten sections"),
        (lambda pack: (pack / "interview/first-duty.yaml").unlink(), "interview:0", "holds nothing", "at least one"),
        (lambda pack: os.mkfifo(pack / "faq/pipe.md"), "faq/pipe.md:0", "not an ordinary file", "remove"),
        (lambda pack: (pack / "faq/loop.md").symlink_to("loop.md"), "faq/loop.md:0", "", "remove"),
    ],
)
def test_a_fault_is_named(pack: Path, change: Break, where: str, what: str, instead: str) -> None:
    change(pack)
    faults = [str(fault) for fault in load.check(pack.parent)]
    found = [fault for fault in faults if fault.startswith(f"my-role/{where}: ") and what in fault]
    assert found, faults
    assert instead in found[0].split("; ", 1)[1]


def test_the_scaffold_has_no_fault(pack: Path) -> None:
    assert load.check(pack.parent) == []
    assert load.check(pack) == []


@pytest.mark.parametrize("role", ["2026", "true", "null", "x"])
def test_a_scaffold_has_no_fault_whatever_its_name(tmp_path: Path, role: str) -> None:
    assert load.check(scaffold.write(tmp_path, role)) == []


def test_an_entry_with_a_fault_is_not_said_to_be_missing_as_well(pack: Path) -> None:
    swap(TIP, "minutes: 20", "minutes: 45")(pack)
    assert len(load.check(pack)) == 1


def test_a_fault_is_one_short_line_whatever_the_file_holds(pack: Path) -> None:
    swap(TIP, "level: foundation", f"level: {'x' * 100_000}")(pack)
    (pack / "faq" / os.fsdecode(b"\xff\x1b\n.txt")).touch()
    faults = [str(fault) for fault in load.check(pack)]
    assert len(faults) == 2
    for fault in faults:
        assert fault.isprintable()
        assert len(fault) < 1000


def test_windows_line_ends_and_a_byte_order_mark_are_no_faults(pack: Path) -> None:
    for path in pack.rglob("*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load.check(pack) == []


def test_all_faults_are_told_at_once_and_a_broken_file_blames_no_other(pack: Path) -> None:
    swap(TIP, "minutes: 20", "minutes: 45")(pack)
    swap("pack.yaml", "author:", "autor:")(pack)
    write("skills/first-skill.md", "---\ntitle: [\n---\n")(pack)
    files = {fault.file for fault in load.check(pack)}
    assert files == {f"my-role/{TIP}", "my-role/pack.yaml", "my-role/skills/first-skill.md"}


def test_words_that_other_yaml_takes_for_something_else_stay_words(pack: Path) -> None:
    swap("salaries.yaml", "[A place]", "[no, on, 2026-01-01, Norway]")(pack)
    assert load.check(pack) == []
    assert load.load(pack).pack().salaries.top_paying == ("no", "on", "2026-01-01", "Norway")


def test_a_folder_that_is_not_there_and_one_without_packs(tmp_path: Path) -> None:
    assert "there is no such folder" in str(load.check(tmp_path / "nowhere")[0])
    assert "there is no role pack" in str(load.check(tmp_path)[0])


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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["pack.yaml", "titles.yaml", "synonyms.yaml", TIP, DUTY, "path/first-step.yaml"]),
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
)
def test_no_bytes_crash_the_loader(pack: Path, name: str, content: bytes) -> None:
    before = (pack / name).read_bytes()
    for text in (content, before[: len(before) // 2] + content):
        (pack / name).write_bytes(text)
        assert all(fault.what and fault.instead for fault in load.check(pack))
    (pack / name).write_bytes(before)
