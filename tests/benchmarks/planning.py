"""The cost of planning: schedules a second, and a tick with 1,000 due among more and more that aren't.

Runs on SQLite, and on PostgreSQL if its wheel is installed. The figures are this machine's; look at the ratio between the ticks:
it should stay near 1, since the cost should follow what is due and not who is enrolled.

    python -m tests.benchmarks.planning [LARGEST]

leaves out what is larger than that many learners, to try it.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock
from mentorbot.delivery.planner import Planner
from mentorbot.packs.library import Library
from mentorbot.storage import Store, migrations
from mentorbot.storage.database import make_migration_engine, parse_url
from mentorbot.storage.tables import PersonRow, ScheduleRow
from tests import postgresql
from tests.benchmarks.one_job_each import tick_seconds
from tests.benchmarks.people import weekly_checkins

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DUE, ROUNDS = 1_000, 9
ENROLLED = (10_000, 100_000, 1_000_000)
PLANNED, RATES = 5_000, 5
INSERT_BATCH = 20_000


async def main(largest: int = ENROLLED[-1]) -> None:
    """Print a table for each database."""
    sizes = [enrolled for enrolled in ENROLLED if enrolled <= largest]
    with tempfile.TemporaryDirectory() as folder:
        await _measure("SQLite", lambda name: f"sqlite:///{folder}/{name}.db", sizes)
        seconds = tick_seconds(f"sqlite:///{folder}/jobs.db", sizes[0], DUE, NOW)
        print(
            f"SQLite, one APScheduler job for each learner: {DUE:,} due among {sizes[0]:>9,}: {seconds * 1000:6.0f} ms"
        )
        if not postgresql.IS_INSTALLED:
            print("PostgreSQL: not measured, its wheel is not installed")
            return
        with postgresql.start_server(Path(folder) / "postgresql") as server:
            await _measure("PostgreSQL", partial(postgresql.create_database, server), sizes)


async def _measure(name: str, make: Callable[[str], str], sizes: Sequence[int]) -> None:
    """Measure one kind of database; `make` gives the URL of a new one, by a name for it."""
    rates = [await _rate(make(f"rate{turn}")) for turn in range(RATES)]
    middle, spread = statistics.median(rates), f"{min(rates):,.0f} to {max(rates):,.0f}"
    print(f"{name}: {middle:,.0f} schedules planned a second, the median of {spread}", flush=True)
    async with AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(_bot(make(f"of{number}"), number)) for number in sizes]
        # In turn, so that a machine which is slower for a while is so for all of them.
        ticks = [[await _tick(bot, turn) for bot in bots] for turn in range(ROUNDS)]
    for index, enrolled in enumerate(sizes):
        seconds = statistics.median(tick[index] for tick in ticks)
        ratios = sorted(tick[index] / tick[0] for tick in ticks)
        print(
            f"{name}: {DUE:,} due among {enrolled:>9,}: {seconds * 1000:6.0f} ms, {statistics.median(ratios):.2f} of the first "
            f"({ratios[len(ratios) // 4]:.2f} to {ratios[-1 - len(ratios) // 4]:.2f} in the middle half)",
            flush=True,
        )


async def _rate(url: str) -> float:
    """Measure how many schedules a second are planned that are all due at once."""
    async with _bot(url, PLANNED, NOW) as bot:
        began = time.perf_counter()
        assert await bot.planner.plan() == PLANNED
        return PLANNED / (time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class _Bot:
    """A planner and its database."""

    url: str
    planner: Planner


@asynccontextmanager
async def _bot(url: str, enrolled: int, due: datetime = NOW + timedelta(days=3)) -> AsyncIterator[_Bot]:
    """Make a planner for so many learners, next due at `due`."""
    migrations.upgrade(url)
    store = await Store.open(url, FrozenClock(NOW))
    async with store.unit_of_work(Workspace("slack", "T1")) as uow:
        await uow.people.ensure("U0", "Ada")
    _enrol(url, enrolled, due)
    yield _Bot(url, Planner(store, Library.open(None, "ai-architect"), FrozenClock(NOW)))
    await store.close()


async def _tick(bot: _Bot, turn: int) -> float:
    """Measure in seconds how long it takes to plan what is due: for other learners each time."""
    engine = make_migration_engine(parse_url(bot.url))
    theirs = ScheduleRow.id.between(1 + turn * DUE, (turn + 1) * DUE)
    with engine.begin() as connection:
        connection.execute(update(ScheduleRow).where(theirs).values(next_run_at=NOW))
    engine.dispose()
    began = time.perf_counter()
    assert await bot.planner.plan() == DUE
    return time.perf_counter() - began


def _enrol(url: str, learners: int, due: datetime) -> None:
    """Insert so many learners with a check-in at `due`, directly, since enrolling isn't measured. The first is there already."""
    engine = make_migration_engine(parse_url(url))
    for start in range(0, learners, INSERT_BATCH):
        numbers = range(start, min(start + INSERT_BATCH, learners))
        with engine.begin() as connection:
            if people := [_person(number) for number in numbers if number]:
                connection.execute(insert(PersonRow), people)
            connection.execute(insert(ScheduleRow), [weekly_checkins(number + 1, 1, due) for number in numbers])
    engine.dispose()


def _person(number: int) -> dict[str, Any]:
    return {
        "id": number + 1,
        "workspace_id": 1,
        "external_id": f"U{number}",
        "name": f"U{number}",
        "zone": "UTC",
        "created_at": NOW,
    }


if __name__ == "__main__":
    asyncio.run(main(*(int(word) for word in sys.argv[1:])))
