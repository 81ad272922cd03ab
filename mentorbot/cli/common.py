"""What the subcommands share: the settings, and how they print."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

Result = TypeVar("Result")

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings_of(**chosen: str | None) -> Any:
    """The settings from the environment, with what was chosen on the command line put over it."""
    from mentorbot.settings import Settings

    return Settings.from_env(os.environ | {name: value for name, value in chosen.items() if value is not None})


def run_now(make: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """What a coroutine gives, in a loop of its own."""
    return asyncio.run(make())


def print_json(data: object) -> None:
    """Print JSON for other programs."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
