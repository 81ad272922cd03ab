"""The cost of an answer beside a bare handler: the same slash command through slack_bolt with nothing behind it, in one run.

Both go through the whole of Bolt: parsing, signature check, middleware, acknowledgement. Look at the ratios; the
absolute figures are this machine's.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.app import open_context
from mentorbot.clock import Clock
from mentorbot.settings import Settings
from tests.adapters.slack_adapter.server import BOT_TOKEN, SECRET, SlackServer

ROUNDS = 7
CALLS = 60
LINES = ("salary senior", "brief responsibilities", "ask how long does it take", "plan show", "help")


async def main() -> None:
    """Print milliseconds for each line and its ratio to the bare handler, medians of alternating rounds."""
    server = SlackServer()
    await server.start()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder}/bench.db",
            slack_bot_token=BOT_TOKEN,
            slack_signing_secret=SECRET,
            slack_api_url=server.api_url,
            port=0,
        )
        async with open_context(settings, Clock()) as context:
            adapter = SlackAdapter(settings, context.dispatcher, context.store)
            await _compare(server, _bare(server), adapter._app)
    await server.stop()


def _bare(server: SlackServer) -> AsyncApp:
    app = AsyncApp(client=AsyncWebClient(token=BOT_TOKEN, base_url=server.api_url), signing_secret=SECRET)

    async def handle(ack: AsyncAck) -> None:
        await ack(text="ok")

    app.command("/mentor")(handle)
    return app


async def _compare(server: SlackServer, bare: AsyncApp, ours: AsyncApp) -> None:
    for line in LINES:
        calls = [partial(_call, server, app, line) for app in (bare, ours)]
        pairs = [[await _timed(call) for call in calls] for _ in range(ROUNDS)]
        base, full = (statistics.median(times) for times in zip(*pairs, strict=True))
        ratio = statistics.median(after / before for before, after in pairs)
        print(f"{line:28} bare {base:.2f} ms  mentorbot {full:.2f} ms  ratio {ratio:.2f}")


async def _timed(call: Callable[[], Awaitable[Any]]) -> float:
    """Measure the milliseconds of one call, over a round."""
    began = time.perf_counter()
    for _ in range(CALLS):
        await call()
    return (time.perf_counter() - began) / CALLS * 1000


async def _call(server: SlackServer, app: AsyncApp, line: str) -> None:
    body, timestamp = urlencode(server.slash(line)), str(int(Clock().now().timestamp()))
    digest = hmac.new(SECRET.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers: dict[str, Any] = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={digest}",
    }
    response = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
    if response.status != 200 or not response.body:
        raise RuntimeError(f"{line}: {response.status} {response.body}")


if __name__ == "__main__":
    asyncio.run(main())
