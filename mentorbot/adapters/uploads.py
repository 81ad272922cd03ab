"""Files that people send with a form or a command: how much of one is read, what is text, and what is said otherwise."""

from __future__ import annotations

from mentorbot.chat.cards import Card
from mentorbot.commands.context import CommandRequest
from mentorbot.commands.dispatcher import error_card
from mentorbot.errors import BadValue
from mentorbot.slash.tokenizer import format_line

LARGEST = 1_000_000
"""Bytes; no plan and no table that anybody has written is longer."""

SECONDS = 10.0
"""How long one file may take to come."""


def too_large(option: str, size: int | None = None) -> BadValue:
    """The file has `size` bytes, or more than anybody wants to count."""
    has = f"has {size:,} bytes" if size else "is too long"
    return BadValue(f"That file {has}; I read at most {LARGEST:,} bytes. Send a shorter one.", option=option)


def not_fetched(option: str, platform: str) -> BadValue:
    """The platform did not give the file away."""
    return BadValue(f"I could not get that file from {platform}. Send it again in a minute.", option=option)


def text_in(data: bytes, option: str) -> str:
    """The text of a file.

    Raises:
        BadValue: it is no UTF-8, or nothing that anybody wrote.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        advice = "Save it as plain text in UTF-8 (.txt, .md or .csv, say), and send it again."
        raise BadValue(f"That file is no text that I can read. {advice}", option=option)
    return text


def refused(error: BadValue, request: CommandRequest) -> Card:
    """The card for a file that cannot be read: all else that was given is kept, and its button asks for the file again."""
    kept = {name: value for name, value in request.options.items() if value and name != error.option}
    error.understood_as = format_line((request.line,), kept)
    error.suggestions = (format_line((request.line,), kept | {error.option: "?"}),)
    return error_card(error)
