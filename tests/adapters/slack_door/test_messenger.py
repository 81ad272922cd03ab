"""Posting and looking up on Slack, with its faults in our words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentorbot.adapters.slack.door import SlackDoor
from mentorbot.adapters.slack.messenger import SlackMessenger
from mentorbot.app import Core
from mentorbot.cards import Button, Buttons, Card, Paragraph, words
from mentorbot.clock import Clock
from mentorbot.errors import LockedOut, PermanentFault, SendFailed, TemporaryFault, Throttled
from mentorbot.messenger import Channel, Workspace
from mentorbot.settings import Settings

from .server import SlackServer
from .state import TEAM, Room

SPACE = Workspace("slack", TEAM)
HERE = Channel(SPACE, "C1", "general")
TIP = Card("Tip", (Paragraph(words("Do it")), Buttons((Button("Why", "tip why:x"),))), public=True)
LONG = Card("Long", tuple(Paragraph(words("lorem ipsum " * 200)) for _ in range(10)))
SOON = timedelta(minutes=1)


@pytest.fixture
def messenger(settings: Settings, core: Core) -> SlackMessenger:
    return SlackDoor(settings, core.dispatcher).messenger


async def test_a_message_is_found_again_by_its_key(messenger: SlackMessenger, slack: SlackServer) -> None:
    since = Clock().now() - SOON
    sent = await messenger.post(HERE, TIP, "d1-a")
    assert await messenger.find(HERE, "d1-a", since) == sent
    assert await messenger.find(HERE, "d1", since) is None
    assert await messenger.find(HERE, "d1-a", Clock().now() + SOON) is None
    assert slack.rooms["C1"].messages[0]["text"].startswith("Tip")
    assert slack.calls[0][1]["unfurl_links"] is False


async def test_a_message_whose_connection_broke_is_posted_once_and_found(
    messenger: SlackMessenger, slack: SlackServer
) -> None:
    slack.fail("chat.postMessage", "close_after")
    with pytest.raises(TemporaryFault):
        await messenger.post(HERE, TIP, "d1-a")
    assert len(slack.rooms["C1"].messages) == 1
    assert await messenger.find(HERE, "d1-a", Clock().now() - SOON) is not None


async def test_a_connection_that_broke_before_leaves_nothing(messenger: SlackMessenger, slack: SlackServer) -> None:
    slack.fail("chat.postMessage", "close_before")
    with pytest.raises(TemporaryFault):
        await messenger.post(HERE, TIP, "d1-a")
    assert await messenger.find(HERE, "d1-a", Clock().now() - SOON) is None


async def test_a_long_card_is_several_messages_and_the_first_one_counts(
    messenger: SlackMessenger, slack: SlackServer
) -> None:
    sent = await messenger.post(HERE, LONG, "d1-a")
    messages = slack.rooms["C1"].messages
    assert len(messages) > 1
    assert messages[0]["ts"] == sent
    assert await messenger.find(HERE, "d1-a", Clock().now() - SOON) == sent


async def test_a_message_that_arrived_in_part_never_reads_as_not_sent(
    messenger: SlackMessenger, slack: SlackServer
) -> None:
    slack.fail("chat.postMessage", "", "429:3")
    with pytest.raises(TemporaryFault, match="part"):
        await messenger.post(HERE, LONG, "d1-a")
    assert await messenger.find(HERE, "d1-a", Clock().now() - SOON) is not None


async def test_a_message_far_back_is_found_and_a_history_without_end_is_no_answer(
    messenger: SlackMessenger, slack: SlackServer
) -> None:
    await messenger.post(HERE, TIP, "d1-a")
    slack.page = 3
    for number in range(20):
        await messenger.post(HERE, TIP, f"d2-{number}")
    assert await messenger.find(HERE, "d1-a", Clock().now() - SOON) is not None
    slack.page = 1
    with pytest.raises(TemporaryFault, match="history"):
        await messenger.find(HERE, "d1-a", Clock().now() - SOON)


@pytest.mark.parametrize(
    ("kind", "error", "code"),
    [
        ("429:7", Throttled, "ratelimited"),
        ("429:soon", Throttled, "ratelimited"),
        ("ratelimited", Throttled, "ratelimited"),
        ("500", TemporaryFault, "500"),
        ("page", TemporaryFault, "200"),
        ("half", TemporaryFault, "unreadable"),
        ("internal_error", TemporaryFault, "internal_error"),
        ("not_in_channel", PermanentFault, "not_in_channel"),
        ("channel_not_found", PermanentFault, "channel_not_found"),
        ("is_archived", PermanentFault, "is_archived"),
        ("account_inactive", LockedOut, "account_inactive"),
        ("token_revoked", LockedOut, "token_revoked"),
        ("cannot_dm_bot", PermanentFault, "cannot_dm_bot"),
        ("user_not_found", PermanentFault, "user_not_found"),
        ("msg_too_long", PermanentFault, "msg_too_long"),
        ("invalid_blocks", PermanentFault, "invalid_blocks"),
        ("a_fault_of_tomorrow", PermanentFault, "a_fault_of_tomorrow"),
    ],
)
async def test_slacks_faults_in_our_words(
    messenger: SlackMessenger, slack: SlackServer, kind: str, error: type[SendFailed], code: str
) -> None:
    slack.fail("chat.postMessage", kind)
    with pytest.raises(error) as raised:
        await messenger.post(HERE, TIP, "d1-a")
    assert type(raised.value) is error
    assert raised.value.code == code
    assert str(raised.value)
    if isinstance(raised.value, Throttled):
        assert raised.value.retry_after == (7 if kind == "429:7" else 30)


async def test_a_channel_is_checked_before_it_is_promised(messenger: SlackMessenger, slack: SlackServer) -> None:
    await messenger.check(HERE)
    slack.rooms["C1"].member = False
    with pytest.raises(PermanentFault, match="not_in_channel"):
        await messenger.check(HERE)
    slack.rooms["C1"].archived = True
    with pytest.raises(PermanentFault, match="is_archived"):
        await messenger.check(HERE)
    with pytest.raises(PermanentFault, match="channel_not_found"):
        await messenger.check(Channel(SPACE, "C404"))


async def test_a_direct_conversation_is_the_bots_own_or_none(messenger: SlackMessenger, slack: SlackServer) -> None:
    slack.rooms["D1"] = Room()
    await messenger.check(Channel(SPACE, "D1", direct=True))
    with pytest.raises(PermanentFault, match="channel_not_found"):
        await messenger.check(Channel(SPACE, "D2", direct=True))
    with pytest.raises(PermanentFault, match="no_channel"):
        await messenger.check(Channel(SPACE, "U1", direct=True))


async def test_a_person_is_asked_for_once(messenger: SlackMessenger, slack: SlackServer) -> None:
    await messenger.member(SPACE, "U1")
    member = await messenger.member(SPACE, "U1")
    assert (member.name, member.admin, str(member.zone)) == ("ada", True, "Europe/Berlin")
    assert [method for method, _ in slack.calls] == ["users.info"]


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../etc/passwd"])
async def test_a_zone_that_does_not_exist_is_none(
    messenger: SlackMessenger, slack: SlackServer, zone: str | None
) -> None:
    slack.users["U1"]["tz"] = zone or ""
    assert (await messenger.member(SPACE, "U1")).zone is None


async def test_a_person_whom_nobody_knows(messenger: SlackMessenger) -> None:
    with pytest.raises(PermanentFault, match="user_not_found"):
        await messenger.member(SPACE, "U404")
