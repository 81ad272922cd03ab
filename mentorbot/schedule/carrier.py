"""The in-process carrier: takes pending deliveries from the database, oldest first, a few at a time."""

from __future__ import annotations

import asyncio
import logging

from mentorbot.clock import Clock
from mentorbot.schedule.sender import Sender
from mentorbot.storage import Store

log = logging.getLogger(__name__)

AT_ONCE = 8
BATCH = 100
DRAIN_SECONDS = 30


class Carrier:
    """Runs `Sender.deliver` for what is ready. After a restart it simply begins again from the rows."""

    def __init__(self, store: Store, sender: Sender, clock: Clock) -> None:
        self._queue, self._sender, self._clock = store.queue, sender, clock
        self._stopping = False
        self._busy = asyncio.Lock()

    async def carry(self) -> int:
        """Deliver until nothing is ready; how many were tried. One call at a time."""
        tried: set[int] = set()
        async with self._busy:
            while not self._stopping:
                ready = await self._queue.ready(self._clock.now(), self._sender.platforms, BATCH)
                # A delivery that was tried and is still ready would be tried without end.
                ready = [delivery_id for delivery_id in ready if delivery_id not in tried]
                if not ready:
                    break
                tried.update(ready)
                await self._deliver_all(ready)
        return len(tried)

    async def _deliver_all(self, ready: list[int]) -> None:
        waiting = iter(ready)

        async def worker() -> None:
            for delivery_id in waiting:
                if self._stopping:
                    return
                await self._sender.deliver(delivery_id)

        # All workers come to their end, whatever befalls one of them: none is cut off in the middle of sending.
        workers = (worker() for _ in range(min(AT_ONCE, len(ready))))
        results = await asyncio.gather(*workers, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

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
