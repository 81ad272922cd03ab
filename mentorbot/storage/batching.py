"""Group commit: what several tasks ask of the database at the same moment is done in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class GroupCommit(Generic[Request, Answer]):
    """Hands requests to `work` in groups: everything that came while the group before was at work, in the order it came.

    `work` answers each of them, in the same order. What it raises goes to everyone in the group. `name` is that of the tasks.
    """

    def __init__(self, work: Callable[[Sequence[Request]], Awaitable[Sequence[Answer]]], name: str) -> None:
        self._work, self._name = work, name
        self._busy = asyncio.Lock()
        self._waiting: list[Request] = []
        self._next: asyncio.Task[Sequence[Answer]] | None = None

    async def submit(self, request: Request) -> Answer:
        """Answer one request. A caller that is cancelled meanwhile takes nothing away from the others."""
        if self._next is None:
            self._next = asyncio.create_task(self._run(), name=self._name)
        index = len(self._waiting)
        self._waiting.append(request)
        return (await asyncio.shield(self._next))[index]

    async def _run(self) -> Sequence[Answer]:
        async with self._busy:
            requests, self._waiting, self._next = self._waiting, [], None
            return await self._work(requests)
