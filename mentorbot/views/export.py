"""A plan as files, and a portfolio of finished steps."""

from __future__ import annotations

from datetime import datetime

from mentorbot.chat.cards import Block, Button, Buttons, Card, Choice, FileBlock, Paragraph, rich
from mentorbot.domain.export import (
    Owner,
    PlanFormat,
    Portfolio,
    plan_markdown,
    portfolio_markdown,
    to_calendar,
    to_csv,
    to_json,
)
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.packs.schema import Pack

FORMAT_CHOICES = (
    Choice("Markdown, to read", PlanFormat.MARKDOWN),
    Choice("CSV, for a spreadsheet", PlanFormat.CSV),
    Choice("JSON, to import again", PlanFormat.JSON),
    Choice("ICS, for a calendar", PlanFormat.CALENDAR),
)
MAX_EVIDENCE_BUTTONS = 5


def plan_file_card(pack: Pack, learner: LearnerSnapshot, owner: Owner, now: datetime, file_format: PlanFormat) -> Card:
    """The whole plan as one file of the given format."""
    if not learner.plan.steps:
        return _nothing_card("Your plan is empty, so there is nothing to export.")
    text = _plan_text(pack, learner, owner, now, file_format)
    others = tuple(
        Button(choice.label.split(",")[0], f"plan export {choice.value}")
        for choice in FORMAT_CHOICES
        if choice.value != file_format
    )
    return Card("Your plan as a file", (FileBlock(f"plan.{file_format}", text), Buttons(others)))


def _plan_text(pack: Pack, learner: LearnerSnapshot, owner: Owner, now: datetime, file_format: PlanFormat) -> str:
    match file_format:
        case PlanFormat.CSV:
            return to_csv(learner.plan)
        case PlanFormat.JSON:
            return to_json(learner.plan, pack.info.role, owner, now)
        case PlanFormat.CALENDAR:
            return to_calendar(learner.plan, owner, now)
        case PlanFormat.MARKDOWN:
            return plan_markdown(learner.plan, learner.name, pack.title_name(learner.plan.title), learner.today)


def imported_notice(added: int | None) -> str:
    """Say how many steps an import has `added`; None means the file had nothing new."""
    if added is None:
        return "Everything in that file is in your plan already."
    return f"Imported: {added} step{'s' if added != 1 else ''}. What you had is as it was."


def portfolio_card(pack: Pack, learner: LearnerSnapshot, portfolio: Portfolio) -> Card:
    """The portfolio as a file, and the finished steps that still lack evidence."""
    if not portfolio.finished:
        return _nothing_card("Your portfolio begins with the first step that you finish.")
    title = pack.title_name(learner.plan.title)
    text = portfolio_markdown(learner.name, title, portfolio.skills, portfolio.others, learner.today)
    unproved = [step for step in portfolio.finished if not step.evidence]
    count = len(portfolio.finished)
    blocks: list[Block] = [
        Paragraph(rich(f"{count} finished, {count - len(unproved)} with evidence.")),
        FileBlock("portfolio.md", text),
    ]
    if unproved:
        buttons = tuple(
            Button(f"{step.number}. {step.text[:50]}", f"plan done {step.number} evidence:?")
            for step in unproved[:MAX_EVIDENCE_BUTTONS]
        )
        blocks += [Paragraph(rich("Evidence is what makes it count. Still without:")), Buttons(buttons)]
    return Card("Your portfolio", tuple(blocks))


def _nothing_card(text: str) -> Card:
    return Card("Nothing to show yet", (Paragraph(rich(text)), Buttons((Button("My plan", "plan show", "primary"),))))
