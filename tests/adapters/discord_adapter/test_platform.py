"""Discord as a `ChatPlatform`: posting, finding messages by key, permissions, and the translation of every error."""

from __future__ import annotations

from datetime import UTC, datetime

import aiohttp
import discord
import pytest

from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, rich
from mentorbot.chat.platform import LEASE_GUARD, Channel, Member, Workspace
from mentorbot.errors import PermanentSendError, RateLimited, TemporarySendError, WorkspaceRevoked

from .payloads import CHANNEL, GUILD, PERSON
from .server import DiscordServer

BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
CHANNEL_IN_GUILD = Channel(Workspace("discord", GUILD), CHANNEL, "general")
DM = Channel(Workspace("discord", f"dm-{PERSON}"), CHANNEL, direct=True)
TIP = Card("Tip", (Paragraph(rich("Do it")), Buttons((Button("Another", "tip"),))), public=True)
MAY_WRITE = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)


async def test_find_by_key_finds_the_posted_message(platform: DiscordPlatform) -> None:
    message_id = await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")
    await platform.post(CHANNEL_IN_GUILD, TIP, "d-12")
    assert await platform.find_by_key(CHANNEL_IN_GUILD, "d-1", BEFORE) == message_id
    assert await platform.find_by_key(CHANNEL_IN_GUILD, "d-2", BEFORE) is None
    assert await platform.find_by_key(CHANNEL_IN_GUILD, "d-1", datetime(2100, 1, 1, tzinfo=UTC)) is None


async def test_find_by_key_finds_long_cards_and_cards_without_buttons(platform: DiscordPlatform) -> None:
    long = Card("Long", (*(Paragraph(rich("word " * 700)) for _ in range(3)), *TIP.blocks))
    plain = Card("Plain", (Paragraph(rich("text")),))
    assert await platform.post(CHANNEL_IN_GUILD, long, "d-1") == await platform.find_by_key(
        CHANNEL_IN_GUILD, "d-1", BEFORE
    )
    assert await platform.post(CHANNEL_IN_GUILD, plain, "d-2") == await platform.find_by_key(
        CHANNEL_IN_GUILD, "d-2", BEFORE
    )


async def test_post_has_an_enforced_nonce_and_allows_no_mentions(
    server: DiscordServer, platform: DiscordPlatform
) -> None:
    await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")
    (body,) = server.sent("POST", f"/channels/{CHANNEL}/messages")
    assert (body["nonce"], body["enforce_nonce"]) == ("d-1", True)
    assert body["allowed_mentions"] == {"parse": []}


async def test_each_message_of_a_long_card_has_its_own_nonce(server: DiscordServer, platform: DiscordPlatform) -> None:
    await platform.post(
        CHANNEL_IN_GUILD, Card("Long", tuple(Paragraph(rich("word " * 700)) for _ in range(3))), "d" * 20
    )
    nonces = [body["nonce"] for body in server.sent("POST", f"/channels/{CHANNEL}/messages")]
    assert len(set(nonces)) == len(nonces) > 1
    assert all(len(nonce) <= 25 for nonce in nonces)


@pytest.mark.parametrize(
    ("status", "code", "name"),
    [
        (403, 50007, "cannot_dm"),
        (403, 50001, "missing_access"),
        (403, 50013, "missing_permissions"),
        (404, 10003, "channel_not_found"),
        (403, 50278, "no_mutual_guild"),
        (400, 50035, "invalid_body"),
    ],
)
async def test_permission_and_not_found_errors_are_permanent(
    server: DiscordServer, platform: DiscordPlatform, status: int, code: int, name: str
) -> None:
    server.planned_errors["/messages"] = [(status, {"code": code, "message": "no"})]
    with pytest.raises(PermanentSendError) as error:
        await platform.post(DM, TIP, "d-1")
    assert error.value.code == name


async def test_invalid_token_revokes_the_workspace(server: DiscordServer, platform: DiscordPlatform) -> None:
    server.planned_errors["/messages"] = [(401, {"code": 0, "message": "401: Unauthorized"})]
    with pytest.raises(WorkspaceRevoked) as error:
        await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")
    assert error.value.code == "token"


@pytest.mark.parametrize("channel", [CHANNEL_IN_GUILD, Channel(CHANNEL_IN_GUILD.workspace, CHANNEL, direct=True)])
async def test_kicked_bot_revokes_the_workspace(
    server: DiscordServer, platform: DiscordPlatform, channel: Channel
) -> None:
    server.planned_errors["/messages"] = [(403, {"code": 50278 if channel.direct else 50001, "message": "no"})]
    server.planned_errors[f"/guilds/{channel.workspace.id}"] = [(404, {"code": 10004, "message": "Unknown Guild"})]
    with pytest.raises(WorkspaceRevoked) as error:
        await platform.post(channel, TIP, "d-1")
    assert error.value.code == "kicked"


async def test_short_rate_limit_is_waited_out(server: DiscordServer, platform: DiscordPlatform) -> None:
    server.planned_errors["/messages"] = [(429, {"retry_after": 0.05, "message": "slow down", "global": False})]
    assert await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")


async def test_long_rate_limit_is_raised(server: DiscordServer, platform: DiscordPlatform) -> None:
    server.planned_errors["/messages"] = [(429, {"retry_after": 95.5, "message": "slow down", "global": False})]
    with pytest.raises(RateLimited) as error:
        await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")
    assert error.value.retry_after == 95.5


async def test_opening_dms_too_fast_is_a_rate_limit(server: DiscordServer, platform: DiscordPlatform) -> None:
    server.planned_errors["/messages"] = [(403, {"code": 40003, "message": "too fast"})]
    with pytest.raises(RateLimited):
        await platform.post(DM, TIP, "d-1")


async def test_server_error_is_temporary(server: DiscordServer, platform: DiscordPlatform) -> None:
    server.planned_errors["/messages"] = [(503, {"message": "down"})]
    with pytest.raises(TemporarySendError) as error:
        await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")
    assert error.value.code == "503"


async def test_connection_error_is_temporary(server: DiscordServer, platform: DiscordPlatform) -> None:
    await server.stop()
    with pytest.raises(TemporarySendError, match="connect"):
        await platform.find_by_key(CHANNEL_IN_GUILD, "d-1", BEFORE)


@pytest.mark.parametrize("error", [TimeoutError(), aiohttp.ServerDisconnectedError(), discord.GatewayNotFound()])
def test_every_connection_error_is_translated(error: Exception) -> None:
    with pytest.raises(TemporarySendError), translated_errors():
        raise error


async def test_channel_of_a_different_server_is_refused(platform: DiscordPlatform) -> None:
    elsewhere = Channel(Workspace("discord", "990000000000000099"), CHANNEL)
    for channel in (elsewhere, Channel(CHANNEL_IN_GUILD.workspace, "general")):
        with pytest.raises(PermanentSendError, match="channel_not_found"):
            await platform.ensure_can_post(channel)


async def test_ensure_can_post_accepts_writable_channels(platform: DiscordPlatform) -> None:
    assert (await platform.ensure_can_post(Channel(CHANNEL_IN_GUILD.workspace, CHANNEL))).name == "general"
    platform.record_permissions(CHANNEL, MAY_WRITE, thread=False)
    await platform.ensure_can_post(CHANNEL_IN_GUILD)
    platform.record_permissions(CHANNEL, discord.Permissions.none(), thread=False)
    await platform.ensure_can_post(DM)  # permissions are a channel's; a conversation has none
    with pytest.raises(PermanentSendError):
        await platform.ensure_can_post(CHANNEL_IN_GUILD)


@pytest.mark.parametrize(
    ("granted", "thread"),
    [
        (discord.Permissions(view_channel=True), False),
        (discord.Permissions(send_messages=True), False),
        (MAY_WRITE, True),
    ],
)
async def test_ensure_can_post_refuses_missing_permissions(
    platform: DiscordPlatform, granted: discord.Permissions, thread: bool
) -> None:
    platform.record_permissions(CHANNEL, granted, thread=thread)
    with pytest.raises(PermanentSendError) as error:
        await platform.ensure_can_post(CHANNEL_IN_GUILD)
    assert error.value.code == "missing_permissions"


async def test_restored_permission_counts_at_once(platform: DiscordPlatform) -> None:
    platform.record_permissions(CHANNEL, discord.Permissions.none(), thread=False)
    with pytest.raises(PermanentSendError):
        await platform.ensure_can_post(CHANNEL_IN_GUILD)
    platform.record_permissions(CHANNEL, MAY_WRITE, thread=False)
    await platform.ensure_can_post(CHANNEL_IN_GUILD)


@pytest.mark.parametrize(
    ("status", "code", "name"), [(403, 50001, "missing_access"), (404, 10003, "channel_not_found")]
)
async def test_ensure_can_post_refuses_invisible_channels(
    server: DiscordServer, platform: DiscordPlatform, status: int, code: int, name: str
) -> None:
    server.planned_errors[f"/channels/{CHANNEL}"] = [(status, {"code": code, "message": "no"})]
    with pytest.raises(PermanentSendError) as error:
        await platform.ensure_can_post(CHANNEL_IN_GUILD)
    assert error.value.code == name


async def test_find_by_key_fails_without_permission_to_read_the_history(platform: DiscordPlatform) -> None:
    await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")
    platform.record_permissions(CHANNEL, discord.Permissions(view_channel=True, send_messages=True), thread=False)
    with pytest.raises(PermanentSendError):
        await platform.find_by_key(CHANNEL_IN_GUILD, "d-1", BEFORE)


async def test_member_who_may_manage_the_guild_is_an_admin(platform: DiscordPlatform) -> None:
    assert await platform.member(CHANNEL_IN_GUILD.workspace, PERSON) == Member(PERSON, "Countess", admin=True)


async def test_nobody_is_an_admin_in_a_dm(platform: DiscordPlatform) -> None:
    assert await platform.member(DM.workspace, PERSON) == Member(PERSON, "Ada")


async def test_post_whose_response_is_lost_is_retried_and_stored_once(
    platform: DiscordPlatform, server: DiscordServer
) -> None:
    server.responses_to_lose = 1
    message_id = await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")
    assert len(server.sent("POST", "/messages")) == 2
    assert [message["id"] for message in server.history[CHANNEL]] == [message_id]


@pytest.mark.parametrize("answers", [[False], [True, False]])
async def test_lost_lease_stops_the_request_before_it_is_written(
    server: DiscordServer, platform: DiscordPlatform, answers: list[bool]
) -> None:
    """Frozen before the request, or right before its first byte."""
    lease_answers = iter(answers)
    token = LEASE_GUARD.set(lambda: next(lease_answers))
    with pytest.raises(TemporarySendError):
        await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")
    LEASE_GUARD.reset(token)
    assert next(lease_answers, None) is None, "the last check was not made"
    assert server.sent("POST", "/messages") == []
    await platform.post(CHANNEL_IN_GUILD, TIP, "d-1")
    assert len(server.sent("POST", "/messages")) == 1
