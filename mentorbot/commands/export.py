"""`plan export | import` and `portfolio`: files to take away, and to bring back."""

from __future__ import annotations

import asyncio
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.domain.export import Owner, PlanFormat, from_json
from mentorbot.packs.schema import Pack
from mentorbot.services.exports import calendar_events
from mentorbot.services.plans import import_plan
from mentorbot.services.progress import learner_portfolio
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import File, Option
from mentorbot.views.export import FORMAT_CHOICES, imported_notice, plan_calendar_card, plan_file_card, portfolio_card
from mentorbot.views.plan import changed_card


def owner_of(context: Context) -> Owner:
    """Name the caller as the owner of exported files."""
    return Owner(context.workspace.platform, context.workspace.id, context.caller.user_id)


def _formats(_: Pack) -> tuple[Choice, ...]:
    return FORMAT_CHOICES


@registry.command(
    "plan export",
    "Your plan as a file: Markdown, CSV, JSON or a calendar.",
    examples=("plan export ics", "plan export json"),
    intents=(
        "export my plan",
        "export my plan as {kind}",
        "plan as a spreadsheet",
        "put my plan in my calendar",
        "plan as a file",
        "download my plan",
        "give me my plan as a spreadsheet",
    ),
    label="Export plan[: {kind}]",
)
async def plan_export(
    context: Context,
    kind: Annotated[str, Option("Which kind of file", choices=_formats, called=("what", "as", "format", "to"))] = "md",
) -> Answer:
    """Give the whole plan as one file."""
    session, file_format = await context.learner(), PlanFormat(kind)
    if file_format is PlanFormat.CALENDAR:
        return plan_calendar_card(await calendar_events(session), context.now)
    return plan_file_card(context.pack, session.snapshot, owner_of(context), context.now, file_format)


@registry.command(
    "plan import",
    "Add the steps of an exported plan (JSON).",
    writes=True,
    needs=("file",),
    intents=(
        "import my plan",
        "load a plan from a file",
        "import a plan",
        "take over my list from a spreadsheet",
        "bring my plan from another workspace",
    ),
    label="Import a plan",
)
async def plan_import(
    context: Context, file: Annotated[File | None, Option("The JSON file you exported")] = None
) -> Answer:
    """Add the missing steps of a file, its target and its hours per week, as one change to undo."""
    if file is None:
        raise MissingOption("file")
    # In a thread, because a file of a megabyte takes a while and others mustn't wait for it.
    imported = await asyncio.to_thread(from_json, file, context.role, owner_of(context))
    session = await context.learner()
    before = session.plan
    added = await import_plan(session, imported)
    return changed_card(imported_notice(added), before, session.snapshot)


@registry.command(
    "portfolio",
    "What you've finished, with links, in a document you can show.",
    intents=(
        "my portfolio",
        "something to show my boss",
        "what have i achieved",
        "show my portfolio",
        "what have I finished so far",
        "something to show in an interview",
    ),
    label="Portfolio",
)
async def portfolio(context: Context) -> Answer:
    """Give the document for an interview or a promotion."""
    session = await context.learner()
    return portfolio_card(context.pack, session.snapshot, await learner_portfolio(session))
