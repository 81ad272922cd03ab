"""Payloads as Discord sends them, with made-up ids."""

from __future__ import annotations

from typing import Any

APPLICATION = "990000000000000001"
TOKEN = "OTkwMDAwMDAwMDAwMDAwMDAx.Gtest1.not-a-real-token-of-anybody"
BOT = {"id": APPLICATION, "username": "mentorbot", "discriminator": "0", "avatar": None, "bot": True}
ADA = {"id": "660000000000000001", "username": "ada", "global_name": "Ada", "discriminator": "0", "avatar": None}
GUILD, CHANNEL, PERSON = "880000000000000001", "770000000000000001", "660000000000000001"
DM = "770000000000000009"
EPHEMERAL = 64
MANAGE_GUILD = 1 << 5
BOT_PERMISSIONS = str(1 << 10 | 1 << 11 | 1 << 16)


def interaction(
    number: int,
    kind: int,
    data: dict[str, Any],
    *,
    guild: str | None = GUILD,
    permissions: int = 0,
    message: dict[str, Any] | None = None,
    **extra: Any,
) -> dict[str, Any]:
    """An interaction as the gateway delivers it; `guild=None` makes it a DM with the bot."""
    channel = {"id": CHANNEL, "type": 0 if guild else 1, "name": "general", "position": 0, "guild_id": guild}
    payload: dict[str, Any] = {
        "id": str(number), "application_id": APPLICATION, "type": kind, "token": f"token-{number}", "version": 1,
        "data": data, "channel": channel, "channel_id": CHANNEL, "locale": "en-US", "app_permissions": BOT_PERMISSIONS,
        "entitlements": [], "attachment_size_limit": 1, "authorizing_integration_owners": {},
        "context": 0 if guild else 1,
    }  # fmt: skip
    if guild:
        payload |= {"guild_id": guild, "guild": {"id": guild, "locale": "en-US", "features": []}}
        payload["member"] = {
            "user": ADA, "roles": [], "permissions": str(permissions), "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False, "mute": False, "flags": 0, "nick": None, "avatar": None,
        }  # fmt: skip
    else:
        payload["user"] = ADA
    return payload | ({"message": message} if message else {}) | extra


def message(number: int, body: dict[str, Any], flags: int, channel: str) -> dict[str, Any]:
    """A message of the bot's, in the form Discord returns it."""
    return {
        "id": str(number), "channel_id": channel, "author": BOT, "content": body.get("content") or "",
        "timestamp": "2026-11-23T09:00:00+00:00", "edited_timestamp": None, "tts": False, "mention_everyone": False,
        "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": False, "type": 0,
        "components": body.get("components") or [], "flags": int(body.get("flags") or 0) | flags,
        "nonce": body.get("nonce"),
    }  # fmt: skip


def spoken(
    number: int,
    text: str,
    *,
    guild: str | None = None,
    mentions: bool = False,
    author: dict[str, Any] | None = None,
    **extra: Any,
) -> dict[str, Any]:
    """A message of a person's, as the gateway delivers it. Without `guild`, it's a DM; `mentions` the bot or not."""
    written = message(number, {"content": text}, 0, CHANNEL if guild else DM)
    written |= {"author": author or ADA, "mentions": [BOT] if mentions else [], "channel_type": 0 if guild else 1}
    if guild:
        member = {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
        written |= {"guild_id": guild, "member": member | {"nick": "Countess", "avatar": None}}
    return written | extra


def guild() -> dict[str, Any]:
    """A server with a role that may manage it."""
    role = {
        "id": "42", "name": "Leads", "permissions": str(MANAGE_GUILD), "position": 1, "color": 0, "hoist": False,
        "managed": False, "mentionable": False, "flags": 0, "colors": {"primary_color": 0},
    }  # fmt: skip
    everyone = role | {"id": GUILD, "name": "@everyone", "permissions": "0", "position": 0}
    ours = role | {"id": "43", "name": "mentorbot", "permissions": BOT_PERMISSIONS, "managed": True}
    return {"id": GUILD, "name": "Team", "owner_id": "1", "roles": [everyone, role, ours], "emojis": [], "features": []}


def lead() -> dict[str, Any]:
    """A member with that role."""
    member = {"user": ADA, "roles": ["42"], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
    return member | {"flags": 0, "nick": "Countess", "avatar": None}


def bot_member() -> dict[str, Any]:
    """The bot in a server, with the role of its own that Discord makes."""
    return lead() | {"user": BOT, "roles": ["43"], "nick": None}


def application() -> dict[str, Any]:
    """The bot's application."""
    return {
        "id": APPLICATION, "name": "mentorbot", "icon": None, "description": "", "bot_public": True,
        "bot_require_code_grant": False, "verify_key": "0", "flags": 0, "owner": BOT, "team": None, "summary": "",
    }  # fmt: skip


def registered_command(command: dict[str, Any]) -> dict[str, Any]:
    """A command as Discord returns it: with ids and defaults added, lists reordered, empty values left out."""

    def without_defaults(option: dict[str, Any]) -> dict[str, Any]:
        fields = {name: value for name, value in option.items() if value not in (False, [], None)}
        return fields | (
            {"options": [without_defaults(child) for child in fields["options"]]} if "options" in fields else {}
        )

    extra = {
        "id": "1",
        "application_id": APPLICATION,
        "version": "2",
        "default_member_permissions": None,
        "nsfw": False,
    }
    return {
        **without_defaults(command), **extra, "id": str(1 + len(command["name"])),
        "default_member_permissions": str(allowed) if (allowed := command.get("default_member_permissions")) else None,
        "contexts": list(reversed(command.get("contexts") or [])),
    }  # fmt: skip


def untranslated(command: dict[str, Any]) -> dict[str, Any]:
    """A command as Discord returns it to those who don't ask for its translations."""
    fields = {name: value for name, value in command.items() if not name.endswith("_localizations")}
    return fields | ({"options": [untranslated(each) for each in fields["options"]]} if "options" in fields else {})


def channel(number: str, kind: int, guild: str) -> dict[str, Any]:
    """A channel of a server; forums (15) have tags."""
    tag = {"id": "51", "name": "Tips", "moderated": False, "emoji_id": None, "emoji_name": None}
    forum = {"available_tags": [tag], "default_reaction_emoji": None, "default_sort_order": None} if kind == 15 else {}
    return {
        "id": number, "type": kind, "guild_id": guild, "name": "general", "position": 0, "permission_overwrites": [],
        "parent_id": None, "topic": None, "flags": 16 if kind == 15 else 0, "nsfw": False, **forum,
    }  # fmt: skip


def thread(number: str, parent: str, body: dict[str, Any]) -> dict[str, Any]:
    """A thread that was just opened."""
    archive = body.get("auto_archive_duration") or 1440
    meta = {"archived": False, "auto_archive_duration": archive, "locked": False, "archive_timestamp": None}
    return {
        "id": number, "type": body.get("type", 11), "guild_id": GUILD, "parent_id": parent, "name": body["name"],
        "owner_id": APPLICATION, "message_count": 0, "member_count": 1, "rate_limit_per_user": 0,
        "thread_metadata": meta | {"archive_timestamp": "2026-11-23T09:00:00+00:00"}, "flags": 0,
    }  # fmt: skip
