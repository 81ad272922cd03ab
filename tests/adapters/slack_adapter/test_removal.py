"""Workspaces that uninstall the app, while the bot runs and while it doesn't."""

from __future__ import annotations

import pytest

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.app import AppContext
from mentorbot.chat.platform import Workspace
from mentorbot.errors import BadSettings
from mentorbot.settings import Settings

from .harness import HttpHarness
from .server import SlackServer
from .state import TEAM

OURS = Workspace("slack", TEAM)


async def removed(context: AppContext) -> list[Workspace]:
    """List the workspaces the bot was removed from."""
    return [workspace for workspace, _ in await context.store.workspaces.removed(9)]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "app_uninstalled"}, [OURS]),
        ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}, [OURS]),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}, []),
    ],
)
async def test_uninstalling_is_noticed_at_once(
    http: HttpHarness, app_context: AppContext, event: dict[str, object], expected: list[Workspace]
) -> None:
    await http.say("plan add Read a book")
    response = await http.slack.event(event)
    assert response.status_code == 200
    await http.adapter.stop()
    assert await removed(app_context) == expected


async def test_removal_while_it_was_away_is_noticed_at_the_start(
    settings: Settings, http: HttpHarness, app_context: AppContext, slack: SlackServer
) -> None:
    await http.say("plan add Read a book")
    slack.revoked = True
    adapter = SlackAdapter(settings, app_context.dispatcher, app_context.store)
    with pytest.raises(BadSettings, match="SLACK_BOT_TOKEN"):
        await adapter.start()
    assert await removed(app_context) == [OURS]
    assert not await adapter.platform.is_installed(OURS)
    slack.revoked = False
    await adapter.start()
    assert await removed(app_context) == []
    assert await adapter.platform.is_installed(OURS)
    assert not await adapter.platform.is_installed(Workspace("slack", "T99"))
    await adapter.stop()


async def test_wrong_token_is_no_removal(
    settings: Settings, http: HttpHarness, app_context: AppContext, slack: SlackServer
) -> None:
    await http.say("plan add Read a book")
    slack.fail("auth.test", "invalid_auth")
    with pytest.raises(BadSettings):
        await SlackAdapter(settings, app_context.dispatcher, app_context.store).start()
    assert await removed(app_context) == []
