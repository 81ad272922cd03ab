"""Self-assessment: asking for levels by a form or skill by skill, and showing them against a target title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mentorbot.chat.cards import (
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
    bold,
    rich,
)
from mentorbot.packs.schema import Pack, Skill
from mentorbot.slash.choices import short


def level_choices(skill: Skill) -> tuple[Choice, ...]:
    """The levels of a skill, each with a short description."""
    return tuple(Choice(f"{level} · {text}", str(level)) for level, text in enumerate(skill.in_short))


def assess_form(skills: Sequence[Skill], levels: Mapping[str, int]) -> Form:
    """Ask for the level in each of `skills`, filled in where `levels` (by skill id) has one."""
    fields = tuple(_level_field(skill, levels.get(skill.id)) for skill in skills)
    return Form("Where do you stand?", "assess", fields, submit="Keep", paged=True)


def _level_field(skill: Skill, level: int | None) -> Field:
    return Field(
        skill.id,
        short(skill.title, 100),
        "choice",
        required=False,
        value="" if level is None else str(level),
        choices=level_choices(skill),
    )


def assess_skill_card(skill: Skill) -> Card:
    """Ask for the level in one skill, with each level described in full and a button for it."""
    note = "The levels are the pack author's. Nobody but you sees yours, unless you share them."
    return Card(
        f"Where do you stand: {skill.title}",
        (
            Paragraph(rich("Choose the highest level of which every word is true of you today.")),
            Bullets(tuple(rich(bold(f"{level}  "), text) for level, text in enumerate(skill.levels))),
            Footnote(rich(note)),
            Buttons(tuple(Button(str(level), f"assess {skill.id}:{level}") for level in range(len(skill.levels)))),
        ),
    )


def levels_card(
    pack: Pack, levels: Mapping[str, int], target_title: str, saved: Mapping[str, int], todo: Sequence[Skill]
) -> Card:
    """A learner's levels against their target title (an id), with the levels just `saved` and the skills still `todo`."""
    blocks: list[Block] = [
        Paragraph(rich(bold(_saved_text(pack, saved)))),
        FieldList(tuple((skill.title, rich(_level_text(pack, skill, levels, target_title))) for skill in pack.skills)),
    ]
    if todo:
        blocks.append(Footnote(rich(f"Not looked at today: {', '.join(skill.title for skill in todo)}.")))
    return Card("Your levels", (*blocks, Buttons(tuple(_levels_buttons(todo)))))


def _saved_text(pack: Pack, saved: Mapping[str, int]) -> str:
    if len(saved) == 1:
        ((skill, level),) = saved.items()
        return f"Kept: {pack.skill_titles[skill]}, level {level}."
    return f"Kept: your levels in {len(saved)} skills."


def _level_text(pack: Pack, skill: Skill, levels: Mapping[str, int], title: str) -> str:
    level = f"level {levels[skill.id]}" if skill.id in levels else "not assessed"
    need = pack.title_needs(title).get(skill.id)
    return level if need is None else f"{level} · {pack.title_name(title)} asks for {need}"


def _levels_buttons(todo: Sequence[Skill]) -> Iterable[Button]:
    if todo:
        label = f"Go on: {len(todo)} more" if len(todo) > 1 else f"Next: {short(todo[0].title, 40)}"
        yield Button(label, "assess", "primary")
    yield Button("Make me a plan", "plan new")
    yield Button("My progress", "progress")
