"""Check-ins as cards: one question a week, what follows each answer, help when stuck, silence, and breaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mentorbot.chat.cards import Block, Button, Buttons, Card, Field, Footnote, Form, Paragraph, bold, rich
from mentorbot.domain import time_off
from mentorbot.domain.checkins import (
    MAX_ANSWER_LENGTH,
    IfThenOutcome,
    StuckReason,
    checkin_of,
    current_streak,
    has_answers,
    hours_in,
    if_then,
    last_if_then_plan,
    next_in,
    planned_hours,
    steps_to_ask_about,
)
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.learner import CheckIn, LearnerSnapshot
from mentorbot.domain.people import MAX_SILENT_WEEKS
from mentorbot.domain.plan import WEEK, PlanStep, StepState
from mentorbot.domain.recurrence import DAY
from mentorbot.domain.step_guide import NO_GUIDE, StepGuide
from mentorbot.errors import Conflict
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.dates import DateRange, name_range
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.deliveries import reason_text
from mentorbot.views.plan import MAX_NAME
from mentorbot.views.wording import day, full_stop, hours_bar, lower_first, weekday

MAX_STEPS_NAMED = 3
"""Steps named on a check-in. A week has rarely more, and the question stays short."""
MAX_STEP_BUTTONS = 5
JUST_BACK = timedelta(days=3)
"""For so long after a pause, the check-in is a welcome."""
STILL_THERE_WEEK = 2
"""In this week of silence, the check-in asks whether the learner is still there."""
PAUSE = Button("Pause", "checkin pause")
MY_PLAN = Button("My plan", "plan show")
FEWER_HOURS = Button("Fewer hours", "plan hours")
STOP_NUDGES = Button("Stop nudges", "checkin settings reminder:off")


def weekly_card(pack: Pack, learner: LearnerSnapshot, silent_weeks: int, late: str | None) -> Card:
    """The check-in sent every week; in weeks of silence, counting this one, a smaller question.

    `late` says in one line why it comes late.
    """
    if silent_weeks >= MAX_SILENT_WEEKS:
        return _silent_card()
    if _is_just_back(learner):
        card = back_card(learner)
        return replace(card, blocks=(*card.blocks, Buttons((PAUSE,)), *_late(late)), updates=False)
    if silent_weeks == STILL_THERE_WEEK:
        return _still_there_card(learner)
    return question_card(pack, learner, learner.week, late=late)


def _is_just_back(learner: LearnerSnapshot) -> bool:
    """Check whether a pause has just ended, so there's no week to ask about."""
    until = learner.profile.paused_until
    return until is not None and timedelta() <= learner.today - until < JUST_BACK and bool(learner.plan.active)


def _still_there_card(learner: LearnerSnapshot) -> Card:
    text = _whats_due(learner) or "No rush at all."
    buttons = Buttons((Button("I'm here", "checkin resume", "primary"), FEWER_HOURS, PAUSE))
    return Card(_to("Still with me", learner), (Paragraph(rich(text)), buttons))


def _whats_due(learner: LearnerSnapshot) -> str:
    """Say what's past its date, or due within a week, and otherwise that nothing is; "" without open steps."""
    dated = [(step.due, step) for step in learner.plan.active if step.due and step.due < learner.today + WEEK]
    if dated:
        _, step = min(dated, key=lambda pair: pair[0])
        return f"Your plan has moved along, but “{short(step.text, 100)}”{_due(learner, step)}."
    return "Your plan has moved along, so nothing's overdue." if learner.plan.active else ""


def _due(learner: LearnerSnapshot, step: PlanStep) -> str:
    """Say when a step is or was due; "" without a date."""
    if step.due is None:
        return ""
    return f" {'was' if step.due < learner.today else 'is'} due on {weekday(step.due, learner.today)}"


def _silent_card() -> Card:
    text = Paragraph(rich("Your plan and streak are safe."))
    return Card("I'll pause until you say hi", (text, Buttons((Button("Say hi", "checkin resume", "primary"),))))


def reminder_card(learner: LearnerSnapshot, late: str | None) -> Card:
    """The reminder, a day after an unanswered check-in; `late` says in one line why it comes late."""
    answers = Buttons(_answers(steps_to_ask_about(learner.plan, learner.week), learner.week))
    blocks: list[Block] = [answers, Buttons((PAUSE, STOP_NUDGES)), *_late(late)]
    return Card("Quick nudge: one tap is enough. Skipping is fine", tuple(blocks))


def question_card(
    pack: Pack,
    learner: LearnerSnapshot,
    week: date,
    checkins: Sequence[CheckIn] = (),
    *,
    late: str | None = None,
    notice: str = "",
) -> Card:
    """The question about a week (its Monday), with a button for each answer.

    `checkins` are all the learner's check-ins, oldest first; without them, the week counts as unanswered. `notice` is a few
    words about what has just happened.
    """
    if (learner.week_is_off or learner.is_paused) and week == learner.week:
        return _week_off_card(learner)
    steps = steps_to_ask_about(learner.plan, week)
    answered = checkin_of(checkins, week) is not None
    title = "You've checked in this week" if answered else _to("How did your week go", learner)
    blocks: list[Block] = [
        *_steps_of_week(pack, learner, steps, week),
        *(_said(checkins, learner, week) if answered else ()),
        Buttons(_answers(steps, week, next_in(learner.plan))),
        Buttons((PAUSE,)),
        *_late(late),
    ]
    return Card(f"{notice} {title}".strip(), tuple(blocks))


def _to(question: str, learner: LearnerSnapshot) -> str:
    """Address a question to the learner, if their name is known."""
    name = first_name(learner.name)
    return f"{question}, {name}?" if name else f"{question}?"


def first_name(name: str) -> str:
    """Give the name to address someone by; "" if only a platform's id is known."""
    word = name.split(maxsplit=1)[0] if name.split() else ""
    return "" if any(letter.isdigit() for letter in word) else short(word, 30)


def _late(late: str | None) -> Iterable[Footnote]:
    if late:
        yield Footnote(rich(late))


def _steps_of_week(
    pack: Pack, learner: LearnerSnapshot, steps: Sequence[PlanStep], week: date
) -> Iterable[Paragraph | Footnote]:
    if not steps:
        yield Paragraph(rich(_no_steps(learner, week)))
        return
    lines = [_step_line(learner, step, week) for step in steps[:MAX_STEPS_NAMED]]
    if len(steps) > MAX_STEPS_NAMED:
        lines.append(f"And {len(steps) - MAX_STEPS_NAMED} more.")
    yield Paragraph(rich("\n".join(lines)))
    # Someone who hasn't begun may not know how; once they have, the question is all that's needed.
    guide = pack.step_guide(steps[0]) if len(steps) == 1 and not steps[0].hours_logged else None
    yield from (Paragraph(rich(line)) for line in _how_to_begin(guide or NO_GUIDE))


def _no_steps(learner: LearnerSnapshot, week: date) -> str:
    plan = learner.plan
    following = next_in(plan)
    if following is None:
        return "Your plan has no open steps."
    state = "You're done for this week." if has_answers(plan, week) else "Nothing's planned for this week."
    start = f", from {weekday(following.allocations[0].week, learner.today)}" if following.allocations else ""
    return f"{state}\nNext: {short(following.text, 100)}{start}."


def _step_line(learner: LearnerSnapshot, step: PlanStep, week: date) -> str:
    text, worked, planned = short(step.text, 100), hours_in(step, week), planned_hours(step, week)
    due = f",{_due(learner, step).removeprefix(' is')}" if step.due else ""
    if step.state is StepState.BLOCKED:
        return f"{text}, stuck: {short(step.blocker, 80)}" if step.blocker else f"{text}, stuck."
    if worked:
        return f"{text} {_bar(learner, step)}{due}"
    return f"{text}, {planned} h planned{due}." if planned else f"{text}{due}."


def _bar(learner: LearnerSnapshot, step: PlanStep) -> str:
    """Show the hours worked on a step: ▓▓░░░ 12 of 30 h."""
    return hours_bar(step.hours_logged, step.hours, learner.plan.hours_per_week)


def _answers(steps: Sequence[PlanStep], week: date, following: PlanStep | None = None) -> tuple[Button, ...]:
    """The four answers. With one step they're about it; otherwise the next card asks which one.

    In a week without steps, someone may still have worked on the `following` one.
    """
    which = f" step:{steps[0].number}" if len(steps) == 1 else ""
    of_week = f" week:{week.isoformat()}"
    skip = Button("Not this week", f"checkin skip{of_week}")
    if not steps:
        ahead = (Button("Worked ahead", f"checkin worked step:{following.number}{of_week}"),) if following else ()
        return Button("That was my week", f"checkin close{of_week}", "primary"), *ahead, skip
    worked = Button("Worked on it", f"checkin worked{which}{of_week}", "primary")
    finished = Button("Finished", f"checkin finished{which}{of_week}")
    stuck = Button("Stuck", f"checkin stuck{which}{of_week}")
    if len(steps) == 1 and steps[0].hours_logged >= steps[0].hours:
        return replace(finished, style="primary"), replace(worked, style="plain"), stuck, skip
    return worked, finished, stuck, skip


def _said(checkins: Sequence[CheckIn], learner: LearnerSnapshot, week: date) -> Iterable[Paragraph]:
    checkin = checkin_of(checkins, week)
    if checkin is not None and checkin.fallback:
        yield Paragraph(rich(f"{checkin.next_step}: {if_then(checkin.obstacle, checkin.fallback)}"))
    if streak := _streak(checkins, learner):
        yield Paragraph(rich(streak))


def _streak(checkins: Sequence[CheckIn], learner: LearnerSnapshot) -> str:
    count = current_streak(checkins, time_off.of(learner.plan), learner.week)
    return f"Streak: {count} weeks." if count > 1 else ""


def _week_off_card(learner: LearnerSnapshot) -> Card:
    until = learner.back_on
    title = f"You're on a break until {weekday(until, learner.today)}" if until else "This week's off"
    text = Paragraph(rich("Nothing's planned, and your streak is safe."))
    return Card(title, (text, Buttons((Button("I'm back", "checkin resume", "primary"), MY_PLAN))))


_WHICH = {
    "worked": "Which one did you work on?",
    "finished": "Which one did you finish?",
    "stuck": "Which one are you stuck on?",
    "swap": "Which one shall I swap?",
    "restart": "Which one can go on?",
}


def which_card(answer: str, steps: Sequence[PlanStep], week: date, given: Mapping[str, str] | None = None) -> Card:
    """Ask which step an answer is about (`worked`, `finished` or `stuck`). The options `given` stay on the buttons."""
    names = [short(step.text, 60) for step in steps]
    buttons = tuple(
        Button(
            f"{step.number}. {name}" if names.count(name) > 1 else name,
            format_line(("checkin", answer), {"step": str(step.number), **(given or {}), "week": week.isoformat()}),
        )
        for name, step in list(zip(names, steps, strict=True))[:MAX_STEP_BUTTONS]
    )
    return Card(_WHICH[answer], (Buttons(buttons),)).in_place()


def undo_button(week: date, version: int = 0) -> Button:
    """A button that takes an answer back: the change that led to the plan's `version` (0 for none), and the check-in."""
    seen = f" seen:{version}" if version else ""
    return Button("Undo", f"checkin undo week:{week.isoformat()}{seen}")


def with_undo(card: Card, week: date, version: int) -> Card:
    """Let the [Undo] of a plan's card take back the check-in as well."""
    undo = undo_button(week, version)
    blocks = (
        Buttons(tuple(undo if button.label == undo.label else button for button in block.buttons))
        if isinstance(block, Buttons)
        else block
        for block in card.blocks
    )
    return replace(card, blocks=tuple(blocks))


def hours_card(step: PlanStep, week: date) -> Card:
    """Ask how many hours someone worked on a step."""
    planned, line = planned_hours(step, week), f"checkin worked step:{step.number}"
    choices = [hours for hours in _hour_choices(planned or 6) if hours != planned]
    as_planned = (Button(f"{planned} h as planned", f"{line} hours:{planned} week:{week.isoformat()}", "primary"),)
    buttons = (
        *(as_planned if planned else ()),
        *(Button(f"{hours} h", f"{line} hours:{hours} week:{week.isoformat()}") for hours in choices),
        Button("Other", f"{line} hours:? week:{week.isoformat()}"),
        undo_button(week),
    )
    text = Paragraph(rich("Your streak is safe either way."))
    in_all = " in all this week" if hours_in(step, week) else ""
    return Card(f"Nice. About how many hours{in_all}?", (text, Buttons(buttons))).in_place()


def _hour_choices(planned: int) -> tuple[int, ...]:
    """Offer all the planned hours, two thirds of them and one third."""
    return tuple(dict.fromkeys(max(1, round(planned * part / 3)) for part in (3, 2, 1)))


def logged_card(
    learner: LearnerSnapshot, checkins: Sequence[CheckIn], step: PlanStep, week: date, replaced: int = 0
) -> Card:
    """Say how many hours are logged, and on which step, instead of any `replaced`, then ask what may get in the way.

    If an earlier plan for that waits for its outcome, ask for that instead.
    """
    hours = hours_in(step, week)
    instead = f" instead of {replaced}" if replaced and replaced != hours else ""
    title, name = f"{hours} h logged{instead} {_bar(learner, step)}", Paragraph(rich(short(step.text, MAX_NAME)))
    undo, of_week = undo_button(week, learner.version), f"week:{week.isoformat()}"
    if step.hours_logged >= step.hours:
        finished = Button("Finished", f"checkin finished step:{step.number} {of_week}", "primary")
        buttons = Buttons((finished, Button("Not yet", f"checkin close {of_week}"), undo))
        return Card(title, (name, Paragraph(rich("That's all the hours I had in mind. Finished?")), buttons)).in_place()
    if question := outcome_question(checkins, learner.week):
        text, answers = question
        return Card(title, (name, text, Buttons((*answers, undo)))).in_place()
    return Card(title, (name, *_obstacle_question(step, week, undo))).in_place()


def _obstacle_question(step: PlanStep | None, week: date, *undo: Button) -> tuple[Block, ...]:
    name = f'step:"{short(step.text, 80).replace(chr(34), "")}" ' if step else ""
    plan = Button("Plan around it", f"checkin plan {name}week:{week.isoformat()}", "primary")
    nothing = Button("Nothing", f"checkin close week:{week.isoformat()}")
    text = Paragraph(rich("What could get in the way next week?"))
    return text, Buttons((plan, nothing, *undo))


def outcome_question(checkins: Sequence[CheckIn], this_week: date) -> tuple[Paragraph, tuple[Button, ...]] | None:
    """Ask for the outcome of the newest if-then plan of an earlier week; None if that's answered."""
    last = last_if_then_plan(checkins, this_week)
    if last is None or last.outcome:
        return None
    week = f"week:{last.week.isoformat()}"
    buttons = (
        Button("It helped", f"checkin outcome {IfThenOutcome.HELPED} {week}", "primary"),
        Button("It didn't", f"checkin outcome {IfThenOutcome.FAILED} {week}"),
        Button("Didn't come up", f"checkin outcome {IfThenOutcome.UNNEEDED} {week}"),
    )
    sentence = if_then(last.obstacle, last.fallback)
    return Paragraph(rich("You'd planned: ", bold(sentence), " Did it help?")), buttons


_OUTCOME_TITLES = {
    IfThenOutcome.HELPED: "Good. That plan's worth repeating",
    IfThenOutcome.FAILED: "Good to know. Blame the plan, not yourself",
    IfThenOutcome.UNNEEDED: "An easy week, then",
}


def outcome_card(outcome: IfThenOutcome, step: PlanStep | None, week: date) -> Card:
    """Say what to make of an if-then plan's outcome, then ask for the next one."""
    return Card(_OUTCOME_TITLES[outcome], _obstacle_question(step, week)).in_place()


def if_then_form(step: str, obstacle: str | None, fallback: str | None, week: date) -> Form:
    """Ask for an if-then plan, with known answers filled in."""
    fields = (
        _answer_field("step", "Your next step", "Draft the design's first page", step),
        _answer_field("obstacle", "If …", "the data team is late", obstacle or ""),
        _answer_field("then", "… then I …", "mock the data and carry on", fallback or ""),
    )
    return Form("Plan around it", f"checkin plan week:{week.isoformat()}", fields, submit="Save")


def _answer_field(name: str, label: str, hint: str, value: str) -> Field:
    return Field(name, label, "text", hint=hint, value=value, max_length=MAX_ANSWER_LENGTH)


def planned_around_card(learner: LearnerSnapshot, step: str, obstacle: str, fallback: str, week: date) -> Card:
    """Confirm an if-then plan in the learner's own words."""
    undo = Button("Undo", f"checkin undo week:{week.isoformat()} what:plan")
    blocks: tuple[Block, ...] = (
        Paragraph(rich(f"{short(step, 100)}: ", bold(if_then(obstacle, fallback)))),
        *_hours_of_week(learner, week),
        Paragraph(rich("Next time I'll ask whether it helped.")),
        Buttons((Button("Change", f"checkin plan week:{week.isoformat()}"), MY_PLAN, undo)),
    )
    return Card("Saved. Good plan", blocks).in_place()


def _hours_of_week(learner: LearnerSnapshot, week: date) -> Iterable[Paragraph]:
    lines = [
        f"{hours_in(step, week)} h on {short(step.text, 80)} {_bar(learner, step)}"
        for step in learner.plan.steps
        if hours_in(step, week)
    ]
    if lines:
        yield Paragraph(rich("\n".join(lines[:MAX_STEPS_NAMED])))


def closed_card(learner: LearnerSnapshot, checkins: Sequence[CheckIn], week: date) -> Card:
    """Thank for a check-in, with what was said."""
    hours = learner.plan.hours_logged_in(week)
    name = first_name(learner.name)
    thanks = f"Thanks, {name}" if name else "Thanks"
    title = (
        f"{thanks}. {hours} h logged. That's a wrap for the week" if hours else f"{thanks}. That's a wrap for the week"
    )
    streak = _streak(checkins, learner)
    blocks: list[Block] = [*_hours_of_week(learner, week)]
    if streak:
        blocks.append(Paragraph(rich(streak)))
    blocks.append(Buttons((MY_PLAN, Button("Progress", "progress"), undo_button(week))))
    return Card(title, tuple(blocks)).in_place()


def over_card() -> Card:
    """Say that a check-in can't be answered any more."""
    text = Paragraph(rich("Nothing's changed, and nothing's lost."))
    return Card(
        "That check-in is over", (text, Buttons((Button("This week", "checkin now", "primary"), MY_PLAN)))
    ).in_place()


def settled_card(step: PlanStep) -> Card:
    """Say that a step stays as it is, since it's done or dropped."""
    title = (
        f"You've already finished {short(step.text, 80)}" if step.state is StepState.DONE else "You dropped that step"
    )
    text = "So nothing's changed." if step.state is StepState.DONE else "Add it again if you want it back."
    return Card(title, (Paragraph(rich(text)), Buttons((Button("Check in", "checkin now"), MY_PLAN)))).in_place()


def undone_card(pack: Pack, learner: LearnerSnapshot, week: date, checkins: Sequence[CheckIn]) -> Card:
    """Ask again after an answer was taken back."""
    return question_card(pack, learner, week, checkins, notice="Undone.").in_place()


def not_undone_card() -> Card:
    """Say that the plan has changed since, so nothing was undone."""
    text = Paragraph(rich("Your plan has changed since then."))
    return Card("I haven't undone anything", (text, Buttons((MY_PLAN, Button("Check in", "checkin now"))))).in_place()


# Stuck


@dataclass(frozen=True, slots=True)
class StuckHelp:
    """Everything the help for a stuck step offers. `mentor` is the mentor's name, "" without one; `swap` the step instead."""

    guide: StepGuide
    mentor: str = ""
    swap: PlanStep | None = None


def stuck_card(step: PlanStep, week: date) -> Card:
    """Ask what's in the way of a step."""
    line, of_week = f"checkin stuck step:{step.number}", f"week:{week.isoformat()}"
    buttons = tuple(Button(label, f"{line} reason:{reason} {of_week}") for reason, label in STUCK_LABELS.items())
    return Card("It happens. What's in the way?", (Buttons(buttons),)).in_place()


STUCK_LABELS = {
    StuckReason.UNCLEAR: "Unclear",
    StuckReason.TOO_BIG: "Too big",
    StuckReason.NO_ACCESS: "No access",
    StuckReason.OTHER: "Something else",
}


def help_card(learner: LearnerSnapshot, step: PlanStep, reason: StuckReason, help_: StuckHelp, week: date) -> Card:
    """Help with a stuck step, as the reason suggests."""
    smaller, swap = help_.guide.smaller, help_.swap
    if reason is StuckReason.TOO_BIG:
        title = "Let's make it smaller"
        lines = [
            f"This week, just {_inside(smaller.text)} {smaller.hours} h." if smaller else _half_an_hour(help_.guide)
        ]
    elif reason is StuckReason.UNCLEAR:
        title, lines = "Let's make it clear", [*_clear_lines(help_.guide)]
    else:
        title, lines = _way_around(step, reason, help_)
    start = {StuckReason.TOO_BIG: "smaller", StuckReason.UNCLEAR: "restart"}.get(reason)
    text = "\n".join(line for line in lines if line)
    buttons = (
        *((Button("Do this", f"checkin {start} step:{step.number} {_week(week)}", "primary"),) if start else ()),
        *((Button("Swap step", f"checkin swap step:{step.number} {_week(week)}"),) if swap else ()),
        *((Button(f"Ask {first_name(help_.mentor) or 'my mentor'}", "pair note mentor"),) if help_.mentor else ()),
        undo_button(week, learner.version),
    )
    return Card(title, (Paragraph(rich(text)), Buttons(buttons))).in_place()


def _way_around(step: PlanStep, reason: StuckReason, help_: StuckHelp) -> tuple[str, list[str]]:
    swap, without_job = help_.swap, help_.guide.without_job
    instead = (
        f"Meanwhile, you could do this instead: {lower_first(short(swap.text, 100))}, {swap.hours} h." if swap else ""
    )
    if reason is StuckReason.NO_ACCESS and without_job:
        return "Not possible at work? There's a way around it", [
            f"{full_stop(without_job)} It counts just the same.",
            instead,
        ]
    if reason is StuckReason.NO_ACCESS:
        return "Let's find a way around it", ["Who could give you access? Ask them today.", instead]
    return "Noted. Let's find a way around it", [f"“{short(step.blocker, 120)}”", instead]


def _week(week: date) -> str:
    return f"week:{week.isoformat()}"


def _inside(text: str) -> str:
    """Prepare an instruction for the middle of a sentence."""
    return lower_first(text.rstrip(".") + ".")


def _half_an_hour(guide: StepGuide) -> str:
    return (
        f"This week, just the first 30 minutes: {_inside(guide.first)}"
        if guide.first
        else "This week, just 30 minutes of it."
    )


def _how_to_begin(guide: StepGuide) -> Iterable[str]:
    if guide.do:
        yield guide.do
    if guide.first:
        yield f"First 30 minutes: {guide.first}"
    if guide.readings:
        yield f"Recommended reading: {full_stop('; '.join(guide.readings[:2]))}"


def _clear_lines(guide: StepGuide) -> Iterable[str]:
    yield from _how_to_begin(guide if guide.first else replace(guide, first="write down the one thing you'd ask."))
    if guide.done_when:
        yield f"Done when: {full_stop(guide.done_when)}"


def smaller_card(learner: LearnerSnapshot, step: PlanStep, week: date) -> Card:
    """Confirm the step for this week after help."""
    hours = sum(planned.hours for planned in step.allocations if planned.week == learner.week)
    text = f"{short(step.text, 120)}, {hours or step.hours} h. The rest waits until you're done."
    buttons = Buttons((Button("Open step", f"plan step {step.number}", "primary"), undo_button(week, learner.version)))
    return Card("Good. That's your step for this week", (Paragraph(rich(text)), buttons)).in_place()


def going_on_card(learner: LearnerSnapshot, step: PlanStep, week: date) -> Card:
    """Confirm that a step goes on as it was planned."""
    buttons = Buttons((Button("Open step", f"plan step {step.number}", "primary"), undo_button(week, learner.version)))
    return Card(
        "Good. Half an hour is a start", (Paragraph(rich(f"{short(step.text, 120)} is back on.")), buttons)
    ).in_place()


def swapped_card(learner: LearnerSnapshot, old: PlanStep, new: PlanStep, week: date) -> Card:
    """Confirm that a step was replaced."""
    hours = f"{new.hours} h, like before." if new.hours == old.hours else f"{new.hours} h instead of {old.hours} h."
    text = f"{hours} {short(old.text, 80)} is off your plan."
    buttons = Buttons((Button("Open step", f"plan step {new.number}", "primary"), undo_button(week, learner.version)))
    return Card(f"Swapped. Now it's {short(new.text, 100)}", (Paragraph(rich(text)), buttons)).in_place()


def no_swap_card(step: PlanStep) -> Card:
    """Say that there's nothing to swap a step for."""
    text = Paragraph(rich("You can drop it, or move it to a later week."))
    buttons = Buttons((Button("Move", f"plan move {step.number}"), Button("Drop", f"plan drop {step.number}"), MY_PLAN))
    return Card(f"I don't have a swap for {short(step.text, 80)}", (text, buttons))


# Breaks


def skipped_card(learner: LearnerSnapshot, week: date, version: int, *, end_changed: bool) -> Card:
    """Say that a week is off."""
    end = learner.plan.end_date
    shifted = week == learner.week and learner.plan.active
    title = "No problem: I've shifted your plan by a week" if shifted else "No problem: that week doesn't count"
    new_end = f"New end: {day(end, learner.today)}. " if shifted and end and end_changed else ""
    buttons = Buttons((undo_button(week, version), Button("Pause longer", "checkin pause")))
    return Card(title, (Paragraph(rich(f"{new_end}Your streak is safe.")), buttons)).in_place()


def ask_skip_card(learner: LearnerSnapshot) -> Card:
    """Ask before this week is skipped, since the button may be an older check-in's."""
    sunday = learner.week + timedelta(days=6)
    text = Paragraph(rich("That check-in is over, so I haven't changed anything."))
    skip = Button("Skip this week", f"checkin skip week:{learner.week.isoformat()}")
    title = f"Skip this week, until {weekday(sunday, learner.today)}?"
    return Card(title, (text, Buttons((skip, Button("Check in", "checkin now", "primary"))))).in_place()


def snoozed_card(learner: LearnerSnapshot, message: NextMessage) -> Card:
    """Say when the check-in will come again, or why it wouldn't be sent."""
    if message.at is None:
        reason = reason_text(message.skipped) if message.skipped else ""
        text = f"Nothing would reach you then: {reason}." if reason else "Nothing would reach you then."
        return Card(
            "I can't ask you tomorrow", (Paragraph(rich(text)), Buttons((Button("Check in", "checkin now"), MY_PLAN)))
        )
    at = message.at.astimezone(learner.zone)
    text = "That's when your quiet hours end." if message.after_quiet_hours else "Until then, no rush."
    return Card(
        f"I'll ask again on {weekday(at.date(), learner.today)}, {at:%H:%M}",
        (Paragraph(rich(text)), Buttons((MY_PLAN,))),
    ).in_place()


def paused_card(learner: LearnerSnapshot, until: date) -> Card:
    """Confirm a pause that lasts until a day."""
    plan = "Your plan moves along and your streak waits." if learner.plan.active else "Your streak waits."
    buttons = Buttons((Button("Change date", "checkin pause until:?"), Button("Come back now", "checkin resume")))
    return Card(
        f"Enjoy the break! I'll be back on {weekday(until, learner.today)}", (Paragraph(rich(plan)), buttons)
    ).in_place()


def which_break_card(learner: LearnerSnapshot, planned: date, back: date) -> Card:
    """Ask someone who's back on a day whether they're off from a planned break's first day until then, or from today."""
    breaks = [DateRange(first, back - DAY) for first in (planned, learner.today)]
    buttons = [Button(f"Off {name_range(days, learner.today)}", f'checkin pause until:"{days}"') for days in breaks]
    text = f"You've planned a break from {weekday(planned, learner.today)}. Is that the one, or are you off from today?"
    title = f"You're back on {weekday(back, learner.today)}. When does your break start?"
    return Card(title, (Paragraph(rich(text)), Buttons(tuple(buttons))))


def away_card(learner: LearnerSnapshot, days: str, version: int) -> Card:
    """Confirm days off in a later week. Until then, everything goes on. `version` is the plan's now; 0 if it hasn't changed."""
    plan = "Your plan moves along, and your streak waits." if learner.plan.active else "Your streak waits."
    text = Paragraph(rich(f"I won't check in while you're away. {plan}"))
    undo = (Button("Undo", f"plan undo seen:{version}"),) if version else ()
    return Card(f"Enjoy the break! You're off {days}", (text, Buttons((MY_PLAN, *undo)))).in_place()


def no_break_card() -> Card:
    """Say that there's no break to take back."""
    return Card("You don't have a break planned", (Buttons((Button("Pause", "checkin pause"), MY_PLAN)),))


def which_cancelled_card(learner: LearnerSnapshot, breaks: Sequence[tuple[date, date]]) -> Card:
    """Ask which planned break to take back; each is given by its first and its last day."""
    buttons = [
        Button(name_range(DateRange(*days), learner.today), f"checkin resume planned:yes first:{days[0].isoformat()}")
        for days in breaks[:MAX_STEPS_NAMED]
    ]
    return Card("Which break shall I cancel?", (Buttons(tuple(buttons)),))


def break_cancelled_card(learner: LearnerSnapshot, first: date, last: date, version: int) -> Card:
    """Confirm that a planned break was taken back; `version` is the plan's now."""
    end = learner.plan.end_date
    text = f"Your plan uses these days again.{f' New end: {day(end, learner.today)}.' if end else ''}"
    buttons = Buttons((MY_PLAN, Button("Undo", f"plan undo seen:{version}")))
    return Card(
        f"No break {name_range(DateRange(first, last), learner.today)}", (Paragraph(rich(text)), buttons)
    ).in_place()


def free_days_card(days: str) -> Card:
    """Answer that nothing changes for some days off, because they're on a weekend without a check-in."""
    text = Paragraph(rich("There's no check-in on these days anyway, so your plan stays as it is."))
    return Card(f"Enjoy {days}!", (text, Buttons((MY_PLAN,))))


def here_card(learner: LearnerSnapshot) -> Card:
    """Welcome somebody who says they're back, though nothing was paused."""
    name = first_name(learner.name)
    steps = learner.plan.steps_in_week(learner.week)
    hours = sum(step.hours_in_week(learner.week) for step in steps)
    lines = [Paragraph(rich(f"Nothing's paused. This week: {hours} h."))] if hours else []
    start = (Button("Open step", f"plan step {steps[0].number}", "primary"),) if steps else ()
    return Card(f"Welcome back{f', {name}' if name else ''}", (*lines, Buttons((*start, MY_PLAN))), error=Conflict.code)


def back_card(learner: LearnerSnapshot, ended_version: int = 0) -> Card:
    """Welcome a learner back after a break or a silence.

    `ended_version` is that of the plan if this has just ended a break, which can be undone.
    """
    undo = (Button("Undo", f"plan undo seen:{ended_version}"),) if ended_version else ()
    name, plan, week = first_name(learner.name), learner.plan, learner.week
    steps, end = plan.steps_in_week(week), plan.end_date
    title = f"Welcome back, {name}" if name else "Welcome back"
    if not plan.active:
        text = Paragraph(rich("Your plan has no open steps. Shall we find one?"))
        return Card(title, (text, Buttons((Button("Make a plan", "plan new", "primary"), MY_PLAN))))
    hours = sum(step.hours_in_week(week) for step in steps)
    this_week = f" This week: {hours} h." if hours else ""
    text = Paragraph(
        rich(f"Your plan has already moved.{this_week}{f' New end: {day(end, learner.today)}.' if end else ''}")
    )
    start = (Button("Start", f"plan start {steps[0].number}", "primary"),) if steps else ()
    return Card(title, (text, Buttons((*start, FEWER_HOURS, MY_PLAN, *undo)))).in_place()
