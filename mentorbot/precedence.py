"""Precedence of people's answers over work nobody waits for: messages to send, and pages to bring up to date.

All of it shares one event loop. On a busy bot, everything that has begun slows down everything else, so what can wait begins
later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MANY_ANSWERS = 8
"""Answers in progress at once that make the bot busy. On a quiet bot, each takes some milliseconds."""
MAX_WAIT_SECONDS = 0.05
"""The longest that answers hold up whoever is next in line, so at least twenty pieces of work begin in a second."""


class Precedence:
    """Counter of people's answers in progress, and the line of what gives way to them."""

    def __init__(self) -> None:
        self._answers = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._line = asyncio.Lock()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count an answer that someone waits for."""
        self._answers += 1
        if self._answers >= MANY_ANSWERS:
            self._quiet.clear()
        try:
            yield
        finally:
            self._answers -= 1
            if self._answers < MANY_ANSWERS:
                self._quiet.set()

    async def give_way(self) -> None:
        """Wait for a turn: one after the other, each for `MAX_WAIT_SECONDS` at most while many answers are in progress."""
        with suppress(TimeoutError):
            async with self._line, asyncio.timeout(MAX_WAIT_SECONDS):
                await self._quiet.wait()
