"""Reading Slack's payloads: who did something, where, and under which key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mentorbot.adapters.slack.messenger import SlackMessenger
from mentorbot.commands.call import Caller
from mentorbot.messenger import Channel, Workspace


def unescape(text: str) -> str:
    """Slack escapes three characters in what people type."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def workspace(body: Mapping[str, Any]) -> Workspace:
    """The tenant: the enterprise for an org-wide install, else the team."""
    org_wide = str(body.get("is_enterprise_install", "false")).lower() == "true"
    enterprise = body.get("enterprise_id") or (body.get("enterprise") or {}).get("id")
    team = body.get("team_id") or (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id")
    return Workspace("slack", str(enterprise if org_wide and enterprise else team))


def command_caller(body: Mapping[str, Any], messenger: SlackMessenger) -> Caller:
    """Who typed a slash command."""
    return _caller(
        workspace(body),
        body["user_id"],
        body.get("user_name", ""),
        body["channel_id"],
        body.get("channel_name", ""),
        messenger,
    )


def interaction_caller(body: Mapping[str, Any], messenger: SlackMessenger, channel: str = "", name: str = "") -> Caller:
    """Who pressed a button or sent a form; `channel` is where the form was asked for."""
    user = body["user"]
    place = body.get("channel") or {}
    channel = channel or place.get("id") or (body.get("container") or {}).get("channel_id") or user["id"]
    person = user.get("username") or user.get("name") or ""
    return _caller(workspace(body), user["id"], person, channel, name or place.get("name", ""), messenger)


def _caller(
    tenant: Workspace, person: str, name: str, channel: str, channel_name: str, messenger: SlackMessenger
) -> Caller:
    # A direct conversation's id begins with D; the name that Slack gives it says nothing.
    direct = channel.startswith(("D", "U", "W"))
    place = Channel(tenant, channel, "" if direct else channel_name, direct)
    return Caller(place, person, name or person, lambda: messenger.member(tenant, person))
