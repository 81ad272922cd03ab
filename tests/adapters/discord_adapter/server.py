"""A fake Discord: the API over HTTP and the gateway over a WebSocket, on a real port.

discord.py's real client talks to it. It records every request, refuses what Discord would refuse, and stores messages.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import discord
from aiohttp import WSMsgType, web

from mentorbot.clock import Clock
from tests.adapters.discord_adapter import discord_rules, multipart, payloads
from tests.adapters.discord_adapter.gateway_socket import CompressedSocket
from tests.adapters.discord_adapter.multipart import json_response
from tests.adapters.discord_adapter.payloads import APPLICATION, BOT, CHANNEL, GUILD, TOKEN

Handler = Callable[[web.Request, Any], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request the bot made."""

    method: str
    path: str
    body: Any
    files: dict[str, bytes]


@dataclass
class DiscordServer:
    """A fake Discord. Start it, use `url` as DISCORD_API_URL, then send interactions.

    `planned_errors` maps the end of a path to responses (status, JSON) given there first, in order; `violations` lists why
    requests were refused. `guilds` are the servers with the bot, by id; Ada is in all of them except `strangers_in`.
    People manage them unless they're `ordinary`. `channel_guilds` are the servers of channels that aren't in the first.
    """

    commands: list[dict[str, Any]] = field(default_factory=list)
    requests: list[RecordedRequest] = field(default_factory=list)
    history: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    planned_errors: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    identified: list[dict[str, Any]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    attachments: multipart.AttachmentServer = field(default_factory=multipart.AttachmentServer)
    close_with: int | None = None
    missing_channels: set[str] = field(default_factory=set)
    responses_to_lose: int = 0
    guilds: dict[str, str] = field(default_factory=lambda: {GUILD: "Team"})
    strangers_in: set[str] = field(default_factory=set)
    channel_guilds: dict[str, str] = field(default_factory=dict)
    ordinary: set[str] = field(default_factory=set)
    max_concurrency: int = 1
    channel_types: dict[str, int] = field(default_factory=dict)
    threads: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = count()
        self._sockets: list[web.WebSocketResponse] = []
        self._request_arrived = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The value for DISCORD_API_URL."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/attachments/{name}", self.attachments.serve)
        app.router.add_route("*", "/api/v10/{rest:.*}", self._api)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.attachments.url = f"{self.url}/attachments"

    async def stop(self) -> None:
        """Close the gateway connections and the server."""
        await self.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def drop(self, code: int = 1001) -> None:
        """Close all gateway connections, as Discord does now and then."""
        self.connected.clear()
        for socket in list(self._sockets):
            await socket.close(code=code)
        self._sockets.clear()

    def sent(self, method: str, ending: str) -> list[Any]:
        """The bodies of requests to paths that end with `ending`."""
        return [request.body for request in self.requests if request.method == method and request.path.endswith(ending)]

    def files(self, method: str, ending: str) -> list[dict[str, bytes]]:
        """The files of requests to paths that end with `ending`."""
        return [
            request.files for request in self.requests if request.method == method and request.path.endswith(ending)
        ]

    async def interact(self, kind: int, data: dict[str, Any], **overrides: Any) -> str:
        """Send an interaction and return its id. `guild=None` makes it a DM with the bot."""
        interaction = self.interaction(kind, data, **overrides)
        await self.deliver(interaction)
        return str(interaction["id"])

    def interaction(self, kind: int, data: dict[str, Any], **overrides: Any) -> dict[str, Any]:
        """Build an interaction as the gateway delivers it; `overrides` as in `payloads.interaction`."""
        return payloads.interaction(self._id(), kind, data, **overrides)

    async def deliver(self, interaction: dict[str, Any]) -> None:
        """Send a ready-made interaction, for instance a second time."""
        for socket in list(self._sockets):
            await socket.send_json({"op": 0, "s": 9, "t": "INTERACTION_CREATE", "d": interaction})

    async def say(self, text: str, **overrides: Any) -> dict[str, Any]:
        """Send a message of a person's, and return it; `overrides` as in `payloads.spoken`."""
        message = payloads.spoken(self._id(), text, **overrides)
        self.history.setdefault(message["channel_id"], []).append(message)
        await self.tell("MESSAGE_CREATE", message)
        return message

    async def tell(self, event: str, data: Any) -> None:
        """Send an event over the gateway."""
        for socket in list(self._sockets):
            await socket.send_json({"op": 0, "s": 9, "t": event, "d": data})

    async def send_raw(self, data: Any) -> None:
        """Send something over the gateway that isn't built like its messages."""
        for socket in list(self._sockets):
            await socket.send_json(data)

    async def wait_for(self, condition: Callable[[], Any], seconds: float = 8) -> Any:
        """Wait until `condition` returns something truthy, and return that. Each request triggers another look."""
        async with asyncio.timeout(seconds):
            while not (result := condition()):
                self._request_arrived.clear()
                await self._request_arrived.wait()
            return result

    async def answer_to(self, interaction_id: str) -> Any:
        """The bot's first response to an interaction."""
        path = f"/interactions/{interaction_id}/token-{interaction_id}/callback"
        return (await self.wait_for(lambda: self.sent("POST", path)))[0]

    async def followups_of(self, interaction_id: str) -> list[Any]:
        """The follow-up messages to an interaction, once there are any."""
        path = f"/webhooks/{APPLICATION}/token-{interaction_id}"
        return list(await self.wait_for(lambda: self.sent("POST", path)))

    async def late_answer_to(self, interaction_id: str) -> Any:
        """The answer that follows a deferral, in place of the deferred one or below the message with the pressed button."""
        path = f"/webhooks/{APPLICATION}/token-{interaction_id}"
        return (
            await self.wait_for(lambda: self.sent("PATCH", f"{path}/messages/@original") or self.sent("POST", path))
        )[0]

    async def edit_of(self, interaction_id: str) -> Any:
        """The edit that replaces a deferred answer, or the message with the pressed button."""
        path = f"/webhooks/{APPLICATION}/token-{interaction_id}/messages/@original"
        return (await self.wait_for(lambda: self.sent("PATCH", path)))[0]

    def message(self, body: dict[str, Any], *, flags: int = 0, channel: str = CHANNEL) -> dict[str, Any]:
        """A message of the bot's, in the form Discord returns it."""
        return payloads.message(self._id(), body, flags, channel)

    def _id(self) -> int:
        """Make a snowflake for this instant: https://docs.discord.com/developers/reference#snowflakes."""
        return discord.utils.time_snowflake(Clock().now()) + next(self._numbers) % 4096

    async def _api(self, request: web.Request) -> web.StreamResponse:
        request_body = await multipart.read_body(request)
        body, path = request_body.body, "/" + request.match_info["rest"]
        self.requests.append(RecordedRequest(request.method, path, body, request_body.files))
        self._request_arrived.set()
        if violation := discord_rules.violation(request.method, path, body) or multipart.files_violation(request_body):
            self.violations.append(violation)
            return json_response(
                {"message": "Invalid Form Body", "code": 50035, "errors": {"rule": violation}}, status=400
            )
        for ending, planned in self.planned_errors.items():
            if path.endswith(ending) and planned:
                status, answer = planned.pop(0)
                return json_response(answer, status=status, headers={"Via": "1.1 here"})
        if request.headers.get("Authorization") not in (f"Bot {TOKEN}", None):
            return json_response({"message": "401: Unauthorized", "code": 0}, status=401)
        return self._answer(request.method, path.strip("/").split("/"), body, request)

    def _answer(self, method: str, path: list[str], body: Any, request: web.Request) -> web.StreamResponse:
        match method, *path:
            case "GET", "users", "@me":
                return json_response(BOT)
            case "GET", "oauth2" | "applications", *_, "@me":
                return json_response(payloads.application())
            case "GET", "gateway", "bot":
                limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": self.max_concurrency}
                url = f"ws://127.0.0.1:{self.port}/gateway"
                return json_response({"url": url, "shards": 1, "session_start_limit": limits})
            case "GET", "applications", _, "commands":
                translated = request.query.get("with_localizations") == "true"
                return json_response(self.commands if translated else list(map(payloads.untranslated, self.commands)))
            case "PUT", "applications", _, "commands":
                self.commands = [payloads.registered_command(command) for command in body]
                return json_response(self.commands)
            case "POST", "interactions", number, _, "callback":
                if number in self.answered:
                    return json_response({"message": "Already acknowledged.", "code": 40060}, status=400)
                self.answered.add(number)
                return json_response({"interaction": {"id": number, "type": 2}})
            case ("POST", "webhooks", *_) | ("PATCH", "webhooks", *_):
                return json_response(self.message(body))
            case "POST", "channels", _, "typing":
                return web.Response(status=204)
            case (_, "channels", *_, "threads" | "crosspost") | (_, *_, "thread-members" | "threads" | "roles", _):
                return self._of_threads(method, path, body)
            case _:
                return self._of_channels(method, path, body, request)

    def _of_channels(self, method: str, path: list[str], body: Any, request: web.Request) -> web.StreamResponse:
        match method, *path:
            case _, "channels", channel, *_ if channel in self.missing_channels:
                return json_response({"message": "Unknown Channel", "code": 10003}, status=404)
            case "POST", "channels", channel, "messages":
                return self._posted(channel, body)
            case "GET", "channels", channel, "messages":
                after = int(request.query.get("after", 0))
                messages = [message for message in self.history.get(channel, []) if int(message["id"]) > after]
                # Newest first, as Discord returns them.
                return json_response(list(reversed(messages[: int(request.query.get("limit", 50))])))
            case "GET", "channels", channel:
                kind, guild = self.channel_types.get(channel, 0), self.channel_guilds.get(channel, GUILD)
                thread = next((thread for thread in self.threads if thread["id"] == channel), None)
                return json_response(thread or payloads.channel(channel, kind, guild))
            case "GET", "users", "@me", "guilds":
                return json_response(
                    [{**payloads.guild(), "id": number, "name": name} for number, name in self.guilds.items()]
                )
            case "GET", "channels", channel, "messages", number:
                found = (message for message in self.history.get(channel, []) if message["id"] == number)
                return json_response(next(found))
            case "GET", "guilds", number, "members", _ if number in self.strangers_in:
                return json_response({"message": "Unknown Member", "code": 10007}, status=404)
            case "GET", "guilds", _, "members", number if number == APPLICATION:
                return json_response(payloads.bot_member())
            case "GET", "guilds", number, *rest:
                named = {**payloads.guild(), "id": number, "name": self.guilds.get(number, "Team")}
                rights: dict[str, Any] = {"roles": []} if rest and rest[-1] in self.ordinary else {}
                return json_response(payloads.lead() | rights if rest else named)
            case "GET", "users", str():
                return json_response(payloads.ADA)
            case "POST", "users", "@me", "channels":
                return json_response(
                    {"id": payloads.DM, "type": 1, "recipients": [payloads.ADA], "last_message_id": None}
                )
            case _:
                return json_response({"message": "404: Not Found", "code": 0}, status=404)

    def _of_threads(self, method: str, path: list[str], body: Any) -> web.StreamResponse:
        match method, *path:
            case "POST", "channels", channel, "threads":
                return self._started_thread(channel, body)
            case "GET", "guilds", _, "threads", "active":
                return json_response({"threads": self.threads, "members": []})
            case _:
                return json_response({})

    def _started_thread(self, channel: str, body: Any) -> web.StreamResponse:
        """Open a thread, in a forum with its first message, which has the thread's id."""
        thread = payloads.thread(str(self._id()), channel, body)
        self.threads.append(thread)
        if "message" not in body:
            return json_response(thread)
        message = self.message(body["message"], channel=thread["id"]) | {"id": thread["id"]}
        self.history[thread["id"]] = [message]
        return json_response(thread | {"message": message})

    def _posted(self, channel: str, body: Any) -> web.StreamResponse:
        """Store a message. With `enforce_nonce`, a nonce that was used before returns the earlier message instead."""
        messages = self.history.setdefault(channel, [])
        nonce = body.get("nonce") if body.get("enforce_nonce") else None
        message = next((stored for stored in messages if nonce and stored["nonce"] == nonce), None)
        if message is None:
            message = self.message(body, channel=channel)
            messages.append(message)
        if self.responses_to_lose:
            self.responses_to_lose -= 1
            return json_response({"message": "500: Internal Server Error", "code": 0}, status=500)
        return json_response(message)

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        socket = CompressedSocket(request.query["compress"])
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            data = json.loads(message.data)
            if data["op"] == 1:
                await socket.send_json({"op": 11})
            elif data["op"] in (2, 6):
                self.identified.append(data)
                if self.close_with is not None:
                    await socket.close(code=self.close_with)
                    break
                await self._ready(socket, data["d"].get("shard") or [0, 1])
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket

    async def _ready(self, socket: web.WebSocketResponse, shard: list[int]) -> None:
        ready = {
            "v": 10, "user": BOT, "guilds": [], "session_id": "s1", "application": {"id": APPLICATION, "flags": 0},
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway", "shard": shard,
        }  # fmt: skip
        await socket.send_json({"op": 0, "s": 1, "t": "READY", "d": ready})
        self._sockets.append(socket)
        self.connected.set()
