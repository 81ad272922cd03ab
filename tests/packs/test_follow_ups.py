"""Answer questions that go on with an answer, and leave those alone that don't."""

from __future__ import annotations

import pytest

from mentorbot.packs.follow_ups import MAX_TURNS, FollowUps, joined, turns_of
from mentorbot.packs.library import Library
from mentorbot.packs.sides import Side, side_of

FOLLOW_UPS = FollowUps(Library.open(None, "ai-architect").search)


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ("what should I learn first", "and after that?", "After that add SQL"),
        ("how much does it pay", "why so much", "What drives pay"),
        ("do I need a degree for this", "why?", "isn't"),
        ("how do I become an AI architect", "how long does that take", "5–10+ years"),
        ("what should be on my GitHub profile", "and if everything is under NDA?", "without names, data or screens"),
        ("what are the responsibilities", "tell me more about the second one", "Selecting machine-learning models"),
        ("what is kubernetes", "do I really have to learn it", "How do I learn Docker and Kubernetes"),
        ("what is a vector database", "which one should I take", "Take pgvector or the search engine"),
        ("how do I prepare for the interview", "and then?", "Strategic positioning"),
        ("what is model drift", "how do I notice it", "alert on large shifts"),
        ("how do I evaluate a chatbot", "how many do I need", "50-100 real cases"),
        ("what is MCP", "is it safe", "doesn't make a tool safe"),
        ("what is RAG", "and what's LoRA in that", "What is LoRA?"),
        ("explain transformers", "too complicated, simpler please", "each token looks at the others"),
        ("what is MLOps", "too much text, shorter", "MLOps is what it takes"),
    ],
)
def test_a_question_is_answered_with_the_one_before(first: str, then: str, told: str) -> None:
    assert FOLLOW_UPS.goes_on((first,), then)
    found = FOLLOW_UPS.answer((first,), then)
    assert found is not None
    assert found.told
    passage = found.result.hits[0].passage
    assert told in (
        passage.sentences[found.sentence] if found.sentence is not None else f"{passage.topic} {passage.text}"
    )


def test_what_no_passage_tells_is_not_made_up() -> None:
    found = FOLLOW_UPS.answer(("how do I say no to a bad idea",), "can you give me an example")
    assert found is not None
    assert (found.side, found.told) == (Side.EXAMPLE, False)


def test_what_leans_on_the_answer_before_is_about_the_same_even_if_nothing_tells_it() -> None:
    turns = ("how do I evaluate an LLM application",)
    assert FOLLOW_UPS.goes_on(turns, "and for a small team?")
    found = FOLLOW_UPS.answer(turns, "and for a small team?")
    assert found is not None
    assert not found.told
    first, nearest, *_ = (hit.passage for hit in found.result.hits)
    assert first.document == "answer:evaluate-an-llm"
    assert nearest is not first


def test_how_often_is_answered_by_the_question_that_asks_it() -> None:
    follow_ups = FollowUps(Library.open(None, "engineering-manager").search)
    found = follow_ups.answer(("how do I run a one on one",), "how often?")
    assert found is not None
    assert found.result.hits[0].passage.topic == "How often should I hold one-on-ones?"


@pytest.mark.parametrize(
    ("first", "then", "topic"),
    [
        (
            "someone on my team wants a raise",
            "there is no budget",
            "How do I divide the raise or bonus budget among my team?",
        ),
        (
            "my team misses deadlines",
            "how do I tell my boss",
            "My boss promised a date without asking us. What do I do?",
        ),
    ],
)
def test_what_could_be_read_alone_is_better_read_with_the_question_before(first: str, then: str, topic: str) -> None:
    follow_ups = FollowUps(Library.open(None, "engineering-manager").search)
    assert follow_ups.is_read_with((first,), then)
    found = follow_ups.answer((first,), then)
    assert found is not None
    assert found.result.hits[0].passage.topic == topic


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("what is RAG", "how stressful is the job"),
        ("what is RAG", "my kids are ill"),
        ("what is RAG", "I'm done for today"),
        ("what is a vector database", "should I buy a house or rent one?"),
    ],
)
def test_what_has_nothing_of_the_question_before_is_read_alone(first: str, then: str) -> None:
    assert not FOLLOW_UPS.is_read_with((first,), then)


def test_asking_for_more_never_gives_the_same_again() -> None:
    turns: tuple[str, ...] = ("is it stressful",)
    seen: set[str] = set()
    for _ in range(3):
        found = FOLLOW_UPS.answer(turns, "anything else?")
        assert found is not None
        if not found.told:
            break
        told = found.result.hits[0].passage.text
        assert told not in seen
        seen.add(told)
        turns = (*turns, "anything else?")
    assert seen


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("what is a vector database", "how do I bake one?"),
        ("who won the world cup", "why"),
        ("what is RAG", "how stressful is the job"),
        ("what is a vector database", "should I buy a house or rent one?"),
        ("what is RAG", "show my plan"),
    ],
)
def test_a_question_on_something_else_does_not_go_on(first: str, then: str) -> None:
    assert not FOLLOW_UPS.goes_on((first,), then)


def test_the_first_and_the_last_questions_are_remembered() -> None:
    turns = [f"question {number}?" for number in range(9)]
    kept = turns_of(joined(turns))
    assert len(kept) == MAX_TURNS
    assert (kept[0], kept[-1]) == (turns[0], turns[-1])


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("why", Side.REASON),
        ("says who", Side.SOURCE),
        ("for instance?", Side.EXAMPLE),
        ("how long would that take me", Side.DURATION),
        ("is that hard", Side.DIFFICULTY),
        ("which one first?", Side.FIRST),
        ("what could go wrong", Side.RISK),
        ("isn't that dangerous", Side.RISK),
        ("ok and in practice?", Side.HOW),
        ("too much text, shorter", Side.SHORT),
        ("too complicated, explain it simpler", Side.MEANING),
        ("how many examples do I need", Side.AMOUNT),
        ("what do you mean by that", Side.MEANING),
        ("how do i do that", Side.HOW),
        ("do I need one?", Side.NEED),
        ("how often", Side.AMOUNT),
        ("which of them", Side.CHOICE),
        ("in Europe", None),
    ],
)
def test_the_side_is_named_in_a_word_or_two(text: str, side: Side | None) -> None:
    assert side_of(text) is side
