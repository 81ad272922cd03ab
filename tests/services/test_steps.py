"""Finding steps by number and by words."""

from __future__ import annotations

from datetime import date

import pytest

from mentorbot.domain.plan import Plan, PlanStep, StepState
from mentorbot.domain.plan_layout import lay_out
from mentorbot.errors import StepNotFound, StepUnclear
from mentorbot.services.steps import find_step, find_step_and_rest

TEXTS = (
    "Read the RAG paper",
    "Ship a model through a pipeline",
    "Build a pipeline that survives a bad day",
    "Know one cloud's building blocks",
)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def plan() -> Plan:
    steps = tuple(PlanStep(number, text, 4) for number, text in enumerate(TEXTS, 1))
    finished = PlanStep(5, "Put a price on an answer", 4, StepState.DONE)
    return lay_out(Plan(hours_per_week=6, next_number=6, steps=(*steps, finished)), MONDAY)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("#2", 2),
        ("step 2", 2),
        ("Step2", 2),
        ("rag", 1),
        ("the rag paper", 1),
        ("the RAG paper step", 1),
        ("papr rag", 1),
        ("pipeline bad day", 3),
        ("cloud", 4),
        ("price", 5),
        ("step 5", 5),
        ("read the rag paper", 1),
    ],
)
def test_a_step_is_found(plan: Plan, text: str, number: int) -> None:
    assert find_step(plan, text).number == number


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("2 finished it yesterday, see notion", 2, "finished it yesterday, see notion"),
        ("step 2 no GPU quota", 2, "no GPU quota"),
        ("2: no GPU quota", 2, "no GPU quota"),
        ("the rag paper", 1, ""),
        ("the rag paper, see notion", 1, "see notion"),
        ("rag https://example.org/notes", 1, "https://example.org/notes"),
        ("cloud 30 minutes left", 4, "30 minutes left"),
    ],
)
def test_words_after_the_step_are_the_rest(plan: Plan, text: str, number: int, rest: str) -> None:
    found = find_step_and_rest(plan, text)
    assert (found.step.number, found.rest) == (number, rest)


def test_several_matches_are_asked_about(plan: Plan) -> None:
    with pytest.raises(StepUnclear) as unclear:
        find_step(plan, "pipeline")
    assert [step.number for step in unclear.value.steps] == [2, 3]
    with pytest.raises(StepUnclear) as unclear:
        find_step_and_rest(plan, "pipeline it works now")
    assert unclear.value.rest == "it works now"


@pytest.mark.parametrize("text", ["quantum", "9", "the", "step"])
def test_a_step_that_is_not_there_offers_others(plan: Plan, text: str) -> None:
    with pytest.raises(StepNotFound) as missing:
        find_step(plan, text)
    assert missing.value.steps


def test_this_week_means_the_step_under_way(plan: Plan) -> None:
    doing = plan.with_step(PlanStep(2, TEXTS[1], 4, StepState.DOING, allocations=plan.step(1).allocations))
    assert find_step(doing, "this one").number == 2
