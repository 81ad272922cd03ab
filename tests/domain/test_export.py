"""Export and import of plans: files read back as they were written, and bad files are rejected with a reason."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import pytest
from hypothesis import given

from mentorbot.domain.export import (
    Owner,
    SkillEvidence,
    from_json,
    merge_imported,
    plan_markdown,
    portfolio_markdown,
    to_csv,
    to_json,
)
from mentorbot.domain.plan import MAX_OPEN_STEPS, Plan, PlanStep, StepState, WeekAllocation, monday
from mentorbot.domain.plan_calendar import plan_events
from mentorbot.domain.plan_layout import lay_out
from mentorbot.domain.step_guide import StepGuide
from mentorbot.errors import BadValue
from tests.domain.plans import START, plans

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ADA, BEN = Owner("slack", "T1", "ada"), Owner("slack", "T1", "ben")
ELSEWHERE = Owner("discord", "G1", "1234")
ROLE = "ai-architect"
WEEK = monday(START)
LINK = "https://example.org/a"
PLAN = lay_out(
    Plan(
        title="ml-architect",
        hours_per_week=4,
        target_date=date(2027, 6, 1),
        weeks_off=frozenset({WEEK}),
        next_number=4,
        steps=(
            PlanStep(
                number=1,
                text="Done *well*",
                hours=6,
                state=StepState.DONE,
                origin="milestone:a",
                reason="why",
                done_when="proof",
                evidence=LINK,
                status_since=START,
                logged=(WeekAllocation(WEEK, 4),),
            ),
            PlanStep(
                number=2,
                text="=HYPERLINK(evil)",
                hours=9,
                state=StepState.BLOCKED,
                blocker="@everyone",
                requires=(1,),
                status_since=START,
            ),
            PlanStep(3, 'Later, with "quotes"\nand lines', 5, due=date(2026, 12, 24), requires=(1, 2)),
        ),
    ),
    WEEK,
)


GUIDES = {
    "milestone:a": StepGuide("Do *it*.", "begin.", ("A book, chapter 7", "A paper"), "it's there."),
}


def uids() -> Callable[[], str]:
    """Give UIDs that count up."""
    numbers = count(1)
    return lambda: f"uid-{next(numbers)}"


def without_layout(plan: Plan) -> Plan:
    """Remove the layout of a plan; an import computes it again anyway."""
    return replace(plan, laid_out_week=None, steps=tuple(replace(step, allocations=()) for step in plan.steps))


@given(plans())
def test_a_json_export_reads_back_on_any_platform(plan: Plan) -> None:
    for owner in (ADA, ELSEWHERE):
        read = from_json(to_json(plan, GUIDES, ROLE, ADA, NOW), ROLE, owner)
        assert replace(without_layout(read), next_number=0) == replace(without_layout(plan), next_number=0)


def test_a_json_export_does_not_name_the_owner() -> None:
    text = to_json(PLAN, GUIDES, ROLE, ADA, NOW)
    assert "ada" not in text
    assert "T1" not in text


def file_with(**changes: object) -> str:
    """Make an export of PLAN with some fields changed."""
    return json.dumps(json.loads(to_json(PLAN, GUIDES, ROLE, ADA, NOW)) | changes)


STEP = {"number": 1, "text": "x", "hours": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cut off or isn't JSON"),
        ("hello", "cut off or isn't JSON"),
        (to_json(PLAN, GUIDES, ROLE, ADA, NOW)[:-40], "cut off or isn't JSON"),
        ("[]", "Something in this file isn't right"),
        ("{}", "isn't a plan I can read"),
        (file_with(version=2), "isn't a plan I can read"),
        (file_with(format="someone's diary"), "isn't a plan I can read"),
        (file_with(role="baker"), "a plan for “baker”"),
        (file_with(owner="0" * 16), "someone else's plan"),
        (file_with(surprise=1), "isn't right: surprise"),
        (file_with(pace=0), "isn't right: pace"),
        (file_with(steps=[STEP | {"hours": 5000}]), "isn't right: steps.0.hours"),
        (file_with(steps=[STEP | {"text": "x" * 1001}]), "isn't right: steps.0.text"),
        (file_with(steps=[STEP | {"state": "asleep"}]), "isn't right: steps.0.state"),
        (file_with(steps=[STEP | {"text": " \u0007 "}]), "isn't right: steps.0.text"),
        (file_with(role="r" * 49), "isn't right: role"),
        (file_with(off=["2026-11-23"] * 521), "isn't right: off"),
        (
            file_with(steps=[STEP | {"credits": [{"week": "2026-11-23", "hours": 1}] * 521}]),
            "isn't right: steps.0.credits",
        ),
        (file_with(steps=[STEP, STEP]), "contradict each other"),
        (file_with(steps=[STEP | {"requires": [1]}]), "contradict each other"),
        (file_with(steps=[STEP | {"requires": [2]}, STEP | {"number": 2, "requires": [1]}]), "contradict each other"),
    ],
)
def test_import_rejects_a_bad_file_with_a_reason(text: str, message: str) -> None:
    with pytest.raises(BadValue) as caught:
        from_json(text, ROLE, ADA)
    assert message in caught.value.message
    assert caught.value.message.endswith("Nothing changed.")


def test_import_adds_missing_steps_and_changes_no_others() -> None:
    own_plan = Plan(next_number=8, steps=(PlanStep(7, "My own", 2),))
    once, added = merge_imported(own_plan, from_json(to_json(PLAN, GUIDES, ROLE, ADA, NOW), ROLE, ADA))
    assert added == 3
    assert once.steps[0] == own_plan.steps[0]
    assert [(step.number, step.requires) for step in once.steps[1:]] == [(8, ()), (9, (8,)), (10, (8, 9))]
    assert (once.title, once.hours_per_week, once.target_date, once.next_number) == (
        "ml-architect",
        4,
        date(2027, 6, 1),
        11,
    )
    twice, added = merge_imported(once, PLAN)
    assert (added, twice.steps) == (0, once.steps)


def test_import_drops_control_characters() -> None:
    read = from_json(file_with(title="ml\0", steps=[STEP | {"origin": "tip:\0a", "proof": "a\0b"}]), ROLE, ADA)
    assert (read.title, read.steps[0].origin, read.steps[0].done_when) == ("ml", "tip:a", "ab")


def test_import_without_a_target_date_keeps_the_plans_own() -> None:
    own_plan = Plan(target_date=date(2027, 3, 1))
    merged = merge_imported(own_plan, from_json(file_with(by=None), ROLE, ADA))[0]
    assert merged.target_date == date(2027, 3, 1)


def test_import_rejects_more_steps_than_a_plan_can_hold() -> None:
    full = Plan(
        next_number=MAX_OPEN_STEPS + 1,
        steps=tuple(PlanStep(number, f"s{number}") for number in range(1, MAX_OPEN_STEPS + 1)),
    )
    with pytest.raises(BadValue, match="more than"):
        merge_imported(full, PLAN)


def test_csv_export_holds_no_formulas() -> None:
    text = to_csv(PLAN, GUIDES)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[2][1] == "'=HYPERLINK(evil)"
    assert rows[2][rows[0].index("stuck on")] == "'@everyone"
    assert rows[3][1] == 'Later, with "quotes"\nand lines'
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "a;", "a; ", 'a;"', "a\n", "a\r\n", "a\t", "a;b;"])
def test_no_cell_begins_with_a_formula_whatever_the_separator(before: str, sign: str) -> None:
    text = to_csv(Plan(next_number=2, steps=(PlanStep(1, f"{before}{sign}1+1"),)), {}).removeprefix("\ufeff")
    for separator in ",;\t":
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
        assert [cell for cell in cells if cell.strip(' "\t\r\n').startswith(tuple("=+-@＝＋－＠"))] == []


@pytest.mark.parametrize("text", ["Read A;B", "C++ and C#", "a - b", "1;2", "me@example.org", "x = y"])
def test_ordinary_text_stays_as_it_is_in_a_csv_export(text: str) -> None:
    rows = csv.reader(io.StringIO(to_csv(Plan(next_number=2, steps=(PlanStep(1, text),)), {})))
    assert list(rows)[1][1] == text


INSTRUCTIONS = (
    "What to do: Do *it*.",
    "First 30 minutes: begin.",
    "Recommended reading: A book, chapter 7; A paper",
    "Done when: it's there.",
)


def test_every_export_says_how_to_do_a_step() -> None:
    plan = lay_out(Plan(next_number=2, steps=(PlanStep(1, "Serve", 9, origin="milestone:a"),)), WEEK)
    header, row = csv.reader(io.StringIO(to_csv(plan, GUIDES)))
    assert [f"{label.capitalize()}: {text}" for label, text in zip(header[8:12], row[8:12], strict=True)] == [
        *INSTRUCTIONS
    ]
    markdown = plan_markdown(plan, GUIDES, "Ada", "", START).replace("\\", "")
    assert [line for line in INSTRUCTIONS if f"  - {line}" not in markdown] == []
    (event,) = plan_events(plan, GUIDES, (), uids())
    assert event.description.splitlines() == [*INSTRUCTIONS, "9 h."]
    file = json.loads(to_json(plan, GUIDES, ROLE, ADA, NOW))
    assert file["instructions"] == {
        "1": {
            "do": "Do *it*.",
            "first_30_minutes": "begin.",
            "recommended_reading": ["A book, chapter 7", "A paper"],
            "done_when": "it's there.",
        }
    }


def test_markdown_export_escapes_everything_but_links() -> None:
    text = plan_markdown(PLAN, GUIDES, "Ada *Star*", "ML Architect", START)
    assert "# Ada \\*Star\\*: learning plan" in text
    assert "Done \\*well\\*" in text
    assert "Evidence: https://example.org/a" in text
    assert "Stuck on: @everyone" in text
    assert "due 24 Dec 2026" in text
    assert text.count("\n- [") == 3


def test_a_portfolio_lists_work_by_skill() -> None:
    skills = [SkillEvidence("Cloud", 1, 3, PLAN.steps[:1]), SkillEvidence("MLOps", None, None, ())]
    text = portfolio_markdown("Ada", "ML Architect", skills, (), START)
    assert "## Cloud (level 1 to 3)" in text
    assert "Evidence: https://example.org/a" in text
    assert "MLOps" not in text


def test_import_drops_control_characters_from_every_field() -> None:
    read = from_json(file_with(steps=[STEP | {"text": "a\0b\nc", "evidence": "\u0007x"}]), ROLE, ADA)
    assert (read.steps[0].text, read.steps[0].evidence) == ("ab\nc", "x")
    with pytest.raises(BadValue, match=r"steps\.0\.text"):
        from_json(file_with(steps=[STEP | {"text": "\0"}]), ROLE, ADA)
