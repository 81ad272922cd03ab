"""The delivery workers, which run `Sender.deliver` for what is ready. The planner and the sender know neither of them."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from mentorbot.clock import Clock
from mentorbot.delivery.sender import Lane, Sender
from mentorbot.domain.deliveries import Delivery
from mentorbot.errors import within
from mentorbot.precedence import Precedence
from mentorbot.storage import Store
from mentorbot.tasks import ChildCancelledError, join

log = logging.getLogger(__name__)

SEND_CONCURRENCY = 32
READ_BATCH = 100
READ_SECONDS = 20.0
"""Time for reading some deliveries. It takes milliseconds, unless the connection is dead."""
SEND_DRAIN_SECONDS = 30
RESCHEDULE_WITHIN = timedelta(minutes=1)
"""Limit for giving a waiting delivery its next job now, be it for a slot or after an error. A later one gets its job when due."""


class DeliveryWorker(Protocol):
    """Protocol of a worker: it brings deliveries to the sender."""

    async def run(self) -> None:
        """Deliver until nothing is ready. One call at a time."""
        ...

    async def stop(self) -> None:
        """Begin no more deliveries, and wait up to `SEND_DRAIN_SECONDS` for the ones being sent."""
        ...


def make_worker(store: Store, sender: Sender, clock: Clock, precedence: Precedence) -> DeliveryWorker:
    """Choose the worker for this database: one that runs jobs where there is a job queue, otherwise one that reads the rows."""
    worker = RowWorker if store.jobs is None else JobWorker
    return worker(store, sender, clock, precedence)


class RowWorker:
    """Worker that takes pending rows, oldest first. After a restart it simply starts over from them."""

    def __init__(self, store: Store, sender: Sender, clock: Clock, precedence: Precedence) -> None:
        self._queue, self._sender, self._clock = store.queue, sender, clock
        self._precedence = precedence
        self._busy = asyncio.Lock()

    async def run(self) -> None:
        """Deliver until nothing is ready."""
        tried: set[int] = set()
        async with self._busy:
            while not self._sender.stopping:
                ready = await within(
                    READ_SECONDS,
                    self._queue.ready(self._clock.now(), self._sender.platforms, READ_BATCH),
                    "finding messages",
                )
                # A delivery that was tried and is still ready would otherwise be tried forever.
                ready = [delivery_id for delivery_id in ready if delivery_id not in tried]
                if not ready:
                    break
                tried.update(ready)
                deliveries = await within(READ_SECONDS, self._queue.read(ready), "reading messages")
                await deliver_all(self._sender, deliveries, self._precedence)

    async def stop(self) -> None:
        """Begin no more deliveries, and wait up to `SEND_DRAIN_SECONDS` for the ones being sent."""
        self._sender.stopping = True
        try:
            async with asyncio.timeout(SEND_DRAIN_SECONDS), self._busy:
                return
        except TimeoutError:
            _warn_of_unfinished()


class JobWorker:
    """Worker that runs the jobs of PostgreSQL's queue, alongside any number of other processes."""

    def __init__(self, store: Store, sender: Sender, clock: Clock, precedence: Precedence) -> None:
        self._store, self._sender, self._clock = store, sender, clock
        self._precedence = precedence
        self._jobs_task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Run jobs until none is ready; due deliveries without a job get one first."""
        more = True
        while self._store.jobs is not None and more and not self._sender.stopping:
            due = self._store.queue.enqueue_due(self._clock.now(), self._sender.platforms)
            more = await within(READ_SECONDS, due, "finding messages")
            work = self._store.jobs.work(self._deliver_job, self._sender.platforms)
            self._jobs_task = asyncio.create_task(work, name="delivery jobs")
            with suppress(ChildCancelledError):  # `stop` cancels the jobs, not this call
                await join(self._jobs_task)

    async def _deliver_job(self, ids: list[int]) -> tuple[list[int], timedelta] | None:
        """Deliver the deliveries of one job. Returns the ids that need another job, and the time until then; None without any."""
        deliveries = await within(READ_SECONDS, self._store.queue.read(ids), "reading messages")
        await deliver_all(self._sender, deliveries, self._precedence)
        unsettled = await self._store.queue.unsettled(ids)
        if unsettled is None:
            return None
        pending, at = unsettled
        early, wait = at > self._clock.now(), self._clock.time_until(at)
        if wait > RESCHEDULE_WITHIN:
            return None
        # On a frozen clock the job would run forever. Whoever moves the clock delivers what is due then.
        return None if early and not wait else (pending, wait)

    async def stop(self) -> None:
        """Begin no more deliveries, and wait up to `SEND_DRAIN_SECONDS`. Jobs that haven't begun go back to the queue."""
        self._sender.stopping = True
        if self._jobs_task is None or self._jobs_task.done():
            return
        self._jobs_task.cancel()
        await asyncio.wait({self._jobs_task}, timeout=SEND_DRAIN_SECONDS)
        if not self._jobs_task.done():
            _warn_of_unfinished()


def _warn_of_unfinished() -> None:
    log.warning(
        "a message was still being sent after %s s; the next start will check whether it arrived", SEND_DRAIN_SECONDS
    )


async def deliver_all(sender: Sender, deliveries: Sequence[Delivery], precedence: Precedence) -> None:
    """Deliver a few at a time, with the lanes taking turns, so one that's slow takes up one place and no more.

    People's answers go first.
    An error in one doesn't cut off the others while they're being sent; it's raised at the end.
    """
    by_lane: dict[Lane, deque[Delivery]] = {}
    for delivery in deliveries:
        by_lane.setdefault(sender.lane(delivery), deque()).append(delivery)
    lanes = deque(by_lane.values())

    async def deliver_some() -> None:
        while lanes and not sender.stopping:
            lane = lanes.popleft()
            await precedence.give_way()
            await sender.deliver(lane.popleft())
            if lane:
                lanes.append(lane)

    senders = [
        asyncio.create_task(deliver_some(), name=f"sender {number}")
        for number in range(min(SEND_CONCURRENCY, len(lanes)))
    ]
    for result in await asyncio.gather(*senders, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
