"""Delivery rates: on SQLite with one process, on PostgreSQL with up to two workers; and how much of a limit is used.

The chat platform is a process of its own that answers chat.postMessage at once. Everything a replica does is measured: reading
the row, making the card, taking a slot of the limits, recording the attempt, posting over HTTP, settling.

    python -m tests.benchmarks.delivery [PERCENT]

delivers that percentage of the usual number of messages, to try it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import ClientSession

from mentorbot.adapters.slack import limits
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Clock, FrozenClock, Weekday
from mentorbot.delivery.planner import Planner
from mentorbot.domain.deliveries import Destination, MessageKind
from mentorbot.domain.people import PlatformProfile
from mentorbot.domain.recurrence import Recurrence
from mentorbot.packs.library import Library
from mentorbot.storage import Store, UnitOfWork, migrations
from mentorbot.storage.people import save_profiles
from tests import postgresql
from tests.storm.processes import ended, start_module

WORKSPACE_SIZE = 10
KIND_NAMES = {MessageKind.TIP: "tips of channels", MessageKind.CHECKIN: "check-ins of people"}
MESSAGES = {MessageKind.TIP: 3_000, MessageKind.CHECKIN: 600}
BACKLOG = 1_200
"""Messages of one workspace that drain while its limit is measured."""
UTC_ZONE = ZoneInfo("UTC")


async def main(percent: int = 100) -> None:
    """Print the rates, and the fraction of a limit that a backlog uses."""
    with tempfile.TemporaryDirectory() as folder:
        for kind, name in KIND_NAMES.items():
            rate = await _rate(f"sqlite:///{folder}/{kind}.db", 1, kind, percent)
            print(f"SQLite, one process: {rate:,.0f} {name} delivered a second", flush=True)
        for kind, name in KIND_NAMES.items():
            await _print_limit_use(f"sqlite:///{folder}/limited-{kind}.db", kind, name, BACKLOG * percent // 100)
        if not postgresql.IS_INSTALLED:
            print("PostgreSQL: not measured, its wheel is not installed")
            return
        with postgresql.start_server(Path(folder) / "postgresql") as server:
            for (kind, name), workers in itertools.product(KIND_NAMES.items(), (1, 2)):
                url = postgresql.create_database(server, f"{kind}{workers}")
                rate = await _rate(url, workers, kind, percent)
                print(f"PostgreSQL, {workers} at once: {rate:,.0f} {name} delivered a second", flush=True)


async def _rate(url: str, workers: int, kind: MessageKind, percent: int) -> float:
    """Measure messages a second, from the moment all workers are ready until nothing is pending."""
    messages = MESSAGES[kind] * percent // 100
    await _fill(url, messages, WORKSPACE_SIZE, kind)
    async with _platform() as api, _released(url, api, workers) as began:
        await _counts_after(api, messages)
        return messages / (time.perf_counter() - began)


async def _print_limit_use(url: str, kind: MessageKind, name: str, backlog: int) -> None:
    """Drain one workspace's backlog against a platform that allows exactly what Slack does, and says 429 beyond it."""
    await _fill(url, backlog, backlog, kind)
    async with _platform(limits.POSTS_PER_SECOND, limits.POST_BURST) as api, _released(url, api, 1) as began:
        counts = await _counts_after(api, backlog)
    seconds = time.perf_counter() - began
    allowed = limits.POSTS_PER_SECOND * seconds + limits.POST_BURST
    print(
        f"A backlog of {backlog} {name} in one workspace: {100 * min(1, backlog / allowed):.1f}% of the allowed rate used, "
        f"{counts['requests']:,} requests, {100 * counts['refused'] / counts['requests']:.2f}% of them answered 429",
        flush=True,
    )


async def _fill(url: str, messages: int, workspace_size: int, kind: MessageKind) -> None:
    """Plan a weekly tip in each of many channels, or a check-in of each of many people, all due now. The people have had
    messages before.
    """
    migrations.upgrade(url)
    minute = Clock().now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    before = minute - timedelta(minutes=1)
    recurrence = Recurrence.weekly(Weekday(minute.weekday()), minute.time(), UTC_ZONE)
    store = await Store.open(url, FrozenClock(before))
    for first in range(0, messages, workspace_size):
        workspace = Workspace("slack", f"T{first}")
        async with store.unit_of_work(workspace) as uow:
            for number in range(first, min(first + workspace_size, messages)):
                destination = Destination(workspace, Channel(workspace, f"C{number}"))
                if kind is MessageKind.CHECKIN:
                    destination = await _add_person(uow, f"U{number}")
                await uow.schedules.start(
                    destination, kind, recurrence, role="ai-architect", created_by="U1", now=before
                )
    await Planner(store, Library.open(None, "ai-architect"), FrozenClock(minute)).plan()
    await store.close()


async def _add_person(uow: UnitOfWork, user_id: str) -> Destination:
    """Add someone who has had messages before."""
    person = await uow.people.ensure(user_id, user_id)
    profile = PlatformProfile(UTC_ZONE, f"D{user_id}")
    await save_profiles(uow.people._scope.session, {person.id: profile})
    return Destination(uow.workspace, user_id=user_id)


@asynccontextmanager
async def _platform(per_second: float = 0, burst: int = 0) -> AsyncIterator[str]:
    """Run a chat platform in a process of its own, and give its address."""
    async with _process("tests.benchmarks.delivery_platform", str(per_second), str(burst)) as address:
        yield address


@asynccontextmanager
async def _released(url: str, api: str, workers: int) -> AsyncIterator[float]:
    """Start some replicas, and release them once all are ready; gives that moment on the performance counter."""
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


async def _counts_after(api: str, messages: int) -> dict[str, int]:
    """Wait until the platform has so many messages, none twice; give what it has counted."""
    async with asyncio.timeout(300), ClientSession() as session:
        while True:
            async with session.get(f"{api}counts") as response:
                counts: dict[str, int] = json.loads(await response.text())
            if counts["posts"] >= messages:
                assert counts["keys"] == counts["posts"], "a message came twice"
                return counts
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main(*(int(word) for word in sys.argv[1:])))
