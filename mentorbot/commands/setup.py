"""`admin setup`: what an admin decides first, in one form: the weekly tip's channel, day and time, and the role."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer
from mentorbot.chat.platform import Channel
from mentorbot.clock import Weekday
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.role import read_role, role_values
from mentorbot.commands.schedule_options import required_zone, subscriptions_of
from mentorbot.domain.deliveries import Destination, MessageKind
from mentorbot.domain.recurrence import Recurrence
from mentorbot.services.subscriptions import DEFAULT_TIME, ensure_can_post
from mentorbot.slash.registry import ChannelRef, Option
from mentorbot.views import channel_schedules as views


@registry.command(
    "admin setup",
    "Choose the channel, day and role of the weekly tip in one form.",
    admin=True,
    writes=True,
    examples=("admin setup",),
    intents=("set this bot up", "set up the bot for our workspace"),
    label="Set up",
)
async def admin_setup(
    context: Context,
    channel: Annotated[ChannelRef | None, Option("The channel for the weekly tip")] = None,
    day: Annotated[Weekday, Option("Day of the week", called=("on", "weekday"))] = Weekday.MONDAY,
    at: Annotated[time, Option("Time, e.g. 09:00", called=("time", "hour"))] = DEFAULT_TIME,
    zone: Annotated[ZoneInfo | None, Option("Time zone or city, e.g. Berlin", called=("timezone", "city"))] = None,
    role: Annotated[str | None, Option("The role people here learn", suggest=role_values)] = None,
) -> Answer:
    """Ask for everything in one form; then start the weekly tip, and set the workspace's role."""
    if channel is None:
        packs = tuple(context.library.packs.values())
        if context.forms:
            return views.setup_form(
                packs, context.library.pack(await context.uow.roles.default()), await context.zone()
            )
        return views.setup_card()
    workspace = context.workspace
    target = Destination(workspace, await ensure_can_post(context.platform, Channel(workspace, channel.id)))
    weekly = Recurrence.weekly(day, at, await required_zone(context, zone))
    await context.ensure_caller()
    if role is not None:
        pack = read_role(context.library, "role", role)
        await context.uow.roles.set_default(pack.info.role)
        context = replace(context, pack=pack)
    schedule = await subscriptions_of(context).start(target, MessageKind.TIP, weekly)
    return views.set_up_card(schedule, context.pack, context.now)
