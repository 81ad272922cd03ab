"""One line a minute for what may happen a thousand times."""

from __future__ import annotations

import logging

import pytest

from mentorbot.log_limit import LimitedLines, LimitedLog


class Stopwatch:
    """A monotonic clock that's moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_line_a_minute_for_each_message(caplog: pytest.LogCaptureFixture) -> None:
    stopwatch = Stopwatch()
    limited = LimitedLog(logging.getLogger("limited"), stopwatch)
    for _ in range(1_000):
        limited.warning("%s is away", "the database")
    limited.warning("something else")
    stopwatch.seconds = 60
    limited.warning("%s is away", "the database")
    assert caplog.messages == [
        "the database is away",
        "something else",
        "the database is away (and 999 more like this)",
    ]


def test_library_lines_are_limited_and_others_pass(caplog: pytest.LogCaptureFixture) -> None:
    stopwatch, library = Stopwatch(), logging.getLogger("limited.library")
    lines = LimitedLines("Invalid", monotonic=stopwatch)
    library.addFilter(lines)
    try:
        for number in range(3):
            library.warning("Invalid request")
            library.warning("other %s", number)
        stopwatch.seconds = 61
        library.warning("Invalid request")
    finally:
        library.removeFilter(lines)
    assert caplog.messages == [
        "Invalid request",
        "other 0",
        "other 1",
        "other 2",
        "Invalid request (and 2 more like this)",
    ]
