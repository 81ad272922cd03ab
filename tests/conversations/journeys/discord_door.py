"""Discord's door: a local gateway and API, and the components that come back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.chat.platform import ChatPlatform
from mentorbot.settings import Settings
from tests.adapters.discord_adapter import payloads
from tests.adapters.discord_adapter.discord_rules import EPHEMERAL, V2, flat
from tests.adapters.discord_adapter.multipart import json_response
from tests.adapters.discord_adapter.payloads import CHANNEL as CHANNEL_ID
from tests.adapters.discord_adapter.payloads import GUILD, MANAGE_GUILD, TOKEN
from tests.adapters.discord_adapter.server import DiscordServer, RecordedRequest

from .doors import CHANNEL, NAMES, Control, Door, Json, OpenForm, Shown

_COMMAND, _PRESS, _SUBMIT = 2, 3, 5
_ANSWER, _LATER, _LATER_IN_PLACE, _IN_PLACE, _FORM = 4, 5, 6, 7, 9
_BUTTON, _TEXT, _ROW, _SECTION, _LABEL, _STRING_SELECT = 2, 10, 1, 9, 18, 3


def _id(name: str) -> str:
    return str(660000000000000001 + NAMES.index(name))


def _dm(name: str) -> str:
    return str(770000000000000101 + NAMES.index(name))


def _user(name: str) -> Json:
    return {"id": _id(name), "username": name, "global_name": name.title(), "discriminator": "0", "avatar": None}


def _member(name: str) -> Json:
    """Someone in the server; Ada has the role that may manage it."""
    return payloads.lead() | {"user": _user(name), "nick": None, "roles": ["42"] if name == "ada" else []}


@dataclass
class TeamServer(DiscordServer):
    """A server with four people, each with direct messages of their own."""

    def _of_channels(self, method: str, path: list[str], body: Any, request: web.Request) -> web.StreamResponse:
        match method, *path:
            case "GET", "guilds", guild, *_ if guild not in self.guilds:
                return json_response({"message": "Unknown Guild", "code": 10004}, status=404)
            case "GET", "guilds", _, "members", str(number) if number in _PEOPLE:
                return json_response(_member(_name_of(number)))
            case "GET", "users", str(number) if number in _PEOPLE:
                return json_response(_user(_name_of(number)))
            case "POST", "users", "@me", "channels":
                name = _name_of(str(body["recipient_id"]))
                return json_response({"id": _dm(name), "type": 1, "recipients": [_user(name)], "last_message_id": None})
        return super()._of_channels(method, path, body, request)


_PEOPLE = frozenset(_id(name) for name in NAMES)


def _name_of(number: str) -> str:
    return next(name for name in NAMES if number in (_id(name), _dm(name)))


@dataclass
class _Turn:
    """Something one person does, while its answer is being collected."""

    name: str
    channel: str
    pressed: Shown | None = None
    deferred: int = 0
    forms: list[Json] = field(default_factory=list)


class DiscordDoor(Door):
    """Four people in one server."""

    workspace, platform = GUILD, "discord"
    knows_zones = False
    channel_id = CHANNEL_ID

    def __init__(self, adapter: DiscordAdapter, server: TeamServer) -> None:
        super().__init__()
        self._adapter, self._server, self._read = adapter, server, 0

    def person_id(self, name: str) -> str:
        return _id(name)

    def sent_by(self) -> ChatPlatform:
        return self._adapter.platform

    async def install(self) -> None:
        membership = self._adapter._client.membership
        async with asyncio.timeout(8):
            while membership is None or membership._present is None:  # it has just connected
                await asyncio.sleep(0.01)
        self._server.guilds[GUILD] = "Team"
        await self._server.tell(
            "GUILD_CREATE", {"id": GUILD, "name": "Team", "channels": [], "system_channel_id": CHANNEL_ID}
        )
        await self._server.wait_for(self._posted)
        await self._collect()

    async def uninstall(self) -> None:
        del self._server.guilds[GUILD]
        await self._server.tell("GUILD_DELETE", {"id": GUILD})

    async def say(self, name: str, text: str, *, in_channel: bool = False) -> None:
        where: Json = {"guild": GUILD, "mentions": True} if in_channel else {"channel_id": _dm(name)}
        channel = CHANNEL_ID if in_channel else _dm(name)
        before, path = len(self._posted()), f"/channels/{channel}/messages"
        self.forms[name] = None
        text = f"<@{payloads.APPLICATION}> {text}" if in_channel else text
        member = {"member": _member(name)} if in_channel else {}
        await self._server.say(text, author=_user(name), **where, **member)
        await self._server.wait_for(lambda: len(self._server.sent("POST", path)) > 0 and len(self._posted()) > before)
        await self._collect(_Turn(name, CHANNEL if in_channel else ""))

    def _posted(self) -> list[RecordedRequest]:
        return [
            request
            for request in self._server.requests
            if request.method == "POST" and request.path.startswith("/channels/")
        ]

    async def type(self, name: str, line: str) -> None:
        words = [word for word in line.split() if ":" not in word]
        options = [word.split(":", 1) for word in line.split() if ":" in word]
        typed = [{"type": 3, "name": name, "value": value} for name, value in options]
        leaf: Json = {"type": 1, "name": words[-1], "options": typed}
        inner = leaf if len(words) == 1 else {"type": 2, "name": words[0], "options": [leaf]}
        data = {"id": "1", "name": "mentor", "type": 1, "options": [inner]}
        await self._interact(_COMMAND, data, _Turn(name, CHANNEL))

    async def press(self, name: str, card: Shown, control: Control) -> None:
        data = {"custom_id": control.raw, "component_type": 2}
        await self._interact(_PRESS, data, _Turn(name, card.channel, card), message=self._message(name, card))

    async def fill_in(self, name: str, values: Mapping[str, str]) -> None:
        form = self.forms[name]
        assert form is not None
        labels = [part for part in form.source["components"] if part["type"] == _LABEL]
        components = [
            {"type": _LABEL, "id": number, "component": _filled_in(part["component"], {**form.values, **values})}
            for number, part in enumerate(labels)
        ]
        data = {"custom_id": form.source["custom_id"], "components": components}
        channel = form.pressed.channel if form.pressed else CHANNEL
        message = {"message": self._message(name, form.pressed)} if form.pressed else {}
        await self._interact(_SUBMIT, data, _Turn(name, channel, form.pressed), **message)

    def _message(self, name: str, card: Shown) -> Json:
        flags = V2 | (EPHEMERAL if card.channel and card.private else 0)
        return self._server.message(card.source, flags=flags, channel=CHANNEL_ID if card.channel else _dm(name))

    async def _interact(self, kind: int, data: Json, turn: _Turn, **extra: Any) -> None:
        name = turn.name
        self.forms[name] = None
        if turn.channel:
            permissions = str(MANAGE_GUILD if name == "ada" else 0)
            place: Json = {"member": _member(name) | {"permissions": permissions}}
        else:
            place = {
                "guild": None,
                "user": _user(name),
                "channel_id": _dm(name),
                "channel": {"id": _dm(name), "type": 1},
            }
        number = await self._server.interact(kind, data, **place, **extra)
        await self._server.answer_to(number)
        await self._collect(turn)
        if turn.forms:
            form = turn.forms[-1]
            self.forms[name] = OpenForm(form, form["title"], _values(form), pressed=turn.pressed)

    async def _collect(self, turn: _Turn | None = None) -> None:
        await self._adapter._in_flight.drained()
        new, self._read = self._server.requests[self._read :], len(self._server.requests)
        for request in new:
            parts = request.path.strip("/").split("/")
            match request.method, *parts:
                case "POST", "channels", channel, "messages":
                    self._posted_in(channel, request.body)
                case "POST", "interactions", _, _, "callback" if turn:
                    self._answered(turn, request.body)
                case "PATCH", "webhooks", *_ if turn:
                    self._show(turn, request.body, in_place=turn.deferred == _LATER_IN_PLACE)
                case "POST", "webhooks", *_ if turn:
                    self._show(turn, request.body)
        assert not self._server.violations

    def _posted_in(self, channel: str, body: Json) -> None:
        if channel == CHANNEL_ID:
            for name in NAMES:
                self.show(name, _shown(body, CHANNEL, private=False))
        else:
            self.show(_name_of(channel), _shown(body))

    def _answered(self, turn: _Turn, body: Json) -> None:
        match body["type"]:
            case 4 | 7:
                self._show(turn, body["data"], in_place=body["type"] == _IN_PLACE)
            case 5 | 6:
                turn.deferred = body["type"]
            case 9:
                turn.forms.append(body["data"])

    def _show(self, turn: _Turn, body: Json, *, in_place: bool = False) -> None:
        private = not turn.channel or bool(int(body.get("flags") or 0) & EPHEMERAL)
        self.show(turn.name, _shown(body, turn.channel, private=private), turn.pressed if in_place else None)

    async def catch_up(self) -> None:
        await self._collect()


def _filled_in(control: Json, values: Mapping[str, str]) -> Json:
    value = values.get(control["custom_id"], "")
    entered: Json = (
        {"values": [value] if value else []} if control["type"] in (_STRING_SELECT, 5, 8) else {"value": value}
    )
    return {"type": control["type"], "id": 1, "custom_id": control["custom_id"], **entered}


def _values(modal: Json) -> dict[str, str]:
    """The values a form holds when it opens, by field."""
    values = {}
    for part in modal["components"]:
        if part["type"] == _LABEL:
            control = part["component"]
            chosen = next((option["value"] for option in control.get("options", ()) if option.get("default")), "")
            values[control["custom_id"]] = chosen or control.get("value") or ""
    return values


def _shown(body: Json, channel: str = "", *, private: bool = True) -> Shown:
    parts = list(flat(body["components"]))
    texts = [line for part in parts if part["type"] == _TEXT for line in part["content"].splitlines() if line.strip()]
    plain = [_plain(line) for line in texts]
    controls = tuple(Control(part["label"], part["custom_id"]) for part in parts if part["type"] == _BUTTON)
    rows = sum(part["type"] == _ROW for part in parts)
    return Shown(body, plain[0] if plain else "", tuple(plain[1:]), controls, "\n".join(plain), rows, channel, private)


def _moment(unix: int) -> str:
    """An instant as Discord shows it to someone in Berlin, where the journeys' people live."""
    return f"{datetime.fromtimestamp(unix, ZoneInfo('Europe/Berlin')):%A, %-d %b, %H:%M}"


def _plain(line: str) -> str:
    """A line as Discord shows it, without the marks of its Markdown."""
    line = re.sub(r"^(?:#{1,3}|-#|>) ", "", line)
    line = re.sub(r"<t:(\d+):F> \(<t:\d+:R>\)", lambda match: _moment(int(match[1])), line)
    parts = re.split(r"(\\.)", line.replace("\u200b", ""))
    return "".join(part[1] if part.startswith("\\") else part.replace("**", "").replace("`", "") for part in parts)


@asynccontextmanager
async def discord_door(
    context: AppContext, settings: Settings, *, installed: bool = True
) -> AsyncIterator[DiscordDoor]:
    """Open Discord: a local server, and the bot connected to its gateway. If it isn't `installed`, it's in no server yet."""
    server = TeamServer(guilds={GUILD: "Team"} if installed else {})
    await server.start()
    connected = settings.model_copy(
        update=Settings(discord_token=TOKEN, discord_api_url=server.url).model_dump(
            include={"discord_token", "discord_api_url"}
        )
    )
    adapter = DiscordAdapter(connected, context.dispatcher, context.store)
    await adapter.start()
    yield DiscordDoor(adapter, server)
    await adapter.stop()
    await server.stop()
    assert not server.violations
