"""One log line a minute for something that may happen a thousand times a minute."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

LINE_EVERY_SECONDS = 60.0


class _Lines:
    """Remembers when each message was last written, and counts how often it was left out since then."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._written: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    def take(self, message: str) -> int | None:
        """Return how many lines were left out before this one; None if this one has to be left out, too."""
        now = self._monotonic()
        if now - self._written.get(message, -LINE_EVERY_SECONDS) < LINE_EVERY_SECONDS:
            self._left_out[message] = self._left_out.get(message, 0) + 1
            return None
        self._written[message] = now
        return self._left_out.pop(message, 0)


class LimitedLog:
    """Write each message to `log` at most once a minute, with the number of times it was left out.

    Messages are told apart by their text before arguments are filled in.
    """

    def __init__(self, log: logging.Logger, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._log, self._lines = log, _Lines(monotonic)

    def log(self, level: int, message: str, *args: object, exc_info: BaseException | None = None) -> None:
        """Write a message, or count it."""
        left_out = self._lines.take(message)
        if left_out is not None:
            self._log.log(level, f"{message}%s", *args, _more(left_out), exc_info=exc_info)

    def warning(self, message: str, *args: object) -> None:
        """Write or count a warning."""
        self.log(logging.WARNING, message, *args)


class LimitedLines(logging.Filter):
    """Hold a library's logger to one line a minute for each message that begins with one of `beginnings`."""

    def __init__(self, *beginnings: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._beginnings, self._lines = beginnings, _Lines(monotonic)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record through, with the number of those left out before it."""
        message = str(record.msg)
        beginning = next((text for text in self._beginnings if message.startswith(text)), None)
        if beginning is None:
            return True
        left_out = self._lines.take(beginning)
        if left_out:
            record.msg = message + _more(left_out)
        return left_out is not None


def _more(left_out: int) -> str:
    return f" (and {left_out} more like this)" if left_out else ""
