"""Installation of the app in many workspaces: OAuth v2 with slack_bolt's flow, at `/slack/install` and `/slack/oauth_redirect`.

https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.models.installation import Installation
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mentorbot.adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from mentorbot.adapters.slack.transport import SlackClient
from mentorbot.chat.platform import Workspace
from mentorbot.errors import DatabaseProblem
from mentorbot.settings import Settings
from mentorbot.storage.installations import STATE_SECONDS, Installations, OAuthStates

log = logging.getLogger(__name__)
Installed = Callable[[Workspace, str], Awaitable[None]]
"""Called with the workspace the app was installed in, and the id of the person who did it."""


class _Flow(AsyncOAuthFlow):
    """slack_bolt's flow. A database that doesn't answer gets the same page as any other failure."""

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        try:
            await super().store_installation(request, installation)
        except DatabaseProblem as problem:
            log.exception("couldn't save an installation")
            raise BoltError(str(problem)) from problem


def install_routes(
    settings: Settings, client: SlackClient, installations: Installations, states: OAuthStates, installed: Installed
) -> list[Route]:
    """Build the two pages people see while they install the app."""

    async def success(args: AsyncSuccessArgs) -> BoltResponse:
        installation = args.installation
        tenant = installation.enterprise_id if installation.is_enterprise_install else installation.team_id
        await installed(Workspace("slack", str(tenant)), str(installation.user_id))
        return await args.default.success(args)

    async def failure(args: AsyncFailureArgs) -> BoltResponse:
        log.warning("an installation ended early: %s", args.reason)
        return await args.default.failure(args)

    flow = _flow(settings, client, installations, states, AsyncCallbackOptions(success=success, failure=failure))

    async def install(request: Request) -> Response:
        return to_starlette_response(await flow.handle_installation(to_async_bolt_request(request, b"")))

    async def redirect(request: Request) -> Response:
        return to_starlette_response(await flow.handle_callback(to_async_bolt_request(request, b"")))

    return [Route(INSTALL_PATH, install, methods=["GET"]), Route(REDIRECT_PATH, redirect, methods=["GET"])]


def _flow(
    settings: Settings,
    client: SlackClient,
    installations: Installations,
    states: OAuthStates,
    callbacks: AsyncCallbackOptions,
) -> _Flow:
    return _Flow(
        client=client,
        logger=logging.getLogger("mentorbot.slack_bolt"),
        settings=AsyncOAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret.get_secret_value(),
            scopes=list(SCOPES),
            user_scopes=[],
            install_path=INSTALL_PATH,
            install_page_rendering_enabled=False,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=urljoin(settings.slack_base, "/oauth/v2/authorize"),
            installation_store=installations,
            state_store=states,
            state_expiration_seconds=STATE_SECONDS,
            callback_options=callbacks,
        ),
    )
