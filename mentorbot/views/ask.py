"""The answer to a free question, with its source; or an honest "I do not know"."""

from __future__ import annotations

from collections.abc import Sequence

from mentorbot.chat.cards import Button, Buttons, Card, Footnote, Paragraph, bold, rich
from mentorbot.packs.search_documents import SearchDocument
from mentorbot.slash.choices import short

MAX_OTHERS = 3
MAX_TOPICS = 4


def found_card(documents: Sequence[SearchDocument]) -> Card:
    """The best answer with its source, and buttons for the next best."""
    best, others = documents[0], documents[1 : MAX_OTHERS + 1]
    source = Footnote(rich("From ", bold(best.title), f" · {best.citation}"))
    buttons = (
        Button("Read all of it", best.command, "primary"),
        *(Button(other.title, other.command) for other in others),
    )
    return Card(best.title, (*best.blocks, source, Buttons(buttons)))


def unknown_card(question: str, topics: Sequence[SearchDocument]) -> Card:
    """Admit that there's no reliable answer, and offer the nearest topics."""
    return Card(
        "I do not know",
        (
            Paragraph(rich("I have nothing reliable on “", short(question, 120), "”, so I will not guess.")),
            Paragraph(rich("The nearest things that I do know about:")),
            Buttons(tuple(Button(topic.title, topic.command) for topic in topics)),
        ),
    )
