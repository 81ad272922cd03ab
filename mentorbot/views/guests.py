"""Cards without mentoring, for people who can't see everyone else, e.g. guests of a single channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mentorbot.chat.cards import ActionLine, Answer, Block, Buttons, Card, buttons_of

_MENTORING = ("pair request ", "pair list ", "pair offer ", "pair accept ", "start goal:mentor ", "help pair ")
"""Beginnings of the lines that find people. Those for leaving a mentor, or a learner, aren't among them."""

MENTORING_WORDS = frozenset({"pair", "mentees"})
"""First words of commands that are about mentoring."""


def is_about_finding_people(line: str) -> bool:
    """Tell whether a command line offers, looks for or accepts mentoring."""
    return f"{line} ".startswith(_MENTORING)


def offers_mentoring(answer: Answer) -> bool:
    """Tell whether an answer has a button that does."""
    return isinstance(answer, Card) and any(
        is_about_finding_people(button.line) for button in buttons_of(answer.blocks)
    )


def without_mentoring(card: Card) -> Card:
    """Leave out such buttons, with the lines they stand beside."""
    return replace(card, blocks=tuple(_blocks(card)))


def _blocks(card: Card) -> Iterator[Block]:
    for block in card.blocks:
        if isinstance(block, ActionLine) and is_about_finding_people(block.button.line):
            continue
        if isinstance(block, Buttons):
            kept = tuple(button for button in block.buttons if not is_about_finding_people(button.line))
            if kept:
                yield Buttons(kept)
            continue
        yield block
