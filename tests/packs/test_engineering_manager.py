"""The built-in pack for engineering managers: another shape than the first, and as complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorbot.packs import loader
from mentorbot.packs.library import Library, builtin, counts
from mentorbot.packs.passages import Kind
from mentorbot.packs.schema import Pack
from mentorbot.packs.search import Search

ROLE = "engineering-manager"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Library.open(None, ROLE).default


def test_it_is_complete_without_any_figure_of_pay(pack: Pack) -> None:
    folder = builtin() / ROLE
    assert (loader.check(folder), loader.hints(folder)) == ([], [])
    assert pack.salaries is None
    assert "salary" not in [section.id for section in pack.sections]
    numbers = counts(pack)
    assert (numbers["tips"], numbers["questions"], len(pack.recall_by_id)) == (25, 16, 25)
    assert numbers["milestones"] >= 20
    assert len(pack.titles.titles) == 4


def test_right_answers_to_recall_questions_cannot_be_guessed_by_place_or_length(pack: Pack) -> None:
    questions = [question for question, _ in pack.recall_by_id.values()]
    for place in range(1, 5):
        assert sum(question.answer == place for question in questions) <= len(questions) * 0.45
    longest = sum(len(q.choices[q.answer - 1]) == max(map(len, q.choices)) for q in questions)
    assert longest <= len(questions) * 0.5


@pytest.fixture(scope="module")
def search(pack: Pack) -> Search:
    return Library.open(None, ROLE).search_of(pack)


def test_every_short_answer_leads_with_a_sentence_that_fits_a_title(search: Search) -> None:
    answers = [passage for passage in search.passages if passage.kind is Kind.ANSWER]
    assert len(answers) >= 180
    assert [passage.topic for passage in answers if len(passage.sentences[0]) > 120] == []


def test_every_short_answer_is_found_by_its_question(search: Search) -> None:
    for passage in search.passages:
        if passage.kind is Kind.ANSWER:
            found = search.find(passage.topic, 1)
            assert (found.confident, found.hits[0].passage.document) == (True, passage.document), passage.topic


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("my 1:1s are awkward, nobody says anything", "quiet-one-on-one"),
        ("how to handle a toxic senior dev who is brilliant", "brilliant-jerk"),
        ("should we measure lines of code", "measure-productivity"),
        ("two of my devs are fighting", "team-conflict"),
        ("what's a PIP", "what-is-a-pip"),
        ("my team missed the deadline again", "missed-deadlines"),
        ("retro ideas", "retrospectives"),
        ("how do I lead after a layoff", "after-layoffs"),
        ("an engineer's mother died", "bereavement"),
        ("we have no PM", "no-product-manager"),
        ("someone always says almost done", "never-finishes"),
        ("someone works two jobs", "second-job"),
        ("I don't deserve the lead job, they say", "lose-authority"),
        ("how do I tell her she isn't getting promoted", "promotion-refused"),
    ],
)
def test_short_answers_are_found_in_the_words_of_people(search: Search, question: str, answer: str) -> None:
    assert f"answer:{answer}" in [hit.passage.document for hit in search.find(question, 2).hits]


def test_a_question_in_plain_words_finds_its_answer(search: Search) -> None:
    for question, command in (
        ("do managers still code", "brief questions still-coding"),
        ("can I go back to being an engineer", "brief questions going-back"),
        ("how do I manage people who were my peers until last week", "brief questions former-peers"),
        ("do I need an MBA", "brief education"),
    ):
        commands = [hit.passage.command for hit in search.find(question).hits[:2]]
        assert command in commands, (question, commands)


def test_no_file_of_the_pack_mentions_the_other_role(pack: Pack) -> None:
    texts = [path.read_text(encoding="utf-8").lower() for path in Path(builtin() / ROLE).rglob("*.*")]
    assert not [text for text in texts if "ai architect" in text]
    assert pack.info.role == ROLE
