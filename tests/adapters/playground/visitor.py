"""Somebody who uses the playground over HTTP, as its page does."""

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
    """One person of the playground. Every method gives the parsed answer, which must be a 200."""

    http: httpx.AsyncClient
    who: str = "ada"
    place: str = "general"

    def of(self, who: str, place: str = "") -> Visitor:
        """Another person, or the same one elsewhere."""
        return Visitor(self.http, who, place or self.place)

    async def post(self, path: str, **data: object) -> httpx.Response:
        """Send JSON, with the person and the place."""
        return await self.http.post(path, json={"as": self.who, "channel": self.place, **data})

    async def did(self, path: str, **data: object) -> dict[str, Any]:
        """Like `post`; what came back."""
        response = await self.post(path, **data)
        assert response.status_code == 200, response.text
        return cast(dict[str, Any], response.json())

    async def state(self) -> dict[str, Any]:
        """What the page begins with."""
        response = await self.http.get("/api/state", params={"as": self.who})
        return cast(dict[str, Any], response.json())

    async def messages(self) -> list[dict[str, Any]]:
        """What this person sees here, oldest first."""
        return [message for message in (await self.state())["messages"] if message["channel"] == self.place]

    async def say(self, text: str) -> dict[str, Any]:
        """Type a line; the message that it led to, as this person sees it, or the form."""
        return await self._led_to(await self.did("/api/say", text=text))

    async def press(self, message: dict[str, Any], line: str) -> dict[str, Any]:
        """Press the button of `message` that runs `line`."""
        assert line in lines(message), lines(message)
        return await self._led_to(await self.did("/api/press", message=message["id"], line=line))

    async def submit(self, form: dict[str, Any], **options: str) -> dict[str, Any]:
        """Send a form."""
        return await self._led_to(await self.did("/api/submit", line=form["line"], options=options, message=""))

    async def complete(self, text: str) -> list[dict[str, str]]:
        """Completions of `text`."""
        response = await self.http.get("/api/complete", params={"as": self.who, "channel": self.place, "text": text})
        return cast(list[dict[str, str]], response.json())

    async def view(self, message: dict[str, Any], kind: str) -> httpx.Response:
        """The message in another shape."""
        return await self.http.get("/api/view", params={"as": self.who, "message": message["id"], "kind": kind})

    async def _led_to(self, answer: dict[str, Any]) -> dict[str, Any]:
        if "message" not in answer:
            return answer
        return next(message for message in await self.messages() if message["id"] == answer["message"])

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Queue[tuple[str, dict[str, Any]]]]:
        """The server-sent events from now on, as (event, data)."""
        heard: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        async with self.http.stream("GET", "/events", params={"as": self.who}) as response:
            task = asyncio.create_task(_listen(response, heard))
            yield heard
            task.cancel()


async def _listen(response: httpx.Response, heard: asyncio.Queue[tuple[str, dict[str, Any]]]) -> None:
    event = ""
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            heard.put_nowait((event, json.loads(value)))


def lines(message: dict[str, Any]) -> list[str]:
    """The command lines of a message's buttons."""
    rows = (block for block in message["card"]["blocks"] if block["kind"] == "buttons")
    return [button["line"] for row in rows for button in row["buttons"]]


def shown(message: dict[str, Any]) -> str:
    """All words of a message."""
    return json.dumps([message["text"], message["card"]], ensure_ascii=False)
