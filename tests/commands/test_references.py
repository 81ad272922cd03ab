"""References: “the one after that”, “the other one” and “when is it due?”."""

from __future__ import annotations

import pytest

from .conftest import STEPS, Chat, lines, said


@pytest.mark.parametrize(
    ("texts", "step"),
    [
        (("show me step 3", "and the one after that"), 4),
        (("show me step 3", "and the one after", "and after that?"), 5),
        (("show me step 4", "the one before that"), 3),
        (("show me step 4", "the previous one"), 3),
        (("what's after the docker step?",), 5),
        (("show me step 3", "the step after step 4"), 5),
        (("what's next", "why that one first?"), 2),
        (("show me step 4", "why?"), 4),
        (("show me step 4", "how long does that take?"), 4),
        (("drop step 4", "when is it due?"), 4),
    ],
)
async def test_the_step_that_is_shown(ada: Chat, texts: tuple[str, ...], step: int) -> None:
    assert STEPS[step - 1] in (await said(ada, *texts)).splitlines()[0]


async def test_a_due_date_that_is_missing_is_said_to_be(ada: Chat) -> None:
    assert "No due date." in await said(ada, "show me step 4", "when is it due?")


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (("show me step 4", "let's say 17 december"), 'plan edit step:4 by:"17 december"'),
        (("show me step 3", "drop the one after that"), "plan drop step:4"),
        (("show me step 3", "and the next one", "can we drop that one"), "plan drop step:4"),
        (
            ("step 3 is due on 11 december", "and the one after that a week later"),
            "plan edit step:4 by:2026-12-18",
        ),
        (("move the second one to 14 december", "the third too"), 'plan move step:3 to:"14 december"'),
        (("i finished the docker step", "took me 9 hours"), 'plan log step:4 hours:"9 hours"'),
    ],
)
async def test_the_step_that_is_meant(ada: Chat, texts: tuple[str, ...], line: str) -> None:
    assert line in await lines(ada, *texts)


async def test_the_other_one_of_two_learners(mentor: Chat) -> None:
    answer = await said(mentor, "how is ben doing", "and the other one?")
    assert answer.splitlines()[0].startswith("chen")
    assert await lines(mentor, "tell her well done") == ['pair note who:chen text:"well done"']


async def test_after_lunch_is_no_step(ada: Chat) -> None:
    assert STEPS[4] not in await said(ada, "show me step 4", "what's after lunch?")
