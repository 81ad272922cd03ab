"""The command payload operators register, checked against Discord's rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord
import pytest

from mentorbot.adapters.discord import manifest
from mentorbot.adapters.discord.client import Client
from mentorbot.commands import load_commands
from mentorbot.packs.library import Library
from tests.adapters.discord_adapter import discord_rules

GROUPS = {1, 2}


@pytest.fixture(scope="module")
def commands() -> list[dict[str, Any]]:
    return manifest.command_payload(load_commands(), Library.open(None, "ai-architect").default)


def subcommands(
    command: dict[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every subcommand with its path, without `mentor`."""
    children = [option for option in command.get("options", []) if option["type"] in GROUPS]
    if not children:
        yield path, command
    for option in children:
        yield from subcommands(option, (*path, option["name"]))


@pytest.mark.skipif(not discord_rules.OPENAPI.exists(), reason=discord_rules.ABSENT)
def test_command_payload_matches_the_openapi_file(commands: list[dict[str, Any]]) -> None:
    assert discord_rules.schema_violation("PUT", "/applications/{application_id}/commands", commands) is None


def test_every_declared_command_is_in_the_payload(commands: list[dict[str, Any]]) -> None:
    (mentor,) = commands
    assert mentor["name"] == "mentor"
    assert {path for path, _ in subcommands(mentor)} == set(load_commands().commands)


def test_options_have_choices_or_autocomplete_and_at_most_25_choices(commands: list[dict[str, Any]]) -> None:
    options = [option for _, leaf in subcommands(commands[0]) for option in leaf.get("options", [])]
    assert options
    assert not [option["name"] for option in options if option.get("choices") and option.get("autocomplete")]
    assert all(len(option.get("choices") or []) <= 25 for option in options)


async def test_client_uses_no_privileged_intents() -> None:
    async def answer(_: object) -> None:
        raise AssertionError("nobody asks")

    assert Client(answer, answer).intents == discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
