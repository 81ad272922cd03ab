"""Discord as a Messenger: posting, looking up, and Discord's faults in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import aiohttp
import discord

from mentorbot.adapters.discord.render import BUTTON, render
from mentorbot.cards import Card
from mentorbot.errors import PermanentFault, TemporaryFault, Throttled
from mentorbot.messenger import Channel, Member, Workspace

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_CODES = {
    10003: "channel_not_found",
    50001: "missing_access",
    50007: "cannot_dm",
    50013: "missing_permissions",
    50278: "no_mutual_guild",
}
_OPENING_TOO_FAST = 40003
HISTORY = 300
REMEMBERED = 10_000


@contextmanager
def faults() -> Iterator[None]:
    """Turn what discord.py raises into `Throttled`, `TemporaryFault` or `PermanentFault`."""
    try:
        yield
    except discord.RateLimited as error:
        raise Throttled(error.retry_after) from error
    except discord.HTTPException as error:
        if error.status == 429 or error.code == _OPENING_TOO_FAST:
            raise Throttled(30) from error
        if error.status >= 500:
            raise TemporaryFault(str(error.status), error.text) from error
        raise PermanentFault(_CODES.get(error.code, str(error.code or error.status)), error.text) from error
    except (aiohttp.ClientError, TimeoutError, OSError, discord.DiscordException) as error:
        raise TemporaryFault("connection", str(error)) from error


class DiscordMessenger:
    """Posts through the HTTP API; discord.py keeps the rate limits."""

    platform = "discord"

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._permissions: dict[str, discord.Permissions] = {}

    def note(self, channel_id: str, permissions: discord.Permissions) -> None:
        """Remember what we may do in a channel; every interaction tells it."""
        if len(self._permissions) >= REMEMBERED:
            self._permissions.clear()
        self._permissions[channel_id] = permissions

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Post `card`; a long one becomes several messages, of which the first counts."""
        place = self._client.get_partial_messageable(int(channel.id))
        first = ""
        for number, view in enumerate(render(card, key)):
            nonce = key if number == 0 else f"{key}-{number}"
            with faults():
                sent = await place.send(view=view, nonce=nonce[:25], allowed_mentions=discord.AllowedMentions.none())
            first = first or str(sent.id)
        return first

    async def find(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Look through the channel's history for our controls; the key belongs to one message alone."""
        place = self._client.get_partial_messageable(int(channel.id))
        with faults():
            async for message in place.history(limit=HISTORY, after=since, oldest_first=True):
                if any(custom.startswith(f"{BUTTON}{key}:") for custom in _custom_ids(message.components)):
                    return str(message.id)
        return None

    async def check(self, channel: Channel) -> None:
        """Raise `PermanentFault` when the bot cannot see the channel, or not write there."""
        if channel.direct:
            return
        known = self._permissions.get(channel.id)
        if known is not None and not (known.view_channel and known.send_messages):
            raise PermanentFault("missing_permissions")
        with faults():
            await self._client.http.get_channel(int(channel.id))

    async def member(self, workspace: Workspace, person: str) -> Member:
        """A person as Discord knows them. Discord tells nobody's time zone."""
        if workspace.id.startswith("dm-"):
            with faults():
                user = await self._client.http.get_user(int(person))
            return Member(person, user.get("global_name") or user["username"])
        with faults():
            member = await self._client.http.get_member(int(workspace.id), int(person))
        return Member(person, member.get("nick") or member["user"].get("global_name") or member["user"]["username"])


def _custom_ids(components: list[Any]) -> Iterator[str]:
    for component in components:
        if custom := getattr(component, "custom_id", None):
            yield str(custom)
        yield from _custom_ids(getattr(component, "children", None) or [])
