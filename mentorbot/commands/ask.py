"""`ask`: a free question, answered from the pack, or an honest "That's beyond me"."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import PackContext
from mentorbot.packs.search_documents import SearchDocument
from mentorbot.slash.registry import Option
from mentorbot.views.ask import found_card, is_about_pay, only_us_card, place_elsewhere, unknown_card


@registry.command(
    "ask",
    "Ask anything about the role in your own words.",
    examples=("ask how long does it take from scratch",),
    intents=("I have a question", "can I ask you something", "ask something"),
    label="Ask[ “{question}”]",
)
async def ask(
    context: PackContext,
    question: Annotated[str, Option("Your question", greedy=True, max_length=500, multiline=True)],
) -> Answer:
    """Give the best answer with its source, and the next best as buttons. Without a confident one, say so."""
    place = place_elsewhere(context.pack, question)
    if place is not None and is_about_pay(_best_documents(context, question.replace(place, "") if place else question)):
        return only_us_card(context.pack, place)
    result = context.library.search.find(question)
    documents = [hit.document for hit in result.hits]
    if not result.confident or not documents:
        return unknown_card(context.pack, question, documents)
    return found_card(question, documents)


def _best_documents(context: PackContext, question: str) -> list[SearchDocument]:
    return [hit.document for hit in context.library.search.find(question).hits]
