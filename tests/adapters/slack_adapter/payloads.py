"""Requests from Slack to the adapter: payload builders, and a sender that signs like Slack."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx

from mentorbot.clock import Clock

from .server import BOT_TOKEN, SECRET, SlackServer
from .state import TEAM, Json


def interaction(server: SlackServer, kind: str, *, user: str = "U1", **extra: Any) -> Json:
    """Build the payload of a button press, a form or a shortcut."""
    trigger, response_url = server.issue_trigger((extra.get("channel") or {}).get("id", ""))
    return {
        "type": kind,
        "team": {"id": TEAM},
        "user": {"id": user, "username": server.users[user]["name"], "team_id": TEAM},
        "trigger_id": trigger,
        "response_url": response_url,
        "api_app_id": "A1",
        **extra,
    }


def press(
    server: SlackServer, value: str, *, channel: str = "C1", ephemeral: bool = True, key: str = "", **extra: Any
) -> Json:
    """Build the payload of pressing a message's button. `key` is the key the message was posted with."""
    return interaction(
        server,
        "block_actions",
        channel={"id": channel, "name": "general"},
        container={"type": "message", "is_ephemeral": ephemeral, "channel_id": channel},
        actions=[_action(value, f"key:{key}:0.3")],
        **extra,
    )


def press_in_view(server: SlackServer, view: Json, value: str) -> Json:
    """Build the payload of pressing a button in a modal or the App Home. Those have no response_url."""
    payload = interaction(
        server,
        "block_actions",
        container={"type": "view", "view_id": view["id"]},
        view=view,
        actions=[_action(value, "key::0.3")],
    )
    return {name: value for name, value in payload.items() if name != "response_url"}


def _action(value: str, block_id: str) -> Json:
    return {"type": "button", "action_id": "mentor:3.0", "block_id": block_id, "value": value, "action_ts": "1.2"}


def submission(server: SlackServer, view: Json, values: Mapping[str, str | Json], **extra: Any) -> Json:
    """Build the payload of a submitted form. Menus and files get the state Slack gives them; a file is its description."""
    kinds = {block["block_id"]: block.get("element", {}).get("type", "") for block in view["blocks"]}
    ids = {block["block_id"]: block.get("element", {}).get("action_id", "") for block in view["blocks"]}
    state = {}
    for name, value in values.items():
        block_id = f"field:{name}"
        state[block_id] = {ids[block_id]: _state(value, kinds[block_id])}
    return interaction(server, "view_submission", view={**view, "state": {"values": state}}, **extra)


_PICKED = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
}


def _state(value: str | Json, kind: str) -> Json:
    if isinstance(value, dict):
        return {"type": "file_input", "files": [value]}
    if kind in ("static_select", "external_select"):
        return {"type": kind, "selected_option": {"value": value}}
    if kind == "multi_static_select":
        return {"type": kind, "selected_options": [{"value": each} for each in value.split(",") if each]}
    return {"type": kind, _PICKED.get(kind, "value"): value or None}


def event_body(event: Json) -> Json:
    """Wrap an event the way Slack does."""
    installation = {"team_id": TEAM, "enterprise_id": None, "user_id": "UBOT", "is_enterprise_install": False}
    return {
        "type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": event, "api_app_id": "A1",
        "authorizations": [installation],
    }  # fmt: skip


def direct_message(text: str, *, user: str = "U1", ts: str = "1700000000.000100", **extra: Any) -> Json:
    """Build the event of a message someone writes to the bot."""
    return {
        "type": "message", "channel_type": "im", "channel": f"D{user}", "user": user, "text": text, "ts": ts, **extra
    }  # fmt: skip


def mention(text: str, *, user: str = "U1", ts: str = "1700000000.000200", **extra: Any) -> Json:
    """Build the event of a message that mentions the bot in a channel."""
    return {"type": "app_mention", "channel": "C1", "user": user, "text": text, "ts": ts, **extra}


def step_event(callback: str, inputs: Json, *, run: str = "Fx1") -> Json:
    """Build the event of a workflow that runs one of the app's steps."""
    return {
        "type": "function_executed",
        "function": {"id": "Fn1", "callback_id": callback, "title": "A step", "type": "app", "app_id": "A1"},
        "inputs": inputs,
        "function_execution_id": run,
        "workflow_execution_id": "Wx1",
        "event_ts": "1698958075.998738",
        "bot_access_token": BOT_TOKEN,
    }


class RequestSender:
    """Slack's side of signed HTTP: it posts requests to the adapter."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/slack/events"

    async def send(self, body: str, kind: str, **signing: Any) -> httpx.Response:
        """Send `body` unchanged; `signing` takes the arguments of `headers`."""
        async with httpx.AsyncClient(timeout=10) as client:
            headers = {"Content-Type": kind, **self.headers(body, **signing)}
            return await client.post(self.url, content=body, headers=headers)

    @staticmethod
    def headers(body: str, *, secret: str = SECRET, age: int = 0, retry: int = 0) -> dict[str, str]:
        """Sign `body`. `age` is in seconds, `retry` is the number of earlier attempts."""
        stamp = str(int(Clock().now().timestamp()) - age)
        digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
        return headers | ({"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {})

    async def post(self, form: dict[str, str], **signing: Any) -> httpx.Response:
        """Send a slash command."""
        return await self.send(urlencode(form), "application/x-www-form-urlencoded", **signing)

    async def interact(self, payload: Json, **signing: Any) -> httpx.Response:
        """Send a button press, a form or a shortcut."""
        return await self.post({"payload": json.dumps(payload)}, **signing)

    async def event(self, event: Json, **signing: Any) -> httpx.Response:
        """Send an event, which Slack encodes as JSON."""
        return await self.event_from(TEAM, event, **signing)

    async def event_from(self, team: str, event: Json, **signing: Any) -> httpx.Response:
        """Send an event of a workspace."""
        body = event_body(event)
        body |= {"team_id": team, "authorizations": [{**body["authorizations"][0], "team_id": team}]}
        return await self.send(json.dumps(body), "application/json", **signing)
