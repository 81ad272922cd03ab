"""The connection to Slack in both directions: the Web API client, and Socket Mode or signed HTTP for incoming requests."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, cast
from urllib.parse import parse_qs, parse_qsl

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from mentorbot import metrics
from mentorbot.adapters.in_flight import InFlight
from mentorbot.adapters.lease_guard import lease_guard
from mentorbot.adapters.slack.errors import AppRemoved, translated_errors
from mentorbot.adapters.web_server import WebServer
from mentorbot.errors import BadSettings, PermanentSendError, PlatformDown, SendError
from mentorbot.log_limit import LimitedLog
from mentorbot.settings import Settings

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20
_APP_REMOVED = ("account_inactive", "token_revoked")
EVENTS = "/slack/events"
MAX_BODY_BYTES = 1_000_000
"""Far more than Slack ever sends."""
NOT_INSTALLED = "I'm not installed here any more. Ask an admin of this workspace to install me again."
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""Errors of reading a payload that isn't built like any of Slack's."""


class SlackClient(AsyncWebClient):
    """A Web API client that never retries (see `SlackPlatform`). It reuses connections between `open` and `close`."""

    def __init__(self, token: str | None, base_url: str) -> None:
        super().__init__(token=token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])

    async def open(self) -> None:
        """Start reusing connections; slack_sdk alone would open a new one for every request.

        slack_sdk takes the proxy from the environment. The session itself must not trust the environment: it would search
        ~/.netrc for passwords on every request, and fail if it found one in addition to the token.
        """
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        self.session = aiohttp.ClientSession(timeout=timeout, trace_configs=[lease_guard()])

    async def close(self) -> None:
        """Close all connections."""
        if self.session is not None:
            await self.session.close()


class Transport(Protocol):
    """A way for Slack's requests to come in."""

    async def start(self) -> None:
        """Start accepting requests."""
        ...

    async def stop(self) -> None:
        """Stop accepting requests."""
        ...

    async def trouble(self) -> str:
        """Say what's wrong; "" if requests can come in."""
        ...


class App(AsyncApp):
    """slack_bolt's app, but slash commands go straight to their only handler, `on_command`.

    They're most of what comes in. Bolt's own way takes a quarter of an answer's processor time: it makes a client for each
    request, tries its handlers in turn, and looks every 10 ms whether there's an acknowledgement.
    """

    on_command: Callable[[dict[str, Any]], Awaitable[BoltResponse | None]]
    """Answers a command with its acknowledgement, or None where the app isn't installed. Then bolt says so."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        if "command" in req.body:
            try:
                response = await self.on_command(req.body)
            except Exception as error:
                response = await on_error(error, req.body, BoltResponse(status=500))
            if response is not None:
                return response
        return await super().async_dispatch(req)


def make_app(
    settings: Settings, client: AsyncWebClient, authorize: Callable[..., Awaitable[AuthorizeResult | None]]
) -> App:
    """Create slack_bolt's app, shielded from settings bolt would pick up from the environment.

    `authorize` says who the bot is in a workspace. Without it, SLACK_CLIENT_ID in the environment would switch bolt to OAuth.
    """
    logger = logging.getLogger("mentorbot.slack_bolt")
    logger.setLevel(logging.ERROR)  # bolt warns about a SLACK_BOT_TOKEN in the environment that it doesn't use
    secret = settings.slack_signing_secret.get_secret_value()
    app = App(
        client=client,
        # Bolt takes None for "not installed", although its type doesn't say so.
        authorize=cast(Callable[..., Awaitable[AuthorizeResult]], authorize),
        user_facing_authorize_error_message=NOT_INSTALLED,
        signing_secret=secret or "none",
        request_verification_enabled=False,  # `SignedHttp` has checked the signature before bolt sees a request
        logger=logger,
        raise_error_for_unhandled_request=True,
    )
    app.error(on_error)
    logger.setLevel(logging.WARNING)  # at INFO bolt would log whole requests, including what people typed
    return app


async def on_error(error: Exception, body: dict[str, Any], response: BoltResponse | None) -> BoltResponse | None:
    """Choose what Slack gets when a request was handled by nobody or badly. `response` is None if it has an answer already.

    Slack sends an event it gets no 200 for three more times, and switches off an app that fails too often
    (https://docs.slack.dev/apis/events-api/#failure-limits). So a request nobody handles is acknowledged.
    """
    if isinstance(error, BoltUnhandledRequestError):
        known = body.get("type") or body.get("command")
        return BoltResponse(status=200 if known else 400, body="")
    unreadable = isinstance(error, UNREADABLE)
    log.error("a request of Slack's can't be read" if unreadable else "a request of Slack's failed", exc_info=error)
    return response and BoltResponse(status=400 if unreadable else 500, body="")


async def verify(client: AsyncWebClient) -> AuthorizeResult:
    """Look up the owner of the bot token (auth.test).

    Raises:
        AppRemoved: the app was removed from the workspace.
        BadSettings: Slack doesn't accept the token.
        PlatformDown: Slack can't be reached.
    """
    try:
        with translated_errors():
            identity = await client.auth_test()
    except PermanentSendError as error:
        refusal = AppRemoved if error.code in _APP_REMOVED else BadSettings
        raise refusal(
            f"Slack refuses SLACK_BOT_TOKEN ({error.code}). Copy it again from your Slack app's page, under "
            "OAuth & Permissions; it begins with xoxb-. If the app was removed, install it to the workspace again."
        ) from None
    except SendError as error:
        raise unreachable_error(client, error) from None
    return AuthorizeResult(
        enterprise_id=identity.get("enterprise_id"),
        team_id=identity.get("team_id"),
        bot_id=identity.get("bot_id"),
        bot_user_id=identity.get("user_id"),
        bot_token=client.token,
        bot_scopes=granted_scopes(identity),
    )


def granted_scopes(identity: AsyncSlackResponse) -> list[str]:
    """List the scopes a token has, which Slack says beside the answer to auth.test; none if it doesn't say."""
    header = str(identity.headers.get("x-oauth-scopes") or identity.headers.get("X-OAuth-Scopes") or "")
    return [scope for scope in header.replace(" ", "").split(",") if scope]


def unreachable_error(client: AsyncWebClient, error: SendError) -> PlatformDown:
    """Build the error for a Slack that gives no usable answer."""
    return PlatformDown(f"Can't reach Slack at {client.base_url} ({error.code}). Check SLACK_API_URL and the network.")


def make_transport(app: AsyncApp, settings: Settings, in_flight: InFlight, pages: Sequence[Route]) -> Transport:
    """Choose Socket Mode if there's an app token, otherwise signed HTTP, which also serves `pages`."""
    return SocketMode(app, settings, in_flight) if settings.slack_app_token else SignedHttp(app, settings, pages)


class SocketMode:
    """A WebSocket slack_sdk opens and keeps open."""

    def __init__(self, app: AsyncApp, settings: Settings, in_flight: InFlight) -> None:
        self._handler = AsyncSocketModeHandler(app, settings.slack_app_token.get_secret_value())
        self._in_flight = in_flight
        self._handler.client.socket_mode_request_listeners[:] = [self._handle_counted]

    async def _handle_counted(self, _: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Handle an envelope. It counts as in flight until its acknowledgement has been sent, slightly later than it was made."""
        with self._in_flight, metrics.acknowledging("slack"):
            await self._handler.handle(self._handler.client, request)

    async def trouble(self) -> str:
        """Say whether the WebSocket is gone, or doesn't answer pings."""
        client = self._handler.client
        if not await client.is_connected():
            return "the socket isn't connected"
        return "the socket doesn't answer pings" if await client.is_ping_pong_failing() else ""

    async def start(self) -> None:
        """Connect.

        Raises:
            BadSettings: Slack doesn't accept the app token.
            PlatformDown: Slack can't be reached.
        """
        client = self._handler.client
        try:
            with translated_errors():
                # slack_sdk would request the address itself and retry forever, but Slack hands out only a few per minute.
                connection = await client.web_client.apps_connections_open(app_token=client.app_token)
        except PermanentSendError as error:
            await self.stop()
            page = "Basic Information, App-Level Tokens; it begins with xapp- and needs the scope connections:write"
            raise BadSettings(f"Slack refuses SLACK_APP_TOKEN ({error.code}). Copy it again from {page}.") from None
        except SendError as error:
            await self.stop()
            raise unreachable_error(client.web_client, error) from None
        client.wss_uri = str(connection["url"])
        await self._handler.connect_async()

    async def stop(self) -> None:
        """Disconnect."""
        await self._handler.close_async()


class SignedHttp:
    """A web server with `POST /slack/events`, where Slack signs each request, and `GET /healthz` for monitoring."""

    def __init__(self, app: AsyncApp, settings: Settings, pages: Sequence[Route] = ()) -> None:
        self._app = app
        self._lines = LimitedLog(log)
        self._verifier = SignatureVerifier(settings.slack_signing_secret.get_secret_value())
        routes = [Route(EVENTS, self._ssl_check, methods=["GET"]), Route("/healthz", self._health), *pages]
        self._pages = Starlette(routes=routes)
        self.server = WebServer(self, settings.host, settings.port)

    async def start(self) -> None:
        """Start listening; raises `BadSettings` if the address isn't available."""
        await self.server.start("Choose another with --host and --port, or HOST and PORT.")

    async def stop(self) -> None:
        """Stop listening, and let requests in flight finish."""
        await self.server.stop()

    async def trouble(self) -> str:
        """Say whether the web server has ended."""
        return self.server.trouble()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI application. Slack's own requests skip Starlette, which would add a sixth to their cost."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == EVENTS:
            await _respond(await self._events(scope, receive), send)
        else:
            await self._pages(scope, receive, send)

    async def _events(self, scope: Scope, receive: Receive) -> BoltResponse:
        """Handle a request. The signature is checked before slack_bolt sees the body, because malformed bodies crash bolt."""
        body = await _body(receive)
        if body is None:
            return BoltResponse(status=413)
        if not self._is_signed(body, dict(scope["headers"])):
            if parse_qs(body.decode("latin-1")).get("ssl_check") == ["1"]:
                return BoltResponse(status=200)
            self._lines.warning(
                "a request that Slack didn't sign, or signed more than 5 minutes ago, was refused. If it came from Slack, copy "
                "SLACK_SIGNING_SECRET again from your app's page, under Basic Information, and check this machine's clock"
            )
            return BoltResponse(status=401, body={"error": "invalid request"})
        try:
            request = AsyncBoltRequest(body=_payload(body.decode()), mode="socket_mode")
            with metrics.acknowledging("slack"):
                return await self._app.async_dispatch(request)
        except UNREADABLE as error:
            # Our own errors end in `on_error`. These are bolt's, which reads more of a payload than we do.
            self._lines.warning("a signed request can't be read (%s)", type(error).__name__)
            return BoltResponse(status=400, body={"error": "unreadable request"})

    def _is_signed(self, body: bytes, headers: Mapping[bytes, bytes]) -> bool:
        timestamp, signature = headers.get(b"x-slack-request-timestamp", b""), headers.get(b"x-slack-signature", b"")
        try:
            return self._verifier.is_valid(body, timestamp.decode("latin-1"), signature.decode("latin-1"))
        # Not UTF-8, a timestamp that isn't a number or is far too large, or a signature that isn't ASCII.
        except (ValueError, TypeError, OverflowError):
            return False

    async def _ssl_check(self, request: Request) -> Response:
        """Answer Slack's occasional check of the TLS certificate."""
        return Response(status_code=200 if request.query_params.get("ssl_check") == "1" else 404)

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})


def _payload(body: str) -> dict[str, Any]:
    """Read a request's payload. Bolt's own reading takes a command for empty if someone types the word "payload" in it.

    That's why bolt gets requests as in Socket Mode, read already; so it needs no headers either.
    """
    if body.startswith("{"):
        return _mapping(json.loads(body))
    form = dict(parse_qsl(body, keep_blank_values=True))
    return _mapping(json.loads(form["payload"])) if "payload" in form else dict(form)


def _mapping(payload: object) -> dict[str, Any]:
    if not isinstance(payload, dict):
        raise TypeError("a payload that isn't an object")
    return payload


async def _body(receive: Receive) -> bytes | None:
    """Read the whole body; None if it's too long. Raises `ClientDisconnect` if the client hangs up."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def _respond(response: BoltResponse, send: Send) -> None:
    """Send slack_bolt's response. It sets cookies only for OAuth, which we don't use."""
    body = response.body.encode()
    headers = [(name.encode(), value.encode()) for name, value in response.first_headers_without_set_cookie().items()]
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
