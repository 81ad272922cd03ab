"""A small registry of its own for the tests of the grammar, so that they do not move when a command changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated, cast
from zoneinfo import ZoneInfo

from mentorbot.cadence import Weekday
from mentorbot.cards import Card, Choice
from mentorbot.commands.call import Call
from mentorbot.commands.declare import Registry
from mentorbot.commands.options import Option
from mentorbot.commands.parse import locate
from mentorbot.commands.values import Reading
from mentorbot.packs.model import Pack

TODAY = date(2026, 11, 23)  # a Monday
READING = Reading(cast(Pack, None), TODAY)
registry = Registry()


def skills(_: Pack) -> Sequence[Choice]:
    return (
        Choice("Machine learning and AI infrastructure", "ml-infrastructure"),
        Choice("MLOps practices", "mlops"),
        Choice("Scalable data pipelines", "data-pipelines"),
    )


@registry.command("help", "Help.")
async def help_(call: Call, command: Annotated[str | None, Option("Which", rest=True)] = None) -> Card:
    return Card("help")


@registry.command("skill", "A skill.")
async def skill(call: Call, name: Annotated[str | None, Option("Which", choices=skills)] = None) -> Card:
    return Card("skill")


@registry.command("ask", "Ask.")
async def ask(call: Call, question: Annotated[str, Option("Your question", rest=True)]) -> Card:
    return Card("ask")


registry.group("plan", "A plan.")


@registry.command("plan show", "Show it.")
async def plan_show(call: Call) -> Card:
    return Card("plan")


@registry.command("plan add", "Add to it.", examples=('plan add "Read it" by:fri',))
async def plan_add(
    call: Call,
    what: Annotated[str, Option("What", rest=True)],
    by: Annotated[date | None, Option("By when")] = None,
) -> Card:
    return Card("added")


@registry.command("plan block", "Block a step.")
async def plan_block(
    call: Call,
    step: Annotated[int, Option("Which step", low=1, high=99)],
    why: Annotated[str | None, Option("Why")] = None,
) -> Card:
    return Card("blocked")


registry.group("tips", "Tips.")


@registry.command("tips here", "Start.", examples=("tips here monday 09:00 Europe/Berlin",))
async def tips_here(
    call: Call,
    day: Annotated[Weekday, Option("Day")],
    at: Annotated[time, Option("Time")],
    zone: Annotated[ZoneInfo | None, Option("Zone")] = None,
) -> Card:
    return Card("set")


def given(line: str) -> tuple[str, dict[str, str]]:
    """The command of `line` and its options, as text."""
    located = locate(registry, line, READING)
    return located.command.name, located.options(READING)
