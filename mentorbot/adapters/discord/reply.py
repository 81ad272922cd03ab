"""Answering one interaction: where the answer goes, who sees it, and what becomes of a form.

An answer is seen by the person who asked alone, unless the card is public. Pressed on a message that only they see, the
answer takes its place; pressed on a public one, it is a message of its own.
"""

from __future__ import annotations

from typing import Any

from discord import Interaction, InteractionType, ui

from mentorbot.adapters.discord import forms
from mentorbot.adapters.discord.render import render
from mentorbot.cards import Answer, Card, Form

BELOW = Card("Here it is, for everyone")


def in_place(interaction: Interaction[Any]) -> bool:
    """Whether the answer takes the place of the message that the interaction came from."""
    message = interaction.message
    return message is not None and (message.flags.ephemeral or interaction.guild_id is None)


async def defer(interaction: Interaction[Any]) -> None:
    """Ask Discord for more time; the person sees that we are at it."""
    if in_place(interaction):
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


async def send(interaction: Interaction[Any], answer: Answer, key: str) -> None:
    """Send `answer`, in as many messages as it needs. `key` is that of the message which is replaced, to be kept."""
    if isinstance(answer, Form):
        if forms.fits(answer) and not _too_late_for_form(interaction):
            await interaction.response.send_modal(forms.modal(answer))
            return
        answer = forms.offer(answer)
    replaces = in_place(interaction) and not answer.public
    first, *others = render(answer, key if replaces else "")
    await _first(interaction, first, public=answer.public, replaces=replaces)
    for view in others:
        await interaction.followup.send(view=view, ephemeral=not answer.public)


def _too_late_for_form(interaction: Interaction[Any]) -> bool:
    """Discord opens no modal after a deferral, and none in answer to a modal."""
    return interaction.response.is_done() or interaction.type is InteractionType.modal_submit


async def _first(interaction: Interaction[Any], view: ui.LayoutView, *, public: bool, replaces: bool) -> None:
    if not interaction.response.is_done():
        if replaces:
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=not public)
    elif not public:
        await interaction.edit_original_response(view=view)
    else:
        # What was deferred stays as private as it was said to be then.
        if not in_place(interaction):
            await interaction.edit_original_response(view=render(BELOW)[0])
        await interaction.followup.send(view=view, ephemeral=False)
