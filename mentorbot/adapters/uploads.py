"""Files people send with a form or a command: size and time limits, decoding, and the errors they can cause."""

from __future__ import annotations

from mentorbot.chat.cards import Card
from mentorbot.commands.context import CommandRequest
from mentorbot.errors import BadValue
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.errors import error_card

MAX_BYTES = 1_000_000
"""Bytes per file. A plan or a table written by a person is never this long."""

FETCH_SECONDS = 10.0
"""Time downloading one file may take."""


def too_large_error(option: str, size: int | None = None) -> BadValue:
    """Build the error for a file of `size` bytes; None if reading stopped at the limit."""
    size_text = f"has {size:,} bytes" if size else "is too long"
    return BadValue(
        f"That file {size_text}, and I can only read {MAX_BYTES:,} bytes. Send a shorter one.", option=option
    )


def fetch_error(option: str, platform: str) -> BadValue:
    """Build the error for a file `platform` didn't hand over."""
    return BadValue(f"I couldn't get that file from {platform}. Send it again in a minute.", option=option)


def decode_text(data: bytes, option: str) -> str:
    """Decode a file as UTF-8, with or without a byte order mark.

    Raises:
        BadValue: the file isn't UTF-8, or it's binary.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    # A NUL byte means binary: no editor saves one in a text file.
    if "\0" in text:
        advice = "Save it as plain text in UTF-8 (.txt, .md or .csv, say), and send it again."
        raise BadValue(f"That file isn't text I can read. {advice}", option=option)
    return text


def refusal_card(error: BadValue, request: CommandRequest) -> Card:
    """Build the card for a file that can't be read. It keeps all other options, and its button asks for the file again."""
    options = {name: value for name, value in request.options.items() if value and name != error.option}
    explained = BadValue(
        error.message,
        option=error.option,
        suggestions=(format_line((request.line,), options | {error.option: "?"}),),
        understood_as=format_line((request.line,), options),
    )
    return error_card(explained)
