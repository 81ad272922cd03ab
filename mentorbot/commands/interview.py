"""`interview`: questions to practise with, what a strong answer shows, and the common trap."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import (
    Answer,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Footnote,
    Heading,
    Paragraph,
    bold,
    italic,
    rich,
)
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.sourced import source_note
from mentorbot.errors import NotFound
from mentorbot.packs.schema import Interview, Pack, Responsibility
from mentorbot.slash.registry import Option

_ADVICE = Footnote(rich("Questions and answers are the pack author's advice. Answer aloud before you look."))


def responsibility_choices(pack: Pack) -> tuple[Choice, ...]:
    """The responsibilities that have questions."""
    return tuple(Choice(entry.title, entry.id) for entry in pack.responsibilities)


@registry.command(
    "interview",
    "Interview questions, what a strong answer shows, and the trap.",
    examples=("interview scalability", "interview scalability question:2"),
)
async def interview(
    context: Context,
    responsibility: Annotated[str | None, Option("Which responsibility", choices=responsibility_choices)] = None,
    question: Annotated[int | None, Option("The answer to which question", low=1, high=50)] = None,
) -> Answer:
    """The questions on one responsibility; the answer to one of them; or what there is to choose from."""
    pack = context.pack
    if responsibility is None:
        return _overview(pack)
    about = next(entry for entry in pack.responsibilities if entry.id == responsibility)
    questions = next(entry for entry in pack.interview if entry.responsibility == responsibility)
    if question is None:
        return _questions(pack, about, questions)
    if question > len(questions.questions):
        raise NotFound(
            f"There are {len(questions.questions)} questions on this responsibility, so there is no number {question}.",
            suggestions=(f"interview {responsibility}",),
        )
    return _answer(about, questions, question)


def _overview(pack: Pack) -> Card:
    items = tuple(rich(bold(entry.title), f": {entry.probe}") for entry in pack.responsibilities)
    buttons = tuple(Button(entry.title, f"interview {entry.id}") for entry in pack.responsibilities)
    note = source_note(pack, pack.responsibilities[0].source)
    return Card("What interviewers probe", (Bullets(items), note, Buttons(buttons)))


def _questions(pack: Pack, about: Responsibility, entry: Interview) -> Card:
    items = tuple(rich(item.question) for item in entry.questions)
    buttons = tuple(
        Button(f"Answer {number}", f"interview {about.id} question:{number}") for number in range(1, len(items) + 1)
    )
    probe = Paragraph(rich(italic("They want to find out: "), about.probe))
    return Card(
        f"Interview: {about.title}",
        (probe, source_note(pack, about.source), Bullets(items, numbered=True), _ADVICE, Buttons(buttons)),
    )


def _answer(about: Responsibility, entry: Interview, number: int) -> Card:
    item = entry.questions[number - 1]
    following = number % len(entry.questions) + 1
    buttons = (
        Button("Next question", f"interview {about.id} question:{following}", "primary"),
        Button("All questions", f"interview {about.id}"),
    )
    return Card(
        f"{about.title}, question {number}",
        (
            Paragraph(rich(bold(item.question))),
            Heading("A strong answer shows"),
            Bullets(tuple(rich(point) for point in item.shows)),
            Heading("A common trap"),
            Paragraph(rich(item.trap)),
            _ADVICE,
            Buttons(buttons),
        ),
    )
