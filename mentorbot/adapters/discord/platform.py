"""Discord as a Messenger: posting and looking up. discord.py keeps the rate limits."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import discord
from discord import ui

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.discord.files import with_files
from mentorbot.adapters.discord.render import key_and_line, render
from mentorbot.adapters.files import AttachedBlock, attached_blocks, build_files, missing_files_card
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, RateLimit, Workspace
from mentorbot.errors import PermanentSendError, SendError, WorkspaceRevoked

log = logging.getLogger(__name__)
HISTORY = 1_000
"""How many messages `find` reads from its instant on; what it looks for is near the beginning."""
REMEMBERED = 10_000
_MAY_BE_KICKED = {"cannot_dm", "channel_not_found", "guild_not_found", "missing_access", "no_mutual_guild"}


class DiscordPlatform:
    """Posts through the HTTP API."""

    platform = "discord"
    dm_open_quota = limits.NEW_CONVERSATIONS

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._permissions: OrderedDict[str, tuple[discord.Permissions, bool]] = OrderedDict()

    def note(self, channel_id: str, permissions: discord.Permissions, *, thread: bool) -> None:
        """Remember what the bot may do in a channel: Discord says so with every interaction there."""
        self._permissions[channel_id] = (permissions, thread)
        self._permissions.move_to_end(channel_id)
        if len(self._permissions) > REMEMBERED:
            self._permissions.popitem(last=False)

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:  # noqa: ARG002  as Messenger has it
        """One limit for the whole application; those of a channel discord.py learns from Discord's own answers."""
        return (RateLimit("discord", limits.POSTS_A_SECOND, limits.POSTS_AT_ONCE, shared=True),)

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Post `card` with its files; a long one becomes several messages. Gives the id of the one that carries `key`."""
        try:
            return await self._post(channel, card, key)
        except PermanentSendError as fault:
            if fault.code in _MAY_BE_KICKED and await self._kicked(channel.workspace):
                raise WorkspaceRevoked("kicked", "the bot was removed from the server: invite it again") from fault
            raise

    async def _kicked(self, workspace: Workspace) -> bool:
        """Whether the bot is in the guild no more: Discord says of each channel and person only that it may not."""
        if not workspace.id.isdecimal():
            return False
        try:
            with translated_errors():
                await self._client.http.get_guild(int(workspace.id), with_counts=False)
        except SendError as fault:
            return fault.code in ("guild_not_found", "missing_access")
        return False

    async def _post(self, channel: Channel, card: Card, key: str) -> str:
        files = await build_files(card, limits.FILE_BYTES)
        lost = [block for block in attached_blocks(card) if block not in files]
        carrier = ""
        for number, view in enumerate(render(card, key, files)):
            send = self._sending(channel, key if number == 0 else f"{key}-{number}")
            sent, left = await with_files(view, files, send)
            lost += left
            if not carrier and _carries(view, key):
                carrier = str(sent.id)
        await self._tell(channel, lost, f"{key}-lost")
        return carrier

    def _sending(
        self, channel: Channel, nonce: str
    ) -> Callable[[ui.LayoutView, list[discord.File]], Awaitable[discord.Message]]:
        async def send(view: ui.LayoutView, files: list[discord.File]) -> discord.Message:
            return await self._place(channel).send(view=view, files=files, nonce=nonce[: limits.NONCE])

        return send

    async def _tell(self, channel: Channel, lost: list[AttachedBlock], nonce: str) -> None:
        """Say what is missing. The card is there, so nothing that goes wrong now may read as "not sent"."""
        try:
            for view in render(missing_files_card(lost)) if lost else ():
                await with_files(view, {}, self._sending(channel, nonce))
        except SendError as fault:
            log.warning("nobody was told of missing files: %s %s", fault.code, fault)

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Look through the channel's history for our controls; the key belongs to one message alone."""
        known = self._permissions.get(channel.id)
        if known is not None and not channel.direct and not known[0].read_message_history:
            # Discord would show an empty history, and "not there" would be a lie.
            raise PermanentSendError("missing_permissions", "I may not read the history of that channel")
        with translated_errors():
            async for message in self._place(channel).history(limit=HISTORY, after=since, oldest_first=True):
                if key in _keys(_custom_ids(message.components)):
                    return str(message.id)
        return None

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """The person's conversation with the bot. Discord opens it even where it will take no message."""
        with translated_errors():
            opened = await self._client.create_dm(discord.Object(int(person)))
        return Channel(workspace, str(opened.id), direct=True)

    async def ensure_can_post(self, channel: Channel) -> None:
        """Raise `PermanentSendError` when the bot cannot see the channel, or not write there."""
        if channel.direct:
            return
        if channel.id in self._permissions:
            may, thread = self._permissions[channel.id]
            writes = may.send_messages_in_threads if thread else may.send_messages
            if not (may.administrator or (may.view_channel and writes)):
                raise PermanentSendError("missing_permissions", "I may not write in that channel")
        with translated_errors():
            await self._client.http.get_channel(int(channel.id))

    async def member(self, workspace: Workspace, person: str) -> Member:
        """A person as Discord knows them. Discord tells nobody's time zone; in a DM nobody is an admin."""
        with translated_errors():
            if workspace.id.startswith("dm-"):
                user = await self._client.fetch_user(int(person))
                return Member(person, user.display_name)
            guild = await self._client.fetch_guild(int(workspace.id))
            member = await guild.fetch_member(int(person))
        may = member.guild_permissions
        return Member(person, member.display_name, admin=may.manage_guild or may.administrator)

    def _place(self, channel: Channel) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(int(channel.id))


def _carries(view: ui.LayoutView, key: str) -> bool:
    return key in _keys(str(item.custom_id) for item in view.walk_children() if isinstance(item, ui.Button))


def _keys(customs: Iterable[str]) -> set[str]:
    return {found[0] for custom in customs if (found := key_and_line(custom)) is not None}


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if custom := getattr(component, "custom_id", None):
            yield str(custom)
        yield from _custom_ids(getattr(component, "children", None) or ())
