"""The Discord door: interactions in, answers out.

Discord waits three seconds for an answer or a deferral, and then takes follow-ups for fifteen minutes
(https://docs.discord.com/developers/interactions/receiving-and-responding).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import Interaction

from mentorbot.adapters.discord import files, forms, reply, tree
from mentorbot.adapters.discord.client import Client
from mentorbot.adapters.discord.errors import TOO_LATE, translated_errors
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.adapters.discord.render import key_and_line
from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.uploads import refusal_card
from mentorbot.chat.cards import Answer, Card, Choice, Paragraph, rich
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import BadSettings, BadValue, SendError
from mentorbot.settings import Settings

log = logging.getLogger(__name__)
DEFER_SECONDS = 2.0
"""How long an answer may take before we ask for more time; the rest of Discord's three seconds is the way."""
READY_SECONDS = 30.0
CLOSE_SECONDS = 10.0
REFUSED = (
    "Discord refuses DISCORD_TOKEN. Make a new one in the Discord developer portal: your application, Bot, Reset Token; "
    "and copy it without the word Bot before it."
)
_BAD_TOKEN_CLOSE = 4004  # https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
Home = Callable[[str, str], Awaitable[Workspace | None]]
"""Where a person (Discord's id) belongs who writes in a direct message, from the key of the message that they pressed a
button of, or from an empty one; None for nowhere, and then the direct message is a workspace of its own."""
LOST = Card("Sorry", (Paragraph(rich("I cannot reach my notes just now. Try again in a minute.")),), error="database")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an interaction asks for, and the key of the message that it came from."""

    line: str
    options: Mapping[str, str]
    key: str = ""


class DiscordAdapter:
    """Discord, open for one application. In direct messages people are at home in the workspace that `home` gives."""

    def __init__(self, settings: Settings, dispatcher: Dispatcher, *, home: Home | None = None) -> None:
        self._settings, self._dispatcher, self._home = settings, dispatcher, home
        self._client = Client(self.answer)
        self.platform = DiscordPlatform(self._client)
        self._in_flight = InFlight()
        self._connection: asyncio.Task[None] | None = None
        pack = dispatcher.library.default
        self._client.tree.add_command(tree.build(dispatcher.registry, pack, self.answer, self.suggest))

    async def start(self, *, listen: bool = True) -> None:
        """Log in; and to `listen`, register the commands if they have changed and connect to the gateway.

        Raises:
            BadSettings: Discord does not know the token, or cannot be reached.
        """
        # discord.py keeps the address of the API in its class; there is no other way to change it.
        discord.http.Route.BASE = self._settings.discord_base
        self._client.registers = listen
        try:
            with translated_errors():
                await self._client.login(self._settings.discord_token.get_secret_value())
                if listen:
                    await self._connect()
        except discord.LoginFailure:
            await self._close()
            raise BadSettings(REFUSED) from None
        except SendError as fault:
            await self._close()
            where = f"Discord cannot be reached at {self._settings.discord_base} ({fault.code}: {fault})"
            raise BadSettings(f"{where}. Check DISCORD_API_URL and the network.") from None
        except (TypeError, KeyError, ValueError):
            await self._close()
            log.debug("what answers there is not Discord", exc_info=True)
            raise BadSettings(
                f"{self._settings.discord_base} does not answer as Discord does. Check DISCORD_API_URL."
            ) from None

    async def _connect(self) -> None:
        """Connect, and wait until Discord says that we are; a gateway that is slow is waited for in the background."""
        self._connection = asyncio.create_task(self._client.connect(), name="discord gateway")
        ready = asyncio.create_task(self._client.wait_until_ready())
        await asyncio.wait({self._connection, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=READY_SECONDS)
        if self._connection.done():
            ready.cancel()
            _raise_closed(self._connection)
        if not ready.done():
            ready.cancel()
            log.warning("Discord's gateway does not answer yet; trying on")
        self._connection.add_done_callback(_log_closed)

    async def stop(self) -> None:
        """Let answers in flight finish (ten seconds at most), and disconnect."""
        await self._in_flight.drained()
        await self._close()

    async def _close(self) -> None:
        if self._connection is not None:
            self._connection.remove_done_callback(_log_closed)
        try:
            await asyncio.wait_for(self._client.close(), CLOSE_SECONDS)
        except TimeoutError:
            log.warning("Discord did not say goodbye")
        if self._connection is not None:
            self._connection.cancel()
            await asyncio.gather(self._connection, return_exceptions=True)

    async def answer(self, interaction: Interaction[Any]) -> None:
        """Answer a slash command, a button or a modal; whatever goes wrong is logged and harms nobody else."""
        asked = _asked(interaction)
        if asked is None:
            return
        with self._in_flight:
            thread = isinstance(interaction.channel, discord.Thread)
            self.platform.note(str(interaction.channel_id or 0), interaction.app_permissions, thread=thread)
            task = asyncio.create_task(self._answer(interaction, asked))
            try:
                await asyncio.wait({task}, timeout=DEFER_SECONDS)
                with translated_errors():
                    if not task.done():
                        await reply.defer(interaction)
                    await reply.send(interaction, await task, asked.key)
            except SendError as fault:
                much = logging.INFO if fault.code in TOO_LATE else logging.ERROR
                log.log(much, "interaction %s could not be answered: %s %s", interaction.id, fault.code, fault)
            finally:
                await task  # what was begun is finished, even when nobody is there to be told

    async def _answer(self, interaction: Interaction[Any], asked: Asked) -> Answer:
        """What the person is told. Like the dispatcher's own answer, it never raises."""
        try:
            caller = _caller(interaction, await self._workspace(interaction, asked.key))
        except Exception:
            # Anywhere else it would be written into some other workspace.
            log.exception("where a person belongs is not known")
            return LOST
        request = CommandRequest(caller, asked.line, asked.options, key=str(interaction.id))
        given = files.attached(interaction.data or {})
        try:
            texts = {name: await files.text_of(self._client, name, file) for name, file in given.items()}
        except BadValue as error:
            return refusal_card(error, request)
        return await self._dispatcher.answer(replace(request, options={**asked.options, **texts}), self.platform)

    async def _workspace(self, interaction: Interaction[Any], key: str) -> Workspace:
        if interaction.guild_id is not None:
            return Workspace("discord", str(interaction.guild_id))
        person = str(interaction.user.id)
        found = await self._home(person, key) if self._home else None
        return found or Workspace("discord", f"dm-{person}")

    async def suggest(self, interaction: Interaction[Any], line: str, option: str, typed: str) -> list[Choice]:
        """What to offer while an option is typed."""
        caller = _caller(interaction, await self._workspace(interaction, ""))
        return list(await self._dispatcher.suggest(CommandRequest(caller, line), option, typed))


def _raise_closed(connection: asyncio.Task[None]) -> None:
    """Say why the gateway was left before we were ready."""
    error = connection.exception()
    if isinstance(error, discord.ConnectionClosed) and error.code == _BAD_TOKEN_CLOSE:
        raise discord.LoginFailure(REFUSED)
    if error is not None:
        raise error
    raise discord.GatewayNotFound


def _log_closed(connection: asyncio.Task[None]) -> None:
    error = None if connection.cancelled() else connection.exception()
    bad_token = isinstance(error, discord.ConnectionClosed) and error.code == _BAD_TOKEN_CLOSE
    log.critical(
        "Discord's gateway is closed for good, nothing is answered there any more. %s", REFUSED * bad_token or error
    )


def _asked(interaction: Interaction[Any]) -> Asked | None:
    """What is asked for; None when it is none of ours."""
    data: Mapping[str, Any] = interaction.data or {}
    match interaction.type:
        case discord.InteractionType.application_command:
            return Asked(*tree.typed(data))
        case discord.InteractionType.component:
            found = key_and_line(str(data.get("custom_id", "")))
            return Asked(found[1], {}, found[0]) if found else None
        case discord.InteractionType.modal_submit:
            sent = forms.submitted(data)
            return Asked(*sent) if sent else None
        case _:
            return None


def _caller(interaction: Interaction[Any], workspace: Workspace) -> Caller:
    """Who asks, and where. Discord says with each interaction what they may do."""
    user = interaction.user
    direct = interaction.guild_id is None
    name = "" if direct else str(getattr(interaction.channel, "name", None) or "")
    channel = Channel(workspace, str(interaction.channel_id or 0), name, direct)
    may = interaction.permissions
    admin = not direct and (may.manage_guild or may.administrator)

    async def member() -> Member:
        return Member(str(user.id), user.display_name, admin=admin)

    return Caller(channel, str(user.id), user.display_name, member)
