"""The people of Slack's workspaces.

What someone may do is looked up about them, and cached for a few minutes. What a card offers them takes no call for each person:
a workspace's members are listed in the background, and of each only the id and the standing are kept.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.authorization import AuthorizeResult

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.clients import Clients
from mentorbot.adapters.slack.errors import translated_errors
from mentorbot.chat.platform import Member, Standing, Workspace
from mentorbot.errors import DatabaseProblem, PermanentSendError, RateLimited, SendError

log = logging.getLogger(__name__)
CACHE_SECONDS = 300
"""Someone's rights are looked up again after this time."""
MAX_CACHED = 10_000
"""Members kept in memory, some hundred bytes each; the one looked up first goes first."""
LISTED_SECONDS = 12 * 3600
RETRY_SECONDS = 3600
"""A workspace is listed again after the first of these times, or after the second if Slack refused."""
MAX_PAGES = 40
"""Pages read of a list. Anyone beyond the twenty thousand people in them is looked up."""
MAX_LISTED = 50_000
"""Standings kept in memory, a hundred bytes each; those of the workspace listed first go first."""


@dataclass
class _Listing:
    """The standings of a workspace's members, by id, and when they're to be listed again."""

    expires: float
    standings: dict[str, Standing] = field(default_factory=dict)


class Members:
    """The people of one bot's workspaces."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._cached: dict[tuple[Workspace, str], tuple[float, Member]] = {}
        self._listings: dict[Workspace, _Listing] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def get(self, workspace: Workspace, person: str) -> Member:
        """Look up a person, and cache the result for `CACHE_SECONDS`."""
        if (cached := self._fresh(workspace, person)) is not None:
            return cached
        client = await self._clients.of(workspace)
        with translated_errors():
            user = (await client.users_info(user=person, include_locale=True))["user"]
        if user.get("deleted"):
            raise PermanentSendError("user_disabled")
        member = parse_member(user, await self._clients.identity(workspace), person)
        self._cached.pop((workspace, person), None)  # so that it becomes the newest
        self._cached[workspace, person] = time.monotonic() + CACHE_SECONDS, member
        if len(self._cached) > MAX_CACHED:
            del self._cached[next(iter(self._cached))]
        self._update_listing(workspace, person, member.standing)
        return member

    def known(self, workspace: Workspace, person: str) -> Member | None:
        """Return someone looked up lately, None for anyone else."""
        return self._cached.get((workspace, person), (0.0, None))[1]

    def standing(self, workspace: Workspace, person: str) -> Standing | None:
        """Return someone's standing, at most half a day old; None if it has to be looked up. The first call starts the list."""
        if (cached := self._fresh(workspace, person)) is not None:
            return cached.standing
        listing = self._listings.get(workspace)
        if listing is None or listing.expires <= time.monotonic():
            listing = self._start_listing(workspace)
        return listing.standings.get(person)

    async def changed(self, workspace: Workspace, user: Mapping[str, Any]) -> None:
        """Take note of a changed person, as Slack describes them. Someone demoted has no rights left in memory."""
        person = str(user["id"])
        standing = parse_member(user, await self._clients.identity(workspace), person).standing
        known = self.known(workspace, person)
        if user.get("deleted") or (known is not None and known.standing != standing):
            self._cached.pop((workspace, person), None)
        self._update_listing(workspace, person, standing)

    def forget(self, workspace: Workspace) -> None:
        """Forget a workspace that has removed the app."""
        self._listings.pop(workspace, None)
        for key in [key for key in self._cached if key[0] == workspace]:
            del self._cached[key]

    async def close(self) -> None:
        """Stop listing."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _fresh(self, workspace: Workspace, person: str) -> Member | None:
        expires, cached = self._cached.get((workspace, person), (0.0, None))
        return cached if expires > time.monotonic() else None

    def _update_listing(self, workspace: Workspace, person: str, standing: Standing) -> None:
        listing = self._listings.get(workspace)
        if listing is not None and person in listing.standings:
            listing.standings[person] = standing

    def _start_listing(self, workspace: Workspace) -> _Listing:
        """Begin to list a workspace's members. Whoever isn't listed yet is looked up."""
        self._listings.pop(workspace, None)  # so that it becomes the newest
        listing = self._listings[workspace] = _Listing(time.monotonic() + LISTED_SECONDS)
        self._tasks.add(task := asyncio.create_task(self._list(workspace, listing), name="slack members"))
        task.add_done_callback(self._tasks.discard)
        return listing

    async def _list(self, workspace: Workspace, listing: _Listing) -> None:
        try:
            await self._read_pages(workspace, listing)
        except (SendError, DatabaseProblem) as error:
            listing.expires = time.monotonic() + RETRY_SECONDS
            log.info("the members of slack/%s aren't listed, so each is looked up: %s", workspace.id, error)
        self._make_room()

    async def _read_pages(self, workspace: Workspace, listing: _Listing) -> None:
        client, identity, cursor = await self._clients.of(workspace), await self._clients.identity(workspace), ""
        for _ in range(MAX_PAGES):
            try:
                with translated_errors():
                    page = await client.users_list(limit=limits.MEMBERS_PAGE_SIZE, cursor=cursor)
            except RateLimited as refusal:
                await asyncio.sleep(refusal.retry_after)
                continue
            for user in page.get("members") or ():
                if not user.get("deleted") and not user.get("is_bot"):
                    listing.standings[str(user["id"])] = parse_member(user, identity, str(user["id"])).standing
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _make_room(self) -> None:
        """Forget the standings listed first, if there are too many. Their workspaces aren't listed again any sooner."""
        listed = sum(len(listing.standings) for listing in self._listings.values())
        for listing in self._listings.values():
            if listed <= MAX_LISTED:
                return
            listed -= len(listing.standings)
            listing.standings.clear()


def parse_member(user: Mapping[str, Any], identity: AuthorizeResult | None, person: str) -> Member:
    """Read Slack's description of a person (https://docs.slack.dev/reference/objects/user-object). `identity` is the bot's."""
    name = (user.get("profile") or {}).get("display_name") or user.get("real_name") or user.get("name") or person
    organisation = user.get("enterprise_user") or {}
    return Member(
        person,
        str(name),
        _parse_zone(user.get("tz")),
        any(bool(who.get(right)) for who in (user, organisation) for right in ("is_admin", "is_owner")),
        str(user.get("locale") or ""),
        is_guest=bool(user.get("is_ultra_restricted")) or _is_external(user, identity),
    )


def _is_external(user: Mapping[str, Any], identity: AuthorizeResult | None) -> bool:
    """Tell whether someone belongs to a different company, and only shares channels with this one."""
    if user.get("is_stranger"):
        return True
    home = user.get("team_id")
    if not home or identity is None or not identity.team_id:
        return False
    organisation = (user.get("enterprise_user") or {}).get("enterprise_id")
    return bool(home != identity.team_id and (not organisation or organisation != identity.enterprise_id))


def _parse_zone(name: object) -> ZoneInfo | None:
    with suppress(KeyError, ValueError, OSError):
        return ZoneInfo(str(name)) if name else None
    return None
