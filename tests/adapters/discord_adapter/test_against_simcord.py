"""The adapter's client against simcord, an independent simulation of Discord."""

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

from .discord_rules import flat
from .payloads import TOKEN


class World:
    """A guild with one channel and one member, and a person who only writes DMs."""

    def __init__(self, env: simcord.Env) -> None:
        guild = env.create_guild()
        self.channel = guild.create_text_channel("general")
        self.ada = guild.add_member(env.create_user("ada"))
        self.ben = env.create_user("ben")


@asynccontextmanager
async def open_world(tmp_path: Path, registry: Registry | None = None) -> AsyncIterator[World]:
    """Run the bot in a simulated guild. Not a fixture, because simcord must stay within one task."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/b.db", discord_token=TOKEN)
    async with open_context(settings, Clock()) as context:
        adapter = DiscordAdapter(
            settings,
            Dispatcher(registry or load_commands(), context.store, context.library, context.clock),
            context.store,
        )
        async with simcord.run(adapter._client, shard_count=1) as env:
            yield World(env)


def text_of(result: simcord.InteractionResult) -> str:
    assert result.response is not None
    return "\n".join(component["content"] for component in flat(result.response.components) if component["type"] == 10)


def custom_ids(result: simcord.InteractionResult) -> list[str]:
    assert result.response is not None
    return [component["custom_id"] for component in flat(result.response.components) if component["type"] == 2]


async def test_commands_are_registered_on_start(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        assert "mentor plan add" in world.ada.available_commands(world.channel)


async def test_command_is_answered_privately(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        answer = await world.ada.slash(world.channel, "mentor salary", level="senior")
        assert answer.response is not None
        assert answer.response.ephemeral
        assert answer.response.flags.components_v2
        assert "$200K" in text_of(answer)


async def test_button_opens_a_modal_that_adds_a_step(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        plan = await world.ada.slash(world.channel, "mentor plan show")
        assert plan.response is not None
        form = await world.ada.click(plan.response, label="Add a step")
        assert form.modal is not None
        added = await world.ada.submit_modal(form, {"what": "Read a post-mortem", "by": "2099-12-01"})
        assert "Read a post-mortem" in text_of(added)


async def test_answer_to_a_button_appears_below_its_card(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        brief = await world.ada.slash(world.channel, "mentor brief")
        assert brief.response is not None
        before = brief.response.id
        pressed = await world.ada.click(brief.response, custom_id=custom_ids(brief)[0])
        assert pressed.response is not None
        assert pressed.response.id != before


async def test_open_steps_are_autocompleted(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.ada.slash(world.channel, "mentor plan add", what="Read a post-mortem")
        offered: list[dict[str, Any]] = await world.ada.autocomplete(world.channel, "mentor plan done", "step", "")
        assert [choice["value"] for choice in offered] == ["1"]


async def test_command_in_a_dm_is_answered(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.ben.slash("mentor plan add", what="Read a post-mortem")
        assert "Read a post-mortem" in text_of(await world.ben.slash("mentor plan show"))


async def test_admin_commands_are_hidden_from_members(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        shown = world.ada.available_commands(world.channel)
        assert "mentor tips me" in shown
        assert not [name for name in shown if name.startswith("mentor-admin")]


async def _card_with_files(_: Context) -> Answer:
    chart = Chart("bars", ("SQL",), (Series("You", (3.0,)),), high=4)
    text = Paragraph(rich("Here is where you stand."))
    return Card("Mine", (text, ChartImage("skills", "SQL 3 of 4", chart), FileBlock("plan.md", "# Plan")))


async def test_private_answer_has_a_chart_and_a_document(tmp_path: Path) -> None:
    registry = Registry()
    registry.command("mine", "Try it.")(_card_with_files)
    async with open_world(tmp_path, registry) as world:
        answer = await world.ada.slash(world.channel, "mentor mine")
        assert answer.response is not None
        assert answer.response.ephemeral
        assert [attachment.filename for attachment in answer.response.attachments] == ["skills.png", "plan.md"]
        assert await answer.response.attachments[1].read() == b"# Plan"
        assert answer.response.attachments[0].description == "SQL 3 of 4"
