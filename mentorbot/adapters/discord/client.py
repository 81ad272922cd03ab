"""discord.py's client, set up for us: few intents, the gateway the API names, commands registered only on change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp
import discord
import discord.shard
import yarl
from discord import Interaction
from discord.gateway import DiscordWebSocket, ReconnectWebSocket, WebSocketClosure

from mentorbot.adapters.discord import slash_commands
from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.discord.membership import Membership
from mentorbot.adapters.discord.server_time import ServerTime
from mentorbot.adapters.discord.shards import IdentifyTurns
from mentorbot.adapters.lease_guard import lease_guard
from mentorbot.errors import SendError

log = logging.getLogger(__name__)

AnswerInteraction = Callable[[Interaction[Any]], Awaitable[None]]
HearMessage = Callable[[discord.Message], Awaitable[None]]
_UNUSED_EVENTS = (
    *("MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "GUILD_UPDATE", "CHANNEL_PINS_UPDATE"),
    *(f"{kind}_{change}" for kind in ("CHANNEL", "THREAD", "GUILD_ROLE") for change in ("CREATE", "UPDATE", "DELETE")),
    *("THREAD_LIST_SYNC", "THREAD_MEMBER_UPDATE", "THREAD_MEMBERS_UPDATE"),
    *(f"STAGE_INSTANCE_{change}" for change in ("CREATE", "UPDATE", "DELETE")),
)
"""Events our intents bring along. Nothing here needs them, so they aren't even parsed."""

PRESENCE = "Ask me anything, or type /mentor help"
"""The line below the bot's name in lists of members."""
RECONNECT_SECONDS = 5.0
"""Pause before reconnecting after something unreadable, so a gateway that sends nothing else isn't asked all the time."""
MAX_RATE_LIMIT_WAIT = 30.0
"""Seconds discord.py sits out a rate limit by itself; a longer one is raised, so the caller can decide."""


discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we don't use voice


class _ReadableSocket(DiscordWebSocket):
    """discord.py's connection to the gateway. It reconnects after a message it can't read, where discord.py would end for good.

    See https://github.com/Rapptz/discord.py/issues/7649. Each error is raised again that discord.py itself deals with.
    """

    async def received_message(self, msg: Any, /) -> None:
        try:
            await super().received_message(msg)
        except (
            ReconnectWebSocket,
            WebSocketClosure,
            discord.DiscordException,
            aiohttp.ClientError,
            OSError,
            TimeoutError,
        ):
            raise
        except Exception:
            log.exception("the gateway sent something discord.py can't read; reconnecting")
            if self._keep_alive is not None:
                self._keep_alive.stop()
                self._keep_alive = None
            await self.socket.close(code=4000)
            await asyncio.sleep(RECONNECT_SECONDS)
            # Resuming starts after the message that couldn't be read. Without a session there's nothing to resume.
            raise ReconnectWebSocket(self.shard_id, resume=self.session_id is not None) from None


# discord.py names the class in this module, and has no other place to set it.
discord.shard.DiscordWebSocket = _ReadableSocket  # type: ignore[misc]  # a class, which mypy lets nobody replace


class Client(discord.AutoShardedClient):
    """A client that passes every interaction on to `answer`, and every message to the bot to `hear`.

    Its only intents are those for messages, and the one that says which servers it joins and leaves. None is privileged, because
    Discord includes the text of direct messages and of messages that mention the bot.
    """

    membership: Membership | None = None
    """Told about servers the bot joins and leaves."""

    identify_turns: IdentifyTurns | None = None
    """Asked before a shard identifies, if other processes have other shards."""

    max_concurrency = 1
    """Shards that may identify together, as Discord says."""

    registers_commands = True
    """Register the commands on login, if they have changed."""

    def __init__(
        self,
        answer: AnswerInteraction,
        hear: HearMessage,
        complete: AnswerInteraction | None = None,
        commands: Sequence[slash_commands.Payload] = (),
        shards: tuple[range, int] | None = None,
    ) -> None:
        self.server_time = ServerTime()
        sharding: Any = {"shard_ids": list(shards[0]), "shard_count": shards[1]} if shards else {}
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            max_ratelimit_timeout=MAX_RATE_LIMIT_WAIT,
            http_trace=self.server_time.watch(lease_guard()),
            **sharding,
            activity=discord.CustomActivity(PRESENCE),
            guild_ready_timeout=0,  # nothing here needs a server's channels, roles or members in advance
        )
        self._answer, self._hear, self._complete = answer, hear, complete or answer
        self._declared_commands = commands
        self.command_mentions: Mapping[str, str] = {}
        """Mentions of the registered commands, by name."""
        self._guard_parsers()

    def _guard_parsers(self) -> None:
        """Shield the connection from events discord.py can't parse: any one of them would end it for good.

        See https://github.com/Rapptz/discord.py/issues/7649.
        """
        parsers = self._connection.parsers
        for event in _UNUSED_EVENTS:
            parsers.pop(event, None)
        for event, parse in list(parsers.items()):
            parsers[event] = _guarded(event, parse)
        # Neither is given to discord.py, which would keep all of a server's channels and roles in memory.
        parsers["GUILD_CREATE"] = _guarded("GUILD_CREATE", self._parse_joined)
        parsers["GUILD_DELETE"] = _guarded("GUILD_DELETE", self._parse_left)
        parse_message = parsers["MESSAGE_CREATE"]

        def parse_relevant(data: Any) -> None:
            # Most messages in a server aren't for us, and building each would take far more time than this.
            if not data.get("guild_id") or any(user.get("id") == self._user_id for user in data.get("mentions") or ()):
                parse_message(data)

        parsers["MESSAGE_CREATE"] = parse_relevant

    def _parse_joined(self, data: Any) -> None:
        self.dispatch("server_joined", str(data["id"]), str(data.get("system_channel_id") or ""))

    def _parse_left(self, data: Any) -> None:
        if not data.get("unavailable"):  # else it's an outage
            self.dispatch("server_left", str(data["id"]))

    async def on_ready(self) -> None:
        """Look which servers have removed the bot while it wasn't connected."""
        if self.membership is not None:
            await self.membership.compare()

    async def on_server_joined(self, server: str, system_channel: str) -> None:
        """Pass on that the bot is in a server, by its id. Discord says so for each of them after every start."""
        if self.membership is not None:
            await self.membership.joined(server, system_channel)

    async def on_server_left(self, server: str) -> None:
        """Pass on that the bot was removed from a server, by its id."""
        if self.membership is not None:
            await self.membership.left(server)

    @property
    def _user_id(self) -> str:
        return str(self.user.id) if self.user else ""

    async def on_message(self, message: discord.Message) -> None:
        """Pass on a message; whether it gets an answer is decided there."""
        await self._hear(message)

    async def setup_hook(self) -> None:
        """Register the commands on login, and learn their ids."""
        try:
            with translated_errors():
                registered = await self.registered_commands()
                if self.registers_commands and not _are_same(registered, self._declared_commands):
                    log.info("the commands have changed, so they've been registered again")
                    # Only if they differ, because 200 creations a day are the limit.
                    registered = await self.http.bulk_upsert_global_commands(
                        self.application_id or 0, list(self._declared_commands)
                    )
        except SendError as error:
            log.warning("the commands couldn't be registered, so the previous ones stay: %s %s", error.code, error)
            return
        self.command_mentions = slash_commands.mentions(registered)

    async def registered_commands(self) -> list[Any]:
        """Read the commands Discord has, with their translations."""
        path = "/applications/{application_id}/commands"
        route = discord.http.Route("GET", path, application_id=self.application_id or 0)
        commands: list[Any] = await self.http.request(route, params={"with_localizations": "true"})
        return commands

    async def launch_shards(self) -> None:
        """Connect the shards, to the gateway the API names."""
        if self.shard_count is not None:
            # With a fixed number of shards discord.py wouldn't ask, and use its built-in address.
            _, address, limits = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
            self.max_concurrency = max(1, limits["max_concurrency"])
        await super().launch_shards()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn."""
        if self.identify_turns is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await self.identify_turns.wait(str(self.application_id), shard_id or 0, self.max_concurrency)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Connect to the gateway the API names."""
        # On a reconnect discord.py would use its built-in address instead.
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def on_interaction(self, interaction: Interaction[Any]) -> None:
        """Answer an interaction, or complete what someone types."""
        is_typing = interaction.type is discord.InteractionType.autocomplete
        await (self._complete if is_typing else self._answer)(interaction)


def _are_same(registered: Sequence[Any], declared: Sequence[slash_commands.Payload]) -> bool:
    return slash_commands.canonical_forms(registered) == slash_commands.canonical_forms(declared)


def _guarded(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """Log what `parse` raises instead of raising it."""

    def guarded(data: Any) -> None:
        try:
            parse(data)
        except Exception:
            log.exception("skipped an event discord.py doesn't understand: %s", event)

    return guarded
