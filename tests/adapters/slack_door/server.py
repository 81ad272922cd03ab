"""A small, stateful Slack of our own, which the real slack_sdk talks to over HTTP and WebSocket.

| Slack | here |
| --- | --- |
| Web API: auth.test, apps.connections.open, chat.postMessage, conversations.history/info, users.info, views.* | yes |
| response_url: five uses | yes; the 30 minutes are not counted |
| Socket Mode: one connection, envelopes, acknowledgements | yes; no reconnects ordered by the server |
| slash commands, block_actions, view_submission, shortcuts, signed as Slack signs them | yes |
| faults: 429 with Retry-After, 500, any error code, a connection closed before or after the method ran | yes |
| Block Kit validation | only what limits.py names; OAuth, files, threads: no |
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from aiohttp import WSMsgType, web

BOT_TOKEN = "xoxb-a-token"
APP_TOKEN = "xapp-a-token"
SECRET = "a-signing-secret"
TEAM = "T1"

Fault = Callable[[], web.Response | None]


@dataclass
class Room:
    """A channel: its messages, and whether the bot is in it."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    member: bool = True
    archived: bool = False


class SlackServer:
    """Start it, point SLACK_API_URL at `api_url`, and look at what it has recorded."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = defaultdict(Room)
        self.users = {
            "U1": {"id": "U1", "name": "ada", "tz": "Europe/Berlin", "is_admin": True},
            "U2": {"id": "U2", "name": "ben", "tz": "America/New_York", "is_admin": False},
        }
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.responses: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self.acknowledged: dict[str, Any] = {}
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.revoked = False
        self._numbers = itertools.count(1)
        self._uses: dict[str, int] = defaultdict(int)
        self._socket: web.WebSocketResponse | None = None
        self.connected = asyncio.Event()

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/respond/{number}", self._respond)
        app.router.add_get("/socket", self._websocket)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close everything."""
        if self._socket is not None:
            await self._socket.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"http://127.0.0.1:{self.port}/api/"

    def fail(self, method: str, *kinds: str) -> None:
        """The next calls of `method` go wrong: an error code, `429:<seconds>`, `500`, `close_before` or `close_after`."""
        self.faults[method] += kinds

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        data = await _data(request)
        kind = self.faults[method].pop(0) if self.faults[method] else ""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or data.get("token")
        if kind == "close_before":
            return _closed(request)
        if kind.startswith("429"):
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": kind[4:]}
            )
        if kind == "500":
            return web.Response(status=500, text="upstream is unhappy")
        if self.revoked or token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            return web.json_response({"ok": False, "error": "token_revoked" if self.revoked else "invalid_auth"})
        if kind and kind != "close_after":
            return web.json_response({"ok": False, "error": kind})
        self.calls.append((method, data))
        answer = getattr(self, "_" + method.replace(".", "_"))(data)
        return _closed(request) if kind == "close_after" else web.json_response(answer)

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "ok": True,
            "user_id": "UBOT",
            "bot_id": "B1",
            "team_id": TEAM,
            "team": "t",
            "user": "mentorbot",
            "url": "x",
        }

    def _apps_connections_open(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/socket"}

    def _chat_postMessage(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: N802  Slack's own name
        room = self.rooms[data["channel"]]
        if not room.member:
            return {"ok": False, "error": "not_in_channel"}
        message = {"ts": f"{time.time():.6f}", "text": data["text"], "blocks": _json(data["blocks"])}
        room.messages.append(message)
        return {"ok": True, "ts": message["ts"], "channel": data["channel"], "message": message}

    def _conversations_history(self, data: dict[str, Any]) -> dict[str, Any]:
        room = self.rooms[data["channel"]]
        found = [message for message in room.messages if float(message["ts"]) >= float(data.get("oldest", 0))]
        return {"ok": True, "messages": list(reversed(found)), "response_metadata": {"next_cursor": ""}}

    def _conversations_info(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["channel"] not in self.rooms:
            return {"ok": False, "error": "channel_not_found"}
        room = self.rooms[data["channel"]]
        return {"ok": True, "channel": {"id": data["channel"], "is_member": room.member, "is_archived": room.archived}}

    def _users_info(self, data: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(data["user"])
        return {"ok": True, "user": user} if user else {"ok": False, "error": "user_not_found"}

    def _views_open(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["trigger_id"].startswith("expired"):
            return {"ok": False, "error": "expired_trigger_id"}
        return self._keep_view(data)

    def _views_update(self, data: dict[str, Any]) -> dict[str, Any]:
        return self._keep_view(data)

    def _views_publish(self, data: dict[str, Any]) -> dict[str, Any]:
        return self._keep_view(data)

    def _keep_view(self, data: dict[str, Any]) -> dict[str, Any]:
        view = _json(data["view"])
        self.views.append(view)
        return {"ok": True, "view": {"id": f"V{next(self._numbers)}", **view}}

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["number"]
        self._uses[number] += 1
        if self._uses[number] > 5:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        self.responses.append(await request.json())
        return web.Response(text="ok")

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self.connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                data = json.loads(message.data)
                self.acknowledged[data["envelope_id"]] = data.get("payload")
        return socket

    async def envelope(self, kind: str, payload: dict[str, Any], envelope_id: str) -> Any:
        """Deliver one Socket Mode envelope; what it was acknowledged with, within three seconds."""
        assert self._socket is not None
        self.acknowledged.pop(envelope_id, None)
        await self._socket.send_json(
            {"type": kind, "envelope_id": envelope_id, "payload": payload, "accepts_response_payload": True}
        )
        async with asyncio.timeout(3):
            while envelope_id not in self.acknowledged:
                await asyncio.sleep(0.01)
        return self.acknowledged[envelope_id]

    def slash(self, text: str, *, user: str = "U1", channel: str = "C1", trigger: str | None = None) -> dict[str, str]:
        """The payload of a slash command."""
        number = next(self._numbers)
        return {
            "command": "/mentor",
            "text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            "user_id": user,
            "user_name": str(self.users[user]["name"]) if user in self.users else user,
            "channel_id": channel,
            "channel_name": "general",
            "team_id": TEAM,
            "trigger_id": trigger or f"trigger{number}",
            "response_url": f"http://127.0.0.1:{self.port}/respond/{number}",
            "is_enterprise_install": "false",
            "api_app_id": "A1",
        }

    def interaction(self, kind: str, *, user: str = "U1", channel: str = "C1", **extra: Any) -> dict[str, Any]:
        """The payload of a button press, a form or a shortcut."""
        number = next(self._numbers)
        return {
            "type": kind,
            "team": {"id": TEAM},
            "user": {"id": user, "username": "ada", "team_id": TEAM},
            "channel": {"id": channel, "name": "general"},
            "trigger_id": f"trigger{number}",
            "response_url": f"http://127.0.0.1:{self.port}/respond/{number}",
            "api_app_id": "A1",
            **extra,
        }


class HttpSlack:
    """Slack's side of signed HTTP: posts to our door as Slack does."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/slack/events"

    async def post(self, form: dict[str, str], *, secret: str = SECRET, age: int = 0, retry: int = 0) -> httpx.Response:
        """One signed request; `age` is in seconds."""
        body = urlencode(form)
        stamp = str(int(time.time()) - age)
        digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        async with httpx.AsyncClient(timeout=10) as client:
            return await client.post(self._url, content=body, headers=headers)

    async def interact(self, payload: dict[str, Any]) -> httpx.Response:
        """A button, a form or a shortcut."""
        return await self.post({"payload": json.dumps(payload)})


async def _data(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        data: dict[str, Any] = await request.json()
        return data
    return {**request.query, **await request.post()}


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _closed(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
