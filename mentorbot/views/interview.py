"""Interview questions: the responsibilities, the questions on each, and the signs of a strong answer."""

from __future__ import annotations

from mentorbot.chat.cards import Bullets, Button, Buttons, Card, Footnote, Heading, Paragraph, bold, italic, rich
from mentorbot.packs.schema import Interview, InterviewQuestion, Pack, Responsibility
from mentorbot.slash.choices import short
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.citations import citation_note
from mentorbot.views.wording import lower_first

_ADVICE = Footnote(rich("Questions and answers are the author's advice. Answer out loud before you look."))


def interview_overview_card(pack: Pack) -> Card:
    """The responsibilities interviewers probe."""
    items = tuple(rich(bold(entry.title), f": {entry.probe}") for entry in pack.responsibilities)
    buttons = tuple(Button(entry.title, f"interview {entry.id}") for entry in pack.responsibilities)
    note = citation_note(pack, pack.responsibilities[0].source)
    return Card("What interviewers want to know", (Bullets(items), note, Buttons(buttons)))


def practice_card(pack: Pack, interview: Interview, number: int, about: str = "", *, is_found: bool = True) -> Card:
    """One question, counted from 1, without its answer: to be answered out loud first.

    If it was asked for `about` something, so is the next one; unless none `is_found`.
    """
    topic = next(entry for entry in pack.responsibilities if entry.id == interview.responsibility)
    line = f"interview {topic.id} question:{number}"
    question = interview.questions[number - 1]
    buttons = (
        Button("Strong answer", line, "primary"),
        Button("Type my answer", f"{line} answer:?"),
        Button("Next question", next_question(question, about if is_found else "")),
        Button("All topics", "interview topics:all"),
    )
    instead = Footnote(rich(f"I have no question on “{short(about)}”, so here's one on something else."))
    why = Paragraph(rich(italic("They want to know: "), lower_first(topic.probe)))
    notes = (*(() if is_found or not about else (instead,)), citation_note(pack, topic.source))
    return Card(question.question, (why, *notes, Buttons(buttons)))


def next_question(question: InterviewQuestion, about: str = "") -> str:
    """The line that asks the question after this one."""
    return format_line(("interview",), {**({"about": about} if about else {}), "after": question.id})


def questions_card(pack: Pack, responsibility: Responsibility, interview: Interview) -> Card:
    """The questions on one responsibility, without their answers."""
    items = tuple(rich(question.question) for question in interview.questions)
    buttons = tuple(
        Button(f"Answer {number}", f"interview {responsibility.id} question:{number}")
        for number in range(1, len(items) + 1)
    )
    return Card(
        f"Interview questions: {responsibility.title}",
        (
            Paragraph(rich(italic("They want to know: "), lower_first(responsibility.probe))),
            citation_note(pack, responsibility.source),
            Bullets(items, numbered=True),
            _ADVICE,
            Buttons(buttons),
        ),
    )


def answer_card(responsibility: Responsibility, interview: Interview, number: int, said: str) -> Card:
    """The answer to one question, counted from 1: the signs of a strong answer, and the common trap.

    `said` is what the person answered themselves; it's shown first, so they can compare.
    """
    question = interview.questions[number - 1]
    buttons = (
        Button("Try again" if said else "Type my answer", f"interview {responsibility.id} question:{number} answer:?"),
        Button("Next question", next_question(question), "primary"),
        Button("All questions", f"interview {responsibility.id}"),
    )
    return Card(
        f"{responsibility.title}, question {number}",
        (
            Paragraph(rich(bold(question.question))),
            *((Paragraph(rich(bold("You said: "), said)),) if said else ()),
            Heading("A strong answer shows"),
            Bullets(tuple(rich(point) for point in question.shows)),
            Heading("A common trap"),
            Paragraph(rich(question.trap)),
            _ADVICE,
            Buttons(buttons),
        ),
    )
