"""How Slack reaches us: Socket Mode, or signed HTTP. And whether the token works at all."""

from __future__ import annotations

from typing import Protocol

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mentorbot.adapters.slack.messenger import faults
from mentorbot.adapters.web import WebServer
from mentorbot.errors import BadSettings, PermanentFault, SendFailed
from mentorbot.settings import Settings

_TOKEN_FAULTS = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
}


class Transport(Protocol):
    """One way in."""

    async def start(self) -> None:
        """Open."""
        ...

    async def stop(self) -> None:
        """Close."""
        ...


async def verify(client: AsyncWebClient) -> None:
    """Raise `BadSettings` when Slack does not know the bot token (auth.test)."""
    try:
        with faults():
            await client.auth_test()
    except PermanentFault as fault:
        raise BadSettings(
            f"Slack refuses SLACK_BOT_TOKEN ({fault.code}). Copy it again from your Slack app's page, under "
            "OAuth & Permissions; it begins with xoxb-. If the app was removed, install it to the workspace again."
        ) from None
    except SendFailed as fault:
        raise BadSettings(
            f"Slack cannot be reached at {client.base_url} ({fault}). Check SLACK_API_URL and the network."
        ) from None


def make_transport(app: AsyncApp, settings: Settings) -> Transport:
    """Socket Mode when there is an app token, else signed HTTP."""
    return SocketMode(app, settings) if settings.slack_app_token else SignedHttp(app, settings)


class SocketMode:
    """A WebSocket that slack_sdk opens and keeps open."""

    def __init__(self, app: AsyncApp, settings: Settings) -> None:
        self._handler = AsyncSocketModeHandler(app, settings.slack_app_token)

    async def start(self) -> None:
        """Connect; raises `BadSettings` when Slack does not know the app token."""
        client = self._handler.client
        try:
            with faults():
                await client.web_client.apps_connections_open(app_token=client.app_token)
        except SendFailed as fault:
            await self.stop()
            where = "Basic Information, App-Level Tokens; it begins with xapp- and needs the scope connections:write"
            raise BadSettings(f"Slack refuses SLACK_APP_TOKEN ({fault.code}). Copy it again from {where}.") from None
        await self._handler.connect_async()

    async def stop(self) -> None:
        """Disconnect."""
        await self._handler.close_async()


class SignedHttp:
    """`POST /slack/events`; slack_bolt checks the signature and its age."""

    def __init__(self, app: AsyncApp, settings: Settings) -> None:
        handler = AsyncSlackRequestHandler(app)

        async def events(request: Request) -> Response:
            return await handler.handle(request)

        async def health(_: Request) -> Response:
            return JSONResponse({"status": "ok"})

        routes = [Route("/slack/events", events, methods=["POST"]), Route("/healthz", health)]
        self.server = WebServer(Starlette(routes=routes), settings.host, int(settings.port))

    async def start(self) -> None:
        """Listen; raises `BadSettings` when the address cannot be had."""
        await self.server.start("Choose another with --host and --port, or HOST and PORT.")

    async def stop(self) -> None:
        """Stop listening; requests in flight finish."""
        await self.server.stop()
