"""A draft of a plan as a card: its length, the levels it starts from, and ways to make it fit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Footnote,
    Paragraph,
    RichText,
    bold,
    italic,
    rich,
)
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import Plan, PlanStep, monday
from mentorbot.domain.plan_draft import DraftAlternatives, LevelBasis, PlanDraft
from mentorbot.packs.schema import Pack
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.plan import plan_card, planned_time, with_buttons_on_top


def draft_card(
    pack: Pack, learner: LearnerSnapshot, draft: PlanDraft, basis: LevelBasis, alternatives: DraftAlternatives
) -> Card:
    """A draft of a plan for a title, with `alternatives` if it would end too late."""
    name = pack.title_name(draft.target.title)
    blocks: list[Block] = [
        Paragraph(rich(bold(_size(draft)), " ", _end(draft))),
        Footnote(rich(_basis_text(pack, basis))),
    ]
    if draft.uncovered:
        blocks.append(Footnote(rich(f"For a part of these the pack has no step left: {_skills(pack, draft)}.")))
    if draft.is_late:
        blocks += _ways_to_fit(pack, draft, alternatives)
    blocks.append(Bullets(tuple(_step_text(step) for step in draft.steps)))
    if learner.plan.active and learner.plan.title:
        blocks.append(Footnote(rich(_DROPPED_STEPS)))
    return Card(f"A plan: {name}", (*blocks, Buttons(tuple(_draft_buttons(draft)))))


_DROPPED_STEPS = (
    "If you keep it, open steps of your present plan that are not in this one are dropped. Your own steps stay."
)


def _draft_buttons(draft: PlanDraft) -> Iterable[Button]:
    save = _line("plan keep", draft)
    yield Button("Keep it as it is", save) if draft.is_late else Button("Keep this plan", save, "primary")
    yield Button("Assess myself", "assess")
    yield Button("Another title", _line("plan new", draft, title="?"))


def _skills(pack: Pack, draft: PlanDraft) -> str:
    return ", ".join(pack.skill_titles.get(skill, skill) for skill in draft.uncovered)


def _size(draft: PlanDraft) -> str:
    levels, steps = draft.levels_to_climb, len(draft.steps)
    return f"{_count(levels, 'level')} to climb, {_count(steps, 'step')}, {draft.hours_left} hours."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _end(draft: PlanDraft) -> str:
    plan = draft.plan
    hours = f"At {_count(plan.hours_per_week, 'hour')} a week"
    if plan.milestones_end is None or draft.exceeds_layout:
        return f"{hours} it takes more than ten years."
    in_time = f", in time for {plan.target_date:%-d %B %Y}" if plan.target_date and not draft.is_late else ""
    return f"{hours} it ends in the week of {monday(plan.milestones_end):%-d %B %Y}{in_time}."


def _basis_text(pack: Pack, basis: LevelBasis) -> str:
    """Give the origin of the levels in one line."""
    name = pack.title_name(basis.current_title)
    rest = f"what your title {name} implies" if name else "level 0"
    if basis.assessed == basis.skills:
        return "It starts from your own assessment."
    if basis.assessed:
        return f"It starts from your own assessment, and from {rest} for the skills that you have not looked at yet."
    if name:
        return f"You have not assessed yourself yet, so it starts from {rest}."
    return (
        "You have not assessed yourself yet and I do not know the title you have, so it starts from level 0 everywhere. "
        "Assess yourself, or tell me your present title, and it leaves out what you can already do."
    )


def _ways_to_fit(pack: Pack, draft: PlanDraft, alternatives: DraftAlternatives) -> list[Block]:
    buttons = tuple(_alternative_buttons(pack, draft, alternatives))
    invitation = " You can change one of these:" if buttons else ""
    text = Paragraph(rich(_delay(draft.plan), invitation))
    return [text, Buttons(buttons)] if buttons else [text]


def _delay(plan: Plan) -> str:
    if plan.milestones_end is None or plan.target_date is None:
        return ""
    weeks = (monday(plan.milestones_end) - monday(plan.target_date)).days // 7
    return f"That is {_count(weeks, 'week')} after {plan.target_date:%-d %B %Y}."


def _alternative_buttons(pack: Pack, draft: PlanDraft, alternatives: DraftAlternatives) -> Iterable[Button]:
    if later := alternatives.later_date:
        yield Button(f"Later: by {later:%-d %b %Y}", _line("plan new", draft, target_date=later))
    if hours := alternatives.more_hours:
        yield Button(f"{hours} hours a week", _line("plan new", draft, hours=hours))
    if smaller := alternatives.smaller:
        yield Button(f"Aim at {pack.title_name(smaller.target.title)}", _line("plan new", smaller))


def _line(
    command: str, draft: PlanDraft, *, title: str = "", target_date: date | None = None, hours: int | None = None
) -> str:
    """The command line that drafts the plan again, with something changed."""
    by = target_date or draft.plan.target_date
    options = {"title": title or draft.target.title, "hours": str(hours or draft.plan.hours_per_week)}
    return format_line(command.split(), options | ({"by": by.isoformat()} if by else {}))


def _step_text(step: PlanStep) -> RichText:
    time = italic(f"  {planned_time(step)}")
    explanation = f"\nWhy: {step.reason}.\nProves it: {step.done_when}"
    return rich(bold(f"{step.number}. "), bold(step.text), time, explanation)


def nothing_to_plan_card(pack: Pack, draft: PlanDraft, basis: LevelBasis) -> Card:
    """Say why there's nothing to plan for a title."""
    name = pack.title_name(draft.target.title)
    text = (
        f"You have the levels that {name} asks for. Choose a higher title, or show what you can do: /mentor portfolio."
    )
    if draft.levels_to_climb:
        text = (
            f"You have done every step that the pack has towards {name}, and you put yourself below what it asks for in "
            f"{_skills(pack, draft)}. Look at your levels again, or add steps of your own."
        )
    buttons = Buttons((Button("Assess myself", "assess"), Button("Add a step", "plan add")))
    return Card(f"A plan: {name}", (Paragraph(rich(text)), Footnote(rich(_basis_text(pack, basis))), buttons))


def draft_saved_card(pack: Pack, learner: LearnerSnapshot) -> Card:
    """The plan after a draft was saved, with buttons that help to follow it."""
    card = plan_card(pack, learner, f"Kept. You are on the way to {pack.title_name(learner.plan.title)}.")
    checkin = Button("A weekly check-in", "checkin settings", "primary")
    return with_buttons_on_top(card, checkin, Button("Find a mentor", "pair request any"))
