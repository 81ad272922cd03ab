"""Every setting, in one table: name, default, help. `deploy/env.example` and the README are written from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from mentorbot.errors import BadSettings

LEAST_DAYS, MOST_DAYS = 60, 36_500
"""Bounds of MENTORBOT_KEEP_DAYS: budgets, reminders and what `why` says look back some weeks."""


def _setting(name: str, default: str, about: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"name": name, "about": about, "secret": secret}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator chose. Built once from the environment and passed down; an empty string means "not set"."""

    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "Where plans are kept: sqlite:///path.db or postgresql://... Default: a file in your data folder.",
    )
    content: str = _setting("MENTORBOT_CONTENT", "", "A folder of role packs to use instead of the built-in ones.")
    role: str = _setting("MENTORBOT_ROLE", "ai-architect", "The role pack that answers.")
    keep_days: str = _setting(
        "MENTORBOT_KEEP_DAYS", "400", "How many days it can be told what became of a message; at least 60."
    )
    log_level: str = _setting("MENTORBOT_LOG", "INFO", "How much is logged: DEBUG, INFO, WARNING or ERROR.")
    slack_bot_token: str = _setting(
        "SLACK_BOT_TOKEN", "", "xoxb-..., from your Slack app's page: OAuth & Permissions.", secret=True
    )
    slack_app_token: str = _setting(
        "SLACK_APP_TOKEN", "", "xapp-..., for Socket Mode: Basic Information, App-Level Tokens.", secret=True
    )
    slack_signing_secret: str = _setting(
        "SLACK_SIGNING_SECRET", "", "For signed HTTP instead of Socket Mode: Basic Information.", secret=True
    )
    slack_api_url: str = _setting(
        "SLACK_API_URL", "https://slack.com/api/", "Another address of Slack's Web API, for GovSlack for instance."
    )
    host: str = _setting("HOST", "127.0.0.1", "The address that the signed HTTP door for Slack listens on.")
    port: str = _setting("PORT", "3000", "Its port.")
    discord_token: str = _setting(
        "DISCORD_TOKEN", "", "The bot token, from the Discord developer portal: your application, Bot.", secret=True
    )
    discord_api_url: str = _setting(
        "DISCORD_API_URL", "https://discord.com/api/v10", "Another address of Discord's API, for a rate-limit proxy."
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read `env`.

        Raises:
            BadSettings: a value cannot be right; the message names the variable and never a secret's value.
        """
        values = {
            item.name: env[item.metadata["name"]].strip() for item in fields(cls) if env.get(item.metadata["name"])
        }
        settings = cls(**values)
        settings._check()
        return settings

    def _check(self) -> None:
        _must(self.port.isdecimal() and 0 <= int(self.port) < 65536, "PORT", "write a number from 0 to 65535")
        many = self.keep_days.isdecimal() and LEAST_DAYS <= int(self.keep_days) <= MOST_DAYS
        _must(many, "MENTORBOT_KEEP_DAYS", f"write a number of days from {LEAST_DAYS} to {MOST_DAYS}")
        levels = ("DEBUG", "INFO", "WARNING", "ERROR")
        _must(self.log_level.upper() in levels, "MENTORBOT_LOG", f"write one of {', '.join(levels)}")
        for name, url in (("SLACK_API_URL", self.slack_api_url), ("DISCORD_API_URL", self.discord_api_url)):
            _must(urlsplit(url).scheme in ("http", "https"), name, "write an address that begins with https://")
        swapped = "did two tokens change places? SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-"
        _must(not self.slack_bot_token.startswith("xapp-"), "SLACK_BOT_TOKEN", swapped)
        _must(not self.slack_app_token.startswith("xoxb-"), "SLACK_APP_TOKEN", swapped)

    @property
    def database(self) -> str:
        """The database URL as written, or SQLite in the user's data directory."""
        return self.database_url or f"sqlite:///{data_dir() / 'mentorbot.db'}"

    @property
    def keep(self) -> timedelta:
        """How long it can be told what became of a message."""
        return timedelta(days=int(self.keep_days))

    @property
    def discord_base(self) -> str:
        """Discord's API address with its version: a bare host gets `/api/v10`."""
        url = self.discord_api_url.rstrip("/")
        if re.search(r"/v\d+$", url):
            return url
        return f"{url}/v10" if url.endswith("/api") else f"{url}/api/v10"

    @property
    def slack_base(self) -> str:
        """Slack's Web API address, ending in one slash as slack_sdk wants it."""
        return self.slack_api_url.rstrip("/") + "/"


def data_dir() -> Path:
    """The folder where this user's programs keep their data (platformdirs)."""
    return platformdirs.user_data_path("mentorbot", appauthor=False)


def _must(good: bool, name: str, advice: str) -> None:
    if not good:
        raise BadSettings(f"{name} cannot be right: {advice}.")
