"""Keeps other web pages out of the playground: DNS rebinding, cross-site requests, foreign scripts."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
