"""`admin mentions`: whether the bot answers messages that mention it in a channel."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.chat.platform import Channel
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.errors import SendError
from mentorbot.packs.schema import Pack
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import ChannelRef, Option
from mentorbot.views.mentions import mentions_card

_ON, _OFF = "on", "off"


def _answers(_: Pack) -> list[Choice]:
    return [Choice("Answer mentions", _ON), Choice("Don't answer them", _OFF)]


@registry.command(
    "admin mentions",
    "Turn answers to mentions off or on, channel by channel.",
    admin=True,
    writes=True,
    examples=("admin mentions off", "admin mentions on"),
    intents=(
        "don't answer mentions in this channel {answers=off}",
        "stop answering when people mention you here {answers=off}",
        "answer mentions in this channel again {answers=on}",
        "where do you answer mentions",
    ),
    label="Mentions[: {answers}]",
)
async def admin_mentions(
    context: Context,
    answers: Annotated[str | None, Option("On or off", choices=_answers)] = None,
    channel: Annotated[ChannelRef | None, Option("Channel", called=("in",))] = None,
) -> Answer:
    """Save the choice for a channel, and show the channels where mentions get no answer."""
    here = context.caller.channel
    changed = None
    if answers is not None:
        if channel is None and here.direct:
            raise MissingOption("channel")
        changed = here if channel is None else await _named(context, channel)
        if answers == _OFF:
            await context.uow.muted_channels.add(changed)
        else:
            await context.uow.muted_channels.remove(changed.id)
    return mentions_card(await context.uow.muted_channels.all(), None if here.direct else here, changed)


async def _named(context: Context, ref: ChannelRef) -> Channel:
    """Give a picked channel with its name, which Slack's menu leaves out; without one if the bot can't see it."""
    channel = Channel(context.workspace, ref.id, ref.name)
    if channel.name or context.platform is None:
        return channel
    try:
        return replace(channel, name=(await context.platform.ensure_can_post(channel)).name)
    except SendError:
        return channel
