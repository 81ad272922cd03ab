"""The channels where the bot answers mentions, for admins."""

from __future__ import annotations

from collections.abc import Sequence

from mentorbot.chat.cards import ActionLine, Block, Button, Buttons, Card, Paragraph, bold, rich
from mentorbot.chat.platform import Channel
from mentorbot.slash.tokenizer import format_line

MAX_CHANNELS = 6
"""Muted channels on the card, each with its button."""


def mentions_card(muted: Sequence[Channel], here: Channel | None, changed: Channel | None) -> Card:
    """Show the muted channels. `here` is the channel the card is for, if any, and `changed` the one just muted or not."""
    blocks: list[Block] = [
        ActionLine(rich(bold(_name(channel))), Button("Turn on", _line("on", channel)))
        for channel in muted[:MAX_CHANNELS]
    ]
    if len(muted) > MAX_CHANNELS:
        blocks.append(Paragraph(rich(f"And {len(muted) - MAX_CHANNELS} more.")))
    blocks.append(Paragraph(rich("Commands and direct messages work everywhere.")))
    ids = {channel.id for channel in muted}
    buttons = [Button("Turn off here", _line("off", here))] if here is not None and here.id not in ids else []
    buttons.append(Button("Turn off in a channel", "admin mentions off channel:?"))
    return Card(_title(muted, changed), (*blocks, Buttons(tuple(buttons))))


def mentions_text(muted: Sequence[Channel]) -> str:
    """Say in a few words where mentions are answered."""
    if not muted:
        return "Mentions: I answer everywhere"
    return f"Mentions: no answers in {_name(muted[0])}" + (f" and {len(muted) - 1} more" if len(muted) > 1 else "")


def _title(muted: Sequence[Channel], changed: Channel | None) -> str:
    if changed is None:
        return "I don't answer mentions in" if muted else "I answer mentions in every channel I'm in"
    answers = "don't answer" if changed.id in {channel.id for channel in muted} else "answer"
    return f"Saved. I {answers} mentions in {_name(changed)}"


def _name(channel: Channel) -> str:
    return f"#{channel.name}" if channel.name else "a channel without a name"


def _line(answers: str, channel: Channel) -> str:
    mention = f"<#{channel.id}|{channel.name}>" if channel.name else f"<#{channel.id}>"
    return format_line(("admin", "mentions"), {"answers": answers, "channel": mention})
