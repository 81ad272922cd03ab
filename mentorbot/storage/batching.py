"""Group commit: requests that several tasks make of the database at the same moment share one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from mentorbot.errors import within

GROUP_SECONDS = 30.0
"""Time a group may take. Each takes milliseconds, and a SQLite file that's locked gives up after ten seconds."""
Request = TypeVar("Request")
Answer = TypeVar("Answer")


class GroupCommit(Generic[Request, Answer]):
    """Batcher that hands requests to `work` in groups. Requests that come in while a group is processed form the next one.

    `work` gets a group in the order its requests came in, and returns the answers in the same order. If it raises, everyone in
    the group gets the error. `name` is the name of the tasks.
    """

    def __init__(self, work: Callable[[Sequence[Request]], Awaitable[Sequence[Answer]]], name: str) -> None:
        self._work, self._name = work, name
        self._busy = asyncio.Lock()
        self._waiting: list[Request] = []
        self._next: asyncio.Task[Sequence[Answer]] | None = None

    async def submit(self, request: Request) -> Answer:
        """Answer one request. If its caller is cancelled, the others in the group still get their answers."""
        if self._next is None:
            self._next = asyncio.create_task(self._run(), name=self._name)
        index = len(self._waiting)
        self._waiting.append(request)
        return (await asyncio.shield(self._next))[index]

    async def _run(self) -> Sequence[Answer]:
        async with self._busy:
            requests, self._waiting, self._next = self._waiting, [], None
            # Everyone else waits for this group, so one dead connection mustn't hold it up for long.
            return await within(GROUP_SECONDS, self._work(requests), self._name)
