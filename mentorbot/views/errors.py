"""Errors as cards: what happened, then the fix, with a button for it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace

from mentorbot.chat.cards import Block, Button, Buttons, Card, Footnote, Paragraph, rich
from mentorbot.errors import BadValue, PersonError, PlanFull, StepNotFound, StepSettled, Unreachable
from mentorbot.slash.choices import short
from mentorbot.slash.forms import MissingOption
from mentorbot.views.channel_access import access_help
from mentorbot.views.labels import MAX_LABEL_LENGTH, Labels

_MAX_TITLE_LENGTH = 90
"""A longer first sentence goes below a title of its own, since a notification would cut it."""
_SENTENCE_END = re.compile(r"(?<=[.?!])(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-Z“\d])")
_TITLES = {
    "not_understood": "I didn't get that",
    "bad_value": "Almost there",
    "missing_option": "One thing is missing",
    "not_found": "I can't find that",
    "conflict": "That's not possible right now",
    "not_allowed": "You need admin rights for that",
    "unreachable": "I can't post there",
}
_SUGGESTIONS: Mapping[type[PersonError], tuple[str, ...]] = {
    StepNotFound: ("plan show",),
    PlanFull: ("plan show",),
    StepSettled: ("plan show", "plan undo"),
    Unreachable: ("tips when",),
}
"""Command lines to suggest for errors raised by rules that know no commands."""


def error_card(error: PersonError, labels: Labels | None = None) -> Card:
    """An error the person can do something about, with a button for each line that would work.

    With `labels`, each button says what it does.
    """
    text = access_help(error.platform_code, error.platform) if isinstance(error, Unreachable) else error.message
    title, rest = _title_and_rest(text, _TITLES.get(error.code, "That didn't work"))
    blocks: list[Block] = [Paragraph(rich(rest))] if rest else []
    option = error.option or None if isinstance(error, BadValue) else None
    understood = labels.understood(error.understood_as) if labels and error.understood_as else []
    if len(understood) > 1:  # a single value is in the message already
        blocks.append(Footnote(rich(f"I've got {', '.join(understood)}.")))
    if lines := error.suggestions or _SUGGESTIONS.get(type(error), ()):
        blocks.append(Buttons(tuple(Button(_label(line, option, labels), line) for line in lines)))
    return Card(title, tuple(blocks), error=error.code, error_option=option)


def question_card(missing: MissingOption, labels: Labels) -> Card:
    """Ask someone who said something, or pressed a button, for what's missing; they press another one or just type it."""
    title, rest = _title_and_rest(missing.question or missing.message, "One thing is missing")
    buttons = tuple(Button(_label(line, missing.option, labels), line) for line in missing.suggestions)
    blocks: list[Block] = [Paragraph(rich(rest))] if rest else []
    blocks += [Buttons(buttons)] if buttons else []
    return Card(title, tuple(blocks), error=missing.code, error_option=missing.option)


def _title_and_rest(text: str, fallback: str) -> tuple[str, str]:
    """Take the first sentence as the title, so a notification says what happened; a long one stays in the text."""
    first, *others = _SENTENCE_END.split(text.strip(), maxsplit=1)
    if len(first) > _MAX_TITLE_LENGTH or "\n" in first:
        return fallback, text
    return first.removesuffix("."), "".join(others)


def _label(line: str, option: str | None, labels: Labels | None) -> str:
    if labels is None:
        return short(line, MAX_LABEL_LENGTH)
    return labels.of_value(line, option) if option else labels.of_line(line)


def failure_card(error_code: str, title: str, text: str, line: str) -> Card:
    """A failure of the database, the platform or the bot itself, with a button that runs `line` again.

    `error_code` is a stable error code.
    """
    return Card(title, (Paragraph(rich(text)), Buttons((Button("Try again", line),))), error=error_code)


def database_card(error_code: str, line: str) -> Card:
    """The database didn't answer."""
    return failure_card(error_code, "I can't reach my notes right now", "Nothing changed. Try again in a minute.", line)


def busy_card(line: str) -> Card:
    """The person's plan was being changed somewhere else each time we tried."""
    return failure_card("busy", "Your plan was being changed somewhere else", "Nothing's lost. Please try again.", line)


def platform_card(error_code: str, line: str, retry_after: float | None) -> Card:
    """The platform didn't answer, or asked to wait for `retry_after` seconds."""
    if retry_after is not None:
        seconds = max(1, math.ceil(retry_after))
        title = f"Give me {seconds} second{'' if seconds == 1 else 's'}"
        return failure_card(error_code, title, "A lot came in at once. Your text is saved.", line)
    return failure_card(
        error_code, "I can't get through to the chat right now", "Nothing's lost. Try again in a minute.", line
    )


def with_code(card: Card, code: str) -> Card:
    """Add the code that finds the failure in the log."""
    note = Footnote(rich(f"If it keeps happening, give your admin this code: {code}."))
    return replace(card, blocks=(*card.blocks, note))


def with_small_code(card: Card, code: str) -> Card:
    """Add the code to an error people can mend themselves, where it's of use to whoever they ask in the end."""
    return replace(card, blocks=(*card.blocks, Footnote(rich(f"Code {code}"))))


def broken_card(incident: str, line: str) -> Card:
    """Something broke on our side; `incident` is the short code in the log."""
    text = f"Nothing changed. If it happens again, give your admin this code: {incident}."
    return failure_card("internal", "Sorry, that's on me", text, line)
