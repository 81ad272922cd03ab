"""Slack's payloads, decoded: the caller, the channel, the origin of a form, and the key that identifies the event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.request.internals import extract_enterprise_id, extract_is_enterprise_install, extract_team_id

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.forms import NOWHERE, Origin
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.render import KEY
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.commands.context import Caller

Payload = Mapping[str, Any]
_UNNAMED_CHANNELS = {"directmessage", "privategroup", "mpdm"}
"""Placeholders Slack sends as `channel_name` for channels whose name it keeps private."""
# Mentions and links between < and >: https://docs.slack.dev/messaging/formatting-message-text
_ENTITY = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_MENTION_SIGNS = {"@": "@", "#": "#", "!": "@", "": ""}


_KEY = re.compile(rf"{KEY}([^:]*):")


@dataclass(frozen=True, slots=True)
class Pressed:
    """A message with a pressed button.

    `replaceable`: only this person sees it, so an answer may take its place. `lasting`: it's in their direct messages with the
    bot, so an answer to it stays there, too. `key` is the one it was posted with.
    """

    replaceable: bool = False
    lasting: bool = False
    key: str = ""
    thread: str = ""


NOT_PRESSED = Pressed()


def unescape(text: str) -> str:
    """Undo Slack's escaping of &, < and > in typed text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def to_readable(text: str) -> str:
    """Convert a message's text to how people see it, without Slack's angle brackets around mentions and links."""
    return unescape(_ENTITY.sub(_entity, text)).strip()


def _entity(match: re.Match[str]) -> str:
    sign, target, label = match[1], match[2], match[3] or ""
    if not sign:
        return f"{label} ({target})" if label and label not in target else target
    return _MENTION_SIGNS[sign] + (label or target.partition("^")[0]).lstrip("@#")


def workspace(body: Payload) -> Workspace:
    """Find the tenant, the way slack_bolt does: the enterprise for an org-wide install, otherwise the team.

    In a channel shared with another company, a payload names two teams: the one a person belongs to, and the one the app is
    installed in. It's always the latter that owns the data, whether someone writes, presses a button or sends a form.

    Raises:
        ValueError: the payload names neither. Guessing could expose another tenant's data.
    """
    payload = dict(body)
    enterprise = extract_enterprise_id(payload) if extract_is_enterprise_install(payload) else None
    tenant = enterprise or extract_team_id(payload)
    if not tenant:
        raise ValueError("Slack's payload names no workspace")
    return Workspace("slack", str(tenant))


def command_caller(body: Payload, platform: SlackPlatform) -> Caller:
    """Build the caller of a slash command."""
    origin = Origin(body["channel_id"], body.get("channel_name", ""))
    return _caller(workspace(body), body["user_id"], body.get("user_name", ""), origin, platform)


def interaction_caller(body: Payload, platform: SlackPlatform, origin: Origin = NOWHERE) -> Caller:
    """Build the caller of a button press or a form submission; `origin` is where the form was requested."""
    user = body["user"]
    name = user.get("username") or user.get("name") or ""
    return _caller(workspace(body), user["id"], name, origin if origin.channel else _channel_of(body), platform)


def _channel_of(body: Payload) -> Origin:
    """Find the channel of an interaction. In a view there is none, so the person's id is used instead."""
    channel = body.get("channel") or {}
    channel_id = channel.get("id") or (body.get("container") or {}).get("channel_id") or body["user"]["id"]
    return Origin(channel_id, channel.get("name", ""))


def _caller(tenant: Workspace, person: str, name: str, origin: Origin, platform: SlackPlatform) -> Caller:
    # Slack ids start with D for direct messages, and with U or W for people.
    direct = origin.channel.startswith(("D", "U", "W"))
    unnamed = direct or origin.name in _UNNAMED_CHANNELS or origin.name.startswith("mpdm-")
    channel = Channel(tenant, origin.channel, "" if unnamed else origin.name, direct)
    # The member is looked up only if a command needs it, because that takes a call to Slack.
    known = platform.members.known(tenant, person)

    async def member() -> Member:
        return await platform.member(tenant, person)

    standing = partial(platform.members.standing, tenant, person)
    if known is not None:
        return Caller(channel, person, known.name, member, known.locale, known_standing=standing)
    # Payloads have a legacy handle, which isn't the name others see.
    return Caller(channel, person, name or person, member, handle=True, known_standing=standing)


def make_origin(body: Payload, caller: Caller, now: datetime, pressed: Pressed = NOT_PRESSED) -> Origin:
    """Record where to answer this interaction, so the answer gets there even after a form."""
    # A minute early, so a reply that just makes it doesn't reach a response_url that has already expired.
    until = int(now.timestamp()) + limits.RESPONSE_URL_SECONDS - 60
    return Origin(
        channel=caller.channel.id,
        name=caller.channel.name,
        response_url=str(body.get("response_url") or ""),
        until=until,
        replaces=pressed.replaceable,
        key=pressed.key,
        thread=pressed.thread,
        lasting=pressed.lasting,
    )


def pressed_message(body: Payload, own_dm: str) -> Pressed:
    """Describe the message with the pressed button. `own_dm` is the id of the person's direct messages with the bot."""
    container = body.get("container") or {}
    ephemeral = bool(container.get("is_ephemeral"))
    lasting = not ephemeral and container.get("channel_id") == own_dm
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or ""
    return Pressed(
        replaceable=ephemeral or lasting,
        lasting=lasting,
        key=pressed_key(body),
        thread="" if lasting else str(thread),
    )


def pressed_key(body: Payload) -> str:
    """Read the key that the message with the pressed button was posted with; "" if it has none."""
    match = _KEY.match(str(body["actions"][0].get("block_id", "")))
    return match[1] if match else ""


def action_key(body: Payload) -> str:
    """Identify one press by Slack's trigger_id, or else by person and time. A redelivery has the same key."""
    return str(body.get("trigger_id") or f"{body['user']['id']}:{body['actions'][0].get('action_ts', '')}")


def form_key(body: Payload) -> str:
    """Identify one submission of a form. A redelivery has the same key."""
    return f"{body['view']['id']}:{body['view'].get('hash', '')}"
