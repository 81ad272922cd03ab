"""`admin schedules | fix`: what's posted in the workspace's channels, and what to do when a channel is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.chat.platform import Channel
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.schedule_options import subscriptions_of
from mentorbot.domain.deliveries import Destination, Schedule
from mentorbot.domain.recurrence import next_after
from mentorbot.errors import Conflict, NotFound
from mentorbot.services.subscriptions import ensure_can_post
from mentorbot.slash.registry import ChannelRef, Option
from mentorbot.views import channel_schedules as views

OVERDUE_DAYS = timedelta(days=7)
"""The list says for so long what was missed or late because the bot was away."""


@registry.command(
    "admin schedules",
    "Everything I post in channels here.",
    admin=True,
    intents=(
        "what do you post in our channels",
        "list all schedules",
        "where do you post tips",
        "which channels can't you post in",
    ),
    label="Schedules",
)
async def admin_schedules(context: Context) -> Answer:
    """List the channels' schedules, those that have stopped first."""
    return await _list(context)


async def _list(context: Context) -> Answer:
    overdue = await context.uow.deliveries.overdue(context.now - OVERDUE_DAYS, in_channels=True)
    by_schedule = {entry.schedule.id: entry for entry in overdue}
    return views.schedules_card(await context.uow.schedules.in_channels(), by_schedule)


def _number(what: str) -> Option:
    return Option(f"The number of the schedule to {what}", low=1, keyword_only=True)


@registry.command("admin fix", "Fix or stop something I post in a channel.", admin=True, writes=True, label="Fix it")
async def admin_fix(
    context: Context,
    retry: Annotated[int | None, _number("start again")] = None,
    move: Annotated[int | None, _number("move")] = None,
    to: Annotated[ChannelRef | None, Option("The channel to move it to", keyword_only=True)] = None,
    end: Annotated[int | None, _number("stop")] = None,
) -> Answer:
    """Do what a button of the list, or of a message about a closed channel, asks for."""
    if retry is not None:
        return await _retry(context, await _schedule(context, retry))
    if move is not None:
        return await _move(context, await _schedule(context, move), to)
    if end is not None:
        schedule = await _schedule(context, end)
        await subscriptions_of(context).stop(schedule.destination, schedule.kind)
        return views.ended_card(schedule)
    return await _list(context)


async def _retry(context: Context, schedule: Schedule) -> Answer:
    """Start a schedule again as it was, if the channel lets us in now."""
    if schedule.destination.channel is not None:
        await ensure_can_post(context.platform, schedule.destination.channel)
    _ensure_not_over(context, schedule)
    await context.ensure_caller()
    started = await subscriptions_of(context).start(schedule.destination, schedule.kind, schedule.recurrence)
    return views.back_card(started, context.now)


async def _move(context: Context, schedule: Schedule, channel: ChannelRef | None) -> Answer:
    """Ask for a channel, or move a schedule there if the bot may post in it."""
    if channel is None:
        return views.move_form(schedule) if context.forms else views.move_card(schedule)
    workspace = context.caller.channel.workspace
    target = Destination(workspace, await ensure_can_post(context.platform, Channel(workspace, channel.id)))
    if await context.uow.schedules.get(target, schedule.kind) is not None:
        raise Conflict("That channel already gets it. Choose a different one, or stop this one.")
    _ensure_not_over(context, schedule)
    await context.ensure_caller()
    subscriptions = subscriptions_of(context)
    moved = await subscriptions.start(target, schedule.kind, schedule.recurrence)
    if target.channel and schedule.destination.channel and target.channel.id != schedule.destination.channel.id:
        await subscriptions.stop(schedule.destination, schedule.kind)
    return views.moved_card(moved, context.now)


def _ensure_not_over(context: Context, schedule: Schedule) -> None:
    if next_after(schedule.recurrence, context.now) is None:
        raise Conflict("Its last day has passed, so there's nothing left to post.")


async def _schedule(context: Context, number: int) -> Schedule:
    schedule = await context.uow.schedules.in_channel(number)
    if schedule is None:
        raise NotFound("I don't post that any more.", suggestions=("admin schedules",))
    return schedule
