"""A role pack that changes while the bot runs: its commands are registered again, but not too often."""

from __future__ import annotations

import asyncio

import pytest

from mentorbot.adapters.discord import commands
from mentorbot.adapters.discord.adapter import DiscordAdapter
from mentorbot.app import AppContext
from mentorbot.packs.library import Library

from .server import DiscordServer


def rename_skill(library: Library, name: str) -> None:
    """Replace the pack by one whose first skill has a different id, as a reload does."""
    pack = library.default
    skills = (pack.skills[0].model_copy(update={"id": name}), *pack.skills[1:])
    library._use(dict(library.packs) | {pack.info.role: pack.model_copy(update={"skills": skills})})


async def test_changed_pack_is_registered_again_once_an_hour(
    server: DiscordServer, app_context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(commands, "REGISTER_SECONDS", 0.0)
    adapter = DiscordAdapter(app_context.settings, app_context.dispatcher, app_context.store)
    await adapter.start()
    rename_skill(app_context.library, "k8s")
    await server.wait_for(lambda: "k8s" in str(server.commands))
    monkeypatch.setattr(commands, "REGISTER_SECONDS", 3_600.0)
    rename_skill(app_context.library, "k9s")
    await asyncio.sleep(0.2)
    assert "k9s" not in str(server.commands)
    await adapter.stop()
    assert not server.violations
