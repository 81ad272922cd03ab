"""The carriers: they run `Sender.deliver` for what is ready. Neither the planner nor the sender knows which one it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from mentorbot.clock import Clock
from mentorbot.delivery.sender import Sender
from mentorbot.storage import Store
from mentorbot.storage.deliveries import ScheduledDelivery

log = logging.getLogger(__name__)
SEND_CONCURRENCY = 32
READ_BATCH = 100
SEND_DRAIN_SECONDS = 30
RESCHEDULE_WITHIN = timedelta(minutes=1)
"""What waits for so long at most, for a slot or after a fault, has a job for it; later ones get theirs when they are due."""


class DeliveryWorker(Protocol):
    """Brings deliveries to the sender."""

    async def carry(self) -> None:
        """Deliver until nothing is ready. One call at a time."""
        ...

    async def stop(self) -> None:
        """Take no more, and wait for what is being sent (30 s)."""
        ...


def make_worker(store: Store, sender: Sender, clock: Clock) -> DeliveryWorker:
    """The carrier of this database: jobs where it keeps them, else the rows themselves."""
    return RowWorker(store, sender, clock) if store.jobs is None else JobWorker(store, sender, clock)


class RowWorker:
    """Takes pending rows, oldest first. After a restart it simply begins again from them."""

    def __init__(self, store: Store, sender: Sender, clock: Clock) -> None:
        self._queue, self._sender, self._clock = store.queue, sender, clock
        self._busy = asyncio.Lock()

    async def carry(self) -> None:
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
            log.warning(
                "a message was still being sent after %s s; it is looked up after the restart", SEND_DRAIN_SECONDS
            )


class JobWorker:
    """Runs the jobs of PostgreSQL's queue, beside any number of other processes."""

    def __init__(self, store: Store, sender: Sender, clock: Clock) -> None:
        self._store, self._sender, self._clock = store, sender, clock
        self._work: asyncio.Task[None] | None = None

    async def carry(self) -> None:
        """Run jobs until none is ready, and put down those for what has none."""
        more = True
        while self._store.jobs is not None and more and not self._sender.stopping:
            more = await self._store.queue.enlist_due(self._clock.now(), self._sender.platforms)
            self._work = asyncio.create_task(self._store.jobs.work(self._job, self._sender.platforms))
            try:
                await self._work
            except asyncio.CancelledError:
                if not self._sender.stopping:
                    raise

    async def _job(self, ids: list[int]) -> tuple[list[int], timedelta] | None:
        await deliver_all(self._sender, await self._store.queue.read(ids))
        left = await self._store.queue.left(ids)
        if left is None:
            return None
        early, wait = left[1] > self._clock.now(), self._clock.time_until(left[1])
        if wait > RESCHEDULE_WITHIN:
            return None
        # On a clock that stands still a job would run without end; whoever moves it finds what is due then.
        return None if early and not wait else (left[0], wait)

    async def stop(self) -> None:
        """Take no more, and wait for what is being sent (30 s); what was not begun goes back to the queue."""
        self._sender.stopping = True
        if self._work is None or self._work.done():
            return
        self._work.cancel()
        await asyncio.wait([self._work], timeout=SEND_DRAIN_SECONDS)
        if not self._work.done():
            log.warning(
                "a message was still being sent after %s s; it is looked up after the restart", SEND_DRAIN_SECONDS
            )


async def deliver_all(sender: Sender, receipts: Sequence[ScheduledDelivery]) -> None:
    """Deliver a few at a time. All workers come to their end, whatever befalls one of them: none is cut off while sending."""
    waiting = iter(receipts)

    async def worker() -> None:
        for delivery, schedule in waiting:
            if sender.stopping:
                return
            await sender.deliver(delivery, schedule)

    results = await asyncio.gather(
        *(worker() for _ in range(min(SEND_CONCURRENCY, len(receipts)))), return_exceptions=True
    )
    for result in results:
        if isinstance(result, BaseException):
            raise result
