"""`mentorbot doctor`: look at everything the bot depends on, without starting it, and name the fix for what's wrong."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from mentorbot.adapters.findings import Finding, Level
from mentorbot.chat.platform import Channel
from mentorbot.clock import Clock
from mentorbot.commands import load_commands
from mentorbot.domain.zones import zone_data
from mentorbot.errors import BadPack, BadSettings, DatabaseProblem, ModelUnavailable
from mentorbot.packs.library import Library
from mentorbot.settings import Settings
from mentorbot.storage import DatabaseState, Store, examine, shown_url

LOW_BYTES, MIN_BYTES = 1_000_000_000, 100_000_000
"""Free space on the disk of a SQLite file: a warning below the first, a failure below the second."""
ZONES_VALID_YEARS = 1
"""Time-zone data of the year before last misses rules that have changed since."""


async def diagnose(settings: Settings, clock: Clock) -> list[Finding]:
    """Run every check. A failing one doesn't keep the others from running, unless they depend on it."""
    findings = [_settings(settings), *await asyncio.to_thread(_database, settings), _zones(clock)]
    findings.append(await asyncio.to_thread(_packs, settings))
    channels, unknown = await _channels(settings, clock)
    findings += unknown
    if settings.llm_base:
        findings.append(await _language_model(settings))
    if settings.slack_bot_token:
        from mentorbot.adapters.slack import doctor as slack

        findings += await slack.examine(settings, _of("slack", channels), clock)
    if settings.discord_token:
        from mentorbot.adapters.discord import doctor as discord

        findings += await discord.examine(settings, load_commands(), _of("discord", channels), clock)
    return findings


async def _language_model(settings: Settings) -> Finding:
    """Try the endpoint of the language model, and say what it can do. Without it, the bot is complete."""
    name = "language model"
    if not settings.llm_model:
        return Finding(name, Level.FAIL, "MENTORBOT_LLM_MODEL isn't set", "Set it to the name of the model.")
    try:
        from mentorbot.adapters.language_model import OpenAIModel
    except ImportError:
        return Finding(name, Level.FAIL, "its library isn't installed", "Run: pip install 'mentorbot[llm]'")
    model = OpenAIModel(settings.llm_base, settings.llm_model, settings.llm_key.get_secret_value())
    try:
        able = await model.capabilities()
    except ModelUnavailable as error:
        fix = "Check MENTORBOT_LLM_URL, _MODEL and _KEY. Until it works, people get answers without it."
        return Finding(name, Level.WARN, f"{model.model} at {model.host} doesn't answer ({error.code})", fix)
    finally:
        await model.close()
    parts = {"tools": able.tools, "structured output": able.structured_output, "streaming": able.streaming}
    text = ", ".join(f"{part}: {'yes' if has else 'no'}" for part, has in parts.items())
    return Finding(name, Level.OK, f"{model.model} at {model.host} answers; {text}")


def _of(platform: str, channels: Sequence[Channel]) -> list[Channel]:
    return [channel for channel in channels if channel.workspace.platform == platform]


def _settings(settings: Settings) -> Finding:
    if settings.slack_bot_token or settings.discord_token:
        return Finding("settings", Level.OK, "all fine")
    fix = "Set SLACK_BOT_TOKEN or DISCORD_TOKEN; deploy/env.example has every setting. To try the bot: mentorbot demo"
    return Finding("settings", Level.FAIL, "no chat platform is configured", fix)


def _database(settings: Settings) -> list[Finding]:
    """Check the database, its schema, and the disk below a SQLite file."""
    try:
        state, text, file = examine(settings.database)
    except DatabaseProblem as problem:
        text, _, fix = str(problem).partition(". ")  # most say what to do, too
        return [Finding("database", Level.FAIL, text, fix or "Correct DATABASE_URL, or start the database.")]
    levels = {
        DatabaseState.CURRENT: (Level.OK, ""),
        # `mentorbot run` makes or upgrades a file by itself, a server's schema never.
        DatabaseState.MISSING: (Level.WARN, "mentorbot run creates it.")
        if file
        else (Level.FAIL, "Run: mentorbot db upgrade"),
        DatabaseState.OLDER: (Level.WARN, "mentorbot run upgrades it.")
        if file
        else (Level.FAIL, "Run: mentorbot db upgrade"),
        DatabaseState.NEWER: (Level.FAIL, "Install the newer mentorbot again."),
    }
    level, fix = levels[state]
    finding = Finding("database", level, f"{shown_url(settings.database)}: {text}", fix)
    return [finding, _disk(file)] if file else [finding]


def _disk(file: Path) -> Finding:
    folder = next(parent for parent in file.resolve().parents if parent.exists())
    free = shutil.disk_usage(folder).free
    level = Level.OK if free >= LOW_BYTES else Level.WARN if free >= MIN_BYTES else Level.FAIL
    return Finding(
        "disk", level, f"{free / 1e9:.1f} GB free in {folder}", "" if level is Level.OK else "Free up some space there."
    )


def _zones(clock: Clock) -> Finding:
    """Check the age of the time-zone data, as far as its release, e.g. 2026a, is known."""
    text = zone_data()
    release = re.match(r"(\d{4})[a-z]", text)
    if release and int(release[1]) < clock.now().year - ZONES_VALID_YEARS:
        return Finding(
            "time zones", Level.WARN, text, "Update it: the system's tzdata, or pip install --upgrade tzdata"
        )
    return Finding("time zones", Level.OK, text)


def _packs(settings: Settings) -> Finding:
    """Check the packs."""
    try:
        library = Library.open(settings.content, settings.role, settings.semantic_model)
    except (BadPack, BadSettings) as error:
        return Finding("packs", Level.FAIL, str(error), "Run: mentorbot content check")
    return Finding(
        "packs", Level.OK, ", ".join(f"{pack.info.role} {pack.info.version}" for pack in library.packs.values())
    )


async def _channels(settings: Settings, clock: Clock) -> tuple[list[Channel], list[Finding]]:
    """List the channels that active schedules post in. Without a usable database there are none, which was reported already."""
    try:
        if examine(settings.database).state is not DatabaseState.CURRENT:
            return [], []
        store = await Store.open(settings.database, clock, make=False)
    except DatabaseProblem:
        return [], []
    try:
        schedules = await store.queue.schedules()
    except DatabaseProblem as problem:
        return [], [Finding("schedules", Level.FAIL, str(problem), "Check the database.")]
    finally:
        await store.close()
    channels = {schedule.destination.channel for schedule in schedules if schedule.destination.channel is not None}
    return sorted(channels, key=lambda channel: (channel.workspace.id, channel.id)), []
