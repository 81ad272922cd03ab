"""`plan export`, `plan import` and `portfolio`: a plan as files."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Block, Button, Buttons, Card, Choice, FileBlock, Paragraph, rich
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk, title_name
from mentorbot.commands.plan_cards import plan_card
from mentorbot.domain.export import (
    Owner,
    SkillEvidence,
    from_json,
    merge_imported,
    plan_markdown,
    portfolio_markdown,
    to_calendar,
    to_csv,
    to_json,
)
from mentorbot.domain.plan import PlanStep, StepState
from mentorbot.domain.plan_layout import lay_out
from mentorbot.packs.schema import Pack
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import File, Option


def owner_of(context: Context) -> Owner:
    """Whose files the caller's are."""
    workspace = context.caller.channel.workspace
    return Owner(workspace.platform, workspace.id, context.caller.user_id)


def _formats(_: Pack) -> tuple[Choice, ...]:
    return (
        Choice("Markdown, to read", "md"),
        Choice("CSV, for a spreadsheet", "csv"),
        Choice("JSON, to import again", "json"),
        Choice("ICS, for a calendar", "ics"),
    )


@registry.command(
    "plan export",
    "Your plan as a file: Markdown, CSV, JSON or a calendar.",
    examples=("plan export ics", "plan export json"),
)
async def plan_export(
    context: Context, what: Annotated[str, Option("Which kind of file", choices=_formats)] = "md"
) -> Answer:
    """One file with the whole plan."""
    desk = await Desk.open(context, shown=False)
    if not desk.plan.steps:
        return _nothing("Your plan is empty, so there is nothing to export.")
    text = await _text(desk, what)
    others = tuple(
        Button(choice.label.split(",")[0], f"plan export {choice.value}")
        for choice in _formats(context.pack)
        if choice.value != what
    )
    return Card("Your plan as a file", (FileBlock(f"plan.{what}", text), Buttons(others)))


async def _text(desk: Desk, what: str) -> str:
    context, owner = desk.context, owner_of(desk.context)
    match what:
        case "csv":
            return to_csv(desk.plan)
        case "json":
            return to_json(desk.plan, context.pack.info.role, owner, context.now)
        case "ics":
            return to_calendar(desk.plan, owner, context.now)
        case _:
            return plan_markdown(desk.plan, context.caller.name, title_name(context, desk.plan.title), desk.today)


@registry.command("plan import", "Take the steps of a plan that was exported as JSON, here or elsewhere.", writes=True)
async def plan_import(
    context: Context, file: Annotated[File | None, Option("The file that plan export json gave you")] = None
) -> Answer:
    """Add the steps of a file that are not there yet, with its aim and its hours a week. It can be undone."""
    if file is None:
        raise MissingOption("file")
    read = from_json(file, context.pack.info.role, owner_of(context))
    desk = await Desk.open(context, shown=False)
    plan, added = merge_imported(desk.plan, read)
    if plan == desk.plan:
        return plan_card(desk, "Everything in that file is in your plan already.")
    await desk.save(lay_out(plan, desk.week), f"import of {added} steps")
    return plan_card(desk, f"Imported: {added} step{'s' if added != 1 else ''}. What you had is as it was.")


@registry.command("portfolio", "What you have finished and what proves it, as a document to show.")
async def portfolio(context: Context) -> Answer:
    """The document for an interview or a promotion."""
    desk = await Desk.open(context, shown=False)
    done = [step for step in desk.plan.steps if step.state is StepState.DONE]
    if not done:
        return _nothing("Your portfolio begins with the first step that you finish.")
    proofs, others = await _proofs(desk, done)
    text = portfolio_markdown(context.caller.name, title_name(context, desk.plan.title), proofs, others, desk.today)
    bare = [step for step in done if not step.evidence]
    blocks: list[Block] = [
        Paragraph(rich(f"{len(done)} finished, {len(done) - len(bare)} with evidence.")),
        FileBlock("portfolio.md", text),
    ]
    if bare:
        blocks.append(Paragraph(rich("Evidence is what makes it count. Still without:")))
        blocks.append(
            Buttons(
                tuple(
                    Button(f"{step.number}. {step.text[:50]}", f"plan done {step.number} evidence:?")
                    for step in bare[:5]
                )
            )
        )
    return Card("Your portfolio", tuple(blocks))


async def _proofs(desk: Desk, done: list[PlanStep]) -> tuple[list[SkillEvidence], list[PlanStep]]:
    """Finished steps by the skill that they raise, and those that belong to none."""
    milestones = {f"milestone:{one.id}": one for part in desk.context.pack.path for one in part.milestones}
    first = {one.skill: one.level for one in reversed(await desk.assessments())}
    levels = await desk.levels()
    proofs = [
        SkillEvidence(
            skill.title,
            first.get(skill.id),
            levels.get(skill.id),
            tuple(step for step in done if step.origin in milestones and skill.id in milestones[step.origin].raises),
        )
        for skill in desk.context.pack.skills
    ]
    return proofs, [step for step in done if step.origin not in milestones]


def _nothing(text: str) -> Card:
    return Card("Nothing to show yet", (Paragraph(rich(text)), Buttons((Button("My plan", "plan show", "primary"),))))
