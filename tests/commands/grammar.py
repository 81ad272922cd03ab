"""A small registry of its own for the tests of the grammar, so that they do not move when a command changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Card, Choice
from mentorbot.clock import Weekday
from mentorbot.commands.context import Context
from mentorbot.packs.schema import Pack
from mentorbot.slash.converters import ParseContext
from mentorbot.slash.parser import parse_command
from mentorbot.slash.registry import Option, Registry

TODAY = date(2026, 11, 23)  # a Monday
READING = ParseContext(cast(Pack, None), TODAY)
registry = Registry()


def skills(_: Pack) -> Sequence[Choice]:
    return (
        Choice("Machine learning and AI infrastructure", "ml-infrastructure"),
        Choice("MLOps practices", "mlops"),
        Choice("Scalable data pipelines", "data-pipelines"),
    )


@registry.command("help", "Help.")
async def help_(call: Context, command: Annotated[str | None, Option("Which", greedy=True)] = None) -> Card:
    return Card("help")


@registry.command("skill", "A skill.")
async def skill(call: Context, name: Annotated[str | None, Option("Which", choices=skills)] = None) -> Card:
    return Card("skill")


@registry.command("ask", "Ask.")
async def ask(call: Context, question: Annotated[str, Option("Your question", greedy=True)]) -> Card:
    return Card("ask")


registry.group("plan", "A plan.")


@registry.command("plan show", "Show it.")
async def plan_show(call: Context) -> Card:
    return Card("plan")


@registry.command("plan add", "Add to it.", examples=('plan add "Read it" by:fri',))
async def plan_add(
    call: Context,
    what: Annotated[str, Option("What", greedy=True)],
    by: Annotated[date | None, Option("By when")] = None,
) -> Card:
    return Card("added")


@registry.command("plan block", "Block a step.")
async def plan_block(
    call: Context,
    step: Annotated[int, Option("Which step", low=1, high=99)],
    why: Annotated[str | None, Option("Why")] = None,
) -> Card:
    return Card("blocked")


registry.group("tips", "Tips.")


@registry.command("tips here", "Start.", examples=("tips here monday 09:00 Europe/Berlin",))
async def tips_here(
    call: Context,
    day: Annotated[Weekday, Option("Day")],
    at: Annotated[time, Option("Time")],
    zone: Annotated[ZoneInfo | None, Option("Zone")] = None,
) -> Card:
    return Card("set")


def given(line: str) -> tuple[str, dict[str, str]]:
    """The command of `line` and its options, as text."""
    located = parse_command(registry, line, READING)
    return located.command.name, located.options(READING)
