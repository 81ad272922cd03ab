"""A person's own data: counts and readers, all of it as a file, and erasing it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mentorbot.chat.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    FieldList,
    FileBlock,
    Footnote,
    Heading,
    Paragraph,
    code,
    rich,
)
from mentorbot.domain.people import ERASE_AFTER_DAYS
from mentorbot.domain.visibility import Visibility

_TABLE_NAMES = {
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
    "drafts": "Drafts, for a day at most",
    "conversations": "The last ten minutes of our conversation, for a day at most",
    "dm_workspaces": "The server your direct messages are about",
    "calendar_events": "Events of your plan in calendar files",
    "notes": "Notes you have written",
}
_MENTOR_SEES = {
    Visibility.NOTHING: "Your mentor, if you have one: your name and the aim of your plan, nothing else.",
    Visibility.PROGRESS: "Your mentor: your progress, your levels, and which steps are blocked.",
    Visibility.CHECKINS: "Your mentor: your progress, your levels, blocked steps, and your check-ins.",
}
PersonalData = Mapping[str, Sequence[Mapping[str, object]]]
"""Rows about one person, by table, as JSON values."""


def data_card(data: PersonalData, visibility: Visibility) -> Card:
    """Count the data about a person, and name those who can see it."""
    if not data:
        return _nothing_card()
    rows = tuple((_TABLE_NAMES.get(table, table), rich(str(len(entries)))) for table, entries in data.items())
    viewers = (
        rich(_MENTOR_SEES[visibility]),
        rich("Admins of this workspace: counts and medians over at least five people, never your name."),
        rich("Whoever runs me has the database. Ask them who that is."),
        rich(f"If you leave this workspace, everything is erased {ERASE_AFTER_DAYS} days after I notice."),
    )
    buttons = (
        Button("All of it as a file", "me export"),
        Button("What my mentor sees", "pair share"),
        Button("Forget me", "me forget", "danger"),
    )
    return Card("What I keep of you", (FieldList(rows), Heading("Who can see it"), Bullets(viewers), Buttons(buttons)))


def _nothing_card() -> Card:
    return Card("What I keep of you", (Paragraph(rich("Nothing at all.")),))


def data_file_card(data: PersonalData) -> Card:
    """Give everything as a JSON file."""
    if not data:
        return _nothing_card()
    text = json.dumps({"format": "mentorbot person", "version": 1, **data}, indent=1, ensure_ascii=False)
    note = Footnote(rich("To move a plan to another workspace, use ", code("/mentor plan export json"), "."))
    return Card("Everything I keep of you", (FileBlock("mentorbot-me.json", text), note))


def confirm_erasure_card() -> Card:
    """Ask for confirmation before everything is erased."""
    text = "Your plan, evidence, check-ins, levels, recall and messages to come will be gone, and nobody can bring them back."
    buttons = (
        Button("Yes, erase everything", "me forget confirm:yes", "danger"),
        Button("First give me the file", "me export"),
        Button("Keep it all", "me show"),
    )
    return Card("Erase everything?", (Paragraph(rich(text)), Buttons(buttons)))


def erased_card(entries: int) -> Card:
    """Confirm that `entries` rows were erased."""
    if not entries:
        return Card("There was nothing", (Paragraph(rich("I keep nothing of you.")),))
    text = f"{entries} entries are erased. Others see only that somebody left. You may begin again at any time."
    return Card("You are forgotten", (Paragraph(rich(text)),))
