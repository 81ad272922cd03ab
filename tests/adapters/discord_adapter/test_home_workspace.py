"""The home workspace in a DM: the server a posted card came from, else a workspace of one's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Field, Form
from mentorbot.chat.platform import Workspace
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.slash.registry import Registry

from .discord_rules import flat
from .payloads import GUILD, PERSON
from .server import DiscordServer

COMMAND, PRESS, MODAL = 2, 3, 5
KEY = "d-12-abc"
TEAM_WORKSPACE = Workspace("discord", "880000000000000077")
DM_WORKSPACE = Workspace("discord", f"dm-{PERSON}")
BUTTONS = Buttons((Button("Again", "where"), Button("Ask", "ask")))


@dataclass
class HomeBot:
    """A bot whose commands record the caller's workspace; `home_workspaces` maps (person, key) to a workspace."""

    server: DiscordServer
    home_workspaces: dict[tuple[str, str], Workspace] = field(default_factory=dict)
    seen_workspaces: list[Workspace] = field(default_factory=list)
    database_down: bool = False

    async def home(self, person: str, key: str) -> Workspace | None:
        if self.database_down:
            raise RuntimeError("no database")
        return self.home_workspaces.get((person, key))

    def registry(self) -> Registry:
        registry = Registry()
        registry.command("where", "Try it.")(self._where)
        registry.command("aloud", "Try it.")(self._aloud)
        registry.command("ask", "Try it.")(self._ask)
        return registry

    async def _where(self, context: Context) -> Card:
        self.seen_workspaces.append(context.caller.channel.workspace)
        return Card("Here", (BUTTONS,))

    async def _aloud(self, context: Context) -> Answer:
        return (await self._where(context)).with_public()

    async def _ask(self, _: Context) -> Answer:
        return Form("Where?", "where", (Field("name", "A name", required=False),))

    async def press(self, custom_id: str, *, guild: str | None = None, flags: int = 0) -> Any:
        message = self.server.message({}, flags=flags | 1 << 15)
        data = {"custom_id": custom_id, "component_type": 2}
        return await self.server.answer_to(await self.server.interact(PRESS, data, message=message, guild=guild))

    async def submit(self, custom_id: str, guild: str | None = None) -> Any:
        data = {"custom_id": custom_id, "components": []}
        message = self.server.message({}, flags=1 << 15)
        return await self.server.answer_to(await self.server.interact(MODAL, data, message=message, guild=guild))

    async def type(self, name: str, guild: str | None = None) -> Any:
        data = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 1, "name": name, "options": []}]}
        return await self.server.answer_to(await self.server.interact(COMMAND, data, guild=guild))


@pytest.fixture
async def bot(server: DiscordServer, app_context: AppContext) -> AsyncIterator[HomeBot]:
    bot = HomeBot(server, {(PERSON, KEY): TEAM_WORKSPACE})
    dispatcher = Dispatcher(bot.registry(), app_context.store, app_context.library, app_context.clock)
    adapter = DiscordAdapter(app_context.settings, dispatcher, app_context.store, home=bot.home)
    await adapter.start()
    yield bot
    await adapter.stop()
    assert not server.violations


def custom_ids(answer: Any) -> list[str]:
    return [component["custom_id"] for component in flat(answer["data"]["components"]) if component["type"] == 2]


async def test_button_on_a_posted_card_and_its_answers_belong_to_the_home_workspace(bot: HomeBot) -> None:
    answer = await bot.press(f"m:{KEY}:where")
    assert answer["type"] == 4
    where_id, ask_id = custom_ids(answer)
    await bot.press(where_id)
    form = await bot.press(ask_id)
    assert form["data"]["custom_id"].startswith(f"g:{KEY}:")
    sent = await bot.submit(form["data"]["custom_id"])
    assert custom_ids(sent) == [where_id, ask_id]
    assert bot.seen_workspaces == [TEAM_WORKSPACE] * 3


async def test_public_answer_in_a_dm_keeps_the_key(bot: HomeBot) -> None:
    assert custom_ids(await bot.press(f"m:{KEY}:aloud"))[0] == f"m:{KEY}:where"


async def test_dm_without_a_key_belongs_to_the_default_home_or_to_itself(bot: HomeBot) -> None:
    await bot.type("where")
    await bot.press("m:d-13-other:where")
    bot.home_workspaces[(PERSON, "")] = TEAM_WORKSPACE
    await bot.type("where")
    assert bot.seen_workspaces == [DM_WORKSPACE, DM_WORKSPACE, TEAM_WORKSPACE]


async def test_guild_channel_belongs_to_its_guild(bot: HomeBot) -> None:
    bot.database_down = True
    answer = await bot.press(f"m:{KEY}:where", guild=GUILD)
    assert answer["type"] == 4
    assert custom_ids(answer) == ["m::where", "m::ask"]
    assert bot.seen_workspaces == [Workspace("discord", GUILD)]


async def test_command_is_not_run_if_the_home_lookup_fails(bot: HomeBot) -> None:
    bot.database_down = True
    answer = await bot.press(f"m:{KEY}:where")
    assert "I can't reach my notes" in str(answer)
    assert bot.seen_workspaces == []
