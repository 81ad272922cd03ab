"""`admin calendar`: when the workspace does not work, and over how long a time check-ins are spread."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from mentorbot.chat.cards import Answer, Block, Bullets, Button, Buttons, Card, FieldList, Footnote, rich
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.commands.desk import UTC
from mentorbot.domain.recurrence import UNNAMED_DAY_OFF
from mentorbot.domain.work_calendar import WorkCalendar, parse_country
from mentorbot.errors import BadValue
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option

MOST_DAYS = 100
"""Days of its own that a workspace names ahead."""
SHOWN = 8
LONGEST_SPREAD = 240


@registry.command(
    "admin calendar",
    "Days off, on which I post nothing, and the spread of check-ins.",
    admin=True,
    writes=True,
    examples=(
        "admin calendar country:DE-BE",
        "admin calendar off:2026-12-24 name:Company day",
        "admin calendar spread:30",
    ),
)
async def admin_calendar(
    context: Context,
    country: Annotated[
        str | None, Option("Whose public holidays are off, as DE or US-CA, or none", max_length=20)
    ] = None,
    off: Annotated[date | None, Option("One more day off")] = None,
    name: Annotated[str | None, Option("What that day off is called", max_length=60)] = None,
    work: Annotated[date | None, Option("A day on which you do work")] = None,
    spread: Annotated[int | None, Option("Minutes over which check-ins are spread", low=0, high=LONGEST_SPREAD)] = None,
) -> Answer:
    """Keep what is given; show what is kept."""
    if name is not None and off is None:
        raise MissingOption("off")
    if off is not None and off == work:
        raise BadValue("A day cannot be off and a day of work. Write one of the two.", option="work")
    today = context.now.astimezone(await context.zone() or UTC).date()
    if country is not None:
        await context.uow.calendars.set_country(_country(country))
    if off is not None:
        await _take_off(context, off, name or UNNAMED_DAY_OFF, today)
    if work is not None:
        await _work(context, work)
    if spread is not None:
        await context.uow.calendars.set_spread(spread)
    return _card(await context.uow.calendars.get(), today)


def _country(text: str) -> str:
    if text.strip().lower() in ("none", "no", "off"):
        return ""
    code = parse_country(text)
    if code is None:
        raise BadValue(
            f"I do not know the holidays of “{text}”. Write a country's two letters, as DE, with a region if you like, "
            "as DE-BE or US-CA; none for no country. For a day off, write off:2026-12-24.",
            option="country",
        )
    return code


async def _take_off(context: Context, day: date, name: str, today: date) -> None:
    own = (await context.uow.calendars.get()).overrides
    if day not in own and sum(1 for one in own if one >= today) >= MOST_DAYS:
        raise BadValue(f"There are {MOST_DAYS} days already. Let the next ones pass before you add more.", option="off")
    await context.uow.calendars.keep(day, name)


async def _work(context: Context, day: date) -> None:
    """A day off of their own is taken back; on a public holiday people work all the same."""
    await context.uow.calendars.drop(day)
    if (await context.uow.calendars.get()).get(day):
        await context.uow.calendars.keep(day, "")


def _card(calendar: WorkCalendar, today: date) -> Card:
    ahead = [today + timedelta(days=number) for number in range(366)]
    off = [(day, name) for day in ahead if (name := calendar.get(day))]
    minutes = calendar.spread_minutes
    rows = (
        ("Public holidays of", rich(calendar.country or "no country yet")),
        ("Days off in the next year", rich(str(len(off)))),
        ("Check-ins", rich(f"spread over {minutes} minutes from their time" if minutes else "come at their time")),
    )
    blocks: list[Block] = [FieldList(rows)]
    if off:
        days = [rich(f"{day:%A, %-d %B %Y}: {name}") for day, name in off[:SHOWN]]
        more = [rich(f"and {len(off) - SHOWN} more")] if len(off) > SHOWN else []
        blocks.append(Bullets((*days, *more)))
    text = "On a day off no tips, check-ins, questions, digests or reports are sent. Answers to people always are."
    buttons = (Button("Set the country", "admin calendar country:?"), Button("Add a day off", "admin calendar off:?"))
    return Card("When this workspace works", (*blocks, Footnote(rich(text)), Buttons(buttons)))
