"""`checkin now | worked | finished | stuck | plan | skip | pause | resume …`: a minute a week about one's plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

from mentorbot.chat.cards import Answer, Card, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.steps import StepName, StepRef, StuckStepName, suggest_steps
from mentorbot.domain.checkins import (
    MAX_ANSWER_LENGTH,
    MAX_WEEK_HOURS,
    IfThenOutcome,
    StuckReason,
    checkin_of,
    hours_in,
    steps_to_ask_about,
)
from mentorbot.domain.plan import PlanStep, StepState, monday
from mentorbot.errors import StepNotFound, StepUnclear
from mentorbot.packs.schema import Pack
from mentorbot.services import checkins
from mentorbot.services.learners import LearnerSession
from mentorbot.services.steps import find_step
from mentorbot.slash.choices import short
from mentorbot.slash.dates import DateRange, Sense, name_range
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option, Spoken
from mentorbot.views import checkin as views
from mentorbot.views.steps import finished_card

Week = Annotated[str | None, Option("The week it's about, by its Monday", keyword_only=True)]
Version = Annotated[int | None, Option("The version of the plan that was shown", keyword_only=True)]


def _week_of(session: LearnerSession, week: str | None) -> date:
    """Read the week on a button; the present week without one, or if it's no date."""
    try:
        return monday(date.fromisoformat(week)) if week else session.snapshot.week
    except ValueError:
        return session.snapshot.week


async def _which(
    context: Context, answer: str, step: str | None, week: str | None, given: Mapping[str, str] | None = None
) -> tuple[LearnerSession, PlanStep, date] | Card:
    """Find the step and the week an answer is about; a card instead if that isn't clear, or can't be answered any more.

    The other options `given` stay on the card's buttons.
    """
    session = await context.learner()
    monday_of_week = _week_of(session, week)
    if not await checkins.is_open(session, monday_of_week):
        return views.over_card()
    if step is not None:
        return _named(session, answer, step, monday_of_week, given)
    steps = checkins.steps_of(session, monday_of_week) or session.plan.active[:1]
    if len(steps) == 1:
        return session, steps[0], monday_of_week
    if not steps:
        return await _question(session, monday_of_week)
    return views.which_card(answer, steps, monday_of_week, given)


def _may_be_old(context: Context, week: str | None) -> bool:
    """Return True for a button that names no week: it's from a release before check-ins did, so its week is over."""
    return context.pressed and week is None


def _named(
    session: LearnerSession, answer: str, step: str, week: date, given: Mapping[str, str] | None
) -> tuple[LearnerSession, PlanStep, date] | Card:
    """Find the step someone names; a card with the ones they may mean if that isn't clear."""
    plan = session.plan
    try:
        found = find_step(plan, step)
    except StepUnclear as unclear:
        return views.which_card(answer, [plan.step(known.number) for known in unclear.steps], week, given)
    except StepNotFound as missing:
        steps = [plan.step(known.number) for known in missing.steps]
        return replace(
            views.which_card(answer, steps, week, given), title=missing.message, error=missing.code, updates=False
        )
    return (session, found, week) if found.active else views.settled_card(found)


async def _question(session: LearnerSession, week: date) -> Card:
    return views.question_card(session.pack, session.snapshot, week, await session.checkins())


@registry.command(
    "checkin now",
    "Say how your week went.",
    examples=("checkin now",),
    intents=(
        "how my week went",
        "do the check-in",
        "let me check in",
        "report on my week",
        "done for this week",
        "how did my week go",
        "let's check in",
        "i want to report back on my week",
    ),
    label="Check in",
)
async def checkin_now(context: Context, week: Week = None) -> Answer:
    """Ask about the present week, at any time; about the last one, while it can still be answered."""
    if week is None:
        learner = await context.this_week()
        return views.question_card(context.pack, learner, learner.week, await context.repository.checkins.all())
    session = await context.learner()
    of_week = _week_of(session, week)
    return await _question(session, of_week) if await checkins.is_open(session, of_week) else views.over_card()


@registry.command(
    "checkin worked",
    "Log the hours you worked on a step this week.",
    writes=True,
    examples=("checkin worked", "checkin worked 2 hours:4"),
    intents=("i worked on it", "i made some progress this week", "still on it", "i put in a few hours"),
    label="Log {hours} h[ on “{step}”]|Log work on “{step}”|Log my hours",
)
async def checkin_worked(
    context: Context,
    step: StepRef = None,
    hours: Annotated[int | None, Option("About how many hours", low=1, high=MAX_WEEK_HOURS, unit="hours")] = None,
    week: Week = None,
    added: Annotated[str | None, Option("On top of the hours logged before", keyword_only=True)] = None,
) -> Answer:
    """Record that someone worked on a step, then how many hours in all; without a step, ask which one."""
    given = {"hours": str(hours)} if hours is not None else {}
    which = await _which(context, "worked", step, week, given | ({"added": added} if added else {}))
    if isinstance(which, Card):
        return which
    session, chosen, of_week = which
    if hours is None:
        await checkins.record_checkin(session, of_week)
        return views.hours_card(chosen, of_week)
    before = hours_in(chosen, of_week)
    logged = await checkins.log_hours(session, chosen.number, of_week, hours + (before if added else 0))
    return views.logged_card(session.snapshot, await session.checkins(), logged, of_week, 0 if added else before)


@registry.command(
    "checkin finished",
    "Say you've finished this week's step.",
    writes=True,
    examples=("checkin finished",),
    intents=("i finished this week's work", "all done for this week"),
    label="Finish “{step}”|Finish this week's step",
)
async def checkin_finished(context: Context, step: StepName = None, week: Week = None) -> Answer:
    """Finish a step; without one, ask which."""
    which = await _which(context, "finished", step, week)
    if isinstance(which, Card):
        return which
    session, chosen, of_week = which
    return await _finished(session, chosen, of_week)


async def _finished(session: LearnerSession, step: PlanStep, week: date) -> Card:
    before = await session.levels()
    change = await checkins.finish_step(session, step.number, week)
    after, learner = await session.levels(), session.snapshot
    card = finished_card(session.pack, learner, change.after, before, after)
    return views.with_undo(card, week, learner.version).in_place()


def _reasons(_: Pack) -> tuple[Choice, ...]:
    return tuple(Choice(label, reason) for reason, label in views.STUCK_LABELS.items())


@registry.command(
    "checkin stuck",
    "Get help with a step you're stuck on.",
    writes=True,
    needs=("reason|why",),
    examples=("checkin stuck", "checkin stuck 2 too-big"),
    intents=(
        "i'm stuck on {step}",
        "{step} is blocked",
        "no access for {step}",
        "i'm stuck",
        "i don't understand {step}",
        "{step} is too hard",
        "i don't know how to go on",
        "this is too hard",
        "i'm stuck on {step} {why}",
        "make {step} smaller {reason=too-big}",
        "something smaller instead of this step {reason=too-big}",
    ),
    label="Get help with “{step}”[: {reason}][: {why}]|Get help with my step[: {reason}][: {why}]",
)
async def checkin_stuck(
    context: Context,
    step: StepRef = None,
    reason: Annotated[str | None, Option("What's in the way", choices=_reasons)] = None,
    why: Annotated[
        str | None,
        Option(
            "In your own words",
            greedy=True,
            max_length=MAX_ANSWER_LENGTH,
            multiline=True,
            called=("because",),
            spoken=Spoken.REASON,
        ),
    ] = None,
    week: Week = None,
) -> Answer:
    """Ask what's in the way of a step, record it, and help."""
    said = {"reason": reason, "why": why}
    which = await _which(context, "stuck", step, week, {name: text for name, text in said.items() if text})
    if isinstance(which, Card):
        return which
    session, chosen, of_week = which
    if reason is None and why is None:
        return views.stuck_card(chosen, of_week)
    cause = StuckReason(reason) if reason else StuckReason.OTHER
    if cause is StuckReason.OTHER and why is None:
        raise MissingOption("why")
    return await _help(session, chosen, cause, why or views.STUCK_LABELS[cause], of_week)


async def _help(session: LearnerSession, step: PlanStep, reason: StuckReason, why: str, week: date) -> Card:
    change = await checkins.block_step(session, step.number, week, why)
    offer = views.StuckHelp(
        guide=checkins.guide_of(session, step),
        mentor=await checkins.mentor_name(session),
        swap=checkins.swap_for(session, change.after),
    )
    return views.help_card(session.snapshot, change.after, reason, offer, week)


@registry.command(
    "checkin smaller", "Do a smaller version of a stuck step this week.", writes=True, label="Make it smaller"
)
async def checkin_smaller(context: Context, step: StepName = None, week: Week = None) -> Answer:
    """Put the smaller version of a step in front of it."""
    which = await _which(context, "stuck", step, week)
    if isinstance(which, Card):
        return which
    session, chosen, of_week = which
    small = await checkins.start_smaller(session, chosen.number)
    if small is None:
        return await _question(session, of_week)
    if small.number == chosen.number:
        return views.going_on_card(session.snapshot, small, of_week)
    return views.smaller_card(session.snapshot, small, of_week)


@registry.command(
    "checkin restart",
    "Get back to a step you were stuck on.",
    writes=True,
    label="Get back to “{step}”|Get back to a step",
)
async def checkin_restart(context: Context, step: StuckStepName = None, week: Week = None) -> Answer:
    """Put a stuck step back under way; without one, the only one that's stuck, or ask which."""
    stuck = (await context.learner()).plan.blocked
    if step is None and stuck:
        if len(stuck) > 1:
            return views.which_card("restart", stuck, (await context.learner()).snapshot.week)
        step = str(stuck[0].number)
    which = await _which(context, "stuck", step, week)
    if isinstance(which, Card):
        return which
    session, chosen, of_week = which
    change = await checkins.restart_step(session, chosen.number)
    return views.going_on_card(session.snapshot, change.after, of_week)


@registry.command(
    "checkin swap",
    "Swap a step for a different way to the same skill.",
    writes=True,
    examples=("checkin swap 2",),
    intents=("swap this step", "i'd rather do something else instead"),
    label="Swap “{step}”|Swap this week's step",
)
async def checkin_swap(context: Context, step: StepName = None, week: Week = None) -> Answer:
    """Replace a step by the one the pack suggests instead."""
    which = await _which(context, "swap", step, week)
    if isinstance(which, Card):
        return which
    session, chosen, of_week = which
    new = await checkins.swap_step(session, chosen.number)
    return views.swapped_card(session.snapshot, chosen, new, of_week) if new else views.no_swap_card(chosen)


def _parts(_: Pack) -> tuple[Choice, ...]:
    return (Choice("The plan for obstacles", "plan"),)


@registry.command("checkin undo", "Undo your last answer.", writes=True, label="Undo")
async def checkin_undo(
    context: Context,
    week: Week = None,
    seen: Version = None,
    what: Annotated[str | None, Option("Which part of the check-in", choices=_parts, keyword_only=True)] = None,
) -> Answer:
    """Take back an answer, and ask again. A button undoes only the change its card has shown."""
    session = await context.learner()
    of_week = _week_of(session, week)
    if what is not None:
        await checkins.forget_plan(session, of_week)
    if not await checkins.undo(session, of_week, seen or 0):
        return views.not_undone_card()
    return views.undone_card(session.pack, session.snapshot, of_week, await session.checkins())


def _mark_choices(_: Pack) -> tuple[Choice, ...]:
    return (
        Choice("Finished", StepState.DONE),
        Choice("Worked on it", StepState.DOING),
        Choice("Stuck", StepState.BLOCKED),
    )


@registry.command(
    "checkin mark",
    "Say how a step went this week.",
    writes=True,
    examples=("checkin mark 2 blocked No GPU quota", "checkin mark 2 done"),
    label="Mark “{step}”|Say how a step went",
)
async def checkin_mark(
    context: Context,
    step: Annotated[str, Option("Which step", suggest=suggest_steps, max_length=MAX_ANSWER_LENGTH)],
    how: Annotated[str, Option("How it went", choices=_mark_choices)],
    why: Annotated[
        str | None,
        Option("What's in the way", greedy=True, max_length=MAX_ANSWER_LENGTH, multiline=True, spoken=Spoken.REASON),
    ] = None,
) -> Answer:
    """Record in one line that a step is finished, was worked on, or is stuck."""
    session = await context.learner()
    chosen, state, week = find_step(session.plan, step), StepState(how), session.snapshot.week
    if state is StepState.BLOCKED and why is None:
        raise MissingOption("why")
    if not chosen.active:
        return views.settled_card(chosen)
    if state is StepState.DONE:
        return await _finished(session, chosen, week)
    if state is StepState.BLOCKED:
        return await _help(session, chosen, StuckReason.OTHER, why or "", week)
    await checkins.record_checkin(session, week)
    return views.hours_card(chosen, week)


@registry.command(
    "checkin plan",
    "Plan around what could get in the way next week.",
    writes=True,
    needs=("step", "obstacle", "then"),
    examples=('checkin plan Draft the design obstacle:"the data team is late" then:"mock the data"',),
    intents=("plan around an obstacle", "what if something gets in the way"),
    label="Plan around it",
)
async def checkin_plan(
    context: Context,
    step: Annotated[str | None, Option("Your next step", greedy=True, max_length=MAX_ANSWER_LENGTH)] = None,
    obstacle: Annotated[
        str | None, Option("What could get in the way (if …)", max_length=MAX_ANSWER_LENGTH, called=("if", "when"))
    ] = None,
    then: Annotated[str | None, Option("What you'll do then", max_length=MAX_ANSWER_LENGTH)] = None,
    week: Week = None,
) -> Answer:
    """Save an if-then plan for the days ahead; if something is missing, ask for it."""
    session = await context.learner()
    of_week = _week_of(session, week)
    if not await checkins.is_open(session, of_week):
        return views.over_card()
    if step is None or obstacle is None or then is None:
        if not context.forms:
            raise MissingOption("step" if step is None else "obstacle" if obstacle is None else "then")
        known = checkin_of(await session.checkins(), of_week)
        return views.if_then_form(
            step or (known.next_step if known else "") or _next_step(session, of_week),
            obstacle or (known.obstacle if known else None),
            then or (known.fallback if known else None),
            of_week,
        )
    await checkins.record_checkin(session, of_week, next_step=step, obstacle=obstacle, fallback=then, outcome="")
    return views.planned_around_card(session.snapshot, step, obstacle, then, of_week)


def _next_step(session: LearnerSession, week: date) -> str:
    steps = steps_to_ask_about(session.plan, week) or steps_to_ask_about(session.plan, session.snapshot.week)
    return short(steps[0].text, MAX_ANSWER_LENGTH) if steps else ""


def _outcome_choices(_: Pack) -> tuple[Choice, ...]:
    return (
        Choice("It helped", IfThenOutcome.HELPED),
        Choice("It didn't help", IfThenOutcome.FAILED),
        Choice("It didn't come up", IfThenOutcome.UNNEEDED),
    )


@registry.command(
    "checkin outcome",
    "Say whether planning around it helped.",
    writes=True,
    examples=("checkin outcome helped",),
    label="Say how it went",
)
async def checkin_outcome(
    context: Context,
    outcome: Annotated[str, Option("How it turned out", choices=_outcome_choices)],
    week: Annotated[str | None, Option("The week you made it in, by its Monday", keyword_only=True)] = None,
) -> Answer:
    """Record the outcome of an earlier week's if-then plan."""
    session, result = await context.learner(), IfThenOutcome(outcome)
    await checkins.record_outcome(session, result, week)
    steps = steps_to_ask_about(session.plan, session.snapshot.week)
    return views.outcome_card(result, steps[0] if steps else None, session.snapshot.week)


@registry.command(
    "checkin close",
    "Close this week's check-in: nothing more to add.",
    writes=True,
    intents=("that was my week", "nothing new this week"),
    label="Close this week's check-in",
)
async def checkin_close(context: Context, week: Week = None) -> Answer:
    """Record a week's check-in without further answers."""
    session = await context.learner()
    of_week = _week_of(session, week)
    if not await checkins.is_open(session, of_week) or _may_be_old(context, week):
        return views.over_card()
    await checkins.record_checkin(session, of_week)
    return views.closed_card(session.snapshot, await session.checkins(), of_week)


@registry.command(
    "checkin skip",
    "Skip this week. Your plan moves along, your streak is safe.",
    writes=True,
    intents=(
        "skip this week",
        "not this week",
        "no time this week",
        "leave this week out",
        "i had no time this week",
        "i'm too busy this week",
    ),
    label="Skip this week",
)
async def checkin_skip(context: Context, week: Week = None) -> Answer:
    """Take a week off. Ask first if the line may come from an older check-in, which names no week."""
    session = await context.learner()
    of_week = _week_of(session, week)
    if not await checkins.is_open(session, of_week):
        return views.over_card()
    if _may_be_old(context, week):
        return views.ask_skip_card(session.snapshot)
    before = session.plan.end_date
    skipped = await checkins.skip_week(session, of_week)
    end_changed = session.plan.end_date != before
    return views.skipped_card(session.snapshot, of_week, skipped.version, end_changed=end_changed)


@registry.command(
    "checkin snooze",
    "Snooze the check-in until this time tomorrow.",
    writes=True,
    intents=(
        "ask me tomorrow",
        "not now, ask later",
        "remind me tomorrow",
        "ask me again tomorrow",
    ),
    label="Ask me again tomorrow",
)
async def checkin_snooze(context: Context) -> Answer:
    """Send the check-in again in a day."""
    session = await context.learner()
    return views.snoozed_card(session.snapshot, await checkins.snooze(session))


@registry.command(
    "checkin pause",
    "Take a break: no check-ins until you're back.",
    writes=True,
    needs=("until",),
    examples=("checkin pause until:2027-01-11", "checkin pause 2 weeks", "checkin pause 23-25 dec"),
    intents=(
        "pause until {until}",
        "on holiday until {until}",
        "i'm away {until}",
        "i need a break",
        "back on {until}",
        "sick this week",
        "i'm on holiday until",
        "i'm away for two weeks",
        "ask me again in {until}",
        "leave me alone until {until}",
    ),
    label="Pause[ until {until}]",
)
async def checkin_pause(
    context: Context,
    until: Annotated[
        date | DateRange | None,
        Option(
            "The day you're back, or the days you're away",
            sense=Sense.START,
            ranges=True,
            called=("by", "till", "back", "back-on", "for", "from", "away"),
        ),
    ] = None,
) -> Answer:
    """Take off the days until the learner is back."""
    if until is None:
        raise MissingOption("until")
    session = await context.learner()
    before = session.saved.version
    if isinstance(until, DateRange):
        if await checkins.are_free_anyway(session, until.first, until.last):
            return views.free_days_card(name_range(until, session.snapshot.today))
        back = await checkins.take_off(session, until.first, until.last)
        if back is None:
            version = session.saved.version if session.saved.version != before else 0
            return views.away_card(session.snapshot, name_range(until, session.snapshot.today), version)
    elif (planned := checkins.planned_break(session, until)) is not None:
        return views.which_break_card(session.snapshot, planned, until)
    else:
        back = await checkins.pause(session, until)
    return views.paused_card(session.snapshot, back)


@registry.command(
    "checkin resume",
    "Come back early from a pause or a skipped week.",
    writes=True,
    intents=(
        "i'm back",
        "end my pause",
        "back from holiday",
        "i'm here",
        "i'm back from holiday",
        "end my break",
        "let's go on",
        "cancel my holiday {planned=yes}",
        "cancel the break {planned=yes}",
        "i'm not going on holiday after all {planned=yes}",
        "my vacation is cancelled {planned=yes}",
        "forget about my days off {planned=yes}",
    ),
    label="Cancel the break{planned=yes}|Come back now",
)
async def checkin_resume(
    context: Context,
    planned: Annotated[
        str | None,
        Option("Cancel a break that's planned", choices=lambda _: (Choice("yes", "yes"),), keyword_only=True),
    ] = None,
    first: Annotated[str | None, Option("The day a planned break begins on", keyword_only=True)] = None,
) -> Answer:
    """End a pause, a skipped week or a long silence; or take back a break that's planned for later."""
    person = await context.uow.people.get(context.caller.user_id)
    was_silent = (
        person is not None and person.silence.is_long
    )  # until the learner is read: then they've been heard from
    session = await context.learner()
    if planned is not None and (breaks := checkins.planned_breaks(session)):
        return await _cancelled(session, breaks, first)
    if planned is not None and not (session.snapshot.is_paused or session.snapshot.week in session.plan.weeks_off):
        return views.no_break_card()
    if not was_silent and not await checkins.is_away(session):
        return views.here_card(session.snapshot)
    before = session.saved.version
    await checkins.resume(session)
    after = session.saved.version
    return views.back_card(session.snapshot, after if after != before else 0)


async def _cancelled(session: LearnerSession, breaks: Sequence[tuple[date, date]], first: str | None) -> Card:
    """Take back the planned break that begins on a day; ask which one if there are several."""
    named = [days for days in breaks if first in (None, days[0].isoformat())]
    if len(named) != 1:
        return views.which_cancelled_card(session.snapshot, breaks)
    await checkins.cancel_break(session, *named[0])
    return views.break_cancelled_card(session.snapshot, *named[0], session.saved.version)
