"""Replies to interactions: their place, their audience, and the modals they open.

Only the person who asked sees an answer, unless the card is public. An answer is a new message. If they pressed a button on a
message only they can see, a card that updates it takes its place. Answers in direct messages stay there. Files take a while
to draw and upload, so we ask Discord for more time first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import Interaction, InteractionType, app_commands, ui

from mentorbot.adapters.discord import forms, limits, slash_commands
from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.discord.files import send_with_files
from mentorbot.adapters.discord.render import CommandMentions, render, render_page
from mentorbot.adapters.files import attached_blocks, build_files, missing_files_card
from mentorbot.chat.cards import Answer, Card, Choice, Form
from mentorbot.errors import SendError

SHOWN_BELOW = Card("Here it is, for everyone")


def may_replace_message(interaction: Interaction[Any]) -> bool:
    """True if the answer may take the place of the message the interaction came from."""
    message = interaction.message
    return message is not None and (message.flags.ephemeral or _is_own_dm(interaction))


def is_outside(interaction: Interaction[Any]) -> bool:
    """True in a server without the bot, where someone uses it because they installed it for themselves."""
    return (
        interaction.guild_id is not None
        and interaction.is_user_integration()
        and not interaction.is_guild_integration()
    )


def _is_own_dm(interaction: Interaction[Any]) -> bool:
    """True in direct messages with the bot, where nobody else reads along. In a group's or two people's, others do."""
    return interaction.guild_id is None and not interaction.context.private_channel


async def defer(interaction: Interaction[Any], *, public: bool = False) -> None:
    """Ask Discord for more time; the person (with `public`, everyone) sees that we're working on it."""
    if may_replace_message(interaction):
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=_is_ephemeral(interaction, public=public), thinking=True)


def _is_ephemeral(interaction: Interaction[Any], *, public: bool) -> bool:
    """True if an answer is one that disappears. In direct messages with the bot it stays."""
    return not public and not _is_own_dm(interaction)


async def send(interaction: Interaction[Any], answer: Answer, key: str, draft: str = "", page: int = 0) -> None:
    """Send `answer`, in as many messages as it needs. `draft` names the answer if it's a form or a card that was kept.

    Of a card that was kept, one `page` is sent, with buttons to the others.

    `key` belongs to the message the interaction came from. A card that replaces that message keeps it; in a DM every answer
    does, because there the key tells which workspace the person belongs to.
    """
    if isinstance(answer, Form):
        if forms.fits_modal(answer, key, draft) and not _cannot_open_modal(interaction):
            await interaction.response.send_modal(forms.build_modal(answer, key, draft))
            return
        answer = forms.fallback_card(answer, key, draft)
        draft = ""
    reply = _Reply(interaction, answer)
    await (reply.send_page(key, draft, page) if draft else reply.send(key))


async def suggest(interaction: Interaction[Any], choices: Sequence[Choice], *, counts: bool = False) -> None:
    """Show values for the option someone is typing; `counts`: it takes whole numbers."""
    listed = [app_commands.Choice(**each) for each in slash_commands.suggestions(choices, counts=counts)]
    await interaction.response.autocomplete(listed)


def _cannot_open_modal(interaction: Interaction[Any]) -> bool:
    """True after a deferral and in answer to a modal, when Discord refuses to open one."""
    return interaction.response.is_done() or interaction.type is InteractionType.modal_submit


class _Reply:
    """One card, sent as the answer to one interaction."""

    def __init__(self, interaction: Interaction[Any], card: Card) -> None:
        self._interaction, self._card = interaction, card
        # An error never replaces the card, so the button is there to try again.
        self._replaces = may_replace_message(interaction) and card.updates and not card.public and not card.error
        # A deferral fixes the audience: if it was private, its answer is private, too.
        self._deferred_publicly = False

    async def send(self, key: str) -> None:
        """Send all messages of the card, then a note about files that couldn't be sent."""
        blocks_with_files = attached_blocks(self._card)
        if blocks_with_files and not self._interaction.response.is_done():
            self._deferred_publicly = self._card.public and not may_replace_message(self._interaction)
            await defer(self._interaction, public=self._deferred_publicly)
        files = await build_files(self._card, limits.FILE_BYTES)
        missing_blocks = [block for block in blocks_with_files if block not in files]
        for number, view in enumerate(render(self._card, self._carried(key), files, self._mentions)):
            _, skipped = await send_with_files(
                view, files, self._send_followup if number else self._send_first, SendError
            )
            missing_blocks += skipped
        for view in render(missing_files_card(missing_blocks)) if missing_blocks else ():
            await self._interaction.followup.send(view=view, ephemeral=True)

    async def send_page(self, key: str, kept: str, page: int) -> None:
        """Send one page of the card."""
        with translated_errors():
            await self._send_first(render_page(self._card, page, kept, self._carried(key), self._mentions), [])

    def _carried(self, key: str) -> str:
        """The key its buttons carry."""
        outside = self._interaction.guild_id is None or is_outside(self._interaction)
        return key if self._replaces or outside else ""

    @property
    def _mentions(self) -> CommandMentions:
        return getattr(self._interaction.client, "command_mentions", {})

    async def _send_followup(self, view: ui.LayoutView, files: list[discord.File]) -> None:
        await self._interaction.followup.send(view=view, files=files, ephemeral=self._ephemeral)

    async def _send_first(self, view: ui.LayoutView, files: list[discord.File]) -> None:
        response = self._interaction.response
        if response.is_done():
            await self._send_after_deferral(view, files)
        elif self._replaces:
            await response.edit_message(view=view, attachments=files)
        else:
            await response.send_message(view=view, files=files, ephemeral=self._ephemeral)

    async def _send_after_deferral(self, view: ui.LayoutView, files: list[discord.File]) -> None:
        """Send the first message after a deferral, which decided who sees it."""
        below_card = may_replace_message(self._interaction)
        if self._replaces or (not below_card and (not self._card.public or self._deferred_publicly)):
            await self._interaction.edit_original_response(view=view, attachments=files)
            return
        # The private deferral can't become public, so it points to a public message below.
        if not below_card:
            await self._interaction.edit_original_response(view=render(SHOWN_BELOW)[0])
        await self._send_followup(view, files)

    @property
    def _ephemeral(self) -> bool:
        return _is_ephemeral(self._interaction, public=self._card.public)
