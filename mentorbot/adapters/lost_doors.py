"""Platforms that have closed their connection for good, e.g. because a token was revoked: say so, and end with the last one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol, runtime_checkable

from mentorbot.errors import OperatorError
from mentorbot.log_limit import LINE_EVERY_SECONDS

log = logging.getLogger(__name__)


@runtime_checkable
class EndsForGood(Protocol):
    """An adapter whose platform can close the connection for good."""

    async def lost(self) -> OperatorError:
        """Wait until the platform closes the connection for good, and return the reason."""
        ...


async def run_until_lost(stop_requested: asyncio.Event, adapters: Iterable[object]) -> None:
    """Wait until this process is to stop. While some of the adapters are lost, say so once a minute.

    Raises:
        OperatorError: all of the adapters are lost, so this process hears nobody.
    """
    adapters = list(adapters)
    waiting = {
        asyncio.create_task(adapter.lost(), name="lost") for adapter in adapters if isinstance(adapter, EndsForGood)
    }
    stopping: asyncio.Task[object] = asyncio.create_task(stop_requested.wait(), name="stop requested")
    lost: list[OperatorError] = []
    try:
        while not stopping.done():
            timeout = LINE_EVERY_SECONDS if lost else None
            done, _ = await asyncio.wait({stopping, *waiting}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            lost += [task.result() for task in waiting & done]
            waiting -= done
            if lost and len(lost) == len(adapters):
                raise lost[-1]
            if lost and not stopping.done():
                log.critical("only part of mentorbot is running. %s", " ".join(map(str, lost)))
    finally:
        for task in (stopping, *waiting):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
