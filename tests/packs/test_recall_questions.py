"""What the built-in pack asks: of every skill, at every level, and with nothing that gives the answer away."""

from __future__ import annotations

from collections import Counter

import pytest

from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack, RecallQuestion


@pytest.fixture(scope="module")
def ai_architect() -> Pack:
    return Library.open(None, "ai-architect").default


@pytest.fixture(scope="module")
def asked(ai_architect: Pack) -> list[RecallQuestion]:
    return [question for recall in ai_architect.recall for question in recall.questions]


def test_the_built_in_pack_asks_of_every_skill_at_every_level(ai_architect: Pack) -> None:
    assert [recall.skill for recall in ai_architect.recall] == [skill.id for skill in ai_architect.skills]
    for recall in ai_architect.recall:
        assert len(recall.questions) >= 7
        levels = [question.level for question in recall.questions]
        assert levels == sorted(levels)
        assert set(levels) == {1, 2, 3, 4}
        assert all(question.id.startswith(f"{recall.skill}-") for question in recall.questions)


def test_a_choice_of_the_built_in_pack_fits_a_button(asked: list[RecallQuestion]) -> None:
    assert len(asked) >= 49
    assert max(len(choice) for question in asked for choice in question.choices) <= 75


def test_neither_place_nor_length_gives_the_answer_away(asked: list[RecallQuestion]) -> None:
    places = Counter(question.answer for question in asked)
    assert set(places) == {1, 2, 3, 4}
    assert all(0.15 <= count / len(asked) <= 0.35 for count in places.values())
    longest = [question for question in asked if _right(question) == max(question.choices, key=len)]
    assert len(longest) / len(asked) <= 0.4


def _right(question: RecallQuestion) -> str:
    return question.choices[question.answer - 1]


def test_short_levels_of_the_built_in_pack_are_told_apart(ai_architect: Pack) -> None:
    lines = [line for skill in ai_architect.skills for line in skill.in_short]
    assert len(set(lines)) == len(lines) == 35
