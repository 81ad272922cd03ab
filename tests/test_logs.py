"""The log: a code for each request, no words of people, and one line a minute for what would otherwise be a flood."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys

import pytest

from mentorbot import logs
from mentorbot.adapters.in_flight import InFlight
from mentorbot.errors import DatabaseProblem

OURS = logging.getLogger("mentorbot.test")
THEIRS = logging.getLogger("somebodys.library")


def record(
    logger: logging.Logger, level: int, message: str, *args: object, error: Exception | None = None
) -> logging.LogRecord:
    """One record, as `logger` would make it."""
    info = (type(error), error, error.__traceback__) if error else None
    return logger.makeRecord(logger.name, level, "file.py", 1, message, args, info)


class Time:
    """A monotonic clock that's moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def problem() -> Exception:
    """An error that a database problem led to."""
    error = RuntimeError("a command failed")
    error.__cause__ = DatabaseProblem("The database bot on db: No server answers there.")
    return error


def test_an_outage_is_one_line_a_minute_without_a_traceback() -> None:
    time = Time()
    repeats = logs.RepeatFilter(time)
    first = record(OURS, logging.ERROR, "a command failed", error=problem())
    assert repeats.filter(first)
    assert (first.getMessage(), first.exc_info) == ("The database bot on db: No server answers there.", None)
    for _ in range(12):
        assert not repeats.filter(record(OURS, logging.ERROR, "another failed", error=problem()))
        assert not repeats.filter(record(OURS, logging.WARNING, "%s", problem().__cause__))
    time.now = logs.REPEAT_SECONDS
    later = record(OURS, logging.WARNING, "%s", problem().__cause__)
    assert repeats.filter(later)
    assert later.getMessage().endswith("(and 24 more like this)")


def test_a_librarys_warning_comes_once_a_minute_and_ours_each_time() -> None:
    repeats = logs.RepeatFilter(Time())
    assert repeats.filter(record(THEIRS, logging.WARNING, "lost %s", 1))
    assert not repeats.filter(record(THEIRS, logging.WARNING, "lost %s", 2))
    assert repeats.filter(record(THEIRS, logging.WARNING, "found %s", 1))
    assert repeats.filter(record(THEIRS, logging.INFO, "lost %s", 1))
    assert all(repeats.filter(record(OURS, logging.WARNING, "lost %s", 1)) for _ in range(3))


async def test_each_answer_in_flight_has_its_own_code() -> None:
    in_flight = InFlight()

    async def answer() -> tuple[str, str]:
        with in_flight:
            before = logs.request_code()
            await asyncio.sleep(0)
            with in_flight, logs.request() as inner:
                assert inner == before
            return before, logs.request_code()

    codes = await asyncio.gather(answer(), answer())
    assert [before == after for before, after in codes] == [True, True]
    assert codes[0] != codes[1]
    assert logs.request_code() not in codes[0] + codes[1]


_PROGRAM = """
import logging, sqlite3
from mentorbot import logs
logs.configure("DEBUG", as_json={as_json})
logging.getLogger("aiosqlite").debug("executing %r", "what somebody wrote")
logging.getLogger("markdown_it.rules_block").debug("entering %r", "what somebody wrote")
logging.getLogger("mentorbot.x").debug("a detail of ours")
with logs.request() as code:
    try:
        secret = "what somebody wrote"
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("mentorbot.x").exception("it broke (%s)", code)
"""


@pytest.mark.parametrize("as_json", [True, False])
def test_debug_shows_ours_and_no_words_of_people(as_json: bool) -> None:
    result = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(as_json=as_json)],
        env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = result.stderr.splitlines()
    assert "a detail of ours" in lines[0]
    assert "ValueError: broken" in result.stderr
    assert "what somebody wrote" not in result.stderr.replace('secret = "what somebody wrote"', "")
    if as_json:
        event = json.loads(lines[1])
        assert event["event"] == f"it broke ({event['request']})"
        assert {"level", "logger", "timestamp", "exception"} <= set(event)
    else:
        assert "request=" in lines[1]
