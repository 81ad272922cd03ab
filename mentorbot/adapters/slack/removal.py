"""Workspaces the app was removed from, also while the bot wasn't running."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt.authorization import AuthorizeResult

from mentorbot.adapters.slack.events import workspace as workspace_of
from mentorbot.chat.platform import Workspace
from mentorbot.errors import DatabaseProblem
from mentorbot.storage import Store

log = logging.getLogger(__name__)


async def record_removal(store: Store, body: Mapping[str, Any], now: datetime) -> bool:
    """Record an `app_uninstalled` or `tokens_revoked` event; False if the bot is still there.

    Only the bot's own token counts, not one of a person's.
    """
    event = body["event"]
    if event.get("type") == "tokens_revoked" and not (event.get("tokens") or {}).get("bot"):
        return False
    workspace = workspace_of(body)
    if await store.workspaces.mark_removed(workspace, now):
        log.warning("the app was removed from slack/%s, so nothing is sent there any more", workspace.id)
    return True


async def record_presence(store: Store, identity: AuthorizeResult) -> None:
    """Record that the app is in the workspace the token belongs to, in case it had been removed from it."""
    try:
        for number in filter(None, (identity.team_id, identity.enterprise_id)):
            if await store.workspaces.mark_present(Workspace("slack", number)):
                log.info("the app is back in slack/%s", number)
    except DatabaseProblem as problem:
        log.warning("couldn't record that the app is back in its workspace: %s", problem)


async def record_refused_token(store: Store, now: datetime) -> None:
    """Record that the app was removed while the bot wasn't running.

    A refused token doesn't say which workspace it was for. So it's only recorded if there's just one that may be meant.
    """
    try:
        workspaces = await store.workspaces.of_platform("slack")
        if len(workspaces) == 1 and await store.workspaces.mark_removed(workspaces[0], now):
            log.warning("the app was removed from slack/%s, so nothing is sent there any more", workspaces[0].id)
    except DatabaseProblem as problem:
        log.warning("couldn't record that the app was removed: %s", problem)
