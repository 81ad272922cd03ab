"""`plan move | swap | postpone | hours`: when steps come."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.steps import (
    HOUR_WORDS,
    StepName,
    StepRef,
    asks_which_step,
    find_other,
    other_step,
    place_beside,
)
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MIN_HOURS_PER_WEEK, WEEK
from mentorbot.domain.plan_edits import MAX_PAUSE, whole_week_from
from mentorbot.errors import BadValue, Impossible, StepSettled
from mentorbot.packs.schema import Pack
from mentorbot.services import plans
from mentorbot.services.plans import Place, StepPlace
from mentorbot.services.steps import find_step, find_step_and_rest
from mentorbot.slash.date_patterns import Shift, read_shift
from mentorbot.slash.dates import DateRange, Sense, read_date
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.views import plan as views
from mentorbot.views import steps as step_views
from mentorbot.views.rhythms import day_text, weeks_text

_BESIDE = re.compile(r"(?:after (?P<after>.+)|before (?P<before>.+))", re.IGNORECASE)
"""Words after a step's name that say which other it comes after or before."""


def _read_move(text: str) -> Shift | None:
    """Read how much later a step comes; an amount alone, like “2 weeks”, is later too."""
    return read_shift(text) or read_shift(f"{text} later")


def _place_choices(_: Pack) -> tuple[Choice, ...]:
    return Choice("first", StepPlace.FIRST), Choice("last", StepPlace.LAST)


@registry.command(
    "plan move",
    "Move a step to another week, or reorder it.",
    writes=True,
    needs=("step", "to|shift|after|before|place"),
    instead=("to|shift|after|before|place",),
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
        date | None, Option("Any day in that week", sense=Sense.WEEK, called=("by", "on", "until", "week"))
    ] = None,
    shift: Annotated[
        Shift | None,
        Option(
            "How much later, e.g. 2 weeks",
            reader=_read_move,
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
        named, shift = _BESIDE.fullmatch(found.rest), _read_move(found.rest)
        if named:
            after, before = named["after"], named["before"]
        elif shift is None:
            to = _date_in(found.rest, session.snapshot.today)
    before_move = session.plan
    try:
        if beside := place_beside(session.plan, after, before):
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
        day = read_date(text.removeprefix("to "), today, sense=Sense.WEEK)
    except Impossible as impossible:
        impossible.option = "to"
        raise
    if day is None:
        raise BadValue(f"I can't read “{text}” as a date. Which week? For example: next week, 14 Dec.", option="to")
    return day


@registry.command(
    "plan swap",
    "Let two steps swap places.",
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
    other: Annotated[str | None, other_step("The step it swaps places with", "with", "and")] = None,
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
    shift = _read_move(text)
    if shift is not None and shift.count < 0:
        raise Impossible("Your plan starts as early as your hours allow. With more hours per week, it ends sooner.")
    return shift


@registry.command(
    "plan postpone",
    "Put your whole plan off by a week or more.",
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
    label="Plan {hours} h {weeks}|Plan {hours} h a week[ until {until}][ from {start}]|Change hours per week",
    examples=("plan hours 3", "plan hours 2 weeks:this-week"),
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
        "i only have {hours} this week",
        "this week i have {hours}",
        "{hours} this week only",
        "i only have {hours} {weeks}",
        "{hours} a week until {until}",
        "{hours} a week from {start}",
    ),
)
async def plan_hours(
    context: Context,
    hours: Annotated[
        int | None,
        Option(
            "Hours per week",
            unit="hours",
            weekly=True,
            low=MIN_HOURS_PER_WEEK,
            high=MAX_HOURS_PER_WEEK,
            called=HOUR_WORDS,
        ),
    ] = None,
    weeks: Annotated[
        DateRange | None,
        Option(
            "Only in these weeks, e.g. next week",
            ranges=True,
            words=weeks_text,
            keyword_only=True,
            unlisted=True,
            called=("only",),
        ),
    ] = None,
    until: Annotated[
        date | None,
        Option("Only until a day", led=True, keyword_only=True, unlisted=True, called=("till", "til", "through")),
    ] = None,
    start: Annotated[
        date | None,
        Option(
            "From a week on",
            sense=Sense.START,
            led=True,
            keyword_only=True,
            unlisted=True,
            called=("from", "starting", "beginning"),
            words=lambda day: day_text(whole_week_from(day), day),
        ),
    ] = None,
) -> Answer:
    """Change the hours per week, or those of some weeks, and lay the steps out again."""
    if hours is None:
        raise MissingOption("hours")
    session = await context.learner()
    before = session.plan
    if weeks is None and until is None:
        first = whole_week_from(start) if start else None
        await plans.set_hours_per_week(session, hours, first)
        return views.hours_card(before, session.snapshot, first)
    days = weeks or DateRange(session.snapshot.today, until or session.snapshot.today)
    await plans.set_hours_of_weeks(session, hours, days.first, days.last)
    return views.week_hours_card(before, session.snapshot, hours, days.first, days.last)


@registry.fills_in("plan hours")
async def _saved_hours(context: Context) -> dict[str, str]:
    return {"hours": str((await context.learner()).plan.hours_per_week)}
