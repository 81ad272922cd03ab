"""Slack as a `ChatPlatform`: posting messages, and looking up messages, channels and people."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.drafts import Drafts
from mentorbot.adapters.files import AttachedBlock, attached_blocks, build_files, missing_files_card
from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.clients import Clients, OneWorkspace
from mentorbot.adapters.slack.errors import translated_errors, upload_advice
from mentorbot.adapters.slack.file_notes import with_file_notes
from mentorbot.adapters.slack.members import Members
from mentorbot.adapters.slack.render import KEY, Message, escape, fits_button, render
from mentorbot.adapters.slack.splitting import one_line, truncate
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, RateLimit, Workspace
from mentorbot.errors import PermanentSendError, SendError, TemporarySendError, WorkspaceRevoked

log = logging.getLogger(__name__)
MAX_CACHED = 10_000
"""Channels' names and direct messages kept in memory; the one looked up first goes first."""
MAX_HISTORY_PAGES = 10
"""About 10,000 messages; a search that hasn't reached the end by then gives up."""


class SlackPlatform:
    """Access to Slack's Web API.

    The client must not retry on its own: if the connection broke, the message may have arrived, and a second attempt would
    duplicate it. Callers check with `find_by_key` before they post again.
    """

    platform = "slack"
    dm_open_quota = limits.DM_OPEN_QUOTA

    def __init__(self, clients: Clients | AsyncWebClient, drafts: Drafts | None = None) -> None:
        # A client on its own is that of a bot with one token.
        self._clients = OneWorkspace(clients) if isinstance(clients, AsyncWebClient) else clients
        self._drafts = drafts
        self._dms: dict[tuple[Workspace, str], str] = {}
        self._channel_names: dict[tuple[Workspace, str], str] = {}
        self.members = Members(self._clients)

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:
        """Return one limit for the workspace and one for the channel."""
        team = f"slack/{channel.workspace.id}"
        return (
            RateLimit(team, limits.POSTS_PER_SECOND, limits.POST_BURST - limits.BURST_RESERVE),
            RateLimit(
                f"{team}/{channel.id}",
                limits.CHANNEL_POSTS_PER_SECOND,
                limits.CHANNEL_POST_BURST - limits.BURST_RESERVE,
            ),
        )

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Post `card`, then its files. A long card takes several messages; return the `ts` of the first one."""
        if self._drafts is not None:
            card = await self._drafts.shortened_card(card, channel.workspace, fits_button)
        first, *others = render(with_file_notes(card, files_below=True), key)
        timestamp = await self._post(channel, first)
        for message in others:
            try:
                await self._post(channel, message)
            except SendError as error:
                # The first message and its key are in the channel, so this must never look like "nothing was sent".
                log.warning("a long message arrived in part: %s", error)
                raise TemporarySendError("sent_in_part", f"sent in part: {error}") from error
        if attached_blocks(card):
            await self._upload_files(channel, card)
        return timestamp

    async def _upload_files(self, channel: Channel, card: Card) -> None:
        """Upload the files of a posted card. The card has arrived, so a failure here must never look like "not sent"."""
        advice = ""
        try:
            missing = await self.upload(channel, card)
        except SendError as error:
            log.warning("a message's files weren't uploaded: %s", error)
            missing, advice = attached_blocks(card), upload_advice(error)
        try:
            for message in render(missing_files_card(missing, advice)) if missing else ():
                await self._post(channel, message)
        except SendError as error:
            log.warning("couldn't tell anyone about missing files: %s", error)

    async def upload(self, channel: Channel, card: Card, comment: str = "") -> list[AttachedBlock]:
        """Upload the files of `card` to `channel` below `comment`, and return the blocks whose files couldn't be made."""
        files = await build_files(card, limits.FILE_BYTES)
        # A picture's description may be longer than Slack allows, and then Slack would refuse the whole upload.
        uploads = [
            {"file": file.data, "filename": file.name, "alt_txt": truncate(file.alt, limits.ALT_TEXT) or None}
            for file in files.values()
        ]
        if uploads:
            client = await self._clients.of(channel.workspace)
            with translated_errors():
                await client.files_upload_v2(
                    file_uploads=uploads, channel=channel.id, initial_comment=escape(one_line(comment)) or None
                )
        return [block for block in attached_blocks(card) if block not in files]

    async def _post(self, channel: Channel, message: Message) -> str:
        client = await self._clients.of(channel.workspace)
        with translated_errors():
            response = await client.chat_postMessage(
                channel=channel.id, text=message.text, blocks=message.blocks, unfurl_links=False, unfurl_media=False
            )
        return str(response["ts"])

    async def update(self, channel: Channel, message_id: str, card: Card, key: str) -> None:
        """Replace a message the bot has posted (its `ts`) by `card`, which fits into one message and keeps its `key`."""
        if self._drafts is not None:
            card = await self._drafts.shortened_card(card, channel.workspace, fits_button)
        message, client = render(card, key)[0], await self._clients.of(channel.workspace)
        with translated_errors():
            await client.chat_update(channel=channel.id, ts=message_id, text=message.text, blocks=message.blocks)

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Search the channel's history for the message whose block ids contain `key`. A key belongs to one message only.

        Raises:
            TemporarySendError: the history since then is too long to read, so the answer is unknown.
        """
        cursor, client = "", await self._clients.of(channel.workspace)
        for _ in range(MAX_HISTORY_PAGES):
            with translated_errors():
                page = await client.conversations_history(
                    channel=channel.id,
                    oldest=f"{since.timestamp():.6f}",
                    inclusive=True,
                    limit=limits.HISTORY_PAGE_SIZE,
                    cursor=cursor,
                )
            timestamps = [str(message["ts"]) for message in page["messages"] if _has_key(message, key)]
            if timestamps:
                return min(timestamps, key=float)  # a long card has several messages, and the first one counts
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise TemporarySendError("history_too_long", "history too long: the message may be further back")

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """Open the person's direct message with the bot, or return the existing one."""
        client = await self._clients.of(workspace)
        with translated_errors():
            opened = await client.conversations_open(users=person)
        return Channel(workspace, str(opened["channel"]["id"]), direct=True)

    async def own_dm(self, workspace: Workspace, person: str) -> str:
        """Return the id of the person's direct messages with the bot, "" if Slack doesn't say. It's cached."""
        if (workspace, person) not in self._dms:
            try:
                self._dms[workspace, person] = (await self.open_dm(workspace, person)).id
            except SendError as error:
                log.warning("a direct message wasn't opened: %s", error)
                return ""
            _drop_oldest(self._dms)
        return self._dms[workspace, person]

    async def display_name(self, workspace: Workspace, person: str) -> str:
        """Return the person's name as others see it, or their id if Slack doesn't say."""
        try:
            return (await self.member(workspace, person)).name
        except SendError:
            return person

    async def channel_name(self, workspace: Workspace, channel: str) -> str:
        """Return a channel's name, "" if Slack doesn't say. It's cached."""
        if (workspace, channel) not in self._channel_names:
            try:
                client = await self._clients.of(workspace)
                with translated_errors():
                    info = (await client.conversations_info(channel=channel))["channel"]
            except SendError:
                return ""
            self._channel_names[workspace, channel] = "" if info.get("is_mpim") else str(info.get("name") or "")
            _drop_oldest(self._channel_names)
        return self._channel_names[workspace, channel]

    async def ensure_can_post(self, channel: Channel) -> Channel:
        """Return the channel, with its name if Slack says. Raise `PermanentSendError` if it's archived or the bot isn't in it."""
        if channel.id.startswith(("U", "W")):
            raise PermanentSendError("no_channel", "no_channel: this wasn't asked in a channel")
        client = await self._clients.of(channel.workspace)
        if channel.direct:
            # Slash commands also work in a direct message between two people, where the bot can't post. Reading fails there too.
            with translated_errors():
                await client.conversations_history(channel=channel.id, limit=1)
            return channel
        with translated_errors():
            info = (await client.conversations_info(channel=channel.id))["channel"]
        if info.get("is_archived"):
            raise PermanentSendError("is_archived")
        if not info.get("is_member"):
            raise PermanentSendError("not_in_channel")
        return replace(channel, name=str(info.get("name") or channel.name))

    async def is_installed(self, workspace: Workspace) -> bool:
        """Ask Slack whose token ours is, if anyone's. A token of a different workspace gives no access to this one."""
        try:
            client = await self._clients.of(workspace)
            with translated_errors():
                identity = await client.auth_test()
        except WorkspaceRevoked:
            return False
        return workspace.id in (identity.get("team_id"), identity.get("enterprise_id"))

    async def member(self, workspace: Workspace, person: str) -> Member:
        """Look up a person; the result may be a few minutes old."""
        return await self.members.get(workspace, person)


def _drop_oldest(cache: dict[tuple[Workspace, str], Any]) -> None:
    if len(cache) > MAX_CACHED:
        del cache[next(iter(cache))]


def _has_key(message: dict[str, object], key: str) -> bool:
    blocks = message.get("blocks")
    ids = [str(block.get("block_id", "")) for block in blocks] if isinstance(blocks, list) else []
    return any(block_id.startswith(f"{KEY}{key}:") for block_id in ids)
