"""Messages in plain language: direct messages to the bot, and messages that mention it.

Discord sends the text of these two kinds without a privileged intent. Edits, bots, webhooks and Discord's own messages get no
answer.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import discord
from discord import ui

from mentorbot.adapters.discord import limits, slash_commands
from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.discord.files import send_with_files
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.adapters.discord.render import render, render_page
from mentorbot.adapters.files import attached_blocks, build_files, missing_files_card
from mentorbot.chat.cards import Card, Paragraph, rich
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import Caller
from mentorbot.errors import PermanentSendError

log = logging.getLogger(__name__)
_WRITTEN_BY_PEOPLE = {discord.MessageType.default, discord.MessageType.reply}
SENT_BY_DM = Card("I've sent that to your DMs")
DMS_CLOSED = Card(
    "I can't message you",
    (Paragraph(rich("That's only for you, and your DMs are closed. Ask me with a slash command here instead.")),),
)


def guild_of(message: discord.Message) -> str:
    """Return the id of the server a message was written in; "" for a direct message."""
    guild_id = message.guild.id if message.guild else getattr(message.channel, "guild_id", None)
    return str(guild_id or "")


def spoken_text(message: discord.Message, bot: int) -> str:
    """Read a message to the bot as its author sees it, without the mention of the bot itself; "" if it gets no answer."""
    author = message.author
    by_person = (
        message.type in _WRITTEN_BY_PEOPLE and not author.bot and not message.webhook_id and not message.edited_at
    )
    mentioned = any(user.id == bot for user in message.mentions)
    if not by_person or author.id == bot or not (mentioned or not guild_of(message)):
        return ""
    text = re.sub(rf"\s*<@!?{bot}>[,:]?\s*", " ", message.content)
    for user in message.mentions:
        text = re.sub(rf"<@!?{user.id}>", f"@{user.display_name}".replace("\\", r"\\"), text)
    # A mention without words is a greeting.
    return slash_commands.typed_line(text.strip()) or ("hi" if mentioned and message.content.strip() else "")


def spoken_caller(message: discord.Message, workspace: Workspace, platform: DiscordPlatform) -> Caller:
    """Build the caller of a message. Their rights are looked up only if a command needs them."""
    person = str(message.author.id)
    channel = Channel(workspace, str(message.channel.id), "", direct=not guild_of(message))
    return Caller(channel, person, message.author.display_name, lambda: platform.member(workspace, person))


class _Reference(discord.MessageReference):
    """A reference with its ids as text, as Discord's description of its API has them; discord.py sends numbers."""

    def to_message_reference_dict(self) -> Any:
        """Give the JSON values."""
        return {key: str(value) if key.endswith("_id") else value for key, value in self.to_dict().items()}


class MessageReply:
    """The answer to one message, as a reply that pings nobody.

    In a server, everyone sees an answer that says nothing about a person; any other goes to its author's direct messages.
    """

    def __init__(self, message: discord.Message, caller: Caller, platform: DiscordPlatform) -> None:
        self._message, self._caller, self._platform = message, caller, platform
        self._kept = ""

    async def send(self, card: Card, key: str, kept: str = "") -> None:
        """Send `card`, or the first page of one that was `kept`. In direct messages its buttons carry `key`: the server's."""
        self._kept = kept
        if self._caller.channel.direct:
            await self._send(card, key, self._message.channel, reply=True)
        elif not (card.public or card.shareable) or not await self._sent_in_public(card):
            await self._send_privately(card, key)

    async def _sent_in_public(self, card: Card) -> bool:
        """Reply in the channel; False if the bot may not."""
        try:
            await self._send(card, "", self._message.channel, reply=True)
        except PermanentSendError as error:
            log.info("an answer couldn't be sent to a channel: %s", error.code)
            return False
        return True

    async def _send_privately(self, card: Card, key: str) -> None:
        try:
            dm = await self._platform.open_dm(self._caller.channel.workspace, self._caller.user_id)
            await self._send(card, key, self._platform.messageable(dm), reply=False)
            note = SENT_BY_DM
        except PermanentSendError as error:
            log.info("an answer couldn't be sent by direct message: %s", error.code)
            note = DMS_CLOSED
        await self._send(note, "", self._message.channel, reply=True)

    async def _send(self, card: Card, key: str, channel: discord.abc.Messageable, *, reply: bool) -> None:
        """Send a card's messages, and a note about files that couldn't be sent."""
        reference = _Reference.from_message(self._message, fail_if_not_exists=False) if reply else None
        files = await build_files(card, limits.FILE_BYTES)
        missing_blocks = [block for block in attached_blocks(card) if block not in files]
        number = 0

        async def send(view: ui.LayoutView, attached: list[discord.File]) -> discord.Message:
            nonlocal number
            number += 1
            # A nonce makes Discord drop a repeated attempt.
            nonce = f"{self._message.id}-{number}"[: limits.NONCE]
            if reference is None:
                return await channel.send(view=view, files=attached, nonce=nonce)
            return await channel.send(view=view, files=attached, nonce=nonce, reference=reference, mention_author=False)

        mentions = self._platform.command_mentions
        kept = self._kept if card not in (SENT_BY_DM, DMS_CLOSED) else ""
        views = [render_page(card, 0, kept, key, mentions)] if kept else render(card, key, files, mentions)
        for view in views:
            _, skipped = await send_with_files(view, files, send)
            missing_blocks += skipped
        for view in render(missing_files_card(missing_blocks)) if missing_blocks else ():
            with translated_errors():
                await send(view, [])
