"""Clients of the Web API: one for a bot in a single workspace, or one for each workspace that has installed the app."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.slack.transport import SlackClient
from mentorbot.chat.platform import Workspace
from mentorbot.errors import WorkspaceRevoked
from mentorbot.settings import Settings

if TYPE_CHECKING:
    from mentorbot.storage.installations import Installations

log = logging.getLogger(__name__)
CACHE_SECONDS = 60
"""Time a workspace's token is kept in memory. A different process may have replaced or removed it."""
MAX_CACHED = 2_000
ROTATE_MINUTES = 120
"""A token is replaced when it has this long to live; Slack's live for twelve hours.

https://docs.slack.dev/authentication/using-token-rotation
"""


class Clients(Protocol):
    """Access to the Web API in the bot's workspaces."""

    @property
    def base(self) -> AsyncWebClient:
        """The client that reuses connections. It may have no token of its own."""
        ...

    async def of(self, workspace: Workspace) -> AsyncWebClient:
        """Return the client for a workspace.

        Raises:
            WorkspaceRevoked: the app isn't installed there.
            DatabaseProblem: nobody can tell.
        """
        ...

    async def identity(self, workspace: Workspace) -> AuthorizeResult | None:
        """Say who the bot is in a workspace; None if the app isn't installed there. Raises `DatabaseProblem`."""
        ...

    async def removed(self, workspace: Workspace) -> None:
        """Forget a workspace that has removed the app, with its token. Raises `DatabaseProblem`."""
        ...


class OneWorkspace:
    """The client of a bot with one token. `authorization` is its owner, once the token has been verified."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.base = client
        self.authorization = AuthorizeResult(enterprise_id=None, team_id=None)

    async def of(self, _workspace: Workspace) -> AsyncWebClient:
        """Return the only client."""
        return self.base

    async def identity(self, _workspace: Workspace) -> AuthorizeResult | None:
        """Return the owner of the token."""
        return self.authorization

    async def removed(self, workspace: Workspace) -> None:
        """Do nothing: the token is the operator's to keep."""


class ManyWorkspaces:
    """Clients with the tokens of all workspaces that have installed the app. Tokens about to expire are replaced."""

    def __init__(self, client: SlackClient, settings: Settings, installations: Installations) -> None:
        self.base = client
        self.installations = installations
        self._settings = settings
        secret = settings.slack_client_secret.get_secret_value()
        self._rotator = AsyncTokenRotator(client_id=settings.slack_client_id, client_secret=secret, client=client)
        self._known: dict[Workspace, tuple[float, Bot, AsyncWebClient]] = {}
        self._locks: defaultdict[Workspace, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, workspace: Workspace) -> AsyncWebClient:
        """Return the client with a workspace's token."""
        known = await self._look_up(workspace)
        if known is None:
            raise WorkspaceRevoked("not_installed", "not_installed: the app isn't installed in this workspace")
        return known[1]

    async def identity(self, workspace: Workspace) -> AuthorizeResult | None:
        """Say who the bot is in a workspace."""
        known = await self._look_up(workspace)
        if known is None:
            return None
        bot = known[0]
        return AuthorizeResult(
            enterprise_id=bot.enterprise_id,
            team_id=bot.team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
        )

    async def removed(self, workspace: Workspace) -> None:
        """Forget a workspace and its token."""
        self._known.pop(workspace, None)
        await self.installations.delete(workspace.id)

    def forget(self, workspace: Workspace) -> None:
        """Read a workspace's token again, because it has just been installed."""
        self._known.pop(workspace, None)

    async def _look_up(self, workspace: Workspace) -> tuple[Bot, AsyncWebClient] | None:
        known = self._known.get(workspace)
        if known is not None and known[0] > time.monotonic():
            return known[1], known[2]
        # One at a time, so a token is replaced once.
        async with self._locks[workspace]:
            bot = await self.installations.bot_of(workspace.id)
            bot = await self._with_fresh_token(workspace, bot) if bot is not None else None
        if bot is None:
            self._known.pop(workspace, None)
            return None
        client = SlackClient(bot.bot_token, self.base.base_url)
        client.session = self.base.session
        if len(self._known) >= MAX_CACHED:
            self._known.clear()
            self._locks.clear()
        self._known[workspace] = (time.monotonic() + CACHE_SECONDS, bot, client)
        return bot, client

    async def _with_fresh_token(self, workspace: Workspace, bot: Bot) -> Bot:
        """Replace a token that's about to expire. If Slack refuses, a different process may have done it a moment ago."""
        try:
            fresh = await self._rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=ROTATE_MINUTES)
        except SlackTokenRotationError as error:
            latest = await self.installations.bot_of(workspace.id)
            if latest is None or latest.bot_token == bot.bot_token:
                log.warning("couldn't replace the token of slack/%s: %s", workspace.id, error)
            return latest or bot
        if fresh is None:
            return bot
        await self.installations.async_save_bot(fresh)
        return fresh
