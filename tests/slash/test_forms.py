"""Forms: each option is asked for with what suits its type, and shows what's saved."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Card
from mentorbot.slash.dates import DateRange
from mentorbot.slash.forms import form_for
from mentorbot.slash.registry import Option, Registry, Weekdays

from .sample_registry import CONTEXT

registry = Registry()


@registry.command("set", "Set it.")
async def set_(
    context: object,
    day: Annotated[Weekdays | None, Option("Days")] = None,
    at: Annotated[time | None, Option("Time")] = None,
    zone: Annotated[ZoneInfo | None, Option("Place")] = None,
    until: Annotated[date | None, Option("Last day")] = None,
    off: Annotated[DateRange | None, Option("Days off")] = None,
    hours: Annotated[int | None, Option("Hours", unit="hours")] = None,
) -> Card:
    return Card("set")


def test_an_option_is_picked_where_a_picker_suits_its_type() -> None:
    form = form_for(registry.commands["set",], {}, CONTEXT)
    assert [(field.name, field.input) for field in form.fields] == [
        ("day", "text"),
        ("at", "time"),
        ("zone", "zone"),
        ("until", "date"),
        ("off", "text"),
        ("hours", "text"),
    ]
    assert all(field.hint for field in form.fields)


def test_saved_values_are_filled_in() -> None:
    form = form_for(registry.commands["set",], {"hours": "6"}, CONTEXT, current={"at": "15:00", "hours": "4"})
    assert form.line == "set hours:6"
    assert {field.name: field.value for field in form.fields if field.value} == {"at": "15:00"}
