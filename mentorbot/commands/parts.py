"""The entries of a brief's sections: one responsibility, title, step or question as a card of its own."""

from __future__ import annotations

from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    FieldList,
    Heading,
    Paragraph,
    bold,
    italic,
    rich,
)
from mentorbot.commands.sourced import advice, facts, source_note
from mentorbot.packs.schema import Pack


def choices(pack: Pack) -> dict[str, tuple[Choice, ...]]:
    """The entries of each section that has any."""
    return {
        "responsibilities": tuple(Choice(entry.title, entry.id) for entry in pack.responsibilities),
        "titles": tuple(Choice(entry.name, entry.id) for entry in pack.titles.titles),
        "path": tuple(Choice(entry.title, entry.id) for entry in pack.path),
        "questions": tuple(Choice(entry.question, entry.id) for entry in pack.faq),
    }


def card(pack: Pack, section: str, entry: str) -> Card:
    """The card of `entry`, one of `choices(pack)[section]`."""
    makers = {
        "responsibilities": _responsibility,
        "titles": _title,
        "path": _step,
        "questions": _question,
    }
    return makers[section](pack, entry)


def responsibility_list(pack: Pack) -> tuple[Block, ...]:
    """All responsibilities, each with what it is, what is probed and an example."""
    return tuple(
        Paragraph(
            rich(
                bold(entry.title),
                f"\n{entry.what}\n",
                italic("Interviewers probe: "),
                f"{entry.probe}\n",
                italic("Example: "),
                entry.example,
            )
        )
        for entry in pack.responsibilities
    )


def _responsibility(pack: Pack, entry: str) -> Card:
    found = next(item for item in pack.responsibilities if item.id == entry)
    rows = (
        ("What it is", rich(found.what)),
        ("What interviewers probe", rich(found.probe)),
        ("Example", rich(found.example)),
    )
    buttons = (
        Button("Interview questions", f"interview {entry}", "primary"),
        Button("All responsibilities", "brief responsibilities"),
    )
    return Card(found.title, (FieldList(rows), source_note(pack, found.source), *advice(found.body), Buttons(buttons)))


def _title(pack: Pack, entry: str) -> Card:
    found = next(item for item in pack.titles.titles if item.id == entry)
    names = {skill.id: skill.title for skill in pack.skills}
    needs = tuple((names[skill], rich(f"level {level}")) for skill, level in found.needs.items())
    return Card(
        found.name,
        (
            FieldList((("Level", rich(found.level.capitalize())), ("Focus", rich(found.focus)))),
            source_note(pack, pack.titles.source),
            *advice(found.advice),
            Paragraph(rich("What this title asks for, in the author's view:")),
            FieldList(needs),
            Buttons((Button("All titles", "brief titles"), Button("What the levels mean", "skill"))),
        ),
    )


def _step(pack: Pack, entry: str) -> Card:
    found = next(item for item in pack.path if item.id == entry)
    milestones = tuple(
        rich(bold(item.title), f" ({item.hours} h). {item.do} Evidence: {item.evidence}") for item in found.milestones
    )
    blocks: tuple[Block, ...] = (Paragraph(rich(found.summary)), source_note(pack, found.source))
    blocks += (Heading("Milestones, by the pack's author"), Bullets(milestones, numbered=True))
    others = tuple(Button(step.title, f"brief path {step.id}") for step in pack.path if step.id != entry)
    return Card(f"Step {found.order}: {found.title}", (*blocks, Buttons(others)))


def _question(pack: Pack, entry: str) -> Card:
    found = next(item for item in pack.faq if item.id == entry)
    others = tuple(Button(item.question, f"brief questions {item.id}") for item in pack.faq if item.id != entry)
    return Card(found.question, (*facts(pack, found.source, found.facts), *advice(found.body), Buttons(others)))
