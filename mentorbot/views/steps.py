"""One step of a plan as a card: what to do first, reasons last; and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import ceil

from mentorbot.chat.cards import Button, Buttons, Card, Field, Form, Paragraph, RichText, bold, rich
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import MILESTONE_PREFIX, Plan, PlanStep, StepState
from mentorbot.domain.step_guide import NO_GUIDE
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.views.plan import MAX_NAME, next_step, planned_time, settled_card, step_name_and_bar
from mentorbot.views.wording import count, day, full_stop, hours_bar, joined, weeks_or_months

MAX_TEXT = 300
"""Characters of a line of a step. A card has to fit on a phone."""


def step_card(pack: Pack, learner: LearnerSnapshot, step: PlanStep, levels: Mapping[str, int]) -> Card:
    """A step: what to do, its first 30 minutes, what to read, and when it's done."""
    if not step.active:
        return _settled_step_card(pack, step)
    return Card(
        step_name_and_bar(step, learner.plan),
        (
            *(Paragraph(line) for line in _guide_lines(pack, step)),
            *(Paragraph(rich(text)) for text in _facts(pack, learner, step, levels)),
            Buttons(tuple(_step_buttons(step))),
        ),
    )


def _guide_lines(pack: Pack, step: PlanStep) -> Iterable[RichText]:
    guide = pack.step_guide(step) or NO_GUIDE
    if guide.do:
        yield rich(guide.do)
    elif len(step.text) > MAX_NAME:
        yield rich(step.text)
    if guide.first:
        yield rich(bold("First 30 minutes: "), full_stop(guide.first))
    if guide.readings and step.state is not StepState.BLOCKED:  # the blocker takes its line
        yield rich(bold("Recommended reading: "), full_stop("; ".join(guide.readings)))
    if guide.without_job and step.active:
        yield rich(bold("Not possible at work? "), full_stop(guide.without_job))
    if done_when := guide.done_when or step.done_when:
        yield rich(bold("Done when: "), full_stop(done_when))


def _facts(pack: Pack, learner: LearnerSnapshot, step: PlanStep, levels: Mapping[str, int]) -> Iterable[str]:
    if step.state is StepState.BLOCKED:
        since = f" since {day(step.status_since, learner.today)}" if step.status_since else ""
        yield f"Stuck{since}: {full_stop(short(step.blocker, MAX_TEXT))}"
    facts = [
        _week_of(step, learner.plan, learner.week),
        _due(step, learner.today),
        gain_text(pack, learner, step, levels),
    ]
    if known := [fact for fact in facts if fact]:
        yield " ".join(known)


def _week_of(step: PlanStep, plan: Plan, week: date) -> str:
    """Say which week of a long step this is, "Week 2 of 4.", or how long it takes if it's worked on in few of its weeks."""
    past = len({logged.week for logged in step.logged if logged.week < week})
    ahead = len({planned.week for planned in step.allocations if planned.week >= week} | {
        logged.week for logged in step.logged if logged.week >= week
    })  # fmt: skip
    total = max(past + ahead, ceil(step.hours / plan.hours_per_week))
    if step.weeks > 2 * total:
        return f"Spread over {weeks_or_months(step.weeks)}."
    return f"Week {min(past + 1, total)} of {total}." if total > 1 and step.hours > plan.hours_per_week else ""


def _due(step: PlanStep, today: date) -> str:
    return f"By {day(step.due, today)}." if step.due else ""


def gain_text(pack: Pack, learner: LearnerSnapshot, step: PlanStep, levels: Mapping[str, int]) -> str:
    """Say what a step brings: "Takes Cloud from 0 to 1, your target."."""
    milestone = pack.milestones.get(step.origin.removeprefix(MILESTONE_PREFIX))
    if milestone is None or not step.origin.startswith(MILESTONE_PREFIX):
        return ""
    needs = pack.title_needs(learner.plan.title)
    for skill, level in milestone.raises.items():
        have, need = levels.get(skill, 0), needs.get(skill, 0)
        if have < level:
            target = ", your target" if level == need else f" (target {need})" if level < need else ""
            return f"Takes {pack.skill_names.get(skill, skill)} from {have} to {level}{target}."
    return "" if milestone.raises else full_stop(step.reason)


def _step_buttons(step: PlanStep) -> Iterable[Button]:
    number = step.number
    if step.state is StepState.BLOCKED:
        yield Button("Back on it", f"plan start {number}", "primary")
    elif step.state is StepState.OPEN and not step.hours_logged:
        yield Button("Start", f"plan start {number}", "primary")
    else:
        yield Button("Log hours", f"plan log {number}", "primary")
    yield Button("Finished", f"plan done {number}")
    if step.state is not StepState.BLOCKED:
        yield Button("Stuck", f"checkin stuck {number}")
    yield Button("More", f"plan step {number} more:yes")


def _settled_step_card(pack: Pack, step: PlanStep) -> Card:
    if step.state is StepState.DROPPED:
        return settled_card(step)
    lines = [Paragraph(line) for line in _guide_lines(pack, step)]
    proof = f"Your proof: {full_stop(short(proof_of(step), MAX_TEXT))}" if proof_of(step) else "No proof yet."
    label = "Change proof" if proof_of(step) else "Add proof"
    reopen, plan = Button("Reopen", f"plan reopen {step.number}"), Button("My plan", "plan show")
    buttons = Buttons((Button(label, f"plan done {step.number} evidence:?"), reopen, plan))
    return Card(f"Finished: {short(step.text, MAX_NAME)}", (*lines[:1], Paragraph(rich(proof)), buttons))


def more_card(learner: LearnerSnapshot, step: PlanStep) -> Card:
    """The rest about a step: when it's planned, what comes before it, and ways to change it."""
    required = [short(other.text, MAX_NAME) for other in learner.plan.active if other.number in step.requires]
    lines = [f"{count(step.hours, 'hour')}, {planned_time(step, learner.today)}. Step {step.number} of your plan."]
    if required:
        lines.append(f"Comes after {joined(required)}.")
    lines.append(_due(step, learner.today) or "No due date.")
    buttons = (
        Button("Edit", f"plan edit {step.number}"),
        Button("Move", f"plan move {step.number}"),
        Button("Drop", f"plan drop {step.number}", "danger"),
        Button("Back", f"plan step {step.number}"),
    )
    return Card(short(step.text, MAX_NAME), (*(Paragraph(rich(line)) for line in lines), Buttons(buttons)))


def started_card(pack: Pack, learner: LearnerSnapshot, step: PlanStep) -> Card:
    """A step that has just been started: its first 30 minutes come first."""
    guide = pack.step_guide(step) or NO_GUIDE
    lines = [rich(bold("First 30 minutes: "), full_stop(guide.first))] if guide.first else []
    if guide.do and not lines:
        lines = [rich(guide.do)]
    number = step.number
    buttons = (
        Button("Open step", f"plan step {number}", "primary"),
        Button("Log hours", f"plan log {number}"),
        Button("Stuck", f"checkin stuck {number}"),
        Button("Undo", f"plan undo seen:{learner.version}"),
    )
    return Card(f"You're on it: {short(step.text, MAX_NAME)}", (*(Paragraph(line) for line in lines), Buttons(buttons)))


def ask_hours_card(learner: LearnerSnapshot, step: PlanStep, *, forms: bool) -> Card:
    """Ask how many hours someone has worked on a step, with the planned ones first. Without forms, others are typed."""
    planned = sum(part.hours for part in step.allocations if part.week == learner.week)
    choices = dict.fromkeys(hours for hours in (planned, 4, 2, 1) if hours)
    buttons = [
        Button(
            f"{hours} h as planned" if hours == planned else f"{hours} h", f"plan log step:{step.number} hours:{hours}"
        )
        for hours in list(choices)[:3]
    ]
    buttons.append(
        Button("Other", f'plan log step:"{step.number} ?"' if forms else f"plan log step:{step.number} hours:?")
    )
    return Card("About how many hours?", (Paragraph(rich(short(step.text, MAX_NAME))), Buttons(tuple(buttons))))


def logged_card(learner: LearnerSnapshot, step: PlanStep, hours: int) -> Card:
    """Hours that were logged."""
    total = hours_bar(step.hours_logged, step.hours, learner.plan.hours_per_week)
    is_through = step.hours_logged >= step.hours
    hint = "That's all the planned hours. Is it finished?" if is_through else ""
    finished = Button("Finished", f"plan done {step.number}", "primary")
    opener = Button("Open step", f"plan step {step.number}")
    buttons = (*([finished] if is_through else []), opener, Button("Undo", f"plan undo seen:{learner.version}"))
    texts = [short(step.text, MAX_NAME), *([hint] if hint else [])]
    return Card(f"{hours} h logged {total}", (*(Paragraph(rich(text)) for text in texts), Buttons(buttons)))


def finished_card(
    pack: Pack,
    learner: LearnerSnapshot,
    step: PlanStep,
    before: Mapping[str, int],
    after: Mapping[str, int],
) -> Card:
    """Celebrate a finished step: its hours, the levels `before` and `after` (by skill id), and what comes next."""
    hours = f"{step.hours_logged or step.hours} h."
    lines = [" ".join([hours, *_gains(pack, learner.plan.title, before, after)]), _standing(learner)]
    buttons = []
    if not proof_of(step):
        buttons.append(Button("Add proof", f"plan done {step.number} evidence:?"))
    if following := _following(learner):
        buttons.append(Button("Start next", f"plan start {following.number}", "primary"))
    buttons.append(Button("Undo", f"plan undo seen:{learner.version}"))
    title = f"You finished {short(step.text, MAX_NAME)}! 🎉"
    return Card(title, (*(Paragraph(rich(line)) for line in lines), Buttons(tuple(buttons))))


def _gains(pack: Pack, title: str, before: Mapping[str, int], after: Mapping[str, int]) -> Iterable[str]:
    needs = pack.title_needs(title)
    for skill, level in after.items():
        if level > before.get(skill, 0):
            need, name = needs.get(skill, 0), pack.skill_names.get(skill, skill)
            if not need:
                target = ""
            elif level >= need:
                target = f", all that {pack.title_name(title)} needs"
            else:
                target = f", and {pack.title_name(title)} needs {need}"
            yield f"{name}: {before.get(skill, 0)} → {level}{target}."


def _standing(learner: LearnerSnapshot) -> str:
    steps = [step for step in learner.plan.steps if step.state is not StepState.DROPPED]
    done = sum(step.state is StepState.DONE for step in steps)
    if following := _following(learner):
        return f"That's {done} of {count(len(steps), 'step')}. Next: {short(following.text, MAX_NAME)}."
    return f"That's all {len(steps)} steps done!" if len(steps) > 1 else "That's your whole plan done!"


def _following(learner: LearnerSnapshot) -> PlanStep | None:
    this_week = learner.plan.steps_in_week(learner.week)
    return next(iter(this_week), None) or next_step(learner, this_week)


def evidence_form(step: PlanStep) -> Form:
    """Ask for something that shows a step is done."""
    hint = "a link, what came of it, or who can vouch for it if it's confidential"
    fields = (
        Field(
            "evidence",
            "A link or a few words",
            "long_text",
            required=False,
            hint=hint,
            value=step.evidence,
            max_length=500,
        ),
        Field("file", "Or a text file, e.g. a reference", "file", required=False),
    )
    return Form("Show what you made", f"plan done {step.number}", fields, submit="Save")


def proof_of(step: PlanStep) -> str:
    """Say what shows that a step is done; "" if nothing does."""
    attached = f"a file of {count(len(step.attachment.split()), 'word')}" if step.attachment else ""
    return " and ".join(filter(None, (step.evidence.rstrip(". "), attached)))


def evidence_card(learner: LearnerSnapshot, step: PlanStep) -> Card:
    """Proof that a finished step is done, after it was saved."""
    buttons = (Button("Portfolio", "portfolio", "primary"), Button("Undo", f"plan undo seen:{learner.version}"))
    text = rich(f"{short(step.text, MAX_NAME)}: ", short(proof_of(step), MAX_TEXT))
    return Card("Saved. It's in your portfolio", (Paragraph(text), Buttons(buttons)))


def move_form(step: PlanStep) -> Form:
    """Ask for the week a step should move to."""
    field = Field("to", "Any day in that week", "date", hint="next week or 14 dec")
    return Form(f"Move “{short(step.text, 14)}”", f"plan move {step.number}", (field,), submit="Move")


def log_form(step: PlanStep) -> Form:
    """Ask how many hours someone has worked on a step."""
    return Form("Log your hours", f"plan log step:{step.number}", (Field("hours", "About how many hours?", hint="3"),))
