"""`interview`: questions to practise with, the signs of a strong answer, and the common trap."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.errors import NotFound
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import find_choice
from mentorbot.slash.registry import Option
from mentorbot.views.interview import answer_card, interview_overview_card, practice_card, questions_card

MAX_ANSWER_LENGTH = 2_000


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
    "An interview question to practise with, or all of them.",
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
    ),
    label="Interview questions: {responsibility}|Practise a question",
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
) -> Answer:
    """Ask a question, or show those on one responsibility, or what a strong answer to one shows, next to the caller's own.

    Which question it asks changes every second, so that “another one” is another one.
    """
    pack = context.pack
    if topics is not None:
        return interview_overview_card(pack)
    if responsibility is None:
        asked = [(entry, number) for entry in pack.interview for number in range(1, len(entry.questions) + 1)]
        return practice_card(pack, *asked[int(context.now.timestamp()) % len(asked)])
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
