"""`workdays`: the days on which nobody here works, for everyone to look up."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.services.learners import UTC
from mentorbot.slash.dates import DateRange
from mentorbot.slash.registry import Option
from mentorbot.views.calendar import calendar_card, day_off_card


@registry.command(
    "workdays",
    "The next days off here, or whether a day is one.",
    examples=("workdays", "workdays 6 jan"),
    intents=(
        "are we off on {on!}",
        "is {on!} a day off",
        "is {on!} a public holiday",
        "is {on!} a holiday",
        "is {on!} off",
        "are we closed on {on!}",
        "do we work on {on!}",
        "when's the next day off",
        "when is the next public holiday",
        "which days off do we have",
        "show our days off",
        "what are our days off",
        "are tips sent on public holidays",
        "do you write on days off",
    ),
    label="Show the days off[: {on}]",
)
async def workdays(
    context: Context,
    on: Annotated[
        DateRange | None, Option("A day, or several, to look up", unlisted=True, called=("day", "date"))
    ] = None,
) -> Answer:
    """Show the workspace's next days off; with `on`, those among these days."""
    today = context.now.astimezone(await context.zone() or UTC).date()
    calendar = await context.uow.calendars.get()
    is_admin = (await context.caller.member()).admin
    if on is None:
        return calendar_card(calendar, today, "", can_change=is_admin)
    return day_off_card(calendar, on, today, can_change=is_admin)
