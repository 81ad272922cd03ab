"""Discord as a Messenger: posting, looking up, and Discord's faults in our words. discord.py keeps the rate limits."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import aiohttp
import discord
from discord import ui

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.render import key_and_line, render
from mentorbot.cards import Card
from mentorbot.errors import PermanentFault, TemporaryFault, Throttled
from mentorbot.messenger import Channel, Member, Workspace

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_NAMES = {
    10003: "channel_not_found",
    10004: "guild_not_found",
    10007: "unknown_member",
    10013: "user_not_found",
    10062: "unknown_interaction",
    40060: "already_acknowledged",
    50001: "missing_access",
    50007: "cannot_dm",
    50013: "missing_permissions",
    50278: "no_mutual_guild",
}
TOO_LATE = {"unknown_interaction", "already_acknowledged"}
"""An interaction that came too late, or that somebody has answered: another replica, or we, the first time it came."""

_OPENING_TOO_FAST = 40003
_OVERLOADED = 130000
# Discord does not say how long for these: a DM too many, or an address that is held off altogether.
_PAUSE = 60.0


HISTORY = 1_000
"""How many messages `find` reads from its instant on; what it looks for is near the beginning."""
REMEMBERED = 10_000


@contextmanager
def faults() -> Iterator[None]:
    """Turn what discord.py raises into `Throttled`, `TemporaryFault` or `PermanentFault`.

    A `LoginFailure` goes through: only who logs in can say what it means.
    """
    try:
        yield
    except discord.LoginFailure:
        raise
    except discord.RateLimited as error:
        raise Throttled(error.retry_after) from error
    except discord.HTTPException as error:
        raise _of_answer(error) from error
    except (aiohttp.ClientError, TimeoutError, OSError, discord.DiscordException) as error:
        raise TemporaryFault("connection", str(error) or type(error).__name__) from error


def _of_answer(error: discord.HTTPException) -> Throttled | TemporaryFault | PermanentFault:
    if error.status == 429:
        return Throttled(_seconds(error))
    if error.code == _OPENING_TOO_FAST:
        return Throttled(_PAUSE)
    if error.status >= 500 or error.code == _OVERLOADED:
        return TemporaryFault(str(error.status), error.text)
    return PermanentFault(_NAMES.get(error.code, str(error.code or error.status)), error.text)


def _seconds(error: discord.HTTPException) -> float:
    """How long Discord asks to wait."""
    try:
        return float(error.response.headers.get("Retry-After", _PAUSE))
    except ValueError:
        return _PAUSE


class DiscordMessenger:
    """Posts through the HTTP API."""

    platform = "discord"

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._permissions: OrderedDict[str, tuple[discord.Permissions, bool]] = OrderedDict()

    def note(self, channel_id: str, permissions: discord.Permissions, *, thread: bool) -> None:
        """Remember what the bot may do in a channel: Discord says so with every interaction there."""
        self._permissions[channel_id] = (permissions, thread)
        self._permissions.move_to_end(channel_id)
        if len(self._permissions) > REMEMBERED:
            self._permissions.popitem(last=False)

    async def post(self, channel: Channel, card: Card, key: str) -> str:
        """Post `card`; a long one becomes several messages. Gives the id of the one that carries `key`."""
        place = self._place(channel)
        carrier = ""
        for number, view in enumerate(render(card, key)):
            nonce = key if number == 0 else f"{key}-{number}"
            with faults():
                sent = await place.send(view=view, nonce=nonce[: limits.NONCE])
            if not carrier and _carries(view, key):
                carrier = str(sent.id)
        return carrier

    async def find(self, channel: Channel, key: str, since: datetime) -> str | None:
        """Look through the channel's history for our controls; the key belongs to one message alone."""
        known = self._permissions.get(channel.id)
        if known is not None and not channel.direct and not known[0].read_message_history:
            # Discord would show an empty history, and "not there" would be a lie.
            raise PermanentFault("missing_permissions", "I may not read the history of that channel")
        with faults():
            async for message in self._place(channel).history(limit=HISTORY, after=since, oldest_first=True):
                if key in _keys(_custom_ids(message.components)):
                    return str(message.id)
        return None

    async def direct(self, workspace: Workspace, person: str) -> Channel:
        """The person's conversation with the bot. Discord opens it even where it will take no message."""
        with faults():
            opened = await self._client.create_dm(discord.Object(int(person)))
        return Channel(workspace, str(opened.id), direct=True)

    async def check(self, channel: Channel) -> None:
        """Raise `PermanentFault` when the bot cannot see the channel, or not write there."""
        if channel.direct:
            return
        if channel.id in self._permissions:
            may, thread = self._permissions[channel.id]
            writes = may.send_messages_in_threads if thread else may.send_messages
            if not (may.administrator or (may.view_channel and writes)):
                raise PermanentFault("missing_permissions", "I may not write in that channel")
        with faults():
            await self._client.http.get_channel(int(channel.id))

    async def member(self, workspace: Workspace, person: str) -> Member:
        """A person as Discord knows them. Discord tells nobody's time zone; in a DM nobody is an admin."""
        with faults():
            if workspace.id.startswith("dm-"):
                user = await self._client.fetch_user(int(person))
                return Member(person, user.display_name)
            guild = await self._client.fetch_guild(int(workspace.id))
            member = await guild.fetch_member(int(person))
        may = member.guild_permissions
        return Member(person, member.display_name, admin=may.manage_guild or may.administrator)

    def _place(self, channel: Channel) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(int(channel.id))


def _carries(view: ui.LayoutView, key: str) -> bool:
    return key in _keys(str(item.custom_id) for item in view.walk_children() if isinstance(item, ui.Button))


def _keys(customs: Iterable[str]) -> set[str]:
    return {found[0] for custom in customs if (found := key_and_line(custom)) is not None}


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if custom := getattr(component, "custom_id", None):
            yield str(custom)
        yield from _custom_ids(getattr(component, "children", None) or ())
