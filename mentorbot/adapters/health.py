"""Health: `/livez`, `/readyz` and `/metrics` on one address, the same for every kind of process.

`/livez` (and its older name `/healthz`) answers while the event loop runs; a supervisor restarts the process if it doesn't.
`/readyz` also looks at what the process depends on. It mustn't restart anything: with the database down, a process that restarts
over and over would use up the thousand identifies a day that Discord allows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mentorbot import metrics
from mentorbot.adapters.web_server import WebServer
from mentorbot.errors import BadSettings, MentorbotError

log = logging.getLogger(__name__)
CHECK_SECONDS = 3.0
"""Time a check may take."""
WATCH_SECONDS = 60.0
"""Interval between looks at the checks, for the log."""

Check = Callable[[], Awaitable[str]]
"""Says what's wrong, or "" if nothing is."""


class Health:
    """The health of one process, from `checks` by name."""

    def __init__(self, checks: Mapping[str, Check], measure: Check | None = None) -> None:
        self._checks, self._measure = checks, measure
        self._server: WebServer | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Port the server listens on; 0 if there's none."""
        return self._server.port if self._server else 0

    async def start(self, address: tuple[str, int] | None, *, required: bool = True) -> None:
        """Begin to serve, if there's an `address`, and to watch.

        Raises:
            BadSettings: the address isn't available. If it isn't `required`, there's a warning instead.
        """
        self._watch = asyncio.create_task(self._report(), name="health")
        if address is None:
            return
        routes = [
            Route("/livez", _live),
            Route("/healthz", _live),
            Route("/readyz", self._ready),
            Route("/metrics", self._metrics),
        ]
        server = WebServer(Starlette(routes=routes), *address)
        try:
            await server.start("Choose another in MENTORBOT_HEALTH, or set it to nothing.")
        except BadSettings as error:
            if required:
                raise
            log.warning("no /livez, /readyz and /metrics: %s", error)
            return
        self._server = server

    async def stop(self) -> None:
        """Stop serving and watching."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})
        if self._server is not None:
            await self._server.stop()

    async def troubles(self) -> dict[str, str]:
        """Run all checks side by side. Returns what's wrong with each; "" if nothing is."""
        return dict(zip(self._checks, await asyncio.gather(*map(_bounded, self._checks.values())), strict=True))

    async def _ready(self, _: Request) -> Response:
        troubles = await self.troubles()
        wrong = any(troubles.values())
        body = {
            "status": "not ready" if wrong else "ok",
            "checks": {name: text or "ok" for name, text in troubles.items()},
        }
        return JSONResponse(body, status_code=503 if wrong else 200)

    async def _metrics(self, _: Request) -> Response:
        if self._measure is not None:
            await _bounded(self._measure)
        return Response(generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _report(self) -> None:
        """Write a line a minute while something is wrong, and one when it's over."""
        was_wrong = False
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            wrong = {name: text for name, text in (await self.troubles()).items() if text}
            if wrong:
                log.warning("not ready: %s", "; ".join(f"{name}: {text}" for name, text in wrong.items()))
            elif was_wrong:
                log.info("ready again")
            was_wrong = bool(wrong)


async def _live(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _bounded(check: Check) -> str:
    """Run a check for at most `CHECK_SECONDS`. One that breaks has found something wrong."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS:g} s"
    except MentorbotError as error:
        return str(error)
    except Exception as error:
        log.exception("a health check broke")
        return type(error).__name__
