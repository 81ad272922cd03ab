"""What is done now and then: unanswered requests for mentors, DMs of people who are new, and people who have left."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.domain.people import ERASE_AFTER_DAYS
from mentorbot.errors import PermanentSendError, RateLimited, SendError
from mentorbot.packs.library import Library
from mentorbot.services.mentoring import RETRY_AFTER, MentorMatcher
from mentorbot.services.privacy import erase
from mentorbot.storage import Store
from mentorbot.storage.maintenance import WorkspaceMember

log = logging.getLogger(__name__)

CHECK_EVERY = timedelta(days=7)
"""How often it's checked whether a person is still there."""
CHECKS_PER_WORKSPACE, MAX_CHECKS = 20, 500
"""People of one workspace, and of all, checked in one go: far below what a platform allows in a minute."""
KEEP = timedelta(days=400)
"""How long it's on record what became of a message, unless the operator sets it: a year, and a month to look back on it."""
DELETE_BATCH = 1_000
KEEP_INTERACTIONS = timedelta(days=2)
"""Far longer than a platform repeats a command that wasn't acknowledged."""
KEEP_BUCKETS = timedelta(days=1)
"""Far longer than any bucket takes to fill; each channel and person has one."""
GONE_CODES = frozenset({"user_not_found", "users_not_found", "user_disabled", "unknown_member", "no_mutual_guild"})
"""A platform's words for someone who isn't there any more. That the bot isn't there itself says nothing of people."""


class MaintenanceTasks:
    """Each task takes what is due, and leaves the rest for the next time."""

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Clock,
        platforms: Mapping[str, ChatPlatform],
        keep: timedelta = KEEP,
    ) -> None:
        self._store, self._library, self._clock, self._platforms = store, library, clock, platforms
        self._keep = keep

    async def reassign_overdue(self) -> None:
        """Pass requests whose mentor hasn't answered in time on to the next one."""
        now = self._clock.now()
        for workspace in await self._store.maintenance.with_overdue_requests(now):
            async with self._store.unit_of_work(workspace) as uow:
                await MentorMatcher(uow, self._library.default, now).reassign_overdue()

    async def run(self) -> None:
        """Delete what is no longer needed, erase people who have left, and place learners who have waited long."""
        await self._delete_old()
        await self._check_people()
        now = self._clock.now()
        for workspace in await self._store.maintenance.with_waiting_since(now - RETRY_AFTER):
            async with self._store.unit_of_work(workspace) as uow:
                await MentorMatcher(uow, self._library.default, now).match_waiting()

    async def _delete_old(self) -> None:
        """Each batch is a short transaction of its own, so that nobody waits for long."""
        queries, now = self._store.maintenance, self._clock.now()
        await queries.forget_requests(now - KEEP_INTERACTIONS)
        while await queries.forget_deliveries(now - self._keep, DELETE_BATCH) == DELETE_BATCH:
            continue
        while await queries.forget_buckets(now - KEEP_BUCKETS, DELETE_BATCH) == DELETE_BATCH:
            continue

    async def _check_people(self) -> None:
        """Check some people, those never checked first, and erase those who have been gone long enough."""
        queries, now, platforms = self._store.maintenance, self._clock.now(), tuple(self._platforms)
        for member in await queries.to_look_up(now - CHECK_EVERY, platforms, CHECKS_PER_WORKSPACE, MAX_CHECKS):
            await self._is_gone(member)
        for member in await queries.gone_since(now - timedelta(days=ERASE_AFTER_DAYS), platforms, MAX_CHECKS):
            await self._erase(member)

    async def open_pending_dms(self) -> None:
        """Open the DMs of some people who are new. Where that fails, what is due for them tries again by itself."""
        for name, platform in self._platforms.items():
            for workspace, user_id in await self._store.maintenance.to_open(name, *platform.dm_open_quota):
                try:
                    channel_id = (await platform.open_dm(workspace, user_id)).id
                except PermanentSendError:
                    channel_id = ""  # so that they don't block others time and again
                except RateLimited:
                    break
                except SendError:
                    continue
                await self._store.maintenance.opened((workspace, user_id), channel_id)

    async def _is_gone(self, member: WorkspaceMember) -> bool:
        """Ask the platform whether a person is gone, and record it with their present zone, as far as it says."""
        (workspace, user_id), zone = member, None
        try:
            zone = (await self._platforms[workspace.platform].member(workspace, user_id)).zone
            gone = False
        except PermanentSendError as error:
            gone = error.code in GONE_CODES
        except SendError:
            return False
        await self._store.maintenance.looked_up(member, self._clock.now(), gone=gone, zone=zone)
        return gone

    async def _erase(self, member: WorkspaceMember) -> None:
        """Erase a person who is gone, after one more look."""
        if not await self._is_gone(member):
            return
        workspace, user_id = member
        async with self._store.unit_of_work(workspace) as uow:
            await erase(uow, self._library.default, user_id, self._clock.now())
        log.info("a person who has left %s/%s was erased", workspace.platform, workspace.id)
