"""One message that may hold several deliveries."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mentorbot.cards import Card, Heading
from mentorbot.storage import Delivery


@dataclass(frozen=True, slots=True)
class Letter:
    """The cards of one message, and the deliveries (ids) that travel in it besides the first."""

    cards: tuple[Card, ...]
    others: tuple[int, ...] = ()

    def with_also(self, other: Delivery, card: Card) -> Letter:
        """The same with another card beneath; what is there already is not said twice."""
        cards = self.cards if card in self.cards else (*self.cards, card)
        return Letter(cards, (*self.others, other.id))

    @property
    def card(self) -> Card:
        """All of it as one card."""
        first, *rest = self.cards
        beneath = [block for card in rest for block in (Heading(card.title), *card.blocks)]
        return replace(first, blocks=(*first.blocks, *beneath))
