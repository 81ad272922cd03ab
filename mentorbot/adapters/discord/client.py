"""discord.py's client, told what we need of it: no intent, the gateway that the API names, commands registered once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import yarl
from discord import Interaction, app_commands
from discord.gateway import DiscordWebSocket

from mentorbot.adapters.discord import tree
from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.lease_guard import lease_guard
from mentorbot.errors import SendError

log = logging.getLogger(__name__)

Answer = Callable[[Interaction[Any]], Awaitable[None]]

LONGEST_WAIT = 30.0
"""Seconds that discord.py waits by itself when Discord asks to; for longer it tells us, and whoever asked decides."""


def _about_other_things(record: logging.LogRecord) -> bool:
    return "Guilds intent" not in str(record.msg)


# discord.py warns of what we mean: nothing that we do needs to know a server's channels, roles or members beforehand.
logging.getLogger("discord.state").addFilter(_about_other_things)
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nor of voice, which we do not use


class Tree(app_commands.CommandTree[Any]):
    """Hands a command over that it does not know any more: somebody's Discord may still show last week's."""

    def __init__(self, client: Client, answer: Answer) -> None:
        super().__init__(client)
        self._answer = answer

    async def on_error(self, interaction: Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        """Answer what discord.py could not match; log everything else."""
        stale = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch, app_commands.TransformerError)
        if isinstance(error, stale) and interaction.type is discord.InteractionType.application_command:
            await self._answer(interaction)
        else:
            log.error("an interaction failed", exc_info=error)


class Client(discord.AutoShardedClient):
    """A client that asks for no intent, and hands every interaction with our controls over."""

    registers = True
    """Whether it registers the commands when it logs in."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            max_ratelimit_timeout=LONGEST_WAIT,
            http_trace=lease_guard(),
            guild_ready_timeout=0,  # no servers are announced to who asks for no intent
        )
        self._answer = answer
        self.tree = Tree(self, answer)

    async def setup_hook(self) -> None:
        """Register the commands when they differ from what Discord has: there are 200 creations a day."""
        if not self.registers:
            return
        wanted = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        try:
            with translated_errors():
                present = await self.http.get_global_commands(self.application_id or 0)
                if [tree.shape(command) for command in present] != [tree.shape(command) for command in wanted]:
                    log.info("the commands have changed and are registered again")
                    await self.tree.sync()
        except SendError as fault:
            log.warning("the commands could not be registered, those of before stay: %s %s", fault.code, fault)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect to the gateway that the API names, also when connecting again: discord.py would go to its own then."""
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def on_interaction(self, interaction: Interaction[Any]) -> None:
        """Buttons and modals; slash commands come through the tree."""
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            await self._answer(interaction)
