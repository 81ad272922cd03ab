"""`checkin now | mark | plan | outcome | close | skip | snooze | pause | resume`: ten minutes a week on one's plan."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.steps import StepNumber
from mentorbot.domain.checkins import MAX_ANSWER_LENGTH, IfThenOutcome
from mentorbot.domain.plan import StepState
from mentorbot.packs.schema import Pack
from mentorbot.services import checkins
from mentorbot.services.learners import LearnerSession
from mentorbot.slash.dates import Sense
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.views import checkin as views


@registry.command("checkin now", "This week's steps, and what comes next.", examples=("checkin now",))
async def checkin_now(context: Context) -> Answer:
    """Show the check-in of the present week, at any time."""
    return await _checkin_card(await context.learner())


async def _checkin_card(session: LearnerSession, *notices: str) -> Answer:
    return views.checkin_card(session.snapshot, await session.checkins(), *notices)


def _mark_choices(_: Pack) -> tuple[Choice, ...]:
    return (
        Choice("Done", StepState.DONE),
        Choice("Still on it", StepState.DOING),
        Choice("Blocked", StepState.BLOCKED),
    )


@registry.command(
    "checkin mark",
    "How a step went this week.",
    writes=True,
    examples=("checkin mark 2 blocked No GPU quota", "checkin mark 2 done"),
)
async def checkin_mark(
    context: Context,
    step: StepNumber,
    how: Annotated[str, Option("How it went", choices=_mark_choices)],
    why: Annotated[
        str | None, Option("What is in the way", greedy=True, max_length=MAX_ANSWER_LENGTH, multiline=True)
    ] = None,
) -> Answer:
    """Record that a step is done, still under way (its hours this week count as worked), or blocked."""
    state = StepState(how)
    if state is StepState.BLOCKED and why is None:
        raise MissingOption("why")
    session = await context.learner()
    change = await checkins.mark_in_checkin(session, step, state, why or "")
    return await _checkin_card(session, views.marked_notice(change))


@registry.command(
    "checkin plan",
    "Your next step, what may get in the way, and what you do then.",
    writes=True,
    examples=('checkin plan "Draft the design" obstacle:"the data team is late" then:"mock the data"',),
)
async def checkin_plan(
    context: Context,
    step: Annotated[str | None, Option("Your next step", max_length=MAX_ANSWER_LENGTH)] = None,
    obstacle: Annotated[str | None, Option("What may get in the way (if …)", max_length=MAX_ANSWER_LENGTH)] = None,
    then: Annotated[str | None, Option("What you will do then", max_length=MAX_ANSWER_LENGTH)] = None,
) -> Answer:
    """Save an if-then plan for the days ahead; if something is missing, ask for it."""
    session = await context.learner()
    if step is None or obstacle is None or then is None:
        if not context.forms:
            raise MissingOption("step" if step is None else "obstacle" if obstacle is None else "then")
        return views.if_then_form(session.snapshot, step, obstacle, then)
    await checkins.record_checkin(session, next_step=step, obstacle=obstacle, fallback=then, outcome="")
    return await _checkin_card(session, "Kept. A later week's check-in asks how it went.")


def _outcome_choices(_: Pack) -> tuple[Choice, ...]:
    return (
        Choice("It helped", IfThenOutcome.HELPED),
        Choice("It did not help", IfThenOutcome.FAILED),
        Choice("It did not come up", IfThenOutcome.UNNEEDED),
    )


@registry.command(
    "checkin outcome", "What became of your last if-then plan.", writes=True, examples=("checkin outcome helped",)
)
async def checkin_outcome(
    context: Context,
    outcome: Annotated[str, Option("What became of it", choices=_outcome_choices)],
    week: Annotated[str | None, Option("The week in which you made it, by its Monday", keyword_only=True)] = None,
) -> Answer:
    """Record the outcome of an earlier week's if-then plan."""
    session, result = await context.learner(), IfThenOutcome(outcome)
    await checkins.record_outcome(session, result, week)
    return await _checkin_card(session, views.OUTCOME_NOTICES[result])


@registry.command("checkin close", "That was my week; there is nothing more to tell.", writes=True)
async def checkin_close(context: Context) -> Answer:
    """Record this week's check-in without further answers."""
    session = await context.learner()
    await checkins.record_checkin(session)
    return await _checkin_card(session, "Thank you. That was your week.")


@registry.command("checkin skip", "Skip this week; your steps move on, your streak stays.", writes=True)
async def checkin_skip(context: Context) -> Answer:
    """Take the present week off."""
    await checkins.skip_week(await context.learner())
    return views.skipped_card()


@registry.command("checkin snooze", "Ask me again tomorrow at this time.", writes=True)
async def checkin_snooze(context: Context) -> Answer:
    """Send the check-in again in a day."""
    session = await context.learner()
    return views.snoozed_card(session.snapshot, await checkins.snooze(session))


@registry.command(
    "checkin pause", "No check-ins and no work until a day.", writes=True, examples=("checkin pause 2027-01-11",)
)
async def checkin_pause(
    context: Context,
    until: Annotated[date | None, Option("The day on which you are back", sense=Sense.START)] = None,
) -> Answer:
    """Take off the weeks until the learner is back."""
    if until is None:
        raise MissingOption("until")
    return views.paused_card(await checkins.pause(await context.learner(), until))


@registry.command("checkin resume", "I am back: end a pause or a skipped week.", writes=True)
async def checkin_resume(context: Context) -> Answer:
    """End a pause or a skipped week."""
    session = await context.learner()
    await checkins.resume(session)
    return await _checkin_card(session, "Welcome back. This is what fits this week.")
