"""An admin hears once what installing the app again would add."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from mentorbot.adapters.slack.manifest import SCOPES
from mentorbot.app import AppContext
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import Destination, MessageKind
from mentorbot.domain.recurrence import Recurrence
from mentorbot.settings import Settings

from .harness import start_http_adapter, visible_text
from .server import SlackServer
from .state import TEAM, Json

WITHOUT_MENTIONS = [scope for scope in SCOPES if scope != "app_mentions:read"]


def notices(slack: SlackServer) -> list[Json]:
    """The notices in everyone's direct messages."""
    direct = [conversation for name, conversation in slack.conversations.items() if name.startswith("D")]
    messages = [message for conversation in direct for message in conversation.messages]
    return [message for message in messages if "Reinstall me, and I can do more" in visible_text(message)]


async def run_once(settings: Settings, app_context: AppContext, slack: SlackServer, *lines: tuple[str, str]) -> None:
    """Start a bot, let people (their ids) type lines, and stop it."""
    http = await start_http_adapter(settings, app_context.dispatcher, slack)
    for user, line in lines:
        await http.say(line, user=user)
        await http.adapter._in_flight.drained()
    await http.adapter.stop()


async def post_a_tip(app_context: AppContext) -> None:
    """Have tips posted in a channel, as set up by U1."""
    workspace = Workspace("slack", TEAM)
    weekly = Recurrence.weekly(Weekday.MONDAY, time(9), ZoneInfo("Europe/Berlin"))
    async with app_context.store.unit_of_work(workspace) as uow:
        await uow.schedules.start(
            Destination(workspace, Channel(workspace, "C1", "general")), MessageKind.TIP, weekly,
            role="ai-architect", created_by="U1", now=app_context.clock.now(),
        )  # fmt: skip


async def test_whoever_set_up_a_channel_hears_it_at_the_start_and_never_again(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    slack.scopes = WITHOUT_MENTIONS
    await post_a_tip(app_context)
    await run_once(settings, app_context, slack)
    (notice,) = notices(slack)
    assert "only messages that mention the bot in a channel" in visible_text(notice)
    assert slack.conversations["DU1"].messages == [notice]
    await run_once(settings, app_context, slack, ("U1", "admin settings"))
    assert len(notices(slack)) == 1
    slack.scopes = WITHOUT_MENTIONS[:-1]
    await run_once(settings, app_context, slack)
    assert len(notices(slack)) == 2, "something else is missing now"


async def test_the_first_admin_who_uses_it_hears_it_and_nobody_else(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    slack.scopes = WITHOUT_MENTIONS
    await run_once(settings, app_context, slack, ("U2", "plan add Read"), ("U2", "admin settings"))
    assert notices(slack) == []
    await run_once(settings, app_context, slack, ("U1", "admin settings"))
    assert len(notices(slack)) == 1


async def test_a_notice_slack_did_not_take_is_sent_after_the_next_start(
    settings: Settings, app_context: AppContext, slack: SlackServer
) -> None:
    slack.scopes = WITHOUT_MENTIONS
    await post_a_tip(app_context)
    slack.fail("chat.postMessage", "500")
    await run_once(settings, app_context, slack)
    assert notices(slack) == []
    await run_once(settings, app_context, slack)
    assert len(notices(slack)) == 1


@pytest.mark.parametrize("scopes", [[], list(SCOPES)])
async def test_nothing_is_said_if_nothing_is_missing(
    settings: Settings, app_context: AppContext, slack: SlackServer, scopes: list[str]
) -> None:
    slack.scopes = scopes
    await post_a_tip(app_context)
    await run_once(settings, app_context, slack, ("U1", "admin settings"))
    assert notices(slack) == []
