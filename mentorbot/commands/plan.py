"""`plan show | step | add | edit`: the steps of a plan, and their text, hours and due dates."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.steps import (
    HOUR_WORDS,
    MAX_STEP_TEXT,
    Days,
    StepName,
    asks_which_step,
    days_up_to,
    other_step,
    place_beside,
)
from mentorbot.domain.plan import MAX_OPEN_STEPS, MAX_STEP_HOURS, PlanStep, monday
from mentorbot.errors import BadValue, Impossible, PlanFull
from mentorbot.packs.schema import Pack
from mentorbot.services import plans
from mentorbot.services.steps import find_step, find_step_and_rest
from mentorbot.slash.choices import short
from mentorbot.slash.dates import find_trailing_date, read_date
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import NoValue, Option, Spoken
from mentorbot.slash.tokenizer import format_line
from mentorbot.views import plan as views
from mentorbot.views import steps as step_views
from mentorbot.views.period import period_card

DATE_WORDS = ("until", "before", "due", "deadline", "on")
StepText = Annotated[
    str | None,
    Option("What you'll do", greedy=True, max_length=MAX_STEP_TEXT, multiline=True, called=("text", "step", "title")),
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
        "what's due {when}",
        "what's planned for {when}",
        "what do i have on {when}",
        "my steps until {when}",
    ),
    label="Show my plan[: {what}][: {when}]",
)
async def plan_show(
    context: Context,
    what: Annotated[str | None, Option("This week, all steps, or the finished ones", choices=_range_choices)] = None,
    when: Days = None,
    page: Annotated[int, Option("Page of the list", keyword_only=True, low=1, high=999)] = 1,
) -> Answer:
    """Show this week's steps and the next one, what some days are about, or a page of every step or of those that are done."""
    if when is not None:
        learner = (await context.learner()).snapshot
        is_this_week = monday(when.first) == learner.week == monday(when.last) and when.days > 1
        return views.plan_card(learner) if is_this_week else period_card(learner, days_up_to(when, learner.today))
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
    "One step: what to do and what to read.",
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
    instead=("after|before",),
    label="Add “{what}”[ by {by}][, {hours} h][, after “{after}”][, before “{before}”][, done when {when}]|Add a step",
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
async def plan_add(  # noqa: PLR0913, PLR0917  each is an option people type
    context: Context,
    what: StepText = None,
    by: DueDate = None,
    hours: StepHours = None,
    after: Annotated[str | None, other_step("The step it comes after", "behind", "following")] = None,
    before: Annotated[str | None, other_step("The step it comes before")] = None,
    when: Annotated[str | None, Option("Done when", max_length=1000, keyword_only=True)] = None,
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
        step = PlanStep(number=0, text=text, hours=hours or 1, due=due, done_when=when or "")
    else:
        raise MissingOption("what")
    try:
        added = await plans.add_step(session, step, place_beside(plan_before, after, before))
    except PlanFull:
        options = {"what": step.text, "hours": str(step.hours)} | ({"by": by.isoformat()} if by else {})
        return views.full_card(MAX_OPEN_STEPS, step.text, format_line(("plan", "add"), options))
    words = {"what": what, "instead": str(added.step.number)} if what is not None and text != what else {}
    keep_words = format_line(("plan", "add"), words) if words else ""
    respelt = context.library.search_of(context.pack).mended(added.step.text) if tip is None else added.step.text
    return views.added_card(
        plan_before, session.snapshot, added.step, is_new=added.is_new, keep_words=keep_words, respelt=respelt
    )


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


_MORE, _LESS = "more", "less"


def _way_choices(_: Pack) -> tuple[Choice, ...]:
    return Choice("more", _MORE), Choice("less", _LESS)


@registry.command(
    "plan edit",
    "Change a step's text, hours or date.",
    writes=True,
    needs=("step", "what|by|hours|when"),
    label="Change “{step}”[: {hours} h][, now “{what}”], no due date{by=none}|"
    "Change “{step}”[: {hours} h][, due {by}][, now “{what}”]|"
    "Change “{step}”: {hours} h {way}|Change “{step}”, done when: {when}|Change a step",
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
            max_length=MAX_STEP_TEXT,
            multiline=True,
            called=("text", "title", "name"),
            spoken=Spoken.NAME,
        ),
    ] = None,
    by: NewDueDate = None,
    hours: StepHours = None,
    way: Annotated[str | None, Option("So many more or less", choices=_way_choices, keyword_only=True)] = None,
    when: Annotated[str | None, Option("Done when", max_length=1000, keyword_only=True)] = None,
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
    if (what, by, hours, when) == (None, None, None, None):
        if not context.forms:
            return step_views.more_card(session.snapshot, found.step)
        return views.edit_form(found.step, session.snapshot.today)
    before = session.plan
    due, undated = (None, True) if by is NoValue.NONE else (by, False)
    if hours is not None and way is not None:
        hours = _changed_by(found.step, hours if way == _MORE else -hours)
    edited = await plans.edit_step(
        session, found.step.number, text=what, hours=hours, due=due, undated=undated, done_when=when
    )
    return views.edited_card(before, session.snapshot, edited)


def _changed_by(step: PlanStep, hours: int) -> int:
    """Give the hours of a step that gets some more or less."""
    total = step.hours + hours
    if not 1 <= total <= MAX_STEP_HOURS:
        raise BadValue(
            f"“{short(step.text, 60)}” has {step.hours} h. How many should it have, from 1 to {MAX_STEP_HOURS}?",
            option="hours",
        )
    return total


def _due_in(text: str, today: date) -> date | None:
    """Read the due date that words after a step's name are as a whole: "by friday"."""
    led = re.fullmatch(r"(?:by|until|before|due|on)\s+(.+)", text, re.IGNORECASE)
    return read_date(led[1], today) if led else None
