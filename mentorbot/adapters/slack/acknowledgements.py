"""Acknowledgements of slash commands that carry the answer, as the JSON Slack gets.

A card made for everyone, e.g. a section of the role pack, is rendered and written as JSON once. It's found by the card object
itself, not by what's in it: whoever keeps a card gives the same one again, and a new pack or plan makes new cards.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json

from mentorbot.adapters.files import attached_blocks
from mentorbot.adapters.slack.render import Message, render, response_type
from mentorbot.chat.cards import Card

MAX_PREPARED, MAX_SEEN = 300, 50
"""Acknowledgements kept at a time, of some kilobytes each, and cards that have come once; the oldest goes first."""


class Acknowledgements:
    """The acknowledgements one adapter has prepared."""

    def __init__(self) -> None:
        # The cards are kept too, so that no other card can get their ids.
        self._prepared: dict[int, tuple[Card, str]] = {}
        self._seen: dict[int, Card] = {}

    def of(self, card: Card) -> str | None:
        """Return the acknowledgement of a card that's made for everyone, has come before and fits into one message."""
        if not card.shareable or card.error:
            return None
        if (prepared := self._prepared.get(id(card))) is not None:
            return prepared[1]
        if self._seen.pop(id(card), None) is None:
            _make_room(self._seen, MAX_SEEN)
            self._seen[id(card)] = card
            return None
        messages = render(card)
        if len(messages) > 1 or attached_blocks(card):
            return None
        _make_room(self._prepared, MAX_PREPARED)
        body = acknowledgement(messages[0], card)
        self._prepared[id(card)] = card, body
        return body


def acknowledgement(message: Message, card: Card) -> str:
    """Write a message as the answer in an acknowledgement."""
    body = {
        "response_type": response_type(card), "unfurl_links": False, "text": message.text, "blocks": message.blocks,
    }  # fmt: skip
    return to_json(body).decode()


def _make_room(cards: dict[int, Any], size: int) -> None:
    if len(cards) >= size:
        del cards[next(iter(cards))]
