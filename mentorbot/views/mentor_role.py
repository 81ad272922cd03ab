"""The role people get while they mentor: whether there's one, and that it's saved."""

from __future__ import annotations

from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, rich
from mentorbot.views.wording import count

CHOOSE, CHANGE = (Button(label, "admin mentor-role role:?") for label in ("Choose role", "Change"))
"""Both open a form with the platform's own list of roles."""


def mentor_role_card(has_role: bool) -> Card:
    """Say whether mentors get a role."""
    text = Paragraph(rich("People get it when they offer to mentor, and lose it when they stop."))
    if not has_role:
        return Card("Mentors don't get a role here", (text, Buttons((CHOOSE,))))
    return Card("Mentors get a role here", (text, Buttons((CHANGE, Button("No role", "admin mentor-role role:none")))))


def mentor_role_saved_card(*, chosen: bool, mentors: int) -> Card:
    """Confirm a choice."""
    if not chosen:
        text = "Anyone who has it keeps it. You can remove it in the server's settings."
        return Card("From now on, new mentors don't get a role", (Paragraph(rich(text)),))
    given = f"{count(mentors, 'mentor')} {'has' if mentors == 1 else 'have'} it now. " if mentors else ""
    text = f"{given}People get it when they offer to mentor, and lose it when they stop."
    return Card("Saved: mentors get that role", (Paragraph(rich(text)),))


def no_roles_card() -> Card:
    """Say that there are no roles to give."""
    return Card("There are no roles to give here", (Paragraph(rich("Only Discord servers have roles.")),))
