"""A person's own data: counts and readers, all of it as a file, and erasing it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from mentorbot.chat.cards import Button, Buttons, Card, FileBlock, Footnote, Paragraph, rich
from mentorbot.domain.people import BACKUP_DAYS, ERASE_AFTER_DAYS
from mentorbot.domain.visibility import MIN_GROUP_SIZE, Visibility
from mentorbot.views.rhythms import sentence_start

PersonalData = Mapping[str, Sequence[Mapping[str, object]]]
"""Rows about one person, by table, as JSON values."""
_WHOLE = {
    "people": "your name here",
    "plans": "your plan",
    "people_settings": "quiet hours",
    "plan_changes": "changes you can undo",
    "mentors": "your offer to mentor",
    "conversations": "our last ten minutes of chat",
    "language_model_users": "your choice about the language model",
    "dm_workspaces": "the server your direct messages are about",
}
"""Tables whose rows make up one thing."""
_COUNTED = {
    "steps": ("step", "steps"),
    "checkins": ("check-in", "check-ins"),
    "assessments": ("level", "levels"),
    "recall_cards": ("recall question", "recall questions"),
    "pairings": ("mentor request", "mentor requests"),
    "schedules": ("recurring message", "recurring messages"),
    "deliveries": ("message from me", "messages from me"),
    "notes": ("note", "notes"),
    "drafts": ("draft", "drafts"),
    "calendar_events": ("calendar event", "calendar events"),
}
_IMPLIED = frozenset({"learners"})
"""Tables whose rows say nothing that another one here doesn't."""
_MENTOR_SEES = {
    Visibility.NOTHING: "sees your name and target role",
    Visibility.PROGRESS: "sees your progress, levels and stuck steps",
    Visibility.CHECKINS: "sees your progress, levels, stuck steps and check-ins",
}


def data_card(data: PersonalData, visibility: Visibility, mentor: str) -> Card:
    """Count the data about a person, and name those who can see it. `mentor` is their mentor's name; "" for none."""
    if not data:
        return _nothing_card()
    saved = ", ".join(_parts(data))
    admins = f"Admins see counts of {MIN_GROUP_SIZE}+ people, no names."
    who = f"{mentor} {_MENTOR_SEES[visibility]}. {admins}" if mentor else f"Nobody else sees your plan. {admins}"
    lines = (
        f"{sentence_start(saved)}. Not your questions.",
        who,
        "Whoever runs this bot can see its database. Ask your admin who that is.",
    )
    short_lived = (
        "Drafts and our last ten minutes of chat are saved for a day at most. "
        f"If you leave, or I'm removed from here, I delete everything {ERASE_AFTER_DAYS} days after I notice. "
        f"Backups are deleted after {BACKUP_DAYS} days."
    )
    buttons = (
        Button("Get the file", "me export"),
        *((Button(f"What {mentor} sees", "pair share"),) if mentor else ()),
        Button("Delete", "me forget", "danger"),
    )
    return Card(
        "Your data", (*(Paragraph(rich(line)) for line in lines), Footnote(rich(short_lived)), Buttons(buttons))
    )


def _parts(data: PersonalData) -> Iterator[str]:
    """Name what's saved, e.g. “your plan”, “6 check-ins”, “time zone”."""
    for table, rows in data.items():
        if table in _WHOLE:
            yield _WHOLE[table]
        elif table not in _IMPLIED:
            count = len({row.get("skill") for row in rows}) if table == "assessments" else len(rows)
            one, many = _COUNTED.get(table, (table, table))
            yield f"{count} {one if count == 1 else many}"
        if table == "people" and any(row.get("zone") for row in rows):
            yield "time zone"


def _nothing_card() -> Card:
    text = "I haven't saved anything about you. Drafts and our last ten minutes of chat are gone within a day."
    return Card("Your data: nothing at all", (Paragraph(rich(text)), Buttons((Button("Help", "help"),))))


def data_file_card(data: PersonalData) -> Card:
    """Give everything as a JSON file."""
    if not data:
        return _nothing_card()
    text = json.dumps({"format": "mentorbot person", "version": 1, **data}, indent=1, ensure_ascii=False)
    note = Footnote(rich("Moving your plan somewhere else? Export the plan itself."))
    buttons = Buttons((Button("Export plan", "plan export json"),))
    return Card("Here's all your data", (FileBlock("mentorbot-me.json", text), note, buttons))


def confirm_erasure_card() -> Card:
    """Ask for confirmation before everything is erased."""
    text = "Your plan, links, levels and check-ins will be gone for good."
    buttons = (
        Button("Get the file first", "me export"),
        Button("Keep it", "me show"),
        Button("Delete everything", "me forget confirm:yes", "danger"),
    )
    return Card("Delete everything?", (Paragraph(rich(text)), Buttons(buttons)))


def erased_card(entries: int) -> Card:
    """Confirm that `entries` rows were erased."""
    if not entries:
        return Card("There's nothing to delete", (Paragraph(rich("I haven't saved anything about you.")),))
    text = "Others only see that someone left. You can start over any time: just say hi."
    return Card("All your data is deleted", (Paragraph(rich(text)),))
