"""A plan as files, and a portfolio of finished steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mentorbot.chat.cards import Block, Bullets, Button, Buttons, Card, Choice, FileBlock, Paragraph, rich
from mentorbot.domain.export import (
    Owner,
    PlanFormat,
    Portfolio,
    plan_markdown,
    portfolio_markdown,
    to_csv,
    to_json,
)
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import PlanStep
from mentorbot.domain.plan_calendar import CalendarEvent, to_calendar
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.views.steps import proof_of

FORMAT_CHOICES = (
    Choice("Markdown, to read", PlanFormat.MARKDOWN),
    Choice("CSV spreadsheet for Excel", PlanFormat.CSV),
    Choice("JSON, to import again", PlanFormat.JSON),
    Choice("ICS calendar", PlanFormat.CALENDAR),
)
MAX_LINK_BUTTONS = 5
MAX_FINISHED_LINES = 5
"""Finished steps the card of a portfolio shows, the newest last. The file has all of them."""


def plan_file_card(pack: Pack, learner: LearnerSnapshot, owner: Owner, now: datetime, file_format: PlanFormat) -> Card:
    """The whole plan as one file of the given format, but a calendar."""
    if not learner.plan.steps:
        return _NOTHING_TO_EXPORT
    return _file_card(file_format, _plan_text(pack, learner, owner, now, file_format))


def plan_calendar_card(events: Sequence[CalendarEvent], now: datetime) -> Card:
    """The plan as a calendar file."""
    return _file_card(PlanFormat.CALENDAR, to_calendar(events, now)) if events else _NOTHING_TO_EXPORT


def _file_card(file_format: PlanFormat, text: str) -> Card:
    others = tuple(
        Button(choice.label.split(",")[0], f"plan export {choice.value}")
        for choice in FORMAT_CHOICES
        if choice.value != file_format
    )
    return Card("Here's your plan as a file", (FileBlock(f"plan.{file_format}", text), Buttons(others)))


def _plan_text(pack: Pack, learner: LearnerSnapshot, owner: Owner, now: datetime, file_format: PlanFormat) -> str:
    if file_format is PlanFormat.CSV:
        return to_csv(learner.plan, pack.step_guides)
    if file_format is PlanFormat.JSON:
        return to_json(learner.plan, pack.step_guides, pack.info.role, owner, now)
    title = pack.title_name(learner.plan.title)
    return plan_markdown(learner.plan, pack.step_guides, learner.name, title, learner.today)


def imported_notice(added: int | None) -> str:
    """Say how many steps an import has `added`; None means the file had nothing new."""
    if added is None:
        return "Your plan already has everything in that file."
    return f"Imported {added} step{'s' if added != 1 else ''}. The rest of your plan hasn't changed."


def portfolio_card(pack: Pack, learner: LearnerSnapshot, portfolio: Portfolio) -> Card:
    """The portfolio as a file, the newest finished steps, and buttons to add the links that are missing."""
    if not portfolio.finished:
        return Card("Your portfolio starts with your first finished step", (Buttons((_MY_PLAN,)),))
    title = pack.title_name(learner.plan.title)
    text = portfolio_markdown(learner.name, title, portfolio.skills, portfolio.others, learner.today)
    count = len(portfolio.finished)
    lines = [rich(_finished_line(pack, portfolio, step)) for step in portfolio.finished[-MAX_FINISHED_LINES:]]
    blocks: list[Block] = [Bullets(tuple(lines)), FileBlock("portfolio.md", text)]
    if unproved := [step for step in portfolio.finished if not proof_of(step)]:
        blocks.append(Buttons(tuple(_link_button(step, len(unproved)) for step in unproved[:MAX_LINK_BUTTONS])))
    return Card(f"Your portfolio: {count} step{'s' if count != 1 else ''} finished", tuple(blocks))


def _finished_line(pack: Pack, portfolio: Portfolio, step: PlanStep) -> str:
    short_names = {skill.title: pack.skill_names[skill.id] for skill in pack.skills}
    gains = [
        f"{short_names.get(skill.skill, skill.skill)}: {skill.level_before or 0} → {skill.level_now}"
        for skill in portfolio.skills
        if step in skill.steps and skill.level_now
    ]
    return ". ".join((step.text, *gains, _proof(step))) + "."


def _proof(step: PlanStep) -> str:
    if not proof_of(step):
        return "No proof yet"
    if step.attachment:
        return "File added"
    return "Link added" if "://" in step.evidence else f"Noted: {short(step.evidence.rstrip('.'), 80)}"


def _link_button(step: PlanStep, count: int) -> Button:
    label = "Add proof" if count == 1 else f"Proof: {step.text[:50]}"
    return Button(label, f"plan done {step.number} evidence:?")


_MY_PLAN = Button("My plan", "plan show", "primary")
_NOTHING_TO_EXPORT = Card(
    "There's nothing to export yet", (Paragraph(rich("Your plan has no steps.")), Buttons((_MY_PLAN,)))
)
