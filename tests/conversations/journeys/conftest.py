"""A team at each of the three doors, on Tuesday, 1 December 2026, 10:00 in Berlin."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from mentorbot.app import AppContext
from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import FrozenClock
from mentorbot.commands import load_commands
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.packs.library import Library
from mentorbot.settings import Settings
from mentorbot.storage import Store

from .discord_door import discord_door
from .doors import Door
from .playground_door import playground_door
from .slack_door import slack_door
from .team import BERLIN, Team


@pytest.fixture(scope="session")
def library() -> Library:
    """The packs, read once for all journeys."""
    settings = Settings()
    return Library.open(settings.content, settings.role)


@pytest.fixture(params=["slack", "discord", "playground"])
async def team(
    request: pytest.FixtureRequest, library: Library, migrated_sqlite: Path, tmp_path: Path
) -> AsyncIterator[Team]:
    """Four people at one door, whose database is empty."""
    database = Path(shutil.copy(migrated_sqlite, tmp_path / "bot.db"))
    async with _team(request.param, library, database) as team:
        yield team


@pytest.fixture(params=["slack", "discord", "playground"])
async def team_without_bot(
    request: pytest.FixtureRequest, library: Library, migrated_sqlite: Path, tmp_path: Path
) -> AsyncIterator[Team]:
    """Four people whose admin hasn't added the bot yet."""
    database = Path(shutil.copy(migrated_sqlite, tmp_path / "bot.db"))
    async with _team(request.param, library, database, installed=False) as team:
        yield team


@asynccontextmanager
async def _team(name: str, library: Library, database: Path, *, installed: bool = True) -> AsyncIterator[Team]:
    settings = Settings(database_url=f"sqlite:///{database}")
    clock = FrozenClock(datetime(2026, 12, 1, 10, tzinfo=BERLIN))
    store = await Store.open(settings.database, clock)
    dispatcher = Dispatcher(load_commands(), store, library, clock)
    context = AppContext(settings=settings, clock=clock, store=store, library=library, dispatcher=dispatcher)
    try:
        async with _open(name, context, installed=installed) as door:
            platforms: dict[str, ChatPlatform] = {door.platform: door.sent_by()}
            scheduler = Scheduler(store, library, clock, platforms)
            yield Team(context, door, scheduler)
            await scheduler.stop()
    finally:
        await store.close()


def _open(name: str, context: AppContext, *, installed: bool) -> AbstractAsyncContextManager[Door]:
    match name:
        case "slack":
            return slack_door(context, context.settings, installed=installed)
        case "discord":
            return discord_door(context, context.settings, installed=installed)
    return playground_door(context, installed=installed)
