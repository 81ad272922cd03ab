"""The server a direct message is about. Discord doesn't say, so someone in several servers with the bot is asked once."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace

import discord

from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.chat.cards import Button, Buttons, Card, Footnote, Paragraph, rich
from mentorbot.chat.platform import Workspace
from mentorbot.errors import SendError
from mentorbot.storage import Store

log = logging.getLogger(__name__)
CHOICE = "server:"
"""Stands in place of a button's line: this and a server's id, or `?` to choose."""
CACHE_SECONDS = 600.0
MAX_CACHED_PEOPLE = 2_000
MAX_SERVERS_TO_SEARCH = 10
"""A bot in more servers doesn't look for strangers in all of them. Once they've used it in a server, it knows them there."""
MAX_CHOICES = 20


@dataclass(frozen=True, slots=True)
class Server:
    """A server with the bot in it."""

    id: str
    name: str

    @property
    def workspace(self) -> Workspace:
        """The workspace it is to us."""
        return Workspace("discord", self.id)


class Servers:
    """The servers people share with the bot, and which one their direct messages are about."""

    def __init__(self, client: discord.Client, store: Store) -> None:
        self._client, self._store = client, store
        self._cached: dict[str, tuple[float, list[Server]]] = {}

    async def of(self, person: str) -> list[Server]:
        """List the servers a direct message of a person may be about; those where something is stored come first."""
        expires, servers = self._cached.get(person, (0.0, []))
        if expires > time.monotonic():
            return servers
        servers = await self._look_up(person)
        if len(self._cached) >= MAX_CACHED_PEOPLE:
            self._cached.clear()
        self._cached[person] = (time.monotonic() + CACHE_SECONDS, servers)
        return servers

    async def _look_up(self, person: str) -> list[Server]:
        known = [workspace.id for workspace in await self._store.maintenance.workspaces_of("discord", person)]
        try:
            with translated_errors():
                ours = [Server(str(guild.id), guild.name) async for guild in self._client.fetch_guilds(limit=200)]
            names = {server.id: server for server in ours}
            servers = [server for number in known if (server := names.get(number) or await self._server(number))]
            if len(ours) <= MAX_SERVERS_TO_SEARCH:
                others = [server for server in ours if server.id not in known]
                servers += [server for server in others if await self._has_member(server, person)]
        except SendError as error:
            log.warning("couldn't find out which servers a person is in: %s %s", error.code, error)
            return [Server(number, "") for number in known if number.isdecimal()]
        return servers[:MAX_CHOICES]

    async def _server(self, number: str) -> Server | None:
        """Look up a server; None if the bot isn't in it any more."""
        if not number.isdecimal():
            return None  # a workspace of one person's direct messages
        try:
            with translated_errors():
                return Server(number, (await self._client.fetch_guild(int(number), with_counts=False)).name)
        except SendError:
            return None

    async def _has_member(self, server: Server, person: str) -> bool:
        try:
            with translated_errors():
                await self._client.http.get_member(int(server.id), int(person))
        except SendError:
            return False
        return True

    async def chosen(self, person: str) -> Server | None:
        """Find the server that a person's direct messages are about; None if that has to be asked, or there's none."""
        servers = await self.of(person)
        if len(servers) == 1:
            return servers[0]
        chosen = await self._store.maintenance.dm_workspace("discord", person)
        return next((server for server in servers if server.workspace == chosen), None)

    async def choose(self, person: str, number: str) -> Server | None:
        """Remember a choice; None if it isn't one of the person's servers."""
        server = next((server for server in await self.of(person) if server.id == number), None)
        if server is not None:
            async with self._store.unit_of_work(server.workspace) as uow:
                await uow.dm_workspaces.choose(person)
        return server

    async def question(self, person: str) -> Card:
        """Ask which server is meant."""
        buttons = tuple(Button(server.name or server.id, CHOICE + server.id) for server in await self.of(person))
        text = Paragraph(rich("I'll remember it until you change it."))
        return Card("Which server is this about?", (text, Buttons(buttons)), updates=True)

    async def named(self, card: Card, person: str, server: Server) -> Card:
        """Say on a card which server it's about, if there are several."""
        if len(await self.of(person)) < 2:
            return card
        note = Footnote(rich(f"About {server.name or server.id}"))
        return replace(card, blocks=(*card.blocks, note, Buttons((Button("Change", f"{CHOICE}?"),))))


def chosen_card(server: Server) -> Card:
    """Confirm a choice."""
    text = Paragraph(rich("What would you like to do? Just write it."))
    return Card(f"From now on, it's about {server.name or server.id}", (text,), updates=True)
