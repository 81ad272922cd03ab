"""The playground's door: its page's HTTP requests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager

import httpx

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.app import AppContext
from mentorbot.chat.platform import ChatPlatform

from .doors import CHANNEL, NAMES, Control, Door, Json, OpenForm, Shown


class PlaygroundDoor(Door):
    """Four people at the playground's page."""

    workspace = platform = "local"
    knows_zones = False
    channel_id = CHANNEL

    def __init__(self, adapter: PlaygroundAdapter, http: httpx.AsyncClient) -> None:
        super().__init__()
        self._adapter, self._http = adapter, http

    def person_id(self, name: str) -> str:
        return name

    def sent_by(self) -> ChatPlatform:
        return self._adapter.platform

    async def install(self) -> None:
        await self._post("ada", "membership", {"present": True})
        await self.catch_up()

    async def uninstall(self) -> None:
        await self._post("ada", "membership", {"present": False})

    async def say(self, name: str, text: str, *, in_channel: bool = False) -> None:
        place = {"channel": CHANNEL, "text": f"@mentorbot {text}"} if in_channel else {"text": text}
        await self._post(name, "say", place)

    async def type(self, name: str, line: str) -> None:
        await self._post(name, "say", {"channel": CHANNEL, "text": f"/mentor {line}"})

    async def press(self, name: str, card: Shown, control: Control) -> None:
        where = {"channel": card.channel} if card.channel else {}
        await self._post(name, "press", where | {"message": card.source["id"], "line": control.raw}, card)

    async def fill_in(self, name: str, values: Mapping[str, str]) -> None:
        form = self.forms[name]
        assert form is not None
        message = form.pressed.source["id"] if form.pressed else ""
        options = {**form.values, **values}
        sent = {"line": form.source["line"], "options": options, "message": message, "title": form.title}
        answer = await self._post(name, "submit", sent, form.pressed)
        if error := answer.get("error"):
            self.forms[name] = OpenForm(form.source, form.title, options, {error["field"]: error["text"]}, form.pressed)

    async def _post(self, name: str, path: str, data: Json, pressed: Shown | None = None) -> Json:
        self.forms[name] = None
        response = await self._http.post(f"/api/{path}", json={"as": name, "channel": f"dm-{name}", **data})
        assert response.status_code == 200, response.text
        answer: Json = response.json()
        if form := answer.get("form"):
            values = {field["name"]: field["value"] for field in form["fields"]}
            self.forms[name] = OpenForm(form, form["title"], values, pressed=pressed)
        await self._catch_up(NAMES if data.get("channel") == CHANNEL else (name,))
        return answer

    async def catch_up(self) -> None:
        await self._catch_up(NAMES)

    async def _catch_up(self, names: Iterable[str]) -> None:
        for name in names:
            state = (await self._http.get("/api/state", params={"as": name})).json()
            known = {card.source["id"]: card for card in self.seen[name]}
            for message in state["messages"]:
                before = known.get(message["id"])
                if message["card"] and (before is None or before.source != message):
                    self.show(name, _shown(message), before)


def _shown(message: Json) -> Shown:
    card, channel = message["card"], message["channel"]
    blocks = card["blocks"]
    return Shown(
        source=message,
        title=card["title"],
        lines=tuple(line for block in blocks for text in _texts(block) for line in text.splitlines() if line.strip()),
        controls=tuple(Control(button["label"], button["line"]) for block in blocks for button in _buttons(block)),
        notification=card["title"],
        rows=sum(block["kind"] == "buttons" for block in blocks),
        channel="" if channel.startswith("dm-") else channel,
        private=message["private"] or channel.startswith("dm-"),
    )


def _buttons(block: Json) -> list[Json]:
    if block["kind"] == "action_line":
        return [block["button"]]
    return list(block["buttons"]) if block["kind"] == "buttons" else []


def _texts(block: Json) -> Iterator[str]:
    match block["kind"]:
        case "paragraph" | "note" | "action_line":
            yield _plain(block["words"])
        case "heading":
            yield block["text"]
        case "bullets":
            yield from map(_plain, block["items"])
        case "facts":
            yield from (f"{name}: {_plain(value)}" for name, value in block["rows"])
        case "document":
            yield block["name"]


def _plain(spans: list[Json]) -> str:
    return "".join(span["text"] for span in spans)


@asynccontextmanager
async def playground_door(context: AppContext, *, installed: bool = True) -> AsyncIterator[PlaygroundDoor]:
    """Open the playground on a free port. If the bot isn't `installed`, Ada has removed it."""

    async def stay(_: object) -> None:
        raise AssertionError("journeys move the clock themselves")

    adapter = PlaygroundAdapter(
        context.dispatcher, context.clock, previews={}, travel=stay, port=0, store=context.store
    )
    await adapter.start()
    async with httpx.AsyncClient(base_url=adapter.url, timeout=30) as http:
        door = PlaygroundDoor(adapter, http)
        if not installed:
            await door.uninstall()
        yield door
    await adapter.stop()
