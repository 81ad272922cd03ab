"""Live through a year: everybody enrols by commands, the clock jumps from one thing that is due to the next, and what was
posted is judged by `verdict.py`.

python -m tests.year.year LEARNERS [WEEKS] [SEED]
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member
from mentorbot.clock import FrozenClock
from mentorbot.commands import load_commands
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.packs.library import Library
from mentorbot.storage import Store, database

from .people import WEEK, Learner, Team, draw_learner, draw_teams
from .platform import Platform
from .rows import Row, read_rows
from .verdict import Verdict

START = datetime(2027, 2, 1, tzinfo=UTC)
"""A Monday; most zones that change their clocks do so within three months from it."""
IN_A_TEAM = 20
A_SHARD = 1_000
"""Learners for whom another process is worth its while."""
PATIENCE = 24 * 3600
"""Seconds that who wants to write waits for others, so that a machine which sleeps for a while changes nothing."""
STEP = timedelta(minutes=15)
"""The bot looks at the clock every so often: more seldom than a real one, which does so every few seconds."""
CHANNEL = "C1"
CHANNEL_TIP = "tips here wednesday 10:00 Europe/Berlin"


@dataclass
class Year:
    """A bot, its people, and what became of them."""

    learners: list[Learner]
    teams: list[Team]
    weeks: int
    clock: FrozenClock
    store: Store
    platform: Platform
    file: Path

    @property
    def end(self) -> datetime:
        """When the year is over (UTC)."""
        return START + self.weeks * WEEK

    async def live(self, *, talks: bool = False) -> None:
        """Enrol everybody, then go from one thing that is due to the next."""
        library = Library.open(None, "ai-architect")
        dispatcher = Dispatcher(load_commands(), self.store, library, self.clock)
        ticker = Scheduler(self.store, library, self.clock, {self.platform.platform: self.platform})
        await self._enrol(dispatcher)
        acts = sorted(((act.at, place) for place, one in enumerate(self.learners) for act in one.acts), reverse=True)
        lines = {(place, act.at): act.line for place, one in enumerate(self.learners) for act in one.acts}
        month = START
        with sqlite3.connect(self.file) as database:
            while (tick_at := _next_tick(database, self.clock.now())) < self.end:
                while acts and acts[-1][0] <= tick_at:
                    at, place = acts.pop()
                    self.clock.travel_to(at)
                    await self._say(dispatcher, self.learners[place], lines[place, at])
                    tick_at = min(tick_at, _next_tick(database, at))
                self.clock.travel_to(tick_at)
                await ticker.tick()
                if talks and tick_at >= month:
                    print(f"{tick_at:%d %B %Y}: {len(self.platform.posts):,} messages so far", flush=True)
                    month += 4 * WEEK
        self.clock.travel_to(self.end)

    async def _enrol(self, dispatcher: Dispatcher) -> None:
        for team in self.teams:
            first = next(one for one in self.learners if one.team is team)
            await self._say(dispatcher, first, f"admin calendar country:{team.country or 'none'} spread:{team.spread}")
            if team.own_day is not None:
                await self._say(dispatcher, first, f"admin calendar off:{team.own_day.isoformat()}")
            await self._say(dispatcher, first, CHANNEL_TIP)
        for learner in self.learners:
            for line in learner.settings():
                await self._say(dispatcher, learner, line)

    async def _say(self, dispatcher: Dispatcher, learner: Learner, line: str) -> None:
        async def member() -> Member:
            return Member(learner.name, learner.name, learner.zone, admin=True)

        channel = Channel(learner.team.workspace, CHANNEL, "general")
        caller = Caller(channel, learner.name, learner.name, member)
        answer = await dispatcher.answer(CommandRequest(caller, line, {}, None, True), self.platform)
        assert not plain_text(answer).startswith("I did not"), f"{line}: {plain_text(answer)}"

    def verdict(self) -> tuple[list[str], list[Row]]:
        """What went wrong, in words, and all that was to be sent."""
        rows = read_rows(self.file)
        return list(Verdict(self.learners, self.teams, rows, self.platform, START, self.end, STEP).faults()), rows


def _next_tick(database: sqlite3.Connection, now: datetime) -> datetime:
    """When the bot next finds something to do."""
    query = (
        "SELECT min(at) FROM (SELECT min(next_run_at) AS at FROM schedules WHERE state = 'active' "
        "UNION ALL SELECT min(not_before) FROM deliveries WHERE state = 'pending' AND merged_into IS NULL)"
    )
    (found,) = database.execute(query).fetchone()
    due = datetime.fromisoformat(found).replace(tzinfo=UTC)
    steps = -((START - due) // STEP)  # rounded up
    return max(START + steps * STEP, now + timedelta(seconds=1) if due <= now else now)


async def new_year(folder: Path, learners: int, weeks: int, seed: int) -> Year:
    """Everything ready for the first day; the database is a SQLite file in `folder`."""
    draw, clock = Random(seed), FrozenClock(START)  # noqa: S311  no secret
    teams = draw_teams(draw, max(1, learners // IN_A_TEAM), START)
    people = [draw_learner(draw, teams[n % len(teams)], n, START, weeks) for n in range(learners)]
    file = folder / "year.db"
    store = await Store.open(f"sqlite:///{file}", clock)
    return Year(people, teams, weeks, clock, store, Platform(clock, draw), file)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one database's year."""

    workspaces: int
    posts: int
    broken: int
    states: Counter[tuple[str, str]]
    faults: list[str]


async def _lived(learners: int, weeks: int, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        year = await new_year(Path(folder), learners, weeks, seed)
        await year.live(talks=True)
        await year.store.close()
        faults, rows = year.verdict()
        states = Counter((row.state, row.reason_in_short) for row in rows)
        return Outcome(len(year.teams), len(year.platform.posts), year.platform.broken.total(), states, faults)


def _shard(learners: int, weeks: int, seed: int) -> Outcome:
    database.BUSY_SECONDS = PATIENCE
    return asyncio.run(_lived(learners, weeks, seed))


def main(learners: int, weeks: int = 52, seed: int = 1) -> int:
    """Print what became of everything; 1 when something went wrong.

    Workspaces share nothing, so each processor lives through a part of them, with a database of its own.
    """
    began, shards = time.perf_counter(), max(1, min(os.cpu_count() or 1, learners // A_SHARD))
    parts = [len(range(shard, learners, shards)) for shard in range(shards)]
    with ProcessPoolExecutor(shards) as pool:
        outcomes = list(pool.map(_shard, parts, [weeks] * shards, range(seed, seed + shards)))
    took, states = time.perf_counter() - began, sum((one.states for one in outcomes), Counter[tuple[str, str]]())
    workspaces, posts = sum(one.workspaces for one in outcomes), sum(one.posts for one in outcomes)
    print(f"{learners:,} learners in {workspaces} workspaces lived through {weeks} weeks in {took:,.0f} s")
    broken = sum(one.broken for one in outcomes)
    print(f"{posts:,} messages for {states.total():,} deliveries, {broken} broken connections")
    for (state, reason), number in sorted(states.items()):
        print(f"{number:>9,} {state} {reason}")
    faults = [fault for one in outcomes for fault in one.faults]
    print(*faults[:50], sep="\n")
    print(f"{len(faults):,} faults")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
