"""The ticker: APScheduler with a handful of interval jobs, and nothing in it that must not be lost."""

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
MEET_SECONDS, HOUSEKEEPING_SECONDS = 600, 3600


class Scheduler:
    """Plans, sends and tidies up, from `start` to `stop`; or only one part of it, beside processes that do the other."""

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Clock,
        platforms: Mapping[str, ChatPlatform],
        *,
        plans: bool = True,
        carries: bool = True,
        keep: timedelta = KEEP,
    ) -> None:
        self._library, self._plans, self._carries = library, plans, carries
        self._housekeeping = MaintenanceTasks(store, library, clock, platforms, keep)
        self._planner = Planner(store, library, clock)
        self._carrier = make_worker(store, Sender(store, library, clock, platforms), clock)
        # Coalesced and without a misfire limit: a busy loop delays a tick and never loses one (its default is 1 s).
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone="UTC"
        )

    def start(self) -> None:
        """Begin to tick; needs a running event loop."""
        self._every(TICK_SECONDS, self.tick)
        self._every(RELOAD_SECONDS, self._reload)
        if self._plans:
            self._every(MEET_SECONDS, self._housekeeping.meet)
            self._every(HOUSEKEEPING_SECONDS, self._housekeeping.tidy)
        self._scheduler.start()

    def _every(self, seconds: int, job: Callable[[], Awaitable[object]]) -> None:
        self._scheduler.add_job(_steady(job), "interval", seconds=seconds, id=job.__qualname__)

    async def tick(self) -> None:
        """Plan what is due, pass on requests that nobody answers, and send what is ready."""
        if self._plans:
            await self._housekeeping.pass_on()
            await self._planner.plan()
        if self._carries:
            await self._carrier.carry()

    async def stop(self) -> None:
        """Stop ticking; messages that are being sent are sent to the end."""
        if self._scheduler.running:
            self._scheduler.pause()
        await self._carrier.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _reload(self) -> None:
        await asyncio.to_thread(self._library.reload_if_changed)


def _steady(job: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """A job that survives a database that is away: the next tick tries again."""

    async def run() -> None:
        try:
            await job()
        except DatabaseProblem as problem:
            log.warning("%s", problem)

    return run
