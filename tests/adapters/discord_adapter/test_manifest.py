"""The setup on Discord's side: the invite link, what it asks for, and commands that Discord's description takes."""

from __future__ import annotations

import json

import discord
import pytest

from mentorbot.adapters.discord.client import Client
from mentorbot.adapters.discord.manifest import PERMISSIONS, application_id, manifest
from mentorbot.commands import load_commands
from tests.adapters.discord_adapter import discord_rules


@pytest.mark.skipif(not discord_rules.OPENAPI.exists(), reason=discord_rules.ABSENT)
def test_command_payload_matches_the_openapi_file() -> None:
    commands = manifest(load_commands(), None)["commands"]
    assert discord_rules.schema_violation("PUT", "/applications/{application_id}/commands", commands) is None


async def test_client_uses_no_privileged_intents() -> None:
    async def answer(_: object) -> None:
        raise AssertionError("nobody asks")

    assert Client(answer, answer).intents == discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


@pytest.mark.parametrize(
    ("id_or_token", "expected"),
    [
        ("OTkwMDAwMDAwMDAwMDAwMDAx.Gtest1.secret", "990000000000000001"),
        ("990000000000000001", "990000000000000001"),
        ("not a token", None),
        ("bm90IGEgbnVtYmVy.x.y", None),
        ("", None),
        (None, None),
    ],
)
def test_application_id_is_read_from_an_id_or_a_token(id_or_token: str | None, expected: str | None) -> None:
    assert application_id(id_or_token) == expected


def test_invite_has_the_explained_permissions_and_no_token() -> None:
    payload = manifest(load_commands(), "OTkwMDAwMDAwMDAwMDAwMDAx.Gtest1.secret")
    assert "client_id=990000000000000001" in payload["invite"]
    assert "scope=bot+applications.commands" in payload["invite"]
    wanted = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    assert f"permissions={wanted.value}" in payload["invite"]
    assert not wanted.administrator
    assert "secret" not in json.dumps(payload)


def test_invite_without_an_id_has_a_placeholder() -> None:
    assert "client_id=YOUR_APPLICATION_ID" in manifest(load_commands(), None)["invite"]
