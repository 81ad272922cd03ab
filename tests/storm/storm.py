"""The storm: messages are due, replicas post them and are killed at random moments; nothing may be lost or come twice.

Every second message is a tip in a channel, the others are check-ins of people; each of these enqueues a reminder, once.

    python -m tests.storm.storm [MESSAGES] [KILLS]

posts 5,000 messages during 200 kills, on SQLite and with two replicas on PostgreSQL.
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
from mentorbot.domain.deliveries import Delivery, DeliveryState, Destination, MessageKind
from mentorbot.domain.recurrence import Recurrence
from mentorbot.storage import Store, UnitOfWork, migrations
from tests.adapters.slack_adapter.server import SlackServer
from tests.postgresql import create_database, start_server

from .processes import ended, start_module

WORKSPACE_SIZE = 100
FAILURES = ("429:1", "500", "close_before", "close_after")
FAILURE_RATE = 0.12
"""Fraction of the posts that go wrong on the platform's side, besides the kills."""
MAX_LIFE = 4.0
"""Seconds a replica lives at most after it's ready; most are killed earlier, when they have posted their quota."""
QUOTA = 1.4
"""The most times its even part of the messages that a replica tries to post: so few that the last kill still finds work."""
ROLE = "ai-architect"
UTC_ZONE = ZoneInfo("UTC")


@dataclass
class Outcome:
    """The result of a storm."""

    messages: int
    kills: int = 0
    idle: int = 0
    """Kills of replicas that had nothing left to do, which prove nothing."""
    before_last_kill: int = 0
    """Messages that had come when the last replica was killed; the others came in peace."""
    posted: Counter[str] = field(default_factory=Counter)
    states: Counter[DeliveryState] = field(default_factory=Counter)
    reminders: int = 0
    """Enqueued for the day after."""
    sunday: bool = False
    """Set when it began on one: nobody is reminded of a week that's over by then."""

    @property
    def lost(self) -> int:
        """Count the messages that never came."""
        return self.messages - len(self.posted)

    @property
    def duplicated(self) -> int:
        """Count the messages that came once too often."""
        return sum(count - 1 for count in self.posted.values())

    @property
    def wrong_reminders(self) -> int:
        """Count check-ins without a reminder, or reminders too many."""
        return 0 if self.sunday else abs(self.messages // 2 - self.reminders)

    def __str__(self) -> str:
        kills = f"{self.kills} kills, {self.idle} of them when all was posted, {self.before_last_kill} posted by then"
        result = f"{self.lost} lost, {self.duplicated} duplicated, {self.wrong_reminders} of {self.reminders} reminders wrong"
        states = {state.value: number for state, number in self.states.items()}
        return f"{self.messages} messages, {kills}: {result}; {states}"


async def storm(
    database: str,
    *,
    messages: int,
    kills: int,
    replicas: int = 1,
    seed: int = 1,
    report: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Let `replicas` post `messages` while `kills` of them are killed; then let them finish in peace."""
    began, rng, outcome = Clock().now().timestamp(), random.Random(seed), Outcome(messages)
    server = SlackServer()
    await server.start()
    await fill(database, server, messages, datetime.fromtimestamp(began, UTC), people=True)
    failures = (rng.choice(FAILURES) if rng.random() < FAILURE_RATE else "" for _ in range(messages * 3))
    server.fail("chat.postMessage", *failures)

    def count_posts() -> int:
        return posted_keys(server).total()

    async def work_a_while() -> None:
        """Return once a random number of posts was tried, and a random moment later. Calls before the first post don't count:
        else a replica would be killed before it came to one.
        """
        first_call, quota = len(server.calls), rng.randrange(1 + int(QUOTA * messages / kills))
        with suppress(TimeoutError):
            async with asyncio.timeout(rng.uniform(0, MAX_LIFE)):
                while sum(method == "chat.postMessage" for method, _ in server.calls[first_call:]) < quota:
                    await asyncio.sleep(0.002)
        await asyncio.sleep(rng.uniform(0, 0.01))

    async def live_and_be_killed(number: int) -> None:
        for _ in range(number):
            process = await start(database, server.api_url, began)
            async with ended(process):
                await work_a_while()
                process.send_signal(signal.SIGKILL)
                outcome.kills, outcome.idle = outcome.kills + 1, outcome.idle + (count_posts() >= messages)
                report(f"{outcome.kills}/{kills} kills, {count_posts()} posts")

    await asyncio.gather(*(live_and_be_killed(kills // replicas) for _ in range(replicas)))
    outcome.before_last_kill = count_posts()
    async with ended(await start(database, server.api_url, began)):
        await settled(database)
    outcome.posted = posted_keys(server)
    outcome.states, outcome.reminders = await _states(database), await _pending_reminders(database)
    outcome.sunday = datetime.fromtimestamp(began - 60, UTC).weekday() == Weekday.SUNDAY
    await server.stop()
    return outcome


async def fill(database: str, server: SlackServer, messages: int, due: datetime, *, people: bool = False) -> None:
    """Schedule one weekly tip in each of many channels, all due at the beginning of the storm; with `people`, every second one
    is a person's check-in instead.
    """
    migrations.upgrade(database)
    minute = due.replace(second=0, microsecond=0) - timedelta(minutes=1)
    now, recurrence = (
        minute - timedelta(minutes=1),
        Recurrence.weekly(Weekday(minute.weekday()), minute.time(), UTC_ZONE),
    )
    store = await Store.open(database, FrozenClock(now))
    for first in range(0, messages, WORKSPACE_SIZE):
        workspace = Workspace("slack", f"T{first}")
        async with store.unit_of_work(workspace) as uow:
            for number in range(first, min(first + WORKSPACE_SIZE, messages)):
                server.conversations[f"C{number}"].member = True
                destination, kind = Destination(workspace, Channel(workspace, f"C{number}")), MessageKind.TIP
                if people and number % 2:
                    destination, kind = await _add_person(uow, f"U{number}", server), MessageKind.CHECKIN
                await uow.schedules.start(destination, kind, recurrence, role=ROLE, created_by="U1", now=now)
    await store.close()


async def _add_person(uow: UnitOfWork, user_id: str, server: SlackServer) -> Destination:
    """Make someone who lives in UTC known to both sides."""
    server.users[user_id] = {"id": user_id, "name": user_id, "tz": "UTC"}
    await uow.people.ensure(user_id, user_id)
    await uow.people.set_zone(user_id, UTC_ZONE)
    return Destination(uow.workspace, user_id=user_id)


async def start(database: str, api: str, began: float) -> asyncio.subprocess.Process:
    """Start a replica, and wait until it's ready."""
    return await start_module("tests.storm.worker", database, api, str(began))


async def settled(database: str) -> None:
    """Return when nothing is pending any more."""
    async with asyncio.timeout(600):
        while (states := await _states(database)).get(DeliveryState.PENDING) or not states:
            await asyncio.sleep(0.5)


async def _states(database: str) -> Counter[DeliveryState]:
    """Count the occurrences of schedules by state; reminders are one-off messages."""
    deliveries = await _deliveries(database)
    return Counter(delivery.state for delivery in deliveries if delivery.schedule is not None)


async def _pending_reminders(database: str) -> int:
    deliveries = await _deliveries(database, DeliveryState.PENDING)
    return sum(delivery.kind is MessageKind.REMINDER for delivery in deliveries)


async def _deliveries(database: str, *states: DeliveryState) -> list[Delivery]:
    store = await Store.open(database, FrozenClock(Clock().now()))
    try:
        return await store.deliveries.list(states, 100_000)
    finally:
        await store.close()


def posted_keys(server: SlackServer) -> Counter[str]:
    """Count the messages in all channels by their deliveries' keys."""
    return Counter(
        key_of(message) for conversation in server.conversations.values() for message in conversation.messages
    )


def key_of(message: dict[str, object]) -> str:
    """Read the delivery's key out of a message's own block ids."""
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    return str(blocks[0]["block_id"]).split(":")[1]


def main(messages: int = 5_000, kills: int = 200) -> int:
    """Run the long storms; 1 when anything was lost or duplicated."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, start_server(Path(folder) / "pg") as server:
        for database, replicas in ((f"sqlite:///{folder}/storm.db", 1), (create_database(server, "storm"), 2)):
            name = f"{database.partition(':')[0]}, {replicas} at once"
            storming = storm(database, messages=messages, kills=kills, replicas=replicas, report=_Progress(name))
            outcome = asyncio.run(storming)
            print(f"\n{name}: {outcome}", flush=True)  # noqa: T201  a program of its own
            wrong += outcome.lost + outcome.duplicated + outcome.wrong_reminders
    return 1 if wrong else 0


class _Progress:
    """Prints how far a storm has come, in one line."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, text: str) -> None:
        print(f"\r{self._name}: {text}   ", end="", flush=True)  # noqa: T201  a program of its own


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
