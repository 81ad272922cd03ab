"""`progress`: how far the caller has come."""

from __future__ import annotations

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.services.progress import learner_progress
from mentorbot.views.progress import progress_card


@registry.command(
    "progress",
    "How far you've come: hours, steps, streak, levels.",
    examples=("progress",),
    intents=(
        "how am i doing",
        "am i on track",
        "how far am i",
        "show my progress",
        "my streak",
        "how far have I come",
        "how many hours have I done",
        "how many hours have I put in",
        "am I behind",
        "what's my streak",
    ),
    label="Show my progress",
)
async def progress(context: Context) -> Answer:
    """Show the caller's progress."""
    return progress_card(context.pack, await learner_progress(await context.learner()))
