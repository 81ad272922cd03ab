"""The composition root: builds the rooms, runs them, closes them. The only wiring there is."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from mentorbot.cards import Answer
from mentorbot.clock import Clock, StoppedClock
from mentorbot.commands.all import registry
from mentorbot.commands.call import Caller, Request
from mentorbot.commands.dispatch import Dispatcher
from mentorbot.messenger import Channel, Member, Messenger, Workspace
from mentorbot.packs.library import Library
from mentorbot.settings import Settings, data_dir
from mentorbot.storage import Store

log = logging.getLogger(__name__)

LOCAL = Workspace("local", "local")
"""The workspace of the command line and of the playground."""

NOTHING_CONFIGURED = """Nothing is configured, so there is nothing to run.

  Slack:    set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (signed HTTP)
  Discord:  set DISCORD_TOKEN

To try mentorbot without any account: mentorbot demo"""


class Door(Protocol):
    """A chat platform that is open for business."""

    messenger: Messenger

    async def start(self) -> None:
        """Open. Raises `BadSettings` when a token is missing, wrong or revoked."""
        ...

    async def stop(self) -> None:
        """Close; answers in flight finish first."""
        ...


@dataclass(frozen=True, slots=True)
class Core:
    """The rooms that every door shares."""

    settings: Settings
    clock: Clock
    store: Store
    library: Library
    dispatcher: Dispatcher


@asynccontextmanager
async def open_core(settings: Settings, clock: Clock) -> AsyncIterator[Core]:
    """Load the packs, open the database (a SQLite file is made or upgraded), and close it at the end.

    Raises:
        BadPack: a pack has faults; all are listed.
        DatabaseProblem: the database cannot be used as it is.
    """
    library = Library.open(Path(settings.content) if settings.content else None, settings.role)
    store = await Store.open(settings.database, clock)
    try:
        yield Core(settings, clock, store, library, Dispatcher(registry, store, library, clock))
    finally:
        await store.close()


def demo_database() -> str:
    """Where the playground keeps its data: apart from the real one, since its clock jumps."""
    return f"sqlite:///{data_dir() / 'playground.db'}"


async def say(settings: Settings, line: str, *, name: str, channel: str, admin: bool, at: datetime | None) -> Answer:
    """One command in the local workspace; `at` (aware) is the time it is said."""

    async def member() -> Member:
        return Member(name, name, admin=admin)

    caller = Caller(Channel(LOCAL, channel, channel), name, name, member)
    async with open_core(settings, StoppedClock(at) if at else Clock()) as core:
        return await core.dispatcher.answer(Request(caller, line, forms=False))
