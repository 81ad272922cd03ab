"""Finding the answer to a free question, and knowing when there is none."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorbot.packs.library import Library
from mentorbot.packs.search import Search

SEARCH = Library.open(None, "ai-architect").search


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("how long does it take from scratch", "faq:time-to-qualify"),
        ("sallary of a senoir", "section:salary"),
        ("What do the hospitals pay?", "section:salary"),
        ("kubernetes certificates for the cloud", "skill:cloud"),
        ("am I going to burn out", "faq:stress"),
        ("resumé", "faq:cv"),
        ("CURRICULUM VITAE!!!", "faq:cv"),
    ],
)
def test_words_typing_errors_stems_and_synonyms_lead_to_it(question: str, document: str) -> None:
    found = SEARCH.find(question)
    assert document in [hit.document.id for hit in found.hits[:3]]


def test_the_best_comes_first_and_its_source_is_known() -> None:
    hits = SEARCH.find("how stressful is the job").hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].document.citation == "AI Architect job brief, USA, 2026"
    assert hits[0].document.command == "brief questions stress"


@pytest.mark.parametrize(
    "question", ["who won the cricket yesterday", "how do I bake bread", "qwertz", "", "?!", "the of and"]
)
def test_what_it_does_not_know_it_does_not_claim(question: str) -> None:
    assert not SEARCH.find(question).confident
    assert len(SEARCH.topics()) == 4


def test_a_packs_own_synonyms_count(pack: Path) -> None:
    question = "what is the lolly"
    assert not Library.open(pack.parent, "my-role").search.find(question).confident
    path = pack / "synonyms.yaml"
    path.write_text(path.read_text().replace("wage]", "wage, lolly]"))
    found = Library.open(pack.parent, "my-role").search.find(question)
    assert found.hits[0].document.id == "section:salary"


def test_a_short_slip_of_the_keyboard_is_not_taken_for_another_word() -> None:
    assert SEARCH.find("burnuot").hits[0].document.id == "faq:stress"
    assert not SEARCH.find("cat").confident


def test_what_it_refuses_still_comes_with_the_nearest_topics() -> None:
    found = SEARCH.find("what is the salary of a baker, a fisherman, a jockey, a goldsmith and a shepherd in Norway")
    assert not found.confident
    assert "section:salary" in [hit.document.id for hit in found.hits]


@pytest.mark.parametrize("question", ["What would I have to DO?", "what do I need to know", "who should I get to know"])
def test_a_question_that_the_pack_declares_is_answered_even_if_its_words_say_little(question: str) -> None:
    assert SEARCH.find(question).confident
    assert not SEARCH.find("would I have to what do").confident


def test_the_nearest_phrase_wins_over_many_scattered_words() -> None:
    assert SEARCH.find("what comes after this job").hits[0].document.id == "section:growth"


def test_a_story_of_500_characters_is_answered_by_its_point() -> None:
    story = "My neighbour told me over coffee about a cousin who moved to the seaside and never looked back. " * 5
    found = SEARCH.find(f"{story[:440]} How do I avoid burnout and overtime in this role?"[:500])
    assert "faq:stress" in [hit.document.id for hit in found.hits[:3]]


@pytest.mark.parametrize(
    "question",
    [
        "title:cv AND (",
        '"resume',
        "salary^1000 OR *:*",
        "\u202eyralas",
        "@everyone <!channel> ```",
        "\x00\x1b[2J",
        "a" * 40_000,
    ],
)
def test_hostile_questions_are_only_words(question: str) -> None:
    found = SEARCH.find(question)
    assert len(found.hits) <= 4
    assert all(hit.score > 0 for hit in found.hits)


def test_forty_thousand_characters_do_not_keep_it_busy() -> None:
    began = time.perf_counter()
    SEARCH.find("".join(f"qz{number}wxyz " for number in range(4000)))
    assert time.perf_counter() - began < 0.5


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_question_breaks_it(question: str) -> None:
    found = SEARCH.find(question)
    assert len(found.hits) <= 4
    assert found.hits or not found.confident


def test_the_same_question_gets_the_same_answer() -> None:
    again = Search(Library.open(None, "ai-architect").default)
    question = "which cities pay best and do I need a degree"
    assert [hit.document.id for hit in SEARCH.find(question).hits] == [
        hit.document.id for hit in again.find(question).hits
    ]
