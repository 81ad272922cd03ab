"""Help for the author of a pack: every mistake at once at its line, placeholders named, and what a change does to learners."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from mentorbot.packs import loader
from mentorbot.packs.differences import differences
from mentorbot.packs.library import builtin
from mentorbot.packs.placeholders import placeholders
from mentorbot.packs.schema import Pack

from .pack_edits import TIP, PackEdit, replace, write


def lines_of(pack: Path) -> dict[int, str]:
    """The problem at each line of the tips' file."""
    return {issue.line: issue.problem for issue in loader.check(pack) if issue.file == f"my-role/{TIP}"}


@pytest.mark.parametrize(
    ("edit", "line", "problem"),
    [
        (replace(TIP, "title: Begin with a verb", "title: Read issue #4 aloud"), 8, "the value ends before `#4`"),
        (replace(TIP, "title: Begin with a verb", "title:\u00a0Begin with a verb"), 8, "there's a no-break space"),
        (replace(TIP, "title: Begin with a verb", "title: What's C # for?"), 8, "the value ends before `# for?`"),
        (replace(TIP, "title: Begin with a verb", "title: C # in a day"), 8, "the value ends before `# in a day`"),
        (replace(TIP, "title: Begin with a verb", "title: 'C # in a day' # a comment"), 0, ""),
        (replace(TIP, "    do: What", "\u00a0   do: What"), 9, "there's a no-break space"),
        (replace(TIP, "title: Begin with a verb", 'title: "Begin with a verb'), 8, "a quote is left open"),
        (replace(TIP, "why: Why it's worth the time.", "why: 'Why'"), 0, ""),
        (replace(TIP, "minutes: 20", "minutes: 20 # a comment"), 0, ""),
    ],
)
def test_a_slip_of_the_keyboard_is_named_at_its_line(pack: Path, edit: PackEdit, line: int, problem: str) -> None:
    edit(pack)
    assert lines_of(pack) == ({line: problem} if line else {})


def test_all_slips_of_a_file_are_named_in_one_run(pack: Path) -> None:
    text = (pack / TIP).read_text()
    text = text.replace("minutes: 20", "minutes:\u00a020").replace(
        "title: Begin with a verb", "title: Begin: now: here"
    )
    text = text.replace("why: Why it's worth the time.", "why: @everyone should")
    write(TIP, text)(pack)
    assert lines_of(pack) == {
        7: "there's a no-break space",
        8: "there's a second `: ` on one line",
        10: "a value begins with a character that YAML reserves",
    }


def test_an_untouched_pack_is_all_placeholders_and_a_written_one_has_none(pack: Path) -> None:
    files = {issue.file for issue in placeholders(pack)}
    assert {f"my-role/{name}" for name in ("pack.yaml", "titles.yaml", TIP, "sections/path.md")} <= files
    before = len(placeholders(pack))
    replace("pack.yaml", "author: Your name", "author: The platform team")(pack)
    assert len(placeholders(pack)) == before - 1
    assert placeholders(builtin()) == []


def test_a_new_packs_own_pay_is_nobodys(pack: Path) -> None:
    fixes = {issue.problem: issue.fix for issue in placeholders(pack) if issue.file == "my-role/salaries.yaml"}
    assert fixes["this still says “12345”, as every new pack does"] == "write your source's figure"
    replace("salaries.yaml", "low: 12345, high: 23456", "low: 50000, high: 60000")(pack)
    assert not [issue for issue in placeholders(pack) if "figure" in issue.fix]


def test_editors_find_the_schemas_of_a_pack_wherever_it_is(pack: Path) -> None:
    for path in pack.rglob("*.yaml"):
        first = path.read_text().splitlines()[0]
        assert (path.parent / first.partition("$schema=")[2]).is_file(), path


def test_a_change_of_the_pack_is_told_as_learners_will_notice_it(tmp_path: Path) -> None:
    folder = shutil.copytree(builtin() / "engineering-manager", tmp_path / "engineering-manager")
    old = published()
    assert differences(old, loaded(folder)) == []
    replace("path/groundwork.yaml", "    hours: 30\n", "    hours: 24\n")(folder)
    replace("path/groundwork.yaml", "Sit in on four interviews", "Sit in on five interviews")(folder)
    replace("titles.yaml", "needs: {coaching: 2", "needs: {coaching: 3")(folder)
    replace("tips/hiring.yaml", "id: hiring-funnel", "id: hiring-numbers")(folder)
    assert differences(old, loaded(folder)) == [
        "ground-interviews is called “Sit in on five interviews” now; steps made earlier keep “Sit in on four interviews”.",
        "ground-project takes 24 h instead of 30.",
        (
            "team-lead needs coaching 3, delivery 2, hiring 1, influence 2, team-health 1, technical 3 instead of "
            "coaching 2, delivery 2, hiring 1, influence 2, team-health 1, technical 3."
        ),
        "New tips: hiring-numbers.",
        "Removed tips: hiring-funnel.",
    ]


@pytest.mark.parametrize(
    ("edit", "change"),
    [
        (replace("recall/hiring.yaml", "answer: 1", "answer: 2"), "Changed recall questions: "),
        (replace("tips/hiring.yaml", "do: >-\n", "do: >-\n      Tomorrow:\n"), "Changed tips: "),
        (replace("interview/people.yaml", "trap: ", "trap: Sometimes "), "Changed interview questions: "),
        (replace("resources.yaml", "year: 2017", "year: 2018"), "Changed resources: managers-path."),
        (replace("sections/demand.md", "%", "% or so"), "Changed sections: demand."),
        (replace("faq/still-coding.md", "A team lead", "A lead"), "Changed frequent questions: still-coding."),
        (replace("responsibilities/people.md", "what: ", "what: Often "), "Changed responsibilities: people."),
        (replace("personas.yaml", "label: New manager", "label: Manager"), "Changed personas: new-manager."),
        (replace("path/wider.yaml", "summary: Get", "summary: Try to get"), "Changed steps of the path: wider."),
        (replace("pack.yaml", "region: Google", "region: USA"), "Changed sources: oxygen."),
        (replace("pack.yaml", "title: Engineering", "title: Software"), "The role has a new name or summary."),
        (replace("titles.yaml", "years: 5", "years: 6"), "engineering-manager takes 6 years or more from scratch"),
        (replace("titles.yaml", "name: Team Lead", "name: Lead"), "team-lead is described differently."),
        (replace("skills/hiring.md", "short: Hiring", "short: Hires"), "hiring is described differently."),
        (replace("path/first-team.yaml", "swap: Coach", "swap: Help"), "team-one-on-ones has new instructions"),
        (replace("path/groundwork.yaml", "skip_at: {coaching: 2, ", "skip_at: {"), "ground-first-lead is chosen or"),
    ],
)
def test_whatever_learners_see_differently_is_told(tmp_path: Path, edit: PackEdit, change: str) -> None:
    folder = shutil.copytree(builtin() / "engineering-manager", tmp_path / "engineering-manager")
    edit(folder)
    (told,) = differences(published(), loaded(folder))
    assert told.startswith(change)


def test_other_words_to_find_something_by_change_nothing_for_learners(tmp_path: Path) -> None:
    folder = shutil.copytree(builtin() / "engineering-manager", tmp_path / "engineering-manager")
    replace("faq/still-coding.md", "  - will I have time to code\n", "")(folder)
    assert differences(published(), loaded(folder)) == []


@cache
def published() -> Pack:
    """The built-in pack the edits start from."""
    return loaded(builtin() / "engineering-manager")


def loaded(folder: Path) -> Pack:
    """The pack in a folder, which has no faults."""
    found = loader.load(folder)
    assert found.issues == []
    return found.pack()


def test_a_comment_behind_a_text_is_doubted_by_the_check_and_keeps_no_pack_from_loading(pack: Path) -> None:
    replace("personas.yaml", "label: Experienced", "label: Experienced # up to 24 characters")(pack)
    assert loader.load(pack).issues == []
    assert [issue.line for issue in loader.check(pack)] == [5]
