"""`plan start | log | done | block | reopen | drop`: what became of a step."""

from __future__ import annotations

import re
from typing import Annotated

from mentorbot.chat import dates
from mentorbot.chat.cards import Answer, Choice
from mentorbot.chat.safe_text import clean
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.steps import (
    HOUR_WORDS,
    MAX_STEP_TEXT,
    NewStepName,
    SettledStepName,
    StepName,
    StepRef,
    asks_which_step,
)
from mentorbot.domain.plan import MAX_ATTACHMENT, MAX_OPEN_STEPS, MAX_STEP_HOURS, PlanStep
from mentorbot.errors import BadValue, PlanFull
from mentorbot.packs.schema import Pack
from mentorbot.services import checkins, plans
from mentorbot.services.learners import LearnerSession
from mentorbot.services.plans import DependentsChoice
from mentorbot.services.steps import find_step, find_step_and_rest
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.numbers import read_hours
from mentorbot.slash.registry import File, Option, Spoken
from mentorbot.slash.tokenizer import format_line
from mentorbot.views import plan as views
from mentorbot.views import steps as step_views

MAX_EVIDENCE = 500
"""Characters."""
ASK = "?"
"""Value of an option that makes a button ask for a form."""


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
    change = await checkins.restart_step(session, found.number)
    if change.was_settled:
        return views.settled_card(change.before)
    if change.before == change.after:
        return step_views.step_card(context.pack, session.snapshot, change.after, await session.levels())
    return step_views.started_card(context.pack, session.snapshot, change.after)


@registry.command(
    "plan log",
    "Log hours you've worked on a step.",
    writes=True,
    needs=("hours|share",),
    label="Log {hours} h[ on “{step}”]|Log “{step}” as {share}% done|Log hours on “{step}”|Log hours",
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
    share: Annotated[int | None, Option("Percent of it that's done", low=1, high=99, keyword_only=True)] = None,
) -> Answer:
    """Log hours worked on a step this week, or as many as a share of it still lacks; without any, ask for them."""
    session = await context.learner()
    found = find_step_and_rest(session.plan, step or "")
    if hours is None and found.rest:
        hours = _hours_after(found.rest)
    if not found.step.active:
        return views.settled_card(found.step)
    if found.rest == ASK and context.forms:
        return step_views.log_form(found.step)
    if share is not None and hours is None:
        hours = round(found.step.hours * share / 100) - found.step.hours_logged
        if hours <= 0:  # more of it is logged already
            return step_views.step_card(context.pack, session.snapshot, found.step, await session.levels())
    if not hours:
        return step_views.ask_hours_card(session.snapshot, found.step, forms=context.forms)
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
            max_length=MAX_EVIDENCE,
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
            max_length=MAX_STEP_TEXT,
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
    "Reopen a step that's done or dropped.",
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
