"""`plan doing | done | block | drop`: how a step stands."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated

from mentorbot.chat.cards import Answer, Button, Buttons, Card, Choice, Paragraph, rich
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk
from mentorbot.commands.plan import StepNumber, settled
from mentorbot.commands.plan_cards import plan_card
from mentorbot.domain import plan_edits
from mentorbot.domain.plan import MAX_STEP_HOURS, PlanStep, StepState
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option


@registry.command(
    "plan doing", "Begin a step, or put down hours worked on it.", writes=True, examples=("plan doing 2",)
)
async def plan_doing(
    context: Context,
    step: StepNumber,
    hours: Annotated[int, Option("Hours that you worked on it this week", low=1, high=MAX_STEP_HOURS)] = 0,
) -> Answer:
    """Put a step under way. One that is blocked goes on."""
    desk = await Desk.open(context)
    before = desk.plan.step(step)
    if not before.active:
        return plan_card(desk, settled(before))
    await desk.save(
        plan_edits.mark(desk.plan, step, StepState.DOING, desk.today, hours=hours), f"step {step} under way"
    )
    return plan_card(desk, f"Under way: {short(before.text, 100)}.{_put_down(before, desk.plan.step(step), hours)}")


def _put_down(before: PlanStep, after: PlanStep, hours: int) -> str:
    """Which of the `hours` worked could be put down; a step takes no more than it has."""
    if not hours:
        return ""
    kept = after.hours_logged - before.hours_logged
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
    context: Context,
    step: StepNumber,
    evidence: Annotated[str | None, Option("A link that proves it", max_length=MAX_EVIDENCE, multiline=True)] = None,
) -> Answer:
    """Settle a step as done; a second time changes nothing but the evidence."""
    if evidence is not None and not LINK.search(evidence):
        raise BadValue(
            "Evidence needs a link that somebody else can open, like https://example.org/design. "
            "Add one, or mark the step as done without it and add the link later.",
            option="evidence",
            suggestions=(),
        )
    desk = await Desk.open(context)
    before = desk.plan.step(step)
    if before.state is StepState.DROPPED:
        return plan_card(desk, settled(before))
    await desk.save(
        plan_edits.mark(desk.plan, step, StepState.DONE, desk.today, evidence=evidence or ""), f"step {step} done"
    )
    return await _with_praise(desk, before, evidence)


async def _with_praise(desk: Desk, before: PlanStep, evidence: str | None) -> Card:
    said = f"Done: {short(before.text, 100)}"
    if before.state is StepState.DONE:
        said = "Evidence kept." if evidence else f"Step {before.number} is done already; it stays that way."
    card = plan_card(desk, said)
    buttons = [] if evidence or before.evidence else [Button("Add evidence", f"plan done {before.number} evidence:?")]
    known = {**desk.implied(), **{one.skill: one.level for one in await desk.assessments()}}
    buttons += [
        Button(f"I am at level {level} now: {short(name, 40)}", f"assess {skill}:{level}")
        for skill, name, level in _raised(desk.context.pack, before)
        if level > known.get(skill, 0)
    ]
    return replace(card, blocks=(card.blocks[0], Buttons(tuple(buttons)), *card.blocks[1:])) if buttons else card


def _raised(pack: Pack, step: PlanStep) -> list[tuple[str, str, int]]:
    """What a finished milestone can raise: the skill's id, its name and the level."""
    names = {skill.id: skill.title for skill in pack.skills}
    milestones = (one for part in pack.path for one in part.milestones if step.origin == f"milestone:{one.id}")
    return [(skill, names[skill], level) for one in milestones for skill, level in one.raises.items()]


@registry.command(
    "plan block", "Say what is in the way of a step.", writes=True, examples=("plan block 2 why:No GPU quota",)
)
async def plan_block(
    context: Context,
    step: StepNumber,
    why: Annotated[str | None, Option("What is in the way", greedy=True, max_length=300, multiline=True)] = None,
) -> Answer:
    """Put down what blocks a step; its hours of this week go to the others."""
    if why is None:
        raise MissingOption("why")
    desk = await Desk.open(context)
    before = desk.plan.step(step)
    if not before.active:
        return plan_card(desk, settled(before))
    await desk.save(
        plan_edits.mark(desk.plan, step, StepState.BLOCKED, desk.today, blocker=why), f"step {step} blocked"
    )
    return plan_card(desk, f"Blocked: {short(before.text, 100)}. Its hours this week go to your other steps.")


def _what_goes(_: Pack) -> tuple[Choice, ...]:
    return Choice("Keep the steps that build on it", "keep"), Choice("Drop them too", "drop")


@registry.command("plan drop", "Take a step out of your plan.", writes=True, examples=("plan drop 2",))
async def plan_drop(
    context: Context,
    step: StepNumber,
    others: Annotated[str | None, Option("What becomes of steps that build on it", choices=_what_goes)] = None,
) -> Answer:
    """Settle a step as dropped; asks first when others build on it."""
    desk = await Desk.open(context)
    before = desk.plan.step(step)
    if not before.active:
        return plan_card(desk, settled(before))
    built = desk.plan.dependents(step)
    if built and others is None:
        return _what_of_the_others(before, built)
    await desk.save(plan_edits.drop(desk.plan, step, desk.today, dependents=others == "drop"), f"step {step} dropped")
    also = f", and with it {_named(built).lower()}" if built and others == "drop" else ""
    return plan_card(desk, f"Dropped: {short(before.text, 100)}{also}")


def _what_of_the_others(step: PlanStep, built: tuple[PlanStep, ...]) -> Card:
    text = rich(
        f"{_named(built)} build{'s' if len(built) == 1 else ''} on “{short(step.text, 100)}”. ",
        "If you can already do it, keep them. If not, drop them too.",
    )
    buttons = (
        Button("I can do it, keep them", f"plan drop {step.number} others:keep", "primary"),
        Button("Drop them too", f"plan drop {step.number} others:drop", "danger"),
        Button("Change nothing", "plan show"),
    )
    return Card("Other steps build on this one", (Paragraph(text), Buttons(buttons)))


def _named(steps: tuple[PlanStep, ...]) -> str:
    numbers = [str(step.number) for step in steps]
    return f"Step {numbers[0]}" if len(numbers) == 1 else f"Steps {', '.join(numbers[:-1])} and {numbers[-1]}"
