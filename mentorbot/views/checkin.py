"""Check-ins as cards: the steps of the week, the last if-then plan as a question, and the next one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from mentorbot.chat.cards import Block, Button, Buttons, Card, Field, Footnote, Form, Heading, Paragraph, bold, rich
from mentorbot.domain.checkins import (
    MAX_ANSWER_LENGTH,
    IfThenOutcome,
    checkin_of,
    current_streak,
    if_then,
    last_if_then_plan,
)
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.learner import CheckIn, CheckInState, LearnerSnapshot
from mentorbot.domain.plan import PlanStep, StepState
from mentorbot.domain.plan_edits import StepChange
from mentorbot.slash.choices import short
from mentorbot.views.deliveries import next_message_text, reason_text
from mentorbot.views.plan import NOTHING_THIS_WEEK, WEEK_OFF, notice_blocks, settled_notice, step_line

MAX_STEPS_WITH_BUTTONS = 6


def weekly_card(learner: LearnerSnapshot, checkins: Sequence[CheckIn], late: str | None) -> Card:
    """The check-in sent every week; `late` says in one line why it comes late."""
    return checkin_card(learner, checkins, *([late] if late else []))


def reminder_card(learner: LearnerSnapshot, checkins: Sequence[CheckIn], late: str | None) -> Card:
    """The reminder, a day after an unanswered check-in; `late` says in one line why it comes late."""
    question = "I have not heard from you since the check-in. One button is enough; skipping is fine too."
    card = checkin_card(learner, checkins, *([late] if late else []), question)
    stop = Buttons((Button("Do not ask twice", "checkin settings reminder:off"),))
    return replace(card, blocks=(*card.blocks, stop))


def checkin_card(learner: LearnerSnapshot, checkins: Sequence[CheckIn], *notices: str) -> Card:
    """The present week: each planned step with its buttons, and the if-then plan for the next one.

    `checkins` are all the learner's check-ins, oldest first; `notices` are sentences about what has just happened.
    """
    this_week = checkin_of(checkins, learner.week)
    blocks = [
        *notice_blocks(learner, notices),
        *_last_plan_question(learner, checkins),
        *_steps(learner),
        *_next_plan(this_week),
        *_streak(learner, checkins),
        Buttons(_checkin_buttons(this_week)),
    ]
    return Card(f"Check-in: week of {learner.week:%-d %B}", tuple(blocks))


def _last_plan_question(learner: LearnerSnapshot, checkins: Sequence[CheckIn]) -> list[Block]:
    """Ask for the outcome of the newest if-then plan of an earlier week, until that's answered."""
    last = last_if_then_plan(checkins, learner.week)
    if last is None or last.outcome:
        return []
    week = f"week:{last.week.isoformat()}"
    buttons = (
        Button("It came up, and it helped", f"checkin outcome {IfThenOutcome.HELPED} {week}", "primary"),
        Button("It came up, and it did not", f"checkin outcome {IfThenOutcome.FAILED} {week}"),
        Button("It did not come up", f"checkin outcome {IfThenOutcome.UNNEEDED} {week}"),
    )
    text = rich(f"In the week of {last.week:%-d %B} you wrote: ", bold(if_then(last.obstacle, last.fallback)))
    return [Paragraph(text), Buttons(buttons)]


def _steps(learner: LearnerSnapshot) -> list[Block]:
    steps = learner.plan.steps_in_week(learner.week)
    if not steps:
        return [Paragraph(rich(_no_steps(learner)))]
    blocks: list[Block] = [Heading("How did it go?")]
    for index, step in enumerate(steps):
        blocks.append(Paragraph(step_line(step, step.hours_in_week(learner.week))))
        if index < MAX_STEPS_WITH_BUTTONS:
            blocks.append(Buttons(_mark_buttons(step)))
    return blocks


def _no_steps(learner: LearnerSnapshot) -> str:
    if learner.week_is_off:
        return WEEK_OFF
    if not learner.plan.active:
        return "You have no open steps. Add one with /mentor plan add, or let me make a plan: /mentor plan new."
    return NOTHING_THIS_WEEK


def _mark_buttons(step: PlanStep) -> tuple[Button, ...]:
    line = f"checkin mark {step.number}"
    return (
        Button("Done", f"{line} done", "primary"),
        Button("Still on it", f"{line} doing"),
        Button("Blocked", f"{line} blocked"),
    )


def _next_plan(this_week: CheckIn | None) -> list[Block]:
    if this_week is None or not this_week.fallback:
        return []
    sentence = if_then(this_week.obstacle, this_week.fallback)
    return [Heading("Next"), Paragraph(rich(bold(this_week.next_step), "  ", sentence))]


def _streak(learner: LearnerSnapshot, checkins: Sequence[CheckIn]) -> Iterable[Block]:
    count = current_streak(checkins, learner.plan.weeks_off, learner.week)
    if count > 1:
        yield Footnote(
            rich(f"{count} weeks in a row with a check-in. Skipped weeks and weeks off do not break the row.")
        )


def _checkin_buttons(this_week: CheckIn | None) -> tuple[Button, ...]:
    has_plan = this_week is not None and this_week.fallback
    plan = Button("Change the if-then plan" if has_plan else "Make an if-then plan", "checkin plan")
    if this_week is None:
        return (
            plan,
            Button("That was my week", "checkin close"),
            Button("Skip this week", "checkin skip"),
            Button("Ask me tomorrow", "checkin snooze"),
        )
    if this_week.state is CheckInState.SKIPPED:
        return plan, Button("I am here after all", "checkin resume"), Button("My plan", "plan show")
    return plan, Button("My plan", "plan show"), Button("My progress", "progress")


def if_then_form(learner: LearnerSnapshot, step: str | None, obstacle: str | None, fallback: str | None) -> Form:
    """Ask for an if-then plan, with known answers filled in and this week's first step suggested as the next one."""
    first = next(iter(learner.plan.steps_in_week(learner.week)), None)
    proposal = short(first.text, MAX_ANSWER_LENGTH) if first else ""
    fields = (
        _answer_field("step", "Your next step", "Draft the design's first page", step or proposal),
        _answer_field("obstacle", "If …", "the data team is late", obstacle or ""),
        _answer_field("then", "… then I …", "mock the data and go on", fallback or ""),
    )
    return Form("An if-then plan", "checkin plan", fields, submit="Keep")


def _answer_field(name: str, label: str, hint: str, value: str) -> Field:
    return Field(name, label, "text", hint=hint, value=value, max_length=MAX_ANSWER_LENGTH)


def marked_notice(change: StepChange) -> str:
    """Say how a step was marked."""
    if change.was_settled:
        return settled_notice(change.before)
    return f"{_MARKS[change.after.state]}: {short(change.before.text, 100)}"


_MARKS = {StepState.DONE: "Done", StepState.DOING: "Still on it", StepState.BLOCKED: "Blocked"}
OUTCOME_NOTICES = {
    IfThenOutcome.HELPED: "Good. That plan is worth keeping.",
    IfThenOutcome.FAILED: "Then it was the wrong plan, not the wrong you. Try another “then” this week.",
    IfThenOutcome.UNNEEDED: "An easy week, then. Keep the plan for the next time.",
}


def skipped_card() -> Card:
    """Say that the present week is off."""
    text = "Your steps have moved on. Nothing is lost, and your streak stays."
    return _break_card("This week is skipped", text, Button("I am here after all", "checkin resume", "primary"))


def snoozed_card(learner: LearnerSnapshot, message: NextMessage) -> Card:
    """Say when the check-in will come again, or why it wouldn't be sent."""
    if message.at is None:
        reason = reason_text(message.skipped) if message.skipped else ""
        return _break_card("Tomorrow I cannot", f"I would not ask you again tomorrow: {reason}.")
    return _break_card("Until tomorrow", f"I will ask you again on {next_message_text(message, learner.zone)}.")


def paused_card(until: date) -> Card:
    """Confirm a pause that lasts until a day."""
    text = f"I will leave you in peace until {until:%A, %-d %B %Y}. Your steps have moved on, and your streak stays."
    return _break_card("You are on a break", text, Button("I am back", "checkin resume", "primary"))


def _break_card(title: str, text: str, *buttons: Button) -> Card:
    return Card(title, (Paragraph(rich(text)), Buttons((*buttons, Button("My plan", "plan show")))))
