"""Discord's side, played by a server of our own: the API over HTTP and the gateway over a WebSocket.

discord.py's real client talks to it. Every request is kept, and what it sends is kept as Discord would keep it.
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
from tests.adapters.discord_adapter.parcels import answered as _json
from tests.adapters.discord_adapter.stream import Stream

from mentorbot.clock import Clock
from tests.adapters.discord_adapter import contract, parcels, payloads
from tests.adapters.discord_adapter.payloads import APPLICATION, BOT, CHANNEL, GUILD, TOKEN

Handler = Callable[[web.Request, Any], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of the bot's."""

    method: str
    path: str
    body: Any
    files: dict[str, bytes]


@dataclass
class DiscordServer:
    """Start it, give its address as DISCORD_API_URL, and send interactions."""

    commands: list[dict[str, Any]] = field(default_factory=list)
    requests: list[Sent] = field(default_factory=list)
    history: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    identified: list[dict[str, Any]] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    shelf: parcels.Shelf = field(default_factory=parcels.Shelf)
    close_with: int | None = None
    gone: set[str] = field(default_factory=set)
    answers_to_lose: int = 0

    def __post_init__(self) -> None:
        self._numbers = count()
        self._sockets: list[web.WebSocketResponse] = []
        self._news = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """What goes into DISCORD_API_URL."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/attachments/{name}", self.shelf.give)
        app.router.add_route("*", "/api/v10/{rest:.*}", self._api)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.shelf.url = f"{self.url}/attachments"

    async def stop(self) -> None:
        """Close everything."""
        await self.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def drop(self, code: int = 1001) -> None:
        """Close the connections to the gateway, as Discord does now and then."""
        self.connected.clear()
        for socket in list(self._sockets):
            await socket.close(code=code)
        self._sockets.clear()

    def sent(self, method: str, ending: str) -> list[Any]:
        """The bodies of the requests to paths with that ending."""
        return [one.body for one in self.requests if one.method == method and one.path.endswith(ending)]

    def files(self, method: str, ending: str) -> list[dict[str, bytes]]:
        """The files of the requests to paths with that ending."""
        return [one.files for one in self.requests if one.method == method and one.path.endswith(ending)]

    async def interact(self, kind: int, data: dict[str, Any], **extra: Any) -> str:
        """Send an interaction; its id. `guild=None` is a DM with the bot."""
        interaction = self.interaction(kind, data, **extra)
        await self.deliver(interaction)
        return str(interaction["id"])

    def interaction(self, kind: int, data: dict[str, Any], **extra: Any) -> dict[str, Any]:
        """An interaction as the gateway delivers it; `extra` as in `payloads.interaction`."""
        return payloads.interaction(self._id(), kind, data, **extra)

    async def deliver(self, interaction: dict[str, Any]) -> None:
        """Send the same interaction, once or again."""
        for socket in list(self._sockets):
            await socket.send_json({"op": 0, "s": 9, "t": "INTERACTION_CREATE", "d": interaction})

    async def until(self, done: Callable[[], Any], seconds: float = 8) -> Any:
        """What `done` gives once it gives something; each request makes it look again."""
        async with asyncio.timeout(seconds):
            while not (found := done()):
                self._news.clear()
                await self._news.wait()
            return found

    async def answer_to(self, interaction_id: str) -> Any:
        """What the bot answers an interaction with."""
        path = f"/interactions/{interaction_id}/token-{interaction_id}/callback"
        return (await self.until(lambda: self.sent("POST", path)))[0]

    async def followups(self, interaction_id: str, number: int = 1) -> list[Any]:
        """The messages that follow it."""
        path = f"/webhooks/{APPLICATION}/token-{interaction_id}"
        return list(await self.until(lambda: found if len(found := self.sent("POST", path)) >= number else None))

    async def edit_of(self, interaction_id: str) -> Any:
        """What a deferred answer, or the message with the button, becomes."""
        path = f"/webhooks/{APPLICATION}/token-{interaction_id}/messages/@original"
        return (await self.until(lambda: self.sent("PATCH", path)))[0]

    def message(self, body: dict[str, Any], *, flags: int = 0, channel: str = CHANNEL) -> dict[str, Any]:
        """A message of the bot's, as Discord gives it back."""
        return payloads.message(self._id(), body, flags, channel)

    def _id(self) -> int:
        """A snowflake of this instant: https://docs.discord.com/developers/reference#snowflakes."""
        return discord.utils.time_snowflake(Clock().now()) + next(self._numbers) % 4096

    async def _api(self, request: web.Request) -> web.StreamResponse:
        parcel = await parcels.unpack(request)
        body, path = parcel.body, "/" + request.match_info["rest"]
        self.requests.append(Sent(request.method, path, body, parcel.files))
        self._news.set()
        if said := contract.objection(request.method, path, body) or parcels.refusal(parcel):
            self.objections.append(said)
            return _json({"message": "Invalid Form Body", "code": 50035, "errors": {"said": said}}, status=400)
        for ending, planned in self.faults.items():
            if path.endswith(ending) and planned:
                status, answer = planned.pop(0)
                return _json(answer, status=status, headers={"Via": "1.1 here"})
        if request.headers.get("Authorization") not in (f"Bot {TOKEN}", None):
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        return self._answer(request.method, path.strip("/").split("/"), body, request)

    def _answer(self, method: str, path: list[str], body: Any, request: web.Request) -> web.StreamResponse:
        match method, *path:
            case "GET", "users", "@me":
                return _json(BOT)
            case "GET", "oauth2" | "applications", *_, "@me":
                return _json(payloads.application())
            case "GET", "gateway", "bot":
                limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
                url = f"ws://127.0.0.1:{self.port}/gateway"
                return _json({"url": url, "shards": 1, "session_start_limit": limits})
            case "GET", "applications", _, "commands":
                return _json(self.commands)
            case "PUT", "applications", _, "commands":
                self.commands = [payloads.registered(command) for command in body]
                return _json(self.commands)
            case "POST", "interactions", number, _, "callback":
                if number in self.answered:
                    return _json({"message": "Already acknowledged.", "code": 40060}, status=400)
                self.answered.add(number)
                return _json({"interaction": {"id": number, "type": 2}})
            case ("POST", "webhooks", *_) | ("PATCH", "webhooks", *_):
                return _json(self.message(body))
            case _:
                return self._of_channels(method, path, body, request)

    def _of_channels(self, method: str, path: list[str], body: Any, request: web.Request) -> web.StreamResponse:
        match method, *path:
            case _, "channels", channel, *_ if channel in self.gone:
                return _json({"message": "Unknown Channel", "code": 10003}, status=404)
            case "POST", "channels", channel, "messages":
                return self._posted(channel, body)
            case "GET", "channels", channel, "messages":
                after = int(request.query.get("after", 0))
                found = [one for one in self.history.get(channel, []) if int(one["id"]) > after]
                return _json(list(reversed(found[: int(request.query.get("limit", 50))])))
            case "GET", "channels", channel:
                return _json({"id": channel, "type": 0, "guild_id": GUILD, "name": "general"})
            case "GET", "guilds", str(), *rest:
                return _json(payloads.lead() if rest else payloads.guild())
            case "GET", "users", str():
                return _json(payloads.ADA)
            case "POST", "users", "@me", "channels":
                return _json({"id": payloads.DM, "type": 1, "recipients": [payloads.ADA], "last_message_id": None})
            case _:
                return _json({"message": "404: Not Found", "code": 0}, status=404)

    def _posted(self, channel: str, body: Any) -> web.StreamResponse:
        """Keep a message. One with the nonce of another is that other one, when its sender asks for that."""
        kept = self.history.setdefault(channel, [])
        nonce = body.get("nonce") if body.get("enforce_nonce") else None
        made = next((one for one in kept if nonce and one["nonce"] == nonce), None)
        if made is None:
            made = self.message(body, channel=channel)
            kept.append(made)
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            return _json({"message": "500: Internal Server Error", "code": 0}, status=500)
        return _json(made)

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        socket = Stream(request.query["compress"])
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        async for received in socket:
            if received.type is not WSMsgType.TEXT:
                break
            data = json.loads(received.data)
            if data["op"] == 1:
                await socket.send_json({"op": 11})
            elif data["op"] in (2, 6):
                self.identified.append(data)
                if self.close_with is not None:
                    await socket.close(code=self.close_with)
                    break
                await self._ready(socket)
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket

    async def _ready(self, socket: web.WebSocketResponse) -> None:
        ready = {
            "v": 10, "user": BOT, "guilds": [], "session_id": "s1", "application": {"id": APPLICATION, "flags": 0},
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway", "shard": [0, 1],
        }  # fmt: skip
        await socket.send_json({"op": 0, "s": 1, "t": "READY", "d": ready})
        self._sockets.append(socket)
        self.connected.set()
