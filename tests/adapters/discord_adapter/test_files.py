"""Pictures and documents on Discord's wire: the bytes, the words for who cannot see them, and who gets them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.adapters.discord.client import Client
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.adapters.discord.render import preview
from mentorbot.app import open_context
from mentorbot.chat import charts
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Chart, ChartImage, FileBlock, Paragraph, Series, rich
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import PermanentSendError
from mentorbot.settings import Settings
from mentorbot.slash.registry import Registry

from .contract import EPHEMERAL, V2, flat
from .payloads import CHANNEL, GUILD, TOKEN
from .server import DiscordServer

COMMAND, PRESS = 2, 3
PNG = b"\x89PNG\r\n\x1a\n"
CHART = Chart("bars", ("Python", "SQL"), (Series("You", (2.0, 3.0)),), high=4)
ALT = "Python 2 of 4, SQL 3 of 4"
MINE = Card("Mine", (Paragraph(rich("See")), ChartImage("skills", ALT, CHART), FileBlock("my plan.md", "# Plan ü")))
PLACE = Channel(Workspace("discord", GUILD), CHANNEL, "general")
REFUSED = (400, {"code": 40005, "message": "Request entity too large"})

pytestmark = pytest.mark.skipif(not charts.available(), reason="no matplotlib here (the extra charts)")


class Bot:
    """A door with a command for each card, and Discord's side of it."""

    def __init__(self, server: DiscordServer) -> None:
        self.server, self.registry = server, Registry()
        for name, card in {
            "mine": MINE,
            "loud": MINE.with_public(),
            "plain": Card("Plain", (Buttons((Button("Mine", "mine"),)),)),
            "many": Card("Many", tuple(FileBlock(f"{number}.md", "x") for number in range(12))),
        }.items():
            self._declare(name, card)

    def _declare(self, name: str, card: Card) -> None:
        async def handler(_: Context) -> Answer:
            return card

        self.registry.command(name, "Try it.")(handler)

    async def type(self, name: str) -> str:
        data = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 1, "name": name, "options": []}]}
        return await self.server.interact(COMMAND, data)

    async def press(self, line: str, flags: int) -> str:
        message = self.server.message({}, flags=flags | V2)
        return await self.server.interact(PRESS, {"custom_id": f"m::{line}", "component_type": 2}, message=message)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    made = DiscordServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def bot(server: DiscordServer, tmp_path: Path) -> AsyncIterator[Bot]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/b.db", discord_token=TOKEN, discord_api_url=server.url)
    async with open_context(settings, Clock()) as core:
        made = Bot(server)
        door = DiscordAdapter(settings, Dispatcher(made.registry, core.store, core.library, core.clock))
        await door.start()
        yield made
        await door.stop()


@pytest.fixture
async def messenger(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordPlatform]:
    monkeypatch.setattr(discord.http.Route, "BASE", f"{server.url}/api/v10")

    async def nobody(_: discord.Interaction) -> None:
        raise AssertionError("no interaction is sent here")

    client = Client(nobody)
    await client.login(TOKEN)
    yield DiscordPlatform(client)
    await client.close()


def shown(message: Any) -> list[dict[str, Any]]:
    return [part for part in flat(message["components"]) if part["type"] in (12, 13)]


def said(message: Any) -> str:
    return "\n".join(part["content"] for part in flat(message["components"]) if part["type"] == 10)


def assert_whole(message: Any, files: dict[str, bytes]) -> None:
    """The picture with its words and the document, as they were meant."""
    picture, document = shown(message)
    assert picture["items"] == [{"media": {"url": "attachment://skills.png"}, "spoiler": False, "description": ALT}]
    assert document["file"] == {"url": "attachment://my-plan.md"}
    assert [part.get("description") for part in message["attachments"]] == [ALT, None]
    assert files["skills.png"].startswith(PNG)
    assert files["my-plan.md"] == "# Plan ü".encode()


async def test_an_answer_is_announced_and_carries_its_files_for_one_pair_of_eyes(bot: Bot) -> None:
    typed = await bot.type("mine")
    assert await bot.server.answer_to(typed) == {"type": 5, "data": {"flags": EPHEMERAL}}
    edited = await bot.server.edit_of(typed)
    assert_whole(edited, bot.server.files("PATCH", "/messages/@original")[0])
    assert "See" in said(edited)
    assert not bot.server.objections


async def test_an_answer_for_everyone_is_announced_to_everyone(bot: Bot) -> None:
    typed = await bot.type("loud")
    announced = await bot.server.answer_to(typed)
    assert (announced["type"], announced.get("data", {}).get("flags", 0) & EPHEMERAL) == (5, 0)
    assert_whole(await bot.server.edit_of(typed), bot.server.files("PATCH", "/messages/@original")[0])


async def test_files_come_and_go_with_the_card_in_place(bot: Bot) -> None:
    pressed = await bot.press("mine", EPHEMERAL)
    assert (await bot.server.answer_to(pressed))["type"] == 6
    assert_whole(await bot.server.edit_of(pressed), bot.server.files("PATCH", "/messages/@original")[0])
    replaced = await bot.server.answer_to(await bot.press("plain", EPHEMERAL))
    assert (replaced["type"], replaced["data"]["attachments"]) == (7, [])


async def test_pressed_in_private_files_for_everyone_are_a_message_of_their_own(bot: Bot) -> None:
    pressed = await bot.press("loud", EPHEMERAL)
    assert (await bot.server.answer_to(pressed))["type"] == 6
    (loud,) = await bot.server.followups(pressed)
    assert_whole(loud, bot.server.files("POST", f"token-{pressed}")[0])
    assert not loud.get("flags", 0) & EPHEMERAL


async def test_more_files_than_a_message_takes_come_in_two(bot: Bot) -> None:
    typed = await bot.type("many")
    first = await bot.server.edit_of(typed)
    (second,) = await bot.server.followups(typed)
    assert [len(shown(first)), len(shown(second))] == [limits.MESSAGE_FILES, 2]
    assert second["flags"] & EPHEMERAL
    assert not bot.server.objections


@pytest.mark.parametrize("fault", [REFUSED, (403, {"code": 50013, "message": "Missing Permissions"})])
async def test_files_that_discord_refuses_cost_the_files_alone(bot: Bot, fault: tuple[int, dict[str, Any]]) -> None:
    bot.server.faults["/messages/@original"] = [fault]
    typed = await bot.type("mine")
    (told,) = await bot.server.followups(typed)
    _, edited = bot.server.sent("PATCH", "/messages/@original")
    assert "See" in said(edited)
    assert (shown(edited), edited["attachments"]) == ([], [])
    assert "the picture and my plan.md" in said(told)
    assert ALT in said(told)
    assert told["flags"] & EPHEMERAL
    assert not bot.server.objections


async def test_a_chart_that_cannot_be_drawn_is_said_in_words(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Chart) -> bytes:
        raise RuntimeError("no font")

    monkeypatch.setattr(charts, "draw", broken)
    typed = await bot.type("mine")
    (told,) = await bot.server.followups(typed)
    assert ALT in said(await bot.server.edit_of(typed))
    assert bot.server.files("PATCH", "/messages/@original")[0].keys() == {"my-plan.md"}
    assert "could not send the picture" in said(told)


async def test_where_no_charts_are_drawn_their_words_are_the_answer(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "available", lambda: False)
    typed = await bot.type("mine")
    assert ALT in said(await bot.server.edit_of(typed))
    await asyncio.sleep(0.1)
    assert not bot.server.sent("POST", f"token-{typed}")


async def test_a_post_carries_its_files_and_its_key(platform: DiscordPlatform, server: DiscordServer) -> None:
    await platform.post(PLACE, MINE, "d-1")
    (body,) = server.sent("POST", "/messages")
    assert_whole(body, server.files("POST", "/messages")[0])
    assert (body["nonce"], body["enforce_nonce"]) == ("d-1", True)


async def test_a_post_whose_files_are_refused_is_there_and_says_so(
    platform: DiscordPlatform, server: DiscordServer
) -> None:
    server.faults["/messages"] = [REFUSED]
    posted = await platform.post(PLACE, MINE, "d-1")
    card, told = server.history[CHANNEL]
    assert card["id"] == posted
    assert "See" in said(card)
    assert "my plan.md" in said(told)
    assert not server.objections


async def test_a_channel_that_takes_nothing_is_a_fault_and_not_a_lost_file(
    platform: DiscordPlatform, server: DiscordServer
) -> None:
    server.faults["/messages"] = [(403, {"code": 50001, "message": "Missing Access"})] * 2
    with pytest.raises(PermanentSendError, match="Missing Access"):
        await platform.post(PLACE, MINE, "d-1")


async def test_words_too_long_to_stand_behind_a_picture_stand_below_it() -> None:
    long = "All skills: " + "Python 2 of 4, " * 90
    (message,) = preview(Card("T", (ChartImage("skills", long, CHART),)))
    (picture,) = shown(message)
    assert len(picture["items"][0]["description"]) == limits.ALT_TEXT
    assert said(message).count("Python 2 of 4") == 90


async def test_two_files_of_one_name_stay_two() -> None:
    (message,) = preview(Card("T", (FileBlock("plan.md", "a"), FileBlock("plan.md", "b"))))
    assert [part["file"]["url"] for part in shown(message)] == ["attachment://plan.md", "attachment://2-plan.md"]
