"""Declaring commands: anything a platform would refuse is refused right there."""

from __future__ import annotations

from typing import Annotated

import pytest

from mentorbot.chat.cards import Card
from mentorbot.slash.registry import MAX_CHILDREN, MAX_DESCRIPTION, Handler, Option, Registry


async def no_options(context: object) -> Card:
    return Card("nothing")


async def unannotated_option(context: object, word: str) -> Card:
    return Card(word)


async def optional_first(
    context: object, first: Annotated[str | None, Option("One")] = None, *, second: Annotated[str, Option("Two")]
) -> Card:
    return Card(f"{first}{second}")


@pytest.mark.parametrize(
    ("name", "summary", "handler", "message"),
    [
        ("Plan", "A plan.", no_options, "can't be a name"),
        ("x" * 33, "A plan.", no_options, "can't be a name"),
        ("plan", "", no_options, "summary"),
        ("plan", "x" * (MAX_DESCRIPTION + 1), no_options, "summary"),
        ("a b", "No group.", no_options, "declare the group"),
        ("a b c", "Too deep.", no_options, "groups don't nest"),
        ("word", "No annotation.", unannotated_option, "annotate it"),
        ("order", "Optional first.", optional_first, "required options come first"),
    ],
)
def test_invalid_declaration_is_refused(name: str, summary: str, handler: Handler, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Registry().command(name, summary)(handler)


def test_duplicate_and_surplus_commands_are_refused() -> None:
    full = Registry()
    for number in range(MAX_CHILDREN):
        full.command(f"word-{'x' * number}", "A word.")(no_options)
    with pytest.raises(ValueError, match="more than 25"):
        full.command("one-more", "A word.")(no_options)
    with pytest.raises(ValueError, match="declared twice"):
        full.command("word-", "A word.")(no_options)


def test_a_label_leaves_out_parts_without_a_value() -> None:
    registry = Registry()

    @registry.command("pause", "Take a break.", label="Pause[ until {until}]")
    async def pause(context: object, until: Annotated[str | None, Option("Until when")] = None) -> Card:
        return Card("paused")

    command = registry.commands[("pause",)]
    assert command.label_for({"until": "Monday, 7 Dec"}) == "Pause until Monday, 7 Dec"
    assert command.label_for({}) == "Pause"


def test_a_command_without_a_label_is_labelled_by_its_summary() -> None:
    registry = Registry()

    @registry.command("pause", "Take a break.")
    async def pause(context: object) -> Card:
        return Card("paused")

    assert registry.commands[("pause",)].label_for({}) == "Take a break"
