"""`brief`, `skill` and `salary`: the role, section by section."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context, PackContext
from mentorbot.errors import BadValue, NotFound
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import find_choice, read_choice
from mentorbot.slash.registry import Option
from mentorbot.views.brief import entry_card, entry_choices, section_card, skill_card
from mentorbot.views.salary import level_salary_card, pay_levels, salary_card


def section_choices(pack: Pack) -> tuple[Choice, ...]:
    """List the sections of the brief. A pack without figures of pay is asked for them all the same."""
    pay = () if pack.salaries else (Choice("Pay", "salary"),)
    return (*(Choice(section.title, section.id) for section in pack.sections), *pay)


def skill_choices(pack: Pack) -> tuple[Choice, ...]:
    """List the skills of the role."""
    return tuple(Choice(skill.title, skill.id) for skill in pack.skills)


async def _suggest_entries(context: Context, _: str) -> tuple[Choice, ...]:
    """List the entries of the section that was chosen first; without one, those of all sections."""
    chosen = find_choice(context.typed.get("section", ""), section_choices(context.pack))
    by_section = entry_choices(context.pack)
    if chosen is not None:
        return tuple(by_section.get(chosen.value, ()))
    return tuple(choice for choices in by_section.values() for choice in choices)


@registry.command(
    "brief",
    "The role: its work, job titles, pay, path and more.",
    examples=("brief salary", "brief responsibilities {responsibility}", "brief path"),
    intents=(
        "what is the role",
        "what are the responsibilities {section=responsibilities}",
        "which titles are there {section=titles}",
        "tell me about the role",
        "what does the job involve",
        "give me an overview",
        "what's the path into this role {section=path}",
    ),
    label="Read about {section}|Read about the role",
)
async def brief(
    context: PackContext,
    section: Annotated[str | None, Option("Which section", choices=section_choices)] = None,
    item: Annotated[str | None, Option("One entry in that section", suggest=_suggest_entries, greedy=True)] = None,
) -> Answer:
    """Show a section of the brief, or one of its entries."""
    pack = context.pack
    if section is None and item is not None:
        section, item = _section_and_entry(pack, item)
    section = section or "overview"
    if item is None:
        return section_card(pack, section)
    choices = entry_choices(pack).get(section)
    if not choices:
        raise NotFound(f"I don't have anything more detailed on “{section}”.", suggestions=(f"brief {section}",))
    return entry_card(pack, section, read_choice("item", item, choices))


def _section_and_entry(pack: Pack, text: str) -> tuple[str, str | None]:
    """Find the section, or the section and entry, that `text` names."""
    for section, choices in entry_choices(pack).items():
        if any(text.lower() in (choice.value, choice.label.lower()) for choice in choices):
            return section, text
    try:
        return read_choice("section", text, section_choices(pack)), None
    except BadValue as error:
        suggestions = tuple(f"brief {near}" for near in error.suggestions) or ("brief",)
        raise NotFound(error.message, suggestions=suggestions) from error


@registry.command(
    "skill",
    "A skill: what it means and what each level looks like.",
    examples=("skill {skill}", "skill"),
    intents=(
        "what is {name}",
        "explain {name}",
        "what does {name} mean",
        "which skills do I need",
        "what do the levels mean",
        "tell me about a skill",
    ),
    label="Read about {name}|Read about a skill",
)
async def skill(
    context: Context,
    name: Annotated[str | None, Option("Which skill", choices=skill_choices)] = None,
) -> Answer:
    """Show one skill with its levels, the caller's own among them, and resources; without a name, all skills."""
    pack = context.pack
    if name is None:
        return section_card(pack, "skills")
    session = await context.learner()
    skill_info = next(entry for entry in pack.skills if entry.id == name)
    level = (await session.levels()).get(name)
    return skill_card(pack, skill_info, level, session.plan.title)


@registry.command(
    "salary",
    "What the role pays, with source, region and date.",
    examples=("salary senior", "salary"),
    intents=(
        "how much does a {level} earn",
        "what does it pay",
        "pay range for {level}",
        "how much would I earn",
        "what's the pay by level",
    ),
    aliases=("pay",),
    label="Pay[: {level} level]",
)
async def salary(
    context: PackContext,
    level: Annotated[str | None, Option("Which level", choices=pay_levels)] = None,
) -> Answer:
    """Show the pay of one level, or of all levels."""
    return salary_card(context.pack) if level is None else level_salary_card(context.pack, level)
