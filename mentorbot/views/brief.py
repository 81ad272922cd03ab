"""The brief of a role: its sections, one entry of a section, and a skill with its levels."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mentorbot.chat.cards import (
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
    italic,
    rich,
)
from mentorbot.packs.schema import Pack, Section, Skill
from mentorbot.views.citations import advice, citation_note, citation_text, cited_facts
from mentorbot.views.salary import pay_section_card


def section_card(pack: Pack, section_id: str) -> Card:
    """The facts of a section, its entries, and the author's advice. The section on pay has its own card."""
    if section_id == "salary":
        return pay_section_card(pack)
    section = next(section for section in pack.sections if section.id == section_id)
    blocks = (
        Bullets(tuple(rich(fact) for fact in section.facts)),
        *_section_entries(pack, section_id),
        citation_note(pack, section.source),
        *advice(section.body),
        _section_buttons(pack, section),
    )
    return Card(f"{pack.info.title}: {section.title}", blocks)


def _section_entries(pack: Pack, section_id: str) -> tuple[Block, ...]:
    """List the entries of a section, which come after its facts."""
    match section_id:
        case "responsibilities":
            items = (
                rich(bold(entry.title), f": {entry.what} ", italic("Example: "), entry.example)
                for entry in pack.responsibilities
            )
            return (Bullets(tuple(items)),)
        case "titles":
            rows = ((title.name, rich(f"{title.level.capitalize()} · {title.focus}")) for title in pack.titles.titles)
            return (FieldList(tuple(rows)),)
        case "skills":
            return (Bullets(tuple(rich(bold(skill.title)) for skill in pack.skills)),)
        case "path":
            stages = (rich(bold(stage.title), ": ", stage.summary) for stage in pack.path)
            return (Bullets(tuple(stages), numbered=True),)
        case _:
            return ()


def _section_buttons(pack: Pack, section: Section) -> Buttons:
    """Lead on to the section's entries, or to the other sections if it has none."""
    if section.id == "skills":
        return Buttons(tuple(Button(skill.title, f"skill {skill.id}") for skill in pack.skills))
    if entries := entry_choices(pack).get(section.id):
        return Buttons(tuple(Button(choice.label, f"brief {section.id} {choice.value}") for choice in entries))
    others = (other for other in pack.sections if other.id != section.id)
    return Buttons(tuple(Button(other.title, f"brief {other.id}") for other in others))


def entry_choices(pack: Pack) -> Mapping[str, tuple[Choice, ...]]:
    """The entries of each section that has any, by section id."""
    return {
        "responsibilities": tuple(Choice(entry.title, entry.id) for entry in pack.responsibilities),
        "titles": tuple(Choice(title.name, title.id) for title in pack.titles.titles),
        "path": tuple(Choice(stage.title, stage.id) for stage in pack.path),
        "questions": tuple(Choice(entry.question, entry.id) for entry in pack.faq),
    }


def entry_card(pack: Pack, section_id: str, entry_id: str) -> Card:
    """One entry of a section, as `entry_choices` lists them."""
    return _ENTRY_CARDS[section_id](pack, entry_id)


def _responsibility_card(pack: Pack, entry_id: str) -> Card:
    entry = next(entry for entry in pack.responsibilities if entry.id == entry_id)
    rows = (
        ("What it is", rich(entry.what)),
        ("What interviewers want to know", rich(entry.probe)),
        ("Example", rich(entry.example)),
    )
    buttons = (
        Button("Practise", f"interview {entry_id}", "primary"),
        Button("All responsibilities", "brief responsibilities"),
    )
    source = citation_note(pack, entry.source)
    return Card(entry.title, (FieldList(rows), source, *advice(entry.body), Buttons(buttons)))


def _title_card(pack: Pack, title_id: str) -> Card:
    title = next(title for title in pack.titles.titles if title.id == title_id)
    needs = tuple((pack.skill_titles[skill], rich(f"level {level}")) for skill, level in title.needs.items())
    return Card(
        title.name,
        (
            FieldList((("Level", rich(title.level.capitalize())), ("Focus", rich(title.focus)))),
            citation_note(pack, pack.titles.source),
            *advice(title.advice),
            Heading("What it takes, in the author's view"),
            FieldList(needs),
            Buttons(
                (
                    Button("Plan my path", f"plan new {title.id}", "primary"),
                    Button("All job titles", "brief titles"),
                    Button("What levels mean", "skill"),
                )
            ),
        ),
    )


def _stage_card(pack: Pack, stage_id: str) -> Card:
    stage = next(stage for stage in pack.path if stage.id == stage_id)
    milestones = tuple(
        rich(bold(milestone.title), f", {milestone.hours} h. {milestone.do} Done when: {milestone.evidence}")
        for milestone in stage.milestones
    )
    others = tuple(Button(other.title, f"brief path {other.id}") for other in pack.path if other.id != stage_id)
    return Card(
        f"Step {stage.order}: {stage.title}",
        (
            Paragraph(rich(stage.summary)),
            citation_note(pack, stage.source),
            Heading("The author's milestones"),
            Bullets(milestones, numbered=True),
            Buttons((Button("Plan my path", "plan new", "primary"), *others)),
        ),
    )


def _question_card(pack: Pack, entry_id: str) -> Card:
    entry = next(entry for entry in pack.faq if entry.id == entry_id)
    others = tuple(Button(other.question, f"brief questions {other.id}") for other in pack.faq if other.id != entry_id)
    facts = cited_facts(pack, entry.source, entry.facts)
    return Card(entry.question, (*facts, *advice(entry.body), Buttons(others)))


_ENTRY_CARDS: Mapping[str, Callable[[Pack, str], Card]] = {
    "responsibilities": _responsibility_card,
    "titles": _title_card,
    "path": _stage_card,
    "questions": _question_card,
}


def skill_card(pack: Pack, skill: Skill, level: int | None, target_title: str) -> Card:
    """A skill with its levels, the learner's own level, the one their target title (an id) needs, and resources."""
    blocks: list[Block] = [
        *_own_level(pack, skill, level, target_title),
        Bullets(tuple(rich(bold(f"Level {number} "), text) for number, text in enumerate(skill.levels))),
        *advice(skill.body),
        *_reading(pack, skill),
        Footnote(rich(f"The levels are the author's. The skill is named in: {citation_text(pack, skill.source)}")),
    ]
    buttons = (
        Button("Get a tip", f"tip skill:{skill.id}", "primary"),
        Button("Set my level", f"assess {skill.id}"),
        Button("All skills", "skill"),
    )
    return Card(skill.title, (*blocks, Buttons(buttons)))


def _own_level(pack: Pack, skill: Skill, level: int | None, target_title: str) -> tuple[Block, ...]:
    """The learner's level and the one their target title needs, as far as they're known."""
    sentences = [] if level is None else [f"You're at level {level}."]
    if (need := pack.title_needs(target_title).get(skill.id)) is not None:
        sentences.append(f"{pack.title_name(target_title)} needs level {need}.")
    return (Paragraph(rich(bold(" ".join(sentences)))),) if sentences else ()


def _reading(pack: Pack, skill: Skill) -> tuple[Block, ...]:
    items = tuple(
        rich(bold(resource.title), f" by {resource.author} ({resource.details}). {resource.note}")
        for resource in pack.reading_on(skill.id)
    )
    return (Heading("Recommended reading"), Bullets(items)) if items else ()
