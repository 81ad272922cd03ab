"""The in-process carrier: takes pending deliveries from the database, oldest first, a few at a time."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from mentorbot.clock import Clock
from mentorbot.errors import DatabaseProblem
from mentorbot.schedule.sender import Sender
from mentorbot.storage import Store

log = logging.getLogger(__name__)

AT_ONCE = 8
BATCH = 100
DRAIN_SECONDS = 30
_PAUSE = timedelta(minutes=1)


class Carrier:
    """Runs `Sender.deliver` for what is ready. After a restart it simply begins again from the rows."""

    def __init__(self, store: Store, sender: Sender, clock: Clock) -> None:
        self._queue, self._sender, self._clock = store.queue, sender, clock
        self._stopping = False
        self._busy = asyncio.Lock()

    async def carry(self) -> int:
        """Deliver until nothing is ready; how many were tried. One call at a time."""
        async with self._busy:
            total = 0
            while not self._stopping:
                ready = await self._queue.ready(self._clock.now(), self._sender.platforms, BATCH)
                if not ready:
                    break
                await self._deliver_all(ready)
                total += len(ready)
            return total

    async def _deliver_all(self, ready: list[int]) -> None:
        waiting = iter(ready)

        async def worker() -> None:
            for delivery_id in waiting:
                if self._stopping:
                    return
                await self._deliver(delivery_id)

        await asyncio.gather(*(worker() for _ in range(min(AT_ONCE, len(ready)))))

    async def _deliver(self, delivery_id: int) -> None:
        try:
            await self._sender.deliver(delivery_id)
        except DatabaseProblem:
            raise
        except Exception:
            # One broken delivery must not hold up the others; it is in doubt now and is looked up on the next tick.
            log.exception("delivery %s broke", delivery_id)
            await self._queue.postpone(
                delivery_id, self._clock.now() + _PAUSE, "it broke; see the log", arrived_never=False
            )

    async def stop(self) -> None:
        """Take no more, and wait for what is being sent (30 s)."""
        self._stopping = True
        try:
            async with asyncio.timeout(DRAIN_SECONDS), self._busy:
                return
        except TimeoutError:
            log.warning(
                "a message was still being sent after %s s; it will be looked up after the restart", DRAIN_SECONDS
            )
