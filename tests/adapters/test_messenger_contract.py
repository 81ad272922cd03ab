"""One contract for every Messenger: the scheduler relies on it and knows no platform."""

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
from tests.adapters.slack_door.server import BOT_TOKEN, SlackServer
from tests.adapters.slack_door.state import TEAM
from tests.fake_platform import FakePlatform

TIP = Card("Tip", (Paragraph(rich("Do it @everyone")), Buttons((Button("Why", "tip why:x"),))), public=True)
FILED = Card("Plan", (Paragraph(rich("Keep it")), FileBlock("plan.md", "# Plan")), public=True)
LONG = Card("Long", tuple(Paragraph(rich(f"{number} " + "word " * 400)) for number in range(20)), public=True)


@dataclass
class Rig:
    """A messenger, a channel that it can post in, one that it cannot, and how many messages the first one holds."""

    platform: ChatPlatform
    here: Channel
    gone: Channel
    person: str
    count: Callable[[], int]


async def slack_rig() -> AsyncIterator[Rig]:
    server = SlackServer()
    await server.start()
    server.rooms["C1"].member = True
    server.rooms["C2"].member = False
    platform = SlackPlatform(AsyncWebClient(token=BOT_TOKEN, base_url=server.api_url, retry_handlers=[]))
    team = Workspace("slack", TEAM)
    yield Rig(platform, Channel(team, "C1"), Channel(team, "C2"), "U1", lambda: len(server.rooms["C1"].messages))
    await server.stop()


async def discord_rig() -> AsyncIterator[Rig]:
    server = DiscordServer(gone={"770000000000000002"})
    await server.start()

    async def nobody(_: discord.Interaction) -> None:
        raise AssertionError("no interaction is sent here")

    before = discord.http.Route.BASE
    discord.http.Route.BASE = f"{server.url}/api/v10"
    client = Client(nobody)
    await client.login(payloads.TOKEN)
    team = Workspace("discord", payloads.GUILD)
    here, gone = Channel(team, payloads.CHANNEL), Channel(team, "770000000000000002")
    yield Rig(DiscordPlatform(client), here, gone, payloads.PERSON, lambda: len(server.history[payloads.CHANNEL]))
    await client.close()
    discord.http.Route.BASE = before
    await server.stop()


async def playground_rig() -> AsyncIterator[Rig]:
    room = TeamChat()
    here, gone = Channel(LOCAL_WORKSPACE, "general", "general"), Channel(LOCAL_WORKSPACE, "nowhere")
    yield Rig(PlaygroundPlatform(room, Clock()), here, gone, "ada", lambda: len(room.messages))


async def fake_rig() -> AsyncIterator[Rig]:
    fake = FakePlatform(Clock(), gone={"C2": "channel_not_found"})
    team = Workspace("slack", TEAM)
    yield Rig(fake, Channel(team, "C1"), Channel(team, "C2"), "U1", lambda: len(fake.posted))


@pytest.fixture(
    params=[slack_rig, discord_rig, playground_rig, fake_rig], ids=["slack", "discord", "playground", "fake"]
)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async for made in request.param():
        yield made


def since(**ago: float) -> datetime:
    return Clock().now() - timedelta(**ago)


async def test_what_is_posted_is_found_by_its_key_alone(rig: Rig) -> None:
    first = await rig.platform.post(rig.here, TIP, "d1-abc")
    second = await rig.platform.post(rig.here, TIP, "d1-abd")
    assert rig.count() == 2
    assert first != second
    assert await rig.platform.find_by_key(rig.here, "d1-abc", since(minutes=1)) == first
    assert await rig.platform.find_by_key(rig.here, "d1-abd", since(minutes=1)) == second
    assert await rig.platform.find_by_key(rig.here, "d1-ab", since(minutes=1)) is None


async def test_what_was_posted_before_is_not_found(rig: Rig) -> None:
    await rig.platform.post(rig.here, TIP, "d1-abc")
    assert await rig.platform.find_by_key(rig.here, "d1-abc", since(minutes=-1)) is None


async def test_a_long_card_arrives_whole_and_is_found(rig: Rig) -> None:
    posted = await rig.platform.post(rig.here, LONG, "d2-abc")
    assert rig.count() >= 1
    assert await rig.platform.find_by_key(rig.here, "d2-abc", since(minutes=1)) == posted


async def test_a_channel_that_cannot_be_reached_is_a_permanent_fault(rig: Rig) -> None:
    await rig.platform.ensure_can_post(rig.here)
    with pytest.raises(PermanentSendError):
        await rig.platform.ensure_can_post(rig.gone)
    with pytest.raises(PermanentSendError):
        await rig.platform.post(rig.gone, TIP, "d1-abc")


async def test_a_person_has_a_name(rig: Rig) -> None:
    member = await rig.platform.member(rig.here.workspace, rig.person)
    assert member.id == rig.person
    assert member.name


async def test_a_card_with_a_document_is_found_like_any_other(rig: Rig) -> None:
    posted = await rig.platform.post(rig.here, FILED, "d3-abc")
    assert await rig.platform.find_by_key(rig.here, "d3-abc", since(minutes=1)) == posted


async def test_a_person_has_one_direct_conversation_in_which_one_can_post(rig: Rig) -> None:
    place = await rig.platform.open_dm(rig.here.workspace, rig.person)
    assert place == await rig.platform.open_dm(rig.here.workspace, rig.person)
    assert place.direct
    assert place.workspace == rig.here.workspace
    assert place.id != rig.here.id
    await rig.platform.ensure_can_post(place)
    posted = await rig.platform.post(place, TIP, "d4-abc")
    assert await rig.platform.find_by_key(place, "d4-abc", since(minutes=1)) == posted
    assert await rig.platform.find_by_key(rig.here, "d4-abc", since(minutes=1)) is None
