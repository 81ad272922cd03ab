"""Finding the answer to a free question, and knowing when there is none."""

from __future__ import annotations

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
    assert hits[0].document.source == "AI Architect job brief, USA, 2026"
    assert hits[0].document.line == "brief questions stress"


@pytest.mark.parametrize(
    "question", ["who won the cricket yesterday", "how do I bake bread", "qwertz", "", "?!", "the of and"]
)
def test_what_it_does_not_know_it_does_not_claim(question: str) -> None:
    assert not SEARCH.find(question).sure
    assert len(SEARCH.topics()) == 4


def test_a_packs_own_synonyms_count(pack: Path) -> None:
    question = "what is the lolly"
    assert not Library.open(pack.parent, "my-role").search.find(question).sure
    path = pack / "synonyms.yaml"
    path.write_text(path.read_text().replace("wage]", "wage, lolly]"))
    found = Library.open(pack.parent, "my-role").search.find(question)
    assert found.hits[0].document.id == "section:salary"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_question_breaks_it(question: str) -> None:
    found = SEARCH.find(question)
    assert len(found.hits) <= 4
    assert found.hits or not found.sure


def test_the_same_question_gets_the_same_answer() -> None:
    again = Search(Library.open(None, "ai-architect").default)
    question = "which cities pay best and do I need a degree"
    assert [hit.document.id for hit in SEARCH.find(question).hits] == [
        hit.document.id for hit in again.find(question).hits
    ]
