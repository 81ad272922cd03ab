"""Discord as a `ChatPlatform`: posts messages and looks things up. discord.py keeps to the rate limits."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import discord
from discord import ui

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.channels import FORUMS, Channels
from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.discord.files import send_with_files
from mentorbot.adapters.discord.forms import fits_button
from mentorbot.adapters.discord.render import CommandMentions, parse_custom_id, render
from mentorbot.adapters.drafts import Drafts
from mentorbot.adapters.files import AttachedBlock, attached_blocks, build_files, missing_files_card
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, RateLimit, Workspace
from mentorbot.errors import PermanentSendError, SendError, WorkspaceRevoked

log = logging.getLogger(__name__)
MAX_HISTORY = 1_000
"""Messages `find_by_key` reads, starting at `since`. The one it looks for is near the beginning."""
MAX_REMEMBERED_CHANNELS = 10_000
"""Channels whose permissions we remember, so a busy bot's memory doesn't grow forever."""
_MAYBE_KICKED_CODES = {"cannot_dm", "channel_not_found", "guild_not_found", "missing_access", "no_mutual_guild"}


class DiscordPlatform:
    """A `ChatPlatform` on top of Discord's HTTP API."""

    platform = "discord"
    dm_open_quota = limits.DM_OPEN_QUOTA

    def __init__(self, client: discord.Client, drafts: Drafts | None = None) -> None:
        self._client, self._drafts = client, drafts
        self._channels = Channels(client)
        self._permissions: OrderedDict[str, tuple[discord.Permissions, bool]] = OrderedDict()

    @property
    def command_mentions(self) -> CommandMentions:
        """Mentions of the registered commands, which people can tap."""
        return getattr(self._client, "command_mentions", {})

    def record_permissions(self, channel_id: str, permissions: discord.Permissions, *, thread: bool) -> None:
        """Remember the bot's permissions in a channel, which Discord sends with every interaction there."""
        self._permissions[channel_id] = (permissions, thread)
        self._permissions.move_to_end(channel_id)
        if len(self._permissions) > MAX_REMEMBERED_CHANNELS:
            self._permissions.popitem(last=False)

    def rate_limits(self, _channel: Channel) -> tuple[RateLimit, ...]:
        """One limit for the whole application; discord.py learns each channel's own from Discord's responses."""
        return (RateLimit("discord", limits.POSTS_PER_SECOND, limits.POST_BURST, shared=True),)

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Post `card` with its files, in several messages if it's long. Return the id of the one that carries `key`."""
        if self._drafts is not None:
            card = await self._drafts.shortened_card(card, channel.workspace, partial(fits_button, key=key))
        try:
            return await self._post(channel, card, key)
        except PermanentSendError as error:
            if error.code in _MAYBE_KICKED_CODES and await self._was_kicked(channel.workspace):
                raise WorkspaceRevoked("kicked", "the bot was removed from the server: invite it again") from error
            raise

    async def _was_kicked(self, workspace: Workspace) -> bool:
        """Ask Discord for the guild: an error about one channel or person doesn't tell if the bot was removed."""
        try:
            return not await self.is_installed(workspace)
        except SendError:
            return False

    async def is_installed(self, workspace: Workspace) -> bool:
        """Ask Discord for the guild. Someone's direct messages are open to the bot until they say otherwise."""
        if not workspace.id.isdecimal():
            return True  # a workspace of one person's DMs, which has no guild
        try:
            with translated_errors():
                await self._client.http.get_guild(int(workspace.id), with_counts=False)
        except SendError as error:
            if error.code in ("guild_not_found", "missing_access"):
                return False
            raise
        return True

    async def _post(self, channel: Channel, card: Card, key: str) -> str:
        files = await build_files(card, limits.FILE_BYTES)
        missing_blocks = [block for block in attached_blocks(card) if block not in files]
        message_id, kind = "", await self._channels.type(channel)
        for number, view in enumerate(render(card, key, files, self.command_mentions)):
            # Each message needs a nonce of its own, or Discord would drop it as a repeat of the first.
            send = self._sender(channel, key if number == 0 else f"{key}-{number}")
            if kind in FORUMS and number == 0:
                send = self._channels.starter(channel, card.title)
            message, skipped = await send_with_files(view, files, send)
            missing_blocks += skipped
            if not message_id and _has_key(view, key):
                message_id = str(message.id)
            if kind in FORUMS and number == 0:
                channel = replace(channel, id=str(message.channel.id))  # the rest goes below it
        if kind is discord.ChannelType.news and card.shareable:
            await self._channels.pass_on(channel, message_id)
        await self._report_missing_files(channel, missing_blocks, f"{key}-lost")
        return message_id

    def _sender(
        self, channel: Channel, nonce: str
    ) -> Callable[[ui.LayoutView, list[discord.File]], Awaitable[discord.Message]]:
        async def send(view: ui.LayoutView, files: list[discord.File]) -> discord.Message:
            return await self.messageable(channel).send(view=view, files=files, nonce=nonce[: limits.NONCE])

        return send

    async def _report_missing_files(self, channel: Channel, missing_blocks: list[AttachedBlock], nonce: str) -> None:
        """Say which files are missing. The card has arrived, so an error here must not count as "not sent"."""
        try:
            for view in render(missing_files_card(missing_blocks)) if missing_blocks else ():
                await send_with_files(view, {}, self._sender(channel, nonce))
        except SendError as error:
            log.warning("couldn't tell anyone about missing files: %s %s", error.code, error)

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Look for `key` in the controls of the channel's messages; it belongs to one message only."""
        remembered = self._permissions.get(channel.id)
        if remembered is not None and not channel.direct and not remembered[0].read_message_history:
            # Discord would show an empty history, and "not found" would make us post a second time.
            raise PermanentSendError("missing_permissions", "I'm not allowed to read that channel's history")
        if await self._channels.type(channel) in FORUMS:
            return await self._channels.find_post(channel, since, lambda found: key in _keys(_custom_ids(found)))
        with translated_errors():
            async for message in self.messageable(channel).history(limit=MAX_HISTORY, after=since, oldest_first=True):
                if key in _keys(_custom_ids(message.components)):
                    return str(message.id)
        return None

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """Open the person's DM with the bot. Discord opens it even if it won't accept a message there."""
        with translated_errors():
            # discord.py's own method would send the id as a number.
            dm = await self._client.http.start_private_message(person)
        return Channel(workspace, str(dm["id"]), direct=True)

    async def open_private_thread(self, channel: Channel, person: str, name: str) -> Channel:
        """Open a thread below `channel` that only the person, the bot and the server's moderators can read."""
        return await self._channels.open_private_thread(channel, person, name)

    async def set_role(self, workspace: Workspace, person: str, role_id: str, *, has: bool) -> None:
        """Give someone a server's role, or take it away. The bot needs Manage Roles, and a role above that one."""
        change = self._client.http.add_role if has else self._client.http.remove_role
        with translated_errors():
            await change(int(workspace.id), int(person), int(role_id), reason="mentors in this server")

    async def ensure_can_post(self, channel: Channel) -> Channel:
        """Return the channel with its name.

        Raise `PermanentSendError` if the bot can't see it or can't write there, or if it's another server's: the bot's token is
        good for all servers.
        """
        if channel.direct:
            return channel
        if not channel.id.isdecimal():
            raise PermanentSendError("channel_not_found")
        with translated_errors():
            found: Any = await self._client.http.get_channel(int(channel.id))
            self._channels.record(channel.id, found)
            if channel.workspace.id.isdecimal() and str(found.get("guild_id", "")) != channel.workspace.id:
                raise PermanentSendError("channel_not_found")
            granted, thread = self._permissions.get(channel.id) or await self._permissions_in(found)
        can_write = granted.send_messages_in_threads if thread else granted.send_messages
        if not (granted.administrator or (granted.view_channel and can_write)):
            raise PermanentSendError("missing_permissions", "I'm not allowed to write in that channel")
        return replace(channel, name=str(found.get("name") or channel.name))

    async def parent_of(self, channel: Channel) -> str:
        """Look up the id of the channel a thread is in; "" if it isn't a thread, or if Discord doesn't answer.

        Messages don't say it, and we keep no server's channels in memory.
        """
        try:
            with translated_errors():
                found: Any = await self._client.http.get_channel(int(channel.id))
        except SendError as error:
            log.info("couldn't find out which channel a thread is in: %s", error.code)
            return ""
        return str(found.get("parent_id") or "") if "thread_metadata" in found else ""

    async def _permissions_in(self, found: Mapping[str, Any]) -> tuple[discord.Permissions, bool]:
        """Work out the bot's permissions in a channel it has been sent nothing from, and whether that's a thread."""
        guild = await self._client.fetch_guild(int(found["guild_id"]), with_counts=False)
        ourselves = await guild.fetch_member(self._client.user.id if self._client.user else 0)
        if "thread_metadata" in found:
            found = await self._client.http.get_channel(int(found["parent_id"]))
            return _permissions_of(ourselves, found), True
        return _permissions_of(ourselves, found), False

    async def member(self, workspace: Workspace, person: str) -> Member:
        """Look a person up. Discord knows no time zones, and nobody is an admin in a DM."""
        with translated_errors():
            if workspace.is_personal:
                user = await self._client.fetch_user(int(person))
                return Member(person, user.display_name)
            guild = await self._client.fetch_guild(int(workspace.id))
            member = await guild.fetch_member(int(person))
        granted = member.guild_permissions
        return Member(person, member.display_name, admin=granted.manage_guild or granted.administrator)

    def messageable(self, channel: Channel) -> discord.PartialMessageable:
        """Return discord.py's handle on a channel, for sending."""
        return self._client.get_partial_messageable(int(channel.id))


def _permissions_of(member: discord.Member, channel: Mapping[str, Any]) -> discord.Permissions:
    """Apply a channel's overwrites: https://docs.discord.com/developers/topics/permissions#permission-overwrites."""
    granted = member.guild_permissions
    if granted.administrator:
        return granted
    roles = {role.id for role in member.roles}
    overwrites = {int(overwrite["id"]): overwrite for overwrite in channel.get("permission_overwrites") or ()}
    # The overwrite for everyone comes first, then those of roles together, then the member's own.
    for ids in ({member.guild.id}, roles - {member.guild.id}, {member.id}):
        applied = [overwrites[number] for number in ids if number in overwrites]
        for overwrite in applied:
            granted.value &= ~int(overwrite["deny"])
        for overwrite in applied:
            granted.value |= int(overwrite["allow"])
    return granted


def _has_key(view: ui.LayoutView, key: str) -> bool:
    return key in _keys(str(item.custom_id) for item in view.walk_children() if isinstance(item, ui.Button))


def _keys(custom_ids: Iterable[str]) -> set[str]:
    return {control.key for custom_id in custom_ids if (control := parse_custom_id(custom_id)) is not None}


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if custom_id := getattr(component, "custom_id", None):
            yield str(custom_id)
        yield from _custom_ids(getattr(component, "children", None) or ())
