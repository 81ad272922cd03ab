"""`me show | export | forget`: what is kept of a person, and who can see it."""

from __future__ import annotations

import json
from typing import Annotated

from mentorbot.cards import (
    Answer,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Document,
    Facts,
    Heading,
    Note,
    Paragraph,
    code,
    words,
)
from mentorbot.commands.call import Call
from mentorbot.commands.declare import registry
from mentorbot.commands.options import Option
from mentorbot.commands.pairing import Table
from mentorbot.packs.model import Pack

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
async def me_show(call: Call) -> Answer:
    """Counts by kind, and who sees what."""
    found = await call.unit.privacy.everything(call.caller.person)
    if not found:
        return Card("What I keep of you", (Paragraph(words("Nothing at all.")),))
    rows = tuple((_TABLES.get(name, name), words(str(len(rows)))) for name, rows in found.items())
    learner = await call.unit.learners.get(call.caller.person, call.pack.info.role)
    sees = (
        words(_SEES[learner.share]),
        words("Admins of this workspace: counts and medians over at least five people, never your name."),
        words("Whoever runs me has the database. Ask them who that is."),
        words(f"If you leave this workspace, everything is erased {GONE_DAYS} days after I notice."),
    )
    buttons = (
        Button("All of it as a file", "me export"),
        Button("What my mentor sees", "pair share"),
        Button("Forget me", "me forget", "danger"),
    )
    return Card("What I keep of you", (Facts(rows), Heading("Who can see it"), Bullets(sees), Buttons(buttons)))


@registry.command("me export", "Everything that I keep of you, as a file.")
async def me_export(call: Call) -> Answer:
    """All rows about the caller, as JSON."""
    found = await call.unit.privacy.everything(call.caller.person)
    if not found:
        return Card("What I keep of you", (Paragraph(words("Nothing at all.")),))
    text = json.dumps({"format": "mentorbot person", "version": 1, **found}, indent=1, ensure_ascii=False)
    note = Note(words("To move a plan to another workspace, use ", code("/mentor plan export json"), "."))
    return Card("Everything I keep of you", (Document("mentorbot-me.json", text), note))


def _yes(_: Pack) -> tuple[Choice, ...]:
    return (Choice("Yes, erase everything", "yes"),)


@registry.command("me forget", "Erase everything that I keep of you.", writes=True)
async def me_forget(
    call: Call, confirm: Annotated[str | None, Option("Say yes to erase everything", choices=_yes)] = None
) -> Answer:
    """Erase, once it is confirmed."""
    if confirm != "yes":
        text = "Your plan, evidence, check-ins, levels, recall and messages to come will be gone, and nobody can bring them back."
        buttons = (
            Button("Yes, erase everything", "me forget confirm:yes", "danger"),
            Button("First give me the file", "me export"),
            Button("Keep it all", "me show"),
        )
        return Card("Erase everything?", (Paragraph(words(text)), Buttons(buttons)))
    table = Table(call.unit, call.pack, call.now)
    await table.part(call.caller.person)
    gone = await call.unit.privacy.forget(call.caller.person)
    if not gone:
        return Card("There was nothing", (Paragraph(words("I keep nothing of you.")),))
    await table.place_waiting()
    text = (
        f"{sum(gone.values())} entries are erased. Others see only that somebody left. You may begin again at any time."
    )
    return Card("You are forgotten", (Paragraph(words(text)),))
