"""The setup on Discord's side: the invite link, and the commands as they're registered."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import discord

from mentorbot.adapters.discord import slash_commands
from mentorbot.slash.registry import Registry

SCOPES = ("bot", "applications.commands")
PERMISSIONS = {
    "view_channel": "to see the channels the weekly tip goes to",
    "send_messages": "to post it there",
    "send_messages_in_threads": "and in threads",
    "create_private_threads": "to check in with people whose direct messages are closed, if they agree",
    "attach_files": "to attach pictures and documents to its posts",
    "read_message_history": "to check, after a crash, whether a tip arrived before posting it again",
}
"""Every permission the invite asks for, and why. The bot needs no privileged intents."""


def manifest(registry: Registry, application: str | None) -> dict[str, Any]:
    """Build `invite`, `permissions` and `commands`.

    `application` is the application's id, or its bot token, which starts with the id. With neither, the link has a
    placeholder.
    """
    client_id = application_id(application) or "YOUR_APPLICATION_ID"
    permissions = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    invite = discord.utils.oauth_url(client_id, permissions=permissions, scopes=SCOPES)
    return {"invite": invite, "permissions": PERMISSIONS, "commands": slash_commands.payload(registry)}


def application_id(id_or_token: str | None) -> str | None:
    """The application's id, read from the id itself or from a bot token (base64, before the first dot)."""
    first_part = (id_or_token or "").partition(".")[0]
    if first_part.isdecimal():
        return first_part
    try:
        decoded = base64.b64decode(first_part + "=" * (-len(first_part) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return decoded if decoded.isdecimal() else None
