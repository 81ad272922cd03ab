"""A small registry for the parser's tests, so that they don't depend on the bot's own commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Card, Choice
from mentorbot.clock import Weekday
from mentorbot.slash.converters import ParseContext
from mentorbot.slash.parser import parse_command
from mentorbot.slash.registry import Option, Registry

TODAY = date(2026, 11, 23)  # a Monday
CONTEXT = ParseContext(None, TODAY)
registry = Registry(prefix="/mentor", default_command="help", fallback_command="ask")


def skills(_: object) -> Sequence[Choice]:
    return (
        Choice("Machine learning and AI infrastructure", "ml-infrastructure"),
        Choice("MLOps practices", "mlops"),
        Choice("Scalable data pipelines", "data-pipelines"),
    )


@registry.command("help", "Help.")
async def help_(context: object, command: Annotated[str | None, Option("Which", greedy=True)] = None) -> Card:
    return Card("help")


@registry.command("skill", "A skill.")
async def skill(context: object, name: Annotated[str | None, Option("Which", choices=skills)] = None) -> Card:
    return Card("skill")


@registry.command("ask", "Ask.")
async def ask(context: object, question: Annotated[str, Option("Your question", greedy=True)]) -> Card:
    return Card("ask")


registry.group("plan", "A plan.")


@registry.command("plan show", "Show it.", aliases=("overview", "plan list"))
async def plan_show(context: object) -> Card:
    return Card("plan")


@registry.command("plan add", "Add to it.", examples=('plan add "Read it" by:fri',))
async def plan_add(
    context: object,
    what: Annotated[str, Option("What", greedy=True)],
    by: Annotated[date | None, Option("By when", called=("due", "until"))] = None,
) -> Card:
    return Card("added")


@registry.command("plan block", "Block a step.")
async def plan_block(
    context: object,
    step: Annotated[int, Option("Which step", low=1, high=99)],
    why: Annotated[str | None, Option("Why")] = None,
) -> Card:
    return Card("blocked")


registry.group("tips", "Tips.")


@registry.command("tips here", "Start.", examples=("tips here monday 09:00 Europe/Berlin",))
async def tips_here(
    context: object,
    day: Annotated[Weekday, Option("Day")],
    at: Annotated[time, Option("Time")],
    zone: Annotated[ZoneInfo | None, Option("Zone")] = None,
    until: Annotated[date | None, Option("Until when", called=("until", "till"))] = None,
) -> Card:
    return Card("set")


@registry.command("note", "Write a note.")
async def note(
    context: object, learner: Annotated[str, Option("Whom")], text: Annotated[str, Option("What", greedy=True)]
) -> Card:
    return Card("sent")


@registry.command("if-then", "Plan around what may come up.")
async def if_then(
    context: object,
    step: Annotated[str | None, Option("What you'll do")] = None,
    obstacle: Annotated[str | None, Option("What may get in the way")] = None,
    then: Annotated[str | None, Option("What you'll do then")] = None,
) -> Card:
    return Card("planned")


def parse(line: str) -> tuple[str, dict[str, str]]:
    """Parse `line` into the name of its command and the text of its options."""
    parsed = parse_command(registry, line, CONTEXT)
    return parsed.command.name, parsed.options(CONTEXT)
