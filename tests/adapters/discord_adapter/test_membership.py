"""Servers that remove the bot, while it's connected and while it isn't, and servers that invite it again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.chat.platform import Workspace

from .payloads import GUILD
from .server import DiscordServer

OURS, GONE, PERSONAL = (
    Workspace("discord", GUILD),
    Workspace("discord", "990000000000000099"),
    Workspace("discord", "dm-1"),
)


@pytest.fixture
async def adapter(server: DiscordServer, app_context: AppContext) -> AsyncIterator[DiscordAdapter]:
    """A bot that knows two servers and someone's direct messages. One of the servers removed it while it was away."""
    for workspace in (OURS, GONE, PERSONAL):
        async with app_context.store.unit_of_work(workspace) as uow:
            await uow.people.ensure("1", "Ada")
    adapter = DiscordAdapter(app_context.settings, app_context.dispatcher, app_context.store)
    await adapter.start()
    yield adapter
    await adapter.stop()
    assert not server.violations


async def removed_from(context: AppContext, *expected: Workspace) -> set[Workspace]:
    """Return the workspaces the bot thinks it was removed from, once they're the expected ones or ten seconds are over."""
    removed: set[Workspace] = set()
    for _ in range(500):
        removed = {workspace for workspace, _ in await context.store.workspaces.removed(9)}
        if removed == set(expected):
            break
        await asyncio.sleep(0.02)
    return removed


@pytest.mark.usefixtures("adapter")
async def test_removal_while_it_was_away_is_noticed_on_connecting(app_context: AppContext) -> None:
    assert await removed_from(app_context, GONE) == {GONE}


@pytest.mark.usefixtures("adapter")
async def test_removal_is_noticed_at_once_and_an_outage_is_none(server: DiscordServer, app_context: AppContext) -> None:
    assert await removed_from(app_context, GONE) == {GONE}
    await server.tell("GUILD_DELETE", {"id": GUILD, "unavailable": True})
    await server.tell("GUILD_DELETE", {"id": GUILD})
    assert await removed_from(app_context, GONE, OURS) == {GONE, OURS}


@pytest.mark.usefixtures("adapter")
async def test_new_invitation_is_noticed_at_once(server: DiscordServer, app_context: AppContext) -> None:
    assert await removed_from(app_context, GONE) == {GONE}
    await server.tell("GUILD_CREATE", {"id": GONE.id, "name": "Back", "channels": []})
    assert await removed_from(app_context) == set()


async def test_events_after_a_start_say_nothing_new(
    adapter: DiscordAdapter, server: DiscordServer, app_context: AppContext
) -> None:
    assert await removed_from(app_context, GONE) == {GONE}
    await server.tell("GUILD_CREATE", {"id": GUILD, "name": "Team", "channels": []})
    await server.tell("CHANNEL_CREATE", {"nonsense": True})
    # Events are handled in order, or the gateway connects again: by the time this one has worked, the others have, too.
    await server.tell("GUILD_DELETE", {"id": GUILD})
    assert await removed_from(app_context, GONE, OURS) == {GONE, OURS}
    assert await adapter.trouble() == ""
