"""A small, stateful fake of Slack. The real slack_sdk talks to it over HTTP and WebSocket.

| Slack | supported here |
| --- | --- |
| Web API: auth.test, apps.connections.open, conversations.history and .info, users.info and .list | yes |
| chat.postMessage and .postEphemeral, also in threads; chat.update | yes |
| views.open, .update, .publish; a trigger_id works once within 3 s; views by id and by external_id | yes |
| the stack of modals | partly: `push` adds a view, but their order isn't kept |
| Block Kit: invalid_blocks in messages, views and response_urls | partly: the rules in block_kit.py |
| response_url: five uses in thirty minutes | yes |
| Socket Mode: envelopes, acknowledgements, `disconnect`, redeliveries | yes; one connection |
| slash commands, block_actions, view_submission, shortcuts, events, all signed (payloads.py) | yes |
| errors: 429 with Retry-After, 500, a proxy's page, any error code, a connection lost before or after the call | yes |
| conversations.open; the three steps of files_upload_v2; downloads from url_private | yes |
| oauth.v2.access: installing in a workspace or an organisation, and token rotation | yes |
| function_executed, functions.completeSuccess and .completeError | yes |
| Enterprise Grid's own methods | no: the adapter doesn't use them |
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import Any

from aiohttp import WSMsgType, web

from .state import Json, SlackState

BOT_TOKEN = "xoxb-a-token"
APP_TOKEN = "xapp-a-token"
SECRET = "a-signing-secret"


class SlackServer(SlackState):
    """The fake server: start it, point SLACK_API_URL at `api_url`, then inspect what it recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, Json]] = []
        self.responses: list[Json] = []
        self.plain_responses: list[Json] = []
        """Texts without blocks, which slack_bolt answers with on its own."""
        self.acknowledgements: dict[str, Any] = {}
        self.downloads: list[str] = []
        self.tokens_used: list[tuple[str, str]] = []
        self.revoked = False
        self.connections = 0
        self.connected = asyncio.Event()
        self._failures: dict[str, list[str]] = defaultdict(list)
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
        """The value for SLACK_API_URL."""
        return f"http://127.0.0.1:{self.port}/api/"

    def fail(self, method: str, *kinds: str) -> None:
        """Make the next calls of `method` fail, one for each kind. `response_url`, `upload` and `download` are methods too.

        A kind is `429:<seconds>`, `500`, `page` (a proxy's page), `half` (a truncated answer), `slow:<seconds>`, `close_before`
        or `close_after` the call, or any error code of Slack's. An empty kind lets the call succeed.
        """
        self._failures[method] += kinds

    def is_valid(self, method: str, token: str) -> bool:
        """Tell whether a method takes a token."""
        if method == "apps.connections.open":
            return token == APP_TOKEN
        return token == BOT_TOKEN or token in self.installed

    def mend(self) -> None:
        """Cancel all planned failures."""
        self._failures.clear()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        data = await _read_data(request)
        kind = self._failures[method].pop(0) if self._failures[method] else ""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or data.get("token")
        if failure := _failure_response(request, kind):
            return failure
        if kind.startswith("slow"):
            await asyncio.sleep(float(kind[5:]))
            kind = ""
        if method == "oauth.v2.access":
            token = self.installer  # an app proves itself by its secret instead
        elif self.revoked or not self.is_valid(method, str(token or "")):
            return _error_response("token_revoked" if self.revoked else "invalid_auth")
        if kind and kind != "close_after":
            return _error_response(kind)
        self.calls.append((method, data))
        self.tokens_used.append((method, str(token)))
        answer = getattr(self, "_" + method.replace(".", "_").lower())(data | {"token": token})
        if kind == "close_after":
            return _abort_connection(request)
        if isinstance(answer, str):
            return _error_response(answer)
        headers = {"x-oauth-scopes": ",".join(self.scopes)} if self.scopes else {}
        return web.json_response({"ok": True, **answer}, headers=headers)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["number"]
        if error := self._response_url_error(number):
            return web.Response(status=404, text=error)
        kind = self._failures["response_url"].pop(0) if self._failures["response_url"] else ""
        if failure := _failure_response(request, kind):
            return failure
        message = await request.json()
        if "blocks" not in message:
            self.plain_responses.append(message)
            return web.Response(text="ok")
        # In someone's direct messages, "in_channel" means them alone.
        direct = self._answered_in[number].startswith("D")
        if error := self._blocks_error(
            message["blocks"], everyone=message["response_type"] == "in_channel" and not direct
        ):
            return web.Response(status=400, text=error)
        self.responses.append(message)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        kind = self._failures["upload"].pop(0) if self._failures["upload"] else ""
        if kind.startswith("slow"):
            await asyncio.sleep(float(kind[5:]))
        elif failure := _failure_response(request, kind):
            return failure
        return web.Response(status=self.receive_upload(request.match_info["number"], await request.read()))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Serve an uploaded file. Without a valid token, Slack redirects to its sign-in page."""
        kind = self._failures["download"].pop(0) if self._failures["download"] else ""
        self.downloads.append(request.match_info["number"])
        if kind.startswith("slow"):
            await asyncio.sleep(float(kind[5:]))
        elif failure := _failure_response(request, kind):
            return failure
        if kind == "missing_scope" or request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            raise web.HTTPFound("/?redir=%2Ffiles-pri")
        return web.Response(body=self.user_files[request.match_info["number"]])

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
                self.acknowledgements[data["envelope_id"]] = data.get("payload")
        return socket

    async def request_reconnect(self) -> None:
        """Ask the client to reconnect, as Slack does every few hours, and wait until it has."""
        assert self._socket is not None
        self.connected.clear()
        await self._socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await asyncio.wait_for(self.connected.wait(), 5)

    async def envelope(self, kind: str, payload: Json, envelope_id: str) -> Any:
        """Deliver a Socket Mode envelope, and return its acknowledgement, which must come within three seconds."""
        assert self._socket is not None
        self.acknowledgements.pop(envelope_id, None)
        await self._socket.send_json(
            {"type": kind, "envelope_id": envelope_id, "payload": payload, "accepts_response_payload": True}
        )
        async with asyncio.timeout(3):
            while envelope_id not in self.acknowledgements:
                await asyncio.sleep(0.01)
        return self.acknowledgements[envelope_id]


async def _read_data(request: web.Request) -> Json:
    if request.content_type == "application/json":
        data: Json = await request.json()
        return data
    return {**request.query, **await request.post()}


def _error_response(code: str) -> web.Response:
    return web.json_response({"ok": False, "error": code})


def _failure_response(request: web.Request, kind: str) -> web.StreamResponse | None:
    if kind == "close_before":
        return _abort_connection(request)
    if kind.startswith("429"):
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": kind[4:]})
    if kind == "500":
        return web.Response(status=500, text="upstream is unhappy")
    if kind == "page":
        return web.Response(text="<html>sign in first</html>", content_type="text/html")
    if kind == "half":
        return web.Response(text='{"ok": tr', content_type="application/json")
    return None


def _abort_connection(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
