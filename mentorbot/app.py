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

from mentorbot.chat.cards import Answer, Card
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel, ChatPlatform, Member, Workspace
from mentorbot.clock import Clock
from mentorbot.commands import load_commands
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.delivery.preview import preview as upcoming
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.delivery.time_travel import rewind_to, travel_to
from mentorbot.errors import BadSettings
from mentorbot.packs.library import Library
from mentorbot.settings import Settings
from mentorbot.storage import Store

log = logging.getLogger(__name__)

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
ProcessRole = Literal["slack", "discord", "scheduler", "worker"]
"""What a process can do alone: hear one platform, plan what is due, or send it."""


class ChatAdapter(Protocol):
    """A chat platform that is open for business."""

    @property
    def platform(self) -> ChatPlatform:
        """The platform as a Messenger."""
        ...

    async def start(self, *, listen: bool = True) -> None:
        """Open to `listen`, or only to send. Raises `BadSettings` when a token is missing, wrong or revoked."""
        ...

    async def stop(self) -> None:
        """Close; answers in flight finish first."""
        ...


@dataclass(frozen=True, slots=True)
class AppContext:
    """The rooms that every door shares."""

    settings: Settings
    clock: Clock
    store: Store
    library: Library
    dispatcher: Dispatcher


@asynccontextmanager
async def open_context(settings: Settings, clock: Clock) -> AsyncIterator[AppContext]:
    """Load the packs, open the database (a SQLite file is made or upgraded), and close it at the end.

    Raises:
        BadPack: a pack has faults; all are listed.
        DatabaseProblem: the database cannot be used as it is.
    """
    library = Library.open(Path(settings.content) if settings.content else None, settings.role)
    store = await Store.open(settings.database, clock)
    try:
        yield AppContext(settings, clock, store, library, Dispatcher(load_commands(), store, library, clock))
    finally:
        await store.close()


async def run(settings: Settings, clock: Clock, only: ProcessRole | None = None) -> None:
    """Open every door that is configured and tick, or do one part of that alone, until SIGTERM or SIGINT.

    Raises:
        BadSettings: nothing is configured, or a token does not work.
    """
    _log_to_stderr(settings)
    if not (
        settings.slack_bot_token or settings.slack_app_token or settings.slack_signing_secret or settings.discord_token
    ):
        raise BadSettings(NOTHING_CONFIGURED)
    async with open_context(settings, clock) as core:
        listen = only in (None, "slack", "discord")
        doors = _adapters(core, only, listen=listen)
        if not doors:
            raise BadSettings(f"Nothing is set for {only}, so there is nothing to run.\n{_TO_CONFIGURE}")
        platforms = {door.platform.platform: door.platform for door in doors}
        ticker = Scheduler(
            core.store,
            core.library,
            core.clock,
            platforms,
            plans=only in (None, "scheduler"),
            carries=only in (None, "worker"),
            keep=settings.keep,
        )
        await _serve(doors, ticker, listen=listen)


def _adapters(core: AppContext, only: ProcessRole | None, *, listen: bool) -> list[ChatAdapter]:
    """The doors that the settings ask for; each SDK is imported only when its door is opened."""
    doors: list[ChatAdapter] = []
    settings = core.settings
    if only != "discord" and (settings.slack_bot_token or settings.slack_app_token or settings.slack_signing_secret):
        doors.append(_slack(core, listen=listen))
    if only != "slack" and settings.discord_token:
        from mentorbot.adapters.discord.adapter import DiscordAdapter

        async def home(person: str, key: str) -> Workspace | None:
            return await core.store.maintenance.home("discord", person, key)

        doors.append(DiscordAdapter(core.settings, core.dispatcher, home=home))
    return doors


def _slack(core: AppContext, *, listen: bool) -> ChatAdapter:
    from mentorbot.adapters.slack.adapter import SlackAdapter

    if not core.settings.slack_bot_token:
        raise BadSettings(
            "SLACK_BOT_TOKEN is missing. It begins with xoxb- and is on your Slack app's page, under OAuth & Permissions."
        )
    if listen and not (core.settings.slack_app_token or core.settings.slack_signing_secret):
        raise BadSettings(HALF_CONFIGURED)
    return SlackAdapter(core.settings, core.dispatcher)


async def _serve(doors: Sequence[ChatAdapter], ticker: Scheduler, *, listen: bool = True) -> None:
    """Open, wait for a signal, close in the right order: no new work first, then what is in flight, then the doors."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    opened: list[ChatAdapter] = []
    try:
        for door in doors:
            await door.start(listen=listen)
            opened.append(door)
        ticker.start()
        log.info("mentorbot is running: %s", ", ".join(door.platform.platform for door in doors))
        await stop.wait()
        log.info("stopping: answers in flight finish")
    finally:
        await ticker.stop()
        for door in reversed(opened):
            await door.stop()


async def demo(settings: Settings, clock: Clock, *, port: int, open_browser: bool) -> None:
    """Serve the playground until SIGTERM or SIGINT."""
    from mentorbot.adapters.playground.adapter import PlaygroundAdapter

    _log_to_stderr(settings)
    async with open_context(settings, clock) as core:
        platforms: dict[str, ChatPlatform] = {}
        ticker = Scheduler(core.store, core.library, core.clock, platforms)
        door = PlaygroundAdapter(
            core.dispatcher,
            core.clock,
            previews={"slack": _slack_preview, "discord": _discord_preview},
            travel=lambda to: travel_to(to, core.clock, core.store, ticker),
            port=port,
            open_browser=open_browser,
        )
        platforms[door.platform.platform] = door.platform
        await rewind_to(core.store, core.clock.now())
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

    caller = Caller(Channel(LOCAL_WORKSPACE, channel, channel), name, name, member)
    async with open_context(settings, clock) as core:
        return await core.dispatcher.answer(CommandRequest(caller, line, forms=False))


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
    return manifest(load_commands(), library.default, settings.discord_token or None)


def _log_to_stderr(settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
