"""SlackPlatform: posting, finding by key, error translation, channel checks and members."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, rich
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Clock
from mentorbot.errors import PermanentSendError, RateLimited, SendError, TemporarySendError, WorkspaceRevoked

from .harness import HttpHarness, visible_text
from .server import SlackServer
from .state import TEAM, Conversation

WORKSPACE = Workspace("slack", TEAM)
CHANNEL = Channel(WORKSPACE, "C1", "general")
TIP = Card("Tip", (Paragraph(rich("Do it")), Buttons((Button("Why", "tip why:x"),))), public=True)
LONG = Card("Long", tuple(Paragraph(rich("lorem ipsum " * 200)) for _ in range(10)))
MINUTE = timedelta(minutes=1)


async def test_find_by_key(platform: SlackPlatform, slack: SlackServer) -> None:
    since = Clock().now() - MINUTE
    timestamp = await platform.post(CHANNEL, TIP, "d1-a")
    assert await platform.find_by_key(CHANNEL, "d1-a", since) == timestamp
    assert await platform.find_by_key(CHANNEL, "d1", since) is None
    assert await platform.find_by_key(CHANNEL, "d1-a", Clock().now() + MINUTE) is None
    assert slack.conversations["C1"].messages[0]["text"].startswith("Tip")
    assert slack.calls[0][1]["unfurl_links"] is False


async def test_post_with_connection_lost_after_arrival_is_found(platform: SlackPlatform, slack: SlackServer) -> None:
    slack.fail("chat.postMessage", "close_after")
    with pytest.raises(TemporarySendError):
        await platform.post(CHANNEL, TIP, "d1-a")
    assert len(slack.conversations["C1"].messages) == 1
    assert await platform.find_by_key(CHANNEL, "d1-a", Clock().now() - MINUTE) is not None


async def test_post_with_connection_lost_before_arrival_is_not_found(
    platform: SlackPlatform, slack: SlackServer
) -> None:
    slack.fail("chat.postMessage", "close_before")
    with pytest.raises(TemporarySendError):
        await platform.post(CHANNEL, TIP, "d1-a")
    assert await platform.find_by_key(CHANNEL, "d1-a", Clock().now() - MINUTE) is None


async def test_long_card_is_several_messages_and_first_has_key(platform: SlackPlatform, slack: SlackServer) -> None:
    timestamp = await platform.post(CHANNEL, LONG, "d1-a")
    messages = slack.conversations["C1"].messages
    assert len(messages) > 1
    assert messages[0]["ts"] == timestamp
    assert await platform.find_by_key(CHANNEL, "d1-a", Clock().now() - MINUTE) == timestamp


async def test_partly_sent_message_is_not_reported_as_unsent(platform: SlackPlatform, slack: SlackServer) -> None:
    slack.fail("chat.postMessage", "", "429:3")
    with pytest.raises(TemporarySendError, match="part"):
        await platform.post(CHANNEL, LONG, "d1-a")
    assert await platform.find_by_key(CHANNEL, "d1-a", Clock().now() - MINUTE) is not None


async def test_find_by_key_reads_pages_up_to_a_limit(platform: SlackPlatform, slack: SlackServer) -> None:
    await platform.post(CHANNEL, TIP, "d1-a")
    slack.page_size = 3
    for number in range(20):
        await platform.post(CHANNEL, TIP, f"d2-{number}")
    assert await platform.find_by_key(CHANNEL, "d1-a", Clock().now() - MINUTE) is not None
    slack.page_size = 1
    with pytest.raises(TemporarySendError, match="history"):
        await platform.find_by_key(CHANNEL, "d1-a", Clock().now() - MINUTE)


@pytest.mark.parametrize(
    ("kind", "error", "code"),
    [
        ("429:7", RateLimited, "ratelimited"),
        ("429:soon", RateLimited, "ratelimited"),
        ("ratelimited", RateLimited, "ratelimited"),
        ("500", TemporarySendError, "500"),
        ("page", TemporarySendError, "200"),
        ("half", TemporarySendError, "unreadable"),
        ("internal_error", TemporarySendError, "internal_error"),
        ("not_in_channel", PermanentSendError, "not_in_channel"),
        ("channel_not_found", PermanentSendError, "channel_not_found"),
        ("is_archived", PermanentSendError, "is_archived"),
        ("account_inactive", WorkspaceRevoked, "account_inactive"),
        ("token_revoked", WorkspaceRevoked, "token_revoked"),
        ("cannot_dm_bot", PermanentSendError, "cannot_dm_bot"),
        ("user_not_found", PermanentSendError, "user_not_found"),
        ("msg_too_long", PermanentSendError, "msg_too_long"),
        ("invalid_blocks", PermanentSendError, "invalid_blocks"),
        ("a_fault_of_tomorrow", PermanentSendError, "a_fault_of_tomorrow"),
    ],
)
async def test_slack_errors_are_translated(
    platform: SlackPlatform, slack: SlackServer, kind: str, error: type[SendError], code: str
) -> None:
    slack.fail("chat.postMessage", kind)
    with pytest.raises(error) as raised:
        await platform.post(CHANNEL, TIP, "d1-a")
    assert type(raised.value) is error
    assert raised.value.code == code
    assert str(raised.value)
    if isinstance(raised.value, RateLimited):
        assert raised.value.retry_after == (7 if kind == "429:7" else 30)


async def test_ensure_can_post_in_channel(platform: SlackPlatform, slack: SlackServer) -> None:
    assert await platform.ensure_can_post(Channel(WORKSPACE, "C1")) == Channel(WORKSPACE, "C1", "general")
    slack.conversations["C1"].member = False
    with pytest.raises(PermanentSendError, match="not_in_channel"):
        await platform.ensure_can_post(CHANNEL)
    slack.conversations["C1"].archived = True
    with pytest.raises(PermanentSendError, match="is_archived"):
        await platform.ensure_can_post(CHANNEL)
    with pytest.raises(PermanentSendError, match="channel_not_found"):
        await platform.ensure_can_post(Channel(WORKSPACE, "C404"))


async def test_ensure_can_post_in_dm(platform: SlackPlatform, slack: SlackServer) -> None:
    slack.conversations["D1"] = Conversation()
    await platform.ensure_can_post(Channel(WORKSPACE, "D1", direct=True))
    with pytest.raises(PermanentSendError, match="channel_not_found"):
        await platform.ensure_can_post(Channel(WORKSPACE, "D2", direct=True))
    with pytest.raises(PermanentSendError, match="no_channel"):
        await platform.ensure_can_post(Channel(WORKSPACE, "U1", direct=True))


async def test_member_is_cached(platform: SlackPlatform, slack: SlackServer) -> None:
    await platform.member(WORKSPACE, "U1")
    member = await platform.member(WORKSPACE, "U1")
    assert (member.name, member.admin, str(member.zone)) == ("ada", True, "Europe/Berlin")
    assert [method for method, _ in slack.calls] == ["users.info"]


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../etc/passwd"])
async def test_unknown_time_zone_is_none(platform: SlackPlatform, slack: SlackServer, zone: str | None) -> None:
    slack.users["U1"]["tz"] = zone or ""
    assert (await platform.member(WORKSPACE, "U1")).zone is None


async def test_unknown_member_raises(platform: SlackPlatform) -> None:
    with pytest.raises(PermanentSendError, match="user_not_found"):
        await platform.member(WORKSPACE, "U404")


async def test_posted_card_keeps_a_long_line_on_the_server(platform: SlackPlatform, slack: SlackServer) -> None:
    card = Card("Keep it?", (Buttons((Button("Save", "plan add what:" + "x" * 2_000),)),))
    await platform.post(CHANNEL, card, "d1-a")
    (button,) = slack.conversations["C1"].messages[0]["blocks"][-1]["elements"]
    assert button["value"].startswith("draft:")


async def test_admins_of_the_organisation_are_admins(platform: SlackPlatform, slack: SlackServer) -> None:
    slack.users["U2"] |= {"enterprise_user": {"id": "W2", "is_admin": False, "is_owner": True}}
    assert (await platform.member(Workspace("slack", "T1"), "U2")).admin


async def test_guests_of_one_channel_neither_mentor_nor_get_a_mentor(http: HttpHarness, slack: SlackServer) -> None:
    slack.users["U2"] |= {"is_restricted": True, "is_ultra_restricted": True}
    for line in ("pair offer any max:2", "pair request any"):
        assert "Mentoring isn't open to guests" in visible_text(await http.say(line, user="U2"))
    assert "Read" in visible_text(await http.say("plan add Read", user="U2")), "everything else is"
    slack.users["U2"]["is_ultra_restricted"] = False
    http.adapter.platform.members._cached.clear()
    assert "Thanks for offering" in visible_text(await http.say("pair offer any max:2", user="U2"))
