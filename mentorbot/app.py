"""The composition root: builds the rooms, runs them, closes them. The only wiring there is."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol

from mentorbot.cards import Answer, Card
from mentorbot.clock import Clock
from mentorbot.commands.all import registry
from mentorbot.commands.call import Caller, Request
from mentorbot.commands.dispatch import Dispatcher
from mentorbot.errors import BadSettings
from mentorbot.messenger import Channel, Member, Messenger, Workspace
from mentorbot.packs.library import Library
from mentorbot.schedule.preview import preview as upcoming
from mentorbot.schedule.ticker import Ticker
from mentorbot.schedule.travel import rewind, travel
from mentorbot.settings import Settings
from mentorbot.storage import Store

log = logging.getLogger(__name__)

LOCAL = Workspace("local", "local")
"""The workspace of the command line and of the playground."""

_TO_CONFIGURE = """
  Slack:    set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (signed HTTP)
  Discord:  set DISCORD_TOKEN

To try mentorbot without any account: mentorbot demo"""
NOTHING_CONFIGURED = f"Nothing is configured, so there is nothing to run.\n{_TO_CONFIGURE}"

HALF_CONFIGURED = (
    "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (signed HTTP) is. "
    "Both are on your Slack app's page, under Basic Information."
)


Part = Literal["slack", "discord", "scheduler", "worker"]
"""What a process can do alone: hear one platform, plan what is due, or send it."""


class Door(Protocol):
    """A chat platform that is open for business."""

    @property
    def messenger(self) -> Messenger:
        """The platform as a Messenger."""
        ...

    async def start(self, *, listen: bool = True) -> None:
        """Open to `listen`, or only to send. Raises `BadSettings` when a token is missing, wrong or revoked."""
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


async def run(settings: Settings, clock: Clock, only: Part | None = None) -> None:
    """Open every door that is configured and tick, or do one part of that alone, until SIGTERM or SIGINT.

    Raises:
        BadSettings: nothing is configured, or a token does not work.
    """
    _log_to_stderr(settings)
    if not (
        settings.slack_bot_token or settings.slack_app_token or settings.slack_signing_secret or settings.discord_token
    ):
        raise BadSettings(NOTHING_CONFIGURED)
    async with open_core(settings, clock) as core:
        listen = only in (None, "slack", "discord")
        doors = _doors(core, only, listen=listen)
        if not doors:
            raise BadSettings(f"Nothing is set for {only}, so there is nothing to run.\n{_TO_CONFIGURE}")
        messengers = {door.messenger.platform: door.messenger for door in doors}
        ticker = Ticker(
            core.store,
            core.library,
            core.clock,
            messengers,
            plans=only in (None, "scheduler"),
            carries=only in (None, "worker"),
            keep=settings.keep,
        )
        await _serve(doors, ticker, listen=listen)


def _doors(core: Core, only: Part | None, *, listen: bool) -> list[Door]:
    """The doors that the settings ask for; each SDK is imported only when its door is opened."""
    doors: list[Door] = []
    settings = core.settings
    if only != "discord" and (settings.slack_bot_token or settings.slack_app_token or settings.slack_signing_secret):
        doors.append(_slack(core, listen=listen))
    if only != "slack" and settings.discord_token:
        from mentorbot.adapters.discord.door import DiscordDoor

        async def home(person: str, key: str) -> Workspace | None:
            return await core.store.housekeeping.home("discord", person, key)

        doors.append(DiscordDoor(core.settings, core.dispatcher, home=home))
    return doors


def _slack(core: Core, *, listen: bool) -> Door:
    from mentorbot.adapters.slack.door import SlackDoor

    if not core.settings.slack_bot_token:
        raise BadSettings(
            "SLACK_BOT_TOKEN is missing. It begins with xoxb- and is on your Slack app's page, under OAuth & Permissions."
        )
    if listen and not (core.settings.slack_app_token or core.settings.slack_signing_secret):
        raise BadSettings(HALF_CONFIGURED)
    return SlackDoor(core.settings, core.dispatcher)


async def _serve(doors: Sequence[Door], ticker: Ticker, *, listen: bool = True) -> None:
    """Open, wait for a signal, close in the right order: no new work first, then what is in flight, then the doors."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    opened: list[Door] = []
    try:
        for door in doors:
            await door.start(listen=listen)
            opened.append(door)
        ticker.start()
        log.info("mentorbot is running: %s", ", ".join(door.messenger.platform for door in doors))
        await stop.wait()
        log.info("stopping: answers in flight finish")
    finally:
        await ticker.stop()
        for door in reversed(opened):
            await door.stop()


async def demo(settings: Settings, clock: Clock, *, port: int, open_browser: bool) -> None:
    """Serve the playground until SIGTERM or SIGINT."""
    from mentorbot.adapters.playground.door import PlaygroundDoor

    _log_to_stderr(settings)
    async with open_core(settings, clock) as core:
        messengers: dict[str, Messenger] = {}
        ticker = Ticker(core.store, core.library, core.clock, messengers)
        door = PlaygroundDoor(
            core.dispatcher,
            core.clock,
            previews={"slack": _slack_preview, "discord": _discord_preview},
            travel=lambda to: travel(to, core.clock, core.store, ticker),
            port=port,
            open_browser=open_browser,
        )
        messengers[door.messenger.platform] = door.messenger
        await rewind(core.store, core.clock.now())
        await _serve([door], ticker)


def _slack_preview(card: Card) -> object:
    """What Slack would get for `card`."""
    from mentorbot.adapters.slack.render import preview

    return preview(card)


def _discord_preview(card: Card) -> object:
    """What Discord would get for `card`."""
    from mentorbot.adapters.discord.render import preview

    return preview(card)


async def say(settings: Settings, clock: Clock, line: str, *, name: str, channel: str, admin: bool) -> Answer:
    """Run one command in the local workspace, at the time of `clock`."""

    async def member() -> Member:
        return Member(name, name, admin=admin)

    caller = Caller(Channel(LOCAL, channel, channel), name, name, member)
    async with open_core(settings, clock) as core:
        return await core.dispatcher.answer(Request(caller, line, forms=False))


async def preview(settings: Settings, clock: Clock, *, days: int) -> list[dict[str, str]]:
    """What will be posted in the `days` days after the time of `clock`."""
    store = await Store.open(settings.database, clock, make=False)
    try:
        return [asdict(item) for item in await upcoming(store, clock.now(), days)]
    finally:
        await store.close()


def discord_manifest(settings: Settings) -> dict[str, object]:
    """The invite link and the commands as Discord gets them."""
    from mentorbot.adapters.discord.manifest import manifest

    library = Library.open(Path(settings.content) if settings.content else None, settings.role)
    return manifest(registry, library.default, settings.discord_token or None)


def _log_to_stderr(settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
