"""A pytest plugin that runs the tests on another day: `-p tests.odd_days --now '2028-02-29T00:00:30 Europe/Berlin'`.

time-machine moves the wall clock and the process's time zone and leaves the monotonic clock, so that timeouts still work.
Processes that a test starts keep the real date; the processes these tests start have nothing to do with it.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--now`."""
    parser.addoption("--now", help="the date and time the tests start at, in ISO format, and an IANA zone")


def pytest_configure(config: pytest.Config) -> None:
    """Move the clock before any test module is imported, in each of xdist's workers too."""
    date, _, zone = config.getoption("--now").partition(" ")
    moved = time_machine.travel(datetime.fromisoformat(date).replace(tzinfo=ZoneInfo(zone)), tick=True)
    moved.start()
    config.add_cleanup(moved.stop)
