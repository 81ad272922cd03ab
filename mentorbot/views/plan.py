"""A plan as cards: this week and the next steps, one step in full, and the effect of each change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Field,
    FieldList,
    Footnote,
    Form,
    Heading,
    Paragraph,
    RichText,
    bold,
    code,
    italic,
    rich,
)
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import Plan, PlanStep, StepState, monday
from mentorbot.domain.plan_edits import StepChange
from mentorbot.domain.plan_layout import LayoutChange
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short

MAX_STEPS_WITH_BUTTONS = 5
"""Steps with a row of buttons. More rows would be a wall."""
MAX_NEXT_STEPS = 5
MAX_DONE_STEPS = 30
WEEK_OFF = "This week is off. Nothing is planned, and nothing is lost."
NOTHING_THIS_WEEK = "Nothing more is planned for this week."
NOTHING_UNDONE = "Nothing was undone: your plan has changed since that card, or there is nothing left to undo."


def plan_card(pack: Pack, learner: LearnerSnapshot, *notices: str, show_all: bool = False) -> Card:
    """The plan as it stands, below `notices` about what has just happened. `show_all` shows every step, not only this week's."""
    blocks: list[Block] = [*notice_blocks(learner, notices)]
    if not learner.plan.active:
        blocks.append(_no_open_steps(learner.plan))
    elif show_all:
        blocks += _all_steps(learner.plan)
    else:
        blocks += [*_this_week(learner), *_next_steps(learner)]
    blocks.append(Footnote(rich(_summary(pack, learner))))
    blocks.append(Buttons(tuple(_plan_buttons(learner, show_all=show_all))))
    return Card("Your plan", tuple(blocks))


def notice_blocks(learner: LearnerSnapshot, notices: Iterable[str]) -> list[Block]:
    """Notices as paragraphs, and one about the steps that have moved since the plan was saved, if there are any."""
    moved = [layout_notice(learner.layout_change)] if learner.layout_change else []
    return [Paragraph(rich(bold(notice))) for notice in (*notices, *moved)]


def layout_notice(change: LayoutChange) -> str:
    """Say in one line which steps have moved to later weeks, and when the plan ends now if that has changed."""
    count = len(change.moved)
    subject = f"Step {change.moved[0]} has" if count == 1 else f"{count} steps have"
    end = f"; the plan now ends in the week of {monday(change.end_date):%-d %B %Y}" if change.end_date else ""
    return f"{subject} moved on to fit the hours you have{end}."


def _no_open_steps(plan: Plan) -> Block:
    if plan.steps:
        return Paragraph(rich("No open steps. Add one, or let me make a plan for your next title."))
    example = code("/mentor plan add Read one design document")
    return Paragraph(rich("No open steps. I can make a plan for a title, or you add a step yourself: ", example))


def _this_week(learner: LearnerSnapshot) -> list[Block]:
    steps = learner.plan.steps_in_week(learner.week)
    if learner.week_is_off:
        return [Paragraph(rich(WEEK_OFF))]
    if not steps:
        return [Paragraph(rich(NOTHING_THIS_WEEK))]
    hours = sum(step.hours_in_week(learner.week) for step in steps)
    blocks: list[Block] = [Heading(f"This week · {hours} of {learner.plan.hours_per_week} hours")]
    for index, step in enumerate(steps):
        blocks.append(Paragraph(step_line(step, step.hours_in_week(learner.week))))
        if index < MAX_STEPS_WITH_BUTTONS:
            blocks.append(_week_buttons(step))
    if len(steps) > MAX_STEPS_WITH_BUTTONS:
        done_line, drop_line = code("/mentor plan done 3"), code("/mentor plan drop 3")
        blocks.append(Footnote(rich("For the others: ", done_line, " or ", drop_line, ".")))
    return blocks


def step_line(step: PlanStep, hours: int) -> RichText:
    """One step in a line: its number and text, its `hours` this week, and details."""
    time = f"{hours} of {step.hours} h" if hours < step.hours else f"{step.hours} h"
    state = {
        StepState.DOING: " · under way",
        StepState.BLOCKED: _blocked(step),
    }.get(step.state, "")
    return rich(bold(f"{step.number}. "), step.text, italic(f"  {time}{_due(step)}{state}"))


def _due(step: PlanStep) -> str:
    return f" · by {step.due:%a %-d %b %Y}" if step.due else ""


def _blocked(step: PlanStep) -> str:
    return f" · blocked: {short(step.blocker, 120)}"


def _week_buttons(step: PlanStep) -> Buttons:
    started = (
        Button("Blocked", f"plan block {step.number}")
        if step.state is StepState.DOING
        else Button("Start", f"plan doing {step.number}")
    )
    return Buttons(
        (Button("Done", f"plan done {step.number}", "primary"), started, Button("Details", f"plan step {step.number}"))
    )


def _next_steps(learner: LearnerSnapshot) -> list[Block]:
    """The steps after this week, and those without a week yet."""
    later = sorted((step for step in learner.plan.active if not step.hours_in_week(learner.week)), key=_calendar_order)
    if not later:
        return []
    more = len(later) - MAX_NEXT_STEPS
    rest = [Footnote(rich(f"And {more} more: ", code("/mentor plan show all")))] if more > 0 else []
    return [Heading("Next"), _planned_steps(later[:MAX_NEXT_STEPS]), *rest]


def _calendar_order(step: PlanStep) -> tuple[date, int]:
    return step.allocations[0].week if step.allocations else date.max, step.number


def _planned_steps(steps: Iterable[PlanStep]) -> Bullets:
    return Bullets(
        tuple(rich(bold(f"{step.number}. "), step.text, italic(f"  {planned_time(step)}")) for step in steps)
    )


def planned_time(step: PlanStep) -> str:
    """Give a step's hours, its weeks, its due date, and what blocks it."""
    blocked = _blocked(step) if step.state is StepState.BLOCKED else ""
    return f"{step.hours} h · {_planned_weeks(step)}{_due(step)}{blocked}"


def _planned_weeks(step: PlanStep) -> str:
    if not step.allocations:
        return f"more than ten years from now: {'move it nearer' if step.start else 'raise your hours a week'}"
    first, last = step.allocations[0].week, step.allocations[-1].week
    if first == last:
        return f"week of {first:%-d %b %Y}"
    begins = f"{first:%-d %b}" if first.year == last.year else f"{first:%-d %b %Y}"
    return f"weeks of {begins} to {last:%-d %b %Y}"


def _all_steps(plan: Plan) -> list[Block]:
    blocks: list[Block] = [_planned_steps(sorted(plan.active, key=_calendar_order))]
    finished = [step for step in plan.steps if step.state is StepState.DONE][-MAX_DONE_STEPS:]
    if finished:
        blocks += [Heading("Done"), Bullets(tuple(rich(bold(f"{step.number}. "), step.text) for step in finished))]
    return blocks


def _summary(pack: Pack, learner: LearnerSnapshot) -> str:
    plan = learner.plan
    finished_count = sum(step.state is StepState.DONE for step in plan.steps)
    facts = [f"{len(plan.active)} open", f"{finished_count} done", f"{plan.hours_per_week} hours a week"]
    if plan.title:
        facts.insert(0, pack.title_name(plan.title))
    if plan.end_date:
        facts.append(f"ends in the week of {monday(plan.end_date):%-d %B %Y}")
    return f"{' · '.join(facts)}. {_VISIBILITY[learner.profile.visibility]}"


_VISIBILITY = {
    Visibility.NOTHING: "Only you see this.",
    Visibility.PROGRESS: "Your mentor sees your progress.",
    Visibility.CHECKINS: "Your mentor sees your progress and check-ins.",
}


def _plan_buttons(learner: LearnerSnapshot, *, show_all: bool) -> Iterable[Button]:
    if not learner.plan.title:
        yield Button("Make me a plan", "plan new", "primary")
    yield Button("Add a step", "plan add")
    if learner.plan.active:
        yield Button("This week", "plan show week") if show_all else Button("All steps", "plan show all")
        yield Button("Check in", "checkin now")
    if learner.version:
        yield Button("Undo", f"plan undo seen:{learner.version}")


def step_card(step: PlanStep) -> Card:
    """Everything about one step."""
    rows = (
        ("Why", step.reason),
        ("Hours", f"{step.hours}, of which {step.hours_logged} worked" if step.hours_logged else str(step.hours)),
        ("Planned", _planned_weeks(step) if step.active else ""),
        ("By", f"{step.due:%A, %-d %B %Y}" if step.due else ""),
        ("Comes after", ", ".join(f"step {number}" for number in step.requires)),
        ("Proves it", step.done_when),
        ("Your evidence", step.evidence),
        ("Blocked by", step.blocker),
        ("State", _state(step)),
    )
    fields = FieldList(tuple((name, rich(text)) for name, text in rows if text))
    full_text = (Paragraph(rich(step.text)),) if len(step.text) > 100 else ()
    buttons = Buttons(tuple(_step_buttons(step)))
    return Card(f"Step {step.number}: {short(step.text, 100)}", (*full_text, fields, buttons))


def _state(step: PlanStep) -> str:
    name = {StepState.OPEN: "not started", StepState.DOING: "under way"}.get(step.state, step.state.value)
    if step.status_since is None or step.state is StepState.OPEN:
        return name
    return f"{name} since {step.status_since:%-d %B %Y}"


def _step_buttons(step: PlanStep) -> Iterable[Button]:
    number = step.number
    if not step.active:
        yield Button("My plan", "plan show")
        return
    yield Button("Done", f"plan done {number}", "primary")
    if step.state is not StepState.DOING:
        yield Button("Start", f"plan doing {number}")
    yield Button("Blocked", f"plan block {number}")
    yield Button("Edit", f"plan edit {number}")
    yield Button("Move", f"plan move {number}")
    yield Button("Drop", f"plan drop {number}", "danger")


def edit_form(step: PlanStep, today: date) -> Form:
    """A form with the step as it stands, for changing it."""
    due = step.due.isoformat() if step.due and step.due >= today else ""
    fields = (
        Field("what", "What you will do", "long_text", required=False, value=short(step.text, 300), max_length=300),
        Field("by", "By when", required=False, value=due, hint="fri, in 2 weeks, 2026-12-01"),
        Field("hours", "How many hours it takes", required=False, value=str(step.hours)),
    )
    return Form(f"Change step {step.number}", f"plan edit {step.number}", fields, submit="Keep")


def settled_notice(step: PlanStep) -> str:
    """Say why a settled step stays as it is."""
    if step.state is StepState.DONE:
        return f"Step {step.number} is done already; it stays that way."
    return f"Step {step.number} was dropped earlier; add it again if you want it back."


def moved_notice(step: PlanStep, week: date) -> str:
    """Say which week a step is planned for now, which may be later than the requested `week` (a Monday)."""
    begins = step.allocations[0].week if step.allocations else None
    if begins is None or begins <= week:
        return f"Step {step.number} is planned for the week of {week:%-d %B %Y}."
    return (
        f"Step {step.number} now starts in the week of {begins:%-d %B %Y}: before that, the hours go to steps that "
        "come first, or the week is off."
    )


def hours_notice(plan: Plan, *, end_changed: bool) -> str:
    """Give the hours per week, and the plan's end if that has changed."""
    end = (
        f" The plan now ends in the week of {monday(plan.end_date):%-d %B %Y}." if plan.end_date and end_changed else ""
    )
    return f"{plan.hours_per_week} hours a week from now on.{end}"


def undone_notice(what: str, paused_until: date | None) -> str:
    """Say what was undone, and that a pause is back because of it."""
    pause = f" You are on a break until {paused_until:%A, %-d %B %Y}." if paused_until else ""
    return f"Undone: {what}.{pause}"


def started_notice(change: StepChange, hours: int) -> str:
    """Say that a step is under way, and how many of the `hours` worked were logged, since a step takes no more than it has."""
    if change.was_settled:
        return settled_notice(change.before)
    text = f"Under way: {short(change.before.text, 100)}."
    if not hours:
        return text
    step, logged = change.after, change.after.hours_logged - change.before.hours_logged
    limit = (
        f" It has {step.hours} h in all; change that with /mentor plan edit {step.number}." if logged != hours else ""
    )
    return f"{text} {logged} h put down.{limit}"


def blocked_notice(change: StepChange) -> str:
    """Say that a step is blocked."""
    if change.was_settled:
        return settled_notice(change.before)
    return f"Blocked: {short(change.before.text, 100)}. Its hours this week go to your other steps."


def finished_card(
    pack: Pack, learner: LearnerSnapshot, change: StepChange, evidence: str | None, claimable: Mapping[str, int]
) -> Card:
    """The plan after a step was finished, with buttons to add evidence and to claim levels (by skill id)."""
    step = change.before
    if step.state is StepState.DROPPED:
        return plan_card(pack, learner, settled_notice(step))
    card = plan_card(pack, learner, _finished_notice(step, evidence))
    buttons = [] if evidence or step.evidence else [Button("Add evidence", f"plan done {step.number} evidence:?")]
    buttons += [
        Button(f"I am at level {level} now: {short(pack.skill_titles[skill], 40)}", f"assess {skill}:{level}")
        for skill, level in claimable.items()
    ]
    return with_buttons_on_top(card, *buttons) if buttons else card


def _finished_notice(step: PlanStep, evidence: str | None) -> str:
    if step.state is not StepState.DONE:
        return f"Done: {short(step.text, 100)}"
    return "Evidence kept." if evidence else settled_notice(step)


def with_buttons_on_top(card: Card, *buttons: Button) -> Card:
    """Insert a row of buttons below a card's first block."""
    return replace(card, blocks=(card.blocks[0], Buttons(buttons), *card.blocks[1:]))


def dropped_notice(step: PlanStep, dropped_too: tuple[PlanStep, ...]) -> str:
    """Say which steps were dropped, or why none was."""
    if not step.active:
        return settled_notice(step)
    others = f", and with it {_numbers(dropped_too).lower()}" if dropped_too else ""
    return f"Dropped: {short(step.text, 100)}{others}"


def dependents_card(step: PlanStep, dependents: tuple[PlanStep, ...]) -> Card:
    """Ask what to do with the steps that build on one about to be dropped."""
    text = rich(
        f"{_numbers(dependents)} build{'s' if len(dependents) == 1 else ''} on “{short(step.text, 100)}”. ",
        "If you can already do it, keep them. If not, drop them too.",
    )
    buttons = (
        Button("I can do it, keep them", f"plan drop {step.number} others:keep", "primary"),
        Button("Drop them too", f"plan drop {step.number} others:drop", "danger"),
        Button("Change nothing", "plan show"),
    )
    return Card("Other steps build on this one", (Paragraph(text), Buttons(buttons)))


def _numbers(steps: tuple[PlanStep, ...]) -> str:
    numbers = [str(step.number) for step in steps]
    return f"Step {numbers[0]}" if len(numbers) == 1 else f"Steps {', '.join(numbers[:-1])} and {numbers[-1]}"
