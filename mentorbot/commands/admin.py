"""`admin report | here | stop | match | calendar`: for people who manage the workspace."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.mentoring import matcher_of
from mentorbot.commands.schedule_options import NONE_WORDS, required_zone, subscriptions_of
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.recurrence import UNNAMED_DAY_OFF, Recurrence
from mentorbot.domain.work_calendar import parse_country
from mentorbot.errors import BadValue
from mentorbot.services.calendars import CalendarChanges, change_calendar
from mentorbot.services.learners import UTC
from mentorbot.services.mentoring import shorten_waitlist
from mentorbot.services.reports import weekly_report
from mentorbot.services.subscriptions import DEFAULT_TIME, ensure_can_post
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.views import reports as views
from mentorbot.views.calendar import calendar_card

MAX_SPREAD = 240
"""Minutes."""


@registry.command("admin report", "How learning goes in this workspace: counts and medians, no names.", admin=True)
async def admin_report(context: Context) -> Answer:
    """Show the figures of the present week."""
    zone = await context.zone() or UTC
    return views.report_card(await weekly_report(context.uow, context.pack, context.now, zone))


@registry.command(
    "admin here",
    "Post the weekly report here, and requests that find no mentor.",
    admin=True,
    writes=True,
    examples=("admin here monday 09:00 Europe/Berlin",),
)
async def admin_here(
    context: Context,
    day: Annotated[Weekday, Option("Day of the week")] = Weekday.MONDAY,
    at: Annotated[time, Option("Local time, as 09:00")] = DEFAULT_TIME,
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
) -> Answer:
    """Start (or move) the weekly report in this channel."""
    await ensure_can_post(context.platform, context.caller.channel)
    await context.ensure_caller()
    weekly = Recurrence.weekly(day, at, await required_zone(context, zone))
    return views.report_started_card(
        await subscriptions_of(context).start(context.to_channel, MessageKind.REPORT, weekly)
    )


@registry.command("admin stop", "Stop the weekly report in this channel.", admin=True, writes=True)
async def admin_stop(context: Context) -> Answer:
    """Stop the report of this channel."""
    return views.report_stopped_card(await subscriptions_of(context).stop(context.to_channel, MessageKind.REPORT))


@registry.command(
    "admin match", "Find mentors for all who wait, so that all together fare best.", admin=True, writes=True
)
async def admin_match(context: Context) -> Answer:
    """Find mentors for everyone waiting. The card gives counts only: names stay between learner and mentor."""
    return views.match_card(*await shorten_waitlist(matcher_of(context)))


@registry.command(
    "admin calendar",
    "Days off, on which I post nothing, and the spread of check-ins.",
    admin=True,
    writes=True,
    examples=(
        "admin calendar country:DE-BE",
        "admin calendar off:2026-12-24 name:Company day",
        "admin calendar spread:30",
    ),
)
async def admin_calendar(
    context: Context,
    country: Annotated[
        str | None, Option("Whose public holidays are off, as DE or US-CA, or none", max_length=20)
    ] = None,
    off: Annotated[date | None, Option("One more day off")] = None,
    name: Annotated[str | None, Option("What that day off is called", max_length=60)] = None,
    work: Annotated[date | None, Option("A day on which you do work")] = None,
    spread: Annotated[int | None, Option("Minutes over which check-ins are spread", low=0, high=MAX_SPREAD)] = None,
) -> Answer:
    """Save the settings that are given, and show the saved ones."""
    if name is not None and off is None:
        raise MissingOption("off")
    if off is not None and off == work:
        raise BadValue("A day cannot be off and a day of work. Write one of the two.", option="work")
    today = context.now.astimezone(await context.zone() or UTC).date()
    changes = CalendarChanges(
        country=_read_country(country) if country is not None else None,
        day_off=off,
        day_off_name=name or UNNAMED_DAY_OFF,
        workday=work,
        spread_minutes=spread,
    )
    await change_calendar(context.uow, changes, today)
    return calendar_card(await context.uow.calendars.get(), today)


def _read_country(text: str) -> str:
    """Read a country's code; "" means no country.

    Raises:
        BadValue: the country's holidays aren't known.
    """
    if text.strip().lower() in NONE_WORDS:
        return ""
    code = parse_country(text)
    if code is None:
        raise BadValue(
            f"I do not know the holidays of “{text}”. Write a country's two letters, as DE, with a region if you like, "
            "as DE-BE or US-CA; none for no country. For a day off, write off:2026-12-24.",
            option="country",
        )
    return code
