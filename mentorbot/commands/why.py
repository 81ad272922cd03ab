"""`why`: a person's last messages and the next ones, each with its reason."""

from __future__ import annotations

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.learners import UTC
from mentorbot.views.deliveries import messages_card


@registry.command(
    "why",
    "Your next message, and why earlier ones came or didn't.",
    intents=(
        "why did you message me",
        "why do you keep messaging me",
        "why do you write to me",
        "why didn't I get a tip",
        "why did i get this",
        "when is your next message",
        "why didn't my check-in come",
        "when will I hear from you",
        "I got no check-in",
    ),
    label="Next message",
)
async def why(context: Context) -> Answer:
    """Show the caller's past messages (sent, late, postponed or skipped) and the next ones, each with its reason."""
    forecast = await forecast_for(await context.learner())
    schedule_zone = next((schedule.recurrence.zone for schedule in forecast.schedules), UTC)
    return messages_card(forecast, await context.zone() or schedule_zone)
