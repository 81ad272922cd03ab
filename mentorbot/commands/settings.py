"""`checkin settings | stop`: when a check-in comes, quiet hours, and how many messages a week are welcome."""

from __future__ import annotations

from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Card, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.schedule_options import read_quiet_hours, read_weeks, subscriptions_of, week_choices
from mentorbot.domain.deliveries import MessageKind, Schedule
from mentorbot.domain.forecast import MAX_BUDGET
from mentorbot.packs.schema import Pack
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.subscriptions import Timing, save_message_settings
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option, Weekdays
from mentorbot.views.settings import checkins_stopped_card, settings_card

_ON, _OFF = "on", "off"


def _on_or_off(_: Pack) -> list[Choice]:
    return [Choice(_ON, _ON), Choice(_OFF, _OFF)]


@registry.command(
    "checkin settings",
    "When your check-in comes, quiet hours, messages a week.",
    writes=True,
    examples=("checkin settings friday 15:00", "checkin settings quiet:20:00-08:00 budget:3"),
)
async def checkin_settings(
    context: Context,
    day: Annotated[Weekdays | None, Option("Day of the week, or several")] = None,
    at: Annotated[time | None, Option("Local time, as 15:00")] = None,
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    quiet: Annotated[str | None, Option("Quiet hours, as 20:00-08:00, or none", max_length=20)] = None,
    budget: Annotated[
        int | None, Option("Messages a week that you want from me at most", low=0, high=MAX_BUDGET)
    ] = None,
    every: Annotated[str | None, Option("How often", choices=week_choices)] = None,
    reminder: Annotated[str | None, Option("Whether I ask once more, a day later", choices=_on_or_off)] = None,
) -> Answer:
    """Save what is given; without anything, show what is saved."""
    timing = Timing(weekdays=day, at=at, zone=zone, every=read_weeks(every))
    if timing.is_empty and quiet is None and budget is None and reminder is None:
        return await _known_settings(context)
    hours = read_quiet_hours(quiet) if quiet is not None else None
    reminders = reminder == _ON if reminder is not None else None
    await context.ensure_caller()
    await save_message_settings(context.uow, context.caller.user_id, quiet=hours, budget=budget, reminders=reminders)
    return await _settings(context, await _move_checkin(context, timing))


async def _known_settings(context: Context) -> Card:
    schedule = await context.uow.schedules.get(context.to_caller, MessageKind.CHECKIN)
    if schedule is None:
        raise MissingOption("day")
    return await _settings(context, schedule)


async def _move_checkin(context: Context, timing: Timing) -> Schedule | None:
    """Start the check-in or move it; nothing but a zone starts none."""
    subscriptions, destination = subscriptions_of(context), context.to_caller
    known = await context.uow.schedules.get(destination, MessageKind.CHECKIN)
    if known is None and timing in (Timing(), Timing(zone=timing.zone)):
        await subscriptions.save_zone(timing.zone)
        return None
    caller_zone = timing.zone or await context.zone()
    return await subscriptions.start_personal(destination, MessageKind.CHECKIN, timing, caller_zone)


async def _settings(context: Context, schedule: Schedule | None) -> Card:
    session = await context.learner()
    return settings_card(session.snapshot, await forecast_for(session), schedule)


@registry.command("checkin stop", "No more weekly check-ins.", writes=True)
async def checkin_stop(context: Context) -> Answer:
    """Stop the weekly check-in; the plan stays."""
    return checkins_stopped_card(await subscriptions_of(context).stop_checkins(context.to_caller))
