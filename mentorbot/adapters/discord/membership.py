"""Servers the bot is in: those that have removed it get no more messages, also if that happened while it wasn't connected."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import discord

from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.chat.platform import Workspace
from mentorbot.clock import Clock
from mentorbot.errors import DatabaseProblem, SendError
from mentorbot.storage import Store

log = logging.getLogger(__name__)
Welcome = Callable[[Workspace, str], Awaitable[None]]
"""Says hello in a server's system channel, given by its id."""


class Membership:
    """The servers the bot is in, recorded in the database."""

    def __init__(self, client: discord.Client, store: Store, clock: Clock, welcome: Welcome | None = None) -> None:
        self._client, self._store, self._clock, self._welcome = client, store, clock, welcome
        self._present: set[str] | None = None
        """Ids of the servers, None until they have been compared."""

    async def compare(self) -> None:
        """Compare the servers stored here with those the bot is in. After an error, the next connection tries again."""
        try:
            with translated_errors():
                guilds = self._client.fetch_guilds(limit=None, with_counts=False)
                present = {str(guild.id) async for guild in guilds}
            # Someone's direct messages with the bot are a workspace, too, with an id that's no number. They're never left.
            stored = await self._store.workspaces.of_platform("discord")
            personal = {workspace.id for workspace in stored if not workspace.id.isdecimal()}
            removed, back = await self._store.workspaces.compare(
                "discord", str(self._client.application_id or ""), present | personal, self._clock.now()
            )
        except (SendError, DatabaseProblem) as error:
            log.warning("couldn't find out which servers the bot is in: %s", error)
            return
        self._present = present
        for workspace in removed:
            log.warning("the bot was removed from discord/%s, so nothing is sent there any more", workspace.id)
        for workspace in back:
            log.info("the bot is back in discord/%s", workspace.id)

    async def joined(self, server: str, system_channel: str = "") -> None:
        """Record that the bot is in a server, unless that's known. Where it's new, it says hello in the system channel."""
        if self._present is None or server in self._present:
            return
        self._present.add(server)
        app_id = str(self._client.application_id or "")
        workspace = Workspace("discord", server)
        if await self._store.workspaces.mark_present(workspace, app_id):
            log.info("the bot is back in discord/%s", server)
        if system_channel and self._welcome is not None and await self._is_first_time(workspace):
            await self._welcome(workspace, system_channel)

    async def _is_first_time(self, workspace: Workspace) -> bool:
        """Tell whether a server is to be welcomed: once, by one process."""
        try:
            async with self._store.unit_of_work(workspace) as uow:
                return await uow.interactions.claim("welcome")
        except DatabaseProblem as error:
            log.warning("couldn't find out whether discord/%s was welcomed: %s", workspace.id, error)
            return False

    async def left(self, server: str) -> None:
        """Record that the bot was removed from a server."""
        if self._present is not None:
            self._present.discard(server)
        if await self._store.workspaces.mark_removed(Workspace("discord", server), self._clock.now()):
            log.warning("the bot was removed from discord/%s, so nothing is sent there any more", server)
