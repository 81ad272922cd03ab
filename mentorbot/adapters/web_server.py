"""A web server inside our own event loop, for adapters that need one."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

from mentorbot.adapters.in_flight import DRAIN_SECONDS
from mentorbot.errors import BadSettings
from mentorbot.tasks import ChildCancelledError, join


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers, since `mentorbot run` stops all adapters in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serve `app` on `host`:`port` from `start` to `stop`. Port 0 picks a free one."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._app = app
        self._task: asyncio.Task[None] | None = None
        self._server: _Server | None = None

    async def start(self, advice: str) -> None:
        """Start listening.

        Raises:
            BadSettings: the address isn't available; the message ends with `advice`.
        """
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except OSError as error:
            listener.close()
            raise BadSettings(f"Cannot listen on {self.host}:{self.port} ({error.strerror}). {advice}") from error
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=DRAIN_SECONDS
        )
        self._server = _Server(config)
        listener.listen()
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]), name=f"web {self.port}")
        # The socket is already listening, so a client connecting now waits for the loop and gets served.

    def trouble(self) -> str:
        """Say whether it has stopped serving; "" if not."""
        return "the web server has stopped" if self._task is None or self._task.done() else ""

    async def stop(self) -> None:
        """Accept no more requests, let those in progress finish (at most `DRAIN_SECONDS`), then close."""
        if self._server and self._task:
            self._server.should_exit = True
            with contextlib.suppress(ChildCancelledError):  # a cancelled server has stopped already
                await join(self._task)
