"""Recall questions as cards: one question at a time, and the verdict on an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Button, Buttons, Card, Footnote, Paragraph, bold, rich
from mentorbot.domain.learner import LearnerSnapshot, RecallState
from mentorbot.domain.recurrence import Recurrence
from mentorbot.packs.schema import Pack, RecallQuestion

_AFTER_ANSWER = Buttons((Button("Next question", "recall now", "primary"), Button("My plan", "plan show")))


def question_card(pack: Pack, due: Sequence[RecallState], late: str | None = None) -> Card:
    """The first `due` question, with a button for each choice. `late` says in one line why it comes late."""
    question, skill = pack.recall_by_id[due[0].question]
    buttons = tuple(
        Button(choice, f"recall answer {question.id} {number}") for number, choice in enumerate(question.choices, 1)
    )
    more = {1: "", 2: " · 1 more is due"}.get(len(due), f" · {len(due) - 1} more are due")
    notes = tuple(Footnote(rich(text)) for text in (f"{pack.skill_titles[skill]}{more}", late) if text)
    return Card("Do you remember?", (Paragraph(rich(bold(question.question))), Buttons(buttons), *notes))


def nothing_due_card(learner: LearnerSnapshot, known: Sequence[RecallState]) -> Card:
    """Say when the next `known` question (soonest first) is due, or how to get the first ones."""
    text = "Questions come once you have finished a milestone of your plan: I ask again before it fades."
    if known:
        at = known[0].due_at.astimezone(learner.zone)
        when = f"today at {at:%H:%M}" if at.date() == learner.today else f"on {_local_day(at, learner.zone)}"
        text = f"Nothing is due yet. The next question is due {when}."
    weekly = () if learner.profile.recall else (Button("Ask me every week", "recall on", "primary"),)
    buttons = Buttons((*weekly, Button("My plan", "plan show")))
    return Card("Nothing to recall now", (Paragraph(rich(text)), buttons))


def _local_day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%A, %-d %B %Y}"


def answered_card(question: RecallQuestion, due_at: datetime, zone: ZoneInfo, *, is_right: bool) -> Card:
    """Say whether an answer was right, and why; `due_at` (UTC) is when the question comes back."""
    return Card(
        "That is right" if is_right else "Not quite",
        (
            Paragraph(rich(bold(question.question))),
            _solution(question),
            Footnote(rich(f"It comes back on {_local_day(due_at, zone)}.")),
            _AFTER_ANSWER,
        ),
    )


def answered_before_card(question: RecallQuestion, due_at: datetime, zone: ZoneInfo) -> Card:
    """Say that an answer changed nothing, because the question isn't due again before `due_at` (UTC)."""
    text = f"You have answered this one already. It comes back on {_local_day(due_at, zone)}."
    return Card("Answered", (Paragraph(rich(text)), _solution(question), _AFTER_ANSWER))


def _solution(question: RecallQuestion) -> Paragraph:
    return Paragraph(rich(bold(question.choices[question.answer - 1]), f"  {question.why}"))


def recall_on_card(recurrence: Recurrence) -> Card:
    """Confirm that questions come from now on, and when."""
    day = recurrence.weekdays[0].label
    text = (
        f"Every {day} at {recurrence.at:%H:%M} ({recurrence.zone.key}) I ask what is due. "
        "It counts as one of your messages a week."
    )
    buttons = Buttons((Button("Ask me now", "recall now"), Button("Turn it off", "recall off")))
    return Card("Recall is on", (Paragraph(rich(text)), buttons))


def recall_off_card() -> Card:
    """Confirm that no more questions come."""
    text = "I ask no more questions by myself. Your answers stay, in case you come back."
    return Card("Recall is off", (Paragraph(rich(text)), Buttons((Button("Turn it on", "recall on"),))))
