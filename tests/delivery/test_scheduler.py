"""The scheduler: it ticks, survives a locked database, drains before it stops, and loses nothing when it's killed."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from mentorbot import logs
from mentorbot.chat.cards import Card
from mentorbot.clock import Clock, StepDetector
from mentorbot.delivery import scheduler, sender, worker
from mentorbot.errors import DatabaseProblem
from mentorbot.storage import database
from tests.fake_platform import InjectedFailure, Posted

from .conftest import DUE, Bot, new_scheduler


async def wait_for_states(bot: Bot, states: list[str]) -> None:
    """Wait in real time until the deliveries have these states, for at most 10 s."""
    for _ in range(500):
        if await bot.states() == states:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{await bot.states()} instead of {states}")


async def test_scheduler_ticks_by_itself(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.05)
    await bot.post_weekly()
    bot.scheduler.start()
    await asyncio.sleep(0.2)
    assert bot.platform.posted == []
    bot.clock.travel_to(DUE)
    await wait_for_states(bot, ["sent"])
    await bot.scheduler.stop()
    await bot.scheduler.stop()


async def _until_logged(caplog: pytest.LogCaptureFixture, text: str, times: int = 1) -> None:
    for _ in range(500):
        if caplog.text.count(text) >= times:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{text!r} isn't in the log {times} times")


class SteppedClock(datetime):
    """The system's clock as APScheduler reads it, `step` away from the real one."""

    step = timedelta(0)

    @classmethod
    def now(cls, _: tzinfo | None = None) -> datetime:  # type: ignore[override]  # its own returns the subclass
        return Clock().now() + cls.step  # UTC is the only zone it is asked for


@pytest.mark.parametrize("step", [timedelta(minutes=-10), timedelta(minutes=10)], ids=["back", "forward"])
async def test_scheduler_goes_on_after_the_clock_was_set(
    bot: Bot, step: timedelta, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for module in ("schedulers.base", "executors.base", "triggers.interval", "job"):
        monkeypatch.setattr(f"apscheduler.{module}.datetime", SteppedClock, raising=False)
    monkeypatch.setattr(SteppedClock, "step", timedelta(0))
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.2)
    monkeypatch.setattr(scheduler, "WATCH_SECONDS", 0.05)
    bot.scheduler._steps = StepDetector(lambda: SteppedClock.now(UTC))
    await bot.post_weekly()
    bot.scheduler.start()
    await asyncio.sleep(0.5)
    SteppedClock.step = step
    await asyncio.sleep(0.3)  # the scheduler has noticed that nothing is due for ten minutes
    bot.clock.travel_to(DUE)
    await wait_for_states(bot, ["sent"])
    await bot.scheduler.stop()
    assert len([message for message in caplog.messages if "clock jumped" in message]) == 1


async def test_planning_that_hangs_does_not_hold_up_sending(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.post_weekly()
    bot.clock.travel_to(DUE)
    await bot.scheduler._planner.plan()
    monkeypatch.setattr(scheduler, "PLAN_SECONDS", 0.1)
    monkeypatch.setattr(bot.scheduler._planner, "plan", asyncio.Event().wait)
    await bot.scheduler.tick()
    assert await bot.states() == ["sent"]
    assert "took longer than 0.1 s for planning" in caplog.text


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)  # PostgreSQL's jobs are read by Procrastinate
async def test_dead_connection_ends_a_tick_and_the_next_one_sends(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    await bot.post_weekly()
    bot.clock.travel_to(DUE)
    monkeypatch.setattr(worker, "READ_SECONDS", 0.1)
    with monkeypatch.context() as dead:
        dead.setattr(bot.store.queue, "ready", hang)
        with pytest.raises(DatabaseProblem, match="finding messages"):
            await bot.scheduler.tick()
    await bot.scheduler.tick()
    assert await bot.states() == ["sent"]


async def hang(*_: object) -> None:
    await asyncio.Event().wait()


async def test_a_tick_that_goes_nowhere_is_ended_and_the_next_one_sends(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.post_weekly()
    bot.clock.travel_to(DUE)
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.1)
    monkeypatch.setattr(scheduler, "WATCH_SECONDS", 0.02)
    monkeypatch.setattr(scheduler, "TICK_SECONDS_WITHOUT_PROGRESS", 0.3)
    with monkeypatch.context() as stuck:
        stuck.setattr(bot.scheduler._worker, "run", hang)
        bot.scheduler.start()
        await _until_logged(caplog, "Sending got nowhere for 0.3 s", times=2)
    await wait_for_states(bot, ["sent"])
    await bot.scheduler.stop()
    assert len(bot.platform.posted) == 1  # the ended ticks sent nothing, and the next one only once


async def test_a_tick_that_sends_and_sends_is_not_ended(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "WATCH_SECONDS", 0.02)
    monkeypatch.setattr(scheduler, "TICK_SECONDS_WITHOUT_PROGRESS", 1)

    async def busy() -> None:
        for _ in range(15):
            await asyncio.sleep(0.1)
            bot.scheduler._sender.progress_at = time.monotonic()

    monkeypatch.setattr(bot.scheduler._worker, "run", busy)
    began = time.monotonic()
    await bot.scheduler.tick()
    assert time.monotonic() - began > 1.5


@pytest.mark.parametrize("broken", [hang, None], ids=["hangs", "breaks"])
async def test_a_job_that_fails_is_logged_with_a_code_and_runs_again(
    broken: Callable[..., Awaitable[None]] | None, caplog: pytest.LogCaptureFixture
) -> None:
    codes: list[str] = []

    async def job() -> None:
        codes.append(logs.request_code())
        if broken is None:
            raise RuntimeError("a bug")
        await broken()

    run = scheduler._surviving(job, "the job", 0.05)
    await run()
    await run()
    assert len(set(codes)) == 2
    assert [message.partition(";")[0] for message in caplog.messages] == [
        "the job broke" if broken is None else "the job was stopped after 0.05 s"
    ] * 2


async def test_delivery_that_hangs_ends_and_is_looked_up(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    await bot.post_weekly()
    bot.clock.travel_to(DUE)
    monkeypatch.setattr(sender, "DELIVERY_SECONDS", 0.5)
    with monkeypatch.context() as dead:
        dead.setattr(bot.store.queue, "settle", hang)
        async with asyncio.timeout(20):
            with contextlib.suppress(DatabaseProblem):  # PostgreSQL's worker keeps it to itself
                await bot.scheduler.tick()
    assert len(bot.platform.posted) == 1
    assert await bot.states() == ["pending"]


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)  # PostgreSQL has no lock on the whole database
async def test_scheduler_goes_on_after_the_database_was_locked(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.05)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    await bot.post_weekly()
    await bot.restart()
    bot.clock.travel_to(DUE)
    with closing(sqlite3.connect(bot.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        bot.scheduler.start()
        while "keeps it locked" not in caplog.text:
            await asyncio.sleep(0.02)
        assert bot.platform.posted == []
        other.execute("ROLLBACK")
    await wait_for_states(bot, ["sent"])
    await bot.scheduler.stop()


async def test_stop_waits_for_the_message_being_sent(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.05)
    for number in range(20):
        await bot.post_weekly(f"C{number}")
    bot.platform.failures.extend([InjectedFailure.SLOW] * 20)
    bot.clock.travel_to(DUE)
    bot.scheduler.start()
    await bot.platform.stalled.wait()
    stopping = asyncio.create_task(bot.scheduler.stop())
    await asyncio.sleep(0.1)
    assert not stopping.done()
    bot.platform.resume.set()
    await stopping
    sent_count = (await bot.states()).count("sent")
    assert sent_count == len(bot.platform.posted) == 1, "a workspace's messages are sent one at a time"
    await bot.scheduler.tick()
    assert len(bot.platform.posted) == sent_count


async def test_stop_gives_up_on_a_message_that_hangs(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 0.05)
    monkeypatch.setattr(worker, "SEND_DRAIN_SECONDS", 0.2)
    await bot.post_weekly()
    bot.platform.failures.append(InjectedFailure.ACCEPTED_THEN_HANG)
    bot.clock.travel_to(DUE)
    bot.scheduler.start()
    await bot.platform.stalled.wait()
    async with asyncio.timeout(5):
        await bot.scheduler.stop()
    await asyncio.sleep(0)
    await bot.restart()
    await bot.scheduler.tick()
    assert (await bot.states(), len(bot.platform.posted)) == (["sent"], 1)


SCRIPT_KILLED_WHILE_POSTING = """
import asyncio, os, sys
from datetime import datetime
from pathlib import Path
from mentorbot.clock import FrozenClock
from mentorbot.storage import Store
from tests.fake_platform import FakePlatform
from tests.delivery.conftest import new_scheduler
from tests.small_pack import small_library

class KillingPlatform(FakePlatform):
    async def post(self, channel, card, key):
        if {after!r}:
            await super().post(channel, card, key)
            print(key, flush=True)
        os._exit(9)

async def main():
    clock = FrozenClock(datetime.fromisoformat({now!r}))
    store = await Store.open({url!r}, clock)
    await new_scheduler(store, small_library(Path({folder!r})), KillingPlatform(clock)).tick()

asyncio.run(main())
"""


@pytest.mark.parametrize("after", [True, False], ids=["after the message was accepted", "before"])
async def test_message_of_a_killed_process_is_sent_once(
    bot: Bot, tmp_path_factory: pytest.TempPathFactory, *, after: bool
) -> None:
    await bot.post_weekly()
    folder = tmp_path_factory.mktemp("pack")
    script = SCRIPT_KILLED_WHILE_POSTING.format(after=after, now=DUE.isoformat(), url=bot.url, folder=str(folder))
    killed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert killed.returncode == 9, killed.stderr
    (delivery,) = await bot.deliveries()
    assert (delivery.state, delivery.begun_at) == ("pending", DUE)
    if after:
        assert killed.stdout.strip() == delivery.key
        channel = delivery.destination.channel
        assert channel is not None
        # The killed process posted to a platform of its own, so its message is copied here.
        bot.platform.posted.append(Posted("m-of-killed", channel, Card("Tip"), delivery.key, DUE))
    bot.clock.travel_to(DUE)
    await bot.restart()
    await bot.scheduler.tick()
    (delivery,) = await bot.deliveries()
    assert (delivery.state, delivery.message_id) == ("sent", "m-of-killed" if after else "m1")
    assert len(bot.platform.posted) == 1
    await new_scheduler(bot.store, bot.library, bot.platform).tick()
    await bot.tick_at(DUE + timedelta(hours=1))
    assert len(bot.platform.posted) == 1
