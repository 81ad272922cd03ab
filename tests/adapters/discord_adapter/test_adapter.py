"""The life of an interaction and of the connection: late answers, second deliveries, restarts, refused tokens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import pytest

from mentorbot.adapters.discord import adapter as adapter_module
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext, open_context
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Paragraph, rich
from mentorbot.clock import Clock
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.errors import BadSettings
from mentorbot.settings import Settings
from mentorbot.slash.registry import Option, Registry

from .payloads import EPHEMERAL, TOKEN
from .server import DiscordServer

COMMAND, PRESS, MODAL = 2, 3, 5
V2 = 1 << 15


@dataclass
class Bot:
    """A door with a few commands that can be held up, and Discord's side of it."""

    server: DiscordServer
    settings: Settings
    core: AppContext
    go: asyncio.Event = field(default_factory=asyncio.Event)
    ran: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.registry = Registry()
        for name in ("slow", "shout", "long"):
            self.registry.command(name, "Try it.")(getattr(self, f"_{name}"))
        self.registry.command("write", "Try it.", writes=True)(self._write)
        self.door = self.new_door()

    def new_door(self, **changes: Any) -> DiscordAdapter:
        core = self.core
        dispatcher = Dispatcher(self.registry, core.store, core.library, core.clock)
        return DiscordAdapter(Settings(**self.settings.model_dump() | changes), dispatcher)

    @staticmethod
    async def _long(_: Context) -> Answer:
        return Card("Long", tuple(Paragraph(rich("word " * 700)) for _ in range(3)))

    async def _slow(self, _: Context, name: Annotated[str, Option("A name")]) -> Answer:
        await self.go.wait()
        return Card(f"Slow {name}", (Buttons((Button("Again", "slow name:again"),)),))

    async def _shout(self, _: Context) -> Answer:
        await self.go.wait()
        return Card("Loud", public=True)

    async def _write(self, _: Context) -> Answer:
        self.ran.append("write")
        return Card(f"Written {len(self.ran)}")

    async def type(self, name: str, /, **options: str) -> str:
        """Type a slash command; the interaction's id."""
        given = [{"type": 3, "name": option, "value": value} for option, value in options.items()]
        data = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 1, "name": name, "options": given}]}
        return await self.server.interact(COMMAND, data)

    async def press(self, line: str, *, flags: int = EPHEMERAL, **extra: Any) -> str:
        """Press a button on a message with these flags."""
        data = {"custom_id": f"m::{line}", "component_type": 2}
        message = self.server.message({}, flags=flags | V2)
        return await self.server.interact(PRESS, data, message=message, **extra)


def texts(message: Any) -> str:
    """All texts of a message's components."""
    own = str(message.get("content") or "")
    return own + "".join(texts(part) for part in message.get("components") or [])


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    made = DiscordServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def idle(server: DiscordServer, tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot that is not connected yet."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/b.db", discord_token=TOKEN, discord_api_url=server.url)
    async with open_context(settings, Clock()) as core:
        yield Bot(server, settings, core)


@pytest.fixture
async def bot(idle: Bot) -> AsyncIterator[Bot]:
    await idle.door.start()
    yield idle
    idle.go.set()
    await idle.door.stop()


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is late much sooner than it is."""
    monkeypatch.setattr(adapter_module, "DEFER_SECONDS", 0.05)


@pytest.mark.usefixtures("hurry")
async def test_an_answer_that_takes_long_is_announced_and_comes_for_one_pair_of_eyes(bot: Bot) -> None:
    typed = await bot.type("slow", name="down")
    assert await bot.server.answer_to(typed) == {"type": 5, "data": {"flags": EPHEMERAL}}
    bot.go.set()
    assert texts(await bot.server.edit_of(typed)) == "## Slow down"


@pytest.mark.usefixtures("hurry")
async def test_a_late_answer_takes_the_place_of_the_card_that_was_pressed(bot: Bot) -> None:
    pressed = await bot.press("slow name:down")
    assert (await bot.server.answer_to(pressed))["type"] == 6
    bot.go.set()
    assert texts(await bot.server.edit_of(pressed)) == "## Slow down"


@pytest.mark.usefixtures("hurry")
async def test_a_late_answer_leaves_a_public_card_alone(bot: Bot) -> None:
    pressed = await bot.press("slow name:down", flags=0)
    assert await bot.server.answer_to(pressed) == {"type": 5, "data": {"flags": EPHEMERAL}}
    bot.go.set()
    assert texts(await bot.server.edit_of(pressed)) == "## Slow down"


@pytest.mark.usefixtures("hurry")
async def test_a_late_answer_for_everyone_is_seen_by_everyone(bot: Bot) -> None:
    typed = await bot.type("shout")
    await bot.server.answer_to(typed)
    bot.go.set()
    (loud,) = await bot.server.followups(typed)
    assert texts(loud) == "## Loud"
    assert not loud["flags"] & EPHEMERAL
    assert "Loud" not in texts(await bot.server.edit_of(typed))


async def test_pressed_in_private_a_public_answer_is_a_message_of_its_own(bot: Bot) -> None:
    bot.go.set()
    answer = await bot.server.answer_to(await bot.press("shout"))
    assert (answer["type"], answer["data"]["flags"] & EPHEMERAL) == (4, 0)


async def test_in_a_dm_the_answer_takes_the_place_of_the_card(bot: Bot) -> None:
    bot.go.set()
    assert (await bot.server.answer_to(await bot.press("slow name:down", flags=0, guild=None)))["type"] == 7


async def test_a_long_answer_comes_in_several_messages_for_the_same_eyes(bot: Bot) -> None:
    typed = await bot.type("long")
    first = await bot.server.answer_to(typed)
    others = await bot.server.followups(typed, 2)
    assert all(message["flags"] & EPHEMERAL for message in (first["data"], *others))
    assert sum(texts(message).count("word") for message in (first["data"], *others)) == 2_100


async def test_what_is_missing_after_a_modal_is_offered_again(bot: Bot) -> None:
    sent = {"type": 18, "component": {"type": 4, "custom_id": "name", "value": ""}}
    modal = await bot.server.interact(MODAL, {"custom_id": "f:slow", "components": [sent]})
    answer = await bot.server.answer_to(modal)
    assert answer["type"] == 4
    assert answer["data"]["components"][0]["components"][-1]["components"][0]["custom_id"] == "m::slow"


async def test_a_button_of_another_bot_is_left_alone(bot: Bot) -> None:
    before = len(bot.server.requests)
    message = bot.server.message({})
    await bot.server.interact(PRESS, {"custom_id": "poll:1", "component_type": 2}, message=message)
    await bot.server.answer_to(await bot.type("write"))
    assert len(bot.server.requests) == before + 1


async def test_an_interaction_that_comes_twice_is_executed_once(bot: Bot) -> None:
    data = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 1, "name": "write", "options": []}]}
    interaction = bot.server.interaction(COMMAND, data)
    await bot.server.deliver(interaction)
    await bot.server.answer_to(interaction["id"])
    await bot.server.deliver(interaction)
    path = f"{interaction['token']}/callback"
    answers = await bot.server.until(lambda: found if len(found := bot.server.sent("POST", path)) == 2 else None)
    assert [texts(answer["data"]) for answer in answers] == ["## Written 1"] * 2
    assert len(bot.ran) == 1


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060)])
async def test_an_interaction_that_is_over_is_noted_and_harms_nobody(
    bot: Bot, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    caplog.set_level(logging.INFO)
    bot.server.faults["/callback"] = [(status, {"code": code, "message": "over"})]
    await bot.server.answer_to(await bot.type("write"))
    assert texts((await bot.server.answer_to(await bot.type("write")))["data"]) == "## Written 2"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_command_that_discord_still_shows_is_answered(bot: Bot) -> None:
    answer = await bot.server.answer_to(await bot.type("wriet"))
    assert answer["data"]["flags"] & EPHEMERAL
    assert "write" in texts(answer["data"])


@pytest.mark.usefixtures("hurry")
async def test_stopping_waits_for_what_is_being_answered(bot: Bot) -> None:
    typed = await bot.type("slow", name="end")
    await bot.server.answer_to(typed)
    stopping = asyncio.create_task(bot.door.stop())
    await asyncio.sleep(0.1)
    assert not stopping.done()
    bot.go.set()
    await stopping
    assert texts(await bot.server.edit_of(typed)) == "## Slow end"


async def test_after_a_restart_old_buttons_work_and_nothing_is_registered_again(bot: Bot) -> None:
    await bot.door.stop()
    bot.door = bot.new_door()
    await bot.door.start()
    assert texts((await bot.server.answer_to(await bot.press("write")))["data"]) == "## Written 1"
    assert len(bot.server.sent("PUT", "/commands")) == 1


async def test_changed_commands_are_registered_again(bot: Bot) -> None:
    await bot.door.stop()
    bot.registry.command("new", "Try it.")(bot._long)
    bot.door = bot.new_door()
    await bot.door.start()
    assert len(bot.server.sent("PUT", "/commands")) == 2


async def test_commands_that_cannot_be_registered_do_not_keep_the_bot_from_answering(idle: Bot) -> None:
    idle.server.faults["/commands"] = [(400, {"code": 30034, "message": "Max number of daily creates reached"})]
    await idle.door.start()
    assert texts((await idle.server.answer_to(await idle.type("write")))["data"]) == "## Written 1"
    await idle.door.stop()


async def test_it_comes_back_to_the_gateway_that_the_api_names(bot: Bot) -> None:
    await bot.server.drop()
    async with asyncio.timeout(30):
        await bot.server.connected.wait()
    await bot.server.drop(code=4009)
    async with asyncio.timeout(30):
        await bot.server.connected.wait()
    assert len(bot.server.identified) == 3
    assert texts((await bot.server.answer_to(await bot.type("write")))["data"]) == "## Written 1"


async def test_it_asks_for_no_intent(bot: Bot) -> None:
    assert bot.server.identified[0]["d"]["intents"] == 0


async def test_a_wrong_token_is_named_with_where_to_get_one_and_never_shown(
    idle: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(BadSettings, match=r"DISCORD_TOKEN.*developer portal") as refused:
        await idle.new_door(discord_token="wrong-and-secret").start()
    assert "wrong-and-secret" not in str(refused.value) + caplog.text


async def test_a_token_that_the_gateway_refuses_is_named_too(idle: Bot) -> None:
    idle.server.close_with = 4004
    with pytest.raises(BadSettings, match="DISCORD_TOKEN"):
        await idle.door.start()


async def test_a_token_that_is_revoked_later_is_logged(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    await bot.server.drop(code=4004)
    async with asyncio.timeout(30):
        while "DISCORD_TOKEN" not in caplog.text:
            await asyncio.sleep(0.02)
    assert TOKEN not in caplog.text


async def test_discord_out_of_reach_is_said_with_its_address(idle: Bot) -> None:
    with pytest.raises(BadSettings, match=r"127\.0\.0\.1:9/api/v10.*DISCORD_API_URL"):
        await idle.new_door(discord_api_url="http://127.0.0.1:9").start()


async def test_something_else_at_that_address_is_said(idle: Bot) -> None:
    idle.server.faults["/users/@me"] = [(200, {"hello": "I am a web site"})]
    with pytest.raises(BadSettings, match="DISCORD_API_URL"):
        await idle.door.start()
