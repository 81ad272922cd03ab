"""A bot with a frozen clock, a real database, and a chat platform in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.clock import FrozenClock, Weekday
from mentorbot.commands import load_commands
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.delivery.sender import LEASE
from mentorbot.domain.deliveries import Delivery, Destination, MessageKind, Schedule
from mentorbot.domain.recurrence import Recurrence
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from mentorbot.views.deliveries import reason_text
from tests.fake_platform import FakePlatform
from tests.small_pack import ROLE, small_library
from tests.storage.conftest import empty_url, new_database, url

__all__ = ["empty_url", "new_database", "url"]

TEAM = Workspace("slack", "T1")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_NINE = Recurrence.weekly(Weekday.MONDAY, time(9), BERLIN)
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday 09:00 in Berlin."""
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
UTC_ZONE = ZoneInfo("UTC")


def to_channel(channel_id: str = "C1", workspace: Workspace = TEAM) -> Destination:
    """Make a destination of a channel."""
    return Destination(workspace, Channel(workspace, channel_id, f"name of {channel_id}"))


def to_person(user_id: str) -> Destination:
    """Make a destination of a person."""
    return Destination(TEAM, user_id=user_id)


@dataclass
class Bot:
    """A running bot and the platform it posts on."""

    url: str
    clock: FrozenClock
    store: Store
    library: Library
    platform: FakePlatform
    scheduler: Scheduler

    async def post_weekly(
        self, channel_id: str = "C1", recurrence: Recurrence = MONDAY_NINE, workspace: Workspace = TEAM
    ) -> Schedule:
        """Start weekly tips in a channel."""
        async with self.store.unit_of_work(workspace) as uow:
            return await uow.schedules.start(
                to_channel(channel_id, workspace),
                MessageKind.TIP,
                recurrence,
                role=ROLE,
                created_by="U1",
                now=self.clock.now(),
            )

    async def schedule(self, user_id: str, kind: MessageKind, recurrence: Recurrence = MONDAY_NINE) -> Schedule:
        """Start a schedule for a person the bot knows already."""
        async with self.store.unit_of_work(TEAM) as uow:
            return await uow.schedules.start(
                to_person(user_id), kind, recurrence, role=ROLE, created_by=user_id, now=self.clock.now()
            )

    async def tick_at(self, instant: datetime) -> None:
        """Move the clock to `instant`, and tick once."""
        self.clock.travel_to(instant)
        await self.scheduler.tick()

    async def restart(self) -> None:
        """Reopen the store and make a new scheduler, with every lease expired, as when a crashed process comes back."""
        await self.store.close()
        self.store = await Store.open(self.url, self.clock)
        self.scheduler = new_scheduler(self.store, self.library, self.platform)
        self.clock.travel_to(self.clock.now() + LEASE)

    async def deliveries(self) -> list[Delivery]:
        """List all deliveries, oldest first."""
        deliveries: list[Delivery] = []
        while delivery := await self.store.queue.get(len(deliveries) + 1):
            deliveries.append(delivery)
        return deliveries

    async def states(self) -> list[str]:
        """List the state of each delivery, oldest first."""
        return [delivery.state for delivery in await self.deliveries()]

    async def outcomes(self) -> list[tuple[str, str | None]]:
        """List the state of each delivery with its reason in words, oldest first."""
        return [
            (delivery.state, reason_text(delivery.reason, for_operator=True) if delivery.reason else None)
            for delivery in await self.deliveries()
        ]

    async def tip_schedule(self, channel_id: str = "C1") -> Schedule | None:
        """Return the schedule of the channel's tips, if it has one."""
        async with self.store.unit_of_work(TEAM) as uow:
            return await uow.schedules.get(to_channel(channel_id), MessageKind.TIP)


class Person:
    """A person who talks to the bot."""

    def __init__(
        self,
        bot: Bot,
        name: str = "ada",
        zone: ZoneInfo | None = UTC_ZONE,
        workspace: Workspace = TEAM,
        *,
        admin: bool = False,
    ) -> None:
        self.bot, self.name, self.zone, self.workspace, self.admin = bot, name, zone, workspace, admin
        bot.platform.members[(workspace, name)] = Member(name, name, zone)

    async def say(self, line: str) -> str:
        """Type a command, and return the answer as plain text."""

        async def member() -> Member:
            return Member(self.name, self.name, self.zone, admin=self.admin)

        caller = Caller(Channel(self.workspace, "C1", "general"), self.name, self.name, member)
        dispatcher = Dispatcher(load_commands(), self.bot.store, self.bot.library, self.bot.clock)
        return plain_text(await dispatcher.answer(CommandRequest(caller, line, {}, None, True), self.bot.platform))

    @property
    def received(self) -> list[str]:
        """The direct messages the bot has sent them, as plain text."""
        dm_id = f"D{self.name}"
        return [plain_text(message.card) for message in self.bot.platform.posted if message.channel.id == dm_id]


def new_scheduler(store: Store, library: Library, platform: FakePlatform) -> Scheduler:
    """Make a scheduler for one platform."""
    return Scheduler(store, library, platform.clock, {platform.platform: platform})


def cut_off(store: Store) -> None:
    """Make cancelled workers leave their work unfinished, as a crash does."""
    if store.jobs is not None:
        store.jobs.drain = 0.1


@pytest.fixture
async def bot(tmp_path: Path, url: str) -> AsyncIterator[Bot]:
    """A bot on the Sunday before its first Monday. On SQLite the worker reads rows, on PostgreSQL it takes jobs."""
    clock = FrozenClock(SUNDAY)
    store = await Store.open(url, clock)
    library = small_library(tmp_path)
    platform = FakePlatform(clock)
    bot = Bot(url, clock, store, library, platform, new_scheduler(store, library, platform))
    yield bot
    await bot.store.close()
