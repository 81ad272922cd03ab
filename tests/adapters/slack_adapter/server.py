"""A small, stateful Slack of our own, which the real slack_sdk talks to over HTTP and WebSocket.

| Slack | here |
| --- | --- |
| Web API: auth.test, apps.connections.open, chat.postMessage, conversations.history and .info, users.info | yes |
| views.open, .update, .publish; a trigger_id lasts 3 s and is good once; views by id and by external_id | yes |
| the stack of modals | `push` is remembered as one more view; what lies on what is not |
| Block Kit: what blockkit.py knows is refused as invalid_blocks, in messages, views and response_urls | partly |
| response_url: five uses in thirty minutes, counted on a clock that `later` moves | yes |
| Socket Mode: envelopes, acknowledgements, `disconnect`, deliveries that come twice | yes; one connection |
| slash commands, block_actions, view_submission, shortcuts, events, signed as Slack signs them (sender.py) | yes |
| faults: 429 with Retry-After, 500, a proxy's page, any error code, a broken connection before or after the call | yes |
| conversations.open; files in the three steps of files_upload_v2, and fetched from url_private (filing.py) | yes |
| chat.update, OAuth, threads, Enterprise Grid's own methods | no: the door uses none |
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import Any

from aiohttp import WSMsgType, web

from .block_kit import refused
from .state import TEAM, Json, SlackState

BOT_TOKEN = "xoxb-a-token"
APP_TOKEN = "xapp-a-token"
SECRET = "a-signing-secret"

__all__ = ["APP_TOKEN", "BOT_TOKEN", "SECRET", "TEAM", "SlackServer"]


class SlackServer(SlackState):
    """Start it, point SLACK_API_URL at `api_url`, and look at what it has recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, Json]] = []
        self.responses: list[Json] = []
        self.acknowledged: dict[str, Any] = {}
        self.fetched: list[str] = []
        self.revoked = False
        self.connections = 0
        self.connected = asyncio.Event()
        self._faults: dict[str, list[str]] = defaultdict(list)
        self._socket: web.WebSocketResponse | None = None

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/respond/{number}", self._respond)
        app.router.add_post("/upload/{number}", self._upload)
        app.router.add_get("/files-pri/{number}/download/{name}", self._download)
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
        """The next calls of `method` go wrong, one each; `response_url` counts as a method.

        `429:<seconds>`, `500`, `page` (a proxy's), `half` (an answer that breaks off), `slow:<seconds>`, `close_before` and
        `close_after` the call; everything else is Slack's error code, and an empty one is no fault.
        """
        self._faults[method] += kinds

    def mend(self) -> None:
        """From now on all calls go well."""
        self._faults.clear()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        data = await _data(request)
        kind = self._faults[method].pop(0) if self._faults[method] else ""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or data.get("token")
        if early := _broken(request, kind):
            return early
        if kind.startswith("slow"):
            await asyncio.sleep(float(kind[5:]))
            kind = ""
        if self.revoked or token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            return _no("token_revoked" if self.revoked else "invalid_auth")
        if kind and kind != "close_after":
            return _no(kind)
        self.calls.append((method, data))
        answer = getattr(self, "_" + method.replace(".", "_").lower())(data)
        if kind == "close_after":
            return _closed(request)
        return _no(answer) if isinstance(answer, str) else web.json_response({"ok": True, **answer})

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["number"]
        if fault := self._spent(number):
            return web.Response(status=404, text=fault)
        kind = self._faults["response_url"].pop(0) if self._faults["response_url"] else ""
        if early := _broken(request, kind):
            return early
        message = await request.json()
        if fault := self._invalid(refused(message["blocks"])):
            return web.Response(status=400, text=fault)
        self.responses.append(message)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        kind = self._faults["upload"].pop(0) if self._faults["upload"] else ""
        if kind.startswith("slow"):
            await asyncio.sleep(float(kind[5:]))
        elif early := _broken(request, kind):
            return early
        return web.Response(status=self.receive(request.match_info["number"], await request.read()))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Without the token of one who may see it, Slack shows the way to its front door."""
        kind = self._faults["download"].pop(0) if self._faults["download"] else ""
        self.fetched.append(request.match_info["number"])
        if kind.startswith("slow"):
            await asyncio.sleep(float(kind[5:]))
        elif early := _broken(request, kind):
            return early
        if kind == "missing_scope" or request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            raise web.HTTPFound("/?redir=%2Ffiles-pri")
        return web.Response(body=self.owned[request.match_info["number"]])

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        self.connections += 1
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self.connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                data = json.loads(message.data)
                self.acknowledged[data["envelope_id"]] = data.get("payload")
        return socket

    async def refresh(self) -> None:
        """Ask the other side to connect anew, as Slack does every few hours, and wait until it has."""
        assert self._socket is not None
        self.connected.clear()
        await self._socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await asyncio.wait_for(self.connected.wait(), 5)

    async def envelope(self, kind: str, payload: Json, envelope_id: str) -> Any:
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


async def _data(request: web.Request) -> Json:
    if request.content_type == "application/json":
        data: Json = await request.json()
        return data
    return {**request.query, **await request.post()}


def _no(code: str) -> web.Response:
    return web.json_response({"ok": False, "error": code})


def _broken(request: web.Request, kind: str) -> web.StreamResponse | None:
    if kind == "close_before":
        return _closed(request)
    if kind.startswith("429"):
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": kind[4:]})
    if kind == "500":
        return web.Response(status=500, text="upstream is unhappy")
    if kind == "page":
        return web.Response(text="<html>sign in first</html>", content_type="text/html")
    if kind == "half":
        return web.Response(text='{"ok": tr', content_type="application/json")
    return None


def _closed(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
