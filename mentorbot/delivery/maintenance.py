"""Maintenance tasks: overdue requests to mentors, DMs of new people, old rows, and people who have left."""

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
"""Interval between checks on whether a person is still in the workspace."""
CHECKS_PER_WORKSPACE, MAX_CHECKS = 20, 500
"""Limits on the people checked in one run, for one workspace and in total: far below what a platform allows in a minute."""
MAX_WORKSPACE_CHECKS = 100
"""Workspaces the bot was removed from that are checked in one run."""
KEEP = timedelta(days=400)
"""Time a settled delivery is kept, unless the operator sets their own: a year, plus a month to look back on it."""
DELETE_BATCH = 1_000
KEEP_INTERACTIONS = timedelta(days=2)
"""Far longer than a platform repeats an unacknowledged command."""
KEEP_CONVERSATIONS = timedelta(days=1)
"""The most we promise to keep drafts and conversations."""
KEEP_BUCKETS = timedelta(days=1)
"""Far longer than any token bucket takes to fill. Each channel and person has one, so they add up."""
GONE_CODES = frozenset({"user_not_found", "users_not_found", "user_disabled", "unknown_member", "no_mutual_guild"})
"""Platform error codes for a person who's gone. Codes that say the bot itself was removed aren't among them."""


class MaintenanceTasks:
    """Tasks the scheduler runs now and then. Each does a bounded amount of work and leaves the rest for its next run."""

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
        """Pass requests that a mentor hasn't answered in time to the next mentor."""
        now = self._clock.now()
        for workspace in await self._store.maintenance.workspaces_with_overdue_requests(now):
            async with self._store.unit_of_work(workspace) as uow:
                for pack in self._library.packs.values():
                    await MentorMatcher(uow, pack, now).reassign_overdue()

    async def run(self) -> None:
        """Delete old rows, erase people who left long enough ago, and try again to place learners who have waited long."""
        await self._delete_old()
        await self._store.expire_backups()
        await self._check_workspaces()
        await self._check_people()
        await self._store.workspaces.scrub_again()
        await self._store.workspaces.give_back_space()
        now = self._clock.now()
        for workspace in await self._store.maintenance.workspaces_with_learners_waiting_since(now - RETRY_AFTER):
            async with self._store.unit_of_work(workspace) as uow:
                for pack in self._library.packs.values():
                    await MentorMatcher(uow, pack, now).match_waiting()

    async def _delete_old(self) -> None:
        """Delete old rows in batches. Each is a short transaction of its own, so nobody waits long."""
        queries, now = self._store.maintenance, self._clock.now()
        await queries.delete_interactions(now - KEEP_INTERACTIONS)
        await queries.delete_conversations(now - KEEP_CONVERSATIONS)
        while await queries.delete_deliveries(now - self._keep, DELETE_BATCH) == DELETE_BATCH:
            continue
        while await queries.delete_buckets(now - KEEP_BUCKETS, DELETE_BATCH) == DELETE_BATCH:
            continue

    async def _check_workspaces(self) -> None:
        """Check workspaces the bot was removed from: it may be back. Erase those it has left for `ERASE_AFTER_DAYS`."""
        erase_before = self._clock.now() - timedelta(days=ERASE_AFTER_DAYS)
        for workspace, removed_at in await self._store.workspaces.removed(MAX_WORKSPACE_CHECKS):
            platform = self._platforms.get(workspace.platform)
            try:
                is_back = platform is not None and await platform.is_installed(workspace)
            except SendError:
                continue
            if is_back:
                await self._store.workspaces.mark_present(workspace)
                log.info("the bot is back in %s/%s", workspace.platform, workspace.id)
            elif removed_at <= erase_before:
                await self._store.workspaces.erase(workspace)
                log.info("erased everything about %s/%s: the bot was removed", workspace.platform, workspace.id)

    async def _check_people(self) -> None:
        """Check some people, starting with those never checked, and erase those gone for `ERASE_AFTER_DAYS`."""
        queries, now, platforms = self._store.maintenance, self._clock.now(), tuple(self._platforms)
        for member in await queries.people_to_check(now - CHECK_EVERY, platforms, CHECKS_PER_WORKSPACE, MAX_CHECKS):
            if await self._has_left(member):
                await self._release_learners(member)
        for member in await queries.people_gone_since(now - timedelta(days=ERASE_AFTER_DAYS), platforms, MAX_CHECKS):
            await self._erase(member)

    async def open_pending_dms(self) -> None:
        """Open the DMs of some new people. If that fails, their first delivery opens it."""
        for name, platform in self._platforms.items():
            for workspace, user_id in await self._store.maintenance.people_without_dm(name, *platform.dm_open_quota):
                try:
                    channel_id = (await platform.open_dm(workspace, user_id)).id
                except PermanentSendError:
                    channel_id = ""  # so they don't block others again and again
                except RateLimited:
                    break
                except SendError:
                    continue
                await self._store.maintenance.save_dm((workspace, user_id), channel_id)

    async def _has_left(self, member: WorkspaceMember) -> bool:
        """Ask the platform whether a person has left, and record the answer, with their zone if it says."""
        (workspace, user_id), zone, locale = member, None, ""
        try:
            found = await self._platforms[workspace.platform].member(workspace, user_id)
            zone, locale, has_left = found.zone, found.locale, False
        except PermanentSendError as error:
            has_left = error.code in GONE_CODES
        except SendError:
            return False
        await self._store.maintenance.save_check(member, self._clock.now(), has_left=has_left, zone=zone, locale=locale)
        return has_left

    async def _release_learners(self, member: WorkspaceMember) -> None:
        """Find new mentors for the learners of someone who has left, without waiting until they're erased."""
        workspace, user_id = member
        async with self._store.unit_of_work(workspace) as uow:
            for pack in self._library.packs.values():
                matcher = MentorMatcher(uow, pack, self._clock.now())
                if await uow.mentorships.of_mentor(user_id, matcher.role):
                    await matcher.release(user_id)

    async def _erase(self, member: WorkspaceMember) -> None:
        """Erase a person who has left, after checking once more."""
        if not await self._has_left(member):
            return
        workspace, user_id = member
        async with self._store.unit_of_work(workspace) as uow:
            await erase(uow, self._library.packs.values(), user_id, self._clock.now())
        log.info("erased everything about someone who left %s/%s", workspace.platform, workspace.id)
