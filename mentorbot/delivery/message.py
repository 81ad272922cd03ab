"""What deliveries say, or why they say nothing; and the one message that may hold several of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from mentorbot.chat.cards import Card, Heading
from mentorbot.domain.records import Delivery, PlatformProfile
from mentorbot.storage import Enclosed, Notice


@dataclass(frozen=True, slots=True)
class Content:
    """What a delivery says. `item` is what was chosen for it, where it was not chosen before; `notice` is what follows it."""

    card: Card
    item: str = ""
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """Why a message is not sent. With `until` (UTC) it is tried again then."""

    reason: str
    until: datetime | None = None


ComposeResult = Content | NotSent


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What the deliveries of one message say, the first one's first; and what the platform has told of the person meanwhile."""

    said: tuple[tuple[Delivery, Content], ...]
    profiles: Mapping[int, PlatformProfile] = field(default_factory=dict)

    def with_also(self, other: Delivery, said: Content) -> OutgoingMessage:
        """The same with what another delivery says beneath."""
        return replace(self, said=(*self.said, (other, said)))

    @property
    def card(self) -> Card:
        """All of it as one card; nothing is said twice."""
        first, *rest = dict.fromkeys(said.card for _, said in self.said)
        beneath = [block for card in rest for block in (Heading(card.title), *card.blocks)]
        return replace(first, blocks=(*first.blocks, *beneath)) if beneath else first

    @property
    def enclosed(self) -> Enclosed:
        """What is put down together with the attempt to send it."""
        return Enclosed(
            tuple(delivery.id for delivery, _ in self.said[1:]),
            {delivery.id: said.item for delivery, said in self.said if said.item},
            tuple(said.notice for _, said in self.said if said.notice is not None),
            self.profiles,
        )
