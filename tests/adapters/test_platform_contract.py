"""The contract every `ChatPlatform` fulfils. The scheduler relies on it and knows no particular platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.discord.client import Client
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.adapters.playground.platform import PlaygroundPlatform
from mentorbot.adapters.playground.team_chat import TeamChat
from mentorbot.adapters.slack.platform import SlackPlatform
from mentorbot.chat.cards import Button, Buttons, Card, FileBlock, Paragraph, rich
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel, ChatPlatform, Workspace
from mentorbot.clock import Clock
from mentorbot.errors import PermanentSendError
from tests.adapters.discord_adapter import payloads
from tests.adapters.discord_adapter.server import DiscordServer
from tests.adapters.slack_adapter.server import BOT_TOKEN, SlackServer
from tests.adapters.slack_adapter.state import TEAM
from tests.fake_platform import FakePlatform

TIP = Card("Tip", (Paragraph(rich("Do it @everyone")), Buttons((Button("Why", "tip why:x"),))), public=True)
WITH_DOCUMENT = Card("Plan", (Paragraph(rich("Keep it")), FileBlock("plan.md", "# Plan")), public=True)
LONG = Card("Long", tuple(Paragraph(rich(f"{number} " + "word " * 400)) for number in range(20)), public=True)


@dataclass
class Rig:
    """A platform, a channel it can post in, one it can't, a person, and a count of messages in the first channel."""

    platform: ChatPlatform
    channel: Channel
    unreachable: Channel
    person: str
    count: Callable[[], int]


async def slack_rig() -> AsyncIterator[Rig]:
    """Start a fake Slack whose second channel the bot isn't in."""
    server = SlackServer()
    await server.start()
    server.conversations["C1"].member = True
    server.conversations["C2"].member = False
    platform = SlackPlatform(AsyncWebClient(token=BOT_TOKEN, base_url=server.api_url, retry_handlers=[]))
    team = Workspace("slack", TEAM)
    yield Rig(
        platform, Channel(team, "C1"), Channel(team, "C2"), "U1", lambda: len(server.conversations["C1"].messages)
    )
    await server.stop()


async def discord_rig() -> AsyncIterator[Rig]:
    """Start a fake Discord whose second channel doesn't exist."""
    server = DiscordServer(missing_channels={"770000000000000002"})
    await server.start()

    async def handle(_: object) -> None:
        raise AssertionError("no interaction is sent here")

    # discord.py has no setting for the API's address.
    original_base = discord.http.Route.BASE
    discord.http.Route.BASE = f"{server.url}/api/v10"
    client = Client(handle, handle)
    await client.login(payloads.TOKEN)
    team = Workspace("discord", payloads.GUILD)
    channel, unreachable = Channel(team, payloads.CHANNEL), Channel(team, "770000000000000002")
    yield Rig(
        DiscordPlatform(client), channel, unreachable, payloads.PERSON, lambda: len(server.history[payloads.CHANNEL])
    )
    await client.close()
    discord.http.Route.BASE = original_base
    await server.stop()


async def playground_rig() -> AsyncIterator[Rig]:
    team_chat = TeamChat()
    channel, unreachable = Channel(LOCAL_WORKSPACE, "general", "general"), Channel(LOCAL_WORKSPACE, "nowhere")
    yield Rig(PlaygroundPlatform(team_chat, Clock()), channel, unreachable, "ada", lambda: len(team_chat.messages))


async def fake_rig() -> AsyncIterator[Rig]:
    fake = FakePlatform(Clock(), channel_errors={"C2": "channel_not_found"})
    team = Workspace("slack", TEAM)
    yield Rig(fake, Channel(team, "C1"), Channel(team, "C2"), "U1", lambda: len(fake.posted))


@pytest.fixture(
    params=[slack_rig, discord_rig, playground_rig, fake_rig], ids=["slack", "discord", "playground", "fake"]
)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async for platform_rig in request.param():
        yield platform_rig


def since(**ago: float) -> datetime:
    return Clock().now() - timedelta(**ago)


async def test_find_by_key_returns_only_the_message_with_that_key(rig: Rig) -> None:
    first = await rig.platform.post(rig.channel, TIP, "d1-abc")
    second = await rig.platform.post(rig.channel, TIP, "d1-abd")
    assert rig.count() == 2
    assert first != second
    assert await rig.platform.find_by_key(rig.channel, "d1-abc", since(minutes=1)) == first
    assert await rig.platform.find_by_key(rig.channel, "d1-abd", since(minutes=1)) == second
    assert await rig.platform.find_by_key(rig.channel, "d1-ab", since(minutes=1)) is None


async def test_find_by_key_ignores_messages_before_since(rig: Rig) -> None:
    await rig.platform.post(rig.channel, TIP, "d1-abc")
    assert await rig.platform.find_by_key(rig.channel, "d1-abc", since(minutes=-1)) is None


async def test_find_by_key_finds_a_long_card(rig: Rig) -> None:
    posted = await rig.platform.post(rig.channel, LONG, "d2-abc")
    assert rig.count() >= 1
    assert await rig.platform.find_by_key(rig.channel, "d2-abc", since(minutes=1)) == posted


async def test_unreachable_channel_raises_permanent_send_error(rig: Rig) -> None:
    await rig.platform.ensure_can_post(rig.channel)
    with pytest.raises(PermanentSendError):
        await rig.platform.ensure_can_post(rig.unreachable)
    with pytest.raises(PermanentSendError):
        await rig.platform.post(rig.unreachable, TIP, "d1-abc")


async def test_member_has_id_and_name(rig: Rig) -> None:
    member = await rig.platform.member(rig.channel.workspace, rig.person)
    assert member.id == rig.person
    assert member.name


async def test_find_by_key_finds_a_card_with_a_document(rig: Rig) -> None:
    posted = await rig.platform.post(rig.channel, WITH_DOCUMENT, "d3-abc")
    assert await rig.platform.find_by_key(rig.channel, "d3-abc", since(minutes=1)) == posted


async def test_open_dm_is_idempotent_and_accepts_posts(rig: Rig) -> None:
    dm = await rig.platform.open_dm(rig.channel.workspace, rig.person)
    assert dm == await rig.platform.open_dm(rig.channel.workspace, rig.person)
    assert dm.direct
    assert dm.workspace == rig.channel.workspace
    assert dm.id != rig.channel.id
    await rig.platform.ensure_can_post(dm)
    posted = await rig.platform.post(dm, TIP, "d4-abc")
    assert await rig.platform.find_by_key(dm, "d4-abc", since(minutes=1)) == posted
    assert await rig.platform.find_by_key(rig.channel, "d4-abc", since(minutes=1)) is None
