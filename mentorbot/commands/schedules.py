"""`admin schedules | fix`: what's posted in the workspace's channels, and what to do when a channel is closed."""

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
    return views.schedules_card(await context.uow.schedules.in_channels())


def _number(what: str) -> Option:
    return Option(f"The number of the schedule to {what}", low=1, keyword_only=True)


@registry.command("admin fix", "Fix or stop something I post in a channel.", admin=True, writes=True)
async def admin_fix(
    context: Context,
    retry: Annotated[int | None, _number("start again")] = None,
    move: Annotated[int | None, _number("move")] = None,
    end: Annotated[int | None, _number("stop")] = None,
) -> Answer:
    """Do what a button of the list, or of a message about a closed channel, asks for."""
    if retry is not None:
        return await _retry(context, await _schedule(context, retry))
    if move is not None:
        return views.move_card(await _schedule(context, move))
    if end is not None:
        schedule = await _schedule(context, end)
        await subscriptions_of(context).stop(schedule.destination, schedule.kind)
        return views.ended_card(schedule)
    return views.schedules_card(await context.uow.schedules.in_channels())


async def _retry(context: Context, schedule: Schedule) -> Answer:
    """Start a schedule again as it was, if the channel lets us in now."""
    if schedule.destination.channel is not None:
        await ensure_can_post(context.platform, schedule.destination.channel)
    if next_after(schedule.recurrence, context.now) is None:
        raise Conflict("Its last day has passed, so there's nothing left to post.")
    await context.ensure_caller()
    started = await subscriptions_of(context).start(schedule.destination, schedule.kind, schedule.recurrence)
    return views.back_card(started, context.now)


async def _schedule(context: Context, number: int) -> Schedule:
    schedule = await context.uow.schedules.in_channel(number)
    if schedule is None:
        raise NotFound("I don't post that any more.", suggestions=("admin schedules",))
    return schedule
