"""`progress`: how far the caller has come."""

from __future__ import annotations

from datetime import date, timedelta

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.steps import Days
from mentorbot.services.progress import learner_progress
from mentorbot.slash.date_patterns import calendar_day
from mentorbot.slash.dates import DateRange
from mentorbot.views.period import period_card
from mentorbot.views.progress import progress_card

_HALF_A_YEAR = timedelta(days=182)


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
        "how many hours did I do {when}",
        "what did I do {when}",
        "what have I done {when}",
        "which steps did I finish {when}",
    ),
    label="Show my progress[: {when}]",
)
async def progress(context: Context, when: Days = None) -> Answer:
    """Show how far the caller has come, or what they did in some days."""
    if when is not None:
        learner = (await context.learner()).snapshot
        return period_card(learner, _told(when, learner.today))
    return progress_card(context.pack, await learner_progress(await context.learner()))


def _told(days: DateRange, today: date) -> DateRange:
    """Give the days somebody asks about who wants to know what they did: “october” is the one that's over.

    Of those that have begun, what's ahead isn't asked about.
    """
    if days.first - today > _HALF_A_YEAR:
        earlier = [calendar_day(day.year - 1, day.month, day.day) for day in (days.first, days.last)]
        days = DateRange(earlier[0] or days.first, earlier[1] or days.last)
    if days.first > today:
        return DateRange(today, days.last)
    return DateRange(days.first, today if days.days == 1 else min(days.last, today))
