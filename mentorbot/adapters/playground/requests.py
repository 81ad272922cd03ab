"""What a request to the playground says, and which pages may make one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mentorbot.adapters.playground.room import channel, person
from mentorbot.chat.platform import Channel, Member

MAX_BODY = 200_000
MAX_SUBMIT = 2_200_000
"""Bytes of JSON. A form may bring a file of 1 MB, of which each quote and each end of a line takes two bytes in JSON."""


def who_of(data: Mapping[str, Any]) -> Member:
    """The person that `as` names."""
    found = person(str(data.get("as", "")))
    if found is None:
        raise HTTPException(404, "There is no such person here.")
    return found


def who_and_channel(data: Mapping[str, Any]) -> tuple[Member, Channel]:
    """The person, and the channel in which they are."""
    who = who_of(data)
    found = channel(str(data.get("channel", "")), who.id)
    if found is None:
        raise HTTPException(404, "There is no such channel for this person.")
    return who, found


def text_of(data: Mapping[str, Any], name: str) -> str:
    """One text; empty where there is none."""
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


async def body_of(request: HttpRequest, most: int = MAX_BODY) -> dict[str, Any]:
    """The JSON object that was sent, of so many bytes at most."""
    body = await request.body()
    if len(body) > most:
        raise HTTPException(413, "That is too long.")
    try:
        data = json.loads(body)
    except ValueError as error:
        raise HTTPException(422, "The body must be JSON.") from error
    if not isinstance(data, dict):
        raise HTTPException(422, "The body must be an object.")
    return data


HOSTS = ("127.0.0.1", "localhost", "[::1]")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; img-src 'self' data:"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware: only this machine's own page may talk to the playground."""

    def __init__(self, app: ASGIApp, port: Callable[[], int]) -> None:
        self._app = app
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a foreign Host or Origin with 403; add the security headers to every answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        allowed = {f"{host}:{self._port()}" for host in HOSTS}
        origin = headers.get("origin")
        if headers.get("host") not in allowed or (origin and origin.removeprefix("http://") not in allowed):
            await PlainTextResponse("This page is for this machine only.", 403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                for name, value in _HEADERS.items():
                    MutableHeaders(scope=message)[name] = value
            await send(message)

        await self._app(scope, receive, with_headers)
