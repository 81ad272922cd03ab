"""Questions that go on with the one before, in a conversation with the whole bot behind it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mentorbot.chat.plain_text import plain_text
from tests.conversations.conftest import Team, team


@pytest.fixture
async def settled(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[Team]:
    shutil.copy(migrated_sqlite, tmp_path / "team.db")
    async with team(tmp_path / "team.db") as made:
        yield made


@pytest.mark.parametrize("who", ["learner", "admin"])
async def test_a_question_is_understood_with_the_one_before(settled: Team, who: str) -> None:
    for first, then, expected in (
        ("what is a vector database", "do I need one?", "You need an index of vectors"),
        ("what is a canary release", "when should I use it?", "canary at 1-5%"),
        ("what does a senior earn", "and in Europe?", "I only have US figures"),
        ("what is RAG", "tell me more", "Machine learning and AI infrastructure"),
        ("how do I become an AI architect", "how long does that take?", "5–10+ years"),
        ("do I need a degree for this", "why", 'isn\'t "required"'),
        ("how much math do i need", "even for the senior roles?", "I have nothing on that in particular"),
        ("will AI replace architects", "says who", "the author's own advice"),
    ):
        settled.conversation += 1
        await settled.say(who, first)
        assert expected in plain_text(await settled.say(who, then)), then


async def test_pay_stays_the_subject_for_a_place_and_a_level(settled: Team) -> None:
    settled.conversation += 1
    await settled.say("learner", "how much does it pay")
    assert "I only have US figures" in plain_text(await settled.say("learner", "and in Poland?"))
    assert "$200K" in plain_text(await settled.say("learner", "and for seniors?"))
    assert "I only have US figures" in plain_text(await settled.say("learner", "and in Poland?"))


async def test_a_question_that_is_like_no_command_goes_on_with_the_one_before(settled: Team) -> None:
    settled.conversation += 1
    await settled.say("learner", "what is fine tuning")
    answer = plain_text(await settled.say("learner", "why not train all the weights then?"))
    assert "fine-tune" in answer
    assert "Next message" not in answer


async def test_an_order_or_a_question_to_the_bot_is_not_about_the_answer_before(settled: Team) -> None:
    for then, expected in (("got it, make me a plan, 4h per week", "target role"), ("why do you write me", "messages")):
        settled.conversation += 1
        await settled.say("newcomer", "which skills do I need")
        assert expected in plain_text(await settled.say("newcomer", then)), then


async def test_a_question_on_something_else_is_not_about_the_one_before(settled: Team) -> None:
    await settled.say("learner", "what is a vector database")
    assert "beyond me" in plain_text(await settled.say("learner", "how do I bake one?"))
    await settled.say("learner", "what is a vector database")
    assert "vector" not in plain_text(await settled.say("learner", "did I finish it?"))


async def test_without_a_question_before_there_is_nothing_to_refer_to(settled: Team) -> None:
    settled.conversation += 1
    assert "vector" not in plain_text(await settled.say("learner", "do I need one?"))
