"""`assess`: a learner's own view of each skill, in words that others could observe, and `my levels` against a title."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from mentorbot.chat.cards import (
    Answer,
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Field,
    FieldList,
    Footnote,
    Form,
    Paragraph,
    RichText,
    bold,
    rich,
)
from mentorbot.commands import registry
from mentorbot.commands.brief import skill_choices
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk, needs, title_name
from mentorbot.packs.schema import Pack, Skill
from mentorbot.slash.choices import short
from mentorbot.slash.registry import Option

TOP = 4
FRESH = timedelta(hours=12)
"""How long an assessment counts as one sitting, which may take more than one form."""


def _levels(skill: Skill) -> tuple[Choice, ...]:
    return tuple(Choice(f"{level} · {text}", str(level)) for level, text in enumerate(skill.in_short))


def _each_skill(pack: Pack) -> Mapping[str, Option]:
    return {skill.id: _of_skill(skill) for skill in pack.skills}


def _of_skill(skill: Skill) -> Option:
    return Option(f"{short(skill.title, 80)}: your level", choices=lambda _: _levels(skill))


@registry.command(
    "assess",
    "Your level in each skill, from 0 to 4, in observable words.",
    writes=True,
    examples=("assess", "assess mlops", "assess mlops:2 cloud:1"),
)
async def assess(
    context: Context,
    skill: Annotated[str | None, Option("One skill in full words", choices=skill_choices)] = None,
    levels: Annotated[Mapping[str, str] | None, Option("Your level in each skill", per_entry=_each_skill)] = None,
) -> Answer:
    """Keep the levels that are given; without any, ask for them."""
    desk = await Desk.open(context, shown=False)
    if levels:
        await context.uow.people.ensure(context.caller.user_id, context.caller.name)
        kept = {name: int(level) for name, level in levels.items()}
        await context.uow.learners.assess(context.caller.user_id, context.pack.info.role, kept)
        return await _levels_card(desk, kept)
    if skill is not None:
        return _one_skill(next(entry for entry in context.pack.skills if entry.id == skill))
    return await _form(desk) if context.forms else _one_skill(await _next_skill(desk) or context.pack.skills[0])


async def _form(desk: Desk) -> Form:
    """The skills that were not looked at in this sitting; all of them when each was."""
    have, todo = await desk.levels(), await _todo(desk)
    fields = tuple(
        Field(
            skill.id,
            short(skill.title, 100),
            "choice",
            required=False,
            value=str(have[skill.id]) if skill.id in have else "",
            choices=_levels(skill),
        )
        for skill in todo or desk.context.pack.skills
    )
    return Form("Where do you stand?", "assess", fields, "Keep", paged=True)


async def _todo(desk: Desk) -> list[Skill]:
    since = desk.context.now - FRESH
    fresh = {one.skill for one in await desk.assessments() if one.at >= since}
    return [skill for skill in desk.context.pack.skills if skill.id not in fresh]


async def _next_skill(desk: Desk) -> Skill | None:
    return next(iter(await _todo(desk)), None)


def _one_skill(skill: Skill) -> Card:
    """A skill's levels in full words, each with a button."""
    blocks: list[Block] = [Paragraph(rich("Choose the highest level of which every word is true of you today."))]
    blocks.append(Bullets(tuple(rich(bold(f"{level}  "), text) for level, text in enumerate(skill.levels))))
    blocks.append(Footnote(rich("The levels are the pack author's. Nobody but you sees yours, unless you share them.")))
    blocks.append(Buttons(tuple(Button(str(level), f"assess {skill.id}:{level}") for level in range(TOP + 1))))
    return Card(f"Where do you stand: {skill.title}", tuple(blocks))


async def _levels_card(desk: Desk, kept: Mapping[str, int]) -> Card:
    """The learner's levels against their target, what was just kept first, and what is still to look at."""
    todo = await _todo(desk)
    blocks: list[Block] = [Paragraph(rich(bold(_said(desk.context.pack, kept))))]
    blocks.append(FieldList(await _rows(desk)))
    buttons = []
    if todo:
        blocks.append(Footnote(rich(f"Not looked at today: {', '.join(skill.title for skill in todo)}.")))
        label = f"Go on: {len(todo)} more" if len(todo) > 1 else f"Next: {short(todo[0].title, 40)}"
        buttons.append(Button(label, "assess", "primary"))
    buttons += [Button("Make me a plan", "plan new"), Button("My progress", "progress")]
    return Card("Your levels", (*blocks, Buttons(tuple(buttons))))


def _said(pack: Pack, kept: Mapping[str, int]) -> str:
    names = {skill.id: skill.title for skill in pack.skills}
    if len(kept) == 1:
        ((name, level),) = kept.items()
        return f"Kept: {names[name]}, level {level}."
    return f"Kept: your levels in {len(kept)} skills."


async def _rows(desk: Desk) -> tuple[tuple[str, RichText], ...]:
    have, target = await desk.levels(), needs(desk.context, desk.plan.title)
    name = title_name(desk.context, desk.plan.title)
    rows = []
    for skill in desk.context.pack.skills:
        level = f"level {have[skill.id]}" if skill.id in have else "not assessed"
        wanted = f" · {name} asks for {target[skill.id]}" if skill.id in target else ""
        rows.append((skill.title, rich(f"{level}{wanted}")))
    return tuple(rows)
