"""The commands as Discord shows them, which follow the role pack: if it changes while the bot runs, they're registered again."""

from __future__ import annotations

import asyncio
import logging
import time

from mentorbot.adapters.discord import tree
from mentorbot.adapters.discord.client import Client
from mentorbot.commands.dispatcher import Dispatcher

log = logging.getLogger(__name__)
LOOK_SECONDS = 30.0
"""Time between looks at the pack."""
REGISTER_SECONDS = 3_600.0
"""Least time between two registrations. Discord allows 200 creations a day."""


class PackCommands:
    """The command tree of the present pack. `run` and `suggest` are those of `tree.build`."""

    def __init__(self, client: Client, dispatcher: Dispatcher, run: tree.RunCommand, suggest: tree.Suggest) -> None:
        self._client, self._dispatcher, self._run, self._suggest = client, dispatcher, run, suggest
        self._following: asyncio.Task[None] | None = None
        self._build()

    def _build(self) -> None:
        self._pack = self._dispatcher.library.default
        built = tree.build(self._dispatcher.registry, self._pack, self._run, self._suggest)
        self._client.tree.add_command(built, override=True)

    def start_following(self) -> None:
        """Begin to look at the pack. The commands were registered a moment ago."""
        self._following = asyncio.create_task(self._follow(), name="discord commands")

    async def stop_following(self) -> None:
        """Stop looking at the pack."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait({self._following})

    async def _follow(self) -> None:
        registered_at = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._dispatcher.library.default is self._pack or time.monotonic() - registered_at < REGISTER_SECONDS:
                continue
            registered_at = time.monotonic()
            try:
                self._build()
                await self._client.register_commands()
            except Exception:
                log.exception("the changed pack's commands couldn't be registered")
