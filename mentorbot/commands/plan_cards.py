"""A plan as a card: what fits this week, what comes next, and each step in words."""

from __future__ import annotations

from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    FieldList,
    Footnote,
    Heading,
    Paragraph,
    RichText,
    bold,
    code,
    italic,
    rich,
)
from mentorbot.commands.desk import Desk, title_name
from mentorbot.domain.plan import PlanStep, StepState, monday
from mentorbot.domain.plan_layout import LayoutChange
from mentorbot.slash.choices import short

WITH_BUTTONS = 5
"""Steps that get a row of buttons of their own. More would be a wall of buttons."""
NEXT = 5


def plan_card(desk: Desk, *news: str, everything: bool = False) -> Card:
    """The plan as it stands; `news` is what has just happened, `everything` shows all steps and not this week's alone."""
    plan = desk.plan
    said = [*news, *([layout_notice(desk.moved)] if desk.moved else [])]
    blocks: list[Block] = [Paragraph(rich(bold(line))) for line in said]
    if not plan.active:
        blocks.append(_nothing_open(desk))
    elif everything:
        blocks += _all_steps(desk)
    else:
        blocks += _this_week(desk)
        blocks += _next(desk)
    blocks.append(Footnote(rich(_summary(desk))))
    blocks.append(Buttons(_ways_on(desk, everything=everything)))
    return Card("Your plan", tuple(blocks))


def layout_notice(change: LayoutChange) -> str:
    """Tell a learner in one line which steps have moved to later weeks, and whether the plan ends at a different time."""
    count = len(change.moved)
    subject = f"Step {change.moved[0]} has" if count == 1 else f"{count} steps have"
    end = f"; the plan now ends in the week of {monday(change.end_date):%-d %B %Y}" if change.end_date else ""
    return f"{subject} moved on to fit the hours you have{end}."


def _nothing_open(desk: Desk) -> Block:
    if desk.plan.steps:
        return Paragraph(rich("No open steps. Add one, or let me make a plan for your next title."))
    how = code("/mentor plan add Read one design document")
    return Paragraph(rich("No open steps. I can make a plan for a title, or you add a step yourself: ", how))


def _this_week(desk: Desk) -> list[Block]:
    steps = desk.plan.steps_in_week(desk.week)
    if desk.off:
        return [Paragraph(rich("This week is off. Nothing is planned, and nothing is lost."))]
    hours = sum(step.hours_in_week(desk.week) for step in steps)
    if not steps:
        return [Paragraph(rich("Nothing more is planned for this week."))]
    blocks: list[Block] = [Heading(f"This week · {hours} of {desk.plan.hours_per_week} hours")]
    for place, step in enumerate(steps):
        blocks.append(Paragraph(step_words(step, step.hours_in_week(desk.week))))
        if place < WITH_BUTTONS:
            blocks.append(step_buttons(step))
    if len(steps) > WITH_BUTTONS:
        blocks.append(
            Footnote(rich("For the others: ", code("/mentor plan done 3"), " or ", code("/mentor plan drop 3"), "."))
        )
    return blocks


def step_words(step: PlanStep, hours: int | None = None) -> RichText:
    """One step in a line: its number, what it is, its hours (of this week), and what there is to know."""
    time = f"{hours} of {step.hours} h" if hours is not None and hours < step.hours else f"{step.hours} h"
    due = f" · by {step.due:%a %-d %b %Y}" if step.due else ""
    state = {
        StepState.DOING: " · under way",
        StepState.BLOCKED: f" · blocked: {short(step.blocker, 120)}",
    }.get(step.state, "")
    return rich(bold(f"{step.number}. "), step.text, italic(f"  {time}{due}{state}"))


def step_buttons(step: PlanStep) -> Buttons:
    """What one can do with a step."""
    started = (
        Button("Blocked", f"plan block {step.number}")
        if step.state is StepState.DOING
        else Button("Start", f"plan doing {step.number}")
    )
    return Buttons(
        (Button("Done", f"plan done {step.number}", "primary"), started, Button("Details", f"plan step {step.number}"))
    )


def _next(desk: Desk) -> list[Block]:
    """What comes after this week, and what has no week yet."""
    later = [step for step in desk.plan.active if not step.hours_in_week(desk.week)]
    later.sort(key=lambda step: (step.allocations[0].week.toordinal() if step.allocations else 10**7, step.number))
    if not later:
        return []
    items = tuple(rich(bold(f"{step.number}. "), step.text, italic(f"  {when(step)}")) for step in later[:NEXT])
    more = len(later) - NEXT
    rest = [Footnote(rich(f"And {more} more: ", code("/mentor plan show all")))] if more > 0 else []
    return [Heading("Next"), Bullets(items), *rest]


def when(step: PlanStep) -> str:
    """In which weeks a step is planned, and what holds it."""
    held = f" · blocked: {short(step.blocker, 120)}" if step.state is StepState.BLOCKED else ""
    due = f" · by {step.due:%a %-d %b %Y}" if step.due else ""
    return f"{step.hours} h · {_span(step)}{due}{held}"


def _span(step: PlanStep) -> str:
    """The weeks in which a step is planned."""
    if not step.allocations:
        return f"more than ten years from now: {'move it nearer' if step.start else 'raise your hours a week'}"
    first, last = step.allocations[0].week, step.allocations[-1].week
    if first == last:
        return f"week of {first:%-d %b %Y}"
    begins = f"{first:%-d %b}" if first.year == last.year else f"{first:%-d %b %Y}"
    return f"weeks of {begins} to {last:%-d %b %Y}"


def _all_steps(desk: Desk) -> list[Block]:
    steps = sorted(
        desk.plan.active,
        key=lambda step: (step.allocations[0].week.toordinal() if step.allocations else 10**7, step.number),
    )
    items = tuple(rich(bold(f"{step.number}. "), step.text, italic(f"  {when(step)}")) for step in steps)
    done = [step for step in desk.plan.steps if step.state is StepState.DONE]
    blocks: list[Block] = [Bullets(items)]
    if done:
        blocks += [Heading("Done"), Bullets(tuple(rich(bold(f"{step.number}. "), step.text) for step in done[-30:]))]
    return blocks


def _summary(desk: Desk) -> str:
    plan = desk.plan
    done = sum(step.state is StepState.DONE for step in plan.steps)
    parts = [f"{len(plan.active)} open", f"{done} done", f"{plan.hours_per_week} hours a week"]
    if plan.title:
        parts.insert(0, title_name(desk.context, plan.title))
    if plan.end_date:
        parts.append(f"ends in the week of {monday(plan.end_date):%-d %B %Y}")
    seen = {"nothing": "Only you see this.", "progress": "Your mentor sees your progress."}
    return " · ".join(parts) + ". " + seen.get(desk.learner.visibility, "Your mentor sees your progress and check-ins.")


def _ways_on(desk: Desk, *, everything: bool) -> tuple[Button, ...]:
    ways = [Button("Add a step", "plan add")]
    if not desk.plan.title:
        ways.insert(0, Button("Make me a plan", "plan new", "primary"))
    if desk.plan.active:
        ways.append(Button("This week", "plan show week") if everything else Button("All steps", "plan show all"))
        ways.append(Button("Check in", "checkin now"))
    if desk.kept.version:
        ways.append(Button("Undo", f"plan undo seen:{desk.kept.version}"))
    return tuple(ways)


def step_card(step: PlanStep) -> Card:
    """Everything about one step."""
    told = (
        ("Why", step.reason),
        ("Hours", f"{step.hours}, of which {step.hours_logged} worked" if step.hours_logged else str(step.hours)),
        ("Planned", _span(step) if step.active else ""),
        ("By", f"{step.due:%A, %-d %B %Y}" if step.due else ""),
        ("Comes after", ", ".join(f"step {number}" for number in step.requires)),
        ("Proves it", step.done_when),
        ("Your evidence", step.evidence),
        ("Blocked by", step.blocker),
        ("State", _state(step)),
    )
    facts = tuple((name, rich(text)) for name, text in told if text)
    return Card(
        f"Step {step.number}: {short(step.text, 100)}", (*_long_text(step), FieldList(facts), Buttons(_for_step(step)))
    )


def _state(step: PlanStep) -> str:
    state = {StepState.OPEN: "not started", StepState.DOING: "under way"}.get(step.state, step.state.value)
    return (
        f"{state} since {step.status_since:%-d %B %Y}"
        if step.status_since and step.state is not StepState.OPEN
        else state
    )


def _long_text(step: PlanStep) -> tuple[Block, ...]:
    return (Paragraph(rich(step.text)),) if len(step.text) > 100 else ()


def _for_step(step: PlanStep) -> tuple[Button, ...]:
    number = step.number
    if not step.active:
        return (Button("My plan", "plan show"),)
    return (
        Button("Done", f"plan done {number}", "primary"),
        *((Button("Start", f"plan doing {number}"),) if step.state is not StepState.DOING else ()),
        Button("Blocked", f"plan block {number}"),
        Button("Edit", f"plan edit {number}"),
        Button("Move", f"plan move {number}"),
        Button("Drop", f"plan drop {number}", "danger"),
    )
