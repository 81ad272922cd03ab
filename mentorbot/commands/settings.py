"""`checkin settings | stop`: the time of the check-in, quiet hours, and a limit on messages per week."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
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
from mentorbot.services.subscriptions import QuietHours, Timing, save_message_settings
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option, Weekdays
from mentorbot.views.settings import checkins_stopped_card, settings_card


class Switch(StrEnum):
    """The two values of an option that turns something on or off."""

    ON = "on"
    OFF = "off"


def _switch_choices(_: Pack) -> list[Choice]:
    return [Choice(switch.value, switch.value) for switch in Switch]


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
    quiet: Annotated[
        QuietHours | None, Option("Quiet hours, e.g. 20:00-08:00, or none", max_length=40, reader=read_quiet_hours)
    ] = None,
    budget: Annotated[
        int | None, Option("Messages a week that you want from me at most", low=0, high=MAX_BUDGET)
    ] = None,
    every: Annotated[str | None, Option("How often", choices=week_choices)] = None,
    reminder: Annotated[str | None, Option("Whether I ask once more, a day later", choices=_switch_choices)] = None,
) -> Answer:
    """Save the settings that are given; without any, show the saved ones."""
    timing = Timing(weekdays=day, at=at, zone=zone, every=read_weeks(every))
    if timing.is_empty and quiet is None and budget is None and reminder is None:
        return await _known_settings(context)
    reminders = Switch(reminder) is Switch.ON if reminder is not None else None
    await context.ensure_caller()
    await save_message_settings(context.uow, context.caller.user_id, quiet=quiet, budget=budget, reminders=reminders)
    caller_zone = zone or await context.zone()
    schedule = await subscriptions_of(context).move_checkin(context.to_caller, timing, caller_zone)
    return await _settings(context, schedule)


async def _known_settings(context: Context) -> Card:
    schedule = await context.uow.schedules.get(context.to_caller, MessageKind.CHECKIN)
    if schedule is None:
        raise MissingOption("day")
    return await _settings(context, schedule)


async def _settings(context: Context, schedule: Schedule | None) -> Card:
    session = await context.learner()
    return settings_card(session.snapshot, await forecast_for(session), schedule)


@registry.command("checkin stop", "No more weekly check-ins.", writes=True)
async def checkin_stop(context: Context) -> Answer:
    """Stop the weekly check-in; the plan stays."""
    return checkins_stopped_card(await subscriptions_of(context).stop_checkins(context.to_caller))
