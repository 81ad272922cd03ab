"""Track work in progress, so an adapter can let it finish before closing."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from contextvars import ContextVar
from types import TracebackType

from mentorbot import logs

DRAIN_SECONDS = 10
"""Time a stopping adapter waits for answers in progress. The web server uses the same limit."""
_entered: ContextVar[tuple[ExitStack, ...]] = ContextVar("entered", default=())
"""The counts each answer in progress has to leave again. Answers are tasks of their own, so each has its own."""


class InFlight:
    """Counter of answers in progress: enter it for each answer, then `drained` waits for the count to reach zero.

    All log lines of an answer carry the same code.
    """

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def __enter__(self) -> None:
        self._count += 1
        self._idle.clear()
        stack = ExitStack()
        stack.enter_context(logs.request())
        _entered.set((*_entered.get(), stack))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        *outer, stack = _entered.get()
        _entered.set(tuple(outer))
        stack.close()
        self._count -= 1
        if not self._count:
            self._idle.set()

    async def drained(self) -> None:
        """Wait until nothing is in progress, for at most `DRAIN_SECONDS`."""
        try:
            await asyncio.wait_for(self._idle.wait(), DRAIN_SECONDS)
        except TimeoutError:
            return  # closing has to go on: an answer that still hangs would hold up the whole process
