"""The Slack app manifest, to paste when creating the app."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mentorbot.adapters.slack import limits
from mentorbot.adapters.slack.shortcuts import ADD_STEP, ASK, CHECK_IN
from mentorbot.adapters.slack.splitting import truncate
from mentorbot.slash.registry import Registry

SCOPES = {
    "commands": "the slash command and the shortcuts",
    "chat:write": "posting the weekly tip, only in channels the bot was invited to",
    "files:write": "pictures and documents that go with an answer or a post",
    "files:read": "a file someone puts into a form",
    "im:write": "opening someone's direct messages with the bot",
    "users:read": "a person's time zone, and whether they manage the workspace or are a guest in it",
    "channels:read": "checking that the bot is in a public channel before promising a tip there",
    "groups:read": "checking that the bot is in a private channel before promising a tip there",
    "channels:history": "after a crash: checking whether a tip arrived, so it isn't posted twice",
    "groups:history": "after a crash: checking whether a tip arrived in a private channel",
    "im:history": "what people write to the bot, and after a crash the same check in direct messages",
    "app_mentions:read": "only messages that mention the bot in a channel",
}
ESSENTIAL = frozenset({"commands", "chat:write", "im:write", "users:read"})
"""Scopes the bot can't do anything useful without."""
AGENT_SCOPE = "assistant:write"
_PROMPTS = (
    ("This week", "What should I do this week?"),
    ("Check in", "I'd like to check in"),
    ("I'm stuck", "I'm stuck"),
    ("Pay", "What does a senior earn?"),
)
"""Prompts Slack suggests until the bot has set someone's own. At most four: https://docs.slack.dev/reference/app-manifest"""
EVENTS = ("app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked", "user_change")
POST_TIP, SEND_CHECK_IN = "mentor_post_tip", "mentor_send_check_in"
FUNCTIONS: dict[str, dict[str, Any]] = {
    POST_TIP: {
        "title": "Post a tip",
        "description": "Post one small thing to do in a channel I'm in",
        "input_parameters": {
            "channel": {
                "type": "slack#/types/channel_id",
                "title": "Channel",
                "description": "Where to post the tip",
                "is_required": True,
            }
        },
        "output_parameters": {"tip": {"type": "string", "title": "Tip", "description": "The tip's title"}},
    },
    SEND_CHECK_IN: {
        "title": "Send a check-in",
        "description": "Ask a learner how their week went, if they've turned check-ins on",
        "input_parameters": {
            "learner": {
                "type": "slack#/types/user_id",
                "title": "Learner",
                "description": "Who to ask",
                "is_required": True,
            }
        },
        "output_parameters": {},
    },
}
"""The functions as the manifest declares them: https://docs.slack.dev/reference/app-manifest#functions"""
INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
_DESCRIPTION = "A mentor in your team's chat: answers with sources, a plan that fits your week, one useful nudge."
_LONG_DESCRIPTION = (
    "mentorbot helps you learn a new role. Ask what the work is like, what it pays and how to get there: every figure comes "
    "with its source, region and date. It makes you a plan that fits your week, checks in once a week, practises interview "
    "questions with you, and finds you a mentor if you'd like one. Admins can have it post a weekly tip in a channel. Only "
    "you see your plan, unless you share it with your mentor. To begin, type /mentor help."
)


def missing_scopes(granted: Collection[str]) -> dict[str, str]:
    """List what an installation of an earlier manifest lacks, with what each scope is for."""
    return {scope: what_for for scope, what_for in SCOPES.items() if scope not in granted}


def manifest(
    registry: Registry,
    *,
    url: str | None,
    distributed: bool = False,
    agent: bool = False,
    workflow_steps: bool = False,
) -> dict[str, Any]:
    """Build the manifest for Socket Mode, or for signed HTTP at the public address `url`.

    A `distributed` app can be installed by many workspaces and by organisations as a whole; its tokens expire and are replaced.
    With `agent`, Slack shows the bot among its agents and suggests prompts, but guests can't use it any more
    (https://docs.slack.dev/ai/developing-agents). With `workflow_steps`, admins can build on it in Workflow Builder, but it can't
    be distributed (https://docs.slack.dev/workflows/workflow-steps).
    """
    base = url.rstrip("/") if url else ""
    requests = {"request_url": f"{base}/slack/events"} if base else {}
    redirects = {"redirect_urls": [f"{base}{REDIRECT_PATH}"]} if distributed else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "mentorbot",
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#3b5bdb",
        },
        "features": _features(registry, requests.get("request_url"), agent=agent),
        "oauth_config": {**redirects, "scopes": {"bot": [*SCOPES, *((AGENT_SCOPE,) if agent else ())]}},
        "settings": _settings(requests, distributed=distributed, workflow_steps=workflow_steps),
        **({"functions": FUNCTIONS} if workflow_steps else {}),
    }


def _features(registry: Registry, request_url: str | None, *, agent: bool) -> dict[str, Any]:
    return {
        **({"agent_view": _agent_view()} if agent else {}),
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "mentorbot", "always_online": True},
        "slash_commands": [_slash_command(registry, request_url)],
        "shortcuts": [
            _shortcut("Ask mentorbot", "global", ASK, "Ask me anything, or say what's up"),
            _shortcut("Check in", "global", CHECK_IN, "Say how your week went"),
            _shortcut("Add to my plan", "message", ADD_STEP, "Add this message to your plan as a step"),
        ],
    }


def _settings(requests: Mapping[str, str], *, distributed: bool, workflow_steps: bool) -> dict[str, Any]:
    """Build the settings. `requests` has the address Slack sends to; without one, it's Socket Mode."""
    return {
        "event_subscriptions": {
            "bot_events": [*EVENTS, *(("function_executed",) if workflow_steps else ())],
            **requests,
        },
        "interactivity": {"is_enabled": True, **requests},
        "org_deploy_enabled": distributed or workflow_steps,
        "socket_mode_enabled": not requests,
        "token_rotation_enabled": distributed,
        **({"function_runtime": "remote"} if workflow_steps else {}),
    }


def _agent_view() -> dict[str, Any]:
    prompts = [{"title": title, "message": message} for title, message in _PROMPTS]
    return {"agent_description": _DESCRIPTION, "suggested_prompts": prompts}


def _slash_command(registry: Registry, request_url: str | None) -> dict[str, Any]:
    """Build the slash command. Escaping is off, so `@ben` and `#general` in a plan stay words and don't become ids."""
    return {
        "command": "/mentor",
        "description": "Ask your mentor",
        "usage_hint": truncate(" | ".join(registry.children()), limits.USAGE_HINT),
        "should_escape": False,
        **({"url": request_url} if request_url else {}),
    }


def _shortcut(name: str, kind: str, callback: str, description: str) -> dict[str, str]:
    return {"name": name, "type": kind, "callback_id": callback, "description": description}
