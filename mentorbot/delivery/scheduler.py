"""The scheduler: APScheduler with a handful of interval jobs. It holds no state, so a restart loses nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from mentorbot import logs
from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock, StepDetector
from mentorbot.delivery.maintenance import KEEP, MaintenanceTasks
from mentorbot.delivery.planner import Planner
from mentorbot.delivery.sender import Sender
from mentorbot.delivery.worker import make_worker
from mentorbot.errors import DatabaseProblem, within
from mentorbot.packs.library import Library
from mentorbot.precedence import Precedence
from mentorbot.storage import Store
from mentorbot.storage.delivery_queue import Due
from mentorbot.tasks import ChildCancelledError, join

log = logging.getLogger(__name__)

TICK_SECONDS = 5
RELOAD_SECONDS = 30
STALL_SECONDS = 120.0
"""Something's stuck after this long without any progress. One message may take three answers of a platform, 30 s each."""
OPEN_DMS_SECONDS, MAINTENANCE_SECONDS = 600, 3600
PLAN_SECONDS = 60.0
"""Time a tick gives planning before it goes on to send. What's missing is planned in the next tick."""
TICK_SECONDS_WITHOUT_PROGRESS = 300.0
"""A tick is ended after this long without any progress, so the next one can begin. A delivery has its own, shorter deadline."""
JOB_SECONDS = 1_800.0
"""Time for any other job. The longest asks a platform about some hundred people."""
WATCH_SECONDS = 1.0
MAX_STEP = timedelta(seconds=2)
"""Differences between the clocks that are normal: a slow adjustment over the network, or a busy loop."""


class Scheduler:
    """Scheduler that plans, sends and cleans up from `start` to `stop`. `plans` and `sends` split the work between processes."""

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
        precedence: Precedence | None = None,
    ) -> None:
        self._library, self._plans, self._sends = library, plans, sends
        self._store, self._clock, self._platforms = store, clock, platforms
        self._alive_at = time.monotonic()
        self._maintenance = MaintenanceTasks(store, library, clock, platforms, keep)
        self._planner = Planner(store, library, clock)
        self._sender = Sender(store, library, clock, platforms)
        self._worker = make_worker(store, self._sender, clock, precedence or Precedence())
        self._steps = StepDetector()
        self._watchdog: asyncio.Task[None] | None = None
        # Coalesced and without a misfire limit (the default is 1 s), so a busy loop delays a tick but never loses it.
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}, timezone="UTC"
        )

    def start(self) -> None:
        """Begin ticking. Needs a running event loop."""
        self._alive_at = time.monotonic()
        self._every(TICK_SECONDS, self.tick, "a tick", limit=None)
        self._every(RELOAD_SECONDS, self._reload_packs, "reading the packs")
        if self._plans:
            self._every(OPEN_DMS_SECONDS, self._maintenance.open_pending_dms, "opening direct messages")
            self._every(MAINTENANCE_SECONDS, self._maintenance.run, "maintenance")
        self._scheduler.start()
        self._watchdog = asyncio.create_task(self._watch_clock(), name="clock watchdog")

    def _every(
        self, seconds: int, job: Callable[[], Awaitable[object]], name: str, *, limit: float | None = JOB_SECONDS
    ) -> None:
        self._scheduler.add_job(_surviving(job, name, limit), "interval", seconds=seconds, id=name)

    async def tick(self) -> None:
        """Reassign requests nobody has answered, plan what's due, and send what's ready.

        Raises:
            DatabaseProblem: the database isn't available, or the tick was ended because nothing in it went on.
        """
        self._alive_at = time.monotonic()
        if self._plans:
            await self._plan()
        self._alive_at = time.monotonic()
        if self._sends:
            await self._send()
        self._alive_at = time.monotonic()

    async def _send(self) -> None:
        """Send what's ready, however long that takes, but end it once nothing has gone on for some minutes.

        What's in flight then is in doubt, and the next tick looks it up.
        """
        sending = asyncio.create_task(self._worker.run(), name="sending")
        watching = asyncio.create_task(self._end_if_stuck(sending), name="sending watchdog")
        try:
            await join(sending)
        except ChildCancelledError:
            text = f"Sending got nowhere for {TICK_SECONDS_WITHOUT_PROGRESS:g} s, so it was stopped. Trying again."
            raise DatabaseProblem(text) from None
        finally:
            watching.cancel()

    async def _end_if_stuck(self, sending: asyncio.Task[None]) -> None:
        while not sending.done():
            await asyncio.sleep(max(WATCH_SECONDS, TICK_SECONDS_WITHOUT_PROGRESS - self.tick_age))
            if self.tick_age >= TICK_SECONDS_WITHOUT_PROGRESS:
                sending.cancel()

    @property
    def tick_age(self) -> float:
        """Seconds since a tick began or ended, or a message was dealt with in one."""
        return time.monotonic() - max(self._alive_at, self._sender.progress_at)

    def trouble(self) -> str:
        """Say what's wrong with the ticks; "" if nothing is. One tick may be long, but not without sending anything."""
        if not self._scheduler.running:
            return "not running"
        age = self.tick_age
        return f"no tick for {age:.0f} s" if age > STALL_SECONDS else ""

    async def due(self) -> Due:
        """Count what could be sent now on the platforms of this process. Raises `DatabaseProblem`."""
        return await self._store.queue.due(self._clock.now(), tuple(self._platforms))

    async def sending_trouble(self) -> str:
        """Say what's wrong with sending; "" if nothing is: messages have been due for long, and none is getting through."""
        idle = time.monotonic() - self._sender.progress_at
        if not self._sends or idle <= STALL_SECONDS:
            return ""
        due = await self.due()
        stuck = due.oldest is not None and self._clock.now() - due.oldest > timedelta(seconds=STALL_SECONDS)
        return f"{due.waiting} due, the oldest since {due.oldest:%Y-%m-%d %H:%M} UTC" if stuck else ""

    async def _plan(self) -> None:
        try:
            await within(PLAN_SECONDS, self._plan_all(), "planning")
        except DatabaseProblem as problem:
            if not self._sends:
                raise
            log.warning("%s", problem)  # messages planned already can be sent

    async def _plan_all(self) -> None:
        await self._maintenance.reassign_overdue()
        await self._planner.plan()

    async def _watch_clock(self) -> None:
        """Run all jobs at once when the system's clock is set. APScheduler would wait until it shows the old time again."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            step = self._steps.step()
            if abs(step) > MAX_STEP:
                log.warning(
                    "the system's clock jumped by %+.0f s; everything that's due runs now", step.total_seconds()
                )
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=self._steps.now())

    async def stop(self) -> None:
        """Stop ticking. Messages being sent are finished first."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            await asyncio.wait({self._watchdog})
        if self._scheduler.running:
            self._scheduler.pause()
        await self._worker.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _reload_packs(self) -> None:
        await asyncio.to_thread(self._library.reload_if_changed)


def _surviving(job: Callable[[], Awaitable[object]], name: str, limit: float | None) -> Callable[[], Awaitable[None]]:
    """Wrap a job so that no outage, bug or endless wait keeps it from running again. `limit` is in seconds.

    All log lines of one run carry the same code.
    """

    async def run() -> None:
        with logs.request():
            deadline = asyncio.timeout(limit)
            try:
                async with deadline:
                    await job()
            except DatabaseProblem as problem:
                log.warning("%s", problem)
            except Exception:
                if deadline.expired():
                    log.warning("%s was stopped after %g s; trying again", name, limit)
                else:
                    log.exception("%s broke; trying again", name)

    return run
