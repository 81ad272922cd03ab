"""Signs in the words of a question that it's one for a mentor."""

from __future__ import annotations

import pytest

from mentorbot.packs.library import Library
from mentorbot.packs.question_words import WEIGHTS, QuestionWords, signs_of, text_of
from mentorbot.packs.search import Match
from tests.benchmarks.question_words import Told, digest_of, known_from, learned, stems_of

LIBRARY = Library.open(None, "ai-architect")
ARCHITECT = LIBRARY.search
MANAGER = LIBRARY.search_of(LIBRARY.packs["engineering-manager"])


def test_words_speak_for_or_against_a_question() -> None:
    words = QuestionWords.of(text_of("", {"salari": 1.0, "garden": -2.0}))
    assert words.lean(stems_of("which salary"), frozenset()) > 0 > words.lean(stems_of("my garden"), frozenset())
    assert words.lean(stems_of("nothing it knows"), frozenset()) == 0


def test_no_word_that_a_pack_is_about_speaks_against_a_question() -> None:
    words = QuestionWords({"salari": 1.0, "garden": -2.0})
    question = stems_of("salary for my garden")
    assert words.lean(question, frozenset({"garden"})) > 0 > words.lean(question, frozenset())


def test_all_numbers_are_alike() -> None:
    assert signs_of(stems_of("6 cats")) == signs_of(stems_of("12 cats"))


def test_what_is_learned_tells_questions_apart_that_are_new() -> None:
    told = [Told(f"how do I lead {whom}", is_ours=True) for whom in ("a team", "juniors", "peers")]
    told += [Told(f"where can I buy {what}", is_ours=False) for what in ("shoes", "bread", "stamps")]
    words = known_from(told)
    assert words.lean(stems_of("how do I lead seniors"), frozenset()) > 1
    assert words.lean(stems_of("where can I buy milk"), frozenset()) < -1


def test_the_weights_follow_from_the_questions() -> None:
    """After a change to questions: `python -m tests.benchmarks.question_words`."""
    assert WEIGHTS.read_text(encoding="utf-8").partition("\n")[0] == digest_of(learned())


@pytest.mark.parametrize(
    "question",
    [
        "what does a building surveyor earn after ten years",
        "is it true that the bakery next door pays its people badly",
        "how do I get into the police academy with bad eyes",
        "who leads the company that makes my phone",
        "order a new chair for my desk",
    ],
)
def test_what_has_a_word_of_the_pack_in_passing_is_beyond_it(question: str) -> None:
    assert ARCHITECT.find(question).match is Match.NONE
    assert MANAGER.find(question).match is Match.NONE


@pytest.mark.parametrize("question", ["how big should a chunk be", "vendor lock-in", "chunk size", "mlops"])
def test_what_a_pack_asks_itself_is_answered_however_short_it_is(question: str) -> None:
    assert ARCHITECT.find(question).confident


def test_what_the_pack_asks_itself_isnt_answered_about_a_certain_day() -> None:
    assert MANAGER.find("how do I tell my team about a reorganisation").sure
    assert MANAGER.find("when is the next reorg").match is Match.NONE
