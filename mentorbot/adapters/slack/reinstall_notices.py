"""A notice to one admin, sent once, of what reinstalling the app would add: an earlier manifest asked for fewer scopes.

Nobody knows who installed the app, so it's an admin who has set up something in a channel, or the first one who uses the bot.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.slack.clients import Clients
from mentorbot.adapters.slack.manifest import missing_scopes
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.chat.platform import Workspace
from mentorbot.errors import DatabaseProblem, SendError
from mentorbot.storage import Store
from mentorbot.views.start import reinstall_card

log = logging.getLogger(__name__)
MAX_ASKED = 5
"""People who are looked up to find an admin."""


class ReinstallNotices:
    """The notices of one bot."""

    def __init__(self, store: Store, clients: Clients, platform: SlackPlatform, in_flight: InFlight) -> None:
        self._store, self._clients, self._platform, self._in_flight = store, clients, platform, in_flight
        self._done: set[Workspace] = set()
        self._tasks: dict[Workspace, asyncio.Task[None]] = {}

    def soon(self, workspace: Workspace, caller: str = "") -> None:
        """Tell an admin in the background if that's still to be done. `caller` is the id of whoever uses the bot just now."""
        if workspace in self._done or workspace in self._tasks:
            return
        self._tasks[workspace] = asyncio.create_task(self._run(workspace, caller), name="slack reinstall notice")

    async def _run(self, workspace: Workspace, caller: str) -> None:
        try:
            with self._in_flight:
                await self._tell(workspace, caller)
        except (SendError, DatabaseProblem) as error:
            self._done.add(workspace)  # the next process tries again
            log.warning("couldn't tell an admin that scopes are missing: %s", error)
        finally:
            del self._tasks[workspace]

    async def _tell(self, workspace: Workspace, caller: str) -> None:
        identity = await self._clients.identity(workspace)
        granted = identity.bot_scopes if identity is not None else None
        missing = missing_scopes(granted) if granted else {}
        if not missing:
            self._done.add(workspace)
            return
        admin = await anext(self._admins(workspace, caller), None)
        if admin is None:
            return
        self._done.add(workspace)
        dm, scopes = await self._platform.open_dm(workspace, admin), " ".join(sorted(missing))
        if not await self._store.workspaces.claim_missing_notice(workspace, scopes):
            return
        try:
            await self._platform.post(dm, reinstall_card(list(dict.fromkeys(missing.values()))), "")
        except SendError:
            await self._store.workspaces.release_missing_notice(workspace, scopes)
            raise

    async def _admins(self, workspace: Workspace, caller: str) -> AsyncIterator[str]:
        """Find admins who know the bot. The caller isn't looked up for that."""
        standing = self._platform.members.standing(workspace, caller)
        if standing is not None and standing.admin:
            yield caller
        async with self._store.unit_of_work(workspace) as uow:
            schedules = await uow.schedules.in_channels()
        creators = dict.fromkeys(schedule.created_by for schedule in schedules if schedule.created_by)
        for creator in list(creators)[:MAX_ASKED]:
            try:
                if (await self._platform.member(workspace, creator)).admin:
                    yield creator
            except SendError:
                continue
