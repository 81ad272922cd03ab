"""The private thread that stands in for closed direct messages: who can read it, and that it's open."""

from __future__ import annotations

from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, rich
from mentorbot.chat.platform import Channel

THREAD_BUTTON = Button("Use a private thread", "checkin thread")


def thread_offer_card(channel: Channel) -> Card:
    """Say who could read the thread, before it's opened."""
    where = f"#{channel.name}" if channel.name else "this channel"
    text = (
        f"I'd message you in a private thread in {where}. You and I can read it, and so can this server's moderators: "
        "anyone with Manage Threads. Direct messages are more private."
    )
    buttons = (Button("I agree", "checkin thread agree:yes", "primary"), Button("No thread", "settings"))
    return Card("Moderators could read along. Open a thread?", (Paragraph(rich(text)), Buttons(buttons)))


def thread_opened_card(channel: Channel) -> Card:
    """Confirm that the thread is open."""
    where = f"#{channel.name}" if channel.name else "this channel"
    text = f"It's in {where}. Everything that had stopped will arrive there from now on."
    return Card("Your thread is open", (Paragraph(rich(text)), Buttons((Button("Settings", "settings"),))))


def not_needed_card() -> Card:
    """Say that there's no need for a thread."""
    text = "I can message you directly here."
    return Card("You don't need a thread", (Paragraph(rich(text)), Buttons((Button("Settings", "settings"),))))
