"""The delivery workers: they run `Sender.deliver` for what is ready. Neither the planner nor the sender knows which one it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from mentorbot.clock import Clock
from mentorbot.delivery.sender import Sender
from mentorbot.domain.deliveries import Delivery
from mentorbot.storage import Store

log = logging.getLogger(__name__)

SEND_CONCURRENCY = 32
READ_BATCH = 100
SEND_DRAIN_SECONDS = 30
RESCHEDULE_WITHIN = timedelta(minutes=1)
"""What waits no longer than this, for a slot or after an error, gets a job for it; anything later gets one when it's due."""


class DeliveryWorker(Protocol):
    """Brings deliveries to the sender."""

    async def run(self) -> None:
        """Deliver until nothing is ready. One call at a time."""
        ...

    async def stop(self) -> None:
        """Take no more, and wait for what is being sent (30 s)."""
        ...


def make_worker(store: Store, sender: Sender, clock: Clock) -> DeliveryWorker:
    """Choose the worker for this database: jobs where it keeps them, else the rows themselves."""
    return RowWorker(store, sender, clock) if store.jobs is None else JobWorker(store, sender, clock)


class RowWorker:
    """Takes pending rows, oldest first. After a restart it simply begins again from them."""

    def __init__(self, store: Store, sender: Sender, clock: Clock) -> None:
        self._queue, self._sender, self._clock = store.queue, sender, clock
        self._busy = asyncio.Lock()

    async def run(self) -> None:
        """Deliver until nothing is ready."""
        tried: set[int] = set()
        async with self._busy:
            while not self._sender.stopping:
                ready = await self._queue.ready(self._clock.now(), self._sender.platforms, READ_BATCH)
                # A delivery that was tried and is still ready would be tried without end.
                ready = [delivery_id for delivery_id in ready if delivery_id not in tried]
                if not ready:
                    break
                tried.update(ready)
                await deliver_all(self._sender, await self._queue.read(ready))

    async def stop(self) -> None:
        """Take no more, and wait for what is being sent (30 s)."""
        self._sender.stopping = True
        try:
            async with asyncio.timeout(SEND_DRAIN_SECONDS), self._busy:
                return
        except TimeoutError:
            _warn_of_unfinished()


class JobWorker:
    """Runs the jobs of PostgreSQL's queue, beside any number of other processes."""

    def __init__(self, store: Store, sender: Sender, clock: Clock) -> None:
        self._store, self._sender, self._clock = store, sender, clock
        self._jobs_task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Run jobs until none is ready, and add those for what has none."""
        more = True
        while self._store.jobs is not None and more and not self._sender.stopping:
            more = await self._store.queue.enqueue_due(self._clock.now(), self._sender.platforms)
            work = self._store.jobs.work(self._deliver_job, self._sender.platforms)
            self._jobs_task = asyncio.create_task(work, name="delivery jobs")
            await self._finish(self._jobs_task)

    async def _finish(self, task: asyncio.Task[None]) -> None:
        """Wait for the jobs. `stop` alone cancels them; our own cancellation passes through, and takes them along."""
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.cancel()
            raise
        if not task.cancelled():
            task.result()

    async def _deliver_job(self, ids: list[int]) -> tuple[list[int], timedelta] | None:
        """Deliver one job's share; what has to be looked at again, and after how long."""
        await deliver_all(self._sender, await self._store.queue.read(ids))
        unsettled = await self._store.queue.unsettled(ids)
        if unsettled is None:
            return None
        pending, at = unsettled
        early, wait = at > self._clock.now(), self._clock.time_until(at)
        if wait > RESCHEDULE_WITHIN:
            return None
        # On a clock that stands still a job would run without end; whoever moves it finds what is due then.
        return None if early and not wait else (pending, wait)

    async def stop(self) -> None:
        """Take no more, and wait for what is being sent (30 s); what hasn't begun goes back to the queue."""
        self._sender.stopping = True
        if self._jobs_task is None or self._jobs_task.done():
            return
        self._jobs_task.cancel()
        await asyncio.wait({self._jobs_task}, timeout=SEND_DRAIN_SECONDS)
        if not self._jobs_task.done():
            _warn_of_unfinished()


def _warn_of_unfinished() -> None:
    log.warning("a message was still being sent after %s s; it's looked up after the restart", SEND_DRAIN_SECONDS)


async def deliver_all(sender: Sender, deliveries: Sequence[Delivery]) -> None:
    """Deliver a few at a time. Each of them comes to its end, whatever happens to one: none is cut off while sending."""
    waiting = iter(deliveries)

    async def deliver_some() -> None:
        for delivery in waiting:
            if sender.stopping:
                return
            await sender.deliver(delivery)

    senders = (deliver_some() for _ in range(min(SEND_CONCURRENCY, len(deliveries))))
    for result in await asyncio.gather(*senders, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
