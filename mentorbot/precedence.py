"""Precedence on a busy bot: of answers in progress over new requests, and of both over work nobody waits for.

All of it shares one event loop. On a busy bot, everything that has begun slows down everything else, so what can wait begins
later: messages to send and pages to bring up to date, and beyond that, requests that have just come in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MANY_ANSWERS = 8
"""Answers in progress at once that make the bot busy. On a quiet bot, each takes some milliseconds."""
MOST_ANSWERS = 64
"""The most answers in progress at once; more would make all of them late: bolt asks 100 times a second if each is done."""
MAX_WAIT_SECONDS = 0.05
"""The longest that answers hold up whoever is next in a line, so at least twenty of each line begin in a second."""


class Precedence:
    """Counter of people's answers in progress, and the lines of what gives way to them."""

    def __init__(self) -> None:
        self._answers = 0
        self._requests = _Line(MOST_ANSWERS)
        self._work = _Line(MANY_ANSWERS)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count an answer that someone waits for."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    async def take_turn(self) -> None:
        """Wait with a request someone has just made until there are few enough answers in progress to begin with it."""
        await self._requests.wait()

    async def give_way(self) -> None:
        """Wait with work that nobody waits for until there are only few answers in progress."""
        await self._work.wait()

    def _count(self, number: int) -> None:
        self._answers += number
        for line in (self._requests, self._work):
            line.set_answers(self._answers)


class _Line:
    """A line that moves one by one: at once below `limit` answers in progress, otherwise after `MAX_WAIT_SECONDS` each."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._room = asyncio.Event()
        self._room.set()
        self._lock = asyncio.Lock()

    def set_answers(self, number: int) -> None:
        """Say how many answers are in progress."""
        if number < self._limit:
            self._room.set()
        else:
            self._room.clear()

    async def wait(self) -> None:
        """Wait for a turn."""
        if self._room.is_set() and not self._lock.locked():
            return
        with suppress(TimeoutError):
            async with self._lock, asyncio.timeout(MAX_WAIT_SECONDS):
                await self._room.wait()
