"""Messages in plain language: those written to the bot in its direct messages, and those that mention it in a channel.

Only the words count. Edits, messages of bots, and what Slack itself writes into a channel get no answer.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mentorbot.adapters.slack.clients import Clients
from mentorbot.adapters.slack.errors import translated_errors
from mentorbot.adapters.slack.events import to_readable, workspace
from mentorbot.adapters.slack.file_notes import files_follow, with_file_notes
from mentorbot.adapters.slack.files import FileDelivery
from mentorbot.adapters.slack.manifest import AGENT_SCOPE
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.render import Message, has_table, render
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import Caller
from mentorbot.errors import PermanentSendError, RateLimited, SendError, TemporarySendError

log = logging.getLogger(__name__)
_WRITTEN_BY_PEOPLE = {None, "file_share", "thread_broadcast"}
"""Subtypes of messages with words of a person: https://docs.slack.dev/reference/events/message#subtypes."""
_SLACKBOT = "USLACKBOT"
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
ATTEMPTS = 3
MAX_WAIT_SECONDS = 30.0
"""Longest pause before another attempt. Someone who has waited longer has given up."""


@dataclass(frozen=True, slots=True)
class SpokenMessage:
    """A message to the bot. `thread` is the thread to answer in, "" for none."""

    workspace: Workspace
    channel: str
    user: str
    text: str
    timestamp: str
    thread: str
    direct: bool

    @property
    def key(self) -> str:
        """Identify the message. A redelivery, and a second event about the same message, have the same key."""
        return f"{self.channel}:{self.timestamp}"


def parse_message(body: Mapping[str, Any], bot: str) -> SpokenMessage | None:
    """Read a `message` or `app_mention` event; None if it isn't a person's message to the bot (the user id `bot`)."""
    event = body["event"]
    user, text = str(event.get("user") or ""), str(event.get("text") or "")
    direct = event.get("channel_type") == "im" or str(event["channel"]).startswith("D")
    by_person = (
        event.get("subtype") in _WRITTEN_BY_PEOPLE
        and not event.get("bot_id")
        and not event.get("edited")
        and not event.get("hidden")
        and user not in ("", bot, _SLACKBOT)
    )
    if not by_person or not text.strip() or not (direct or event["type"] == "app_mention"):
        return None
    timestamp = str(event["ts"])
    thread = str(event.get("thread_ts") or ("" if direct else timestamp))
    return SpokenMessage(workspace(body), str(event["channel"]), user, text, timestamp, thread, direct)


async def spoken_caller(message: SpokenMessage, platform: SlackPlatform) -> Caller:
    """Build the caller of a message. Slack's event has only ids, so names are looked up."""
    name = await platform.display_name(message.workspace, message.user)
    channel_name = "" if message.direct else await platform.channel_name(message.workspace, message.channel)
    channel = Channel(message.workspace, message.channel, channel_name, message.direct)
    known = platform.members.known(message.workspace, message.user)
    locale = known.locale if known is not None else ""
    return Caller(channel, message.user, name, lambda: platform.member(message.workspace, message.user), locale)


async def spoken_text(message: SpokenMessage, bot: str, platform: SlackPlatform) -> str:
    """Read the message the way its author sees it: the bot's own mention is left out, and other people get their names."""
    text = re.sub(rf"\s*<@{re.escape(bot)}(?:\|[^<>]*)?>[,:]?\s*", " ", message.text) if bot else message.text
    for user in dict.fromkeys(_PERSON.findall(text)):
        name = await platform.display_name(message.workspace, user)
        text = re.sub(rf"<@{user}(?:\|[^<>]*)?>", f"@{name}".replace("\\", r"\\"), text)
    # A mention without words is a greeting.
    return to_readable(text) or "hi"


class MessageReply:
    """The answer to one message: below it in a direct message, otherwise in its thread.

    In a channel, everyone sees an answer that says nothing about a person; only the author sees any other.
    """

    def __init__(
        self,
        message: SpokenMessage,
        caller: Caller,
        clients: Clients,
        platform: SlackPlatform,
        file_delivery: FileDelivery,
    ) -> None:
        self._message, self._caller, self._platform = message, caller, platform
        self._clients, self._file_delivery = clients, file_delivery

    async def send(self, card: Card) -> None:
        """Post `card` and its files. Errors are only logged, since there's no other way to reach the author."""
        try:
            complete = await self._post_card(card)
        except SendError as error:
            log.warning("an answer was lost: %s %s", error.code, error)
            return
        if not complete:
            await self._file_delivery.deliver(card, self._caller, self.send)

    async def show_thinking(self) -> None:
        """Show that an answer is on its way. Slack has a status only in an agent's threads, and clears it with the answer.

        https://docs.slack.dev/reference/methods/assistant.threads.setStatus
        """
        message = self._message
        identity = await self._clients.identity(message.workspace)
        if (
            not (message.direct and message.thread)
            or identity is None
            or AGENT_SCOPE not in (identity.bot_scopes or ())
        ):
            return
        client = await self._clients.of(message.workspace)
        try:
            with translated_errors():
                await client.assistant_threads_setStatus(
                    channel_id=message.channel, thread_ts=message.thread, status="is thinking…"
                )
        except SendError as error:
            log.info("Slack shows no status: %s", error)

    async def _post_card(self, card: Card) -> bool:
        """Post a card; if the channel doesn't take it, in the author's direct messages, and there with its files.

        Returns True if the files were taken care of.
        """
        try:
            await self._post_messages(card, tables=True)
        except PermanentSendError:
            if self._message.direct:
                raise
            dm = await self._platform.open_dm(self._message.workspace, self._message.user)
            await self._platform.post(dm, card, "")
            return True
        return False

    async def _post_messages(self, card: Card, *, tables: bool) -> None:
        """Post every message of a card; as a list, if a server takes no tables."""
        shown = with_file_notes(card, files_below=files_follow(card, self._caller.channel))
        for message in render(shown, tables=tables):
            try:
                await _patiently(partial(self._post, message, card))
            except PermanentSendError as error:
                if error.code != "invalid_blocks" or not has_table(message):
                    raise
                await self._post_messages(card, tables=False)
                return

    async def _post(self, message: Message, card: Card) -> None:
        where: dict[str, Any] = {"channel": self._message.channel, "thread_ts": self._message.thread or None}
        client = await self._clients.of(self._message.workspace)
        with translated_errors():
            if self._message.direct or card.public or card.shareable:
                await client.chat_postMessage(
                    text=message.text, blocks=message.blocks, unfurl_links=False, unfurl_media=False, **where
                )
            else:
                await client.chat_postEphemeral(
                    user=self._message.user, text=message.text, blocks=message.blocks, **where
                )


async def _patiently(attempt: Callable[[], Awaitable[None]]) -> None:
    """Run `attempt` until it works. An answer that's posted twice is better than a lost one."""
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            await attempt()
        except (RateLimited, TemporarySendError) as error:
            wait = error.retry_after if isinstance(error, RateLimited) else 1.0
            if not attempts_left or wait > MAX_WAIT_SECONDS:
                raise
            await asyncio.sleep(wait)
        else:
            return
