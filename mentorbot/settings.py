"""Every setting in one table: variable, type, default, help. `deploy/env.example` is generated from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import platformdirs
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from mentorbot.errors import BadSettings

MIN_KEEP_DAYS, MAX_KEEP_DAYS = 60, 36_500
"""Bounds of MENTORBOT_KEEP_DAYS. Budgets, reminders and `why` look back some weeks; dates end long after a hundred years."""


class LogLevel(StrEnum):
    """The least severe messages to log; read in upper or lower case."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"

    @classmethod
    def _missing_(cls, value: object) -> LogLevel | None:
        upper = str(value).upper()
        return cls(upper) if upper in cls.__members__ else None


_SWAPPED = "did two tokens change places? SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-"
_HTTPS = "write an address that begins with https://"
_ADVICE = {
    "PORT": "write a number from 0 to 65535",
    "MENTORBOT_KEEP_DAYS": f"write a number of days from {MIN_KEEP_DAYS} to {MAX_KEEP_DAYS}",
    "MENTORBOT_LOG": f"write one of {', '.join(LogLevel)}",
    "SLACK_API_URL": _HTTPS,
    "DISCORD_API_URL": _HTTPS,
    "SLACK_BOT_TOKEN": _SWAPPED,
    "SLACK_APP_TOKEN": _SWAPPED,
}
"""The fix for a wrong value of each variable that can have one."""


class Settings(BaseSettings):
    """The operator's choices. Built once from the environment and passed down; an empty string means "not set"."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        validate_by_name=True,
        case_sensitive=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,  # an input may be a secret
    )

    database_url: str = Field(
        "",
        validation_alias="DATABASE_URL",
        description="Where plans are kept: sqlite:///path.db or postgresql://... Default: a file in your data folder.",
        repr=False,  # it may hold a password
    )
    content: Path | None = Field(
        None,
        validation_alias="MENTORBOT_CONTENT",
        description="A folder of role packs to use instead of the built-in ones.",
    )
    role: str = Field("ai-architect", validation_alias="MENTORBOT_ROLE", description="The role pack that answers.")
    keep_days: int = Field(
        400,
        ge=MIN_KEEP_DAYS,
        le=MAX_KEEP_DAYS,
        validation_alias="MENTORBOT_KEEP_DAYS",
        description="How many days it can be told what became of a message; at least 60.",
    )
    log_level: LogLevel = Field(
        LogLevel.INFO,
        validation_alias="MENTORBOT_LOG",
        description="How much is logged: DEBUG, INFO, WARNING or ERROR.",
    )
    slack_bot_token: SecretStr = Field(
        SecretStr(""),
        validation_alias="SLACK_BOT_TOKEN",
        description="xoxb-..., from your Slack app's page: OAuth & Permissions.",
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""),
        validation_alias="SLACK_APP_TOKEN",
        description="xapp-..., for Socket Mode: Basic Information, App-Level Tokens.",
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""),
        validation_alias="SLACK_SIGNING_SECRET",
        description="For signed HTTP instead of Socket Mode: Basic Information.",
    )
    slack_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://slack.com/api/"),
        validation_alias="SLACK_API_URL",
        description="Another address of Slack's Web API, for GovSlack for instance.",
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="HOST",
        description="The address that the signed HTTP door for Slack listens on.",
    )
    port: int = Field(3000, ge=0, le=65_535, validation_alias="PORT", description="Its port.")
    discord_token: SecretStr = Field(
        SecretStr(""),
        validation_alias="DISCORD_TOKEN",
        description="The bot token, from the Discord developer portal: your application, Bot.",
    )
    discord_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://discord.com/api/v10"),
        validation_alias="DISCORD_API_URL",
        description="Another address of Discord's API, for a rate-limit proxy.",
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the variables in `env`, such as `os.environ`; all others are ignored.

        Raises:
            BadSettings: a value can't be right; the message names the variable and never shows a secret.
        """
        source = EnvSettingsSource(cls)
        source.env_vars = {name: value.strip() for name, value in env.items() if value.strip()}
        try:
            return cls(**source())
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
        # Raised out here, so no chained exception contains the input.
        raise BadSettings(f"{name} cannot be right: {_ADVICE[name]}.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Ignore the environment, which only `from_env` reads, so no test picks up a developer's own tokens."""
        return (init_settings,)

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _not_swapped(cls, token: SecretStr, info: ValidationInfo) -> SecretStr:
        other_prefix = "xapp-" if info.field_name == "slack_bot_token" else "xoxb-"
        if token.get_secret_value().startswith(other_prefix):
            raise ValueError(_SWAPPED)
        return token

    @property
    def database(self) -> str:
        """The database URL as written, or SQLite in the user's data directory."""
        return self.database_url or f"sqlite:///{data_dir() / 'mentorbot.db'}"

    @property
    def retention(self) -> timedelta:
        """Time a settled message's outcome stays in the database."""
        return timedelta(days=self.keep_days)

    @property
    def discord_base(self) -> str:
        """Discord's API address with its version: a bare host gets `/api/v10`."""
        url = str(self.discord_api_url).rstrip("/")
        if re.search(r"/v\d+$", url):
            return url
        return f"{url}/v10" if url.endswith("/api") else f"{url}/api/v10"

    @property
    def slack_base(self) -> str:
        """Slack's Web API address, ending in the one slash slack_sdk expects."""
        return str(self.slack_api_url).rstrip("/") + "/"


class Variable(NamedTuple):
    """One environment variable, as the documentation shows it."""

    name: str
    default: str
    help: str
    secret: bool


def variables() -> list[Variable]:
    """List every variable in the order of the table."""
    return [
        Variable(
            str(info.validation_alias),
            "" if info.default is None or isinstance(info.default, SecretStr) else str(info.default),
            info.description or "",
            isinstance(info.default, SecretStr),
        )
        for info in Settings.model_fields.values()
    ]


def data_dir() -> Path:
    """Locate the folder where this user's programs keep their data (platformdirs)."""
    return platformdirs.user_data_path("mentorbot", appauthor=False)
