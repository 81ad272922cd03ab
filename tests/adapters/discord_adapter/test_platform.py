"""Discord as a Messenger: what is posted is found again, and each of Discord's refusals has an answer of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import discord
import pytest

from mentorbot.adapters.discord.client import Client
from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, rich
from mentorbot.chat.platform import LEASE_GUARD, Channel, Member, Workspace
from mentorbot.errors import PermanentSendError, RateLimited, TemporarySendError, WorkspaceRevoked

from .payloads import CHANNEL, GUILD, PERSON, TOKEN
from .server import DiscordServer

BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
PLACE = Channel(Workspace("discord", GUILD), CHANNEL, "general")
DM = Channel(Workspace("discord", f"dm-{PERSON}"), CHANNEL, direct=True)
TIP = Card("Tip", (Paragraph(rich("Do it")), Buttons((Button("Another", "tip"),))), public=True)
MAY_WRITE = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    made = DiscordServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def messenger(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordPlatform]:
    monkeypatch.setattr(discord.http.Route, "BASE", f"{server.url}/api/v10")

    async def nobody(_: discord.Interaction) -> None:
        raise AssertionError("no interaction is sent here")

    client = Client(nobody)
    await client.login(TOKEN)
    yield DiscordPlatform(client)
    await client.close()


async def test_what_is_posted_is_found_by_its_key(platform: DiscordPlatform) -> None:
    sent = await platform.post(PLACE, TIP, "d-1")
    await platform.post(PLACE, TIP, "d-12")
    assert await platform.find_by_key(PLACE, "d-1", BEFORE) == sent
    assert await platform.find_by_key(PLACE, "d-2", BEFORE) is None
    assert await platform.find_by_key(PLACE, "d-1", datetime(2100, 1, 1, tzinfo=UTC)) is None


async def test_a_card_of_many_messages_or_no_buttons_is_found_too(platform: DiscordPlatform) -> None:
    long = Card("Long", (*(Paragraph(rich("word " * 700)) for _ in range(3)), *TIP.blocks))
    plain = Card("Plain", (Paragraph(rich("text")),))
    assert await platform.post(PLACE, long, "d-1") == await platform.find_by_key(PLACE, "d-1", BEFORE)
    assert await platform.post(PLACE, plain, "d-2") == await platform.find_by_key(PLACE, "d-2", BEFORE)


async def test_a_post_says_who_it_is_once_and_pings_nobody(server: DiscordServer, platform: DiscordPlatform) -> None:
    await platform.post(PLACE, TIP, "d-1")
    (body,) = server.sent("POST", f"/channels/{CHANNEL}/messages")
    assert (body["nonce"], body["enforce_nonce"]) == ("d-1", True)
    assert body["allowed_mentions"] == {"parse": []}


async def test_every_message_of_a_long_card_has_a_nonce_of_its_own(
    server: DiscordServer, platform: DiscordPlatform
) -> None:
    await platform.post(PLACE, Card("Long", tuple(Paragraph(rich("word " * 700)) for _ in range(3))), "d" * 20)
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
        (400, 50035, "50035"),
    ],
)
async def test_what_a_person_must_mend_is_permanent(
    server: DiscordServer, platform: DiscordPlatform, status: int, code: int, name: str
) -> None:
    server.faults["/messages"] = [(status, {"code": code, "message": "no"})]
    with pytest.raises(PermanentSendError) as fault:
        await platform.post(DM, TIP, "d-1")
    assert fault.value.code == name


async def test_a_token_that_is_no_longer_valid_locks_the_bot_out(
    server: DiscordServer, platform: DiscordPlatform
) -> None:
    server.faults["/messages"] = [(401, {"code": 0, "message": "401: Unauthorized"})]
    with pytest.raises(WorkspaceRevoked) as fault:
        await platform.post(PLACE, TIP, "d-1")
    assert fault.value.code == "token"


@pytest.mark.parametrize("place", [PLACE, Channel(PLACE.workspace, CHANNEL, direct=True)])
async def test_a_bot_that_was_kicked_is_locked_out_of_the_guild(
    server: DiscordServer, platform: DiscordPlatform, place: Channel
) -> None:
    server.faults["/messages"] = [(403, {"code": 50278 if place.direct else 50001, "message": "no"})]
    server.faults[f"/guilds/{place.workspace.id}"] = [(404, {"code": 10004, "message": "Unknown Guild"})]
    with pytest.raises(WorkspaceRevoked) as fault:
        await platform.post(place, TIP, "d-1")
    assert fault.value.code == "kicked"


async def test_a_short_wait_is_waited_for(server: DiscordServer, platform: DiscordPlatform) -> None:
    server.faults["/messages"] = [(429, {"retry_after": 0.05, "message": "slow down", "global": False})]
    assert await platform.post(PLACE, TIP, "d-1")


async def test_a_long_wait_is_for_whoever_asked(server: DiscordServer, platform: DiscordPlatform) -> None:
    server.faults["/messages"] = [(429, {"retry_after": 95.5, "message": "slow down", "global": False})]
    with pytest.raises(RateLimited) as fault:
        await platform.post(PLACE, TIP, "d-1")
    assert fault.value.retry_after == 95.5


async def test_opening_dms_too_fast_is_a_wait(server: DiscordServer, platform: DiscordPlatform) -> None:
    server.faults["/messages"] = [(403, {"code": 40003, "message": "too fast"})]
    with pytest.raises(RateLimited):
        await platform.post(DM, TIP, "d-1")


async def test_a_server_that_is_down_is_temporary(server: DiscordServer, platform: DiscordPlatform) -> None:
    server.faults["/messages"] = [(503, {"message": "down"})]
    with pytest.raises(TemporarySendError) as fault:
        await platform.post(PLACE, TIP, "d-1")
    assert fault.value.code == "503"


async def test_a_connection_that_breaks_is_temporary(server: DiscordServer, platform: DiscordPlatform) -> None:
    await server.stop()
    with pytest.raises(TemporarySendError, match="connect"):
        await platform.find_by_key(PLACE, "d-1", BEFORE)


@pytest.mark.parametrize("error", [TimeoutError(), aiohttp.ServerDisconnectedError(), discord.GatewayNotFound()])
def test_no_fault_of_a_connection_gets_through_as_it_is(error: Exception) -> None:
    with pytest.raises(TemporarySendError), translated_errors():
        raise error


async def test_a_channel_in_which_the_bot_may_write_is_right(platform: DiscordPlatform) -> None:
    await platform.ensure_can_post(PLACE)
    platform.record_permissions(CHANNEL, MAY_WRITE, thread=False)
    await platform.ensure_can_post(PLACE)
    await platform.ensure_can_post(DM)


@pytest.mark.parametrize(
    ("may", "thread"),
    [
        (discord.Permissions(view_channel=True), False),
        (discord.Permissions(send_messages=True), False),
        (MAY_WRITE, True),
    ],
)
async def test_a_channel_in_which_it_may_not_is_refused(
    platform: DiscordPlatform, may: discord.Permissions, thread: bool
) -> None:
    platform.record_permissions(CHANNEL, may, thread=thread)
    with pytest.raises(PermanentSendError) as fault:
        await platform.ensure_can_post(PLACE)
    assert fault.value.code == "missing_permissions"


async def test_a_right_that_comes_back_counts_at_once(platform: DiscordPlatform) -> None:
    platform.record_permissions(CHANNEL, discord.Permissions.none(), thread=False)
    platform.record_permissions(CHANNEL, MAY_WRITE, thread=False)
    await platform.ensure_can_post(PLACE)


@pytest.mark.parametrize(
    ("status", "code", "name"), [(403, 50001, "missing_access"), (404, 10003, "channel_not_found")]
)
async def test_a_channel_that_the_bot_cannot_see_is_refused(
    server: DiscordServer, platform: DiscordPlatform, status: int, code: int, name: str
) -> None:
    server.faults[f"/channels/{CHANNEL}"] = [(status, {"code": code, "message": "no"})]
    with pytest.raises(PermanentSendError) as fault:
        await platform.ensure_can_post(PLACE)
    assert fault.value.code == name


async def test_a_history_that_may_not_be_read_is_never_taken_for_an_empty_one(platform: DiscordPlatform) -> None:
    await platform.post(PLACE, TIP, "d-1")
    platform.record_permissions(CHANNEL, discord.Permissions(view_channel=True, send_messages=True), thread=False)
    with pytest.raises(PermanentSendError):
        await platform.find_by_key(PLACE, "d-1", BEFORE)


async def test_a_member_with_the_right_to_manage_is_an_admin(platform: DiscordPlatform) -> None:
    assert await platform.member(PLACE.workspace, PERSON) == Member(PERSON, "Countess", admin=True)


async def test_in_a_dm_nobody_is_an_admin(platform: DiscordPlatform) -> None:
    assert await platform.member(DM.workspace, PERSON) == Member(PERSON, "Ada")


async def test_a_post_whose_answer_is_lost_is_tried_again_and_is_there_once(
    platform: DiscordPlatform, server: DiscordServer
) -> None:
    server.answers_to_lose = 1
    sent = await platform.post(PLACE, TIP, "d-1")
    assert len(server.sent("POST", "/messages")) == 2
    assert [message["id"] for message in server.history[CHANNEL]] == [sent]


@pytest.mark.parametrize("answers", [[False], [True, False]])
async def test_a_process_that_was_asleep_writes_nothing(
    server: DiscordServer, platform: DiscordPlatform, answers: list[bool]
) -> None:
    """Frozen before the request, or right before its first byte."""
    left = iter(answers)
    token = LEASE_GUARD.set(lambda: next(left))
    with pytest.raises(TemporarySendError):
        await platform.post(PLACE, TIP, "d-1")
    LEASE_GUARD.reset(token)
    assert next(left, None) is None, "the last check was not made"
    assert server.sent("POST", "/messages") == []
    await platform.post(PLACE, TIP, "d-1")
    assert len(server.sent("POST", "/messages")) == 1
