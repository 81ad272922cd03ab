"""`ask`: a free question, answered from the pack, or an honest "I do not know"."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer, Block, Button, Buttons, Card, Footnote, Paragraph, bold, rich
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.packs.search_documents import SearchDocument
from mentorbot.slash.choices import short
from mentorbot.slash.registry import Option


@registry.command(
    "ask", "Ask anything about the role in your own words.", examples=("ask how long does it take from scratch",)
)
async def ask(
    context: Context,
    question: Annotated[str, Option("Your question", greedy=True, max_length=500, multiline=True)],
) -> Answer:
    """The best answer with its source, the next best as buttons; below the threshold, the nearest topics."""
    found = context.library.search.find(question)
    documents = [hit.document for hit in found.hits]
    if not found.confident or not documents:
        return _unknown(context, question, documents)
    best, others = documents[0], documents[1:4]
    blocks: list[Block] = [*best.blocks, Footnote(rich("From ", bold(best.title), f" · {best.citation}"))]
    buttons = [
        Button("Read all of it", best.command, "primary"),
        *(Button(other.title, other.command) for other in others),
    ]
    return Card(best.title, (*blocks, Buttons(tuple(buttons))))


def _unknown(context: Context, question: str, near: list[SearchDocument]) -> Card:
    topics = near[:4] or context.library.search.topics()
    return Card(
        "I do not know",
        (
            Paragraph(rich("I have nothing reliable on “", short(question, 120), "”, so I will not guess.")),
            Paragraph(rich("The nearest things that I do know about:")),
            Buttons(tuple(Button(topic.title, topic.command) for topic in topics)),
        ),
    )
