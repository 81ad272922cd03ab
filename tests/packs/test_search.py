"""Search for the passage that answers a free question, and the refusal to guess when there is none."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorbot.packs.library import Library
from mentorbot.packs.passages import Kind
from mentorbot.packs.search import Match, Search

SEARCH = Library.open(None, "ai-architect").search


def documents(question: str, limit: int = 3) -> list[str]:
    return [hit.passage.document for hit in SEARCH.find(question, limit).hits]


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("how long does it take from scratch", "faq:time-to-qualify"),
        ("sallary of a senoir", "pay:senior"),
        ("which cities pay best", "pay:places"),
        ("what raises the pay", "pay:drivers"),
        ("certificates for the cloud", "skill:cloud"),
        ("am I going to burn out", "faq:stress"),
        ("resumé", "faq:cv"),
        ("CURRICULUM VITAE!!!", "faq:cv"),
        ("what do they even do all day lol", "section:responsibilities"),
        ("salary in nyc", "pay:places"),
        ("stressfull?", "faq:stress"),
    ],
)
def test_search_handles_typos_stems_synonyms_and_accents(question: str, document: str) -> None:
    assert document in documents(question)


@pytest.mark.parametrize(
    "question",
    ["RAG", "What's RAG?", "explain RAG", "Could you explain RAG to me, please", "Tell me about RAG as I'm new"],
)
def test_asking_what_something_is_finds_what_it_is(question: str) -> None:
    (found,) = SEARCH.find(question, 1).hits
    assert found.passage.topic.startswith("What is RAG")


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("can you recommend some books", "reading:all"),
        ("any courses you'd recommend", "reading:courses"),
        ("which papers are worth reading", "reading:papers"),
    ],
)
def test_who_asks_for_books_or_the_like_gets_a_list_of_them(question: str, document: str) -> None:
    found = SEARCH.find(question, 1)
    assert found.confident
    assert found.hits[0].passage.document == document


def test_two_stop_words_may_say_together_what_neither_does() -> None:
    library = Library.open(None, "engineering-manager")
    assert "say no" in library.search.find("how do I say no to requests").hits[0].passage.topic


def test_two_words_written_as_one_are_found() -> None:
    assert documents("how does a designreview work") == documents("how does a design review work")


def test_a_stem_two_words_share_is_no_likeness() -> None:
    assert SEARCH.find("what's a normal week like").hits[0].passage.document == "answer:typical-day"
    assert SEARCH.find("why normalise data").hits[0].passage.document == "answer:normalisation"


def test_the_rarest_word_of_a_question_may_be_just_a_way_of_talking() -> None:
    assert SEARCH.find("Are maths so important? Mine are terrible").hits[0].passage.document == "answer:maths"


def test_a_word_that_only_says_how_exactly_changes_nothing_about_pay() -> None:
    assert SEARCH.find("roughly what does an AI architect earn").about_pay
    assert not SEARCH.find("what does a truck driver earn").about_pay


def test_how_much_something_should_be_asks_for_advice_rather_than_a_record() -> None:
    manager = Library.open(None, "engineering-manager").search
    assert manager.find("how much of my week should one-on-ones take").match is not Match.NONE
    assert manager.find("how many holidays did my team take").match is Match.NONE


def test_what_someone_makes_in_a_job_is_their_pay() -> None:
    assert SEARCH.find("what does an AI architect make on average").about_pay
    assert not SEARCH.find("what do you make of LangChain").about_pay


def test_who_is_responsible_is_a_question_unless_it_is_for_one_certain_thing() -> None:
    assert SEARCH.find("who is responsible when a model harms someone").confident
    assert SEARCH.find("who is responsible for the login page").match is Match.NONE


@pytest.mark.parametrize(("one", "many"), [("LLM", "LLMs"), ("gpu", "gpus"), ("PhD", "PhDs"), ("API", "APIs")])
def test_the_plural_of_an_acronym_finds_the_same(one: str, many: str) -> None:
    assert documents(one) == documents(many)
    assert documents(one)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("how do I organise labelled data", "how do I organize labelled data"),
        ("optimise a behaviour", "optimize a behavior"),
    ],
)
def test_british_and_american_spelling_find_the_same(british: str, american: str) -> None:
    assert documents(british) == documents(american)
    assert documents(british)


@pytest.mark.parametrize("question", ["what is a prompt", "what is a data contract", "what is an index"])
def test_a_topic_is_found_though_lists_of_stop_words_hold_it_or_it_sounds_like_a_person(question: str) -> None:
    assert SEARCH.find(question).match is not Match.NONE


def test_a_term_of_the_trade_is_answered_with_the_closest_there_is() -> None:
    assert SEARCH.find("our qdrant cluster keeps crashing under load, any hints").match is Match.CLOSE
    assert SEARCH.find("our garden shed keeps crashing under snow, any hints").match is Match.NONE


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how do I measure drift of one feature", Kind.TIP),
        ("what traps are there in interview questions about autoscaling", Kind.INTERVIEW),
        ("why is a notebook with a good score not enough for a release", Kind.RECALL),
        ("which paper explains PagedAttention", Kind.READING),
        ("how do I lead a blameless review of an incident", Kind.MILESTONE),
        ("what does an NLP architect focus on", Kind.TITLE),
        ("mlops level 3", Kind.LEVEL),
        ("what is a model registry", Kind.ANSWER),
    ],
)
def test_every_kind_of_passage_is_found(question: str, kind: Kind) -> None:
    assert kind in [hit.passage.kind for hit in SEARCH.find(question, 2).hits]


def test_everything_an_author_wrote_is_a_passage() -> None:
    pack = Library.open(None, "ai-architect").default
    found = {passage.document for passage in SEARCH.passages}
    assert {f"tip:{id_}" for id_ in pack.tips_by_id} <= found
    assert {f"recall:{id_}" for id_ in pack.recall_by_id} <= found
    assert {f"milestone:{id_}" for id_ in pack.milestones} <= found
    assert {f"reading:{resource.id}" for resource in pack.resources} <= found
    assert {f"interview:{each.id}" for interview in pack.interview for each in interview.questions} <= found
    assert {f"answer:{answer.id}" for answers in pack.answers for answer in answers.answers} <= found
    assert {f"title:{title.id}" for title in pack.titles.titles} <= found
    levels = [passage for passage in SEARCH.passages if passage.kind is Kind.LEVEL]
    assert len(levels) == 5 * len(pack.skills)


def test_only_what_rests_on_a_source_is_labelled_with_it() -> None:
    citations = {
        f"{each.title}, {each.region}, {each.date}" for each in Library.open(None, "ai-architect").default.info.sources
    }
    for passage in SEARCH.passages:
        sourced = passage.kind in (Kind.BRIEF, Kind.PAY, Kind.TITLE) or passage.document.startswith(
            ("step:", "interview:all", "example:all")
        )
        assert (passage.label.split(";")[0] in citations) == sourced, passage


def test_hits_are_ranked_and_show_what_each_sentence_has_of_the_question() -> None:
    hits = SEARCH.find("which industries are hiring").hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    best = hits[0]
    assert best.passage.label == "AI Architect job brief, USA, 2026"
    assert best.passage.command == "brief demand"
    lead = best.passage.sentences[max(range(len(best.sentence_scores)), key=best.sentence_scores.__getitem__)]
    assert lead.startswith("Companies are hiring in industries")


@pytest.mark.parametrize(
    "question",
    [
        "who won the cricket yesterday",
        "how do I bake bread",
        "qwertz",
        "",
        "?!",
        "the of and",
        "best pizza in town",
        "book a table for four",
        "cat",
    ],
)
def test_search_refuses_other_topics(question: str) -> None:
    assert SEARCH.find(question).match is Match.NONE


@pytest.mark.parametrize(
    "question",
    [
        "which of my architects is on holiday",
        "who in our company has the root password",
        "should I sell my Nvidia shares",
    ],
)
def test_what_only_the_records_of_a_company_or_a_broker_know_is_refused(question: str) -> None:
    assert SEARCH.find(question).match is Match.NONE


@pytest.mark.parametrize("question", ["why are my GPUs sitting idle", "how is our data poisoned"])
def test_what_is_wrong_with_ones_own_system_is_no_private_matter(question: str) -> None:
    assert SEARCH.find(question).match is not Match.NONE


def test_two_questions_in_one_get_two_answers() -> None:
    first, second = SEARCH.answers("how long does it take from scratch, and which cities pay best?")
    assert first.hits[0].passage.document == "faq:time-to-qualify"
    assert second.hits[0].passage.document == "pay:places"


def test_one_question_stays_one() -> None:
    assert len(SEARCH.answers("how do data scientists and engineers work together")) == 1
    assert len(SEARCH.answers("what is the pay and how do I bake bread")) == 1


def test_a_second_question_that_says_nothing_by_itself_is_about_the_first() -> None:
    (only,) = SEARCH.answers("what is a KV cache and why does it matter")
    assert only.hits[0].passage.document == "answer:what-is-a-kv-cache"
    documents = [found.hits[0].passage.document for found in SEARCH.answers("is it stressful and what does it pay")]
    assert documents == ["faq:stress", "pay:all"]


def test_two_job_titles_are_compared() -> None:
    results = SEARCH.answers("what's the difference between an ML architect and an AI solutions architect")
    assert [result.hits[0].passage.document for result in results] == [
        "title:ml-architect",
        "title:ai-solutions-architect",
    ]


def test_synonyms_of_the_pack_are_used(pack: Path) -> None:
    question = "what is the lolly"
    assert not Library.open(pack.parent, "my-role").search.find(question).confident
    path = pack / "synonyms.yaml"
    path.write_text(path.read_text().replace("wage]", "wage, lolly]"))
    result = Library.open(pack.parent, "my-role").search.find(question)
    assert result.hits[0].passage.kind is Kind.PAY


def test_an_unknown_unit_does_not_hide_the_topic() -> None:
    assert SEARCH.find("how to move 50 tb to the cloud").hits[0].passage.document == "answer:cloud-migration"
    assert SEARCH.find("how to move 50 tb to the cloud").match is not Match.NONE


def test_a_long_story_is_answered_by_the_question_in_it() -> None:
    story = "My neighbour told me over coffee about a cousin who moved to the seaside and never looked back. " * 5
    question = f"{story[:440]} How do I avoid burnout and overtime in this role?"[:500]
    assert "faq:stress" in documents(question)
    assert SEARCH.find(question).confident


@pytest.mark.parametrize(
    "question",
    [
        "title:cv AND (",
        '"resume',
        "salary^1000 OR *:*",
        "\u202eyralas",
        "@everyone <!channel> ```",
        "\x00\x1b[2J",
        "#1 #2 #3",
        "a" * 40_000,
    ],
)
def test_query_syntax_and_markup_are_plain_words(question: str) -> None:
    result = SEARCH.find(question)
    assert len(result.hits) <= 4
    assert all(hit.score > 0 for hit in result.hits)


def test_a_huge_question_is_answered_fast() -> None:
    began = time.process_time()
    SEARCH.find("".join(f"qz{number}wxyz " for number in range(4000)))
    assert time.process_time() - began < 0.5


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_searched(question: str) -> None:
    for result in SEARCH.answers(question):
        assert len(result.hits) <= 4
        assert result.hits or result.match is Match.NONE


def test_a_second_index_gives_the_same_hits() -> None:
    second = Search(Library.open(None, "ai-architect").default)
    question = "which cities pay best and do I need a degree"
    assert [hit.passage for hit in SEARCH.find(question).hits] == [hit.passage for hit in second.find(question).hits]


def test_typos_are_mended_in_words_and_never_in_addresses() -> None:
    text = "Read https://example.org/arcitecture?kubernets=https and the arcitecture of kubernets"
    assert SEARCH.mended(text) == (
        "Read https://example.org/arcitecture?kubernets=https and the architecture of kubernetes"
    )


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("nurse, 34, good at excel. any realistic way into this?", "answer:from-teaching"),
        ("I'm a teacher, can I switch into this", "answer:from-teaching"),
        ("devops guy, 6 yrs, is that useful?", "answer:from-operations"),
        ("product manager here wanting to go to AI architect", "answer:from-product"),
        (
            "thinking of moving from data engineering to architecture, don't know if the degree matters",
            "section:education",
        ),
    ],
)
def test_someone_who_tells_what_they_are_gets_the_way_from_there_unless_they_ask_for_more(
    text: str, document: str
) -> None:
    found = SEARCH.find(text)
    assert found.confident
    assert found.hits[0].passage.document == document


@pytest.mark.parametrize(
    "text", ["how do I become a UX designer", "what does a data scientist earn", "what do nurses earn in spain"]
)
def test_another_role_is_no_subject_even_if_the_pack_mentions_it(text: str) -> None:
    assert SEARCH.find(text).match is Match.NONE


@pytest.mark.parametrize("text", ["what does a senior earn", "how do I become a director", "how much do they make"])
def test_levels_and_roles_on_the_way_are_subjects(text: str) -> None:
    assert SEARCH.find(text).match is not Match.NONE


def test_a_single_everyday_word_is_never_stated_as_the_answer() -> None:
    assert SEARCH.find("what's the meaning of life").match is not Match.ANSWER


def test_a_single_everyday_word_is_enough_if_the_pack_asks_the_same() -> None:
    search = Library.open(None, "engineering-manager").search
    assert search.find("we have too many meetings").confident


def test_how_to_decide_is_asked_of_what_was_named_before() -> None:
    assert documents("rag or fine tuning, how do I decide")[0] == "answer:finetune-rag-or-prompt"


def test_of_two_questions_the_one_that_is_surely_answered_is() -> None:
    (found,) = SEARCH.answers("whats mlops and how deep do I need to go")
    assert found.hits[0].passage.document == "answer:what-is-mlops"


@pytest.mark.parametrize("question", ["can you tell me what RAG is?", "and do you know what RAG is", "what is RAG"])
def test_a_question_asked_indirectly_is_the_same_question(question: str) -> None:
    found = SEARCH.find(question)
    assert found.match is Match.ANSWER
    assert found.hits[0].passage.document == "answer:what-is-rag"
