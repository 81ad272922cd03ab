"""`tips when | here | pause | resume | stop` for a channel, and `tips me | me-off` for one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Button, Card
from mentorbot.chat.platform import Channel
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.role import read_role, role_values
from mentorbot.commands.schedule_options import (
    EVERY,
    ChannelOption,
    StartOption,
    about_channel,
    channel_to_post_in,
    destination_of,
    read_weeks,
    required_zone,
    saved_rhythm,
    subscriptions_of,
)
from mentorbot.domain.deliveries import Destination, MessageKind, Schedule
from mentorbot.domain.forecast import NextMessage, next_in_channel
from mentorbot.domain.recurrence import Recurrence, next_after
from mentorbot.services.forecasts import forecast_for
from mentorbot.services.subscriptions import DEFAULT_TIME, Timing, ensure_can_post
from mentorbot.slash.dates import Sense
from mentorbot.slash.registry import Option, Weekdays
from mentorbot.slash.tokenizer import format_line
from mentorbot.views import subscriptions as views
from mentorbot.views.rhythms import rhythm_options

_ZONE = Option("Time zone or city, e.g. Berlin", called=("timezone", "city"))


async def _next_tip(context: Context, schedule: Schedule) -> NextMessage:
    return next_in_channel(schedule, await context.uow.calendars.get())


@registry.command(
    "tips when",
    "When this channel's next weekly tip is due.",
    intents=(
        "when is the next tip",
        "when do tips come in this channel",
        "is there a weekly tip here",
        "when do you post here",
    ),
    label="Weekly tip[ in {channel}]",
)
async def tips_when(context: Context, channel: ChannelOption = None) -> Answer:
    """Show the channel's schedule and the date of its next tip."""
    schedule = await context.uow.schedules.get(destination_of(context, channel), MessageKind.TIP)
    if schedule is None:
        return about_channel(context, channel, views.no_tips_card())
    return about_channel(
        context, channel, views.channel_tips_card(schedule, await _next_tip(context, schedule), context.now)
    )


@registry.command(
    "tips here",
    "Post a weekly tip in this channel.",
    admin=True,
    writes=True,
    examples=("tips here monday 09:00 Berlin", "tips here tue,thu 15:30 every:2-weeks"),
    intents=(
        "post a tip in this channel every {day} at {at}",
        "weekly tip here {day} {at} {zone}",
        "tips for everyone {every} {day}",
        "post tips in {channel} {day} {at}",
        "post a weekly tip here",
        "set up tips in this channel",
        "turn on the weekly tip for the team",
    ),
    label="Post a tip {every}[ in {channel}][ on {day}][ at {at}][, {zone} time][, from {start}]|"
    "Post a weekly tip[ in {channel}][ on {day}][ at {at}][, {zone} time][, from {start}]",
)
async def tips_here(  # noqa: PLR0913, PLR0917  each is an option people type
    context: Context,
    day: Annotated[Weekdays | None, Option("Day or days", called=("on", "days", "weekday"))] = None,
    at: Annotated[time | None, Option("Time, e.g. 09:00", called=("time", "hour"))] = None,
    zone: Annotated[ZoneInfo | None, _ZONE] = None,
    every: Annotated[str | None, EVERY] = None,
    start: Annotated[
        date | None,
        Option("First day; leave it out to start now", sense=Sense.START, called=("from", "starting")),
    ] = None,
    until: Annotated[date | None, Option("Last day; leave it out for no end", called=("to", "end", "ending"))] = None,
    channel: ChannelOption = None,
    role: Annotated[str | None, Option("For which role", suggest=role_values)] = None,
) -> Answer:
    """Start or move the weekly tip of a channel. If the day or the time isn't given, offer the usual one first."""
    target = channel_to_post_in(context, channel)
    destination = Destination(context.workspace, target)
    timing = Timing(every=read_weeks(every), starts_on=start, ends_on=until)
    known = await context.uow.schedules.get(destination, MessageKind.TIP)
    weekly = Recurrence(
        weekdays=day or (known.recurrence.weekdays if known else (Weekday.MONDAY,)),
        at=at or (known.recurrence.at if known else DEFAULT_TIME),
        zone=await required_zone(context, zone),
    )
    if known is not None and start is None and read_weeks(every) == known.recurrence.every:
        # A new day or time doesn't change which weeks have a tip.
        weekly = replace(weekly, every=known.recurrence.every, starts_on=known.recurrence.starts_on)
    recurrence = timing.recurrence(weekly, context.now)
    pack = (
        read_role(context.library, "role", role)
        if role
        else context.library.pack(known.role if known else context.role)
    )
    target = await ensure_can_post(context.platform, target)
    if day is None or at is None:
        return about_channel(context, channel, _offer(context, target, recurrence))
    await context.ensure_caller()
    subscriptions = replace(subscriptions_of(context), pack=pack)
    schedule = await subscriptions.start(Destination(context.workspace, target), MessageKind.TIP, recurrence)
    card = views.tips_started_card(schedule, await _next_tip(context, schedule), context.now, known)
    return about_channel(context, channel, card)


def _offer(context: Context, channel: Channel, recurrence: Recurrence) -> Card:
    first = next_after(recurrence, context.now) or context.now
    zone = recurrence.zone
    return views.offer_tips_card(
        channel,
        recurrence,
        first.astimezone(zone).date(),
        context.now.astimezone(zone).date(),
    )


@registry.command(
    "tips pause",
    "Pause the tips here until a date.",
    admin=True,
    writes=True,
    examples=("tips pause 11 jan",),
    intents=(
        "no tips here until {until}",
        "pause tips in the channel until {until}",
        "pause the weekly tip",
        "pause the tips until {until}",
        "no tips here until january",
        "skip the tips for a while",
    ),
    label="Pause tips in {channel}[ until {until}]|Pause tips here[ until {until}]",
)
async def tips_pause(
    context: Context,
    until: Annotated[
        date | None, Option("First day with tips again", sense=Sense.START, called=("to", "till", "back"))
    ] = None,
    channel: ChannelOption = None,
) -> Answer:
    """Skip the tips before a day, at most a year away."""
    schedule = await subscriptions_of(context).pause_tips(destination_of(context, channel), until)
    if schedule is None or until is None:
        return about_channel(context, channel, views.no_tips_card())
    return about_channel(
        context, channel, views.tips_paused_card(schedule, await _next_tip(context, schedule), until, context.now)
    )


@registry.command(
    "tips resume",
    "End the pause, so tips come here again.",
    admin=True,
    writes=True,
    intents=(
        "tips here again",
        "continue the tips in the channel",
        "resume the weekly tip",
        "start the tips here again",
    ),
    label="Resume tips in {channel}|Resume tips here",
)
async def tips_resume(context: Context, channel: ChannelOption = None) -> Answer:
    """End the pause of a channel's tips."""
    schedule = await subscriptions_of(context).resume_tips(destination_of(context, channel))
    if schedule is None:
        return about_channel(context, channel, views.no_tips_card())
    return about_channel(
        context, channel, views.tips_resumed_card(schedule, await _next_tip(context, schedule), context.now)
    )


@registry.command(
    "tips stop",
    "Stop the weekly tip in this channel.",
    admin=True,
    writes=True,
    intents=(
        "stop tips in this channel",
        "no more tips here",
        "stop posting tips here",
        "turn off the weekly tip in this channel",
    ),
    label="Stop tips in {channel}|Stop tips here",
)
async def tips_stop(context: Context, channel: ChannelOption = None) -> Answer:
    """Stop the weekly tip of a channel."""
    schedule = await subscriptions_of(context).stop(destination_of(context, channel), MessageKind.TIP)
    return about_channel(
        context, channel, views.tips_stopped_card(schedule, context.now) if schedule else views.no_tips_card()
    )


@registry.command(
    "tips me",
    "A weekly tip just for you, on your weakest skill.",
    writes=True,
    needs=("day|at|zone|every|start",),
    examples=("tips me monday 09:00", "tips me tue,thu 08:30 Berlin"),
    intents=(
        "send me a tip every {day} at {at}",
        "a weekly tip for me",
        "tips for me on {day}",
        "send me a tip every week",
        "I want a weekly tip of my own",
        "change when my tip comes",
        "send me a tip {every}",
        "fewer tips please {every=2-weeks}",
        "tips less often {every=2-weeks}",
        "start my tips {start}",
    ),
    label="Get a tip {every}[ on {day}][ at {at}][, from {start}]|"
    "Get a weekly tip[ on {day}][ at {at}][, from {start}]",
)
async def tips_me(
    context: Context,
    day: Annotated[Weekdays | None, Option("Day or days", called=("on", "days", "weekday"))] = None,
    at: Annotated[time | None, Option("Time, e.g. 09:00", called=("time", "hour"))] = None,
    zone: Annotated[ZoneInfo | None, _ZONE] = None,
    every: Annotated[str | None, EVERY] = None,
    start: StartOption = None,
) -> Answer:
    """Start the caller's own tips or change what's given; without any option, show them or offer the usual time."""
    timing = Timing(weekdays=day, at=at, zone=zone, every=read_weeks(every), starts_on=start)
    known = await context.uow.schedules.get(context.to_caller, MessageKind.PERSONAL_TIP)
    caller_zone = zone or await context.zone()
    if timing.is_empty:
        return await _personal_tips(context, known) if known else views.offer_personal_tips_card(caller_zone)
    await context.ensure_caller()
    schedule = await subscriptions_of(context).start_personal(
        context.to_caller, MessageKind.PERSONAL_TIP, timing, caller_zone
    )
    before = format_line(("tips", "me"), rhythm_options(known.recurrence)) if known else "tips me-off"
    return await _personal_tips(context, schedule, Button("Undo", before))


registry.fills_in("tips me")(partial(saved_rhythm, kind=MessageKind.PERSONAL_TIP))


async def _personal_tips(context: Context, schedule: Schedule, undo: Button | None = None) -> Card:
    return views.personal_tips_card(schedule, await forecast_for(await context.learner()), undo)


@registry.command(
    "tips me-off",
    "Turn off your own weekly tip.",
    writes=True,
    intents=(
        "stop my private tips",
        "no more tips for me",
        "stop sending me tips",
        "I don't want your tips",
    ),
    label="Stop my tips",
)
async def tips_me_off(context: Context) -> Answer:
    """Stop the caller's own tips."""
    stopped = await subscriptions_of(context).stop(context.to_caller, MessageKind.PERSONAL_TIP)
    return views.personal_tips_stopped_card(stopped)
