"""`plan show | step | add | edit | doing | done | block | drop | move | pace | undo`: keeping a plan."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Annotated

from mentorbot.cards import Answer, Button, Buttons, Card, Choice, Field, Form, Paragraph, words
from mentorbot.commands.call import Call
from mentorbot.commands.declare import Option, registry
from mentorbot.commands.desk import Desk
from mentorbot.commands.forms import MissingOption
from mentorbot.commands.plan_cards import plan_card, step_card
from mentorbot.commands.tips import all_tips
from mentorbot.commands.values import short
from mentorbot.errors import BadValue, NotFound
from mentorbot.learning import changes
from mentorbot.learning.plan import MAX_PACE, MAX_STEP_HOURS, MIN_PACE, Step, monday
from mentorbot.packs.model import Pack

registry.group("plan", "Your own learning plan.")


async def suggest_steps(call: Call, _: str) -> tuple[Choice, ...]:
    """The caller's steps that are not settled."""
    plan = (await call.unit.plans.get(call.caller.person, call.pack.info.role)).plan
    return tuple(Choice(f"{step.number}. {short(step.text, 80)}", str(step.number)) for step in plan.active)


StepNumber = Annotated[int, Option("The step's number", suggest=suggest_steps, low=1, high=999_999)]


def _extents(_: Pack) -> tuple[Choice, ...]:
    return Choice("This week", "week"), Choice("All steps", "all")


@registry.command("plan show", "Your open steps: this week, or all.", examples=("plan show", "plan show all"))
async def plan_show(
    call: Call, what: Annotated[str | None, Option("This week, or all steps", choices=_extents)] = None
) -> Answer:
    """What fits this week, and what comes next; or every step."""
    return plan_card(await Desk.open(call), everything=what == "all")


@registry.command("plan step", "One step: why it is there, its hours, what proves it.", examples=("plan step 2",))
async def plan_step(call: Call, step: StepNumber) -> Answer:
    """Everything about one step."""
    desk = await Desk.open(call, shown=False)
    return step_card(desk.plan.step(step))


@registry.command(
    "plan add",
    "Add a step to your plan.",
    writes=True,
    examples=('plan add "Draw our inference path" by:fri', "plan add Read one post-mortem by:2026-12-01"),
)
async def plan_add(
    call: Call,
    what: Annotated[str | None, Option("What you will do", rest=True, max_length=300, long=True)] = None,
    by: Annotated[date | None, Option("By when")] = None,
    hours: Annotated[int | None, Option("How many hours it takes", low=1, high=MAX_STEP_HOURS)] = None,
    tip: Annotated[str | None, Option("A tip to add, by its id", named_only=True)] = None,
) -> Answer:
    """Keep a step. A tip that is in the plan already is not added twice."""
    text, origin = _from_tip(call, tip) if tip is not None else (what, "")
    if text is None:
        raise MissingOption("what")
    desk = await Desk.open(call)
    if origin and (known := desk.plan.made_from(origin)):
        return plan_card(desk, f"That is step {known.number} already.")
    plan, step = changes.add(desk.plan, Step(0, text, hours or 1, due=by, origin=origin), desk.today)
    await desk.save(plan, f"add {short(text, 80)}")
    return plan_card(desk, f"Added as step {step.number}.")


def _from_tip(call: Call, wanted: str) -> tuple[str, str]:
    found = all_tips(call.pack).get(wanted)
    if found is None:
        raise NotFound("That tip is no longer in the pack, so I cannot add it.", tries=("tip",))
    return f"{found[0].title} ({found[0].minutes} minutes)", f"tip:{wanted}"


@registry.command(
    "plan edit",
    "Change a step's words, hours or day.",
    writes=True,
    examples=("plan edit 2 hours:6", "plan edit 2 by:fri"),
)
async def plan_edit(
    call: Call,
    step: StepNumber,
    what: Annotated[str | None, Option("What you will do", rest=True, max_length=300, long=True)] = None,
    by: Annotated[date | None, Option("By when")] = None,
    hours: Annotated[int | None, Option("How many hours it takes", low=1, high=MAX_STEP_HOURS)] = None,
) -> Answer:
    """Other words, hours or another day for a step."""
    desk = await Desk.open(call)
    if what is None and by is None and hours is None:
        if not call.forms:
            raise MissingOption("what")
        return _edit_form(desk, desk.plan.step(step))
    await desk.save(changes.edit(desk.plan, step, desk.today, text=what, hours=hours, due=by), f"edit of step {step}")
    return plan_card(desk, f"Changed: {short(desk.plan.step(step).text, 100)}")


def _edit_form(desk: Desk, step: Step) -> Answer:
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


@registry.command(
    "plan doing", "Begin a step, or put down hours worked on it.", writes=True, examples=("plan doing 2",)
)
async def plan_doing(
    call: Call,
    step: StepNumber,
    hours: Annotated[int, Option("Hours that you worked on it this week", low=1, high=MAX_STEP_HOURS)] = 0,
) -> Answer:
    """Put a step under way. One that is blocked goes on."""
    desk = await Desk.open(call)
    before = desk.plan.step(step)
    if not before.active:
        return plan_card(desk, settled(before))
    await desk.save(changes.mark(desk.plan, step, "doing", desk.today, hours=hours), f"step {step} under way")
    return plan_card(desk, f"Under way: {short(before.text, 100)}.{_put_down(before, desk.plan.step(step), hours)}")


def _put_down(before: Step, after: Step, hours: int) -> str:
    """Which of the `hours` worked could be put down; a step takes no more than it has."""
    if not hours:
        return ""
    kept = after.spent - before.spent
    more = (
        "" if kept == hours else f" It has {after.hours} h in all; change that with /mentor plan edit {after.number}."
    )
    return f" {kept} h put down.{more}"


LINK = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
MAX_EVIDENCE = 500


@registry.command(
    "plan done",
    "Mark a step as done, with evidence if you have it.",
    writes=True,
    examples=("plan done 2", "plan done 2 evidence:https://example.org/design"),
)
async def plan_done(
    call: Call,
    step: StepNumber,
    evidence: Annotated[str | None, Option("A link that proves it", max_length=MAX_EVIDENCE, long=True)] = None,
) -> Answer:
    """Settle a step as done; a second time changes nothing but the evidence."""
    if evidence is not None and not LINK.search(evidence):
        raise BadValue(
            "Evidence needs a link that somebody else can open, like https://example.org/design. "
            "Add one, or mark the step as done without it and add the link later.",
            option="evidence",
            tries=(),
        )
    desk = await Desk.open(call)
    before = desk.plan.step(step)
    if before.state == "dropped":
        return plan_card(desk, settled(before))
    await desk.save(changes.mark(desk.plan, step, "done", desk.today, evidence=evidence or ""), f"step {step} done")
    return await _with_praise(desk, before, evidence)


async def _with_praise(desk: Desk, before: Step, evidence: str | None) -> Card:
    said = f"Done: {short(before.text, 100)}"
    if before.state == "done":
        said = "Evidence kept." if evidence else f"Step {before.number} is done already; it stays that way."
    card = plan_card(desk, said)
    buttons = [] if evidence or before.evidence else [Button("Add evidence", f"plan done {before.number} evidence:?")]
    known = {**desk.implied(), **{one.skill: one.level for one in await desk.assessments()}}
    buttons += [
        Button(f"I am at level {level} now: {short(name, 40)}", f"assess {skill}:{level}")
        for skill, name, level in _raised(desk.call.pack, before)
        if level > known.get(skill, 0)
    ]
    return replace(card, blocks=(card.blocks[0], Buttons(tuple(buttons)), *card.blocks[1:])) if buttons else card


def _raised(pack: Pack, step: Step) -> list[tuple[str, str, int]]:
    """What a finished milestone can raise: the skill's id, its name and the level."""
    names = {skill.id: skill.title for skill in pack.skills}
    milestones = (one for part in pack.path for one in part.milestones if step.origin == f"milestone:{one.id}")
    return [(skill, names[skill], level) for one in milestones for skill, level in one.raises.items()]


@registry.command(
    "plan block", "Say what is in the way of a step.", writes=True, examples=("plan block 2 why:No GPU quota",)
)
async def plan_block(
    call: Call,
    step: StepNumber,
    why: Annotated[str | None, Option("What is in the way", rest=True, max_length=300, long=True)] = None,
) -> Answer:
    """Put down what blocks a step; its hours of this week go to the others."""
    if why is None:
        raise MissingOption("why")
    desk = await Desk.open(call)
    before = desk.plan.step(step)
    if not before.active:
        return plan_card(desk, settled(before))
    await desk.save(changes.mark(desk.plan, step, "blocked", desk.today, blocker=why), f"step {step} blocked")
    return plan_card(desk, f"Blocked: {short(before.text, 100)}. Its hours this week go to your other steps.")


def _what_goes(_: Pack) -> tuple[Choice, ...]:
    return Choice("Keep the steps that build on it", "keep"), Choice("Drop them too", "drop")


@registry.command("plan drop", "Take a step out of your plan.", writes=True, examples=("plan drop 2",))
async def plan_drop(
    call: Call,
    step: StepNumber,
    others: Annotated[str | None, Option("What becomes of steps that build on it", choices=_what_goes)] = None,
) -> Answer:
    """Settle a step as dropped; asks first when others build on it."""
    desk = await Desk.open(call)
    before = desk.plan.step(step)
    if not before.active:
        return plan_card(desk, settled(before))
    built = desk.plan.dependents(step)
    if built and others is None:
        return _what_of_the_others(before, built)
    await desk.save(changes.drop(desk.plan, step, desk.today, dependents=others == "drop"), f"step {step} dropped")
    also = f", and with it {_named(built).lower()}" if built and others == "drop" else ""
    return plan_card(desk, f"Dropped: {short(before.text, 100)}{also}")


def _what_of_the_others(step: Step, built: tuple[Step, ...]) -> Card:
    text = words(
        f"{_named(built)} build{'s' if len(built) == 1 else ''} on “{short(step.text, 100)}”. ",
        "If you can already do it, keep them. If not, drop them too.",
    )
    buttons = (
        Button("I can do it, keep them", f"plan drop {step.number} others:keep", "primary"),
        Button("Drop them too", f"plan drop {step.number} others:drop", "danger"),
        Button("Change nothing", "plan show"),
    )
    return Card("Other steps build on this one", (Paragraph(text), Buttons(buttons)))


def _named(steps: tuple[Step, ...]) -> str:
    numbers = [str(step.number) for step in steps]
    return f"Step {numbers[0]}" if len(numbers) == 1 else f"Steps {', '.join(numbers[:-1])} and {numbers[-1]}"


@registry.command("plan move", "Plan a step for another week.", writes=True, examples=("plan move 2 to:2026-12-14",))
async def plan_move(
    call: Call, step: StepNumber, to: Annotated[date | None, Option("A day in the week that you want it in")] = None
) -> Answer:
    """Not before that week; the others close up."""
    if to is None:
        raise MissingOption("to")
    desk = await Desk.open(call)
    await desk.save(changes.move(desk.plan, step, to, desk.today), f"step {step} moved")
    return plan_card(desk, _moved(desk.plan.step(step), monday(to)))


def _moved(step: Step, wanted: date) -> str:
    """Where a step has come to lie, which may be later than its learner wanted."""
    begins = step.shares[0].week if step.shares else None
    if begins is None or begins <= wanted:
        return f"Step {step.number} is planned for the week of {wanted:%-d %B %Y}."
    return (
        f"Step {step.number} now starts in the week of {begins:%-d %B %Y}: before that, the hours go to steps that "
        "come first, or the week is off."
    )


@registry.command("plan pace", "How many hours a week you have.", writes=True, examples=("plan pace 3",))
async def plan_pace(
    call: Call, hours: Annotated[int | None, Option("Hours a week", low=MIN_PACE, high=MAX_PACE)] = None
) -> Answer:
    """Another number of hours a week; the steps re-flow."""
    if hours is None:
        raise MissingOption("hours")
    desk = await Desk.open(call)
    before = desk.plan
    await desk.save(changes.set_pace(desk.plan, hours, desk.today), f"{hours} hours a week")
    said = f"{hours} hours a week from now on."
    if desk.plan.finish and before.finish and desk.plan.finish != before.finish:
        said += f" The plan now ends in the week of {monday(desk.plan.finish):%-d %B %Y}."
    return plan_card(desk, said)


@registry.command("plan undo", "Take back the last change of your plan.", writes=True)
async def plan_undo(
    call: Call, seen: Annotated[int | None, Option("The version of the plan that was shown", named_only=True)] = None
) -> Answer:
    """What was before the last change, exactly. A button undoes only what its card has shown: a second press nothing."""
    looked = await Desk.open(call, shown=False)
    undone = await call.unit.plans.undo(call.caller.person, call.pack.info.role, looked.week, seen)
    desk = await Desk.open(call)
    if undone is None:
        return plan_card(desk, _NOT_UNDONE if seen is not None else "There is nothing left to undo.")
    if looked.off and not desk.off:
        await desk.come_back()
    return plan_card(desk, f"Undone: {undone[1]}.")


_NOT_UNDONE = "Nothing was undone: your plan has changed since that card, or there is nothing left to undo."


def settled(step: Step) -> str:
    """Why a step stays as it is."""
    if step.state == "done":
        return f"Step {step.number} is done already; it stays that way."
    return f"Step {step.number} was dropped earlier; add it again if you want it back."
