"""`ask`: a free question, answered from the pack, or an honest "I do not know"."""

from __future__ import annotations

from typing import Annotated

from mentorbot.cards import Answer, Block, Button, Buttons, Card, Note, Paragraph, bold, words
from mentorbot.commands.call import Call
from mentorbot.commands.choices import short
from mentorbot.commands.declare import registry
from mentorbot.commands.options import Option
from mentorbot.packs.documents import Document


@registry.command(
    "ask", "Ask anything about the role in your own words.", examples=("ask how long does it take from scratch",)
)
async def ask(
    call: Call,
    question: Annotated[str, Option("Your question", rest=True, max_length=500, long=True)],
) -> Answer:
    """The best answer with its source, the next best as buttons; below the threshold, the nearest topics."""
    found = call.library.search.find(question)
    documents = [hit.document for hit in found.hits]
    if not found.sure or not documents:
        return _unknown(call, question, documents)
    best, others = documents[0], documents[1:4]
    blocks: list[Block] = [*best.blocks, Note(words("From ", bold(best.title), f" · {best.source}"))]
    buttons = [Button("Read all of it", best.line, "primary"), *(Button(other.title, other.line) for other in others)]
    return Card(best.title, (*blocks, Buttons(tuple(buttons))))


def _unknown(call: Call, question: str, near: list[Document]) -> Card:
    topics = near[:4] or call.library.search.topics()
    return Card(
        "I do not know",
        (
            Paragraph(words("I have nothing reliable on “", short(question, 120), "”, so I will not guess.")),
            Paragraph(words("The nearest things that I do know about:")),
            Buttons(tuple(Button(topic.title, topic.line) for topic in topics)),
        ),
    )
