"""What to do on Discord's side: the invite link, and the commands as they are registered."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import discord
from discord import app_commands

from mentorbot.adapters.discord import tree
from mentorbot.chat.cards import Choice
from mentorbot.packs.schema import Pack
from mentorbot.slash.registry import Registry

SCOPES = ("bot", "applications.commands")
PERMISSIONS = {
    "view_channel": "to see the channels in which the weekly tip was asked for",
    "send_messages": "to post it there",
    "send_messages_in_threads": "and in threads",
    "attach_files": "to attach pictures and documents to what is posted there",
    "read_message_history": "to look, after a crash, whether a tip has arrived, before it is posted again",
}
"""Every permission that the invite asks for, and why. No privileged intent is needed, so none is to be switched on."""


def manifest(registry: Registry, pack: Pack, application: str | None) -> dict[str, Any]:
    """`invite`, `permissions` and `commands`.

    `application` is its id, or its bot token, which begins with it. Without either, the link has a placeholder.
    """
    identity = application_id(application) or "YOUR_APPLICATION_ID"
    wanted = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    invite = discord.utils.oauth_url(identity, permissions=wanted, scopes=SCOPES)
    return {"invite": invite, "permissions": PERMISSIONS, "commands": commands(registry, pack)}


def application_id(identity: str | None) -> str | None:
    """The application's id, given as itself or as the bot token, whose first part it is in base64."""
    part = (identity or "").partition(".")[0]
    if part.isdecimal():
        return part
    try:
        decoded = base64.b64decode(part + "=" * (-len(part) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return decoded if decoded.isdecimal() else None


def commands(registry: Registry, pack: Pack) -> list[dict[str, Any]]:
    """The payload of a bulk overwrite."""

    async def run(_: discord.Interaction) -> None:
        raise RuntimeError("this tree is for printing")

    async def suggest(*_: object) -> list[Choice]:
        return []

    printed = app_commands.CommandTree(discord.Client(intents=discord.Intents(guilds=True)))
    printed.add_command(tree.build(registry, pack, run, suggest))
    return [command.to_dict(printed) for command in printed.get_commands()]
