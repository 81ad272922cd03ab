"""Errors as cards: what went wrong, and what to type instead."""

from __future__ import annotations

from collections.abc import Mapping

from mentorbot.chat.cards import Block, Button, Buttons, Card, Footnote, Paragraph, code, rich
from mentorbot.errors import BadValue, PersonError, PlanFull, StepNotFound, StepSettled, Unreachable
from mentorbot.views.channel_access import access_help

MAX_LABEL_LENGTH = 60
_TITLES = {
    "not_understood": "I did not get that",
    "bad_value": "Almost there",
    "missing_option": "One thing is missing",
    "not_found": "I cannot find that",
    "conflict": "That can't be done now",
    "not_allowed": "Not for you to do",
    "unreachable": "I cannot post there",
}
_SUGGESTIONS: Mapping[type[PersonError], tuple[str, ...]] = {
    StepNotFound: ("plan show",),
    PlanFull: ("plan show",),
    StepSettled: ("plan show", "plan undo"),
    Unreachable: ("tips when",),
}
"""Command lines to suggest for errors raised by rules that know no commands."""


def error_card(error: PersonError) -> Card:
    """An error the person can do something about, with lines that would work as buttons."""
    text = access_help(error.platform_code) if isinstance(error, Unreachable) else error.message
    blocks: list[Block] = [Paragraph(rich(text))]
    if error.understood_as:
        blocks.append(Footnote(rich("I read it as: ", code(f"/mentor {error.understood_as}"))))
    if lines := error.suggestions or _SUGGESTIONS.get(type(error), ()):
        blocks.append(Buttons(tuple(Button(_label(line), line) for line in lines)))
    title = _TITLES.get(error.code, "That did not work")
    option = error.option or None if isinstance(error, BadValue) else None
    return Card(title, tuple(blocks), error=error.code, error_option=option)


def _label(line: str) -> str:
    return f"/mentor {line}" if len(line) <= MAX_LABEL_LENGTH else f"/mentor {line[: MAX_LABEL_LENGTH - 1]}…"


def failure_card(error_code: str, text: str) -> Card:
    """A failure of the database, the platform or the bot itself, not of the person. `error_code` is a stable error code."""
    return Card("Sorry", (Paragraph(rich(text)),), error=error_code)
