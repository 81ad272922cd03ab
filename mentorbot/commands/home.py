"""`home`: a person's start page, which Slack shows in its App Home."""

from __future__ import annotations

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.services.home import home_of
from mentorbot.views.home import home_card


@registry.command(
    "home",
    "Your week, your mentor or learners, and your workspace at a glance.",
    intents=("give me an overview", "show me everything at a glance"),
    label="Overview",
)
async def home(context: Context) -> Answer:
    """Show someone's week and what waits for them, or a newcomer their first step."""
    admin = (await context.caller.standing()).admin
    return home_card(context.pack, await home_of(await context.learner(), admin=admin))
