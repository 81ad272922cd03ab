"""Channels that aren't plain ones: a forum gets a post of its own for each message, and an announcement is passed on.

Also the private thread that stands in for someone's closed direct messages.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal

import discord
from discord import ui
from discord.utils import MISSING, time_snowflake

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.discord.markup import cut, one_line
from mentorbot.chat.platform import Channel
from mentorbot.errors import PermanentSendError, SendError

log = logging.getLogger(__name__)
MAX_REMEMBERED = 10_000
"""Channels whose type we remember, so a busy bot's memory doesn't grow forever."""
FORUMS = frozenset({discord.ChannelType.forum, discord.ChannelType.media})
_PRIVATE_THREAD: Literal[12] = 12  # ChannelType.private_thread, which discord.py wants as a number here
_WEEK: Literal[10080] = 10080
"""Minutes without a message until a thread is archived: the most Discord takes. A message brings it back."""
Send = Callable[[ui.LayoutView, list[discord.File]], Awaitable[discord.Message]]


class Channels:
    """Types of channels, each asked for once, and what's special about some of them."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._types: OrderedDict[str, discord.ChannelType] = OrderedDict()

    async def type(self, channel: Channel) -> discord.ChannelType:
        """Give a channel's type."""
        if channel.direct:
            return discord.ChannelType.private
        if channel.id not in self._types:
            with translated_errors():
                self.record(channel.id, await self._client.http.get_channel(int(channel.id)))
        return self._types[channel.id]

    def record(self, channel_id: str, found: Any) -> None:
        """Remember the type of a channel that was looked up."""
        self._types[channel_id] = discord.enums.try_enum(discord.ChannelType, int(found.get("type", 0)))
        if len(self._types) > MAX_REMEMBERED:
            self._types.popitem(last=False)

    def starter(self, channel: Channel, title: str) -> Send:
        """Return what sends a message to a forum: as a post of its own, with the tag a forum may ask for."""

        async def send(view: ui.LayoutView, files: list[discord.File]) -> discord.Message:
            forum = await self._client.fetch_channel(int(channel.id))
            if not isinstance(forum, discord.ForumChannel):
                raise PermanentSendError("channel_not_found")
            tags = forum.available_tags[:1] if forum.flags.require_tag else MISSING
            name = cut(one_line(title) or "mentorbot", limits.THREAD_NAME)
            posted = await forum.create_thread(
                name=name, auto_archive_duration=_WEEK, view=view, files=files or MISSING, applied_tags=tags
            )
            return posted.message

        return send

    async def find_post(self, channel: Channel, since: datetime, matches: Callable[[Any], bool]) -> str | None:
        """Look for a forum's post whose first message `matches`; a post has that message's id."""
        first = time_snowflake(since)
        with translated_errors():
            active = await self._client.http.get_active_threads(int(channel.workspace.id))
        for thread in active["threads"]:
            if str(thread["parent_id"]) == channel.id and int(thread["id"]) >= first:
                post = self._client.get_partial_messageable(int(thread["id"]))
                try:
                    with translated_errors():
                        message = await post.fetch_message(int(thread["id"]))
                except PermanentSendError:
                    continue  # someone has deleted it
                if matches(message.components):
                    return str(message.id)
        return None

    async def pass_on(self, channel: Channel, message_id: str) -> None:
        """Pass an announcement on to the servers that follow the channel. Where that isn't allowed, it stays where it is."""
        try:
            with translated_errors():
                await self._client.http.publish_message(int(channel.id), int(message_id))
        except SendError as error:
            log.info("an announcement wasn't passed on: %s", error.code)

    async def open_private_thread(self, channel: Channel, person: str, name: str) -> Channel:
        """Open a thread that only this person, the bot and the server's moderators can read."""
        with translated_errors():
            thread = await self._client.http.start_thread_without_message(
                int(channel.id),
                name=cut(one_line(name) or "mentorbot", limits.THREAD_NAME),
                auto_archive_duration=_WEEK,
                type=_PRIVATE_THREAD,
                invitable=False,
            )
            await self._client.http.add_user_to_thread(int(thread["id"]), int(person))
        return Channel(channel.workspace, str(thread["id"]), direct=True)
