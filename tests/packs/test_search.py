"""Search for the answer to a free question, and the refusal to guess when there is none."""

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
def test_search_handles_typos_stems_synonyms_and_accents(question: str, document: str) -> None:
    result = SEARCH.find(question)
    assert document in [hit.document.id for hit in result.hits[:3]]


def test_hits_are_ranked_and_have_a_citation() -> None:
    hits = SEARCH.find("how stressful is the job").hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].document.citation == "AI Architect job brief, USA, 2026"
    assert hits[0].document.command == "brief questions stress"


@pytest.mark.parametrize(
    "question", ["who won the cricket yesterday", "how do I bake bread", "qwertz", "", "?!", "the of and"]
)
def test_search_is_not_confident_about_other_topics(question: str) -> None:
    assert not SEARCH.find(question).confident
    assert len(SEARCH.topics()) == 4


def test_synonyms_of_the_pack_are_used(pack: Path) -> None:
    question = "what is the lolly"
    assert not Library.open(pack.parent, "my-role").search.find(question).confident
    path = pack / "synonyms.yaml"
    path.write_text(path.read_text().replace("wage]", "wage, lolly]"))
    result = Library.open(pack.parent, "my-role").search.find(question)
    assert result.hits[0].document.id == "section:salary"


def test_typos_are_corrected_in_long_words_only() -> None:
    assert SEARCH.find("burnuot").hits[0].document.id == "faq:stress"
    assert not SEARCH.find("cat").confident


def test_a_refused_question_still_has_the_nearest_hits() -> None:
    result = SEARCH.find("what is the salary of a baker, a fisherman, a jockey, a goldsmith and a shepherd in Norway")
    assert not result.confident
    assert "section:salary" in [hit.document.id for hit in result.hits]


@pytest.mark.parametrize("question", ["What would I have to DO?", "what do I need to know", "who should I get to know"])
def test_an_alias_made_of_stop_words_is_answered(question: str) -> None:
    assert SEARCH.find(question).confident
    assert not SEARCH.find("would I have to what do").confident


def test_the_nearest_phrase_beats_scattered_words() -> None:
    assert SEARCH.find("what comes after this job").hits[0].document.id == "section:growth"


def test_a_long_story_is_answered_by_the_question_in_it() -> None:
    story = "My neighbour told me over coffee about a cousin who moved to the seaside and never looked back. " * 5
    result = SEARCH.find(f"{story[:440]} How do I avoid burnout and overtime in this role?"[:500])
    assert "faq:stress" in [hit.document.id for hit in result.hits[:3]]


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
def test_query_syntax_and_markup_are_plain_words(question: str) -> None:
    result = SEARCH.find(question)
    assert len(result.hits) <= 4
    assert all(hit.score > 0 for hit in result.hits)


def test_a_huge_question_is_answered_fast() -> None:
    began = time.perf_counter()
    SEARCH.find("".join(f"qz{number}wxyz " for number in range(4000)))
    assert time.perf_counter() - began < 0.5


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_searched(question: str) -> None:
    result = SEARCH.find(question)
    assert len(result.hits) <= 4
    assert result.hits or not result.confident


def test_a_second_index_gives_the_same_hits() -> None:
    second = Search(Library.open(None, "ai-architect").default)
    question = "which cities pay best and do I need a degree"
    assert [hit.document.id for hit in SEARCH.find(question).hits] == [
        hit.document.id for hit in second.find(question).hits
    ]
