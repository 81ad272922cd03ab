"""In a direct message people belong to the server that a posted card came from; otherwise to themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import open_context
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Field, Form
from mentorbot.chat.platform import Workspace
from mentorbot.clock import Clock
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.settings import Settings
from mentorbot.slash.registry import Registry

from .contract import flat
from .payloads import GUILD, PERSON, TOKEN
from .server import DiscordServer

COMMAND, PRESS, MODAL = 2, 3, 5
KEY = "d-12-abc"
TEAM = Workspace("discord", "880000000000000077")
OWN = Workspace("discord", f"dm-{PERSON}")
AGAIN = Buttons((Button("Again", "where"), Button("Ask", "ask")))


@dataclass
class Homes:
    """A bot that tells where one is, and a dictionary of homes."""

    server: DiscordServer
    known: dict[tuple[str, str], Workspace] = field(default_factory=dict)
    asked: list[Workspace] = field(default_factory=list)
    broken: bool = False

    async def home(self, person: str, key: str) -> Workspace | None:
        if self.broken:
            raise RuntimeError("no database")
        return self.known.get((person, key))

    def registry(self) -> Registry:
        made = Registry()
        made.command("where", "Try it.")(self._where)
        made.command("aloud", "Try it.")(self._aloud)
        made.command("ask", "Try it.")(self._ask)
        return made

    async def _where(self, call: Context) -> Card:
        self.asked.append(call.caller.channel.workspace)
        return Card("Here", (AGAIN,))

    async def _aloud(self, call: Context) -> Answer:
        return (await self._where(call)).with_public()

    async def _ask(self, _: Context) -> Answer:
        return Form("Where?", "where", (Field("name", "A name", required=False),))

    async def press(self, custom: str, *, guild: str | None = None, flags: int = 0) -> Any:
        message = self.server.message({}, flags=flags | 1 << 15)
        data = {"custom_id": custom, "component_type": 2}
        return await self.server.answer_to(await self.server.interact(PRESS, data, message=message, guild=guild))

    async def send(self, custom: str, guild: str | None = None) -> Any:
        data = {"custom_id": custom, "components": []}
        message = self.server.message({}, flags=1 << 15)
        return await self.server.answer_to(await self.server.interact(MODAL, data, message=message, guild=guild))

    async def type(self, name: str, guild: str | None = None) -> Any:
        data = {"id": "1", "name": "mentor", "type": 1, "options": [{"type": 1, "name": name, "options": []}]}
        return await self.server.answer_to(await self.server.interact(COMMAND, data, guild=guild))


@pytest.fixture
async def homes(tmp_path: Path) -> AsyncIterator[Homes]:
    server = DiscordServer()
    await server.start()
    settings = Settings(database_url=f"sqlite:///{tmp_path}/b.db", discord_token=TOKEN, discord_api_url=server.url)
    made = Homes(server, {(PERSON, KEY): TEAM})
    async with open_context(settings, Clock()) as core:
        dispatcher = Dispatcher(made.registry(), core.store, core.library, core.clock)
        door = DiscordAdapter(settings, dispatcher, home=made.home)
        await door.start()
        yield made
        await door.stop()
    assert not server.objections
    await server.stop()


def customs(answer: Any) -> list[str]:
    return [part["custom_id"] for part in flat(answer["data"]["components"]) if part["type"] == 2]


async def test_a_posted_cards_button_leads_home_and_so_do_those_of_its_answers(homes: Homes) -> None:
    answer = await homes.press(f"m:{KEY}:where")
    assert answer["type"] == 7
    again, ask = customs(answer)
    await homes.press(again)
    form = await homes.press(ask)
    assert form["data"]["custom_id"] == f"f:{KEY}:where"
    sent = await homes.send(form["data"]["custom_id"])
    assert customs(sent) == [again, ask]
    assert homes.asked == [TEAM] * 3


async def test_an_answer_for_everyone_keeps_the_key_in_a_direct_message(homes: Homes) -> None:
    assert customs(await homes.press(f"m:{KEY}:aloud"))[0] == f"m:{KEY}:where"


async def test_without_a_key_one_is_where_home_says_or_by_oneself(homes: Homes) -> None:
    await homes.type("where")
    await homes.press("m:d-13-other:where")
    homes.known[(PERSON, "")] = TEAM
    await homes.type("where")
    assert homes.asked == [OWN, OWN, TEAM]


async def test_in_a_server_home_is_not_asked(homes: Homes) -> None:
    homes.broken = True
    answer = await homes.press(f"m:{KEY}:where", guild=GUILD)
    assert answer["type"] == 4
    assert customs(answer) == ["m::where", "m::ask"]
    assert homes.asked == [Workspace("discord", GUILD)]


async def test_where_home_is_not_known_nothing_is_done(homes: Homes) -> None:
    homes.broken = True
    answer = await homes.press(f"m:{KEY}:where")
    assert "I cannot reach my notes" in str(answer)
    assert homes.asked == []
