"""Forms: each option is asked for with what suits its type, and shows what's saved."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.cards import Card, Choice
from mentorbot.slash.dates import DateRange
from mentorbot.slash.forms import form_for
from mentorbot.slash.registry import Option, Person, Registry, Weekdays

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


@registry.command("log", "Log it.")
async def log(
    context: object,
    step: Annotated[str | None, Option("Which")] = None,
    hours: Annotated[int | None, Option("Hours", unit="hours")] = None,
) -> Card:
    return Card("log")


@registry.command("write", "Write to them.")
async def write(context: object, who: Annotated[Person | None, Option("Who")] = None) -> Card:
    return Card("write")


def test_an_option_is_picked_where_a_picker_suits_its_type() -> None:
    form = form_for(registry.commands["set",], {}, CONTEXT)
    assert [(field.name, field.input) for field in form.fields] == [
        ("day", "choices"),
        ("at", "time"),
        ("zone", "zone"),
        ("until", "date"),
        ("off", "text"),
        ("hours", "text"),
    ]
    assert all(field.hint for field in form.fields if field.input == "text")


def test_saved_values_are_filled_in_and_what_was_said_comes_before_them() -> None:
    form = form_for(registry.commands["set",], {"hours": "6 h"}, CONTEXT, saved={"at": "15:00", "hours": "4"})
    assert form.line == "set"
    assert {field.name: field.value for field in form.fields if field.value} == {"at": "15:00", "hours": "6"}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (
            {"day": "mon-wed", "at": "9am", "zone": "berlin"},
            {"day": "monday,tuesday,wednesday", "at": "09:00", "zone": "Europe/Berlin"},
        ),
        ({"until": "4 dec", "off": "23-25 dec"}, {"until": "2026-12-04", "off": "2026-12-23 to 2026-12-25"}),
        ({"at": "teatime"}, {"at": "teatime"}),
    ],
)
def test_what_was_said_is_filled_in_as_pickers_need_it(raw: dict[str, str], shown: dict[str, str]) -> None:
    form = form_for(registry.commands["set",], raw, CONTEXT, required="hours")
    assert [field.name for field in form.fields][: len(raw) + 1] == ["hours", *raw]
    assert {field.name: field.value for field in form.fields if field.value} == shown


def test_no_more_is_filled_in_than_every_platform_shows_at_once() -> None:
    raw = {"day": "mon", "at": "9am", "zone": "berlin", "until": "4 dec"}
    form = form_for(registry.commands["set",], raw, CONTEXT, required="hours")
    assert form.line == 'set until:"4 dec"'
    assert [field.name for field in form.fields] == ["hours", "day", "at", "zone", "off"]


def test_what_it_is_about_stays_out_of_the_form() -> None:
    form = form_for(registry.commands["log",], {"step": "2"}, CONTEXT, required="hours")
    assert (form.line, [field.name for field in form.fields]) == ("log step:2", ["hours"])


def test_a_form_that_asks_for_one_thing_keeps_the_rest_in_its_line() -> None:
    form = form_for(registry.commands["set",], {"at": "9am"}, CONTEXT, required="zone", alone=True)
    assert (form.line, [field.name for field in form.fields]) == ("set at:9am", ["zone"])


def test_the_callers_own_people_are_a_menu() -> None:
    people = {"who": [Choice("Ben", "1"), Choice("Chen", "2")]}
    form = form_for(registry.commands["write",], {}, CONTEXT, required="who", own=people)
    assert [(field.input, [choice.label for choice in field.choices]) for field in form.fields] == [
        ("choice", ["Ben", "Chen"])
    ]
    assert [field.input for field in form_for(registry.commands["write",], {}, CONTEXT, required="who").fields] == [
        "text"
    ]
