"""The least a Discord bot can do: discord.py with a command that answers "ok", on mentorbot's event loop.

python -m tests.benchmarks.bare_discord DISCORD_API_URL
"""

from __future__ import annotations

import sys

import discord
from discord import Interaction, app_commands

from mentorbot.cli.common import run_async
from mentorbot.settings import Settings
from tests.adapters.discord_adapter.payloads import TOKEN


async def serve(settings: Settings) -> None:
    """Answer `/mentor help` until killed."""
    discord.http.Route.BASE = settings.discord_base
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True), max_messages=None)
    tree = app_commands.CommandTree(client)
    group = app_commands.Group(name="mentor", description="A bot.")

    @group.command(name="help", description="Help.")
    async def answer(interaction: Interaction[discord.AutoShardedClient]) -> None:
        await interaction.response.send_message("ok", ephemeral=True)

    tree.add_command(group)
    print("ready", flush=True)
    await client.start(TOKEN)


if __name__ == "__main__":
    run_async(serve(Settings(discord_api_url=sys.argv[1])))
