"""Recall questions as cards: one question at a time, and the verdict on an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from mentorbot.chat import dates
from mentorbot.chat.cards import Button, Buttons, Card, Footnote, Paragraph, bold, rich
from mentorbot.domain.deliveries import Schedule
from mentorbot.domain.forecast import Forecast
from mentorbot.domain.learner import LearnerSnapshot, RecallState
from mentorbot.domain.plan import StepState
from mentorbot.packs.schema import Pack, RecallQuestion
from mentorbot.slash.choices import short
from mentorbot.views.rhythms import rhythm_text, undo_button, zone_time
from mentorbot.views.subscriptions import coming_up
from mentorbot.views.wording import lower_first

NEXT = Button("Next question", "recall now", "primary")


def question_card(pack: Pack, due: Sequence[RecallState], late: str | None = None) -> Card:
    """The first `due` question, with a button for each choice. `late` says in one line why it comes late."""
    question, skill = pack.recall_by_id[due[0].question]
    buttons = tuple(
        Button(choice, f"recall answer {question.id} {number}") for number, choice in enumerate(question.choices, 1)
    )
    more = f"{len(due) - 1} more after this." if len(due) > 1 else ""
    notes = tuple(Footnote(rich(text)) for text in (more, late) if text)
    title = f"Do you remember? A quick question on {pack.skill_names[skill]}"
    return Card(title, (Paragraph(rich(bold(question.question))), Buttons(buttons), *notes))


def nothing_due_card(learner: LearnerSnapshot, known: Sequence[RecallState]) -> Card:
    """Say when the next `known` question (soonest first) is due, or how to get the first ones."""
    title, text = "No questions yet", "They start once you've finished a step. I'll ask just before you'd forget."
    if any(step.state is StepState.DONE for step in learner.plan.steps):
        text = "They're about steps from the role's path, once they're finished. Steps you wrote yourself have none."
    if known:
        at = known[0].due_at.astimezone(learner.zone)
        when = f"today at {at:%H:%M}" if at.date() == learner.today else f"on {_local_day(at, learner.zone)}"
        title, text = "You're done with questions for now", f"The next one comes up {when}."
    weekly = () if learner.profile.recall else (Button("Ask me weekly", "recall on", "primary"),)
    buttons = Buttons((*weekly, Button("My plan", "plan show")))
    return Card(title, (Paragraph(rich(text)), buttons))


def _local_day(at: datetime, zone: ZoneInfo) -> str:
    return dates.weekday_and_day(at.astimezone(zone))


def answered_card(
    pack: Pack, question: RecallQuestion, due_at: datetime, learner: LearnerSnapshot, *, is_right: bool, is_last: bool
) -> Card:
    """Say whether an answer was right, and why; `due_at` (UTC) is when the question is asked again."""
    solution = short(question.choices[question.answer - 1].rstrip("."), 120)
    when = _local_day(due_at, learner.zone)
    if is_right:
        return _verdict(
            f"Right: {lower_first(solution)}", (question.why, f"Next time: {when}."), _after_right(is_last=is_last)
        )
    reason = question.wrong or question.why
    buttons = _after_wrong(pack, question, is_last=is_last)
    return _verdict(f"Not quite: {lower_first(solution)}", (f"{reason} Next try: {when}.",), buttons)


def unanswered_card(
    pack: Pack, question: RecallQuestion, due_at: datetime, learner: LearnerSnapshot, *, is_last: bool
) -> Card:
    """Tell the answer to someone who doesn't know it; `due_at` (UTC) is when the question is asked again."""
    solution = short(question.choices[question.answer - 1].rstrip("."), 120)
    line = f"{question.why} Next try: {_local_day(due_at, learner.zone)}."
    return _verdict(f"It's {lower_first(solution)}", (line,), _after_wrong(pack, question, is_last=is_last))


def _after_wrong(pack: Pack, question: RecallQuestion, *, is_last: bool) -> tuple[Button, ...]:
    read_more = Button("Read more", f"skill {pack.recall_by_id[question.id][1]}")
    return (read_more,) if is_last else (NEXT, read_more)


def _after_right(*, is_last: bool) -> tuple[Button, ...]:
    return (Button("That's enough", "recall enough"),) if is_last else (NEXT, Button("That's enough", "recall enough"))


def _verdict(title: str, lines: Sequence[str], buttons: tuple[Button, ...]) -> Card:
    return Card(title, (*(Paragraph(rich(line)) for line in lines), Buttons(buttons))).in_place()


def answered_before_card(question: RecallQuestion, due_at: datetime, learner: LearnerSnapshot) -> Card:
    """Say that an answer changed nothing, because the question isn't due again before `due_at` (UTC)."""
    solution = short(question.choices[question.answer - 1].rstrip("."), 120)
    lines = (f"It was: {lower_first(solution)}.", f"Next time: {_local_day(due_at, learner.zone)}.")
    return _verdict("You've already answered that one", lines, (NEXT, Button("My plan", "plan show")))


def enough_card(learner: LearnerSnapshot, known: Sequence[RecallState]) -> Card:
    """End a round of questions."""
    later = [state for state in known if state.asked]
    next_at = min((state.due_at for state in later), default=None)
    text = f"The next one comes up on {_local_day(next_at, learner.zone)}." if next_at else "Ask for more any time."
    return Card(
        "Good work. That's enough for today", (Paragraph(rich(text)), Buttons((Button("My plan", "plan show"),)))
    ).in_place()


def recall_on_card(schedule: Schedule, before: Schedule | None, forecast: Forecast) -> Card:
    """Confirm that questions come from now on, and when. `before` is how they came until now, if they did."""
    recurrence = schedule.recurrence
    text = "One or two short questions on what you've finished, only if any are due."
    buttons = Buttons(
        (
            Button("Ask me now", "recall now", "primary"),
            undo_button("recall on", before, "recall off"),
            Button("Turn off", "recall off"),
        )
    )
    return Card(
        f"Recall is on: {rhythm_text(recurrence)}, {zone_time(recurrence.zone)}",
        (*coming_up(schedule, forecast, "Next time"), Paragraph(rich(text)), buttons),
    ).in_place()


def recall_off_card(before: Schedule | None) -> Card:
    """Confirm that no more questions come. `before` is how they came until now; None if they didn't."""
    again = undo_button("recall on", before) if before else Button("Turn on", "recall on")
    text = "Your answers stay, in case you change your mind."
    return Card("Recall is off", (Paragraph(rich(text)), Buttons((again,)))).in_place()
