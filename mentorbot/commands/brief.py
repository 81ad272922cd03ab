"""`brief`, `skill` and `salary`: what the role is, section by section."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import (
    Answer,
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    FieldList,
    Footnote,
    Heading,
    Paragraph,
    bold,
    code,
    rich,
)
from mentorbot.commands import parts, registry
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk, needs, title_name
from mentorbot.commands.pay import pay_card, pay_levels
from mentorbot.commands.sourced import advice, source_note
from mentorbot.errors import BadValue, NotFound
from mentorbot.packs.schema import Pack, Section
from mentorbot.slash.choices import read_choice
from mentorbot.slash.registry import Option


def section_choices(pack: Pack) -> tuple[Choice, ...]:
    """The sections of the brief."""
    return tuple(Choice(section.title, section.id) for section in pack.sections)


def skill_choices(pack: Pack) -> tuple[Choice, ...]:
    """The skills of the role."""
    return tuple(Choice(skill.title, skill.id) for skill in pack.skills)


async def _suggest_items(context: Context, _: str) -> tuple[Choice, ...]:
    return tuple(choice for choices in parts.choices(context.pack).values() for choice in choices)


@registry.command(
    "brief",
    "What the role is: its work, titles, pay, path and more.",
    examples=("brief salary", "brief responsibilities scalability", "brief path education"),
)
async def brief(
    context: Context,
    section: Annotated[str | None, Option("Which section", choices=section_choices)] = None,
    item: Annotated[str | None, Option("One entry of that section", suggest=_suggest_items, greedy=True)] = None,
) -> Answer:
    """One section of the brief, or one entry of it."""
    pack = context.pack
    if section is None and item is not None:
        section, item = _meant(pack, item)
    if item is None:
        return section_card(pack, next(found for found in pack.sections if found.id == (section or "overview")))
    section = section or "overview"
    choices = parts.choices(pack).get(section)
    if not choices:
        raise NotFound(f"The section “{section}” has no entries of its own.", suggestions=(f"brief {section}",))
    return parts.card(pack, section, read_choice("item", item, choices))


def _meant(pack: Pack, text: str) -> tuple[str, str | None]:
    """The section, or the section and its entry, that a single word names."""
    for section, choices in parts.choices(pack).items():
        if any(text.lower() in (choice.value, choice.label.lower()) for choice in choices):
            return section, text
    try:
        return read_choice("section", text, section_choices(pack)), None
    except BadValue as error:
        raise NotFound(
            error.message, suggestions=tuple(f"brief {near}" for near in error.suggestions) or ("brief",)
        ) from error


def section_card(pack: Pack, section: Section) -> Card:
    """The facts of a section, its entries, and what the author advises. Pay has a card of its own."""
    if section.id == "salary":
        return pay_card(pack, None)
    blocks: tuple[Block, ...] = (Bullets(tuple(rich(fact) for fact in section.facts)),)
    blocks += _entries(pack, section.id)
    blocks += (source_note(pack, section.source), *advice(section.body))
    return Card(f"{pack.info.title}: {section.title}", (*blocks, _ways_on(pack, section)))


def _entries(pack: Pack, section: str) -> tuple[Block, ...]:
    """What a section lists besides its facts."""
    match section:
        case "responsibilities":
            return parts.responsibility_list(pack)
        case "titles":
            rows = ((title.name, rich(f"{title.level.capitalize()} · {title.focus}")) for title in pack.titles.titles)
            return (FieldList(tuple(rows)),)
        case "skills":
            return (
                Bullets(
                    tuple(rich(bold(skill.title), "  ", code(f"/mentor skill {skill.id}")) for skill in pack.skills)
                ),
            )
        case "path":
            items = (rich(bold(step.title), ": ", step.summary) for step in pack.path)
            return (Bullets(tuple(items), numbered=True),)
        case "questions":
            return tuple(Paragraph(rich(bold(entry.question), " ", " ".join(entry.facts))) for entry in pack.faq)
        case _:
            return ()


def _ways_on(pack: Pack, section: Section) -> Buttons:
    """Where to go from here: the section's entries, else the other sections."""
    if section.id == "skills":
        return Buttons(tuple(Button(skill.title, f"skill {skill.id}") for skill in pack.skills))
    if entries := parts.choices(pack).get(section.id):
        return Buttons(tuple(Button(choice.label, f"brief {section.id} {choice.value}") for choice in entries))
    others = (other for other in pack.sections if other.id != section.id)
    return Buttons(tuple(Button(other.title, f"brief {other.id}") for other in others))


@registry.command("skill", "A skill: what it means and what each level looks like.", examples=("skill mlops", "skill"))
async def skill(
    context: Context,
    name: Annotated[str | None, Option("Which skill", choices=skill_choices)] = None,
) -> Answer:
    """One skill with its levels, the caller's own among them, and resources; without a name, all skills."""
    pack = context.pack
    if name is None:
        return section_card(pack, next(section for section in pack.sections if section.id == "skills"))
    found = next(entry for entry in pack.skills if entry.id == name)
    levels = tuple(rich(bold(f"Level {level} "), text) for level, text in enumerate(found.levels))
    resources = (entry for entry in pack.resources if name in entry.skills)
    reading = tuple(
        rich(bold(entry.title), f" — {entry.author} ({entry.kind}). {entry.note}") for entry in list(resources)[:5]
    )
    blocks: list[Block] = [
        Footnote(rich("One of the skills that the source names. The levels are the pack author's.")),
        source_note(pack, found.source),
        Heading("Where do you stand?"),
        *await _own_level(context, name),
        Bullets(levels),
        *advice(found.body),
    ]
    if reading:
        blocks += [Heading("To read and take"), Bullets(reading)]
    buttons = (
        Button("A tip for this skill", f"tip skill:{name}", "primary"),
        Button("Set my level", f"assess {name}"),
        Button("All skills", "skill"),
    )
    return Card(found.title, (*blocks, Buttons(buttons)))


async def _own_level(context: Context, skill: str) -> tuple[Block, ...]:
    """The caller's level, and the one that the title of their plan asks for; nothing when neither is known."""
    desk = await Desk.open(context, shown=False)
    have, target = (await desk.levels()).get(skill), needs(context, desk.plan.title).get(skill)
    said = [] if have is None else [f"You are at level {have}."]
    if target is not None:
        said.append(f"{title_name(context, desk.plan.title)} asks for level {target}.")
    return (Paragraph(rich(bold(" ".join(said)))),) if said else ()


@registry.command("salary", "What the role pays, with source, region and date.", examples=("salary senior", "salary"))
async def salary(
    context: Context,
    level: Annotated[str | None, Option("Which level", choices=pay_levels)] = None,
) -> Answer:
    """The pay of one level, or of all."""
    return pay_card(context.pack, level)
