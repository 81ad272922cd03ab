"""Every fault that an author can make is named with its file and line, and with what to write instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mentorbot.packs import loader
from tests.packs.breaking import DUTY, SOURCE, TIP, Break, copy, swap, write


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
        (
            swap("interview/first-duty.yaml", "first-duty", "duty"),
            "interview/first-duty.yaml:3",
            "no resp",
            "first-duty",
        ),
        (swap("resources.yaml", "[first-skill]", "[skill]"), "resources.yaml:8", "no skill `skill`", "first-skill"),
        (
            swap("path/first-step.yaml", "{first-skill: 1}", "{second: 1}"),
            "path/first-step.yaml:12",
            "`second`",
            "first",
        ),
        (swap("pack.yaml", "sources:\n", f"sources:\n{SOURCE}"), "pack.yaml:12", "`first-source` is taken", "another"),
        (swap("salaries.yaml", "level: senior", "level: entry"), "salaries.yaml:9", "stands at line 7", "keep one"),
        (copy(DUTY, "responsibilities/second.md"), "responsibilities/second.md:3", "order 1 is taken by", "own number"),
        (
            copy(DUTY, "responsibilities/second.md"),
            "responsibilities/second.md:0",
            "no interview",
            "interview/second.yaml",
        ),
        (copy("skills/first-skill.md", "skills/second.md"), "skills/second.md:0", "no tips", "write tips/second.yaml"),
        (
            copy(TIP, "tips/second.yaml"),
            "tips/second.yaml:5",
            "`first-tip` is taken at my-role/tips/first-sk",
            "another",
        ),
        (copy(TIP, "tips/second.yaml"), "tips/second.yaml:3", "the file is called second", "one name"),
        (copy(TIP, "tips/old/first-skill.yaml"), "tips/old/first-skill.yaml:0", "no file of this name", "tips/*.yaml"),
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
        (
            lambda pack: (pack / "sections/path.md").unlink(),
            "sections/path.md:0",
            "this section is missing",
            "ten sections",
        ),
        (lambda pack: (pack / "interview/first-duty.yaml").unlink(), "interview:0", "holds nothing", "at least one"),
        (lambda pack: os.mkfifo(pack / "faq/pipe.md"), "faq/pipe.md:0", "not an ordinary file", "remove"),
        (lambda pack: (pack / "faq/loop.md").symlink_to("loop.md"), "faq/loop.md:0", "", "remove"),
    ],
)
def test_a_fault_is_named(pack: Path, change: Break, where: str, what: str, instead: str) -> None:
    change(pack)
    faults = [str(fault) for fault in loader.check(pack.parent)]
    found = [fault for fault in faults if fault.startswith(f"my-role/{where}: ") and what in fault]
    assert found, faults
    assert instead in found[0].split("; ", 1)[1]
