"""Reading Slack's payloads: who did something, where, and under which key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.forms import NOWHERE, Origin
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.adapters.slack.render import KEY
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import Caller

Payload = Mapping[str, Any]
_NAMELESS = {"directmessage", "privategroup", "mpdm"}
"""What Slack writes in the place of a name that it does not tell."""
# https://docs.slack.dev/messaging/formatting-message-text: what stands between < and > in a message's text
_ENTITY = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_SIGNS = {"@": "@", "#": "#", "!": "@", "": ""}


def unescape(text: str) -> str:
    """Slack escapes three characters in what people type."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def readable(text: str) -> str:
    """A message's text as people see it: mentions and links without Slack's angle brackets."""
    return unescape(_ENTITY.sub(_entity, text)).strip()


def _entity(found: re.Match[str]) -> str:
    sign, target, label = found[1], found[2], found[3] or ""
    if not sign:
        return f"{label} ({target})" if label and label not in target else target
    return _SIGNS[sign] + (label or target.partition("^")[0]).lstrip("@#")


def workspace(body: Payload) -> Workspace:
    """The tenant: the enterprise for an org-wide install, else the team.

    Raises:
        ValueError: the payload names neither; it must not end in some other tenant's data.
    """
    org_wide = str(body.get("is_enterprise_install", "false")).lower() == "true"
    enterprise = body.get("enterprise_id") or (body.get("enterprise") or {}).get("id")
    team = body.get("team_id") or (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id")
    tenant = enterprise if org_wide and enterprise else team
    if not tenant:
        raise ValueError("Slack's payload names no workspace")
    return Workspace("slack", str(tenant))


def command_caller(body: Payload, platform: SlackPlatform) -> Caller:
    """Who typed a slash command, and where."""
    place = Origin(body["channel_id"], body.get("channel_name", ""))
    return _caller(workspace(body), body["user_id"], body.get("user_name", ""), place, platform)


def interaction_caller(body: Payload, platform: SlackPlatform, origin: Origin = NOWHERE) -> Caller:
    """Who pressed a button or sent a form; `origin` is where the form was asked for."""
    user = body["user"]
    name = user.get("username") or user.get("name") or ""
    return _caller(workspace(body), user["id"], name, origin if origin.channel else _place(body), platform)


def _place(body: Payload) -> Origin:
    """The channel of an interaction; outside of any, the person stands in its place."""
    place = body.get("channel") or {}
    channel = place.get("id") or (body.get("container") or {}).get("channel_id") or body["user"]["id"]
    return Origin(channel, place.get("name", ""))


def _caller(tenant: Workspace, person: str, name: str, place: Origin, platform: SlackPlatform) -> Caller:
    direct = place.channel.startswith(("D", "U", "W"))
    unnamed = direct or place.name in _NAMELESS or place.name.startswith("mpdm-")
    channel = Channel(tenant, place.channel, "" if unnamed else place.name, direct)
    return Caller(channel, person, name or person, lambda: platform.member(tenant, person))


def origin_of(body: Payload, caller: Caller, now: datetime, *, replaces: bool = False) -> Origin:
    """Where an answer to this interaction goes, also when a form comes in between."""
    until = int(now.timestamp()) + limits.RESPONSE_URL_SECONDS - 60
    return Origin(caller.channel.id, caller.channel.name, str(body.get("response_url") or ""), until, replaces)


def is_private(body: Payload) -> bool:
    """Whether the pressed message is an answer that only the presser sees, so that the next one may take its place.

    What was posted under a key is no answer: it stays, also in a direct conversation.
    """
    container = body.get("container") or {}
    answer = str(body["actions"][0].get("block_id", "")).startswith(f"{KEY}:")
    direct = str(container.get("channel_id", "")).startswith("D")
    return answer and (bool(container.get("is_ephemeral")) or direct)


def action_key(body: Payload) -> str:
    """One press: Slack's id of the interaction, or who pressed and when; a repeated delivery carries the same."""
    return str(body.get("trigger_id") or f"{body['user']['id']}:{body['actions'][0].get('action_ts', '')}")


def form_key(body: Payload) -> str:
    """One sending of a form."""
    return f"{body['view']['id']}:{body['view'].get('hash', '')}"
