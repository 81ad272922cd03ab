"""Helpers shared by the subcommands: settings, an open database, and JSON output."""

from __future__ import annotations

import asyncio
import gc
import json
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from mentorbot.clock import Clock
    from mentorbot.settings import Settings
    from mentorbot.storage import Store

Result = TypeVar("Result")

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def load_settings(**overrides: str | None) -> Settings:
    """Read the settings from the environment; `overrides` (by variable, from command-line options) win unless None.

    Raises:
        BadSettings: a value can't be right.
    """
    from mentorbot.settings import Settings

    chosen = {variable: value for variable, value in overrides.items() if value is not None}
    return Settings.from_env(os.environ | chosen)


def with_store(clock: Clock, work: Callable[[Store], Awaitable[Result]]) -> Result:
    """Open the configured database, run `work` on it, close it, and return the result.

    Raises:
        DatabaseProblem: there's no database yet, or it can't be used as it is.
    """
    from mentorbot.storage import Store

    async def run() -> Result:
        # A typo in DATABASE_URL must not create an empty database, which would look like a bot without messages.
        store = await Store.open(load_settings().database, clock, make=False)
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def run_async(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a server as `asyncio.run` does, on uvloop where the platform has it, which takes less time for each request."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Leave the garbage collector off while a server starts; once it's ready, `app` turns it on.

    What's loaded at the start stays, and looking for garbage in it takes a fifth of that time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def print_json(data: object) -> None:
    """Print JSON for other programs."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
