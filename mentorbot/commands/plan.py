"""`plan show | step | add | edit | move | swap | postpone | hours | undo | redo | start | log | done | block | reopen | drop`."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from mentorbot.chat import dates
from mentorbot.chat.cards import Answer, Choice
from mentorbot.chat.safe_text import clean
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.steps import (
    NewStepName,
    SettledStepName,
    StepName,
    StepRef,
    asks_which_step,
    find_other,
    other_step,
)
from mentorbot.domain.plan import (
    MAX_ATTACHMENT,
    MAX_HOURS_PER_WEEK,
    MAX_OPEN_STEPS,
    MAX_STEP_HOURS,
    MIN_HOURS_PER_WEEK,
    WEEK,
    Plan,
    PlanStep,
)
from mentorbot.domain.plan_edits import MAX_PAUSE
from mentorbot.errors import BadValue, Impossible, PlanFull, StepSettled
from mentorbot.packs.schema import Pack
from mentorbot.services import plans
from mentorbot.services.learners import LearnerSession
from mentorbot.services.plans import DependentsChoice, Place, StepPlace
from mentorbot.services.steps import find_step, find_step_and_rest
from mentorbot.slash.date_patterns import Shift, read_shift
from mentorbot.slash.dates import Sense, find_trailing_date, read_date
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.numbers import read_hours
from mentorbot.slash.registry import File, NoValue, Option, Spoken
from mentorbot.slash.tokenizer import format_line
from mentorbot.views import plan as views
from mentorbot.views import plan_undo
from mentorbot.views import steps as step_views

MAX_TEXT_LENGTH, MAX_EVIDENCE_LENGTH = 300, 500
DATE_WORDS, HOUR_WORDS = ("until", "before", "due", "deadline", "on"), ("hour", "h", "time", "takes")
ASK = "?"
"""Value of an option that makes a button ask for a form."""

StepText = Annotated[
    str | None,
    Option("What you'll do", greedy=True, max_length=MAX_TEXT_LENGTH, multiline=True, called=("text", "step", "title")),
]
DueDate = Annotated[date | None, Option("By when", called=DATE_WORDS)]
NewDueDate = Annotated[
    date | NoValue | None,
    Option("By when, or none", called=DATE_WORDS, clears=("date", "due date", "deadline", "end date", "time limit")),
]
StepHours = Annotated[int | None, Option("Total hours", unit="hours", low=1, high=MAX_STEP_HOURS, called=HOUR_WORDS)]


def _range_choices(_: Pack) -> tuple[Choice, ...]:
    return (
        Choice("This week", views.StepRange.WEEK),
        Choice("All steps", views.StepRange.ALL),
        Choice("Finished steps", views.StepRange.DONE),
    )


@registry.command(
    "plan show",
    "This week's steps, all of them, or the finished ones.",
    examples=("plan show", "plan show all", "plan show done"),
    intents=(
        "show my plan",
        "what's next",
        "what's left",
        "which step is next",
        "what should i do this week",
        "my steps",
        "what's on this week",
        "where did i leave off",
        "show me my plan",
        "what do I have to do",
        "show all my steps {what=all}",
        "list all the steps {what=all}",
        "what's my whole plan {what=all}",
        "which steps did I finish {what=done}",
        "what have I finished so far {what=done}",
        "show my finished steps {what=done}",
        "which steps are done {what=done}",
    ),
    label="Show my plan[: {what}]",
)
async def plan_show(
    context: Context,
    what: Annotated[str | None, Option("This week, all steps, or the finished ones", choices=_range_choices)] = None,
    page: Annotated[int, Option("Page of the list", keyword_only=True, low=1, high=999)] = 1,
) -> Answer:
    """Show this week's steps and the next one, or a page of every step, or of those that are done."""
    match what:
        case views.StepRange.ALL:
            card = views.plan_card((await context.learner()).snapshot, page=page)
        case views.StepRange.DONE:
            card = views.finished_steps_card((await context.learner()).snapshot, page)
        case _:
            return views.plan_card(await context.this_week())
    return card.in_place() if page > 1 else card


@registry.command(
    "plan step",
    "One step: what to do, the first 30 minutes, what to read.",
    examples=("plan step rag", "plan step 2"),
    intents=(
        "what is {step}",
        "show me {step}",
        "tell me about {step}",
        "how do i begin {step}",
        "details of {step}",
        "what does {step} involve",
        "tell me more about this step",
        "what exactly do I do in this step",
    ),
    label="Open “{step}”|Open a step",
)
@asks_which_step("plan step", "Which step?")
async def plan_step(
    context: Context,
    step: StepName = None,
    more: Annotated[str | None, Option("More about it", keyword_only=True)] = None,
) -> Answer:
    """Show a step, or `more` about it: when it's planned, and ways to change it."""
    session = await context.learner()
    found = find_step(session.plan, step or "")
    if more and found.active:
        return step_views.more_card(session.snapshot, found)
    return step_views.step_card(context.pack, session.snapshot, found, await session.levels())


@registry.command(
    "plan add",
    "Add a step to your plan.",
    writes=True,
    needs=("what|tip",),
    label="Add “{what}”[ by {by}][, {hours} h][, after “{after}”][, before “{before}”]|Add a step",
    examples=("plan add Read the RAG paper by:fri", 'plan add "Draw our inference path" hours:3'),
    intents=(
        "add {what} by {by}",
        "put {what} on my list",
        "remind me to {what} by {by}",
        "todo {what}",
        "i also want to {what}",
        "new step {what} {hours}",
        "i need to do {what} by {by}",
        "add a step",
        "add a step to my plan",
        "add {what} to my plan",
        "add {what} after {after}",
        "put in {what} before {before}",
    ),
)
async def plan_add(
    context: Context,
    what: StepText = None,
    by: DueDate = None,
    hours: StepHours = None,
    after: Annotated[str | None, other_step("The step it comes after", "behind", "following")] = None,
    before: Annotated[str | None, other_step("The step it comes before")] = None,
    tip: Annotated[str | None, Option("A tip to add, by its id", keyword_only=True)] = None,
    instead: Annotated[int | None, Option("The step that gets these words", keyword_only=True)] = None,
) -> Answer:
    """Add a step in the learner's own words, or one made from a tip, unless the plan has that tip already.

    A date at the end of the words is taken as the due date, and a button puts the words back as typed (`instead`).
    """
    session = await context.learner()
    plan_before = session.plan
    if instead is not None and what is not None:
        return views.edited_card(plan_before, session.snapshot, await plans.reword_step(session, instead, what))
    text, due = what, by
    if what is not None and by is None and (found := _trailing_date(what, session.snapshot.today)):
        text, due = found
    if tip is not None:
        step = plans.step_from_tip(context.library.packs.values(), tip, hours or 1, by)
    elif text is not None:
        step = PlanStep(number=0, text=text, hours=hours or 1, due=due)
    else:
        raise MissingOption("what")
    try:
        added = await plans.add_step(session, step, _place_beside(plan_before, after, before))
    except PlanFull:
        options = {"what": step.text, "hours": str(step.hours)} | ({"by": by.isoformat()} if by else {})
        return views.full_card(MAX_OPEN_STEPS, step.text, format_line(("plan", "add"), options))
    words = {"what": what, "instead": str(added.step.number)} if what is not None and text != what else {}
    keep_words = format_line(("plan", "add"), words) if words else ""
    respelt = context.library.search_of(context.pack).mended(added.step.text) if tip is None else added.step.text
    return views.added_card(
        plan_before, session.snapshot, added.step, is_new=added.is_new, keep_words=keep_words, respelt=respelt
    )


def _place_beside(plan: Plan, after: str | None, before: str | None) -> Place | None:
    """Read where a step goes, by the step it comes after or before."""
    if not (other := after or before):
        return None
    where = StepPlace.AFTER if after else StepPlace.BEFORE
    return Place(where, find_other(plan, other, where))


def _trailing_date(text: str, today: date) -> tuple[str, date] | None:
    """Split a due date off the end of a step's words: "Read the RAG paper by friday".

    Raises:
        Impossible: the words name a day that can't be.
    """
    try:
        found = find_trailing_date(text, today)
    except Impossible as impossible:
        impossible.option = "by"
        raise
    return (found.rest, found.day) if found else None


@registry.command(
    "plan edit",
    "Change a step's text, hours or date.",
    writes=True,
    needs=("step", "what|by|hours"),
    label="Change “{step}”[: {hours} h][, now “{what}”], due date: none{by=none}|"
    "Change “{step}”[: {hours} h][, due {by}][, now “{what}”]|Change a step",
    examples=(
        "plan edit rag hours:6",
        "plan edit 2 by:fri",
        "plan edit 2 by:none",
        'plan edit 2 what:"Read two papers"',
    ),
    intents=(
        "{step} takes {hours}",
        "change {step} to {hours}",
        "i need until {by} for {step}",
        "rename {step} to {what}",
        "{step} should be ready by {by}",
        "change a step",
        "this step takes longer than planned",
        "rename a step",
        "finish {step} by {by!}",
        "change the due date of {step} to {by!}",
    ),
)
@asks_which_step("plan edit", "Which step would you like to change?")
async def plan_edit(
    context: Context,
    step: StepName = None,
    what: Annotated[
        str | None,
        Option(
            "What you'll do",
            max_length=MAX_TEXT_LENGTH,
            multiline=True,
            called=("text", "title", "name"),
            spoken=Spoken.NAME,
        ),
    ] = None,
    by: NewDueDate = None,
    hours: StepHours = None,
) -> Answer:
    """Change a step; without any change given, ask for it. Words after the step's name never replace its text."""
    session = await context.learner()
    found = find_step_and_rest(session.plan, step or "")
    if not found.step.active:
        return views.settled_card(found.step)
    if found.rest:
        due = _due_in(found.rest, session.snapshot.today) if by is None else None
        if due is None:
            return views.reword_card(found.step, found.rest)
        by = due
    if (what, by, hours) == (None, None, None):
        if not context.forms:
            return step_views.more_card(session.snapshot, found.step)
        return views.edit_form(found.step, session.snapshot.today)
    before = session.plan
    due, undated = (None, True) if by is NoValue.NONE else (by, False)
    edited = await plans.edit_step(session, found.step.number, text=what, hours=hours, due=due, undated=undated)
    return views.edited_card(before, session.snapshot, edited)


def _due_in(text: str, today: date) -> date | None:
    """Read the due date that words after a step's name are as a whole: "by friday"."""
    led = re.fullmatch(r"(?:by|until|before|due|on)\s+(.+)", text, re.IGNORECASE)
    return read_date(led[1], today) if led else None


_BESIDE = re.compile(r"(?:after (?P<after>.+)|before (?P<before>.+))", re.IGNORECASE)
"""Words after a step's name that say which other it comes after or before."""


def _place_choices(_: Pack) -> tuple[Choice, ...]:
    return Choice("first", StepPlace.FIRST), Choice("last", StepPlace.LAST)


@registry.command(
    "plan move",
    "Move a step to a different week, or put it before or after another.",
    writes=True,
    needs=("step", "to|shift|after|before|place"),
    label="Move “{step}”[ to {to}][ {shift}][ after “{after}”][ before “{before}”]|Do “{step}” {place}|Move a step",
    examples=("plan move rag to:2026-12-14", "plan move 2 next week", "plan move 2 after:4"),
    intents=(
        "move {step} to {to}",
        "push {step} {shift}",
        "postpone {step} until {to}",
        "move {step} after {after}",
        "put {step} before {before}",
        "do {step} before {before}",
        "first {step}, then {before}",
        "{step} first {place=first}",
        "move {step} to the top {place=first}",
        "{step} last {place=last}",
        "move {step} to the end {place=last}",
        "{step} later",
        "move a step to another week",
        "do this step later",
        "put this step off",
    ),
)
@asks_which_step("plan move", "Which step would you like to move?", rest="to")
async def plan_move(
    context: Context,
    step: StepName = None,
    to: Annotated[
        date | None, Option("Any day in that week", sense=Sense.START, called=("by", "on", "until", "week"))
    ] = None,
    shift: Annotated[
        Shift | None,
        Option(
            "How much later, such as 2 weeks later",
            reader=read_shift,
            words=str,
            max_length=40,
            called=("later",),
            keyword_only=True,
        ),
    ] = None,
    after: Annotated[str | None, other_step("The step it comes after", "behind", "following")] = None,
    before: Annotated[str | None, other_step("The step it comes before", "then")] = None,
    place: Annotated[str | None, Option("First or last of all", choices=_place_choices)] = None,
) -> Answer:
    """Plan a step no earlier than that week, so much later than now, or before or after another; the other steps close up."""
    session = await context.learner()
    found = find_step_and_rest(session.plan, step or "")
    if found.rest and (to, shift, after, before, place) == (None, None, None, None, None):
        named, shift = _BESIDE.fullmatch(found.rest), read_shift(found.rest)
        if named:
            after, before = named["after"], named["before"]
        elif shift is None:
            to = _date_in(found.rest, session.snapshot.today)
    before_move = session.plan
    try:
        if beside := _place_beside(session.plan, after, before):
            moved = await plans.place_step(session, found.step.number, beside)
        elif place is not None:
            moved = await plans.place_step(session, found.step.number, Place(StepPlace(place)))
        elif to is not None:
            moved = await plans.move_step(session, found.step.number, to)
        elif shift is not None:
            moved = await plans.shift_step(session, found.step.number, shift.applied_to)
        elif context.forms:
            return step_views.move_form(found.step)
        else:
            raise MissingOption("to", "Which week? For example: next week, or 14 Dec.")
    except StepSettled as settled:
        return views.settled_card(session.plan.step(settled.number))
    return views.moved_card(before_move, session.snapshot, moved, to)


def _date_in(text: str, today: date) -> date:
    """Read the words after a step's name as a date.

    Raises:
        BadValue: they aren't one, or the day has passed.
    """
    try:
        day = read_date(text.removeprefix("to "), today, sense=Sense.START)
    except Impossible as impossible:
        impossible.option = "to"
        raise
    if day is None:
        raise BadValue(f"I can't read “{text}” as a date. Which week? For example: next week, 14 Dec.", option="to")
    return day


@registry.command(
    "plan swap",
    "Let two steps change places.",
    writes=True,
    needs=("step", "other"),
    label="Swap “{step}” and “{other}”|Swap two steps",
    examples=("plan swap 4 with:5",),
    intents=(
        "swap {step} and {other!}",
        "swap {step} with {other!}",
        "switch {step} and {other!} around",
        "change the order of {step} and {other!}",
        "swap two steps",
    ),
)
@asks_which_step("plan swap", "Which step would you like to swap?")
async def plan_swap(
    context: Context,
    step: StepRef = None,
    other: Annotated[str | None, other_step("The step it changes places with", "with", "and")] = None,
) -> Answer:
    """Plan each of two steps for when the other was planned."""
    session = await context.learner()
    first = find_step(session.plan, step or "")
    if other is None:
        raise MissingOption("other")
    second, before = find_other(session.plan, other, "other"), session.plan
    try:
        await plans.swap_steps(session, first.number, second)
    except StepSettled as settled:
        return views.settled_card(session.plan.step(settled.number))
    return views.swapped_places_card(before, session.snapshot, (first.number, second))


def _read_delay(text: str) -> Shift | None:
    """Read how much later a whole plan starts; all of it is moved by an amount like “2 weeks” anyway.

    Raises:
        Impossible: it'd start earlier.
    """
    shift = read_shift(text) or read_shift(f"{text} later")
    if shift is not None and shift.count < 0:
        raise Impossible("Your plan starts as early as your hours allow. With more hours per week, it ends sooner.")
    return shift


@registry.command(
    "plan postpone",
    "Move your whole plan some weeks later.",
    writes=True,
    needs=("shift",),
    label="Move everything {shift}|Move the whole plan",
    examples=("plan postpone 1 week later",),
    intents=(
        "push my whole plan {shift!}",
        "everything {shift!}",
        "push everything back",
        "move my whole plan",
    ),
)
async def plan_postpone(
    context: Context,
    shift: Annotated[
        Shift | None,
        Option("How much later, e.g. 2 weeks", reader=_read_delay, words=str, max_length=40, called=("by", "later")),
    ] = None,
) -> Answer:
    """Take the next weeks off, and move due dates along, so that everything comes so much later."""
    if shift is None:
        raise MissingOption("shift", "How much later? For example: 2 weeks later.")
    session = await context.learner()
    week, before = session.snapshot.week, session.plan
    weeks = -(-(shift.applied_to(week) - week).days // WEEK.days)
    if weeks > MAX_PAUSE // WEEK:
        raise Impossible("That's more than a year. How much later? For example: 2 weeks later.", option="shift")
    await plans.postpone_all(session, weeks)
    return views.postponed_card(before, session.snapshot, weeks)


@registry.command(
    "plan hours",
    "Set how many hours per week you have.",
    writes=True,
    needs=("hours",),
    label="Plan {hours} h a week|Change hours per week",
    examples=("plan hours 3",),
    aliases=("plan pace",),
    intents=(
        "i have {hours} a week",
        "make it {hours} per week",
        "i have more time {hours}",
        "only {hours} each week",
        "make it {hours!}",
        "this is too much",
        "I have less time from now on",
        "I have more hours per week",
        "change my hours per week",
    ),
)
async def plan_hours(
    context: Context,
    hours: Annotated[
        int | None,
        Option("Hours per week", unit="hours", low=MIN_HOURS_PER_WEEK, high=MAX_HOURS_PER_WEEK, called=HOUR_WORDS),
    ] = None,
) -> Answer:
    """Change the hours per week, and lay the steps out again."""
    if hours is None:
        raise MissingOption("hours")
    session = await context.learner()
    before = session.plan
    await plans.set_hours_per_week(session, hours)
    return views.hours_card(before, session.snapshot)


@registry.fills_in("plan hours")
async def _saved_hours(context: Context) -> dict[str, str]:
    return {"hours": str((await context.learner()).plan.hours_per_week)}


async def _last_change(context: Context, _: str) -> tuple[Choice, ...]:
    """Name the plan's last change, with the plan's version."""
    saved, change = await context.repository.plans.get(), await context.repository.plans.last_change()
    return (Choice(plan_undo.undoing_text(saved.plan, change), str(saved.version)),) if change else ()


async def _version(context: Context) -> str:
    """Give the plan's version, if there's a change to undo."""
    return next((change.value for change in await _last_change(context, "")), "")


SeenVersion = Annotated[int | None, Option("The version of the plan that was shown", keyword_only=True)]
ChangeToUndo = Annotated[
    int | None,
    Option("After that", suggest=_last_change, at_hand=_version, keyword_only=True),
]


@registry.command(
    "plan undo",
    "Undo the last change to your plan.",
    writes=True,
    label="Undo the last change",
    intents=(
        "undo that",
        "that was a mistake",
        "take it back",
        "revert my last change",
        "i pressed the wrong button",
        "take that back",
        "undo",
        "change it back",
    ),
)
async def plan_undo_(context: Context, seen: ChangeToUndo = None) -> Answer:
    """Undo the last change. A button undoes only the change its card has shown, so pressing twice undoes one."""
    session = await context.learner()
    before, levels = session.plan, await session.levels()
    change = await plans.undo_change(session, seen)
    if change is None:
        return views.nothing_undone_card(session.snapshot, is_stale=seen is not None)
    both = levels, await session.levels()
    card = plan_undo.undone_card(context.pack, before, session.snapshot, change.what, both, change.paused_until)
    return card.in_place()


@registry.command(
    "plan redo",
    "Redo the change you've just undone.",
    writes=True,
    label="Redo the change",
    intents=("redo that", "undo the undo"),
)
async def plan_redo(context: Context, seen: SeenVersion = None) -> Answer:
    """Make an undone change again, as long as nothing else has changed."""
    session = await context.learner()
    before = session.plan
    change = await plans.redo_change(session, seen)
    if change is None:
        return views.nothing_undone_card(session.snapshot, is_stale=seen is not None, verb="redo")
    return plan_undo.redone_card(before, session.snapshot, change.what).in_place()


@registry.command(
    "plan start",
    "Start a step, or get back to one.",
    writes=True,
    needs=("step",),
    label="Start “{step}”|Start a step",
    examples=("plan start rag", "plan start 2"),
    aliases=("plan doing",),
    intents=(
        "i start with {step}",
        "gonna start {step}",
        "working on {step}",
        "let's do {step}",
        "I'm starting this step",
        "let me begin the next step",
        "I'm working on it now",
    ),
)
@asks_which_step("plan start", "Which one are you starting?")
async def plan_start(
    context: Context,
    step: NewStepName = None,
    hours: Annotated[
        int | None, Option("Hours you've worked on it", unit="hours", low=1, high=MAX_STEP_HOURS, keyword_only=True)
    ] = None,
) -> Answer:
    """Put a step under way; a blocked step is unblocked. Old lines give `hours`, which are logged."""
    session = await context.learner()
    found = find_step(session.plan, step or "")
    if hours is not None:
        return await _log(session, found, hours)
    change = await plans.start_step(session, found.number)
    if change.was_settled:
        return views.settled_card(change.before)
    if change.before == change.after:
        return step_views.step_card(context.pack, session.snapshot, change.after, await session.levels())
    return step_views.started_card(context.pack, session.snapshot, change.after)


@registry.command(
    "plan log",
    "Log hours you've worked on a step.",
    writes=True,
    needs=("hours",),
    label="Log {hours} h[ on “{step}”]|Log hours on “{step}”|Log hours",
    examples=("plan log rag 3", "plan log 2 4"),
    intents=(
        "spent {hours} on {step}",
        "worked on {step} for {hours}",
        "log {hours} {step}",
        "{hours} on {step}",
        "studied {hours}",
        "I worked three hours on this",
        "log my hours",
        "I spent two hours on it today",
    ),
)
@asks_which_step("plan log", "Which one did you work on?")
async def plan_log(
    context: Context,
    step: StepName = None,
    hours: Annotated[
        int | None,
        Option(
            "Hours you've worked on it", unit="hours", low=1, high=MAX_STEP_HOURS, called=HOUR_WORDS, keyword_only=True
        ),
    ] = None,
) -> Answer:
    """Log hours worked on a step this week; without any, ask for them."""
    session = await context.learner()
    found = find_step_and_rest(session.plan, step or "")
    if hours is None and found.rest:
        hours = _hours_after(found.rest)
    if not found.step.active:
        return views.settled_card(found.step)
    if found.rest == ASK and context.forms:
        return step_views.log_form(found.step)
    if not hours:
        return step_views.ask_hours_card(session.snapshot, found.step)
    return await _log(session, found.step, hours)


def _hours_after(text: str) -> int | None:
    """Read the hours after a step's name, with or without their unit: “plan log rag 3”, “plan log 2 for 90 minutes”."""
    try:
        return read_hours(re.sub(r"^(?:for|about)\s+", "", text), 1, MAX_STEP_HOURS)
    except BadValue as error:
        error.option = "hours"
        raise


async def _log(session: LearnerSession, step: PlanStep, hours: int) -> Answer:
    change = await plans.log_hours(session, step.number, hours)
    if change.was_settled:
        return views.settled_card(change.before)
    return step_views.logged_card(session.snapshot, change.after, hours).in_place()


@registry.command(
    "plan done",
    "Finish a step, with proof if you have some.",
    writes=True,
    label="Finish “{step}”[, with {evidence}]|Finish a step",
    examples=("plan done rag", "plan done 2 evidence:https://example.org/design"),
    intents=(
        "finished {step}",
        "i'm done with {step}",
        "{step} is done {evidence}",
        "here's my proof for {step} {evidence}",
        "mark {step} as done",
        "done",
        "I finished a step",
        "I'm done with this one",
        "that step is complete",
    ),
)
@asks_which_step("plan done", "Which one did you finish?", rest="evidence")
async def plan_done(
    context: Context,
    step: StepRef = None,
    evidence: Annotated[
        str | None,
        Option(
            "A link or a few words that show it",
            greedy=True,
            max_length=MAX_EVIDENCE_LENGTH,
            multiline=True,
            called=("link", "proof", "url"),
            spoken=Spoken.PROOF,
        ),
    ] = None,
    file: Annotated[File | None, Option("A text file that shows it, e.g. a reference")] = None,
) -> Answer:
    """Settle a step as finished. Repeating it changes only its proof."""
    session = await context.learner()
    found = find_step_and_rest(session.plan, f"{step} {evidence or ''}")
    if found.rest == ASK and found.step.active is False and not file:
        if not context.forms:
            raise MissingOption(
                "evidence", "What shows it's done? Send a link or a few words, e.g. done rag https://example.org"
            )
        return step_views.evidence_form(found.step)
    before = await session.levels()
    change = await plans.finish_step(
        session, found.step.number, found.rest.removeprefix(ASK) or None, _attachment(file)
    )
    if change.was_settled:
        changed = change.after != change.before
        return (
            step_views.evidence_card(session.snapshot, change.after) if changed else views.settled_card(change.before)
        )
    after = await session.levels()
    return step_views.finished_card(context.pack, session.snapshot, change.after, before, after).in_place()


def _attachment(file: str | None) -> str | None:
    """Clean the text of a file that shows a step is done.

    Raises:
        BadValue: it's longer than a plan can hold.
    """
    text = clean(file or "").strip()
    if len(text) > MAX_ATTACHMENT:
        raise BadValue(
            f"That file has {dates.number(len(text))} characters, and I can only save {dates.number(MAX_ATTACHMENT)}. "
            "Send the part that matters, or say where the rest is.",
            option="file",
        )
    return text or None


@registry.command(
    "plan block",
    "Mark a step as stuck, and say what's in the way.",
    writes=True,
    label="Mark “{step}” as stuck[: {why}]|Mark a step as stuck",
    examples=("plan block rag No GPU quota", "plan block 2 why:No GPU quota"),
)
@asks_which_step("plan block", "Which one are you stuck on?", rest="why")
async def plan_block(
    context: Context,
    step: StepRef = None,
    why: Annotated[
        str | None,
        Option(
            "What's in the way",
            greedy=True,
            max_length=MAX_TEXT_LENGTH,
            multiline=True,
            called=("because", "reason"),
            spoken=Spoken.REASON,
        ),
    ] = None,
) -> Answer:
    """Record what blocks a step; its hours this week go to the other steps."""
    session = await context.learner()
    found = find_step_and_rest(session.plan, f"{step} {why or ''}")
    if not found.rest:
        raise MissingOption("why")
    before = session.plan
    change = await plans.block_step(session, found.step.number, found.rest)
    return views.blocked_card(before, session.snapshot, change.after)


@registry.command(
    "plan reopen",
    "Open a step again that's done or dropped.",
    writes=True,
    needs=("step",),
    label="Reopen “{step}”|Reopen a step",
    examples=("plan reopen rag", "plan reopen 1"),
    intents=(
        "reopen {step}",
        "{step} isn't done after all",
        "{step} isn't finished yet",
        "unfinish {step}",
        "mark {step} as not done",
        "bring {step} back into my plan",
        "I dropped {step} by mistake",
        "{step} wasn't done, put it back",
        "undo finishing {step}",
        "reopen a step",
        "bring back a step I dropped",
    ),
)
async def plan_reopen(context: Context, step: SettledStepName = None) -> Answer:
    """Put a settled step back under way, or among the open ones."""
    session = await context.learner()
    if step is None:
        return views.which_settled_card(session.plan)
    number, before = find_step(session.plan, step).number, session.plan
    try:
        change = await plans.reopen_step(session, number)
    except PlanFull:
        return views.full_card(
            MAX_OPEN_STEPS, session.plan.step(number).text, format_line(("plan", "reopen"), {"step": step})
        )
    if not change.was_settled:
        return step_views.step_card(context.pack, session.snapshot, change.after, await session.levels())
    return views.reopened_card(before, session.snapshot, change.after)


def _dependents_choices(_: Pack) -> tuple[Choice, ...]:
    return (
        Choice("Keep the steps that build on it", DependentsChoice.KEEP),
        Choice("Drop them too", DependentsChoice.DROP),
    )


@registry.command(
    "plan drop",
    "Drop a step from your plan.",
    writes=True,
    needs=("step",),
    label="Drop “{step}”|Drop a step",
    examples=("plan drop rag", "plan drop 2"),
    intents=(
        "drop {step}",
        "remove {step} from my plan",
        "i don't need {step}",
        "get rid of {step}",
        "remove a step from my plan",
        "I don't want to do this step",
        "delete this step",
        "skip {step}",
    ),
)
@asks_which_step("plan drop", "Which step would you like to drop?")
async def plan_drop(
    context: Context,
    step: StepName = None,
    others: Annotated[
        str | None, Option("Steps that build on it", choices=_dependents_choices, keyword_only=True)
    ] = None,
) -> Answer:
    """Settle a step as dropped; if others build on it, ask first what to do with them."""
    session = await context.learner()
    found, before = find_step(session.plan, step or ""), session.plan
    dropped = await plans.drop_step(session, found.number, DependentsChoice(others) if others else None)
    if dropped.undecided:
        return views.dependents_card(dropped.step, dropped.undecided)
    return views.dropped_card(before, session.snapshot, dropped.step, dropped.dropped_too).in_place()
