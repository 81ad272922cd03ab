"""What is looked after now and then: requests to mentors that nobody answers, people who are new, and people who have left."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.commands.me import GONE_DAYS
from mentorbot.commands.pairing import AGAIN_AFTER, Table, pass_on_overdue
from mentorbot.errors import PermanentSendError, RateLimited, SendError
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from mentorbot.storage.maintenance import WorkspaceMember

log = logging.getLogger(__name__)
LOOK_UP_EVERY = timedelta(days=7)
LOOK_UPS_EACH, LOOK_UPS = 20, 500
"""People of one workspace, and of all, looked up in one go: far below what a platform allows in a minute."""
KEEP = timedelta(days=400)
"""How long it can be told what became of a message, where the operator does not say: a year, and a month to look back on it."""
FORGET_AT_ONCE = 1_000
REQUESTS_KEPT = timedelta(days=2)
"""Far longer than a platform repeats a command that was not acknowledged."""
BUCKETS_KEPT = timedelta(days=1)
"""Far longer than any bucket takes to fill; each channel and person has one."""
GONE = frozenset({"user_not_found", "users_not_found", "user_disabled", "unknown_member", "no_mutual_guild"})
"""A platform's words for somebody who is not there any more. That the bot is not there itself says nothing of people."""


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

    async def pass_on(self) -> None:
        """Requests whose mentor has not answered in time go to the next one."""
        for workspace in await self._store.maintenance.with_overdue_requests(self._clock.now()):
            async with self._store.unit_of_work(workspace) as uow:
                await pass_on_overdue(Table(uow, self._library.default, self._clock.now()))

    async def tidy(self) -> None:
        """Forget what is no longer needed; look who has left, and erase those who have been gone long enough; ask again for
        those who have waited long.
        """
        now = self._clock.now()
        await self._store.maintenance.forget_requests(now - REQUESTS_KEPT)
        while await self._store.maintenance.forget_deliveries(now - self._keep, FORGET_AT_ONCE) == FORGET_AT_ONCE:
            pass  # each batch is a short transaction of its own
        while await self._store.maintenance.forget_buckets(now - BUCKETS_KEPT, FORGET_AT_ONCE) == FORGET_AT_ONCE:
            pass
        platforms, before = tuple(self._platforms), now - LOOK_UP_EVERY
        for who in await self._store.maintenance.to_look_up(before, platforms, LOOK_UPS_EACH, LOOK_UPS):
            await self._look_up(who)
        before = now - timedelta(days=GONE_DAYS)
        for who in await self._store.maintenance.gone_since(before, platforms, LOOK_UPS):
            await self._erase(who)
        for workspace in await self._store.maintenance.with_waiting_since(now - AGAIN_AFTER):
            async with self._store.unit_of_work(workspace) as uow:
                await Table(uow, self._library.default, now).place_waiting()

    async def meet(self) -> None:
        """Open the conversations of some people who are new. Where that fails, what is due for them tries again by itself."""
        for name, platform in self._platforms.items():
            for workspace, person in await self._store.maintenance.to_open(name, *platform.dm_open_quota):
                try:
                    direct = (await platform.open_dm(workspace, person)).id
                except PermanentSendError:
                    direct = ""  # so that they do not stand before others time and again
                except RateLimited:
                    break
                except SendError:
                    continue
                await self._store.maintenance.opened((workspace, person), direct)

    async def _look_up(self, who: WorkspaceMember) -> bool:
        """Whether a person is gone; if not, the zone in which they are now is put down. Where the platform does not tell,
        nothing is.
        """
        (workspace, person), zone = who, None
        try:
            zone = (await self._platforms[workspace.platform].member(workspace, person)).zone
            gone = False
        except PermanentSendError as fault:
            gone = fault.code in GONE
        except SendError:
            return False
        await self._store.maintenance.looked_up(who, self._clock.now(), gone=gone, zone=zone)
        return gone

    async def _erase(self, who: WorkspaceMember) -> None:
        """Erase somebody who is gone, after one more look."""
        if not await self._look_up(who):
            return
        workspace, person = who
        async with self._store.unit_of_work(workspace) as uow:
            table = Table(uow, self._library.default, self._clock.now())
            await table.part(person)
            await uow.privacy.forget(person)
            await table.place_waiting()
        log.info("somebody who has left %s/%s was erased", workspace.platform, workspace.id)
