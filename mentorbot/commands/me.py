"""`me show | export | forget`: what is kept of a person, and who can see it."""

from __future__ import annotations

import json
from typing import Annotated

from mentorbot.chat.cards import (
    Answer,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    FieldList,
    FileBlock,
    Footnote,
    Heading,
    Paragraph,
    code,
    rich,
)
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.pairing import Table
from mentorbot.packs.schema import Pack
from mentorbot.slash.registry import Option

GONE_DAYS = 30
"""Days after a person has left the workspace until everything about them is erased."""

_TABLES = {
    "people": "Your name here, your time zone",
    "people_settings": "Quiet hours, messages a week; your zone and our conversation, as the platform has told me",
    "learners": "The role that you learn",
    "plans": "Your plan as a whole: aim, hours a week, what you share",
    "steps": "Steps of your plan, with your evidence",
    "plan_changes": "Changes of your plan, so that you can undo them",
    "assessments": "Your own view of your levels, over time",
    "checkins": "Check-ins, with your if-then plans",
    "recall_cards": "Recall questions and how well you knew them",
    "mentors": "Your offer to be a mentor",
    "pairings": "Mentors and learners you are paired with",
    "schedules": "What I send you regularly, or did before you stopped it",
    "deliveries": "Messages that I have sent you or will send",
}
_SEES = {
    "nothing": "Your mentor, if you have one: your name and the aim of your plan, nothing else.",
    "progress": "Your mentor: your progress, your levels, and which steps are blocked.",
    "checkins": "Your mentor: your progress, your levels, blocked steps, and your check-ins.",
}


@registry.command("me show", "What I keep of you, and who can see it.")
async def me_show(context: Context) -> Answer:
    """Counts by kind, and who sees what."""
    found = await context.uow.privacy.everything(context.caller.user_id)
    if not found:
        return Card("What I keep of you", (Paragraph(rich("Nothing at all.")),))
    rows = tuple((_TABLES.get(name, name), rich(str(len(rows)))) for name, rows in found.items())
    learner = await context.uow.learners.get(context.caller.user_id, context.pack.info.role)
    sees = (
        rich(_SEES[learner.visibility]),
        rich("Admins of this workspace: counts and medians over at least five people, never your name."),
        rich("Whoever runs me has the database. Ask them who that is."),
        rich(f"If you leave this workspace, everything is erased {GONE_DAYS} days after I notice."),
    )
    buttons = (
        Button("All of it as a file", "me export"),
        Button("What my mentor sees", "pair share"),
        Button("Forget me", "me forget", "danger"),
    )
    return Card("What I keep of you", (FieldList(rows), Heading("Who can see it"), Bullets(sees), Buttons(buttons)))


@registry.command("me export", "Everything that I keep of you, as a file.")
async def me_export(context: Context) -> Answer:
    """All rows about the caller, as JSON."""
    found = await context.uow.privacy.everything(context.caller.user_id)
    if not found:
        return Card("What I keep of you", (Paragraph(rich("Nothing at all.")),))
    text = json.dumps({"format": "mentorbot person", "version": 1, **found}, indent=1, ensure_ascii=False)
    note = Footnote(rich("To move a plan to another workspace, use ", code("/mentor plan export json"), "."))
    return Card("Everything I keep of you", (FileBlock("mentorbot-me.json", text), note))


def _yes(_: Pack) -> tuple[Choice, ...]:
    return (Choice("Yes, erase everything", "yes"),)


@registry.command("me forget", "Erase everything that I keep of you.", writes=True)
async def me_forget(
    context: Context, confirm: Annotated[str | None, Option("Say yes to erase everything", choices=_yes)] = None
) -> Answer:
    """Erase, once it is confirmed."""
    if confirm != "yes":
        text = "Your plan, evidence, check-ins, levels, recall and messages to come will be gone, and nobody can bring them back."
        buttons = (
            Button("Yes, erase everything", "me forget confirm:yes", "danger"),
            Button("First give me the file", "me export"),
            Button("Keep it all", "me show"),
        )
        return Card("Erase everything?", (Paragraph(rich(text)), Buttons(buttons)))
    table = Table(context.uow, context.pack, context.now)
    await table.part(context.caller.user_id)
    gone = await context.uow.privacy.forget(context.caller.user_id)
    if not gone:
        return Card("There was nothing", (Paragraph(rich("I keep nothing of you.")),))
    await table.place_waiting()
    text = (
        f"{sum(gone.values())} entries are erased. Others see only that somebody left. You may begin again at any time."
    )
    return Card("You are forgotten", (Paragraph(rich(text)),))
