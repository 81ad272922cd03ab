"""Live through a year: everyone enrols by commands, the clock jumps from one thing that's due to the next, and `verdict.py`
judges everything that was posted.

    python -m tests.year.year LEARNERS [WEEKS] [SEED]
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import Connection, DateTime, text

from mentorbot.chat.cards import Card
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
from .rows import Row, in_utc, opened, read_rows
from .verdict import Verdict

START = datetime(2027, 2, 1, tzinfo=UTC)
"""A Monday; most zones that change their clocks do so within three months from it."""
TEAM_SIZE = 20
SHARD_SIZE = 1_000
"""Learners that make another process worth its while."""
LOCK_SECONDS = 24 * 3600
"""Seconds to wait for the lock on the file, so that a machine that sleeps for a while changes nothing."""
STEP = timedelta(minutes=15)
"""The interval between the bot's looks at the clock. A real bot looks every few seconds."""
CHANNEL = "C1"
CHANNEL_TIP = "tips here wednesday 10:00 Europe/Berlin"


@dataclass
class Year:
    """A bot, its people, and the platform they meet on."""

    learners: list[Learner]
    teams: list[Team]
    weeks: int
    clock: FrozenClock
    store: Store
    platform: Platform
    url: str

    @property
    def end(self) -> datetime:
        """The end of the year (UTC)."""
        return START + self.weeks * WEEK

    async def live(self, *, prints: bool = False) -> None:
        """Enrol everybody, then go from one thing that's due to the next."""
        library = Library.open(None, "ai-architect")
        dispatcher = Dispatcher(load_commands(), self.store, library, self.clock)
        scheduler = Scheduler(self.store, library, self.clock, {self.platform.platform: self.platform})
        await self._enrol(dispatcher)
        entries = ((action.at, index) for index, learner in enumerate(self.learners) for action in learner.actions)
        actions = sorted(entries, reverse=True)
        lines = {
            (index, action.at): action.line for index, learner in enumerate(self.learners) for action in learner.actions
        }
        month = START
        with opened(self.url) as database:
            while (tick_at := _next_tick(database, self.clock.now())) < self.end:
                while actions and actions[-1][0] <= tick_at:
                    at, index = actions.pop()
                    self.clock.travel_to(at)
                    await self._say(dispatcher, self.learners[index], lines[index, at])
                    tick_at = min(tick_at, _next_tick(database, at))
                self.clock.travel_to(tick_at)
                await scheduler.tick()
                if prints and tick_at >= month:
                    print(f"{tick_at:%d %B %Y}: {len(self.platform.posts):,} messages so far", flush=True)
                    month += 4 * WEEK
        self.clock.travel_to(self.end)

    async def _enrol(self, dispatcher: Dispatcher) -> None:
        for team in self.teams:
            first = next(learner for learner in self.learners if learner.team is team)
            await self._say(dispatcher, first, f"admin calendar country:{team.country or 'none'} spread:{team.spread}")
            if team.company_day is not None:
                await self._say(dispatcher, first, f"admin calendar off:{team.company_day.isoformat()}")
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
        assert isinstance(answer, Card), line
        assert not answer.error, f"{line}: {plain_text(answer)}"

    def verdict(self) -> tuple[list[str], list[Row]]:
        """Judge the year: what went wrong, in words, and all deliveries."""
        rows = read_rows(self.url)
        judge = Verdict(self.learners, self.teams, rows, self.platform, START, self.end, STEP)
        return list(judge.violations()), rows


_NEXT_DUE = text(
    "SELECT min(at) AS at FROM (SELECT min(next_run_at) AS at FROM schedules WHERE state = 'active' "
    "UNION ALL SELECT min(not_before) FROM deliveries WHERE state = 'pending' AND merged_into IS NULL) AS due"
).columns(at=DateTime(timezone=True))


def _next_tick(database: Connection, now: datetime) -> datetime:
    """Give the next time the bot finds something to do."""
    earliest: datetime = database.execute(_NEXT_DUE).scalar_one()
    due = in_utc(earliest)
    steps = -((START - due) // STEP)  # rounded up
    return max(START + steps * STEP, now + timedelta(seconds=1) if due <= now else now)


async def new_year(url: str, learners: int, weeks: int, seed: int) -> Year:
    """Prepare everything for the first day, in the database at `url`."""
    rng, clock = Random(seed), FrozenClock(START)
    teams = draw_teams(rng, max(1, learners // TEAM_SIZE), START)
    people = [draw_learner(rng, teams[n % len(teams)], n, START, weeks) for n in range(learners)]
    store = await Store.open(url, clock)
    return Year(people, teams, weeks, clock, store, Platform(clock, rng), url)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one database's year."""

    workspaces: int
    posts: int
    broken: int
    states: Counter[tuple[str, str]]
    violations: list[str]


async def _live(learners: int, weeks: int, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        year = await new_year(f"sqlite:///{folder}/year.db", learners, weeks, seed)
        await year.live(prints=True)
        await year.store.close()
        violations, rows = year.verdict()
        states = Counter((row.state, row.reason) for row in rows)
        return Outcome(len(year.teams), len(year.platform.posts), year.platform.broken.total(), states, violations)


def _live_shard(learners: int, weeks: int, seed: int) -> Outcome:
    database.BUSY_SECONDS = LOCK_SECONDS
    return asyncio.run(_live(learners, weeks, seed))


def main(learners: int, weeks: int = 52, seed: int = 1) -> int:
    """Print what became of everything; 1 when something went wrong.

    Workspaces have nothing in common, so each processor lives through some of them, with a database of its own.
    """
    began, shards = time.perf_counter(), max(1, min(os.cpu_count() or 1, learners // SHARD_SIZE))
    sizes = [len(range(shard, learners, shards)) for shard in range(shards)]
    with ProcessPoolExecutor(shards) as pool:
        outcomes = list(pool.map(_live_shard, sizes, [weeks] * shards, range(seed, seed + shards)))
    seconds, states = (
        time.perf_counter() - began,
        sum((outcome.states for outcome in outcomes), Counter[tuple[str, str]]()),
    )
    workspaces, posts = sum(outcome.workspaces for outcome in outcomes), sum(outcome.posts for outcome in outcomes)
    print(f"{learners:,} learners in {workspaces} workspaces lived through {weeks} weeks in {seconds:,.0f} s")
    broken = sum(outcome.broken for outcome in outcomes)
    print(f"{posts:,} messages for {states.total():,} deliveries, {broken} broken connections")
    for (state, reason), number in sorted(states.items()):
        print(f"{number:>9,} {state} {reason}")
    violations = [violation for outcome in outcomes for violation in outcome.violations]
    print(*violations[:50], sep="\n")
    print(f"{len(violations):,} violations")
    return bool(violations)


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
