"""Group commit: what several tasks ask of the database at the same moment is done in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class GroupCommit(Generic[Request, Answer]):
    """Hands requests to `work` in groups: all that came while the group before was at work, in the order in which they came.

    `work` answers each of them, in the same order. What it raises goes to everybody of the group.
    """

    def __init__(self, work: Callable[[Sequence[Request]], Awaitable[Sequence[Answer]]]) -> None:
        self._work = work
        self._busy = asyncio.Lock()
        self._waiting: list[Request] = []
        self._next: asyncio.Task[Sequence[Answer]] | None = None

    async def ask(self, request: Request) -> Answer:
        """The answer to one request. Who is cancelled meanwhile takes nothing away from the others."""
        if self._next is None:
            self._next = asyncio.create_task(self._run())
        place = len(self._waiting)
        self._waiting.append(request)
        return (await asyncio.shield(self._next))[place]

    async def _run(self) -> Sequence[Answer]:
        async with self._busy:
            requests, self._waiting, self._next = self._waiting, [], None
            return await self._work(requests)
