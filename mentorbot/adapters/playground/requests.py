"""Parsing of requests to the playground, and the guard against other web pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mentorbot.adapters.playground.team_chat import find_channel, find_person
from mentorbot.chat.platform import Channel, Member

MAX_BODY_BYTES = 200_000
MAX_SUBMIT_BYTES = 2_200_000
"""Bytes of JSON. A form may carry a file of 1 MB, and each quote or line break in it takes two bytes in JSON."""


def person_from(data: Mapping[str, Any]) -> Member:
    """The person `as` names.

    Raises:
        HTTPException: 404 if there is no such person.
    """
    person = find_person(str(data.get("as", "")))
    if person is None:
        raise HTTPException(404, "There is no such person here.")
    return person


def person_and_channel_from(data: Mapping[str, Any]) -> tuple[Member, Channel]:
    """The person `as` names, and the channel they're in.

    Raises:
        HTTPException: 404 if either doesn't exist, or the person may not see the channel.
    """
    person = person_from(data)
    channel = find_channel(str(data.get("channel", "")), person.id)
    if channel is None:
        raise HTTPException(404, "There is no such channel for this person.")
    return person, channel


def text_field(data: Mapping[str, Any], name: str) -> str:
    """The text in `data` under `name`; empty if it's missing or not a text."""
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


async def read_json_object(request: HttpRequest, max_bytes: int = MAX_BODY_BYTES) -> dict[str, Any]:
    """Read the request's JSON object.

    Raises:
        HTTPException: 413 if it has more than `max_bytes`, 422 if it isn't a JSON object.
    """
    body = await request.body()
    if len(body) > max_bytes:
        raise HTTPException(413, "That is too long.")
    try:
        data = json.loads(body)
    except ValueError as error:
        raise HTTPException(422, "The body must be JSON.") from error
    if not isinstance(data, dict):
        raise HTTPException(422, "The body must be an object.")
    return data


LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; img-src 'self' data:"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class LocalOnlyMiddleware:
    """ASGI middleware that lets only the playground's own page on this machine talk to it."""

    def __init__(self, app: ASGIApp, port: Callable[[], int]) -> None:
        self._app = app
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a foreign Host or Origin with 403; add the security headers to every answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # Checking Host stops DNS rebinding; checking Origin stops requests from other sites.
        allowed = {f"{host}:{self._port()}" for host in LOOPBACK_HOSTS}
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
