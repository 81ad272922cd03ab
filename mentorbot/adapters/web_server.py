"""A web server inside our own event loop, for adapters that need one.

uvicorn has no deadline for a request that never ends, no bound on its headers and none on connections, so a few hundred half-sent
requests would use up every descriptor of this process. `_GuardedProtocol` adds all three.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import socket
from collections.abc import Iterator
from functools import partial
from typing import Any

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from mentorbot.adapters.in_flight import DRAIN_SECONDS
from mentorbot.errors import BadSettings
from mentorbot.log_limit import LimitedLines, LimitedLog
from mentorbot.tasks import ChildCancelledError, join

log = logging.getLogger(__name__)
REQUEST_SECONDS = 10.0
"""Time a client has for sending its whole request, headers and body. Slack's arrive within milliseconds."""
MAX_HEAD_BYTES = 65_536
"""Bytes of a request line and its headers after the first read, which may be as long. Slack's take less than a thousand."""
WRITE_SECONDS = 30.0
"""Time a client may leave an answer unread before it's cut off."""
MAX_CONNECTIONS = 1_000
"""Connections open at the same time; fewer where the process may not open that many files."""
RESERVED_DESCRIPTORS = 128
"""Descriptors the web server leaves to the database, the log, and connections to Slack and Discord."""
ACCEPTED_AT_ONCE = 16
"""Connections asyncio accepts before it lets us count them."""
WAITING_CONNECTIONS = 1_024
"""Connections the operating system holds until they're accepted; it may hold fewer."""


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers, since `mentorbot run` stops all adapters in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            # asyncio has just lowered it to `ACCEPTED_AT_ONCE`.
            listener.listen(WAITING_CONNECTIONS)


class _Guard:
    """The bounds that all connections of one server share."""

    def __init__(self, max_connections: int, request_seconds: float) -> None:
        self.request_seconds = request_seconds
        self._max = max_connections
        self._open: set[_GuardedProtocol] = set()
        self._without_request: dict[_GuardedProtocol, None] = {}  # in the order they began to wait; a dict keeps it
        self.lines = LimitedLog(log)

    def opened(self, connection: _GuardedProtocol) -> None:
        """Make room for a new connection: the one that's been without a request for longest is closed."""
        self._open.add(connection)
        if len(self._open) <= self._max:
            return
        self.lines.warning(
            "all %d connections are taken, so the one that's been idle for longest is closed. If this goes on, put a proxy "
            "that limits connections in front of this port",
            self._max,
        )
        self.close(next(iter(self._without_request), connection))

    def waits(self, connection: _GuardedProtocol) -> None:
        """Note that a connection has no complete request now."""
        self._without_request.setdefault(connection)

    def works(self, connection: _GuardedProtocol) -> None:
        """Note that a connection's request is complete, so it's being answered."""
        self._without_request.pop(connection, None)

    def close(self, connection: _GuardedProtocol) -> None:
        """Close a connection at once, without sending what's left."""
        self.closed(connection)
        connection.transport.abort()

    def closed(self, connection: _GuardedProtocol) -> None:
        """Forget a connection."""
        self._open.discard(connection)
        self._without_request.pop(connection, None)


class _GuardedProtocol(HttpToolsProtocol):
    """uvicorn's connection, with a bound on headers, and a deadline for each request and for reading each answer."""

    def __init__(self, *, guard: _Guard, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._guard = guard
        self._request_deadline: asyncio.TimerHandle | None = None
        self._write_deadline: asyncio.TimerHandle | None = None
        self._head_bytes, self._in_head = 0, False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn's
        super().connection_made(transport)
        self._guard.waits(self)
        self._await_request()
        self._guard.opened(self)

    def data_received(self, data: bytes) -> None:
        goes_on = self._in_head
        super().data_received(data)
        if goes_on and self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._cut_off("a client sent more than %d bytes of headers; it's cut off", MAX_HEAD_BYTES)
                return
        if self._is_answering():
            self._stop_request_deadline()
            self._guard.works(self)
        elif self._request_deadline is None:
            self._await_request()

    def on_message_begin(self) -> None:
        self._head_bytes, self._in_head = 0, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_answering():
            self._guard.waits(self)
            if self._request_deadline is None:  # half of the next request may have come in already
                self._await_request()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_deadline = self.loop.call_later(
            WRITE_SECONDS, self._cut_off, "a client didn't read its answer within %g s; it's cut off", WRITE_SECONDS
        )

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_write_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._guard.closed(self)
        self._stop_request_deadline()
        self._stop_write_deadline()
        super().connection_lost(exc)

    def _await_request(self) -> None:
        seconds = self._guard.request_seconds
        message = "a client didn't send its whole request within %g s; it's cut off"
        self._request_deadline = self.loop.call_later(seconds, self._cut_off, message, seconds)

    def _stop_request_deadline(self) -> None:
        if self._request_deadline is not None:
            self._request_deadline.cancel()
            self._request_deadline = None

    def _stop_write_deadline(self) -> None:
        if self._write_deadline is not None:
            self._write_deadline.cancel()
            self._write_deadline = None

    def _cut_off(self, message: str, limit: float) -> None:
        self._guard.lines.warning(message, limit)
        self._guard.close(self)

    def _is_answering(self) -> bool:
        """Check whether a whole request has come in whose answer isn't complete."""
        cycle: RequestResponseCycle | None = (
            self.cycle
        )  # uvicorn says it's never None, but it is before the first request
        return cycle is not None and not cycle.more_body and not cycle.response_complete


class WebServer:
    """Serve `app` on `host`:`port` from `start` to `stop`. Port 0 picks a free one."""

    def __init__(self, app: ASGIApp, host: str, port: int, *, request_seconds: float = REQUEST_SECONDS) -> None:
        self.host, self.port = host, port
        self._app, self._request_seconds = app, request_seconds
        self._task: asyncio.Task[None] | None = None
        self._server: _Server | None = None
        self._log_filters = {
            # asyncio tries again for each waiting connection when there are no descriptors left.
            logging.getLogger("asyncio"): LimitedLines("socket.accept() out of system resource"),
            logging.getLogger("uvicorn.error"): LimitedLines(
                "Invalid HTTP request", "Unsupported upgrade", "No supported WebSocket"
            ),
        }

    async def start(self, advice: str) -> None:
        """Start listening.

        Raises:
            BadSettings: the address isn't available; the message ends with `advice`.
        """
        listener = self._bind(advice)
        self.port = listener.getsockname()[1]
        guard = _Guard(_connection_limit(), self._request_seconds)
        config = uvicorn.Config(
            partial(_without_disconnects, self._app),
            http=_protocol(guard),
            interface="asgi3",
            ws="none",
            log_config=None,  # its lines go where ours go
            log_level="warning",
            access_log=False,
            lifespan="off",
            backlog=ACCEPTED_AT_ONCE,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
        for logger, lines in self._log_filters.items():
            logger.addFilter(lines)
        self._server = _Server(config)
        listener.listen()
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]), name=f"web {self.port}")
        # The socket is already listening, so a client connecting now waits for the loop and gets served.

    def _bind(self, advice: str) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # With the protocol named, asyncio sets TCP_NODELAY on the connections, which saves 40 ms per answer.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except OSError as error:
            listener.close()
            raise BadSettings(f"Can't listen on {self.host}:{self.port} ({error.strerror}). {advice}") from error
        return listener

    def trouble(self) -> str:
        """Say whether it has stopped serving; "" if not."""
        return "the web server has stopped" if self._task is None or self._task.done() else ""

    async def stop(self) -> None:
        """Accept no more requests, let those in progress finish (at most `DRAIN_SECONDS`), then close."""
        if self._server and self._task:
            self._server.should_exit = True
            with contextlib.suppress(ChildCancelledError):  # a cancelled server has stopped already
                await join(self._task)
        for logger, lines in self._log_filters.items():
            logger.removeFilter(lines)


def _protocol(guard: _Guard) -> type[asyncio.Protocol]:
    """Make the protocol class for one server; uvicorn takes no instance or function."""

    class Protocol(_GuardedProtocol):
        def __init__(
            self,
            config: uvicorn.Config,
            server_state: ServerState,
            app_state: dict[str, Any],
            _loop: asyncio.AbstractEventLoop | None = None,
        ) -> None:
            super().__init__(guard=guard, config=config, server_state=server_state, app_state=app_state, _loop=_loop)

    return Protocol


async def _without_disconnects(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run the application. A client that hangs up in the middle of its request isn't worth a traceback."""
    with contextlib.suppress(ClientDisconnect):
        await app(scope, receive, send)


def _connection_limit() -> int:
    """Compute how many connections this process can afford."""
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if descriptors == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(min(MAX_CONNECTIONS, descriptors - RESERVED_DESCRIPTORS), descriptors // 4)
