"""Charts and documents as attachments: their bytes, their alt texts, who sees them, and refused uploads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.adapters.discord.render import preview
from mentorbot.app import AppContext
from mentorbot.chat import charts
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Chart, ChartImage, FileBlock, Paragraph, Series, rich
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import PermanentSendError
from mentorbot.slash.registry import Registry

from .discord_rules import EPHEMERAL, V2, flat
from .payloads import CHANNEL, GUILD
from .server import DiscordServer

COMMAND, PRESS = 2, 3
PNG = b"\x89PNG\r\n\x1a\n"
CHART = Chart("bars", ("Python", "SQL"), (Series("You", (2.0, 3.0)),), high=4)
ALT = "Python 2 of 4, SQL 3 of 4"
CARD_WITH_FILES = Card(
    "Mine",
    (Paragraph(rich("See")), ChartImage("skills", ALT, CHART), FileBlock("my plan.md", "# Plan ü")),
    updates=True,
)
CHANNEL_IN_GUILD = Channel(Workspace("discord", GUILD), CHANNEL, "general")
TOO_LARGE_ERROR = (400, {"code": 40005, "message": "Request entity too large"})

pytestmark = pytest.mark.skipif(not charts.available(), reason="no matplotlib here (the extra charts)")


class Bot:
    """A adapter with a command for each card, and Discord's side of it."""

    def __init__(self, server: DiscordServer) -> None:
        self.server, self.registry = server, Registry()
        for name, card in {
            "mine": CARD_WITH_FILES,
            "loud": CARD_WITH_FILES.with_public(),
            "plain": Card("Plain", (Buttons((Button("Mine", "mine"),)),), updates=True),
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
async def bot(server: DiscordServer, app_context: AppContext) -> AsyncIterator[Bot]:
    bot = Bot(server)
    dispatcher = Dispatcher(bot.registry, app_context.store, app_context.library, app_context.clock)
    adapter = DiscordAdapter(app_context.settings, dispatcher, app_context.store)
    await adapter.start()
    yield bot
    await adapter.stop()


def file_components(message: Any) -> list[dict[str, Any]]:
    return [component for component in flat(message["components"]) if component["type"] in (12, 13)]


def text_of(message: Any) -> str:
    return "\n".join(component["content"] for component in flat(message["components"]) if component["type"] == 10)


def assert_complete(message: Any, files: dict[str, bytes]) -> None:
    """Assert that the chart with its alt text and the document have arrived complete."""
    picture, document = file_components(message)
    assert picture["items"] == [{"media": {"url": "attachment://skills.png"}, "spoiler": False, "description": ALT}]
    assert document["file"] == {"url": "attachment://my-plan.md"}
    assert [attachment.get("description") for attachment in message["attachments"]] == [ALT, None]
    assert files["skills.png"].startswith(PNG)
    assert files["my-plan.md"] == "# Plan ü".encode()


async def test_answer_with_files_is_deferred_and_private(bot: Bot) -> None:
    interaction_id = await bot.type("mine")
    assert await bot.server.answer_to(interaction_id) == {"type": 5, "data": {"flags": EPHEMERAL}}
    edited = await bot.server.edit_of(interaction_id)
    assert_complete(edited, bot.server.files("PATCH", "/messages/@original")[0])
    assert "See" in text_of(edited)
    assert not bot.server.violations


async def test_public_answer_with_files_is_deferred_publicly(bot: Bot) -> None:
    interaction_id = await bot.type("loud")
    announced = await bot.server.answer_to(interaction_id)
    assert (announced["type"], announced.get("data", {}).get("flags", 0) & EPHEMERAL) == (5, 0)
    assert_complete(await bot.server.edit_of(interaction_id), bot.server.files("PATCH", "/messages/@original")[0])


async def test_card_that_updates_another_replaces_its_files(bot: Bot) -> None:
    interaction_id = await bot.press("mine", EPHEMERAL)
    assert (await bot.server.answer_to(interaction_id))["type"] == 6
    assert_complete(await bot.server.edit_of(interaction_id), bot.server.files("PATCH", "/messages/@original")[0])
    replaced = await bot.server.answer_to(await bot.press("plain", EPHEMERAL))
    assert (replaced["type"], replaced["data"]["attachments"]) == (7, [])


async def test_public_files_after_a_private_button_are_a_new_message(bot: Bot) -> None:
    interaction_id = await bot.press("loud", EPHEMERAL)
    assert (await bot.server.answer_to(interaction_id))["type"] == 6
    (followup,) = await bot.server.followups_of(interaction_id)
    assert_complete(followup, bot.server.files("POST", f"token-{interaction_id}")[0])
    assert not followup.get("flags", 0) & EPHEMERAL


async def test_files_over_the_limit_go_to_a_second_message(bot: Bot) -> None:
    interaction_id = await bot.type("many")
    first = await bot.server.edit_of(interaction_id)
    (second,) = await bot.server.followups_of(interaction_id)
    assert [len(file_components(first)), len(file_components(second))] == [limits.MESSAGE_FILES, 2]
    assert second["flags"] & EPHEMERAL
    assert not bot.server.violations


@pytest.mark.parametrize("error", [TOO_LARGE_ERROR, (403, {"code": 50013, "message": "Missing Permissions"})])
async def test_refused_files_do_not_cost_the_answer(bot: Bot, error: tuple[int, dict[str, Any]]) -> None:
    bot.server.planned_errors["/messages/@original"] = [error]
    interaction_id = await bot.type("mine")
    (note,) = await bot.server.followups_of(interaction_id)
    _, edited = bot.server.sent("PATCH", "/messages/@original")
    assert "See" in text_of(edited)
    assert (file_components(edited), edited["attachments"]) == ([], [])
    assert "the picture and my plan.md" in text_of(note)
    assert ALT in text_of(note)
    assert note["flags"] & EPHEMERAL
    assert not bot.server.violations


async def test_alt_text_replaces_a_chart_that_fails_to_draw(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Chart) -> bytes:
        raise RuntimeError("no font")

    monkeypatch.setattr(charts, "draw", broken)
    interaction_id = await bot.type("mine")
    (note,) = await bot.server.followups_of(interaction_id)
    assert ALT in text_of(await bot.server.edit_of(interaction_id))
    assert bot.server.files("PATCH", "/messages/@original")[0].keys() == {"my-plan.md"}
    assert "couldn't send the picture" in text_of(note)


async def test_alt_text_replaces_charts_without_matplotlib(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "available", lambda: False)
    interaction_id = await bot.type("mine")
    assert ALT in text_of(await bot.server.edit_of(interaction_id))
    await asyncio.sleep(0.1)
    assert not bot.server.sent("POST", f"token-{interaction_id}")


async def test_post_has_its_files_and_its_nonce(platform: DiscordPlatform, server: DiscordServer) -> None:
    await platform.post(CHANNEL_IN_GUILD, CARD_WITH_FILES, "d-1")
    (body,) = server.sent("POST", "/messages")
    assert_complete(body, server.files("POST", "/messages")[0])
    assert (body["nonce"], body["enforce_nonce"]) == ("d-1", True)


async def test_post_with_refused_files_arrives_with_a_note(platform: DiscordPlatform, server: DiscordServer) -> None:
    server.planned_errors["/messages"] = [TOO_LARGE_ERROR]
    posted = await platform.post(CHANNEL_IN_GUILD, CARD_WITH_FILES, "d-1")
    card, note = server.history[CHANNEL]
    assert card["id"] == posted
    assert "See" in text_of(card)
    assert "my plan.md" in text_of(note)
    assert not server.violations


async def test_post_refused_even_without_files_is_a_permanent_error(
    platform: DiscordPlatform, server: DiscordServer
) -> None:
    server.planned_errors["/messages"] = [(403, {"code": 50001, "message": "Missing Access"})] * 2
    with pytest.raises(PermanentSendError, match="Missing Access"):
        await platform.post(CHANNEL_IN_GUILD, CARD_WITH_FILES, "d-1")


async def test_long_alt_text_continues_below_the_chart() -> None:
    long = "All skills: " + "Python 2 of 4, " * 90
    (message,) = preview(Card("T", (ChartImage("skills", long, CHART),)))
    (picture,) = file_components(message)
    assert len(picture["items"][0]["description"]) == limits.ALT_TEXT
    assert text_of(message).count("Python 2 of 4") == 90


async def test_files_with_the_same_name_are_renamed() -> None:
    (message,) = preview(Card("T", (FileBlock("plan.md", "a"), FileBlock("plan.md", "b"))))
    assert [component["file"]["url"] for component in file_components(message)] == [
        "attachment://plan.md",
        "attachment://2-plan.md",
    ]
