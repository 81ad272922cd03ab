"""The Discord adapter: receives interactions and answers them.

Discord waits 3 seconds for an answer or a deferral, then accepts follow-ups for 15 minutes
(https://docs.discord.com/developers/interactions/receiving-and-responding).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import discord
from discord import Interaction

from mentorbot import logs, metrics
from mentorbot.adapters.discord import files, forms, reply, slash_commands
from mentorbot.adapters.discord.client import Client
from mentorbot.adapters.discord.errors import ALREADY_ANSWERED, UNANSWERABLE_CODES, translated_errors
from mentorbot.adapters.discord.membership import Membership
from mentorbot.adapters.discord.messages import MessageReply, guild_of, spoken_caller, spoken_text
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.adapters.discord.render import count_pages, parse_custom_id, parse_page
from mentorbot.adapters.discord.servers import CHOICE, Servers, chosen_card
from mentorbot.adapters.discord.shards import IdentifyTurns, Twins
from mentorbot.adapters.drafts import Drafts, form_of, refilled, with_try_again
from mentorbot.adapters.files import attached_blocks
from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.uploads import refusal_card
from mentorbot.chat.cards import Answer, Card, Form, Paragraph, rich
from mentorbot.chat.platform import PERSONAL_PREFIX, Channel, Member, Workspace
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import BadSettings, BadValue, DatabaseProblem, OperatorError, PersonError, PlatformDown, SendError
from mentorbot.settings import Settings
from mentorbot.storage import Store
from mentorbot.tasks import join
from mentorbot.views.errors import with_code
from mentorbot.views.start import channel_welcome_card

log = logging.getLogger(__name__)
DEFER_SECONDS = 2.0
"""Time an answer may take before we ask for more; the rest of Discord's three seconds goes to the network."""
TYPING_SECONDS = 9.0
"""Time until a bot that's still answering a message shows so again."""
LATE = timedelta(seconds=2)
"""An interaction older than this may expire before it's answered, so it's acknowledged before anything is done."""
READY_SECONDS = 30.0
"""Time the gateway may take to get ready before startup goes on without it."""
CLOSE_SECONDS = 10.0
"""Time the client may take to disconnect before we drop the connection."""
LOGIN_REFUSED = (
    "Discord refuses DISCORD_TOKEN. Make a new one in the Discord developer portal: your application, Bot, Reset Token; "
    "and copy it without the word Bot before it."
)
_AUTHENTICATION_FAILED = 4004
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
_CLOSED_BY_SETTINGS = {
    _AUTHENTICATION_FAILED: LOGIN_REFUSED,
    4012: "Discord no longer speaks this version of its gateway. Upgrade mentorbot.",
    4013: "Discord doesn't know the intents mentorbot asks for. Upgrade mentorbot.",
    4014: "Discord doesn't grant the intents mentorbot asks for. Check them in the developer portal: your application, Bot.",
}
_SHARDING_REQUIRED = 4011
HomeResolver = Callable[[str, str], Awaitable[Workspace | None]]
"""Finds the workspace someone belongs to when they write in a DM.

Takes Discord's user id and the key of the message they pressed a button on (empty for a typed command). With None, the DM
becomes a workspace of its own.
"""
SERVER_KEY = "s"
"""Beginning of a key that names a server by its id. Keys of posted messages begin differently."""
DATABASE_UNREACHABLE = Card(
    "I can't reach my notes right now",
    (Paragraph(rich("Nothing changed. Try again in a minute.")),),
    error="database",
)


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command line with its options, and the key of the message it came from. `draft` names the form that was filled in."""

    line: str
    options: Mapping[str, str]
    key: str = ""
    draft: str = ""


class Result(NamedTuple):
    """An answer, the key its buttons carry, and (for a form, or a card with pages) the draft it was saved as."""

    answer: Answer
    key: str
    draft: str = ""
    page: int = 0


class DiscordAdapter:
    """One Discord application, connected. `home` finds the workspace of someone who uses a button or a command in a DM."""

    def __init__(
        self, settings: Settings, dispatcher: Dispatcher, store: Store, *, home: HomeResolver | None = None
    ) -> None:
        async def home_in_store(person: str, key: str) -> Workspace | None:
            return await store.maintenance.home("discord", person, key)

        self._settings, self._dispatcher, self._home = settings, dispatcher, home or home_in_store
        commands = slash_commands.payload(dispatcher.registry)
        shards = settings.discord_shard_range
        self._client = Client(self.answer, self.hear, self.complete, commands, shards)
        self._client.identify_turns = IdentifyTurns(store, dispatcher.clock) if shards else None
        self._twins = Twins()
        self._drafts, self._servers = Drafts(dispatcher, store), Servers(self._client, store)
        self._client.membership = Membership(self._client, store, dispatcher.clock, self._welcome)
        self.platform = DiscordPlatform(self._client, self._drafts)
        self._in_flight = InFlight()
        self._connection: asyncio.Task[None] | None = None

    async def start(self, *, listen: bool = True) -> None:
        """Log in; with `listen`, also register changed commands and connect to the gateway.

        Raises:
            BadSettings: Discord refuses the token.
            PlatformDown: Discord can't be reached.
        """
        # discord.py keeps the API's address in a class attribute; there's no other way to change it.
        discord.http.Route.BASE = self._settings.discord_base
        self._client.registers_commands = listen
        try:
            await self._log_in(listen=listen)
        except BaseException:
            await self._close()
            raise

    async def _log_in(self, *, listen: bool) -> None:
        try:
            with translated_errors():
                await self._client.login(self._settings.discord_token.get_secret_value())
                if listen:
                    await self._connect()
        except discord.LoginFailure:
            raise BadSettings(LOGIN_REFUSED) from None
        except SendError as error:
            where = f"Can't reach Discord at {self._settings.discord_base} ({error.code}: {error})"
            raise PlatformDown(f"{where}. Check DISCORD_API_URL and the network.") from None
        except (TypeError, KeyError, ValueError):
            # discord.py stumbles over an answer that doesn't have the shape of Discord's.
            log.debug("what answers there isn't Discord", exc_info=True)
            raise PlatformDown(
                f"{self._settings.discord_base} doesn't answer like Discord. Check DISCORD_API_URL."
            ) from None

    async def _connect(self) -> None:
        """Connect and wait until Discord says we're ready; a slow gateway goes on connecting in the background."""
        self._connection = asyncio.create_task(self._client.connect(), name="discord gateway")
        ready = asyncio.create_task(self._client.wait_until_ready(), name="discord gateway ready")
        try:
            await asyncio.wait({self._connection, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=READY_SECONDS)
            if self._connection.done():
                _raise_close_reason(self._connection)
            if not ready.done():
                log.warning("Discord's gateway hasn't answered yet; still trying")
        finally:
            ready.cancel()
        self._connection.add_done_callback(_log_close_reason)

    async def trouble(self) -> str:
        """Say what's wrong with the gateway; "" if it works, or if there's none. discord.py drops one that misses heartbeats."""
        if self._connection is None:
            return ""
        if self._connection.done():
            return "the gateway is closed for good"
        shards = self._client.shards.values()
        if not self._client.is_ready() or any(shard.is_closed() for shard in shards):
            return "the gateway isn't connected"
        return ""

    async def lost(self) -> OperatorError:
        """Wait until Discord closes the gateway for good, and return the reason. Without a gateway that's never."""
        if self._connection is None:
            never: asyncio.Future[OperatorError] = asyncio.get_running_loop().create_future()
            return await never
        await asyncio.wait({self._connection})
        return close_reason(self._connection)

    async def stop(self) -> None:
        """Let answers in flight finish (ten seconds at most), then disconnect."""
        await self._in_flight.drained()
        await self._close()

    async def _close(self) -> None:
        if self._connection is not None:
            # This close is ours, so it isn't worth a critical log line.
            self._connection.remove_done_callback(_log_close_reason)
        try:
            await asyncio.wait_for(self._client.close(), CLOSE_SECONDS)
        except TimeoutError:
            log.warning("Discord didn't close its connection in time")
        if self._connection is not None:
            await _cancel(self._connection)

    async def answer(self, interaction: Interaction[Any]) -> None:
        """Answer a slash command, a button or a modal; an error is logged and affects nobody else."""
        invocation = _parse_interaction(interaction)
        if invocation is None:
            return
        repeated = self._twins.is_repeated(str(interaction.id))
        with self._in_flight:
            if self._client.server_time.age(interaction.created_at) >= LATE and not await _is_open(interaction):
                return
            thread = isinstance(interaction.channel, discord.Thread)
            permissions = interaction.app_permissions
            self.platform.record_permissions(str(interaction.channel_id or 0), permissions, thread=thread)
            task = asyncio.create_task(
                self._answer(interaction, invocation), name=f"discord interaction {interaction.id}"
            )
            try:
                await self._deliver(interaction, task)
            except SendError as error:
                level = logging.INFO if error.code in UNANSWERABLE_CODES else logging.ERROR
                log.log(level, "interaction %s couldn't be answered: %s %s", interaction.id, error.code, error)
                if error.code == ALREADY_ANSWERED and not repeated:
                    self._twins.report()
            finally:
                # The command's changes are finished even when the answer can't be delivered.
                await asyncio.wait({task})

    async def _deliver(self, interaction: Interaction[Any], task: asyncio.Task[Result]) -> None:
        """Send the answer that `task` computes; if it takes long, ask Discord for more time first."""
        with ExitStack() as until_acknowledged, translated_errors():
            until_acknowledged.enter_context(metrics.acknowledging("discord"))
            # Discord's seconds began when it sent the interaction, not when it got here.
            age = self._client.server_time.age(interaction.created_at).total_seconds()
            await asyncio.wait({task}, timeout=max(0.0, DEFER_SECONDS - max(0.0, age)))
            if not task.done():
                await reply.defer(interaction)
                until_acknowledged.close()
                # Unlike `await task`, this can't mistake a cancelled answer for our own cancellation.
                await asyncio.wait({task})
            if not task.cancelled():
                await reply.send(interaction, *task.result())

    async def _answer(self, interaction: Interaction[Any], invocation: Invocation) -> Result:
        """Run the command. Like the dispatcher's own `answer`, it never raises."""
        try:
            if invocation.line.startswith(CHOICE):
                return await self._choose_server(interaction, invocation.line.removeprefix(CHOICE))
            caller = _caller_of(interaction, await self._workspace(interaction, invocation.key), self.platform)
        except Exception:
            # Guessing a workspace could write this person's data into someone else's.
            log.exception("couldn't find out which servers a person is in")
            return Result(with_code(DATABASE_UNREACHABLE, logs.request_code()), invocation.key)
        key = invocation.key or _key_of(caller)
        if turned := parse_page(invocation.line):
            page, kept = turned
            card = await self._drafts.card(caller.channel.workspace, kept)
            return Result(card.in_place(), key, kept, page)
        answer = await self._run(interaction, invocation, caller, key)
        if isinstance(answer, Form):
            kept = await self._drafts.save(caller.channel.workspace, caller.user_id, answer.line, answer)
            return Result(answer, key, kept)
        card = await self._keep_form(invocation, caller, answer)
        return Result(card, key, await self._keep_pages(caller, card))

    async def _keep_pages(self, caller: Caller, card: Card) -> str:
        """Save a card that takes several messages, so its pages can be turned; "" if it takes one, or has files."""
        if attached_blocks(card) or count_pages(card) < 2:
            return ""
        return await self._drafts.save_card(caller.channel.workspace, caller.user_id, card)

    async def _keep_form(self, invocation: Invocation, caller: Caller, card: Card) -> Card:
        """Offer to open a form with an error again, with everything kept. Discord can't keep a form open."""
        if not card.error or not invocation.draft:
            return card
        workspace = caller.channel.workspace
        draft = await self._drafts.get(workspace, invocation.draft)
        form = form_of(draft) if draft else None
        if form is None:
            return card
        again = refilled(form, dict(invocation.options))
        return with_try_again(card, await self._drafts.save(workspace, caller.user_id, form.line, again))

    async def _choose_server(self, interaction: Interaction[Any], choice: str) -> Result:
        """Remember which server a person's direct messages are about, and answer the message that led to the question."""
        person = str(interaction.user.id)
        server = await self._servers.choose(person, choice)
        if server is None:
            return Result(await self._servers.question(person), "")
        key, text = f"{SERVER_KEY}{server.id}", await self._referenced_text(interaction)
        if not text:
            return Result(chosen_card(server), key)
        caller = _caller_of(interaction, server.workspace, self.platform)
        request = CommandRequest(caller, text, key=str(interaction.id), forms=False, spoken=True)
        answer = await self._drafts.answer(request, self.platform, partial(forms.fits_button, key=key))
        card = answer if isinstance(answer, Card) else forms.fallback_card(answer, key)
        card = (await self._servers.named(card, person, server)).in_place()
        return Result(card, key, await self._keep_pages(caller, card))

    async def _referenced_text(self, interaction: Interaction[Any]) -> str:
        """Read the message that the question about the server replies to; "" if it's gone."""
        reference = interaction.message.reference if interaction.message else None
        if reference is None or reference.message_id is None or self._client.user is None:
            return ""
        channel = self.platform.messageable(_caller_of(interaction, Workspace("discord", ""), self.platform).channel)
        try:
            with translated_errors():
                return spoken_text(await channel.fetch_message(reference.message_id), self._client.user.id)
        except SendError:
            return ""

    async def _run(self, interaction: Interaction[Any], invocation: Invocation, caller: Caller, key: str) -> Answer:
        pressed = interaction.type is discord.InteractionType.component
        request = CommandRequest(
            caller, invocation.line, options=invocation.options, key=str(interaction.id), pressed=pressed
        )
        attachments = files.attachments_by_option(interaction.data or {})
        try:
            texts = {
                name: await files.attachment_text(self._client, name, attachment)
                for name, attachment in attachments.items()
            }
        except BadValue as error:
            return refusal_card(error, request)
        request = replace(request, options={**invocation.options, **texts})
        return await self._drafts.answer(request, self.platform, partial(forms.fits_button, key=key))

    async def _welcome(self, workspace: Workspace, system_channel: str) -> None:
        """Say hello in the system channel of a server that has just invited the bot. Nothing's lost where that isn't allowed."""
        card = channel_welcome_card(self._dispatcher.library.default)
        try:
            await self.platform.post(Channel(workspace, system_channel), card, "welcome")
        except SendError as error:
            log.info("couldn't post the welcome in discord/%s: %s", workspace.id, error.code)

    async def hear(self, message: discord.Message) -> None:
        """Answer a direct message, or one that mentions the bot; an error is logged and affects nobody else."""
        text = spoken_text(message, self._client.user.id if self._client.user else 0)
        if not text:
            return
        with self._in_flight:
            try:
                await self._answer_message(message, text)
            except SendError as error:
                log.warning("a message couldn't be answered: %s %s", error.code, error)

    async def _answer_message(self, message: discord.Message, text: str) -> None:
        person, guild = str(message.author.id), guild_of(message)
        own = Workspace("discord", guild or f"{PERSONAL_PREFIX}{person}")
        channel = Channel(own, str(message.channel.id), direct=not guild)
        if not await self._drafts.answers_mentions(channel, self.platform.parent_of):
            return
        repeated = self._twins.is_repeated(str(message.id))
        if not await self._drafts.is_first_delivery(own, str(message.id)):
            if not repeated:
                self._twins.report()
            return
        try:
            server = None if guild else await self._servers.chosen(person)
            undecided = not guild and server is None and bool(await self._servers.of(person))
        except DatabaseProblem:
            log.exception("couldn't find out which server a person means")
            await MessageReply(message, spoken_caller(message, own, self.platform), self.platform).send(
                with_code(DATABASE_UNREACHABLE, logs.request_code()), ""
            )
            return
        caller = spoken_caller(message, server.workspace if server else own, self.platform)
        answering = MessageReply(message, caller, self.platform)
        if undecided:
            await answering.send(await self._servers.question(person), "")
            return
        key = _key_of(caller, anywhere=True)
        request = CommandRequest(caller, text, key=str(message.id), forms=False, spoken=True)
        answering_it = self._drafts.answer(request, self.platform, partial(forms.fits_button, key=key))
        answer = await _typing_meanwhile(message, asyncio.create_task(answering_it, name="discord answer"))
        card = answer if isinstance(answer, Card) else forms.fallback_card(answer, key)
        card = await self._servers.named(card, person, server) if server else card
        await answering.send(card, key, await self._keep_pages(caller, card))

    async def _workspace(self, interaction: Interaction[Any], key: str) -> Workspace:
        if interaction.guild_id is not None and not reply.is_outside(interaction):
            return Workspace("discord", str(interaction.guild_id))
        if key.startswith(SERVER_KEY) and key.removeprefix(SERVER_KEY).isdecimal():
            return Workspace("discord", key.removeprefix(SERVER_KEY))
        person = str(interaction.user.id)
        home = await self._home(person, key)
        return home or Workspace("discord", f"{PERSONAL_PREFIX}{person}")

    async def complete(self, interaction: Interaction[Any]) -> None:
        """Suggest values while someone types an option. Without any in time, Discord shows none, and they type on."""
        typed = slash_commands.parse(interaction.data or {})
        try:
            caller = _caller_of(interaction, await self._workspace(interaction, ""), self.platform)
            request = CommandRequest(caller, typed.line, options=typed.options)
            choices = await self._dispatcher.suggest(request, typed.focused, typed.options.get(typed.focused, ""))
            with translated_errors():
                await reply.suggest(interaction, choices, counts=typed.counts)
        except (PersonError, DatabaseProblem, SendError) as error:
            level = logging.DEBUG if getattr(error, "code", "") in UNANSWERABLE_CODES else logging.WARNING
            log.log(level, "couldn't suggest anything for “%s”: %s", typed.line, error)


async def _is_open(interaction: Interaction[Any]) -> bool:
    """Acknowledge an interaction that came late; False if that's no longer possible, so the person has been told it failed.

    They'll try again, and what they asked for must not be done twice.
    """
    try:
        with translated_errors():
            await reply.defer(interaction)
    except SendError as error:
        log.info("interaction %s came too late, so it was skipped: %s %s", interaction.id, error.code, error)
        return False
    return True


async def _cancel(task: asyncio.Task[None]) -> None:
    """Cancel `task` and wait for its end, without mistaking its cancellation for ours."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # otherwise asyncio would complain that nobody looked at it


def _raise_close_reason(connection: asyncio.Task[None]) -> None:
    """Raise the error that closed the gateway before we were ready."""
    error = connection.exception()
    if isinstance(error, discord.ConnectionClosed) and error.code == _AUTHENTICATION_FAILED:
        raise discord.LoginFailure(LOGIN_REFUSED)
    if error is not None:
        raise error
    raise discord.GatewayNotFound


def close_reason(connection: asyncio.Task[None]) -> OperatorError:
    """Say why the gateway was closed for good, and what helps."""
    error = None if connection.cancelled() else connection.exception()
    code = error.code if isinstance(error, discord.ConnectionClosed) else 0
    if isinstance(error, discord.PrivilegedIntentsRequired):
        code = 4014
    if code in _CLOSED_BY_SETTINGS:
        return BadSettings(_CLOSED_BY_SETTINGS[code])
    if code == _SHARDING_REQUIRED:
        return PlatformDown("Discord wants this bot to use more shards. Restart mentorbot, and it will.")
    return PlatformDown(f"Discord has closed the gateway for good: {error or 'no reason given'}. Restart mentorbot.")


def _log_close_reason(connection: asyncio.Task[None]) -> None:
    log.critical("Discord's gateway is closed for good, so nothing is answered there. %s", close_reason(connection))


def _parse_interaction(interaction: Interaction[Any]) -> Invocation | None:
    """Read the invocation; None when it isn't for us."""
    data: Mapping[str, Any] = interaction.data or {}
    match interaction.type:
        case discord.InteractionType.application_command:
            typed = slash_commands.parse(data, str(interaction.guild_id or ""))
            return Invocation(typed.line, typed.options)
        case discord.InteractionType.component:
            control = parse_custom_id(str(data.get("custom_id", "")))
            return Invocation(control.line, {}, control.key) if control else None
        case discord.InteractionType.modal_submit:
            submission = forms.parse_submission(data)
            return Invocation(*submission) if submission else None
        case _:
            return None


def _key_of(caller: Caller, *, anywhere: bool = False) -> str:
    """Make the key that ties buttons in direct messages to a server; "" where they need none."""
    workspace = caller.channel.workspace
    return f"{SERVER_KEY}{workspace.id}" if workspace.id.isdecimal() and (caller.channel.direct or anywhere) else ""


def _caller_of(interaction: Interaction[Any], workspace: Workspace, platform: DiscordPlatform) -> Caller:
    """The person and channel of an interaction. Discord sends their permissions along; in direct messages we ask for them."""
    user = interaction.user
    # A server without the bot is no workspace, and rights there mean nothing here.
    direct = interaction.guild_id is None or reply.is_outside(interaction)
    name = "" if direct else str(getattr(interaction.channel, "name", None) or "")
    channel = Channel(workspace, str(interaction.channel_id or 0), name, direct)
    permissions = interaction.permissions
    admin = not direct and (permissions.manage_guild or permissions.administrator)

    async def member() -> Member:
        if direct and workspace.id.isdecimal():
            return await platform.member(workspace, str(user.id))
        return Member(str(user.id), user.display_name, admin=admin)

    return Caller(channel, str(user.id), user.display_name, member, interaction.locale.value)


async def _typing_meanwhile(message: discord.Message, task: asyncio.Task[Answer]) -> Answer:
    """Wait for an answer, and show that it's on its way if that takes long.

    Discord shows it for ten seconds: https://docs.discord.com/developers/resources/channel#trigger-typing-indicator
    """
    await asyncio.wait({task}, timeout=DEFER_SECONDS)
    while not task.done():
        try:
            with translated_errors():
                await message.channel.typing()
        except SendError as error:
            log.info("Discord doesn't show that an answer is coming: %s", error.code)
        await asyncio.wait({task}, timeout=TYPING_SECONDS)
    return await join(task)
