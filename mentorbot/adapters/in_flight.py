"""Track work in progress, so an adapter can let it finish before closing."""

from __future__ import annotations

import asyncio
from types import TracebackType

DRAIN_SECONDS = 10
"""Time a stopping adapter waits for answers in progress. The web server uses the same limit."""


class InFlight:
    """Counter of answers in progress: enter it for each answer, then `drained` waits for the count to reach zero."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def __enter__(self) -> None:
        self._count += 1
        self._idle.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._count -= 1
        if not self._count:
            self._idle.set()

    async def drained(self) -> None:
        """Wait until nothing is in progress, for at most `DRAIN_SECONDS`."""
        try:
            await asyncio.wait_for(self._idle.wait(), DRAIN_SECONDS)
        except TimeoutError:
            return  # closing has to go on: an answer that still hangs would hold up the whole process
