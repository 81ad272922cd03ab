"""What to do on Discord's side: the invite link, and the commands as they are registered."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import discord
from discord import app_commands

from mentorbot.adapters.discord import tree
from mentorbot.commands.declare import Registry
from mentorbot.packs.model import Pack

PERMISSIONS = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)
"""Seeing and writing for the weekly tip; the history, to look whether a tip has arrived after a crash. Nothing else."""


def manifest(registry: Registry, pack: Pack, token: str | None) -> dict[str, Any]:
    """`invite` and `commands`. Without a token the link has a placeholder for the application's id."""
    application = application_id(token) or "YOUR_APPLICATION_ID"
    scopes = ("bot", "applications.commands")
    invite = discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=scopes)
    return {"invite": invite, "commands": commands(registry, pack)}


def application_id(token: str | None) -> str | None:
    """The application's id, which is the first part of its bot token."""
    part = (token or "").partition(".")[0]
    try:
        decoded = base64.b64decode(part + "=" * (-len(part) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return decoded if decoded.isdecimal() else None


def commands(registry: Registry, pack: Pack) -> list[dict[str, Any]]:
    """The payload of a bulk overwrite."""

    async def run(*_: Any) -> None:
        raise RuntimeError("this tree is for printing")

    async def suggest(*_: Any) -> list[app_commands.Choice[str]]:
        return []

    client = discord.Client(intents=discord.Intents.none())
    printed = app_commands.CommandTree(client)
    printed.add_command(tree.build(registry, pack, run, suggest))
    return [command.to_dict(printed) for command in printed.get_commands()]
