"""`progress` and `portfolio`: the caller's progress, and the evidence for it."""

from __future__ import annotations

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.services.progress import learner_portfolio, learner_progress
from mentorbot.views.export import portfolio_card
from mentorbot.views.progress import progress_card


@registry.command("progress", "What you have done, this week, your streak, your levels; with pictures.")
async def progress(context: Context) -> Answer:
    """Show the caller's progress."""
    return progress_card(context.pack, await learner_progress(await context.learner()))


@registry.command("portfolio", "What you have finished and what proves it, as a document to show.")
async def portfolio(context: Context) -> Answer:
    """Give the caller's portfolio, e.g. for an interview or a promotion."""
    session = await context.learner()
    return portfolio_card(context.pack, session.snapshot, await learner_portfolio(session))
