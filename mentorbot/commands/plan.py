"""`plan show | add | done | drop`: a learner's own steps."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from mentorbot.cards import (
    Answer,
    Block,
    Button,
    Buttons,
    Card,
    Choice,
    Note,
    Paragraph,
    Words,
    bold,
    code,
    italic,
    words,
)
from mentorbot.commands.call import Call
from mentorbot.commands.declare import Option, registry
from mentorbot.commands.forms import MissingOption
from mentorbot.commands.tips import all_tips
from mentorbot.commands.values import short
from mentorbot.errors import NotFound
from mentorbot.storage import PlanStep

MAX_STEPS = 100
"""Open steps of one learner. More than this is a backlog, and a card could not show it."""

_WITH_BUTTONS = 5

registry.group("plan", "Your own learning plan.")


async def _open_steps(call: Call) -> list[PlanStep]:
    return await call.unit.plans.steps(call.caller.person, call.pack.info.role, state="open")


async def _suggest_steps(call: Call, _: str) -> tuple[Choice, ...]:
    return tuple(Choice(f"{step.number}. {short(step.text, 80)}", str(step.number)) for step in await _open_steps(call))


@registry.command("plan show", "Your open steps.", examples=("plan show",))
async def plan_show(call: Call) -> Answer:
    """The caller's open steps, soonest first."""
    return await _plan_card(call)


async def _plan_card(call: Call, *news: str) -> Card:
    """The plan as it stands now; `news` is what has just happened."""
    every = await call.unit.plans.steps(call.caller.person, call.pack.info.role)
    steps = sorted(
        (step for step in every if step.state == "open"), key=lambda step: (step.due or date.max, step.number)
    )
    done = sum(step.state == "done" for step in every)
    blocks: list[Block] = [Paragraph(words(bold(line))) for line in news]
    if not steps:
        blocks.append(
            Paragraph(words("No open steps. Add one with ", code("/mentor plan add Read one design document"), "."))
        )
    for place, step in enumerate(steps):
        blocks.append(Paragraph(_step_words(step)))
        if place < _WITH_BUTTONS:
            blocks.append(_step_buttons(step))
    if len(steps) > _WITH_BUTTONS:
        blocks.append(
            Note(words("For the others: ", code("/mentor plan done 3"), " or ", code("/mentor plan drop 3"), "."))
        )
    blocks.append(Note(words(f"{len(steps)} open · {done} done. Only you see this.")))
    blocks.append(Buttons((Button("Add a step", "plan add", "primary"), Button("Get a tip", "tip"))))
    return Card("Your plan", tuple(blocks))


def _step_words(step: PlanStep) -> Words:
    due = italic(f"  by {step.due:%a %-d %b %Y}") if step.due else ""
    return words(bold(f"{step.number}. "), step.text, due)


def _step_buttons(step: PlanStep) -> Buttons:
    return Buttons((Button("Done", f"plan done {step.number}"), Button("Drop", f"plan drop {step.number}")))


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
    tip: Annotated[str | None, Option("A tip to add, by its id", named_only=True)] = None,
) -> Answer:
    """Keep a step. A tip that is in the plan already is not added twice."""
    if tip is not None:
        return await _add(call, *_from_tip(call, tip), by)
    if what is None:
        raise MissingOption("what")
    return await _add(call, what, "", by)


def _from_tip(call: Call, wanted: str) -> tuple[str, str]:
    found = all_tips(call.pack).get(wanted)
    if found is None:
        raise NotFound("That tip is no longer in the pack, so I cannot add it.", tries=("tip",))
    return f"{found[0].title} ({found[0].minutes} minutes)", f"tip:{wanted}"


async def _add(call: Call, text: str, origin: str, by: date | None) -> Card:
    if len(await _open_steps(call)) >= MAX_STEPS:
        raise NotFound(f"Your plan has {MAX_STEPS} open steps. Finish or drop one first.", tries=("plan show",))
    await call.unit.people.ensure(call.caller.person, call.caller.name)
    step, created = await call.unit.plans.add(call.caller.person, call.pack.info.role, text, due=by, origin=origin)
    return await _plan_card(
        call, f"Added as step {step.number}." if created else f"That is step {step.number} already."
    )


@registry.command("plan done", "Mark a step as done.", writes=True, examples=("plan done 2",))
async def plan_done(
    call: Call,
    step: Annotated[int, Option("The step's number", suggest=_suggest_steps, low=1, high=999_999)],
) -> Answer:
    """Settle a step as done; a second time changes nothing."""
    settled = await call.unit.plans.settle(call.caller.person, call.pack.info.role, step, "done")
    return await _plan_card(
        call, f"Done: {short(settled.text, 100)}" if settled.state == "done" else _was_dropped(settled)
    )


@registry.command("plan drop", "Take a step out of your plan.", writes=True, examples=("plan drop 2",))
async def plan_drop(
    call: Call,
    step: Annotated[int, Option("The step's number", suggest=_suggest_steps, low=1, high=999_999)],
) -> Answer:
    """Settle a step as dropped; a second time changes nothing."""
    settled = await call.unit.plans.settle(call.caller.person, call.pack.info.role, step, "dropped")
    return await _plan_card(
        call, f"Dropped: {short(settled.text, 100)}" if settled.state == "dropped" else _was_done(settled)
    )


def _was_dropped(step: PlanStep) -> str:
    return f"Step {step.number} was dropped earlier; add it again if you want it back."


def _was_done(step: PlanStep) -> str:
    return f"Step {step.number} is done already; it stays that way."
