"""Slack as a Messenger: posting, looking up, and Slack's faults in our words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.slack.render import KEY, render
from mentorbot.cards import Card
from mentorbot.errors import PermanentFault, TemporaryFault, Throttled
from mentorbot.messenger import Channel, Member, Workspace

# https://docs.slack.dev/reference/methods/chat.postMessage#errors: faults of a moment
_TEMPORARY = {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
MEMBER_SECONDS = 300
HISTORY_PAGES = 5


@contextmanager
def faults() -> Iterator[None]:
    """Turn what slack_sdk raises into `Throttled`, `TemporaryFault` or `PermanentFault`."""
    try:
        yield
    except SlackApiError as error:
        response = error.response
        # A proxy's error page is no JSON, so the data may be text.
        status, data = int(getattr(response, "status_code", 0)), getattr(response, "data", None)
        code = str(data.get("error") or status) if isinstance(data, dict) else str(status)
        if status == 429 or code == "ratelimited":
            raise Throttled(float(response.headers.get("Retry-After", 30))) from error
        if status >= 500 or code in _TEMPORARY:
            raise TemporaryFault(code) from error
        raise PermanentFault(code) from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
        raise TemporaryFault("connection", str(error)) from error


class SlackMessenger:
    """Posts through the Web API."""

    platform = "slack"

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._members: dict[tuple[Workspace, str], tuple[float, Member]] = {}

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Post `card`; a long one becomes several messages, of which the first counts."""
        first = ""
        for message in render(card, key):
            with faults():
                sent = await self._client.chat_postMessage(
                    channel=channel.id, text=message.text, blocks=message.blocks, unfurl_links=False, unfurl_media=False
                )
            first = first or str(sent["ts"])
        return first

    async def find(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Look through the channel's history for our block ids; the key belongs to one message alone."""
        cursor = ""
        for _ in range(HISTORY_PAGES):
            with faults():
                page = await self._client.conversations_history(
                    channel=channel.id, oldest=f"{since.timestamp():.6f}", inclusive=True, limit=200, cursor=cursor
                )
            found = [message for message in page["messages"] if _carries(message, key)]
            if found:
                return str(min(found, key=lambda message: float(message["ts"]))["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        return None

    async def check(self, channel: Channel) -> None:
        """Raise `PermanentFault` when the bot is not in the channel, or nobody can write there."""
        if channel.direct:
            return
        with faults():
            found = (await self._client.conversations_info(channel=channel.id))["channel"]
        if found.get("is_archived"):
            raise PermanentFault("is_archived")
        if not (found.get("is_member") or found.get("is_im")):
            raise PermanentFault("not_in_channel")

    async def member(self, workspace: Workspace, person: str) -> Member:
        """A person as Slack knows them; remembered for five minutes."""
        known = self._members.get((workspace, person))
        if known and known[0] > time.monotonic():
            return known[1]
        with faults():
            user = (await self._client.users_info(user=person))["user"]
        name = (user.get("profile") or {}).get("display_name") or user.get("real_name") or user.get("name") or person
        admin = bool(user.get("is_admin") or user.get("is_owner"))
        member = Member(person, str(name), _zone(user.get("tz")), admin)
        self._members[(workspace, person)] = (time.monotonic() + MEMBER_SECONDS, member)
        return member


def _carries(message: dict[str, object], key: str) -> bool:
    blocks = message.get("blocks")
    ids = [str(block.get("block_id", "")) for block in blocks] if isinstance(blocks, list) else []
    return any(block_id.startswith(f"{KEY}{key}:") for block_id in ids)


def _zone(name: object) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(name)) if name else None
    except (KeyError, ValueError, OSError):
        return None
