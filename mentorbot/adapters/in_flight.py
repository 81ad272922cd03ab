"""Counting what is being answered, so that a door can wait for it before it closes."""

from __future__ import annotations

import asyncio
from types import TracebackType

DRAIN_SECONDS = 10


class InFlight:
    """A context manager for each answer; `drained` waits until none is left."""

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
        """Wait until nothing is being answered, at most ten seconds."""
        try:
            await asyncio.wait_for(self._idle.wait(), DRAIN_SECONDS)
        except TimeoutError:
            return
