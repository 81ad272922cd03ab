"""Posting and looking up on Slack, with its faults in our words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mentorbot.adapters.slack.door import SlackDoor
from mentorbot.app import Core
from mentorbot.cards import Button, Buttons, Card, Paragraph, words
from mentorbot.errors import PermanentFault, SendFailed, TemporaryFault, Throttled
from mentorbot.messenger import Channel, Workspace
from mentorbot.settings import Settings

from .server import TEAM, SlackServer

HERE = Channel(Workspace("slack", TEAM), "C1", "general")
TIP = Card("Tip", (Paragraph(words("Do it")), Buttons((Button("Why", "tip why:x"),))), public=True)
SOON = timedelta(minutes=1)


@pytest.fixture
def messenger(settings: Settings, core: Core) -> SlackDoor:
    return SlackDoor(settings, core.dispatcher)


async def test_a_message_is_found_again_by_its_key(messenger: SlackDoor, slack: SlackServer) -> None:
    since = datetime.now(UTC) - SOON
    sent = await messenger.messenger.post(HERE, TIP, "d1-a")
    assert await messenger.messenger.find(HERE, "d1-a", since) == sent
    assert await messenger.messenger.find(HERE, "d1", since) is None
    assert await messenger.messenger.find(HERE, "d1-a", datetime.now(UTC) + SOON) is None
    assert slack.rooms["C1"].messages[0]["text"].startswith("Tip")


async def test_a_message_that_arrived_before_the_connection_broke_is_found(
    messenger: SlackDoor, slack: SlackServer
) -> None:
    slack.fail("chat.postMessage", "close_after", "close_after", "close_after")
    with pytest.raises(TemporaryFault):
        await messenger.messenger.post(HERE, TIP, "d1-a")
    assert await messenger.messenger.find(HERE, "d1-a", datetime.now(UTC) - SOON) is not None


@pytest.mark.parametrize(
    ("kind", "error", "code"),
    [
        ("429:7", Throttled, "ratelimited"),
        ("500", TemporaryFault, "500"),
        ("internal_error", TemporaryFault, "internal_error"),
        ("not_in_channel", PermanentFault, "not_in_channel"),
        ("is_archived", PermanentFault, "is_archived"),
        ("account_inactive", PermanentFault, "account_inactive"),
        ("invalid_blocks", PermanentFault, "invalid_blocks"),
    ],
)
async def test_slacks_faults_in_our_words(
    messenger: SlackDoor, slack: SlackServer, kind: str, error: type[SendFailed], code: str
) -> None:
    slack.fail("chat.postMessage", kind)
    with pytest.raises(error) as raised:
        await messenger.messenger.post(HERE, TIP, "d1-a")
    assert raised.value.code == code
    if isinstance(raised.value, Throttled):
        assert raised.value.retry_after == 7


async def test_a_channel_is_checked_before_it_is_promised(messenger: SlackDoor, slack: SlackServer) -> None:
    with pytest.raises(PermanentFault, match="channel_not_found"):
        await messenger.messenger.check(HERE)
    slack.rooms["C1"].member = True
    await messenger.messenger.check(HERE)
    slack.rooms["C1"].archived = True
    with pytest.raises(PermanentFault, match="is_archived"):
        await messenger.messenger.check(HERE)


async def test_a_person_is_asked_for_once(messenger: SlackDoor, slack: SlackServer) -> None:
    await messenger.messenger.member(HERE.workspace, "U1")
    member = await messenger.messenger.member(HERE.workspace, "U1")
    assert (member.name, member.admin, str(member.zone)) == ("ada", True, "Europe/Berlin")
    assert [method for method, _ in slack.calls] == ["users.info"]
