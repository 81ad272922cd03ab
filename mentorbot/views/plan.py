"""A plan as cards: this week, all steps page by page, and the effect of each change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from mentorbot.chat import dates
from mentorbot.chat.cards import (
    Answer,
    Button,
    Buttons,
    Card,
    Choice,
    Field,
    Form,
    Paragraph,
    rich,
)
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState, monday
from mentorbot.domain.plan_layout import LayoutChange
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.dates import DateRange
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.rhythms import weeks_text
from mentorbot.views.wording import about_hours, count, day, hours_bar, start_of, steps_title, weekday


class StepRange(StrEnum):
    """The steps of a card: those of this week and the next one, all, or those that are done."""

    WEEK = "week"
    ALL = "all"
    DONE = "done"


MAX_STEPS_SHOWN = 3
"""Steps of this week with a line and a button; with two more buttons, that's a row on every platform."""
STEPS_PER_PAGE = 5
MAX_NAME, MAX_BUTTON = 80, 40
"""Characters of a step's name in a line and on a button."""
WEEK_OFF = "This week's off. Nothing's planned, and nothing's lost."
NOTHING_THIS_WEEK = "You're done for this week."


def plan_card(learner: LearnerSnapshot, *, page: int = 0) -> Card:
    """The plan as it stands: this week, or a `page` of all steps (from 1)."""
    if not learner.plan.active:
        return _no_open_steps(learner.plan)
    if page:
        return all_steps_card(learner, page)
    steps = learner.plan.steps_in_week(learner.week)
    title, lines = this_week(learner, steps)
    after = [layout_notice(learner.layout_change)] if learner.layout_change else _next_line(learner, steps)
    blocks = [Paragraph(rich(text)) for text in (*lines, *after, *_course(learner))]
    return Card(title, (*blocks, Buttons(tuple(_plan_buttons(learner, steps)))))


def layout_notice(change: LayoutChange) -> str:
    """Say in one line that steps have moved to later weeks, and when the plan ends now if that has changed."""
    moved = "A step has" if len(change.moved) == 1 else f"{len(change.moved)} steps have"
    end = f" New end: {dates.long_day(change.end_date, year=True)}." if change.end_date else ""
    return f"{moved} moved along to fit your hours.{end}"


def _no_open_steps(plan: Plan) -> Card:
    if any(step.state is StepState.DONE for step in plan.steps):
        title, text = "Every step is done", "Nice work! Choose a new target role, or add a step of your own."
        first = Button("New plan", "plan new title:?", "primary")
    else:
        title, text = "You don't have a plan yet", "Three taps, and you have a first step."
        first = Button("Make a plan", "start goal:role", "primary")
    return Card(title, (Paragraph(rich(text)), Buttons((first, Button("Add a step", "plan add")))))


def this_week(learner: LearnerSnapshot, steps: Sequence[PlanStep]) -> tuple[str, list[str]]:
    """Word this week and its `steps`: a title that works alone, and a line for each step."""
    plan, week = learner.plan, learner.week
    if learner.week_is_off:
        return "This week's off", ["Nothing's planned, and nothing's lost."]
    if not steps:
        starts_later = plan.laid_out_week is not None and plan.laid_out_week > week
        if starts_later and plan.laid_out_week is not None:
            return f"Your plan starts {weekday(plan.laid_out_week, learner.today)}", []
        return NOTHING_THIS_WEEK.removesuffix("."), []
    hours = sum(step.hours_in_week(week) for step in steps)
    lines = [step_name_and_bar(step, plan) + _state(step, learner.today) for step in steps[:MAX_STEPS_SHOWN]]
    if len(steps) > MAX_STEPS_SHOWN:
        lines[-1] += f", and {len(steps) - MAX_STEPS_SHOWN} more"
    return f"This week: {hours} h", lines


def step_name_and_bar(step: PlanStep, plan: Plan) -> str:
    """Name a step, with a bar if it takes more than a week or is under way."""
    name = short(step.text, MAX_NAME)
    if step.hours_logged or step.hours > plan.hours_per_week:
        return f"{name} {hours_bar(step.hours_logged, step.hours, plan.hours_per_week)}"
    return f"{name}, {step.hours} h"


def due_text(step: PlanStep, today: date) -> str:
    """Say after a step's name when it's due, or was."""
    if not step.due:
        return ""
    return f", by {day(step.due, today)}" if step.due >= today else f", was due {day(step.due, today)}"


def _state(step: PlanStep, today: date) -> str:
    due = due_text(step, today)
    return f"{due}, stuck: {short(step.blocker, 60)}" if step.state is StepState.BLOCKED else due


def next_step(learner: LearnerSnapshot, of_this_week: Sequence[PlanStep]) -> PlanStep | None:
    """Find the step that comes after those of this week."""
    numbers = {step.number for step in of_this_week}
    later = [step for step in learner.plan.active if step.number not in numbers]
    return min(later, key=calendar_order, default=None)


def calendar_order(step: PlanStep) -> tuple[date, int]:
    """Sort key of a step: by its first week; a step without a week comes last."""
    return step.allocations[0].week if step.allocations else date.max, step.number


def _next_line(learner: LearnerSnapshot, of_this_week: Sequence[PlanStep]) -> list[str]:
    step = next_step(learner, of_this_week)
    if step is None:
        return []
    when = f", from {start_of(step.allocations[0].week, learner.today)}" if step.allocations else ""
    return [f"Next: {short(step.text, MAX_NAME)}{when}."]


def _course(learner: LearnerSnapshot) -> list[str]:
    end = learner.plan.end_date
    if learner.layout_change and learner.layout_change.end_date:
        return []  # the notice says so
    return [f"On course for {day(end, learner.today)}."] if end else []


def _plan_buttons(learner: LearnerSnapshot, steps: Sequence[PlanStep]) -> Iterable[Button]:
    if learner.week_is_off:
        yield Button("I'm back", "checkin resume", "primary")
    elif not steps and (following := next_step(learner, steps)):
        yield Button("Start next", f"plan start {following.number}", "primary")
    elif len(steps) == 1:
        yield Button("Open step", f"plan step {steps[0].number}", "primary")
    else:
        for step in steps[:MAX_STEPS_SHOWN]:
            yield Button(short(step.text, MAX_BUTTON), f"plan step {step.number}")
    yield Button("All steps", "plan show all")
    yield Button("Adjust", "plan adjust")


def all_steps_card(learner: LearnerSnapshot, page: int) -> Card:
    """A page of all steps: the open ones in the order of the calendar, then the finished ones, latest first."""
    plan = learner.plan
    steps = [*sorted(plan.active, key=calendar_order), *_finished(plan)]
    page, pages = _within(page, steps)
    hours = sum(step.hours for step in steps)
    title = f"{steps_title(len(steps))}, {about_hours(hours)}" + (f" ({page} of {pages})" if pages > 1 else "")
    buttons = (Button("This week", "plan show"), Button("Add a step", "plan add"), Button("Adjust", "plan adjust"))
    return _page_card(title, steps, learner, StepRange.ALL, page, buttons)


def finished_steps_card(learner: LearnerSnapshot, page: int) -> Card:
    """A page of the finished steps, latest first."""
    steps = _finished(learner.plan)
    page, pages = _within(page, steps)
    title = f"{count(len(steps), 'step')} finished" + (f" ({page} of {pages})" if pages > 1 else "")
    if not steps:
        title = "No step is finished yet"
    return _page_card(title, steps, learner, StepRange.DONE, page, (Button("My plan", "plan show"),))


def _within(page: int, steps: Sequence[PlanStep]) -> tuple[int, int]:
    """Give the nearest page there is, and how many there are."""
    pages = max(1, -(-len(steps) // STEPS_PER_PAGE))
    return min(max(1, page), pages), pages


def _page_card(
    title: str, steps: Sequence[PlanStep], learner: LearnerSnapshot, of: StepRange, page: int, buttons: Sequence[Button]
) -> Card:
    shown = steps[(page - 1) * STEPS_PER_PAGE : page * STEPS_PER_PAGE]
    lines = [Paragraph(rich(_overview(step, learner))) for step in shown]
    openers = tuple(Button(short(step.text, MAX_BUTTON), f"plan step {step.number}") for step in shown)
    is_more = page * STEPS_PER_PAGE < len(steps)
    more = [Button("More", f"plan show {of} page:{page + 1}", "primary")] if is_more else []
    return Card(title, (*lines, *([Buttons(openers)] if openers else []), Buttons((*more, *buttons))))


def _finished(plan: Plan) -> list[PlanStep]:
    return sorted((step for step in plan.steps if step.state is StepState.DONE), key=_latest_first)


def _latest_first(step: PlanStep) -> tuple[int, int]:
    return -(step.status_since or date.min).toordinal(), -step.number


def _overview(step: PlanStep, learner: LearnerSnapshot) -> str:
    name = short(step.text, MAX_NAME)
    if step.state is StepState.DONE:
        return f"✓ {name}" + (f", {day(step.status_since, learner.today)}" if step.status_since else "")
    return f"{name}, {step.hours} h, {planned_time(step, learner.today)}{_state(step, learner.today)}"


def planned_time(step: PlanStep, today: date) -> str:
    """Say when a step is planned, e.g. "from January" or "this week"."""
    if not step.allocations:
        return "more than ten years away"
    week = step.allocations[0].week
    return "this week" if week <= today else f"from {start_of(week, today)}"


def adjust_form(pack: Pack, learner: LearnerSnapshot, title: str, hours: int, by: date | None) -> Form:
    """Ask for the target role, the hours per week and the date of a plan, with the present ones filled in."""
    titles = tuple(Choice(entry.name, entry.id) for entry in pack.titles.titles)
    fields = (
        Field("title", "Target role", "choice", value=title, choices=titles),
        Field("hours", "Hours per week", required=False, value=str(hours), hint="4"),
        Field("by", "Finish by", "date", required=False, value=by.isoformat() if by and by >= learner.today else "",
              hint="June 2027, or leave it open"),
    )  # fmt: skip
    return Form("Adjust your plan", "plan new", fields, submit="Show plan")


def adjust_card(learner: LearnerSnapshot) -> Card:
    """Ways to adjust a plan, where there are no forms."""
    hours = learner.plan.hours_per_week
    text = f"You have {hours} h a week now. The first button changes the target role or the date too."
    buttons = [Button("Adjust", "plan adjust", "primary")]
    buttons += [Button(f"{other} h a week", f"plan hours {other}") for other in (2, 4, 6) if other != hours]
    return Card("What would you like to change?", (Paragraph(rich(text)), Buttons(tuple(buttons))))


def changed_card(
    title: str, before: Plan, learner: LearnerSnapshot, *lines: str, buttons: Sequence[Button] = ()
) -> Card:
    """A change of the plan, with its knock-on effects and a way back."""
    return _with_way_back(title, before, learner, *lines, *knock_on(before, learner), buttons=buttons)


def _with_way_back(
    title: str, before: Plan, learner: LearnerSnapshot, *lines: str, buttons: Sequence[Button] = ()
) -> Card:
    row = (*buttons, *_undo_buttons(before, learner), Button("My plan", "plan show"))
    return Card(title, (*(Paragraph(rich(line)) for line in lines if line), Buttons(row)))


def _undo_buttons(before: Plan, learner: LearnerSnapshot) -> list[Button]:
    """Offer to undo the change, unless nothing has changed: then it'd undo an earlier one."""
    return [Button("Undo", f"plan undo seen:{learner.version}")] if learner.plan != before else []


def knock_on(before: Plan, learner: LearnerSnapshot, but: Sequence[int] = ()) -> list[str]:
    """Say in one line which other steps start later or sooner because of a change, and when the plan ends now."""
    after, starts = learner.plan, _starts(before)
    shifts = [
        start - starts[number]
        for number, start in _starts(after).items()
        if number in starts and start != starts[number] and number not in but
    ]
    end_changed = before.end_date is not None and before.end_date != after.end_date
    words = [*_shifted(shifts), *_new_end(before, learner)] if shifts or end_changed else []
    return [" ".join(words)] if words else []


def _starts(plan: Plan) -> dict[int, date]:
    return {step.number: step.allocations[0].week for step in plan.active if step.allocations}


def _shifted(shifts: Sequence[timedelta]) -> list[str]:
    later = [shift.days // 7 for shift in shifts if shift > timedelta()]
    if not later:
        return [f"{_numeral(len(shifts), 'step')} moved up."] if shifts else []
    weeks = _numeral(max(later), "week").lower()
    verb = "starts" if len(later) == 1 else "start"
    return [f"{_numeral(len(later), 'step')} {verb} {'up to ' if min(later) < max(later) else ''}{weeks} later."]


_NUMERALS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def _numeral(number: int, noun: str) -> str:
    word = _NUMERALS[number] if number < len(_NUMERALS) else str(number)
    return f"{word} {noun}{'' if number == 1 else 's'}"


def _new_end(before: Plan, learner: LearnerSnapshot) -> list[str]:
    end = learner.plan.end_date
    if end is None or before.end_date is None:
        return []
    when = day(end, learner.today)
    return [f"Still done by {when}." if end == before.end_date else f"New end: {when}."]


def added_card(
    before: Plan,
    learner: LearnerSnapshot,
    step: PlanStep,
    *,
    is_new: bool,
    keep_words: str,
    respelt: str,
) -> Card:
    """A step that was added, or was in the plan already.

    `keep_words` is a line that adds it with its words as typed, and `respelt` its words without likely typos.
    """
    if not is_new:
        opener = Button("Open step", f"plan step {step.number}", "primary")
        return Card("That's already in your plan", (Paragraph(rich(step.text)), Buttons((opener,))))
    buttons = [Button("Open step", f"plan step {step.number}", "primary")]
    if keep_words:
        buttons.append(Button("Keep my words", keep_words))
    text = _timing(step, learner)
    if respelt and respelt != step.text:
        text = f"{text} Did you mean “{short(respelt, MAX_NAME)}”?"
        buttons.append(
            Button("Fix spelling", format_line(("plan", "edit"), {"step": str(step.number), "what": respelt}))
        )
    return changed_card(f"Added: {short(step.text, MAX_NAME)}", before, learner, text, buttons=buttons)


def _timing(step: PlanStep, learner: LearnerSnapshot) -> str:
    by = f", by {weekday(step.due, learner.today)}" if step.due else ""
    planned = planned_time(step, learner.today)
    if step.due and step.allocations and step.allocations[0].week > step.due:
        return f"{count(step.hours, 'hour')}{by}. The weeks until then are full, so it's planned {planned}."
    return f"{count(step.hours, 'hour')}, {planned}{by}."


def full_card(limit: int, text: str, line: str) -> Card:
    """The plan has no room. `line` adds the step later, so nothing typed is lost."""
    words = rich(f"Drop one to add “{short(text, MAX_NAME)}”. I've saved it.")
    buttons = Buttons((Button("Drop a step", "plan drop", "primary"), Button("Add later", line)))
    return Card(f"Your plan is full: {limit} open steps", (Paragraph(words), buttons))


def edit_form(step: PlanStep, today: date) -> Form:
    """A form with the step as it stands, for changing it."""
    due = step.due.isoformat() if step.due and step.due >= today else ""
    fields = (
        Field("what", "What you'll do", "long_text", required=False, value=short(step.text, 300), max_length=300),
        Field("by", "By when", "date", required=False, value=due, hint="1 dec, friday or in 2 weeks"),
        Field("hours", "Total hours", required=False, value=str(step.hours), hint="6"),
    )
    return Form(f"Change “{short(step.text, 14)}”", f"plan edit {step.number}", fields, submit="Save")


def edited_card(before: Plan, learner: LearnerSnapshot, step: PlanStep) -> Card:
    """A step after it was changed."""
    opener = Button("Open step", f"plan step {step.number}", "primary")
    return changed_card(
        f"Changed: {short(step.text, MAX_NAME)}", before, learner, _timing(step, learner), buttons=[opener]
    )


def reword_card(step: PlanStep, words: str) -> Card:
    """Ask whether `words` are meant to be the new text of a step."""
    text = rich(f"I left “{short(words, MAX_NAME)}” out, so nothing has changed yet.")
    line = format_line(("plan", "edit"), {"step": str(step.number), "what": words})
    buttons = (Button("Change the text", line, "primary"), Button("Edit step", f"plan edit {step.number}"))
    return Card(f"Change the text of “{short(step.text, MAX_NAME)}”?", (Paragraph(text), Buttons(buttons)))


def moved_card(before: Plan, learner: LearnerSnapshot, step: PlanStep, to: date | None) -> Card:
    """A step after it was moved: it may start later than the week of `to`, if others come first."""
    starts = step.allocations[0].week if step.allocations else None
    if starts is None:
        return changed_card(f"{short(step.text, MAX_NAME)} doesn't fit into ten years", before, learner)
    why = "Other steps come first, or that week is full or off." if to and starts > monday(to) else ""
    due = ""
    if step.due and step.due < starts:
        due = f"That's after its due date, {day(step.due, learner.today)}."
    elif step.due and step.due != before.step(step.number).due:
        due = f"It's due {day(step.due, learner.today)} now."
    title = f"{short(step.text, MAX_NAME)} now starts {weekday(max(starts, learner.week), learner.today)}"
    return _with_way_back(title, before, learner, why, due, *knock_on(before, learner, but=[step.number]))


def swapped_places_card(before: Plan, learner: LearnerSnapshot, numbers: Sequence[int]) -> Card:
    """Two steps after they've changed places, in their new order."""
    steps = sorted(map(learner.plan.step, numbers), key=calendar_order)
    lines = [f"{short(step.text, MAX_NAME)}: {planned_time(step, learner.today)}." for step in steps]
    return _with_way_back("They've changed places", before, learner, *lines, *knock_on(before, learner, but=numbers))


def split_card(before: Plan, learner: LearnerSnapshot, parts: Sequence[PlanStep]) -> Card:
    """The parts of a step that was split."""
    whole = before.step(parts[0].number).text
    lines = [
        f"Part {place}: {part.hours} h, {planned_time(part, learner.today)}."
        for place, part in enumerate(parts, start=1)
    ]
    title = f"{short(whole, MAX_NAME)}: {len(parts)} parts"
    text = " ".join(lines)
    opener = Button("Open part 1", f"plan step {parts[0].number}", "primary")
    return changed_card(title, before, learner, text, buttons=[opener])


def postponed_card(before: Plan, learner: LearnerSnapshot, weeks: int) -> Card:
    """The whole plan after it was moved some weeks later."""
    due = "Due dates have moved along." if any(step.due for step in learner.plan.active) else ""
    starts = f"You start again {weekday(learner.week + weeks * WEEK, learner.today)}."
    end = " ".join(_new_end(before, learner))
    return _with_way_back(f"Your plan is {count(weeks, 'week')} later", before, learner, f"{starts} {end}", due)


def hours_card(before: Plan, learner: LearnerSnapshot, start: date | None = None) -> Card:
    """The hours per week after a change, from now on or from the week that begins on `start`."""
    hours = f"{learner.plan.hours_per_week} h a week from"
    if start is None or start <= learner.week:
        return changed_card(f"{hours} now on", before, learner)
    text = f"Until then, it's {before.hours_per_week} h a week."
    return changed_card(f"{hours} {day(start, learner.today)} on", before, learner, text)


def week_hours_card(before: Plan, learner: LearnerSnapshot, hours: int, first: date, last: date) -> Card:
    """The hours of some weeks after a change."""
    title = f"{hours} h {weeks_text(DateRange(first, last))}"
    text = f"After that, it's {learner.plan.hours_per_week} h a week again."
    return changed_card(title, before, learner, text)


def blocked_card(before: Plan, learner: LearnerSnapshot, step: PlanStep) -> Card:
    """A step that's stuck."""
    if not step.active:
        return settled_card(step)
    opener = Button("Open step", f"plan step {step.number}", "primary")
    text = "Its hours go to your other steps until you're back on it."
    return changed_card(f"Noted: {short(step.text, MAX_NAME)} is stuck", before, learner, text, buttons=[opener])


def dropped_card(before: Plan, learner: LearnerSnapshot, step: PlanStep, dropped_too: Sequence[PlanStep]) -> Card:
    """A step that was dropped, perhaps with others."""
    if not step.active:
        return settled_card(step)
    others = f" and {count(len(dropped_too), 'step')} that build on it" if dropped_too else ""
    return changed_card(f"Dropped: {short(step.text, MAX_NAME)}{others}", before, learner)


def dependents_card(step: PlanStep, dependents: Sequence[PlanStep]) -> Card:
    """Ask what to do with the steps that build on one about to be dropped."""
    name, first = short(step.text, MAX_NAME), short(dependents[0].text, MAX_NAME)
    more = f" and {len(dependents) - 1} more" if len(dependents) > 1 else ""
    text = f"{first}{more} build{'' if more else 's'} on it. If you can do “{name}” already, keep them."
    buttons = (
        Button("Keep them", f"plan drop {step.number} others:keep", "primary"),
        Button("Drop all", f"plan drop {step.number} others:drop", "danger"),
        Button("Cancel", f"plan step {step.number}"),
    )
    return Card(f"Drop {name}?", (Paragraph(rich(text)), Buttons(buttons)))


def settled_notice(step: PlanStep) -> str:
    """Say that a settled step stays as it is."""
    state = "already finished" if step.state is StepState.DONE else "dropped"
    return f"{short(step.text, MAX_NAME)} is {state}"


def settled_card(step: PlanStep) -> Card:
    """Say that a settled step stays as it is, and what can be done about it."""
    buttons = [Button("Reopen", f"plan reopen {step.number}"), Button("My plan", "plan show")]
    if step.state is StepState.DONE:
        text, buttons = "Nothing has changed.", [Button("Add proof", f"plan done {step.number} evidence:?"), *buttons]
    else:
        text = "Reopen it if you want it back."
    return Card(settled_notice(step), (Paragraph(rich(text)), Buttons(tuple(buttons))))


def reopened_card(before: Plan, learner: LearnerSnapshot, step: PlanStep) -> Card:
    """A step that's open again after it was done or dropped."""
    opener = Button("Open step", f"plan step {step.number}", "primary")
    title = f"Open again: {short(step.text, MAX_NAME)}"
    return changed_card(title, before, learner, _timing(step, learner), buttons=[opener])


def which_settled_card(plan: Plan) -> Answer:
    """Ask which of the steps that are done or dropped is meant, the latest first."""
    settled = sorted((step for step in plan.steps if not step.active), key=_latest_first)[:STEPS_PER_PAGE]
    if not settled:
        return which_step_card("No step is finished or dropped", [])
    lines = [(step.text, format_line(("plan", "reopen"), {"step": str(step.number)})) for step in settled]
    return which_step_card("Which step would you like to reopen?", lines)


def nothing_undone_card(learner: LearnerSnapshot, *, is_stale: bool, verb: str = "undo", undoing: str = "") -> Card:
    """Say why nothing was undone, or redone, and what `undoing` the last change would do; "" if there's none."""
    if not is_stale:
        return Card(f"There's nothing to {verb}", (Buttons((Button("My plan", "plan show", "primary"),)),))
    blocks = [Paragraph(rich(f"I can only {verb} the last change, and your plan has changed since that one."))]
    if undoing:
        blocks.append(Paragraph(rich(f"If you undo the last one now: {undoing}.")))
    undo = (Button("Undo last change", f"plan undo seen:{learner.version}"),) if undoing else ()
    return Card(f"Nothing to {verb} here", (*blocks, Buttons((Button("My plan", "plan show", "primary"), *undo))))


def which_step_card(question: str, steps: Sequence[tuple[str, str]], error: str | None = None) -> Answer:
    """Ask which step is meant. `steps` are the names of the likely ones, each with the line that names it."""
    buttons = tuple(Button(short(name, MAX_BUTTON * 2 - 5), line) for name, line in steps)
    return Card(question, (Buttons((*buttons, Button("My plan", "plan show"))),), error=error)
