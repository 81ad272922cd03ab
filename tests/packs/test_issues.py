"""Every mistake an author can make, and the issue reported for it: the file, the line, the problem and the fix."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mentorbot.packs import loader
from tests.packs.pack_edits import CITATION, RECALL, RESPONSIBILITY, SKILL, STAGE, TIP, PackEdit, copy, replace, write

WRONG, RIGHT = "- A wrong choice that tempts\n", "- The right choice\n"

FIRST_MINUTES = "    first: the first 30 minutes, something a beginner can do tonight.\n"
SWAP = "A different way to the same level"


def _swap_with_second(raises: int = 1, requires: str = "", first_requires: str = "") -> PackEdit:
    """Add a second milestone, and make it the swap of the first one."""

    def edit(pack: Path) -> None:
        replace(STAGE, SWAP, "second")(pack)
        replace(STAGE, "requires: []", f"requires: [{first_requires}]")(pack)
        entry = f"""  - id: second
    title: Second
    do: What to do.
    first: start.
    readings: [{{resource: first-resource}}]
    hours: 10
    raises: {{first-skill: {raises}}}
    requires: [{requires}]
    evidence: it's done.
    smaller: {{do: start, hours: 2}}
    swap: A different way
"""
        (pack / STAGE).write_text((pack / STAGE).read_text() + entry)

    return edit


@pytest.mark.parametrize(
    ("edit", "where", "problem", "fix"),
    [
        (replace("pack.yaml", "author:", "autor:"), "pack.yaml:8", "`autor` isn't a field", "did you mean `author`"),
        (replace("pack.yaml", "author: Your name\n", ""), "pack.yaml:3", "`author` is missing", "add the line author:"),
        (
            replace("pack.yaml", "author: Your name", "author: [x]"),
            "pack.yaml:8",
            "`author` isn't text",
            "write words",
        ),
        (
            replace("pack.yaml", 'version: "0.1"', "version: one"),
            "pack.yaml:5",
            "`version` isn't written the way it should be",
            "2026.1",
        ),
        (
            replace("pack.yaml", 'role: "my-role"', "role: other"),
            "pack.yaml:3",
            "the role is other, the folder my-role",
            "one name",
        ),
        (
            replace("pack.yaml", 'role: "my-role"', "role: My Role"),
            "pack.yaml:3",
            "isn't written the way it should be",
            "hyphens",
        ),
        (
            replace("pack.yaml", "licence: MIT", "licence: MIT\nlicence: MIT"),
            "pack.yaml:10",
            "here twice",
            "keep this or line 9",
        ),
        (replace(TIP, "minutes: 20", "minutes: 45"), f"{TIP}:7", "`minutes` is 45, which is too large", "at most 30"),
        (replace(TIP, "minutes: 20", "minutes: twenty"), f"{TIP}:7", "`minutes` isn't a whole number", "digits"),
        (replace(TIP, "minutes: 20", "\tminutes: 20"), f"{TIP}:7", "there's a tab", "spaces"),
        (
            replace(TIP, "level: foundation", "level: expert"),
            f"{TIP}:6",
            "'expert', which isn't one of the choices",
            "foundation",
        ),
        (
            replace(TIP, "skill: first-skill", "skill: frist-skill"),
            f"{TIP}:3",
            "there's no skill `frist-skill`",
            "`first-skill`",
        ),
        (replace(TIP, "why: Why", "why: see [this](x) Why"), f"{TIP}:10", "a link can't be shown", "**bold**"),
        (
            replace("titles.yaml", "{first-skill: 1}", "{first-skill: 7}"),
            "titles.yaml:9",
            "`first-skill` is 7",
            "at most 4",
        ),
        (
            replace("titles.yaml", "{first-skill: 1}", "{}"),
            "titles.yaml:9",
            "doesn't say what it needs of first-skill",
            "0 to 4",
        ),
        (
            replace("salaries.yaml", "low: 12345, high: 23456", "low: 9, high: 8"),
            "salaries.yaml:7",
            "`high` is below `low`",
            "look at",
        ),
        (
            replace("salaries.yaml", "currency: USD", "currency: dollars"),
            "salaries.yaml:4",
            "isn't written",
            "three letters",
        ),
        (
            replace("sections/salary.md", "source: first-source", "source: nobody"),
            "sections/salary.md:3",
            "no source `nobody`",
            "first-",
        ),
        (
            replace("path/first-step.yaml", "requires: []", "requires: [gone]"),
            "path/first-step.yaml:16",
            "no milestone `gone`",
            "first-",
        ),
        (
            replace("path/first-step.yaml", "requires: []", "requires: [first-milestone]"),
            "path/first-step.yaml:16",
            "circle",
            "remove one",
        ),
        (
            replace("synonyms.yaml", "wage]", "wage]\n  - [wage, loan]"),
            "synonyms.yaml:5",
            "is in two groups",
            "keep it in one",
        ),
        (
            replace(RESPONSIBILITY, "order: 1", "order: 1\nid: x"),
            f"{RESPONSIBILITY}:4",
            "`id` isn't written here",
            "the file's name",
        ),
        (
            replace(RESPONSIBILITY, "Your advice", "1. Your advice"),
            f"{RESPONSIBILITY}:9",
            "a numbered list can't be shown",
            "paragraphs",
        ),
        (
            replace(RESPONSIBILITY, "Your advice", "<b>Your</b> advice"),
            f"{RESPONSIBILITY}:9",
            "HTML can't be shown",
            "paragraphs",
        ),
        (
            replace(RESPONSIBILITY, "Your advice", "![x](y) advice"),
            f"{RESPONSIBILITY}:9",
            "a picture can't be shown",
            "paragraphs",
        ),
        (
            replace(RESPONSIBILITY, "Your advice", "\n\n1. Your advice"),
            f"{RESPONSIBILITY}:11",
            "a numbered list",
            "paragraphs",
        ),
        (
            replace(RESPONSIBILITY, "Your advice", "One\ntwo\n[a](b) three"),
            f"{RESPONSIBILITY}:11",
            "a link can't be shown",
            "paragraphs",
        ),
        (
            replace(RESPONSIBILITY, "Your advice", "[x]: y\n\nYour advice"),
            f"{RESPONSIBILITY}:9",
            "a link can't be shown",
            "paragraphs",
        ),
        (
            replace(RESPONSIBILITY, "Your advice", "| a |\n| - |\n\nYour advice"),
            f"{RESPONSIBILITY}:9",
            "a table can't be shown",
            "paragraphs",
        ),
        (
            replace(RESPONSIBILITY, "Your advice", "~~Your~~ advice"),
            f"{RESPONSIBILITY}:9",
            "struck text can't be shown",
            "paragraphs",
        ),
        (
            replace(RESPONSIBILITY, "Your advice", "One\n\x1b[31m"),
            f"{RESPONSIBILITY}:10",
            "the control character '\\x1b'",
            "remove it",
        ),
        (replace("pack.yaml", "Your name", "Your\0name"), "pack.yaml:8", "a control character", "remove it"),
        (replace("pack.yaml", "author: Your name", "author:"), "pack.yaml:8", "`author` is empty", "write its value"),
        (
            replace("pack.yaml", "author:", '"a\\e\\nb":'),
            "pack.yaml:8",
            "`a\\x1b\\nb` isn't a field",
            "The fields are",
        ),
        (
            replace("titles.yaml", "{first-skill: 1}", "[a]"),
            "titles.yaml:9",
            "`needs` isn't a set of fields",
            "name: value",
        ),
        (
            lambda pack: (pack / RESPONSIBILITY).rename(pack / "faq/A b.md"),
            "faq/A b.md:0",
            "file with this name",
            "hyphens",
        ),
        (write("sections/pay.md", "---\n---\n"), "sections/pay.md:2", "there are no fields", "write them"),
        (lambda pack: (pack / "sections/path.md").rename(pack / "sections/p.md"), "sections/p.md:0", "name", "salary"),
        (
            replace("interview/first-duty.yaml", "first-duty", "duty"),
            "interview/first-duty.yaml:3",
            "no resp",
            "first-duty",
        ),
        (replace("resources.yaml", "[first-skill]", "[skill]"), "resources.yaml:12", "no skill `skill`", "first-skill"),
        (
            replace("path/first-step.yaml", "{first-skill: 1}", "{second: 1}"),
            "path/first-step.yaml:15",
            "`second`",
            "first",
        ),
        (
            replace("pack.yaml", "sources:\n", f"sources:\n{CITATION}"),
            "pack.yaml:12",
            "`first-source` is taken",
            "another",
        ),
        (replace("salaries.yaml", "level: senior", "level: entry"), "salaries.yaml:9", "is at line 7", "keep one"),
        (
            copy(RESPONSIBILITY, "responsibilities/second.md"),
            "responsibilities/second.md:3",
            "order 1 is taken by",
            "own number",
        ),
        (
            copy(RESPONSIBILITY, "responsibilities/second.md"),
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
        (
            copy(TIP, "tips/old/first-skill.yaml"),
            "tips/old/first-skill.yaml:0",
            "no file with this name",
            "tips/*.yaml",
        ),
        (
            replace(RESPONSIBILITY, "title: First duty", "title: ''"),
            f"{RESPONSIBILITY}:2",
            "`title` is empty",
            "write its text",
        ),
        (
            replace(RESPONSIBILITY, "title: First duty", "title: one: two"),
            f"{RESPONSIBILITY}:2",
            "second `: ` on one line",
            "quotes",
        ),
        (replace(RESPONSIBILITY, "title: First duty", 'title: "open'), f"{RESPONSIBILITY}:2", "left open", "close it"),
        (replace(RESPONSIBILITY, "---\n", ""), f"{RESPONSIBILITY}:1", "the front matter is missing", "---"),
        (write("synonyms.yaml", ""), "synonyms.yaml:1", "there are no fields", "content/README.md"),
        (write("synonyms.yaml", "- a\n- b\n"), "synonyms.yaml:1", "isn't a set of fields", "name: value"),
        (write("synonyms.yaml", b"groups:\n  - [caf\xe9, x]\n"), "synonyms.yaml:2", "isn't UTF-8", "UTF-8"),
        (write("synonyms.yaml", b"x" * 600_000), "synonyms.yaml:0", "larger than 500 kB", "split it"),
        (write("synonyms.yaml", "groups: " + "[" * 100_000), "synonyms.yaml:1", "nested too deeply", "brackets"),
        (write("notes.txt", "hello"), "notes.txt:0", "no file with this name", "a pack has"),
        (lambda pack: (pack / "titles.yaml").unlink(), "titles.yaml:0", "this file is missing", "write it"),
        (
            lambda pack: (pack / "sections/path.md").unlink(),
            "sections/path.md:0",
            "this section is missing",
            "ten sections",
        ),
        (
            lambda pack: (pack / "interview/first-duty.yaml").unlink(),
            "interview:0",
            "this folder is empty",
            "at least one",
        ),
        (lambda pack: os.mkfifo(pack / "faq/pipe.md"), "faq/pipe.md:0", "isn't an ordinary file", "remove"),
        (lambda pack: (pack / "faq/loop.md").symlink_to("loop.md"), "faq/loop.md:0", "", "remove"),
        (
            replace(RECALL, "skill: first-skill", "skill: frist-skill"),
            f"{RECALL}:3",
            "no skill `frist",
            "`first-skill`",
        ),
        (copy(RECALL, "recall/second.yaml"), "recall/second.yaml:3", "the file is called second", "one name"),
        (copy(RECALL, "recall/second.yaml"), "recall/second.yaml:5", f"taken at my-role/{RECALL}:5", "another"),
        (replace(RECALL, "answer: 2", "answer: 3"), f"{RECALL}:11", "is 3, but there are 2 choices", "1 to 2"),
        (replace(RECALL, "answer: 2", "answer: 0"), f"{RECALL}:11", "`answer` is 0, which is too small", "at least 1"),
        (replace(RECALL, "answer: 2", "answer: The"), f"{RECALL}:11", "`answer` isn't a whole number", "digits"),
        (replace(RECALL, RIGHT, "- a wrong CHOICE that tempts\n"), f"{RECALL}:10", "same as choice 1", "another"),
        (replace(RECALL, WRONG, ""), f"{RECALL}:8", "`choices` has too few entries", "at least 2"),
        (replace(RECALL, WRONG, "- a\n      - b\n      - c\n      - d\n"), f"{RECALL}:8", "too many", "at most 4"),
        (replace(RECALL, WRONG, f"- {'x' * 76}\n"), f"{RECALL}:9", "this entry is too long", "75 characters"),
        (replace(RECALL, "What would", "x" * 300), f"{RECALL}:7", "`question` is too long", "300 characters"),
        (replace(RECALL, "why: Why", f"why: {'x' * 400}"), f"{RECALL}:12", "`why` is too long", "400 characters"),
        (replace(RECALL, "level: 1", "level: 5"), f"{RECALL}:6", "`level` is 5, which is too large", "at most 4"),
        (replace(RECALL, "level: 1", "level: 0"), f"{RECALL}:6", "`level` is 0, which is too small", "at least 1"),
        (replace(RECALL, "why:", "wye:"), f"{RECALL}:12", "`wye` isn't a field", "did you mean `why`"),
        (replace(SKILL, "  - Not started\n", ""), f"{SKILL}:12", "`in_short` has too few entries", "at least 5"),
        (replace(SKILL, "Not started", "x" * 71), f"{SKILL}:13", "this entry is too long", "70 characters"),
        (replace(SKILL, "short: A short name", "short: ''"), f"{SKILL}:3", "`short` is missing", "24 characters"),
        (
            replace(SKILL, "short: A short name", f"short: {'x' * 25}"),
            f"{SKILL}:3",
            "`short` is too long",
            "24 characters",
        ),
        (replace(STAGE, FIRST_MINUTES, ""), f"{STAGE}:8", "`first` is missing in `first-milestone`", "tonight"),
        (replace(STAGE, "- {resource: first-resource, part: chapter 1}", "[]"), f"{STAGE}:12", "`readings` is", "one"),
        (
            replace(STAGE, "    smaller:", "    # smaller:"),
            f"{STAGE}:8",
            "`smaller` is missing",
            "add a smaller version",
        ),
        (replace(STAGE, "    swap:", "    # swap:"), f"{STAGE}:8", "`swap` is missing", "describe what to do instead"),
        (replace(STAGE, "first-resource", "frist-resource"), f"{STAGE}:13", "no resource `frist", "`first-resource`"),
        (replace(STAGE, "hours: 2}", "hours: 9}"), f"{STAGE}:18", "`hours` is 9, which is too large", "at most 8"),
        (replace(STAGE, "hours: 10", "hours: 2"), f"{STAGE}:18", "the smaller version takes 2 of 2 hours", "shorter"),
        (replace(STAGE, SWAP, "gone"), f"{STAGE}:19", "there's no milestone `gone`", "first-milestone"),
        (replace(STAGE, SWAP, "first-milestone"), f"{STAGE}:19", "it's the same one", "name another milestone"),
        (_swap_with_second(raises=2), f"{STAGE}:19", "doesn't lead to the same level of first-skill", "name another"),
        (
            _swap_with_second(requires="first-milestone"),
            f"{STAGE}:19",
            "it builds on it",
            "describe what to do instead",
        ),
        (_swap_with_second(first_requires="second"), f"{STAGE}:19", "it comes first anyway", "name another milestone"),
        (lambda pack: (pack / "personas.yaml").unlink(), "personas.yaml:0", "this file is missing", "README"),
        (replace("personas.yaml", "{first-skill: 0}", "{}"), "personas.yaml:12", "no level of first-skill", "0 to 4"),
        (
            replace("personas.yaml", "{first-skill: 0}", "{fist: 0}"),
            "personas.yaml:12",
            "no skill `fist`",
            "first-skill",
        ),
        (replace("personas.yaml", "{first-skill: 0}", "{first-skill: 5}"), "personas.yaml:12", "is 5", "at most 4"),
        (
            replace("personas.yaml", "Some practice", "experienced"),
            "personas.yaml:8",
            "taken at my-role/pers",
            "another",
        ),
        (replace("personas.yaml", "id: some-practice", "id: experienced"), "personas.yaml:7", "is taken at", "another"),
        (replace("personas.yaml", "Some practice", "x" * 25), "personas.yaml:8", "too long", "24 characters"),
        (replace(SKILL, "in_short:", "shorter:"), f"{SKILL}:2", "`in_short` is missing", "add the line in_short:"),
    ],
)
def test_an_issue_names_the_line_the_problem_and_the_fix(
    pack: Path, edit: PackEdit, where: str, problem: str, fix: str
) -> None:
    edit(pack)
    issues = [str(issue) for issue in loader.check(pack.parent)]
    matches = [issue for issue in issues if issue.startswith(f"my-role/{where}: ") and problem in issue]
    assert matches, issues
    assert fix in matches[0].split("; ", 1)[1]
