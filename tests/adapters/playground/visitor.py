"""A person who uses the playground over HTTP, as its page does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx


@dataclass
class Visitor:
    """One person in the playground. Methods return the parsed response, which must be a 200, unless they say otherwise."""

    http: httpx.AsyncClient
    person_id: str = "ada"
    channel: str = "general"

    def as_person(self, person_id: str, channel: str = "") -> Visitor:
        """Another person, or the same one in a different channel."""
        return Visitor(self.http, person_id, channel or self.channel)

    async def post(self, path: str, **data: object) -> httpx.Response:
        """Send JSON with the person and the channel; return the raw response."""
        return await self.http.post(path, json={"as": self.person_id, "channel": self.channel, **data})

    async def post_json(self, path: str, **data: object) -> dict[str, Any]:
        """Send JSON like `post`; return the JSON that came back."""
        response = await self.post(path, **data)
        assert response.status_code == 200, response.text
        return cast(dict[str, Any], response.json())

    async def state(self) -> dict[str, Any]:
        """The state the page starts with."""
        response = await self.http.get("/api/state", params={"as": self.person_id})
        return cast(dict[str, Any], response.json())

    async def messages(self) -> list[dict[str, Any]]:
        """The messages this person sees in the channel, oldest first."""
        return [message for message in (await self.state())["messages"] if message["channel"] == self.channel]

    async def say(self, text: str) -> dict[str, Any]:
        """Type a line; return the resulting message as this person sees it, or the form."""
        return await self._resulting_message(await self.post_json("/api/say", text=text))

    async def press(self, message: dict[str, Any], line: str) -> dict[str, Any]:
        """Press the button of `message` that runs `line`."""
        assert line in button_lines(message), button_lines(message)
        return await self._resulting_message(await self.post_json("/api/press", message=message["id"], line=line))

    async def submit(self, form: dict[str, Any], **options: str) -> dict[str, Any]:
        """Submit a form; return the resulting message."""
        return await self._resulting_message(
            await self.post_json("/api/submit", line=form["line"], options=options, message="", title=form["title"])
        )

    async def complete(self, text: str) -> list[dict[str, str]]:
        """Completions of `text`."""
        response = await self.http.get(
            "/api/complete", params={"as": self.person_id, "channel": self.channel, "text": text}
        )
        return cast(list[dict[str, str]], response.json())

    async def view(self, message: dict[str, Any], kind: str) -> httpx.Response:
        """The message in another view, as a raw response."""
        return await self.http.get("/api/view", params={"as": self.person_id, "message": message["id"], "kind": kind})

    async def _resulting_message(self, answer: dict[str, Any]) -> dict[str, Any]:
        if "message" not in answer:
            return answer
        return next(message for message in await self.messages() if message["id"] == answer["message"])

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Queue[tuple[str, dict[str, Any]]]]:
        """A queue of server-sent events from now on, as (event, data)."""
        events: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        async with self.http.stream("GET", "/events", params={"as": self.person_id}) as response:
            task = asyncio.create_task(_read_events(response, events), name=f"events of {self.person_id}")
            yield events
            task.cancel()
            await asyncio.wait({task})


async def _read_events(response: httpx.Response, events: asyncio.Queue[tuple[str, dict[str, Any]]]) -> None:
    event = ""
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            events.put_nowait((event, json.loads(value)))


def button_lines(message: dict[str, Any]) -> list[str]:
    """The command lines of a message's buttons."""
    rows = (block for block in message["card"]["blocks"] if block["kind"] == "buttons")
    return [button["line"] for row in rows for button in row["buttons"]]


def text_of(message: dict[str, Any]) -> str:
    """All text of a message and its card."""
    return json.dumps([message["text"], message["card"]], ensure_ascii=False)
