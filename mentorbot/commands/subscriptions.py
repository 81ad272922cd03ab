"""`tips when | here | pause | resume | stop` for a channel, and `tips me | me-off` for one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Card
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.schedule_options import read_weeks, required_zone, subscriptions_of, week_choices
from mentorbot.domain.deliveries import MessageKind, Schedule
from mentorbot.domain.forecast import NextMessage, next_in_channel
from mentorbot.domain.recurrence import Recurrence
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.subscriptions import Timing, ensure_can_post
from mentorbot.slash.dates import Sense
from mentorbot.slash.registry import Option, Weekdays
from mentorbot.views import subscriptions as views


async def _next_tip(context: Context, schedule: Schedule) -> NextMessage:
    return next_in_channel(schedule, await context.uow.calendars.get())


@registry.command("tips when", "When the next weekly tip comes in this channel.")
async def tips_when(context: Context) -> Answer:
    """Show the channel's schedule and the date of its next tip."""
    schedule = await context.uow.schedules.get(context.to_channel, MessageKind.TIP)
    if schedule is None:
        return views.no_tips_card()
    today = context.now.astimezone(schedule.recurrence.zone).date()
    return views.channel_tips_card(schedule, await _next_tip(context, schedule), today)


@registry.command(
    "tips here",
    "Post a weekly tip in this channel.",
    admin=True,
    writes=True,
    examples=("tips here monday 09:00 Europe/Berlin", "tips here tue,thu 15:30 every:2-weeks"),
)
async def tips_here(
    context: Context,
    day: Annotated[Weekdays, Option("Day of the week, or several")],
    at: Annotated[time, Option("Local time")],
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    every: Annotated[str | None, Option("How often", choices=week_choices)] = None,
    start: Annotated[date | None, Option("First day; without it, from now on", sense=Sense.START)] = None,
    until: Annotated[date | None, Option("Last day; without it, until you stop it")] = None,
) -> Answer:
    """Start (or move) the weekly tip of this channel."""
    weekly = Recurrence(weekdays=day, at=at, zone=await required_zone(context, zone))
    known = await context.uow.schedules.get(context.to_channel, MessageKind.TIP)
    if known is not None and start is None and read_weeks(every) == known.recurrence.every:
        # A new day or time doesn't change which weeks have a tip.
        weekly = replace(weekly, every=known.recurrence.every, starts_on=known.recurrence.starts_on)
    await ensure_can_post(context.platform, context.caller.channel)
    await context.ensure_caller()
    timing = Timing(every=read_weeks(every), starts_on=start, ends_on=until)
    recurrence = timing.recurrence(weekly, context.now)
    schedule = await subscriptions_of(context).start(context.to_channel, MessageKind.TIP, recurrence)
    return views.tips_started_card(schedule, await _next_tip(context, schedule))


@registry.command(
    "tips pause", "No tips here until a day.", admin=True, writes=True, examples=("tips pause 2027-01-11",)
)
async def tips_pause(
    context: Context,
    until: Annotated[date | None, Option("The day from which tips come again", sense=Sense.START)] = None,
) -> Answer:
    """Skip the tips before a day, at most a year away."""
    schedule = await subscriptions_of(context).pause_tips(context.to_channel, until)
    if schedule is None or until is None:
        return views.no_tips_card()
    return views.tips_paused_card(schedule, await _next_tip(context, schedule), until)


@registry.command("tips resume", "Tips come here again: end the pause.", admin=True, writes=True)
async def tips_resume(context: Context) -> Answer:
    """End the pause of this channel's tips."""
    schedule = await subscriptions_of(context).resume_tips(context.to_channel)
    return views.tips_resumed_card(schedule, await _next_tip(context, schedule)) if schedule else views.no_tips_card()


@registry.command("tips stop", "Stop the weekly tip in this channel.", admin=True, writes=True)
async def tips_stop(context: Context) -> Answer:
    """Stop the weekly tip of this channel."""
    schedule = await subscriptions_of(context).stop(context.to_channel, MessageKind.TIP)
    return views.tips_stopped_card(schedule) if schedule else views.no_tips_card()


@registry.command(
    "tips me",
    "A weekly tip for you alone, for your weakest skill.",
    writes=True,
    examples=("tips me monday 09:00", "tips me tue,thu 08:30 Europe/Berlin"),
)
async def tips_me(
    context: Context,
    day: Annotated[Weekdays | None, Option("Day of the week, or several")] = None,
    at: Annotated[time | None, Option("Local time, as 09:00. Else 09:00")] = None,
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    every: Annotated[str | None, Option("How often", choices=week_choices)] = None,
) -> Answer:
    """Start the caller's own tips or change what's given; without any option, show them."""
    timing = Timing(weekdays=day, at=at, zone=zone, every=read_weeks(every))
    known = await context.uow.schedules.get(context.to_caller, MessageKind.PERSONAL_TIP)
    if known is not None and timing.is_empty:
        return await _personal_tips(context, known)
    await context.ensure_caller()
    caller_zone = zone or await context.zone()
    subscriptions = subscriptions_of(context)
    return await _personal_tips(
        context,
        await subscriptions.start_personal(context.to_caller, MessageKind.PERSONAL_TIP, timing, caller_zone),
    )


async def _personal_tips(context: Context, schedule: Schedule) -> Card:
    return views.personal_tips_card(schedule, await forecast_for(await context.learner()))


@registry.command("tips me-off", "No more weekly tips for you alone.", writes=True)
async def tips_me_off(context: Context) -> Answer:
    """Stop the caller's own tips."""
    stopped = await subscriptions_of(context).stop(context.to_caller, MessageKind.PERSONAL_TIP)
    return views.personal_tips_stopped_card(stopped)
