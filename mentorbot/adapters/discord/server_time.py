"""Discord's time, by the Date of its responses: an interaction's age must not depend on how right this machine's clock is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp


class ServerTime:
    """Discord's time, up to a second behind."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._known: tuple[datetime, float] | None = None

    def watch(self, trace: aiohttp.TraceConfig) -> aiohttp.TraceConfig:
        """Read the Date of every response to requests with this trace."""

        async def read(_: aiohttp.ClientSession, __: SimpleNamespace, ended: aiohttp.TraceRequestEndParams) -> None:
            self.record(ended.response.headers.get("Date", ""))

        trace.on_request_end.append(read)
        return trace

    def record(self, date: str) -> None:
        """Take over the time of a Date header; one that can't be read changes nothing."""
        try:
            self._known = (parsedate_to_datetime(date).replace(tzinfo=UTC), self._monotonic())
        except ValueError:
            return

    def age(self, created_at: datetime) -> timedelta:
        """Compute how long ago something was made at Discord; zero as long as Discord's time isn't known."""
        if self._known is None:
            return timedelta(0)
        date, at = self._known
        return date + timedelta(seconds=self._monotonic() - at) - created_at
