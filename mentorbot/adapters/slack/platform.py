"""Slack as a Messenger: posting and looking up."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.files import Attached, attached, files_of, missing
from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.errors import advice, translated_errors
from mentorbot.adapters.slack.file_notes import announced
from mentorbot.adapters.slack.render import KEY, Message, escape, render
from mentorbot.adapters.slack.text import cut, one_line
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Member, RateLimit, Workspace
from mentorbot.errors import PermanentSendError, SendError, TemporarySendError

log = logging.getLogger(__name__)
MEMBER_SECONDS = 300
MEMBERS_KEPT = 2_000
HISTORY_PAGES = 10


class SlackPlatform:
    """Posts through the Web API.

    The client must not retry by itself: a message whose connection broke may have arrived, and a second try would
    double it. Whoever posts looks with `find_by_key` first.
    """

    platform = "slack"
    dm_open_quota = limits.NEW_CONVERSATIONS

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._members: dict[tuple[Workspace, str], tuple[float, Member]] = {}

    def rate_limits(self, channel: Channel) -> tuple[RateLimit, ...]:
        """One limit for the workspace, one for the channel."""
        team = f"slack/{channel.workspace.id}"
        return (
            RateLimit(team, limits.POSTS_A_SECOND, limits.POSTS_AT_ONCE - limits.SPARE),
            RateLimit(
                f"{team}/{channel.id}", limits.CHANNEL_POSTS_A_SECOND, limits.CHANNEL_POSTS_AT_ONCE - limits.SPARE
            ),
        )

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Post `card`, and its files after it; a long one is several messages, of which the first one's `ts` is given."""
        first, *others = render(announced(card, here=True), key)
        sent = await self._post(channel, first)
        for message in others:
            try:
                await self._post(channel, message)
            except SendError as fault:
                # The first part is there, and its key with it: this must never read as "nothing was sent".
                log.warning("a long message arrived in part: %s", fault)
                raise TemporarySendError("sent_in_part", f"sent in part: {fault}") from fault
        if attached(card):
            await self._attach(channel, card)
        return sent

    async def _attach(self, channel: Channel, card: Card) -> None:
        """The card is there, so nothing that goes wrong with its files may read as "not sent"."""
        why: SendError | None = None
        try:
            lost = await self.upload(channel, card)
        except SendError as fault:
            log.warning("files of a message were not uploaded: %s", fault)
            lost, why = attached(card), fault
        try:
            for message in render(missing(lost, advice(why))) if lost else ():
                await self._post(channel, message)
        except SendError as fault:
            log.warning("nobody was told of missing files: %s", fault)

    async def upload(self, channel: Channel, card: Card, comment: str = "") -> list[Attached]:
        """Upload the files of `card` into `channel`, below `comment`; those that could not be made are given back."""
        files = await files_of(card, limits.FILE_BYTES)
        uploads = [
            {"file": file.data, "filename": file.name, "alt_txt": cut(file.alt, limits.ALT_TEXT) or None}
            for file in files.values()
        ]
        if uploads:
            with translated_errors():
                await self._client.files_upload_v2(
                    file_uploads=uploads, channel=channel.id, initial_comment=escape(one_line(comment)) or None
                )
        return [block for block in attached(card) if block not in files]

    async def _post(self, channel: Channel, message: Message) -> str:
        with translated_errors():
            sent = await self._client.chat_postMessage(
                channel=channel.id, text=message.text, blocks=message.blocks, unfurl_links=False, unfurl_media=False
            )
        return str(sent["ts"])

    async def find_by_key(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Look through the channel's history for our block ids; the key belongs to one message alone.

        Raises:
            TemporaryFault: so much was written since that the end was not reached; then nobody knows.
        """
        cursor = ""
        for _ in range(HISTORY_PAGES):
            with translated_errors():
                page = await self._client.conversations_history(
                    channel=channel.id,
                    oldest=f"{since.timestamp():.6f}",
                    inclusive=True,
                    limit=limits.HISTORY_PAGE,
                    cursor=cursor,
                )
            found = [str(message["ts"]) for message in page["messages"] if _carries(message, key)]
            if found:
                return min(found, key=float)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise TemporarySendError("history_too_long", "history too long: the message may be further back")

    async def open_dm(self, workspace: Workspace, person: str) -> Channel:
        """The person's conversation with the bot."""
        with translated_errors():
            opened = await self._client.conversations_open(users=person)
        return Channel(workspace, str(opened["channel"]["id"]), direct=True)

    async def ensure_can_post(self, channel: Channel) -> None:
        """Raise `PermanentSendError` when the bot is not in the channel, or nobody can write there."""
        if channel.id.startswith(("U", "W")):
            raise PermanentSendError("no_channel", "no_channel: this was not asked in a channel")
        if channel.direct:
            # Slash commands also work between two people, where the bot cannot post.
            with translated_errors():
                await self._client.conversations_history(channel=channel.id, limit=1)
            return
        with translated_errors():
            found = (await self._client.conversations_info(channel=channel.id))["channel"]
        if found.get("is_archived"):
            raise PermanentSendError("is_archived")
        if not found.get("is_member"):
            raise PermanentSendError("not_in_channel")

    async def member(self, workspace: Workspace, person: str) -> Member:
        """A person as Slack knows them; remembered for five minutes."""
        known = self._members.get((workspace, person))
        if known and known[0] > time.monotonic():
            return known[1]
        with translated_errors():
            user = (await self._client.users_info(user=person))["user"]
        if user.get("deleted"):
            raise PermanentSendError("user_disabled")
        name = (user.get("profile") or {}).get("display_name") or user.get("real_name") or user.get("name") or person
        admin = bool(user.get("is_admin") or user.get("is_owner"))
        member = Member(person, str(name), _zone(user.get("tz")), admin)
        self._remember(workspace, member)
        return member

    def _remember(self, workspace: Workspace, member: Member) -> None:
        if len(self._members) >= MEMBERS_KEPT:
            self._members.clear()
        self._members[(workspace, member.id)] = (time.monotonic() + MEMBER_SECONDS, member)


def _carries(message: dict[str, object], key: str) -> bool:
    blocks = message.get("blocks")
    ids = [str(block.get("block_id", "")) for block in blocks] if isinstance(blocks, list) else []
    return any(block_id.startswith(f"{KEY}{key}:") for block_id in ids)


def _zone(name: object) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(name)) if name else None
    except (KeyError, ValueError, OSError):
        return None
