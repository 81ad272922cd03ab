"""The guard of the playground: only pages it has served itself, on this machine, may talk to it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
