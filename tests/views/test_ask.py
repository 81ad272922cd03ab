"""Answers to free questions as cards: the answer first, what it is and where it's from, and the next thing one tap away."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest

from mentorbot.chat.cards import Bullets, Card, buttons_of
from mentorbot.chat.plain_text import plain_text
from mentorbot.commands import load_commands
from mentorbot.commands.ask import ask
from mentorbot.commands.context import Context
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.slash.converters import ParseContext
from mentorbot.slash.parser import parse_command
from mentorbot.views.ask import closest_card, found_card

COMMANDS = load_commands()
LIBRARY = Library.open(None, "ai-architect")


def answer(question: str, pack: Pack = LIBRARY.default) -> Card:
    async def asked() -> object:
        return await ask(cast(Context, SimpleNamespace(pack=pack, library=LIBRARY)), question)

    card = asyncio.run(asked())
    assert isinstance(card, Card)
    return card


@pytest.mark.parametrize(
    ("question", "title", "label"),
    [
        (
            "how long does it take from scratch",
            "Typically 5–10+ years from scratch",
            "AI Architect job brief, USA, 2026",
        ),
        ("how do I estimate whether a model fits on one GPU", "Estimate whether a model fits on one GPU", "From a tip"),
        ("mlops level 3", "MLOps practices, level 3", "From the author's skill levels"),
        ("how much as a senior", "Senior: $200K–$280K+ a year", "AI Architect job brief, USA, 2026"),
        ("how much at the mid level", "Mid level: our source has no figure", "AI Architect job brief, USA, 2026"),
        (
            "which cities pay best",
            "Places such as San Francisco, New York and Seattle pay the most",
            "AI Architect job brief, USA, 2026",
        ),
        ("what questions do interviewers ask", "What interviewers want to know", "AI Architect job brief, USA, 2026"),
    ],
)
def test_the_answer_comes_first_with_what_it_is(question: str, title: str, label: str) -> None:
    card = answer(question)
    text = plain_text(card)
    assert card.title == title or title in text.split("\n\n")[1]
    assert label in text


def test_a_short_answer_leads_with_its_first_sentence_and_is_the_authors() -> None:
    entry = next(
        entry for answers in LIBRARY.default.answers for entry in answers.answers if entry.id == "model-registry"
    )
    card = answer("what is a model registry")
    text = plain_text(card)
    assert f"{card.title}. {text.split(chr(10) * 2)[1]}" == entry.answer
    assert "The author's advice" in text
    assert "skill mlops" in [button.line for button in buttons_of(card.blocks)]


@pytest.mark.parametrize(("lead", "is_shown"), [(1.5, True), (50.0, False)])
def test_what_is_nearly_as_likely_is_shown_in_a_sentence(lead: float, is_shown: bool) -> None:
    first, second = LIBRARY.search.find("what is a model registry and what is a feature store").hits[:2]
    assert second.passage.topic.endswith("?")
    text = plain_text(found_card(LIBRARY.default, [replace(first, score=lead), replace(second, score=1.0)]))
    instead = f"Or did you mean: {second.passage.topic}\n\n{second.passage.sentences[0]}"
    assert (instead in text) is is_shown


@pytest.mark.parametrize(
    "question",
    ["salary in germany", "how much do managers earn in Berlin", "is an EM's salary higher in Rome on average"],
)
def test_a_pack_without_figures_says_so_wherever_the_job_is(question: str) -> None:
    pack = LIBRARY.packs["engineering-manager"]
    assert "no pay figures" in answer(question, pack).title


def test_one_level_of_pay_is_answered_alone() -> None:
    text = plain_text(answer("how much as a senior")).partition("[")[0]
    assert "$200K–$280K+" in text
    assert "$128K" not in text
    assert "$300K" not in text


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("what does a senior earn in Germany", "Germany"),
        ("how much would I earn in London, in pounds?", "London"),
        ("what's the salary in euros", "elsewhere"),
        ("pay in india", "India"),
    ],
)
def test_figures_of_another_place_or_currency_are_not_guessed(question: str, place: str) -> None:
    card = answer(question)
    assert card.title == "I only have US figures"
    assert place in plain_text(card)
    assert "$128K to $280K+" in plain_text(card)


@pytest.mark.parametrize(
    "question", ["what's the pay in Springfield", "what does a senior earn in Bangalore these days?"]
)
def test_nothing_is_guessed_for_a_place_on_no_list(question: str) -> None:
    card = answer(question)
    assert card.title == "I only have US figures"
    assert "may differ a lot" in plain_text(card)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("pay in nyc", "New York is among the places that pay the most"),
        ("will I earn more in seattle", "Seattle is among the places that pay the most"),
        ("how's the pay in the bay area these days?", "San Francisco is among the places that pay the most"),
        ("salary in NYC for seniors", "Senior: $200K–$280K+ a year"),
        ("starting salary in San Francisco", "Entry: $128K–$150K a year"),
    ],
)
def test_a_place_the_source_names_is_answered_with_that(question: str, title: str) -> None:
    card = answer(question)
    assert card.title == title
    assert "AI Architect job brief, USA, 2026" in plain_text(card)


def test_an_industry_is_no_place() -> None:
    assert answer("salary in finance").title.startswith("AI Architect pay: ")
    assert answer("pay in finance").title.startswith("AI Architect pay: ")
    assert answer("what's the pay in the beginning").title != "I only have US figures"


@pytest.mark.parametrize(
    ("role", "question", "title", "entry"),
    [
        (
            "ai-architect",
            "recommend a book on mlops",
            "Recommended reading: MLOps practices",
            "Reliable Machine Learning",
        ),
        ("ai-architect", "books on data pipelines", "Recommended reading: Scalable data pipelines", "Designing Data-"),
        ("ai-architect", "which courses are there", "Recommended courses", "Machine Learning Crash Course"),
        ("ai-architect", "what should I read", "Recommended reading", "AI Engineering"),
        (
            "engineering-manager",
            "courses on coaching",
            "Recommended reading: Coaching and feedback",
            "The Coaching Habit",
        ),
    ],
)
def test_a_reading_list_is_on_what_was_asked(role: str, question: str, title: str, entry: str) -> None:
    card = answer(question, LIBRARY.packs[role])
    assert card.title.removeprefix("The closest I have: ") == title
    assert entry in plain_text(card)


@pytest.mark.parametrize(
    "question", ["EU AI Act dates", "when does the AI Act apply", "AI Act deadlines for high-risk"]
)
def test_who_asks_when_gets_the_dates(question: str) -> None:
    text = plain_text(answer(question)).partition("[")[0]
    assert "2 August 2025" in text or "2 December 2027" in text


def test_a_job_title_gets_the_pay_of_its_level() -> None:
    text = plain_text(answer("what does an AI infrastructure architect earn"))
    assert "by level, not by title" in text
    assert "AI Infrastructure Architect is a senior-level title. Senior: $200K–$280K+ a year." in text


def test_two_titles_are_compared_and_two_questions_answered() -> None:
    text = plain_text(answer("what's the difference between an enterprise AI architect and a solutions architect?"))
    assert "enterprise integration" in text
    assert "solution design" in text
    text = plain_text(answer("how long does it take from scratch, and which cities pay best?"))
    assert "5–10+ years" in text
    assert "SEATTLE" in text


def test_a_yes_that_may_answer_something_else_comes_with_its_question() -> None:
    entries = (entry for answers in LIBRARY.default.answers for entry in answers.answers)
    topic = next(entry.question for entry in entries if entry.answer.startswith("Yes"))
    hits = LIBRARY.search.find(topic).hits
    assert hits[0].passage.topic == topic
    assert topic not in plain_text(found_card(LIBRARY.default, hits, sure=True))
    assert topic in plain_text(found_card(LIBRARY.default, hits, sure=False))


def test_the_button_for_another_short_answer_gives_that_answer() -> None:
    buttons = buttons_of(answer("how big should my chunks be").blocks)
    asks = [button for button in buttons if button.line.startswith("ask ")]
    assert asks
    for button in asks:
        parse = ParseContext(LIBRARY.default, date(2026, 11, 29))
        question = parse_command(COMMANDS, button.line, parse).bind(parse).raw["question"]
        assert LIBRARY.search.find(question).hits[0].passage.topic == question
        assert button.label.rstrip("…") in question


def test_near_misses_say_so_and_name_their_topic() -> None:
    card = closest_card(LIBRARY.default, LIBRARY.search.find("burnout").hits)
    assert card.title.startswith("The closest I have: How stressful is the role")
    assert "AI Architect job brief" in plain_text(card)


@pytest.mark.parametrize(
    "question",
    [
        "who won the cricket",
        "how do I become a chef",
        "what does a lawyer earn",
        "best pizza in Rome",
        "is it raining in Berlin",
    ],
)
def test_anything_else_is_refused_in_one_line(question: str) -> None:
    card = answer(question)
    assert card.title == "That's beyond me, sorry"
    assert "I know the AI Architect role" in plain_text(card)


def test_a_pack_without_figures_says_it_has_none() -> None:
    assert "pay" in answer("how much does it pay", LIBRARY.packs["engineering-manager"]).title.lower()
    assert (
        answer("what does a manager do all day", LIBRARY.packs["engineering-manager"]).title
        != "That's beyond me, sorry"
    )


QUESTIONS = (
    "how long does it take", "how do I become one", "what pays best", "how do I find out how busy the GPUs are",
    "which paper explains PagedAttention", "what comes after senior", "how do I lead a blameless review of an incident",
    "what traps are there in interview questions about autoscaling", "mlops", "how stressful is it and what does it pay",
)  # fmt: skip


@pytest.mark.parametrize("role", ["ai-architect", "engineering-manager"])
def test_answers_are_short_and_their_buttons_work(role: str) -> None:
    pack = LIBRARY.packs[role]
    parse = ParseContext(pack, date(2026, 11, 29))
    for question in QUESTIONS:
        card = answer(question, pack)
        assert len(card.title) <= 150
        for button in buttons_of(card.blocks):
            parsed = parse_command(COMMANDS, button.line, parse)
            assert not parsed.bind(parse).leftover


def test_what_the_work_consists_of_is_a_list() -> None:
    card = answer("what does an AI architect do all day?")
    assert [len(block.items) for block in card.blocks if isinstance(block, Bullets)] == [8]
    assert "Designing AI architectures" in plain_text(card)


def test_what_the_answer_lists_already_is_not_listed_again() -> None:
    assert plain_text(answer("which skills make up the role?")).lower().count("mlops practices") == 1
