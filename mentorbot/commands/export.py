"""`plan export`, `plan import` and `portfolio`: a plan as files."""

from __future__ import annotations

from typing import Annotated

from mentorbot.cards import Answer, Block, Button, Buttons, Card, Choice, Document, Paragraph, words
from mentorbot.commands.call import Call
from mentorbot.commands.declare import registry
from mentorbot.commands.desk import Desk, title_name
from mentorbot.commands.forms import MissingOption
from mentorbot.commands.options import File, Option
from mentorbot.commands.plan_cards import plan_card
from mentorbot.learning.exchange import Owner, from_json, merged, to_json
from mentorbot.learning.flow import flow
from mentorbot.learning.handouts import to_calendar, to_csv
from mentorbot.learning.markdown import Proof, plan_document, portfolio_document
from mentorbot.learning.plan import Step
from mentorbot.packs.model import Pack


def owner_of(call: Call) -> Owner:
    """Whose files the caller's are."""
    workspace = call.caller.channel.workspace
    return Owner(workspace.platform, workspace.id, call.caller.person)


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
    call: Call, what: Annotated[str, Option("Which kind of file", choices=_formats)] = "md"
) -> Answer:
    """One file with the whole plan."""
    desk = await Desk.open(call, shown=False)
    if not desk.plan.steps:
        return _nothing("Your plan is empty, so there is nothing to export.")
    text = await _text(desk, what)
    others = tuple(
        Button(choice.label.split(",")[0], f"plan export {choice.value}")
        for choice in _formats(call.pack)
        if choice.value != what
    )
    return Card("Your plan as a file", (Document(f"plan.{what}", text), Buttons(others)))


async def _text(desk: Desk, what: str) -> str:
    call, owner = desk.call, owner_of(desk.call)
    match what:
        case "csv":
            return to_csv(desk.plan)
        case "json":
            return to_json(desk.plan, call.pack.info.role, owner, call.now)
        case "ics":
            return to_calendar(desk.plan, owner, call.now)
        case _:
            return plan_document(desk.plan, call.caller.name, title_name(call, desk.plan.title), desk.today)


@registry.command("plan import", "Take the steps of a plan that was exported as JSON, here or elsewhere.", writes=True)
async def plan_import(
    call: Call, file: Annotated[File | None, Option("The file that plan export json gave you")] = None
) -> Answer:
    """Add the steps of a file that are not there yet, with its aim and its hours a week. It can be undone."""
    if file is None:
        raise MissingOption("file")
    read = from_json(file, call.pack.info.role, owner_of(call))
    desk = await Desk.open(call, shown=False)
    plan, added = merged(desk.plan, read)
    if plan == desk.plan:
        return plan_card(desk, "Everything in that file is in your plan already.")
    await desk.save(flow(plan, desk.week), f"import of {added} steps")
    return plan_card(desk, f"Imported: {added} step{'s' if added != 1 else ''}. What you had is as it was.")


@registry.command("portfolio", "What you have finished and what proves it, as a document to show.")
async def portfolio(call: Call) -> Answer:
    """The document for an interview or a promotion."""
    desk = await Desk.open(call, shown=False)
    done = [step for step in desk.plan.steps if step.state == "done"]
    if not done:
        return _nothing("Your portfolio begins with the first step that you finish.")
    proofs, others = await _proofs(desk, done)
    text = portfolio_document(call.caller.name, title_name(call, desk.plan.title), proofs, others, desk.today)
    bare = [step for step in done if not step.evidence]
    blocks: list[Block] = [
        Paragraph(words(f"{len(done)} finished, {len(done) - len(bare)} with evidence.")),
        Document("portfolio.md", text),
    ]
    if bare:
        blocks.append(Paragraph(words("Evidence is what makes it count. Still without:")))
        blocks.append(
            Buttons(
                tuple(
                    Button(f"{step.number}. {step.text[:50]}", f"plan done {step.number} evidence:?")
                    for step in bare[:5]
                )
            )
        )
    return Card("Your portfolio", tuple(blocks))


async def _proofs(desk: Desk, done: list[Step]) -> tuple[list[Proof], list[Step]]:
    """Finished steps by the skill that they raise, and those that belong to none."""
    milestones = {f"milestone:{one.id}": one for part in desk.call.pack.path for one in part.milestones}
    first = {one.skill: one.level for one in reversed(await desk.assessments())}
    levels = await desk.levels()
    proofs = [
        Proof(
            skill.title,
            first.get(skill.id),
            levels.get(skill.id),
            tuple(step for step in done if step.origin in milestones and skill.id in milestones[step.origin].raises),
        )
        for skill in desk.call.pack.skills
    ]
    return proofs, [step for step in done if step.origin not in milestones]


def _nothing(text: str) -> Card:
    return Card("Nothing to show yet", (Paragraph(words(text)), Buttons((Button("My plan", "plan show", "primary"),))))
