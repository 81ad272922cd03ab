"""The path of a delivery, from a row that's due to one that's settled, is short enough to keep in mind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from tests.fake_platform import InjectedFailure

from .conftest import DUE, MINUTE, Bot

ROOMS = ("mentorbot.delivery.", "mentorbot.domain.delivery_policy", "mentorbot.storage.")
"""Where a delivery is decided on, sent and recorded; what lies behind the queue is storage's own affair."""


def module_of(frame: FrameType | None) -> str:
    """The module whose code a frame runs."""
    return str(frame.f_globals.get("__name__", "")) if frame else ""


@contextmanager
def called_modules() -> Iterator[set[str]]:
    """Collect the modules in `ROOMS` that delivery calls meanwhile, and those of delivery itself that run."""
    modules: set[str] = set()

    def record(frame: FrameType, event: str, _: object) -> None:
        module = module_of(frame)
        by_delivery = "mentorbot.delivery." in module or module_of(frame.f_back).startswith("mentorbot.delivery.")
        builds_record = frame.f_code.co_name == "__init__"
        if event == "call" and module.startswith(ROOMS) and by_delivery and not builds_record:
            modules.add(module)

    sys.setprofile(record)
    try:
        yield modules
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)  # jobs on PostgreSQL only decide who takes the row
@pytest.mark.parametrize("failures", [0, 1])
async def test_delivery_goes_through_six_modules(bot: Bot, failures: int) -> None:
    await bot.post_weekly()
    bot.clock.travel_to(DUE)
    await bot.scheduler._planner.plan()
    bot.platform.faults.extend([InjectedFailure.LOST] * failures)
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
