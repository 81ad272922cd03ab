"""The path of a delivery from due to settled, which stays short enough to keep in mind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from tests.fake_platform import InjectedFailure

from .conftest import DUE, MINUTE, Bot

MODULES_ON_PATH = ("mentorbot.delivery.", "mentorbot.domain.delivery_policy", "mentorbot.storage.")
"""The modules that may decide on, send or record a delivery, by the start of their names."""


def module_of(frame: FrameType | None) -> str:
    """Name the module whose code `frame` runs."""
    return str(frame.f_globals.get("__name__", "")) if frame else ""


@contextmanager
def called_modules() -> Iterator[set[str]]:
    """Collect the delivery modules that run, and the other `MODULES_ON_PATH` they call directly."""
    modules: set[str] = set()

    def record(frame: FrameType, event: str, _: object) -> None:
        module = module_of(frame)
        by_delivery = "mentorbot.delivery." in module or module_of(frame.f_back).startswith("mentorbot.delivery.")
        builds_record = frame.f_code.co_name == "__init__"
        if event == "call" and module.startswith(MODULES_ON_PATH) and by_delivery and not builds_record:
            modules.add(module)

    sys.setprofile(record)
    try:
        yield modules
    finally:
        sys.setprofile(None)


# On PostgreSQL, jobs only decide which worker takes the row.
@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("failures", [0, 1])
async def test_delivery_goes_through_six_modules(bot: Bot, failures: int) -> None:
    await bot.post_weekly()
    bot.clock.travel_to(DUE)
    await bot.scheduler._planner.plan()
    bot.platform.failures.extend([InjectedFailure.LOST] * failures)
    with called_modules() as modules:
        await bot.scheduler._worker.run()
        bot.clock.travel_to(DUE + failures * MINUTE)
        await bot.scheduler._worker.run()
    assert await bot.states() == ["sent"]
    assert modules == {
        "mentorbot.delivery.worker",
        "mentorbot.delivery.sender",
        "mentorbot.delivery.content",
        "mentorbot.delivery.retry",
        "mentorbot.domain.delivery_policy",
        "mentorbot.storage.delivery_queue",
    }
