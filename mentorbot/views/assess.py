"""Self-assessment: asking for levels by a form or skill by skill, and showing them against a target title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mentorbot.chat.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Field,
    Footnote,
    Form,
    Paragraph,
    bold,
    rich,
)
from mentorbot.packs.schema import Pack, Skill
from mentorbot.slash.choices import short
from mentorbot.views.progress import levels_line
from mentorbot.views.wording import joined


def level_choices(skill: Skill) -> tuple[Choice, ...]:
    """The levels of a skill, each with a short description."""
    return tuple(Choice(f"{level} · {text}", str(level)) for level, text in enumerate(skill.in_short))


def assess_form(skills: Sequence[Skill], levels: Mapping[str, int]) -> Form:
    """Ask for the level in each of `skills`, filled in where `levels` (by skill id) has one."""
    fields = tuple(_level_field(skill, levels.get(skill.id)) for skill in skills)
    return Form("Where are you today?", "assess", fields, submit="Save", paged=True)


def _level_field(skill: Skill, level: int | None) -> Field:
    return Field(
        skill.id,
        short(skill.short or skill.title, 100),
        "choice",
        required=False,
        value="" if level is None else str(level),
        choices=level_choices(skill),
    )


def assess_skill_card(skill: Skill) -> Card:
    """Ask for the level in one skill, with each level described in full and a button for it."""
    return Card(
        f"{skill.short or skill.title}: where are you today?",
        (
            Bullets(tuple(rich(bold(f"{level}  "), text) for level, text in enumerate(skill.levels))),
            Footnote(rich("Pick the highest one where everything's true. Only you see it, unless you share it.")),
            Buttons(tuple(Button(str(level), f"assess {skill.id}:{level}") for level in range(len(skill.levels)))),
        ),
    )


def levels_card(
    pack: Pack, levels: Mapping[str, int], target_title: str, saved: Mapping[str, int], todo: Sequence[Skill], undo: str
) -> Card:
    """A learner's levels against their target title (an id), with the levels just `saved` and the skills still `todo`.

    `undo` is the line that takes back what was saved.
    """
    lines = [levels_line(pack, levels, target_title)]
    if todo:
        lines.append(f"Still to go: {joined([pack.skill_names[skill.id] for skill in todo])}.")
    blocks = [Paragraph(rich(line)) for line in lines]
    buttons = (*_levels_buttons(target_title, todo), Button("Undo", undo))
    return Card(_saved_text(pack, saved), (*blocks, Buttons(buttons)))


def levels_undone_card(pack: Pack, levels: Mapping[str, int], undone: Mapping[str, int], redo: str) -> Card:
    """Say which levels count again, now that the `undone` ones (by skill id) don't. `redo` is the line that saves them again."""
    title = f"Undone: your levels in {len(undone)} skills are back as they were"
    if len(undone) == 1:
        (skill,) = undone
        title = f"Undone: {pack.skill_names[skill]} is back at {levels.get(skill, 0)}"
    return Card(title, (Buttons((Button("Redo", redo), Button("Progress", "progress"))),)).in_place()


def _saved_text(pack: Pack, saved: Mapping[str, int]) -> str:
    if len(saved) == 1:
        ((skill, level),) = saved.items()
        return f"Saved: {pack.skill_names[skill]}, level {level}"
    return f"Saved: your levels in {len(saved)} skills"


def _levels_buttons(target_title: str, todo: Sequence[Skill]) -> Iterable[Button]:
    if todo:
        yield Button(f"Next: {short(todo[0].short or todo[0].title, 40)}", "assess", "primary")
    yield Button("Update plan" if target_title else "Make a plan", "plan new")
    yield Button("Progress", "progress")
