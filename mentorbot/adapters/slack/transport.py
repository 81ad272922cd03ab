"""How Slack reaches us: Socket Mode, or signed HTTP. And whether the tokens work at all."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol
from urllib.parse import parse_qs

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.lease_guard import lease_guard
from mentorbot.adapters.slack.errors import translated_errors
from mentorbot.adapters.web import WebServer
from mentorbot.errors import BadSettings, PermanentSendError, SendError
from mentorbot.settings import Settings

TIMEOUT_SECONDS = 20


class SlackClient(AsyncWebClient):
    """A client that must not retry by itself: see `SlackMessenger`. Between `open` and `close` its connections are kept."""

    def __init__(self, token: str, base_url: str) -> None:
        super().__init__(token=token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])

    async def open(self) -> None:
        """Keep connections from now on; slack_sdk would make a new one for every request.

        The proxy is the one that slack_sdk finds in the environment. The session itself must not trust the environment: it would
        look for passwords in ~/.netrc with every request, and fail where it finds one beside the token.
        """
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        self.session = aiohttp.ClientSession(timeout=timeout, trace_configs=[lease_guard()])

    async def close(self) -> None:
        """Give the connections back."""
        if self.session is not None:
            await self.session.close()


log = logging.getLogger(__name__)
BODY_BYTES = 1_000_000
"""Far above anything that Slack sends; whoever sends more is not Slack."""


class Transport(Protocol):
    """One way in."""

    async def start(self) -> None:
        """Open."""
        ...

    async def stop(self) -> None:
        """Close."""
        ...


def make_app(settings: Settings, client: AsyncWebClient, who: Callable[[], Awaitable[AuthorizeResult]]) -> AsyncApp:
    """slack_bolt's app, without what it would pick up from the environment by itself.

    `who` says whose token ours is: without it, SLACK_CLIENT_ID in the environment would turn bolt to OAuth.
    """
    logger = logging.getLogger("mentorbot.slack_bolt")
    logger.setLevel(logging.ERROR)  # it warns that it does not use the SLACK_BOT_TOKEN that it has found
    app = AsyncApp(client=client, authorize=who, signing_secret=settings.slack_signing_secret or "none", logger=logger)
    logger.setLevel(logging.WARNING)  # at INFO it writes whole requests into the log, with what people typed
    return app


async def verify(client: AsyncWebClient) -> AuthorizeResult:
    """Whose token it is (auth.test); raises `BadSettings` when Slack does not know the bot token."""
    try:
        with translated_errors():
            found = await client.auth_test()
    except PermanentSendError as fault:
        raise BadSettings(
            f"Slack refuses SLACK_BOT_TOKEN ({fault.code}). Copy it again from your Slack app's page, under "
            "OAuth & Permissions; it begins with xoxb-. If the app was removed, install it to the workspace again."
        ) from None
    except SendError as fault:
        raise unreachable(client, fault) from None
    return AuthorizeResult(
        enterprise_id=found.get("enterprise_id"),
        team_id=found.get("team_id"),
        bot_id=found.get("bot_id"),
        bot_user_id=found.get("user_id"),
        bot_token=client.token,
    )


def unreachable(client: AsyncWebClient, fault: SendError) -> BadSettings:
    """What is said when Slack gives no answer that could be understood."""
    return BadSettings(
        f"Slack cannot be reached at {client.base_url} ({fault.code}). Check SLACK_API_URL and the network."
    )


def make_transport(app: AsyncApp, settings: Settings, in_flight: InFlight) -> Transport:
    """Socket Mode when there is an app token, else signed HTTP."""
    return SocketMode(app, settings, in_flight) if settings.slack_app_token else SignedHttp(app, settings)


class SocketMode:
    """A WebSocket that slack_sdk opens and keeps open."""

    def __init__(self, app: AsyncApp, settings: Settings, in_flight: InFlight) -> None:
        self._handler = AsyncSocketModeHandler(app, settings.slack_app_token)
        self._in_flight = in_flight
        self._handler.client.socket_mode_request_listeners[:] = [self._counted]

    async def _counted(self, _: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """An envelope is in flight until its acknowledgement is sent, which is a little after it is made."""
        with self._in_flight:
            await self._handler.handle(self._handler.client, request)

    async def start(self) -> None:
        """Connect; raises `BadSettings` when Slack does not know the app token."""
        client = self._handler.client
        try:
            with translated_errors():
                # slack_sdk would ask for the address itself, and for ever; Slack gives few of them a minute.
                opened = await client.web_client.apps_connections_open(app_token=client.app_token)
        except PermanentSendError as fault:
            await self.stop()
            where = "Basic Information, App-Level Tokens; it begins with xapp- and needs the scope connections:write"
            raise BadSettings(f"Slack refuses SLACK_APP_TOKEN ({fault.code}). Copy it again from {where}.") from None
        except SendError as fault:
            await self.stop()
            raise unreachable(client.web_client, fault) from None
        client.wss_uri = str(opened["url"])
        await self._handler.connect_async()

    async def stop(self) -> None:
        """Disconnect."""
        await self._handler.close_async()


class SignedHttp:
    """`POST /slack/events`, each request signed by Slack; `GET /healthz` for whoever watches the process."""

    def __init__(self, app: AsyncApp, settings: Settings) -> None:
        self._app = app
        self._verifier = SignatureVerifier(settings.slack_signing_secret)
        routes = [
            Route("/slack/events", self._events, methods=["POST"]),
            Route("/slack/events", self._certificate, methods=["GET"]),
            Route("/healthz", self._health),
        ]
        self.server = WebServer(Starlette(routes=routes), settings.host, int(settings.port))

    async def start(self) -> None:
        """Listen; raises `BadSettings` when the address cannot be had."""
        await self.server.start("Choose another with --host and --port, or HOST and PORT.")

    async def stop(self) -> None:
        """Stop listening; requests in flight finish."""
        await self.server.stop()

    async def _events(self, request: Request) -> Response:
        """The signature is checked before slack_bolt reads anything: it answers malformed bodies with a crash."""
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        if not self._signed(body, request):
            if parse_qs(body.decode("latin-1")).get("ssl_check") == ["1"]:
                return Response()
            log.warning(
                "a request that Slack did not sign, or more than 5 minutes ago, was refused. If it came from Slack, copy "
                "SLACK_SIGNING_SECRET again from your app's page, under Basic Information, and check this machine's clock"
            )
            return JSONResponse({"error": "invalid request"}, status_code=401)
        return to_starlette_response(await self._app.async_dispatch(to_async_bolt_request(request, body)))

    def _signed(self, body: bytes, request: Request) -> bool:
        try:
            return self._verifier.is_valid_request(body, dict(request.headers))
        except (ValueError, TypeError):  # no UTF-8, no number for a time stamp, no ASCII for a signature
            return False

    async def _certificate(self, request: Request) -> Response:
        """Slack looks now and then whether the address has a valid certificate."""
        return Response(status_code=200 if request.query_params.get("ssl_check") == "1" else 404)

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})


async def _body(request: Request) -> bytes | None:
    """The whole body; None when it is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_BYTES:
            return None
    return bytes(body)
