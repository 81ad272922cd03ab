"""The composition root: build the components, run them until a signal, close them. All wiring is in here."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial

from mentorbot import __version__, logs, metrics
from mentorbot.adapters import systemd
from mentorbot.adapters.doors import Build, ChatAdapter, Doors
from mentorbot.adapters.health import Check, Health
from mentorbot.adapters.lost_doors import run_until_lost
from mentorbot.chat.cards import Answer, Card
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel, ChatPlatform, Member
from mentorbot.clock import Clock
from mentorbot.commands import load_commands
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.commands.request_limits import RequestLimits
from mentorbot.delivery.preview import preview as upcoming
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.delivery.time_travel import rewind_to, travel_to
from mentorbot.domain.language_model import LanguageModel, ModelBudget
from mentorbot.domain.zones import zone_data
from mentorbot.errors import BadSettings
from mentorbot.packs.library import Library
from mentorbot.settings import LogFormat, Settings
from mentorbot.storage import Store, shown_url

log = logging.getLogger(__name__)

_HOW_TO_CONFIGURE = """
  Slack:    set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (signed HTTP)
  Discord:  set DISCORD_TOKEN

To try mentorbot without any account: mentorbot demo"""
NOTHING_CONFIGURED = f"Nothing is configured, so there's nothing to run.\n{_HOW_TO_CONFIGURE}"

HALF_CONFIGURED = (
    "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (signed HTTP) is. "
    "Both are on your Slack app's page, under Basic Information."
)


class ProcessRole(StrEnum):
    """A job one process can do on its own, beside others: listen to one platform, plan what's due, or send it."""

    SLACK = "slack"
    DISCORD = "discord"
    SCHEDULER = "scheduler"
    WORKER = "worker"

    @property
    def listens(self) -> bool:
        """True if a process in this role answers people."""
        return self in (ProcessRole.SLACK, ProcessRole.DISCORD)


@dataclass(frozen=True, slots=True)
class AppContext:
    """The components every adapter shares."""

    settings: Settings
    clock: Clock
    store: Store
    library: Library
    dispatcher: Dispatcher


@asynccontextmanager
async def open_context(
    settings: Settings, clock: Clock, limits: RequestLimits | None = None
) -> AsyncIterator[AppContext]:
    """Load the packs and open the database, creating or upgrading a SQLite file; close it at the end.

    With `limits`, people can send only so many commands at once.

    Raises:
        BadPack: a pack has issues; the message lists all of them.
        DatabaseProblem: the database can't be used as it is.
    """
    library = Library.open(settings.content, settings.role, settings.semantic_model)
    async with AsyncExitStack() as opened:
        model = await _open_model(settings, opened)
        store = await Store.open(settings.database, clock)
        opened.push_async_callback(store.close)
        budget = ModelBudget(settings.llm_person_budget, settings.llm_workspace_budget)
        yield AppContext(
            settings=settings,
            clock=clock,
            store=store,
            library=library,
            dispatcher=Dispatcher(load_commands(), store, library, clock, limits, model=model, model_budget=budget),
        )


async def _open_model(settings: Settings, opened: AsyncExitStack) -> LanguageModel | None:
    """Prepare the language model; None if none is configured. Nothing is sent yet.

    Raises:
        BadSettings: its settings are incomplete, or its library isn't installed.
    """
    if not settings.llm_base:
        return None
    if not settings.llm_model:
        raise BadSettings("MENTORBOT_LLM_URL is set, but MENTORBOT_LLM_MODEL isn't. Set it to the name of the model.")
    try:
        from mentorbot.adapters.language_model import OpenAIModel
    except ImportError:
        raise BadSettings("MENTORBOT_LLM_URL needs one more library: pip install 'mentorbot[llm]'") from None
    model = OpenAIModel(settings.llm_base, settings.llm_model, settings.llm_key.get_secret_value())
    opened.push_async_callback(model.close)
    return model


async def run(settings: Settings, clock: Clock, role: ProcessRole | None = None) -> None:
    """Run every configured adapter and the scheduler, or only one `role`, until SIGTERM or SIGINT.

    Raises:
        BadSettings: nothing is configured, or a token doesn't work.
        PlatformDown: no platform could be reached.
    """
    _log_to_stderr(settings)
    if not (_has_slack(settings) or settings.discord_token):
        raise BadSettings(NOTHING_CONFIGURED)
    log.info("starting mentorbot %s: %s; time zones %s", __version__, role or "every part", zone_data())
    async with open_context(settings, clock, RequestLimits()) as context:
        listen = role is None or role.listens
        builds = _builds(context, role, listen=listen)
        if not builds:
            raise BadSettings(f"Nothing is set for {role}, so there's nothing to run.\n{_HOW_TO_CONFIGURE}")
        await _log_start(context, builds, listen=listen)
        platforms: dict[str, ChatPlatform] = {}
        scheduler = Scheduler(
            context.store,
            context.library,
            context.clock,
            platforms,
            plans=role in (None, ProcessRole.SCHEDULER),
            sends=role in (None, ProcessRole.WORKER),
            keep=settings.retention,
            precedence=context.dispatcher.precedence,
        )
        doors = Doors(builds, platforms, listen=listen)
        async with _warming(context):
            await _serve(doors, scheduler, _health(context, doors, scheduler), settings)


@asynccontextmanager
async def _warming(context: AppContext) -> AsyncIterator[None]:
    """Build what the first question and the first sentence need, beside the loop: nobody waits while others' is built."""
    task = asyncio.create_task(asyncio.to_thread(_warm_up, context.dispatcher), name="warming up")
    try:
        yield
    finally:
        await asyncio.wait({task})


def _warm_up(dispatcher: Dispatcher) -> None:
    """Build what's needed, then set all there is apart from what the garbage collector looks through.

    It's there for good, and each look would stop every answer for a quarter of a second. What building it took goes back to the
    system.
    """
    gc.enable()
    dispatcher.warm_up()
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):  # only the GNU C library has it, and keeps what's free until it's asked
        ctypes.CDLL(None).malloc_trim(0)


async def _log_start(context: AppContext, builds: Mapping[str, Build], *, listen: bool) -> None:
    """Log what's running, so a glance at the log says what an operator has to know."""
    settings = context.settings
    packs = ", ".join(f"{summary['role']} {summary['version']}" for summary in context.library.summaries())
    doors = ", ".join(f"{name} ({_mode(settings, name, listen=listen)})" for name in builds)
    log.info(
        "database %s, schema %s; doors: %s; health: %s; packs: %s",
        shown_url(settings.database),
        await context.store.revision(),
        doors,
        settings.health or "off",
        packs,
    )


def _mode(settings: Settings, name: str, *, listen: bool) -> str:
    """Say how a door hears people."""
    if not listen:
        return "sends only"
    if name != ProcessRole.SLACK:
        return "gateway"
    if settings.slack_client_id:
        return f"signed HTTP on {settings.host}:{settings.port}, for every workspace that installs it"
    return "Socket Mode" if settings.slack_app_token else f"signed HTTP on {settings.host}:{settings.port}"


def _health(context: AppContext, doors: Doors, scheduler: Scheduler) -> Health:
    """Build the health of this process from what its components say about themselves."""

    async def database() -> str:
        return await context.store.trouble()

    async def ticking() -> str:
        return scheduler.trouble()

    async def measure() -> str:
        metrics.TICK_AGE.set(scheduler.tick_age)
        for state, count in context.store.connections().items():
            metrics.POOL.labels(state).set(count)
        for name in doors.names:
            await doors.trouble(name)
        metrics.QUEUE.set((await scheduler.due()).waiting)
        return ""

    checks: dict[str, Check] = {"database": database, "scheduler": ticking, "sending": scheduler.sending_trouble}
    checks |= {name: partial(doors.trouble, name) for name in doors.names}
    return Health(checks, measure)


def _has_slack(settings: Settings) -> bool:
    tokens = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret)
    return any(tokens) or bool(settings.slack_client_id)


def _builds(context: AppContext, role: ProcessRole | None, *, listen: bool) -> dict[str, Build]:
    """List how to build the configured adapters. A scheduler or worker gets all of them, since it sends everywhere."""
    builds: dict[str, Build] = {}
    if role != ProcessRole.DISCORD and _has_slack(context.settings):
        builds["slack"] = partial(_slack_adapter, context, listen=listen)
    if role != ProcessRole.SLACK and context.settings.discord_token:
        builds["discord"] = partial(_discord_adapter, context)
    return builds


def _slack_adapter(context: AppContext, *, listen: bool) -> ChatAdapter:
    # Imported here so that a bot without Slack never loads its SDK; the same goes for the other adapters.
    from mentorbot.adapters.slack.adapter import SlackAdapter

    settings = context.settings
    if settings.slack_client_id:
        _check_distributed(settings, listen=listen)
    elif not settings.slack_bot_token:
        raise BadSettings(
            "SLACK_BOT_TOKEN is missing. It begins with xoxb- and is on your Slack app's page, under OAuth & Permissions."
        )
    elif listen and not (settings.slack_app_token or settings.slack_signing_secret):
        raise BadSettings(HALF_CONFIGURED)
    return SlackAdapter(settings, context.dispatcher, context.store)


def _check_distributed(settings: Settings, *, listen: bool) -> None:
    """Check the settings of an app that many workspaces install.

    Raises:
        BadSettings: something is missing, or belongs to a bot for one workspace.
    """
    needed = {
        "SLACK_CLIENT_SECRET": settings.slack_client_secret,
        "MENTORBOT_TOKEN_KEY": settings.token_key,
        **({"SLACK_SIGNING_SECRET": settings.slack_signing_secret} if listen else {}),
    }
    if missing := [name for name, value in needed.items() if not value]:
        raise BadSettings(
            f"With SLACK_CLIENT_ID, {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} needed too. Slack's are on "
            "your app's page, under Basic Information; make a key with: mentorbot tokens new-key"
        )
    if settings.slack_bot_token or settings.slack_app_token:
        raise BadSettings(
            "SLACK_CLIENT_ID is for one bot in many workspaces, and SLACK_BOT_TOKEN and SLACK_APP_TOKEN are for a single one. "
            "Remove one or the other."
        )


def _discord_adapter(context: AppContext) -> ChatAdapter:
    from mentorbot.adapters.discord.adapter import DiscordAdapter

    return DiscordAdapter(context.settings, context.dispatcher, context.store)


async def _serve(
    doors: Doors, scheduler: Scheduler, health: Health | None = None, settings: Settings | None = None
) -> None:
    """Start everything, wait for SIGTERM or SIGINT, then stop in reverse: the scheduler first, so no new work arrives.

    Raises:
        OperatorError: no adapter can start, or the health server can't; or all platforms have closed their connections for
            good. Everything is closed by then.
    """
    stop_requested = _stop_on_signals()
    async with AsyncExitStack() as running:
        if health is not None and settings is not None:
            running.push_async_callback(health.stop)
            await health.start(settings.health_address, required="health" in settings.model_fields_set)
        running.push_async_callback(doors.stop)
        await doors.start()
        running.push_async_callback(scheduler.stop)
        scheduler.start()
        await running.enter_async_context(systemd.running())
        log.info("mentorbot is running: %s", ", ".join(doors.open_names))
        await run_until_lost(stop_requested, doors.hoped_for)
        log.info("stopping: finishing the answers in flight")


def _stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop_requested = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop_requested.set)
    return stop_requested


async def demo(settings: Settings, clock: Clock, *, port: int, open_browser: bool) -> None:
    """Serve the playground until SIGTERM or SIGINT."""
    from mentorbot.adapters.playground.adapter import PlaygroundAdapter

    _log_to_stderr(settings)
    async with open_context(settings, clock) as context:
        # Filled below: the playground needs the scheduler to move its clock, and the scheduler sends to the playground.
        platforms: dict[str, ChatPlatform] = {}
        scheduler = Scheduler(
            context.store, context.library, context.clock, platforms, precedence=context.dispatcher.precedence
        )
        adapter = PlaygroundAdapter(
            context.dispatcher,
            context.clock,
            previews={"slack": _slack_preview, "discord": _discord_preview},
            travel=lambda to: travel_to(to, context.clock, context.store, scheduler),
            port=port,
            open_browser=open_browser,
            store=context.store,
        )
        # With --db, an earlier demo may have left the clock in the future.
        await rewind_to(context.store, context.clock.now())
        async with _warming(context):
            await _serve(Doors({"local": lambda: adapter}, platforms), scheduler)


def _slack_preview(card: Card) -> object:
    """Render `card` as Slack would get it."""
    from mentorbot.adapters.slack.render import preview

    return preview(card)


def _discord_preview(card: Card) -> object:
    """Render `card` as Discord would get it."""
    from mentorbot.adapters.discord.render import preview

    return preview(card)


async def say(settings: Settings, clock: Clock, line: str, *, name: str, channel: str, admin: bool) -> Answer:
    """Say something in the local workspace, at the time of `clock`; what begins with a slash is a command line.

    The rest is a conversation, so a later call may say “yes” to what this one offers.
    """

    async def member() -> Member:
        return Member(name, name, admin=admin)

    caller = Caller(Channel(LOCAL_WORKSPACE, channel, channel), name, name, member)
    async with open_context(settings, clock) as context:
        spoken = not line.lstrip().startswith("/")
        return await context.dispatcher.answer(CommandRequest(caller, line, forms=False, spoken=spoken))


async def preview(settings: Settings, clock: Clock, *, days: int) -> list[dict[str, str]]:
    """List the messages due in the `days` days after the time of `clock`, earliest first."""
    store = await Store.open(settings.database, clock, make=False)
    try:
        return [asdict(message) for message in await upcoming(store, clock.now(), days)]
    finally:
        await store.close()


def discord_manifest(settings: Settings) -> dict[str, object]:
    """Return the invite link and the commands as they're registered with Discord."""
    from mentorbot.adapters.discord.manifest import manifest

    return manifest(load_commands(), settings.discord_token.get_secret_value() or None)


def _log_to_stderr(settings: Settings) -> None:
    logs.configure(settings.log_level, as_json=settings.log_format is LogFormat.JSON)
