"""The scheduler: APScheduler with a handful of interval jobs, and nothing in it that must not be lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.delivery.maintenance import KEEP, MaintenanceTasks
from mentorbot.delivery.planner import Planner
from mentorbot.delivery.sender import Sender
from mentorbot.delivery.worker import make_worker
from mentorbot.errors import DatabaseProblem
from mentorbot.packs.library import Library
from mentorbot.storage import Store

log = logging.getLogger(__name__)

TICK_SECONDS = 5
RELOAD_SECONDS = 30
OPEN_DMS_SECONDS, MAINTENANCE_SECONDS = 600, 3600


class Scheduler:
    """Plans, sends and cleans up, from `start` to `stop`; or does one part of it, beside processes that do the others."""

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Clock,
        platforms: Mapping[str, ChatPlatform],
        *,
        plans: bool = True,
        sends: bool = True,
        keep: timedelta = KEEP,
    ) -> None:
        self._library, self._plans, self._sends = library, plans, sends
        self._maintenance = MaintenanceTasks(store, library, clock, platforms, keep)
        self._planner = Planner(store, library, clock)
        self._worker = make_worker(store, Sender(store, library, clock, platforms), clock)
        # Coalesced and without a misfire limit: a busy loop delays a tick and never loses one (its default is 1 s).
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone="UTC"
        )

    def start(self) -> None:
        """Begin to tick; needs a running event loop."""
        self._every(TICK_SECONDS, self.tick)
        self._every(RELOAD_SECONDS, self._reload_packs)
        if self._plans:
            self._every(OPEN_DMS_SECONDS, self._maintenance.open_pending_dms)
            self._every(MAINTENANCE_SECONDS, self._maintenance.run)
        self._scheduler.start()

    def _every(self, seconds: int, job: Callable[[], Awaitable[object]]) -> None:
        self._scheduler.add_job(_surviving(job), "interval", seconds=seconds, id=job.__qualname__)

    async def tick(self) -> None:
        """Plan what is due, reassign requests nobody answers, and send what is ready."""
        if self._plans:
            await self._maintenance.reassign_overdue()
            await self._planner.plan()
        if self._sends:
            await self._worker.run()

    async def stop(self) -> None:
        """Stop ticking; messages that are being sent are sent to the end."""
        if self._scheduler.running:
            self._scheduler.pause()
        await self._worker.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _reload_packs(self) -> None:
        await asyncio.to_thread(self._library.reload_if_changed)


def _surviving(job: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """Make a job that survives a database that is away: the next tick tries again."""

    async def run() -> None:
        try:
            await job()
        except DatabaseProblem as problem:
            log.warning("%s", problem)

    return run
