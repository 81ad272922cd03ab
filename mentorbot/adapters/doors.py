"""The doors of one process: its connections to chat platforms. One that can't open doesn't close the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, MutableMapping
from typing import Protocol

from mentorbot import metrics
from mentorbot.chat.platform import ChatPlatform
from mentorbot.errors import EXIT_OUTAGE, OperatorError

log = logging.getLogger(__name__)
RETRY_SECONDS = 60.0
"""Time until a platform that was down is tried again."""


class ChatAdapter(Protocol):
    """The connection to one chat platform."""

    @property
    def platform(self) -> ChatPlatform:
        """The platform, for sending."""
        ...

    async def start(self, *, listen: bool = True) -> None:
        """Connect, to `listen` and send, or only to send.

        Raises:
            BadSettings: a token is missing, wrong or revoked; nothing stays open.
            PlatformDown: the platform gives no usable answer; nothing stays open.
        """
        ...

    async def stop(self) -> None:
        """Let answers in flight finish, then disconnect."""
        ...

    async def trouble(self) -> str:
        """Say what's wrong with the connection; "" if it works."""
        ...


Build = Callable[[], ChatAdapter]


class Doors:
    """Adapters by name, each built when it's opened. Those that are open send through `platforms`."""

    def __init__(
        self, builds: Mapping[str, Build], platforms: MutableMapping[str, ChatPlatform], *, listen: bool = True
    ) -> None:
        self._builds, self._platforms, self._listen = builds, platforms, listen
        self._open: dict[str, ChatAdapter] = {}
        self._closed: dict[str, OperatorError] = {}
        self._retries: list[asyncio.Task[None]] = []

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all doors, open or not."""
        return tuple(self._builds)

    @property
    def open_names(self) -> tuple[str, ...]:
        """Names of the doors that are open."""
        return tuple(self._open)

    @property
    def hoped_for(self) -> tuple[object, ...]:
        """The open adapters, and something for each door that's still being tried: it isn't lost."""
        return (*self._open.values(), *self._retries)

    async def start(self) -> None:
        """Open all doors side by side. Where a platform is down, its door is tried again until it opens.

        Raises:
            OperatorError: none could be opened. It's one that may be over soon, if there's any.
        """
        try:
            async with asyncio.TaskGroup() as opening:
                for name in self._builds:
                    opening.create_task(self._try_to_open(name), name=f"open {name}")
        except ExceptionGroup as group:
            raise group.exceptions[0] from group
        if not self._open:
            failures = list(self._closed.values())
            for failure in failures[1:]:
                log.error("%s", failure)
            raise next((failure for failure in failures if failure.exit_status == EXIT_OUTAGE), failures[0])
        for name, failure in self._closed.items():
            log.error("%s didn't start; everything else is running. %s", name, failure)
            if failure.exit_status == EXIT_OUTAGE:
                self._retries.append(asyncio.create_task(self._retry(name), name=f"retry {name}"))

    async def _try_to_open(self, name: str) -> None:
        try:
            adapter = self._builds[name]()
            await adapter.start(listen=self._listen)
        except OperatorError as error:
            self._closed[name] = error
            return
        self._closed.pop(name, None)
        self._open[name] = adapter
        self._platforms[adapter.platform.platform] = adapter.platform

    async def _retry(self, name: str) -> None:
        while name in self._closed and self._closed[name].exit_status == EXIT_OUTAGE:
            await asyncio.sleep(RETRY_SECONDS)
            await self._try_to_open(name)
        if name in self._open:
            log.info("%s is open now", name)

    async def stop(self) -> None:
        """Close all doors, the last one opened first."""
        for retry in self._retries:
            retry.cancel()
        await asyncio.gather(*self._retries, return_exceptions=True)
        for name in reversed(list(self._open)):
            await self._open.pop(name).stop()

    async def trouble(self, name: str) -> str:
        """Say what's wrong with one door; "" if it works."""
        adapter = self._open.get(name)
        trouble = await adapter.trouble() if adapter else str(self._closed.get(name, "not open yet"))
        metrics.GATEWAY.labels(name).set(0 if trouble else 1)
        return trouble
