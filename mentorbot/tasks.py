"""Waits for child tasks, with a child's cancellation told apart from the caller's own."""

from __future__ import annotations

import asyncio
from typing import TypeVar

T = TypeVar("T")


class ChildCancelledError(RuntimeError):
    """A child task was cancelled while its parent was not."""


async def join(task: asyncio.Task[T]) -> T:
    """Wait for a child task and return its result.

    A bare `await task` raises CancelledError both when the child was cancelled and when the caller was, so the caller can't tell
    whether it has to stop. Here CancelledError always means the caller; the child is then cancelled with it.

    Raises:
        ChildCancelledError: someone cancelled the child alone.
    """
    if not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task})  # so that nothing of the child runs after its parent has ended
            raise
    if task.cancelled():
        raise ChildCancelledError(f"the task {task.get_name()!r} was cancelled")
    return task.result()
