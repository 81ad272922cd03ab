"""What an operator is given to set up Discord's side, held against what Discord takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mentorbot.adapters.discord import manifest
from mentorbot.adapters.discord.client import Client
from mentorbot.commands import load_commands
from mentorbot.packs.library import Library
from tests.adapters.discord_adapter import contract

GROUPS = {1, 2}


@pytest.fixture(scope="module")
def commands() -> list[dict[str, Any]]:
    return manifest.command_payload(load_commands(), Library.open(None, "ai-architect").default)


def leaves(command: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every subcommand with its words, without the name of the whole."""
    below = [option for option in command.get("options", []) if option["type"] in GROUPS]
    if not below:
        yield path, command
    for option in below:
        yield from leaves(option, (*path, option["name"]))


@pytest.mark.skipif(not contract.OPENAPI.exists(), reason=contract.ABSENT)
def test_the_payload_is_one_that_discord_takes(commands: list[dict[str, Any]]) -> None:
    assert contract.fault("PUT", "/applications/{application_id}/commands", commands) is None


def test_every_declared_command_is_there(commands: list[dict[str, Any]]) -> None:
    (mentor,) = commands
    assert mentor["name"] == "mentor"
    assert {path for path, _ in leaves(mentor)} == set(load_commands().commands)


def test_no_option_has_both_choices_and_autocomplete_or_too_many(commands: list[dict[str, Any]]) -> None:
    options = [option for _, leaf in leaves(commands[0]) for option in leaf.get("options", [])]
    assert options
    assert not [option["name"] for option in options if option.get("choices") and option.get("autocomplete")]
    assert all(len(option.get("choices") or []) <= 25 for option in options)


async def test_no_intent_is_asked_for_privileged_or_not() -> None:
    async def answer(_: object) -> None:
        raise AssertionError("nobody asks")

    assert Client(answer).intents.value == 0
