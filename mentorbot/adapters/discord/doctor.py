"""Discord's part of `mentorbot doctor`: the token, intents, registered commands, and access to channels that get messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from mentorbot.adapters.discord import slash_commands
from mentorbot.adapters.discord.client import Client
from mentorbot.adapters.discord.errors import translated_errors
from mentorbot.adapters.discord.platform import DiscordPlatform
from mentorbot.adapters.findings import Finding, Level, examine_clock
from mentorbot.chat.platform import Channel
from mentorbot.clock import Clock
from mentorbot.errors import SendError
from mentorbot.settings import Settings
from mentorbot.slash.registry import Registry

_RESET = "Make a new one in the Discord developer portal: your application, Bot, Reset Token."
_GIVE_ACCESS = "Give the bot's role View Channel and Send Messages there, or choose another channel."


async def examine(settings: Settings, registry: Registry, channels: Sequence[Channel], clock: Clock) -> list[Finding]:
    """Check everything about Discord that can be checked without opening the gateway, which would cost an identify."""
    discord.http.Route.BASE = settings.discord_base
    client = Client(_ignore, _ignore)
    client.registers_commands = False
    findings = [await examine_clock("Discord", f"{settings.discord_base}/gateway", clock)]
    try:
        with translated_errors():
            await client.login(settings.discord_token.get_secret_value())
        findings.append(Finding("discord token", Level.OK, str(client.user)))
        findings.append(Finding("discord intents", Level.OK, "none that need to be switched on"))
        findings.append(await _commands(client, registry))
        platform = DiscordPlatform(client)
        return findings + [await _channel(platform, channel) for channel in channels]
    except discord.LoginFailure:
        return [*findings, Finding("discord token", Level.FAIL, "Discord refuses DISCORD_TOKEN", _RESET)]
    except (SendError, TypeError, KeyError, ValueError) as error:
        text = f"no usable answer from {settings.discord_base} ({getattr(error, 'code', type(error).__name__)})"
        return [*findings, Finding("discord", Level.FAIL, text, "Check DISCORD_API_URL and the network.")]
    finally:
        await client.close()


async def _ignore(_: Any) -> None:
    """Nothing comes in without a gateway."""


async def _commands(client: Client, registry: Registry) -> Finding:
    """Compare the registered commands with those of this version."""
    with translated_errors():
        registered = await client.registered_commands()
    declared = slash_commands.payload(registry)
    if slash_commands.canonical_forms(registered) == slash_commands.canonical_forms(declared):
        return Finding("discord commands", Level.OK, "registered")
    text = "not this version's" if registered else "not registered yet"
    return Finding("discord commands", Level.WARN, text, "Start the bot: it registers them.")


async def _channel(platform: DiscordPlatform, channel: Channel) -> Finding:
    try:
        await platform.ensure_can_post(channel)
    except SendError as error:
        return Finding("discord channel", Level.FAIL, f"{channel.name or channel.id}: {error}", _GIVE_ACCESS)
    return Finding("discord channel", Level.OK, channel.name or channel.id)
