"""`interview`: questions to practise with, the signs of a strong answer, and the common trap."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.errors import NotFound
from mentorbot.packs.passages import Kind
from mentorbot.packs.schema import Interview, Pack
from mentorbot.packs.search import Search
from mentorbot.slash.choices import find_choice
from mentorbot.slash.registry import Option, Spoken
from mentorbot.views.interview import answer_card, interview_overview_card, practice_card, questions_card

MAX_ANSWER_LENGTH = 2_000
_MIN_ABOUT = 0.5
"""The share of what someone wants to be asked about that a question has to have."""
Asked = tuple[Interview, int]
"""A question of an interview, by its number, counted from 1."""


def responsibility_choices(pack: Pack) -> tuple[Choice, ...]:
    """List the responsibilities. Each of them has questions."""
    return tuple(Choice(entry.title, entry.id) for entry in pack.responsibilities)


async def _suggest_questions(context: Context, _: str) -> tuple[Choice, ...]:
    """List the questions on the responsibility that was chosen first; without one, there's nothing to number."""
    pack = context.pack
    chosen = find_choice(context.typed.get("responsibility", ""), responsibility_choices(pack))
    questions = next(
        (entry.questions for entry in pack.interview if chosen and entry.responsibility == chosen.value), ()
    )
    return tuple(Choice(f"{number}. {each.question}", str(number)) for number, each in enumerate(questions, 1))


def _all_topics(_: Pack) -> tuple[Choice, ...]:
    return (Choice("All topics", "all"),)


@registry.command(
    "interview",
    "Interview questions to practise with.",
    examples=("interview", "interview {responsibility}", "interview {responsibility} question:2"),
    intents=(
        "give me an interview question",
        "practice for an interview",
        "i have an interview soon",
        "another interview question",
        "help me prepare for an interview",
        "ask me an interview question",
        "practise interviewing with me",
        "I have a job interview next week",
        "interview practice",
        "interview me about {about}",
        "ask me an interview question about {about}",
        "practise interview questions on {about}",
    ),
    label="Interview questions: {responsibility}|Practise a question[ on “{about}”]",
)
async def interview(
    context: Context,
    responsibility: Annotated[
        str | None, Option("Which responsibility", choices=responsibility_choices, called=("on", "about"))
    ] = None,
    question: Annotated[
        int | None, Option("Show the answer to this question", suggest=_suggest_questions, low=1, high=50)
    ] = None,
    answer: Annotated[
        str | None,
        Option("Your own answer", multiline=True, max_length=MAX_ANSWER_LENGTH, claims=lambda _: False),
    ] = None,
    topics: Annotated[str | None, Option("All responsibilities", choices=_all_topics, keyword_only=True)] = None,
    about: Annotated[
        str | None, Option("What it's to be about, in your own words", spoken=Spoken.TOPIC, keyword_only=True)
    ] = None,
    after: Annotated[str | None, Option("The question it comes after", keyword_only=True)] = None,
) -> Answer:
    """Ask a question, or show those on one responsibility, or what a strong answer to one shows, next to the caller's own."""
    pack = context.pack
    if topics is not None:
        return interview_overview_card(pack)
    if responsibility is None:
        return _practice(context, about or "", after)
    topic = next(entry for entry in pack.responsibilities if entry.id == responsibility)
    questions = next(entry for entry in pack.interview if entry.responsibility == responsibility)
    if question is None:
        return questions_card(pack, topic, questions)
    if question > len(questions.questions):
        raise NotFound(
            f"There's no question {question}: this responsibility has {len(questions.questions)}.",
            suggestions=(f"interview {responsibility}",),
        )
    return answer_card(topic, questions, question, answer or "")


def _practice(context: Context, about: str, after: str | None) -> Answer:
    """Ask the question that comes after another; without one, which it is changes every second."""
    pack = context.pack
    found = _questions_about(pack, context.library.search_of(pack), about) if about else []
    asked = found or _in_turn(pack)
    ids = [_id_of(each) for each in asked]
    index = ids.index(after) + 1 if after in ids else 0 if found else int(context.now.timestamp())
    return practice_card(pack, *asked[index % len(asked)], about, is_found=bool(found))


def _in_turn(pack: Pack) -> list[Asked]:
    """List all questions, so that each is about another responsibility than the one before."""
    most = max(len(entry.questions) for entry in pack.interview)
    return [(each, number) for number in range(1, most + 1) for each in pack.interview if number <= len(each.questions)]


def _questions_about(pack: Pack, search: Search, about: str) -> list[Asked]:
    """List the questions that have most of what they're to be about, nearest first; or else all on a responsibility."""
    asked = {f"interview:{_id_of(asked)}": asked for asked in _in_turn(pack)}
    if found := [asked[document] for document in _having(search, about, Kind.INTERVIEW)]:
        return found
    duties = [document for document in _having(search, about, Kind.BRIEF) if document.startswith("responsibility:")]
    return [each for each in asked.values() if duties and duties[0] == f"responsibility:{each[0].responsibility}"]


def _having(search: Search, about: str, kind: Kind) -> list[str]:
    """List the documents of a kind that have most of what something's to be about, the nearest first."""
    parsed = search.parse(about)
    least = _MIN_ABOUT * sum(slot.weight for slot in parsed.topical)
    having = [
        (alike.found, search.passages[number].document)
        for number, alike in search.compared(parsed, kind)
        if sum(slot.weight for slot in parsed.topical if number in slot.literal or number in slot.synonyms) >= least
    ]
    return [document for _, document in sorted(having, reverse=True)]


def _id_of(asked: Asked) -> str:
    entry, number = asked
    return entry.questions[number - 1].id
