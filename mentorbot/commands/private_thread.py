"""`checkin thread`: a private thread for someone whose direct messages are closed."""

from __future__ import annotations

from typing import Annotated

from mentorbot.chat.cards import Answer
from mentorbot.chat.platform import PrivateThreads
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.mentoring import yes
from mentorbot.commands.schedule_options import subscriptions_of
from mentorbot.domain.deliveries import ScheduleState
from mentorbot.errors import BadValue, PermanentSendError, Unreachable
from mentorbot.slash.registry import Option
from mentorbot.views import private_thread as views


@registry.command(
    "checkin thread",
    "Get your messages in a private thread if your DMs are closed.",
    writes=True,
    label="Use a private thread",
)
async def checkin_thread(
    context: Context,
    agree: Annotated[
        str | None, Option("Say yes once you know who can read it", choices=lambda _: yes("Yes"), keyword_only=True)
    ] = None,
) -> Answer:
    """Say who can read such a thread, and open one once the person agrees. Everything that had stopped starts again."""
    platform: object = context.platform
    channel = context.caller.channel
    if not isinstance(platform, PrivateThreads):
        return views.not_needed_card()
    if channel.direct:
        raise BadValue("Which channel? Ask me in one, and I'll open the thread there.")
    if agree is None:
        return views.thread_offer_card(channel)
    await context.ensure_caller()
    try:
        thread = await platform.open_private_thread(
            channel, context.caller.user_id, f"mentorbot, {context.caller.name}"
        )
    except PermanentSendError as error:
        raise Unreachable(error.code, channel.workspace.platform) from error
    await context.uow.people.set_dm_channel(context.caller.user_id, thread.id)
    subscriptions = subscriptions_of(context)
    for schedule in await context.uow.schedules.of_person(context.caller.user_id):
        if schedule.state is ScheduleState.PAUSED:
            await subscriptions.start(schedule.destination, schedule.kind, schedule.recurrence)
    return views.thread_opened_card(channel)
