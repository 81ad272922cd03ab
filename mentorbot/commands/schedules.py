"""`admin schedules | retry | move | end`: what's posted in the workspace's channels, and what to do when a channel is closed."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.schedule_options import subscriptions_of
from mentorbot.domain.deliveries import Schedule
from mentorbot.domain.recurrence import next_after
from mentorbot.errors import Conflict, NotFound
from mentorbot.services.subscriptions import ensure_can_post
from mentorbot.slash.registry import Option
from mentorbot.views import channel_schedules as views

Number = Annotated[int, Option("Its number, as the list's buttons know it", low=1)]


@registry.command(
    "admin schedules",
    "Everything I post in this workspace's channels.",
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
    return views.schedules_card(await context.uow.schedules.in_channels())


@registry.command("admin retry", "Post in a channel again after I couldn't.", admin=True, writes=True)
async def admin_retry(context: Context, number: Number) -> Answer:
    """Start a schedule again as it was, if the channel lets us in now."""
    schedule = await _schedule(context, number)
    if schedule.destination.channel is not None:
        await ensure_can_post(context.platform, schedule.destination.channel)
    if next_after(schedule.recurrence, context.now) is None:
        raise Conflict("Its last day has passed, so there's nothing left to post.")
    await context.ensure_caller()
    started = await subscriptions_of(context).start(schedule.destination, schedule.kind, schedule.recurrence)
    return views.back_card(started, context.now)


@registry.command("admin move", "Post in a different channel instead.", admin=True)
async def admin_move(context: Context, number: Number) -> Answer:
    """Say how, since only someone in the channel can ask for messages there."""
    return views.move_card(await _schedule(context, number))


@registry.command("admin end", "Stop what I post in a channel, from anywhere.", admin=True, writes=True)
async def admin_end(context: Context, number: Number) -> Answer:
    """Stop a schedule."""
    schedule = await _schedule(context, number)
    await subscriptions_of(context).stop(schedule.destination, schedule.kind)
    return views.ended_card(schedule)


async def _schedule(context: Context, number: int) -> Schedule:
    schedule = await context.uow.schedules.in_channel(number)
    if schedule is None:
        raise NotFound("I don't post that any more.", suggestions=("admin schedules",))
    return schedule
