"""Answering one interaction: where the answer goes, who sees it, and what becomes of a form.

An answer is seen by the person who asked alone, unless the card is public. Pressed on a message that only they see, the
answer takes its place; pressed on a public one, it is a message of its own. Pictures and documents are attached to it;
they take their time, so Discord is asked for more of that first.
"""

from __future__ import annotations

from typing import Any

import discord
from discord import Interaction, InteractionType, ui

from mentorbot.adapters.discord import forms, limits
from mentorbot.adapters.discord.files import with_files
from mentorbot.adapters.discord.render import render
from mentorbot.adapters.files import attached_blocks, build_files, missing_files_card
from mentorbot.chat.cards import Answer, Card, Form
from mentorbot.errors import SendError

BELOW = Card("Here it is, for everyone")


def in_place(interaction: Interaction[Any]) -> bool:
    """Whether the answer takes the place of the message that the interaction came from."""
    message = interaction.message
    return message is not None and (message.flags.ephemeral or interaction.guild_id is None)


async def defer(interaction: Interaction[Any], *, public: bool = False) -> None:
    """Ask Discord for more time; the person sees that we are at it, and with `public` everybody does."""
    if in_place(interaction):
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=not public, thinking=True)


async def send(interaction: Interaction[Any], answer: Answer, key: str) -> None:
    """Send `answer`, in as many messages as it needs.

    `key` is that of the message which the interaction came from. What takes its place keeps it, and in a direct message
    whatever comes of it, since the key says there where the person belongs.
    """
    if isinstance(answer, Form):
        if forms.fits(answer, key) and not _too_late_for_form(interaction):
            await interaction.response.send_modal(forms.modal(answer, key))
            return
        answer = forms.offer(answer, key)
    await _Reply(interaction, answer).send(key)


def _too_late_for_form(interaction: Interaction[Any]) -> bool:
    """Discord opens no modal after a deferral, and none in answer to a modal."""
    return interaction.response.is_done() or interaction.type is InteractionType.modal_submit


class _Reply:
    """One card on its way."""

    def __init__(self, interaction: Interaction[Any], card: Card) -> None:
        self._interaction, self._card = interaction, card
        self._replaces = in_place(interaction) and not card.public
        self._promised = False
        """Whether everybody has been told that an answer comes."""

    async def send(self, key: str) -> None:
        """All messages of the card, and what is missing."""
        wanted = attached_blocks(self._card)
        if wanted and not self._interaction.response.is_done():
            self._promised = self._card.public and not in_place(self._interaction)
            await defer(self._interaction, public=self._promised)
        files = await build_files(self._card, limits.FILE_BYTES)
        lost = [block for block in wanted if block not in files]
        kept = key if self._replaces or self._interaction.guild_id is None else ""
        for number, view in enumerate(render(self._card, kept, files)):
            _, left = await with_files(view, files, self._follow if number else self._first, SendError)
            lost += left
        for view in render(missing_files_card(lost)) if lost else ():
            await self._interaction.followup.send(view=view, ephemeral=True)

    async def _follow(self, view: ui.LayoutView, files: list[discord.File]) -> None:
        await self._interaction.followup.send(view=view, files=files, ephemeral=not self._card.public)

    async def _first(self, view: ui.LayoutView, files: list[discord.File]) -> None:
        response = self._interaction.response
        if response.is_done():
            await self._late(view, files)
        elif self._replaces:
            await response.edit_message(view=view, attachments=files)
        else:
            await response.send_message(view=view, files=files, ephemeral=not self._card.public)

    async def _late(self, view: ui.LayoutView, files: list[discord.File]) -> None:
        """After a deferral. What was deferred stays as private as it was said to be then."""
        if not self._card.public or self._promised:
            await self._interaction.edit_original_response(view=view, attachments=files)
            return
        if not in_place(self._interaction):
            await self._interaction.edit_original_response(view=render(BELOW)[0])
        await self._follow(view, files)
