"""The Discord door: interactions in, answers out.

Discord waits three seconds for an answer or a deferral, and then takes follow-ups for fifteen minutes
(https://docs.discord.com/developers/interactions/receiving-and-responding).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import discord
import yarl
from discord import Interaction, app_commands, ui
from discord.gateway import DiscordWebSocket

from mentorbot.adapters.discord import forms, limits, tree
from mentorbot.adapters.discord.markup import cut
from mentorbot.adapters.discord.messenger import DiscordMessenger, faults
from mentorbot.adapters.discord.render import line_of, render
from mentorbot.adapters.inflight import InFlight
from mentorbot.cards import Answer, Button, Buttons, Card, Form, Paragraph, words
from mentorbot.commands.call import Caller, Request
from mentorbot.commands.dispatch import Dispatcher
from mentorbot.errors import BadSettings, SendFailed
from mentorbot.messenger import Channel, Member, Workspace
from mentorbot.settings import Settings

log = logging.getLogger(__name__)

DEFER_SECONDS = 2.0
"""How long an answer may take before we ask Discord for more time."""

# Too late, or answered by another replica: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_HARMLESS = {10062, 40060}


class Client(discord.AutoShardedClient):
    """A client that asks for no privileged intent, and hands every interaction with our controls to the door."""

    def __init__(self, door: DiscordDoor) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            enable_debug_events=False,
        )
        self.tree = app_commands.CommandTree(self)
        self._door = door

    async def on_interaction(self, interaction: Interaction[Client]) -> None:
        """Buttons and modals; slash commands come through the tree."""
        await self._door.interacted(interaction)


class DiscordDoor:
    """Discord, open for one application."""

    def __init__(self, settings: Settings, dispatcher: Dispatcher) -> None:
        self._settings, self._dispatcher = settings, dispatcher
        discord.http.Route.BASE = settings.discord_base
        self._client = Client(self)
        self.messenger = DiscordMessenger(self._client)
        self._in_flight = InFlight()
        self._running: asyncio.Task[None] | None = None
        pack = dispatcher.library.default
        self._client.tree.add_command(tree.build(dispatcher.registry, pack, self._ran, self._suggest))

    async def start(self) -> None:
        """Log in, register the commands if they have changed, and connect to the gateway.

        Raises:
            BadSettings: Discord does not know the token, or cannot be reached.
        """
        try:
            with faults():
                await self._log_in()
        except SendFailed as fault:
            await self._client.close()
            where = f"Discord cannot be used at {self._settings.discord_base} ({fault.code})"
            raise BadSettings(f"{where}. Check DISCORD_API_URL and the network.") from None
        self._running = asyncio.create_task(self._client.connect(), name="discord gateway")
        ready = asyncio.create_task(self._client.wait_until_ready())
        await asyncio.wait({self._running, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=60)
        ready.cancel()
        if self._running.done():
            await self._running

    async def _log_in(self) -> None:
        try:
            await self._client.login(self._settings.discord_token)
        except discord.LoginFailure:
            await self._client.close()
            raise BadSettings(
                "Discord refuses DISCORD_TOKEN. Make a new one in the Discord developer portal: your application, Bot, "
                "Reset Token; and copy it without the word Bot before it."
            ) from None
        # discord.py goes to an address of its own after some reconnects; ours is always the one that the API names.
        _, gateway, _ = await self._client.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        await self._sync()

    async def _sync(self) -> None:
        """Register the commands only when they differ from what Discord has: there are 200 creations a day."""
        application = self._client.application_id
        wanted = [command.to_dict(self._client.tree) for command in self._client.tree.get_commands()]
        present = await self._client.http.get_global_commands(application or 0)
        if [tree.shape(command) for command in present] != [tree.shape(command) for command in wanted]:
            log.info("the commands have changed and are registered again")
            await self._client.tree.sync()

    async def stop(self) -> None:
        """Let answers in flight finish, and disconnect."""
        await self._in_flight.drained()
        await self._client.close()
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)

    async def interacted(self, interaction: Interaction[Any]) -> None:
        """A button was pressed, or a modal was sent."""
        data: Mapping[str, Any] = interaction.data or {}
        if interaction.type is discord.InteractionType.component:
            line = line_of(str(data.get("custom_id", "")))
            if line is not None:
                await self._reply(interaction, line, {}, pressed=True)
        elif interaction.type is discord.InteractionType.modal_submit:
            sent = forms.submitted(data)
            if sent is not None:
                await self._reply(interaction, *sent, pressed=interaction.message is not None)

    async def _ran(self, interaction: Interaction[Any], line: str, options: Mapping[str, str]) -> None:
        await self._reply(interaction, line, options, pressed=False)

    async def _suggest(
        self, interaction: Interaction[Any], line: str, option: str, typed: str
    ) -> list[app_commands.Choice[str]]:
        found = await self._dispatcher.suggest(Request(_caller(interaction), line), option, typed)
        return [
            app_commands.Choice(name=cut(choice.label, limits.CHOICE_TEXT), value=choice.value)
            for choice in found[: limits.CHOICES]
            if len(choice.value) <= limits.CHOICE_TEXT
        ]

    async def _reply(
        self, interaction: Interaction[Any], line: str, options: Mapping[str, str], *, pressed: bool
    ) -> None:
        with self._in_flight:
            self.messenger.note(str(interaction.channel_id), interaction.app_permissions)
            can_ask = interaction.type is not discord.InteractionType.modal_submit
            request = Request(_caller(interaction), line, options, key=str(interaction.id), forms=can_ask)
            task = asyncio.create_task(self._dispatcher.answer(request, self.messenger))
            try:
                await asyncio.wait({task}, timeout=DEFER_SECONDS)
                if not task.done():
                    await interaction.response.defer(ephemeral=True, thinking=True)
                await self._send(interaction, await task, pressed=pressed)
            except discord.HTTPException as error:
                if error.code not in _HARMLESS:
                    raise
                log.warning("an interaction came too late or was answered already (%s)", error.code)

    async def _send(self, interaction: Interaction[Any], answer: Answer, *, pressed: bool) -> None:
        if isinstance(answer, Form):
            if forms.fits(answer) and not interaction.response.is_done():
                await interaction.response.send_modal(forms.modal(answer))
                return
            answer = _form_offer(answer)
        first, *others = render(answer)
        if interaction.response.is_done():
            await interaction.followup.send(view=first, ephemeral=not answer.public)
        elif pressed and _is_private(interaction) and not answer.public:
            await interaction.response.edit_message(view=first)
        else:
            await interaction.response.send_message(view=first, ephemeral=not answer.public)
        for view in others:
            await _follow(interaction, view, public=answer.public)


async def _follow(interaction: Interaction[Any], view: ui.LayoutView, *, public: bool) -> None:
    await interaction.followup.send(view=view, ephemeral=not public)


def _is_private(interaction: Interaction[Any]) -> bool:
    """Whether the message with the button is seen by the person who pressed it alone."""
    message = interaction.message
    return message is not None and (message.flags.ephemeral or interaction.guild_id is None)


def _caller(interaction: Interaction[Any]) -> Caller:
    user = interaction.user
    direct = interaction.guild_id is None
    workspace = Workspace("discord", f"dm-{user.id}" if direct else str(interaction.guild_id))
    name = "" if direct else str(getattr(interaction.channel, "name", None) or "")
    channel = Channel(workspace, str(interaction.channel_id), name, direct)
    may = interaction.permissions
    admin = not direct and (may.manage_guild or may.administrator)

    async def member() -> Member:
        return Member(str(user.id), user.display_name, admin=admin)

    return Caller(channel, str(user.id), user.display_name, member)


def _form_offer(form: Form) -> Card:
    """A form that could not be opened now, as a button that opens it."""
    text = Paragraph(words("I need a little more from you."))
    return Card(form.title, (text, Buttons((Button("Fill it in", form.line, "primary"),))))
