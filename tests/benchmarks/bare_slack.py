"""The least a Slack bot can do: slack_bolt with an empty handler, under mentorbot's web server and event loop.

    python -m tests.benchmarks.bare_slack SLACK_API_URL

It uses slack_bolt as its documentation does: its own handler for Starlette, which checks the signature.
"""

from __future__ import annotations

import asyncio
import sys

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from mentorbot.adapters.web_server import WebServer
from mentorbot.cli.common import run_async
from tests.adapters.slack_adapter.server import BOT_TOKEN, SECRET


async def serve(api: str) -> None:
    """Answer every slash command with "ok" until killed."""
    app = AsyncApp(client=AsyncWebClient(token=BOT_TOKEN, base_url=api), signing_secret=SECRET)

    async def handle(ack: AsyncAck) -> None:
        await ack(text="ok")

    app.command("/mentor")(handle)
    routes = [Route("/slack/events", AsyncSlackRequestHandler(app).handle, methods=["POST"])]
    server = WebServer(Starlette(routes=routes), "127.0.0.1", 0)
    await server.start("")
    print(f"ready\n{server.port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    run_async(serve(sys.argv[1]))
