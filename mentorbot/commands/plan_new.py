"""`plan new | keep`: a plan for a title, shown before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from mentorbot.cards import (
    Answer,
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Note,
    Paragraph,
    Words,
    bold,
    italic,
    words,
)
from mentorbot.commands.call import Call
from mentorbot.commands.declare import Option, registry
from mentorbot.commands.desk import Desk, needs, title_name
from mentorbot.commands.forms import MissingOption
from mentorbot.commands.line import format_line
from mentorbot.commands.plan_cards import plan_card, when
from mentorbot.learning import changes
from mentorbot.learning.plan import MAX_PACE, MIN_PACE, Plan, monday
from mentorbot.learning.route import Aim, Work, build, enough_hours, gaps, too_late
from mentorbot.packs.model import Pack


def titles(pack: Pack) -> tuple[Choice, ...]:
    """The titles of the pack."""
    return tuple(Choice(entry.name, entry.id) for entry in pack.titles.titles)


Title = Annotated[str | None, Option("The title you aim at", choices=titles)]
By = Annotated[date | None, Option("By when you want to be there")]
Hours = Annotated[int | None, Option("Hours a week that you have", low=MIN_PACE, high=MAX_PACE)]
Current = Annotated[str | None, Option("The title you have today", choices=titles)]


def work_of(pack: Pack) -> tuple[Work, ...]:
    """The pack's milestones as work for a plan, in the order of the path."""
    return tuple(
        Work(one.id, one.title, one.hours, one.raises, one.requires, one.evidence)
        for part in pack.path
        for one in part.milestones
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that is not kept yet, and what it was made from. `gaps` counts levels to climb, over all skills."""

    plan: Plan
    title: str
    by: date | None
    hours: int
    gaps: int
    basis: str


async def _draft(desk: Desk, title: str, by: date | None, hours: int | None) -> Draft:
    """The plan for `title` from where the learner stands. Work that is done already is not planned again."""
    call, pace = desk.call, hours or desk.plan.pace
    names = {skill.id: skill.title for skill in call.pack.skills}
    aim = Aim(title, await desk.levels(), needs(call, title), names)
    plan = build(_still_to_do(desk), aim, pace=pace, by=by, today=desk.today)
    found = gaps(aim.have, aim.need)
    return Draft(plan, title, by, pace, sum(gap.need - gap.have for gap in found), await _basis(desk))


def _still_to_do(desk: Desk) -> Sequence[Work]:
    done = {step.origin for step in desk.plan.steps if step.state == "done"}
    return [one for one in work_of(desk.call.pack) if f"milestone:{one.id}" not in done]


async def _basis(desk: Desk) -> str:
    """In one line, where the levels come from."""
    assessed = {one.skill for one in await desk.assessments()}
    name = title_name(desk.call, desk.learner.current_title)
    rest = f"what your title {name} implies" if name else "level 0"
    if len(assessed) == len(desk.call.pack.skills):
        return "It starts from your own assessment."
    if assessed:
        return f"It starts from your own assessment, and from {rest} for the skills that you have not looked at yet."
    if name:
        return f"You have not assessed yourself yet, so it starts from {rest}."
    return (
        "You have not assessed yourself yet and I do not know the title you have, so it starts from level 0. "
        "Assess yourself, or tell me your title, and it gets shorter."
    )


@registry.command(
    "plan new",
    "Make a plan for a title; you see it before it is kept.",
    examples=("plan new ai-solutions-architect by:2027-09-01 hours:5", "plan new ai-architect current:ml-architect"),
)
async def plan_new(
    call: Call, title: Title = None, by: By = None, hours: Hours = None, current: Current = None
) -> Answer:
    """The plan as it would be. Nothing is kept but the learner's present title, if they tell it."""
    desk = await Desk.open(call)
    if current is not None:
        await call.unit.people.ensure(call.caller.person, call.caller.name)
        await call.unit.learners.set_current_title(call.caller.person, call.pack.info.role, current)
        desk.learner = replace(desk.learner, current_title=current)
    title = title or desk.plan.title or None
    if title is None:
        raise MissingOption("title")
    return await _draft_card(desk, await _draft(desk, title, by, hours))


async def _draft_card(desk: Desk, draft: Draft) -> Card:
    name, plan = title_name(desk.call, draft.title), draft.plan
    if not plan.steps:
        return _nothing_to_learn(name, draft)
    blocks: list[Block] = [Paragraph(words(bold(_in_short(plan, draft)), " ", _ending(plan))), Note(words(draft.basis))]
    buttons = [Button("Keep this plan", _line("plan keep", draft), "primary")]
    if too_late(plan):
        blocks.append(Paragraph(words(_how_late(plan), " Three honest ways out:")))
        blocks.append(Buttons(tuple(await _ways_out(desk, draft))))
        buttons = [Button("Keep it as it is", _line("plan keep", draft))]
    blocks.append(Bullets(tuple(_step_line(plan, number) for number in range(len(plan.steps))), numbered=True))
    if desk.plan.active and desk.plan.title:
        blocks.append(
            Note(words("Keeping it drops open steps of your present plan that are not in this one. Your own stay."))
        )
    blocks.append(Buttons((*buttons, Button("Assess myself", "assess"), Button("Another title", "plan new title:?"))))
    return Card(f"A plan: {name}", tuple(blocks))


def _in_short(plan: Plan, draft: Draft) -> str:
    steps = f"{len(plan.steps)} step" + ("s" if len(plan.steps) != 1 else "")
    return f"{draft.gaps} level{'s' if draft.gaps != 1 else ''} to climb, {steps}, {plan.all_hours} hours."


def _ending(plan: Plan) -> str:
    if plan.finish is None or any(step.active and not step.shares for step in plan.steps):
        return f"At {plan.pace} hours a week it takes more than ten years."
    return f"At {plan.pace} hours a week it ends in the week of {monday(plan.finish):%-d %B %Y}."


def _how_late(plan: Plan) -> str:
    if plan.finish is None or plan.by is None:
        return ""
    weeks = (monday(plan.finish) - monday(plan.by)).days // 7
    return f"That is {weeks} week{'s' if weeks != 1 else ''} after {plan.by:%-d %B %Y}."


def _step_line(plan: Plan, place: int) -> Words:
    step = plan.steps[place]
    return words(bold(step.text), italic(f"  {when(step)}"), f"\nWhy: {step.reason}.\nProves it: {step.proof}")


def _nothing_to_learn(name: str, draft: Draft) -> Card:
    text = Paragraph(
        words(f"You have the levels that {name} asks for. Choose a higher title, or prove them: /mentor portfolio.")
    )
    return Card(f"A plan: {name}", (text, Note(words(draft.basis)), Buttons((Button("Assess myself", "assess"),))))


async def _ways_out(desk: Desk, draft: Draft) -> list[Button]:
    """A later date, more hours, a smaller target; what there is of them."""
    ways = []
    finish = draft.plan.finish
    if finish and not any(step.active and not step.shares for step in draft.plan.steps):
        ways.append(Button(f"Later: by {finish:%-d %b %Y}", _line("plan new", replace(draft, by=finish))))
    if more := enough_hours(draft.plan, desk.today):
        ways.append(Button(f"{more} hours a week", _line("plan new", replace(draft, hours=more))))
    if smaller := await _smaller(desk, draft):
        name = title_name(desk.call, smaller.title)
        ways.append(Button(f"Aim at {name}", _line("plan new", smaller)))
    return ways


async def _smaller(desk: Desk, draft: Draft) -> Draft | None:
    """The title that asks for most among those that fit; when none fits, the one with the least work, if it is less."""
    others = [
        await _draft(desk, title.id, draft.by, draft.hours)
        for title in desk.call.pack.titles.titles
        if title.id != draft.title
    ]
    fitting = [other for other in others if other.plan.steps and not too_late(other.plan)]
    if fitting:
        return max(fitting, key=lambda other: sum(needs(desk.call, other.title).values()))
    least = min(others, key=lambda other: other.plan.all_hours, default=None)
    return least if least and 0 < least.plan.all_hours < draft.plan.all_hours else None


def _line(command: str, draft: Draft) -> str:
    given = {"title": draft.title, "hours": str(draft.hours)} | ({"by": draft.by.isoformat()} if draft.by else {})
    return format_line(command.split(), given)


@registry.command(
    "plan keep", "Keep the plan that was shown.", writes=True, examples=("plan keep ai-architect hours:5",)
)
async def plan_keep(call: Call, title: Title = None, by: By = None, hours: Hours = None) -> Answer:
    """Make the same plan again, and keep it. What is done and the learner's own steps stay."""
    desk = await Desk.open(call)
    title = title or desk.plan.title or None
    if title is None:
        raise MissingOption("title")
    draft = await _draft(desk, title, by, hours)
    if not draft.plan.steps:
        return _nothing_to_learn(title_name(call, title), draft)
    await desk.save(changes.retarget(desk.plan, draft.plan, desk.today), f"the plan for {title_name(call, title)}")
    card = plan_card(desk, f"Kept. You are on the way to {title_name(call, title)}.")
    ways_on = Buttons(
        (Button("A weekly check-in", "checkin settings", "primary"), Button("Find a mentor", "pair request any"))
    )
    return replace(card, blocks=(card.blocks[0], ways_on, *card.blocks[1:]))
