"""`plan new | keep`: a plan for a title, shown before it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from mentorbot.chat.cards import (
    Answer,
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Footnote,
    Paragraph,
    RichText,
    bold,
    italic,
    rich,
)
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk, needs, title_name
from mentorbot.commands.plan_cards import plan_card, when
from mentorbot.commands.plan_draft import Draft, draft_for
from mentorbot.domain.curriculum import hours_to_meet_target_date, misses_target_date
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MIN_HOURS_PER_WEEK, Plan, PlanStep, monday
from mentorbot.packs.schema import Pack
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.slash.tokenizer import format_line


def titles(pack: Pack) -> tuple[Choice, ...]:
    """The titles of the pack."""
    return tuple(Choice(entry.name, entry.id) for entry in pack.titles.titles)


Title = Annotated[str | None, Option("The title you aim at", choices=titles)]
By = Annotated[date | None, Option("By when you want to be there")]
Hours = Annotated[int | None, Option("Hours a week that you have", low=MIN_HOURS_PER_WEEK, high=MAX_HOURS_PER_WEEK)]
Current = Annotated[str | None, Option("The title you have today", choices=titles)]


@registry.command(
    "plan new",
    "Make a plan for a title; you see it before it is kept.",
    examples=("plan new ai-solutions-architect by:2027-09-01 hours:5", "plan new ai-architect current:ml-architect"),
)
async def plan_new(
    context: Context, title: Title = None, by: By = None, hours: Hours = None, current: Current = None
) -> Answer:
    """The plan as it would be. Nothing is kept but the learner's present title, if they tell it."""
    desk = await Desk.open(context, shown=False)
    if current is not None:
        await context.uow.people.ensure(context.caller.user_id, context.caller.name)
        await context.uow.learners.set_current_title(context.caller.user_id, context.pack.info.role, current)
        desk.learner = replace(desk.learner, current_title=current)
    return await _draft_card(desk, await draft_for(desk, title or _present_title(desk), by, hours))


def _present_title(desk: Desk) -> str:
    """The title that the present plan is made for, if the pack still has it."""
    if not any(entry.value == desk.plan.title for entry in titles(desk.context.pack)):
        raise MissingOption("title")
    return desk.plan.title


async def _draft_card(desk: Desk, draft: Draft) -> Card:
    name, late = title_name(desk.context, draft.title), misses_target_date(draft.plan)
    if not draft.steps:
        return _nothing_to_do(name, draft)
    blocks: list[Block] = [Paragraph(rich(bold(_in_short(draft)), " ", _ending(draft))), Footnote(rich(draft.basis))]
    if draft.open:
        blocks.append(Footnote(rich(f"For a part of these the pack has no step left: {', '.join(draft.open)}.")))
    if late:
        blocks += await _how_it_could_fit(desk, draft)
    blocks.append(Bullets(tuple(_step_line(step) for step in draft.steps)))
    if desk.plan.active and desk.plan.title:
        blocks.append(Footnote(rich(_WHAT_GOES)))
    keep = Button("Keep it as it is" if late else "Keep this plan", _line("plan keep", draft), _style(late))
    other = Button("Another title", _line("plan new", replace(draft, title="?")))
    return Card(f"A plan: {name}", (*blocks, Buttons((keep, Button("Assess myself", "assess"), other))))


_WHAT_GOES = (
    "If you keep it, open steps of your present plan that are not in this one are dropped. Your own steps stay."
)


def _style(late: bool) -> Literal["plain", "primary"]:
    return "plain" if late else "primary"


async def _how_it_could_fit(desk: Desk, draft: Draft) -> list[Block]:
    ways = await _ways_out(desk, draft)
    text = Paragraph(rich(_how_late(draft.plan), " You can change one of these:" if ways else ""))
    return [text, Buttons(tuple(ways))] if ways else [text]


def _in_short(draft: Draft) -> str:
    steps = f"{len(draft.steps)} step" + ("s" if len(draft.steps) != 1 else "")
    return f"{draft.gaps} level{'s' if draft.gaps != 1 else ''} to climb, {steps}, {draft.work} hours."


def _ending(draft: Draft) -> str:
    plan = draft.plan
    pace = f"At {plan.hours_per_week} hour{'s' if plan.hours_per_week != 1 else ''} a week"
    if plan.milestones_end is None or draft.endless:
        return f"{pace} it takes more than ten years."
    in_time = f", in time for {plan.target_date:%-d %B %Y}" if plan.target_date and not misses_target_date(plan) else ""
    return f"{pace} it ends in the week of {monday(plan.milestones_end):%-d %B %Y}{in_time}."


def _how_late(plan: Plan) -> str:
    if plan.milestones_end is None or plan.target_date is None:
        return ""
    weeks = (monday(plan.milestones_end) - monday(plan.target_date)).days // 7
    return f"That is {weeks} week{'s' if weeks != 1 else ''} after {plan.target_date:%-d %B %Y}."


def _step_line(step: PlanStep) -> RichText:
    number = bold(f"{step.number}. ")
    return rich(
        number, bold(step.text), italic(f"  {when(step)}"), f"\nWhy: {step.reason}.\nProves it: {step.done_when}"
    )


def _nothing_to_do(name: str, draft: Draft) -> Card:
    text = (
        f"You have the levels that {name} asks for. Choose a higher title, or show what you can do: /mentor portfolio."
    )
    if draft.gaps:
        text = (
            f"You have done every step that the pack has towards {name}, and you put yourself below what it asks for in "
            f"{', '.join(draft.open)}. Look at your levels again, or add steps of your own."
        )
    ways = Buttons((Button("Assess myself", "assess"), Button("Add a step", "plan add")))
    return Card(f"A plan: {name}", (Paragraph(rich(text)), Footnote(rich(draft.basis)), ways))


async def _ways_out(desk: Desk, draft: Draft) -> list[Button]:
    """A later date, more hours, a smaller target; what there is of them."""
    ways = []
    if (finish := draft.plan.milestones_end) and not draft.endless:
        ways.append(Button(f"Later: by {finish:%-d %b %Y}", _line("plan new", replace(draft, by=finish))))
    if more := hours_to_meet_target_date(draft.plan, desk.today):
        ways.append(Button(f"{more} hours a week", _line("plan new", replace(draft, hours=more))))
    if smaller := await _smaller(desk, draft):
        name = title_name(desk.context, smaller.title)
        ways.append(Button(f"Aim at {name}", _line("plan new", smaller)))
    return ways


async def _smaller(desk: Desk, draft: Draft) -> Draft | None:
    """The title that asks for most among those that fit; when none fits, the one with the least work, if it is less."""
    others = [
        await draft_for(desk, title.id, draft.by, draft.hours)
        for title in desk.context.pack.titles.titles
        if title.id != draft.title
    ]
    fitting = [other for other in others if other.steps and not misses_target_date(other.plan)]
    if fitting:
        return max(fitting, key=lambda other: sum(needs(desk.context, other.title).values()))
    least = min((other for other in others if other.steps), key=lambda other: other.work, default=None)
    return least if least and least.work < draft.work else None


def _line(command: str, draft: Draft) -> str:
    given = {"title": draft.title, "hours": str(draft.hours)} | ({"by": draft.by.isoformat()} if draft.by else {})
    return format_line(command.split(), given)


@registry.command(
    "plan keep", "Keep the plan that was shown.", writes=True, examples=("plan keep ai-architect hours:5",)
)
async def plan_keep(context: Context, title: Title = None, by: By = None, hours: Hours = None) -> Answer:
    """Make the same plan again, and keep it. What is done and the learner's own steps stay."""
    desk = await Desk.open(context)
    title = title or _present_title(desk)
    draft = await draft_for(desk, title, by, hours)
    if not draft.steps:
        return _nothing_to_do(title_name(context, title), draft)
    await desk.save(draft.plan, f"the plan for {title_name(context, title)}")
    card = plan_card(desk, f"Kept. You are on the way to {title_name(context, title)}.")
    ways_on = Buttons(
        (Button("A weekly check-in", "checkin settings", "primary"), Button("Find a mentor", "pair request any"))
    )
    return replace(card, blocks=(card.blocks[0], ways_on, *card.blocks[1:]))
