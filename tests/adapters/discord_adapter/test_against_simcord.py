"""A second opinion: the door's own client inside simcord, which plays Discord with rules that others have written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import simcord

from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import open_context
from mentorbot.chat.cards import Answer, Card, Chart, ChartImage, FileBlock, Paragraph, Series, rich
from mentorbot.clock import Clock
from mentorbot.commands import load_commands
from mentorbot.commands.context import Context
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.settings import Settings
from mentorbot.slash.registry import Registry

from .contract import flat
from .payloads import TOKEN


class World:
    """A server with one channel and one member, and a person who only writes to the bot directly."""

    def __init__(self, env: simcord.Env) -> None:
        guild = env.create_guild()
        self.channel = guild.create_text_channel("general")
        self.ada = guild.add_member(env.create_user("ada"))
        self.ben = env.create_user("ben")


@asynccontextmanager
async def opened(tmp_path: Path, registry: Registry | None = None) -> AsyncIterator[World]:
    """The world with the bot in it; simcord ties it to one task, which a fixture would leave."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/b.db", discord_token=TOKEN)
    async with open_context(settings, Clock()) as core:
        door = DiscordAdapter(settings, Dispatcher(registry or load_commands(), core.store, core.library, core.clock))
        async with simcord.run(door._client, shard_count=1) as env:
            yield World(env)


def shown(result: simcord.InteractionResult) -> str:
    assert result.response is not None
    return "\n".join(part["content"] for part in flat(result.response.components) if part["type"] == 10)


def custom_ids(result: simcord.InteractionResult) -> list[str]:
    assert result.response is not None
    return [part["custom_id"] for part in flat(result.response.components) if part["type"] == 2]


async def test_the_commands_are_registered_at_the_start(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        assert "mentor plan add" in world.ada.available_commands(world.channel)


async def test_a_command_is_answered_privately(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        answer = await world.ada.slash(world.channel, "mentor salary", level="senior")
        assert answer.response is not None
        assert answer.response.ephemeral
        assert answer.response.flags.components_v2
        assert "$200K" in shown(answer)


async def test_a_button_opens_a_form_and_the_form_adds_the_step(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        plan = await world.ada.slash(world.channel, "mentor plan show")
        assert plan.response is not None
        asked = await world.ada.click(plan.response, label="Add a step")
        assert asked.modal is not None
        added = await world.ada.submit_modal(asked, {"what": "Read a post-mortem", "by": "2099-12-01"})
        assert "Read a post-mortem" in shown(added)


async def test_a_button_replaces_its_card(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        brief = await world.ada.slash(world.channel, "mentor brief")
        assert brief.response is not None
        before = brief.response.id
        pressed = await world.ada.click(brief.response, custom_id=custom_ids(brief)[0])
        assert pressed.response is not None
        assert pressed.response.id == before


async def test_open_steps_are_offered_while_one_types(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.ada.slash(world.channel, "mentor plan add", what="Read a post-mortem")
        offered: list[dict[str, Any]] = await world.ada.autocomplete(world.channel, "mentor plan done", "step", "")
        assert [choice["value"] for choice in offered] == [1]


async def test_in_a_direct_message_it_answers_too(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.ben.slash("mentor plan add", what="Read a post-mortem")
        assert "Read a post-mortem" in shown(await world.ben.slash("mentor plan show"))


async def test_who_does_not_manage_the_server_gets_no_tips_there(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        answer = await world.ada.slash(world.channel, "mentor tips stop")
        assert "Not for you to do" in shown(answer)


async def _mine(_: Context) -> Answer:
    chart = Chart("bars", ("SQL",), (Series("You", (3.0,)),), high=4)
    text = Paragraph(rich("Here is where you stand."))
    return Card("Mine", (text, ChartImage("skills", "SQL 3 of 4", chart), FileBlock("plan.md", "# Plan")))


async def test_a_picture_and_a_document_come_with_the_answer_for_one_pair_of_eyes(tmp_path: Path) -> None:
    registry = Registry()
    registry.command("mine", "Try it.")(_mine)
    async with opened(tmp_path, registry) as world:
        answer = await world.ada.slash(world.channel, "mentor mine")
        assert answer.response is not None
        assert answer.response.ephemeral
        assert [one.filename for one in answer.response.attachments] == ["skills.png", "plan.md"]
        assert await answer.response.attachments[1].read() == b"# Plan"
        assert answer.response.attachments[0].description == "SQL 3 of 4"
