"""`plan show | step | add | edit | move | pace | undo | doing | done | block | drop`: keeping a plan."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MAX_STEP_HOURS, MIN_HOURS_PER_WEEK, PlanStep, monday
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.services import plans
from mentorbot.services.plans import DependentsChoice
from mentorbot.slash.choices import short
from mentorbot.slash.dates import Sense
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.views import plan as views

MAX_TEXT_LENGTH, MAX_EVIDENCE_LENGTH = 300, 500
LINK = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)


async def suggest_steps(context: Context, _: str) -> tuple[Choice, ...]:
    """Suggest the caller's steps that aren't settled."""
    plan = (await context.repository.plans.get()).plan
    return tuple(Choice(f"{step.number}. {short(step.text, 80)}", str(step.number)) for step in plan.active)


StepNumber = Annotated[int, Option("The step's number", suggest=suggest_steps, low=1, high=999_999)]
StepText = Annotated[str | None, Option("What you will do", greedy=True, max_length=MAX_TEXT_LENGTH, multiline=True)]
DueDate = Annotated[date | None, Option("By when")]
StepHours = Annotated[int | None, Option("How many hours it takes", unit="hours", low=1, high=MAX_STEP_HOURS)]


class StepRange(StrEnum):
    """The steps `plan show` lists: those of this week and the next ones, or all."""

    WEEK = "week"
    ALL = "all"


def _range_choices(_: Pack) -> tuple[Choice, ...]:
    return Choice("This week", StepRange.WEEK), Choice("All steps", StepRange.ALL)


@registry.command("plan show", "Your open steps: this week, or all.", examples=("plan show", "plan show all"))
async def plan_show(
    context: Context, what: Annotated[str | None, Option("This week, or all steps", choices=_range_choices)] = None
) -> Answer:
    """Show this week's steps and the next ones, or every step."""
    return views.plan_card(context.pack, (await context.learner()).snapshot, show_all=what == StepRange.ALL)


@registry.command("plan step", "One step: why it is there, its hours, what proves it.", examples=("plan step 2",))
async def plan_step(context: Context, step: StepNumber) -> Answer:
    """Show everything about one step."""
    return views.step_card((await context.learner()).plan.step(step))


@registry.command(
    "plan add",
    "Add a step to your plan.",
    writes=True,
    examples=('plan add "Draw our inference path" by:fri', "plan add Read one post-mortem by:2026-12-01"),
)
async def plan_add(
    context: Context,
    what: StepText = None,
    by: DueDate = None,
    hours: StepHours = None,
    tip: Annotated[str | None, Option("A tip to add, by its id", keyword_only=True)] = None,
) -> Answer:
    """Add a step in the learner's own words, or one made from a tip, unless the plan has that tip already."""
    if tip is not None:
        step = plans.step_from_tip(context.pack, tip, hours or 1, by)
    elif what is not None:
        step = PlanStep(number=0, text=what, hours=hours or 1, due=by)
    else:
        raise MissingOption("what")
    session = await context.learner()
    added = await plans.add_step(session, step)
    notice = f"Added as step {added.step.number}." if added.is_new else f"That is step {added.step.number} already."
    return views.plan_card(context.pack, session.snapshot, notice)


@registry.command(
    "plan edit",
    "Change a step's words, hours or day.",
    writes=True,
    examples=("plan edit 2 hours:6", "plan edit 2 by:fri"),
)
async def plan_edit(
    context: Context, step: StepNumber, what: StepText = None, by: DueDate = None, hours: StepHours = None
) -> Answer:
    """Change a step; without any change given, ask for it."""
    session = await context.learner()
    if (what, by, hours) == (None, None, None):
        return _ask_for_edit(context, session.snapshot, session.plan.step(step))
    edited = await plans.edit_step(session, step, text=what, hours=hours, due=by)
    return views.plan_card(context.pack, session.snapshot, f"Changed: {short(edited.text, 100)}")


def _ask_for_edit(context: Context, learner: LearnerSnapshot, step: PlanStep) -> Answer:
    if not context.forms:
        raise MissingOption("what")
    if not step.active:
        return views.plan_card(context.pack, learner, views.settled_notice(step))
    return views.edit_form(step, learner.today)


@registry.command("plan move", "Plan a step for another week.", writes=True, examples=("plan move 2 to:2026-12-14",))
async def plan_move(
    context: Context,
    step: StepNumber,
    to: Annotated[date | None, Option("A day in the week that you want it in", sense=Sense.START)] = None,
) -> Answer:
    """Plan a step no earlier than that week; the other steps close up."""
    if to is None:
        raise MissingOption("to")
    session = await context.learner()
    moved = await plans.move_step(session, step, to)
    return views.plan_card(context.pack, session.snapshot, views.moved_notice(moved, monday(to)))


@registry.command("plan pace", "How many hours a week you have.", writes=True, examples=("plan pace 3",))
async def plan_pace(
    context: Context,
    hours: Annotated[
        int | None, Option("Hours a week", unit="hours", low=MIN_HOURS_PER_WEEK, high=MAX_HOURS_PER_WEEK)
    ] = None,
) -> Answer:
    """Change the hours per week, and lay the steps out again."""
    if hours is None:
        raise MissingOption("hours")
    session = await context.learner()
    end_changed = await plans.set_hours_per_week(session, hours)
    notice = views.hours_notice(session.plan, end_changed=end_changed)
    return views.plan_card(context.pack, session.snapshot, notice)


@registry.command("plan undo", "Take back the last change of your plan.", writes=True)
async def plan_undo(
    context: Context,
    seen: Annotated[int | None, Option("The version of the plan that was shown", keyword_only=True)] = None,
) -> Answer:
    """Undo the last change. A button undoes only the change its card has shown, so pressing twice undoes one."""
    session = await context.learner()
    change = await plans.undo_change(session, seen)
    if change is not None:
        notice = views.undone_notice(change.what, change.paused_until)
    else:
        notice = views.NOTHING_UNDONE if seen is not None else "There is nothing left to undo."
    return views.plan_card(context.pack, session.snapshot, notice)


@registry.command(
    "plan doing", "Begin a step, or put down hours worked on it.", writes=True, examples=("plan doing 2",)
)
async def plan_doing(
    context: Context,
    step: StepNumber,
    hours: Annotated[
        int, Option("Hours that you worked on it this week", unit="hours", low=1, high=MAX_STEP_HOURS)
    ] = 0,
) -> Answer:
    """Put a step under way. A blocked step is unblocked."""
    session = await context.learner()
    change = await plans.start_step(session, step, hours)
    return views.plan_card(context.pack, session.snapshot, views.started_notice(change, hours))


@registry.command(
    "plan done",
    "Mark a step as done, with evidence if you have it.",
    writes=True,
    examples=("plan done 2", "plan done 2 evidence:https://example.org/design"),
)
async def plan_done(
    context: Context,
    step: StepNumber,
    evidence: Annotated[
        str | None, Option("A link that proves it", max_length=MAX_EVIDENCE_LENGTH, multiline=True)
    ] = None,
) -> Answer:
    """Settle a step as done. Repeating it changes only the evidence."""
    if evidence is not None and not LINK.search(evidence):
        raise BadValue(
            "Evidence needs a link that somebody else can open, like https://example.org/design. "
            "Add one, or mark the step as done without it and add the link later.",
            option="evidence",
        )
    session = await context.learner()
    change = await plans.finish_step(session, step, evidence)
    claimable = await plans.claimable_levels(session, change.before)
    return views.finished_card(context.pack, session.snapshot, change, evidence, claimable)


@registry.command(
    "plan block", "Say what is in the way of a step.", writes=True, examples=("plan block 2 why:No GPU quota",)
)
async def plan_block(
    context: Context,
    step: StepNumber,
    why: Annotated[
        str | None, Option("What is in the way", greedy=True, max_length=MAX_TEXT_LENGTH, multiline=True)
    ] = None,
) -> Answer:
    """Record what blocks a step; its hours this week go to the other steps."""
    if why is None:
        raise MissingOption("why")
    session = await context.learner()
    change = await plans.block_step(session, step, why)
    return views.plan_card(context.pack, session.snapshot, views.blocked_notice(change))


def _dependents_choices(_: Pack) -> tuple[Choice, ...]:
    return (
        Choice("Keep the steps that build on it", DependentsChoice.KEEP),
        Choice("Drop them too", DependentsChoice.DROP),
    )


@registry.command("plan drop", "Take a step out of your plan.", writes=True, examples=("plan drop 2",))
async def plan_drop(
    context: Context,
    step: StepNumber,
    others: Annotated[str | None, Option("What becomes of steps that build on it", choices=_dependents_choices)] = None,
) -> Answer:
    """Settle a step as dropped; if others build on it, ask first what to do with them."""
    session = await context.learner()
    dropped = await plans.drop_step(session, step, DependentsChoice(others) if others else None)
    if dropped.undecided:
        return views.dependents_card(dropped.step, dropped.undecided)
    notice = views.dropped_notice(dropped.step, dropped.dropped_too)
    return views.plan_card(context.pack, session.snapshot, notice)
