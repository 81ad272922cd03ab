"""`ask`: a free question, answered from the pack, or an honest "I do not know"."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.slash.registry import Option
from mentorbot.views.ask import MAX_TOPICS, found_card, unknown_card


@registry.command(
    "ask", "Ask anything about the role in your own words.", examples=("ask how long does it take from scratch",)
)
async def ask(
    context: Context,
    question: Annotated[str, Option("Your question", greedy=True, max_length=500, multiline=True)],
) -> Answer:
    """Give the best answer with its source, and the next best as buttons. Without a confident answer, list the nearest topics."""
    search = context.library.search
    result = search.find(question)
    documents = [hit.document for hit in result.hits]
    if result.confident and documents:
        return found_card(documents)
    return unknown_card(question, documents[:MAX_TOPICS] or search.topics())
