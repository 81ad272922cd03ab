"""`plan show | step | add | edit | move | pace | undo`: looking after a plan."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice, Field, Form
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk
from mentorbot.commands.plan_cards import plan_card, step_card
from mentorbot.commands.tips import all_tips
from mentorbot.domain import plan_edits
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MAX_STEP_HOURS, MIN_HOURS_PER_WEEK, PlanStep, StepState, monday
from mentorbot.errors import NotFound
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option


async def suggest_steps(context: Context, _: str) -> tuple[Choice, ...]:
    """The caller's steps that are not settled."""
    plan = (await context.uow.plans.get(context.caller.user_id, context.pack.info.role)).plan
    return tuple(Choice(f"{step.number}. {short(step.text, 80)}", str(step.number)) for step in plan.active)


StepNumber = Annotated[int, Option("The step's number", suggest=suggest_steps, low=1, high=999_999)]


def _extents(_: Pack) -> tuple[Choice, ...]:
    return Choice("This week", "week"), Choice("All steps", "all")


@registry.command("plan show", "Your open steps: this week, or all.", examples=("plan show", "plan show all"))
async def plan_show(
    context: Context, what: Annotated[str | None, Option("This week, or all steps", choices=_extents)] = None
) -> Answer:
    """What fits this week, and what comes next; or every step."""
    return plan_card(await Desk.open(context), everything=what == "all")


@registry.command("plan step", "One step: why it is there, its hours, what proves it.", examples=("plan step 2",))
async def plan_step(context: Context, step: StepNumber) -> Answer:
    """Everything about one step."""
    desk = await Desk.open(context, shown=False)
    return step_card(desk.plan.step(step))


@registry.command(
    "plan add",
    "Add a step to your plan.",
    writes=True,
    examples=('plan add "Draw our inference path" by:fri', "plan add Read one post-mortem by:2026-12-01"),
)
async def plan_add(
    context: Context,
    what: Annotated[str | None, Option("What you will do", greedy=True, max_length=300, multiline=True)] = None,
    by: Annotated[date | None, Option("By when")] = None,
    hours: Annotated[int | None, Option("How many hours it takes", low=1, high=MAX_STEP_HOURS)] = None,
    tip: Annotated[str | None, Option("A tip to add, by its id", keyword_only=True)] = None,
) -> Answer:
    """Keep a step. A tip that is in the plan already is not added twice."""
    text, origin = _from_tip(context, tip) if tip is not None else (what, "")
    if text is None:
        raise MissingOption("what")
    desk = await Desk.open(context)
    if origin and (known := desk.plan.step_from(origin)):
        return plan_card(desk, f"That is step {known.number} already.")
    plan, step = plan_edits.add(desk.plan, PlanStep(0, text, hours or 1, due=by, origin=origin), desk.today)
    await desk.save(plan, f"add {short(text, 80)}")
    return plan_card(desk, f"Added as step {step.number}.")


def _from_tip(context: Context, wanted: str) -> tuple[str, str]:
    found = all_tips(context.pack).get(wanted)
    if found is None:
        raise NotFound("That tip is no longer in the pack, so I cannot add it.", suggestions=("tip",))
    return f"{found[0].title} ({found[0].minutes} minutes)", f"tip:{wanted}"


@registry.command(
    "plan edit",
    "Change a step's words, hours or day.",
    writes=True,
    examples=("plan edit 2 hours:6", "plan edit 2 by:fri"),
)
async def plan_edit(
    context: Context,
    step: StepNumber,
    what: Annotated[str | None, Option("What you will do", greedy=True, max_length=300, multiline=True)] = None,
    by: Annotated[date | None, Option("By when")] = None,
    hours: Annotated[int | None, Option("How many hours it takes", low=1, high=MAX_STEP_HOURS)] = None,
) -> Answer:
    """Other words, hours or another day for a step."""
    desk = await Desk.open(context)
    if what is None and by is None and hours is None:
        if not context.forms:
            raise MissingOption("what")
        return _edit_form(desk, desk.plan.step(step))
    await desk.save(
        plan_edits.edit(desk.plan, step, desk.today, text=what, hours=hours, due=by), f"edit of step {step}"
    )
    return plan_card(desk, f"Changed: {short(desk.plan.step(step).text, 100)}")


def _edit_form(desk: Desk, step: PlanStep) -> Answer:
    """The step as it stands, to be changed."""
    if not step.active:
        return plan_card(desk, settled(step))
    due = step.due.isoformat() if step.due and step.due >= desk.today else ""
    asked = (
        Field("what", "What you will do", "long_text", required=False, value=short(step.text, 300), max_length=300),
        Field("by", "By when", required=False, value=due, hint="fri, in 2 weeks, 2026-12-01"),
        Field("hours", "How many hours it takes", required=False, value=str(step.hours)),
    )
    return Form(f"Change step {step.number}", f"plan edit {step.number}", asked, "Keep")


@registry.command("plan move", "Plan a step for another week.", writes=True, examples=("plan move 2 to:2026-12-14",))
async def plan_move(
    context: Context,
    step: StepNumber,
    to: Annotated[date | None, Option("A day in the week that you want it in")] = None,
) -> Answer:
    """Not before that week; the others close up."""
    if to is None:
        raise MissingOption("to")
    desk = await Desk.open(context)
    await desk.save(plan_edits.move(desk.plan, step, to, desk.today), f"step {step} moved")
    return plan_card(desk, _moved(desk.plan.step(step), monday(to)))


def _moved(step: PlanStep, wanted: date) -> str:
    """Where a step has come to lie, which may be later than its learner wanted."""
    begins = step.allocations[0].week if step.allocations else None
    if begins is None or begins <= wanted:
        return f"Step {step.number} is planned for the week of {wanted:%-d %B %Y}."
    return (
        f"Step {step.number} now starts in the week of {begins:%-d %B %Y}: before that, the hours go to steps that "
        "come first, or the week is off."
    )


@registry.command("plan pace", "How many hours a week you have.", writes=True, examples=("plan pace 3",))
async def plan_pace(
    context: Context,
    hours: Annotated[int | None, Option("Hours a week", low=MIN_HOURS_PER_WEEK, high=MAX_HOURS_PER_WEEK)] = None,
) -> Answer:
    """Another number of hours a week; the steps re-flow."""
    if hours is None:
        raise MissingOption("hours")
    desk = await Desk.open(context)
    before = desk.plan
    await desk.save(plan_edits.set_hours_per_week(desk.plan, hours, desk.today), f"{hours} hours a week")
    said = f"{hours} hours a week from now on."
    if desk.plan.end_date and before.end_date and desk.plan.end_date != before.end_date:
        said += f" The plan now ends in the week of {monday(desk.plan.end_date):%-d %B %Y}."
    return plan_card(desk, said)


@registry.command("plan undo", "Take back the last change of your plan.", writes=True)
async def plan_undo(
    context: Context,
    seen: Annotated[int | None, Option("The version of the plan that was shown", keyword_only=True)] = None,
) -> Answer:
    """What was before the last change, exactly. A button undoes only what its card has shown: a second press nothing."""
    looked = await Desk.open(context, shown=False)
    undone = await context.uow.plans.undo(context.caller.user_id, context.pack.info.role, looked.week, seen)
    desk = await Desk.open(context)
    if undone is None:
        return plan_card(desk, _NOT_UNDONE if seen is not None else "There is nothing left to undo.")
    said = f"Undone: {undone[1]}."
    until = desk.learner.paused_until
    if looked.off and not desk.off:
        await context.uow.checkins.take_up(context.caller.user_id, context.pack.info.role, desk.week)
    if until and desk.today < until != looked.learner.paused_until:
        said += f" You are on a break until {until:%A, %-d %B %Y}."
    return plan_card(desk, said)


_NOT_UNDONE = "Nothing was undone: your plan has changed since that card, or there is nothing left to undo."


def settled(step: PlanStep) -> str:
    """Why a step stays as it is."""
    if step.state is StepState.DONE:
        return f"Step {step.number} is done already; it stays that way."
    return f"Step {step.number} was dropped earlier; add it again if you want it back."
