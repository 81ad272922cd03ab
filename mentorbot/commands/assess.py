"""`assess`: a learner's own view of each skill, in observable words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.brief import skill_choices
from mentorbot.commands.context import Context
from mentorbot.packs.schema import Pack, Skill
from mentorbot.services.learners import LearnerSession
from mentorbot.services.progress import save_levels, skills_to_assess, take_back_levels
from mentorbot.slash.choices import short
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.assess import assess_form, assess_skill_card, level_choices, levels_card, levels_undone_card
from mentorbot.views.progress import MAX_LEVEL


def _level_options(pack: Pack) -> Mapping[str, Option]:
    return {skill.id: _level_option(skill) for skill in pack.skills}


def _level_option(skill: Skill) -> Option:
    return Option(f"{short(skill.short or skill.title, 80)}: your level", choices=lambda _: level_choices(skill))


@registry.command(
    "assess",
    "The 2-minute check: your level in each skill, from 0 to 4.",
    writes=True,
    examples=("assess", "assess {skill}", "assess {skill}:2 {skill.2}:1"),
    intents=(
        "how good am i",
        "check my levels",
        "update my levels",
        "i want to assess my skills",
        "take the check",
        "check my level",
        "where do I stand",
        "I know some of this already",
        "I'm at level {level!} in {skill!}",
        "my level in {skill!} is {level!}",
        "set my level in {skill!} to {level!}",
        "rate me {level!} in {skill!}",
    ),
    label="Set {skill} to level {level}|Check {skill}|Set a skill to level {level}|Take the check",
    needs=("level", "skill"),
)
async def assess(
    context: Context,
    skill: Annotated[str | None, Option("Which skill", choices=skill_choices)] = None,
    levels: Annotated[Mapping[str, str] | None, Option("Your level in each skill", per_entry=_level_options)] = None,
    level: Annotated[
        int | None, Option("Your level in it", low=0, high=MAX_LEVEL, called=("at",), keyword_only=True)
    ] = None,
    undo: Annotated[str | None, Option("Levels to take back", keyword_only=True)] = None,
) -> Answer:
    """Save the given levels; without any, ask for them. `undo` takes back those that were saved together."""
    session = await context.learner()
    if undo is not None:
        undone = await take_back_levels(session, undo)
        redo = format_line(("assess",), {skill_id: str(level) for skill_id, level in undone.items()})
        return levels_undone_card(session.pack, await session.levels(), undone, redo)
    if levels:
        return await _save(session, {skill_id: int(chosen) for skill_id, chosen in levels.items()})
    if skill is not None and level is not None:
        return await _save(session, {skill: level})
    if skill is None and level is not None:
        raise MissingOption("skill")
    if skill is not None:
        return assess_skill_card(next(entry for entry in context.pack.skills if entry.id == skill))
    todo = await skills_to_assess(session) or context.pack.skills
    return assess_form(todo, await session.levels()) if context.forms else assess_skill_card(todo[0])


async def _save(session: LearnerSession, saved: Mapping[str, int]) -> Answer:
    undo = format_line(("assess",), {"undo": await save_levels(session, saved)})
    todo = await skills_to_assess(session)
    return levels_card(session.pack, await session.levels(), session.plan.title, saved, todo, undo)
