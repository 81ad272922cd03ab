"""Every setting in one table: variable, type, default, help. `deploy/env.example` is generated from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from rapidfuzz import process
from rapidfuzz.distance import OSA

from mentorbot.errors import BadSettings

MIN_KEEP_DAYS, MAX_KEEP_DAYS = 60, 36_500
"""Bounds of MENTORBOT_KEEP_DAYS. Budgets, reminders and `why` look back some weeks; dates end long after a hundred years."""

MAX_LLM_BUDGET = 1_000_000
"""Calls a day; more isn't a limit any more."""


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


class LogFormat(StrEnum):
    """The shape of a log line: for people at a terminal, or JSON for programs."""

    TEXT = "text"
    JSON = "json"


_SWAPPED = "did you swap two tokens? SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-"
_HTTPS = "enter an address that starts with https://"
_CALLS = f"enter a number of calls a day from 0 to {MAX_LLM_BUDGET:,}"
_ADVICE = {
    "PORT": "enter a number from 0 to 65535",
    "MENTORBOT_KEEP_DAYS": f"enter a number of days from {MIN_KEEP_DAYS} to {MAX_KEEP_DAYS}",
    "MENTORBOT_LOG": f"enter one of {', '.join(LogLevel)}",
    "MENTORBOT_LOG_FORMAT": f"enter one of {', '.join(LogFormat)}",
    "MENTORBOT_HEALTH": "enter an address like 127.0.0.1:8421, or nothing to turn it off",
    "MENTORBOT_LLM_URL": "enter an address like http://127.0.0.1:11434/v1",
    "MENTORBOT_LLM_PERSON_BUDGET": _CALLS,
    "MENTORBOT_LLM_WORKSPACE_BUDGET": _CALLS,
    "DISCORD_SHARDS": "enter this process's first and last shard and the number of all, e.g. 0-3/8",
    "SLACK_API_URL": _HTTPS,
    "DISCORD_API_URL": _HTTPS,
    "SLACK_BOT_TOKEN": _SWAPPED,
    "SLACK_APP_TOKEN": _SWAPPED,
}
"""The fix for a wrong value of each variable that can have one."""


_HEALTH_ADDRESS = re.compile(r"\[?(?P<host>[\w.:-]+?)\]?:(?P<port>\d{1,5})")
_SHARDS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})")
_FILE = "_FILE"
_MIN_GUESSED = 8
"""Letters of a name that a similar one can be a slip of. HOST and PORT are anybody's."""
_MAX_SLIPS = 2
"""Slips (a letter missing, added, swapped or replaced) that are taken for a typing error."""
_OF_OTHERS = frozenset({"SLACK_API_TOKEN"})
"""Names close to ours that other programs use."""
_KUBERNETES = re.compile(
    r"MENTORBOT(_[A-Z0-9]+)*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)"
)
"""Names Kubernetes makes for each service whose name begins with ours:
https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
"""


class SecretFiles(PydanticBaseSettingsSource):
    """Settings source for secrets in files: NAME_FILE holds the path of a file whose text is the value of NAME.

    Docker's and Kubernetes' secrets and systemd's credentials are files. pydantic-settings' own source for files wants one folder
    with files named after our fields.
    """

    def __init__(self, settings_cls: type[BaseSettings], env: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self._env = env

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Read the file of one secret; None if there's none.

        Raises:
            BadSettings: the file can't be read, or the secret is given twice.
        """
        name = str(field.validation_alias or field_name)
        path = self._env.get(name + _FILE, "")
        if not path or not isinstance(field.default, SecretStr):
            return None, name, False
        if self._env.get(name):
            raise BadSettings(f"Both {name} and {name}{_FILE} are set. Keep one of them.")
        try:
            return Path(path).read_text("utf-8").strip(), name, False
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it isn't text"
            raise BadSettings(f"{name}{_FILE} names a file that can't be read: {path} ({reason}).") from None

    def __call__(self) -> dict[str, Any]:
        """Read the files of all secrets that have one."""
        values = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {name: value for value, name, _ in values if value}


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

    database_url: SecretStr = Field(
        SecretStr(""),  # it may hold a password
        validation_alias="DATABASE_URL",
        description="Where plans are stored: sqlite:///path.db or postgresql://... Default: a file in your data folder.",
    )
    content: Path | None = Field(
        None,
        validation_alias="MENTORBOT_CONTENT",
        description="A folder of role packs to use instead of the built-in ones.",
    )
    role: str = Field("ai-architect", validation_alias="MENTORBOT_ROLE", description="The role pack that answers.")
    semantic_model: Path | None = Field(
        None,
        validation_alias="MENTORBOT_SEMANTIC_MODEL",
        description="A folder with a model2vec model that re-ranks answers. It needs mentorbot[semantic].",
    )
    keep_days: int = Field(
        400,
        ge=MIN_KEEP_DAYS,
        le=MAX_KEEP_DAYS,
        validation_alias="MENTORBOT_KEEP_DAYS",
        description="How many days to remember what happened to each message; at least 60.",
    )
    log_level: LogLevel = Field(
        LogLevel.INFO,
        validation_alias="MENTORBOT_LOG",
        description="How much to log: DEBUG, INFO, WARNING or ERROR.",
    )
    log_format: LogFormat = Field(
        LogFormat.TEXT,
        validation_alias="MENTORBOT_LOG_FORMAT",
        description="The format of log lines: text for people, json for programs.",
    )
    health: str = Field(
        "127.0.0.1:8421",
        validation_alias="MENTORBOT_HEALTH",
        description="The address of /livez, /readyz and /metrics, as host:port; set it to nothing to turn it off.",
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
    slack_client_id: str = Field(
        "",
        validation_alias="SLACK_CLIENT_ID",
        description="For one bot in many workspaces, instead of SLACK_BOT_TOKEN: Basic Information.",
    )
    slack_client_secret: SecretStr = Field(
        SecretStr(""), validation_alias="SLACK_CLIENT_SECRET", description="The secret of SLACK_CLIENT_ID."
    )
    token_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="MENTORBOT_TOKEN_KEY",
        description="Encrypts the workspaces' tokens; from `mentorbot tokens new-key`. To replace one: new,old.",
    )
    slack_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://slack.com/api/"),
        validation_alias="SLACK_API_URL",
        description="A different address for Slack's Web API, e.g. for GovSlack.",
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="HOST",
        description="The address to listen on for Slack over signed HTTP.",
    )
    port: int = Field(3000, ge=0, le=65_535, validation_alias="PORT", description="The port for that.")
    discord_token: SecretStr = Field(
        SecretStr(""),
        validation_alias="DISCORD_TOKEN",
        description="The bot token, from the Discord developer portal: your application, Bot.",
    )
    discord_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://discord.com/api/v10"),
        validation_alias="DISCORD_API_URL",
        description="A different address for Discord's API, e.g. a rate-limit proxy.",
    )
    discord_shards: str = Field(
        "",
        validation_alias="DISCORD_SHARDS",
        description="The shards this process runs, out of how many, e.g. 0-3/8. Default: all, as many as Discord asks for.",
    )

    llm_url: AnyHttpUrl | None = Field(
        None,
        validation_alias="MENTORBOT_LLM_URL",
        description="An endpoint that speaks OpenAI's chat API, e.g. http://127.0.0.1:11434/v1. Default: no language model.",
    )
    llm_model: str = Field(
        "", validation_alias="MENTORBOT_LLM_MODEL", description="The name of the language model at that endpoint."
    )
    llm_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="MENTORBOT_LLM_KEY",
        description="The endpoint's API key, if it wants one.",
    )
    llm_person_budget: int = Field(
        50,
        ge=0,
        le=MAX_LLM_BUDGET,
        validation_alias="MENTORBOT_LLM_PERSON_BUDGET",
        description="How many times a day (in UTC) one person's messages may go to the language model.",
    )
    llm_workspace_budget: int = Field(
        1_000,
        ge=0,
        le=MAX_LLM_BUDGET,
        validation_alias="MENTORBOT_LLM_WORKSPACE_BUDGET",
        description="How many times a day (in UTC) all of a workspace's messages may go there.",
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the variables in `env`, such as `os.environ`, and the files they name. Other programs' variables are ignored.

        Raises:
            BadSettings: a value can't be right, or a name is close to one of ours; the message names the variable and never shows
                a secret.
        """
        _refuse_slips(env)
        given = {name: value.strip() for name, value in env.items() if value.strip()}
        source = EnvSettingsSource(cls)
        source.env_vars = given
        values = {**source(), **SecretFiles(cls, given)()}
        if "MENTORBOT_HEALTH" in env and "MENTORBOT_HEALTH" not in given:
            values["MENTORBOT_HEALTH"] = ""  # the one setting that can be set to nothing
        try:
            return cls(**values)
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
        # Raised out here, so no chained exception contains the input.
        raise BadSettings(f"{name} can't be right: {_ADVICE[name]}.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  as above
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  as above
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

    @field_validator("health")
    @classmethod
    def _is_address(cls, address: str) -> str:
        match = _HEALTH_ADDRESS.fullmatch(address)
        if address and (match is None or int(match["port"]) > 65_535):
            raise ValueError(_ADVICE["MENTORBOT_HEALTH"])
        return address

    @field_validator("discord_shards")
    @classmethod
    def _is_shard_range(cls, shards: str) -> str:
        if shards and _shard_range(shards) is None:
            raise ValueError(_ADVICE["DISCORD_SHARDS"])
        return shards

    @property
    def discord_shard_range(self) -> tuple[range, int] | None:
        """This process's shards and the number of all shards; None for all of them, as many as Discord asks for."""
        return _shard_range(self.discord_shards)

    @property
    def health_address(self) -> tuple[str, int] | None:
        """Host and port of the health server; None if there's to be none."""
        match = _HEALTH_ADDRESS.fullmatch(self.health)
        return (match["host"], int(match["port"])) if match else None

    @property
    def database(self) -> str:
        """The database URL as written, or SQLite in the user's data directory."""
        return self.database_url.get_secret_value() or f"sqlite:///{data_dir() / 'mentorbot.db'}"

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
    def llm_base(self) -> str:
        """The language model's API address without a slash at its end; "" if there's none."""
        return str(self.llm_url).rstrip("/") if self.llm_url else ""

    @property
    def slack_base(self) -> str:
        """Slack's Web API address, ending in the one slash slack_sdk expects."""
        return str(self.slack_api_url).rstrip("/") + "/"


def _shard_range(text: str) -> tuple[range, int] | None:
    """Read “0-3/8” or “2/8”; None if it's neither, or the shards aren't among those there are."""
    match = _SHARDS.fullmatch(text.replace(" ", ""))
    if match is None:
        return None
    first, last, total = int(match[1]), int(match[2] or match[1]), int(match[3])
    return (range(first, last + 1), total) if first <= last < total else None


def _refuse_slips(env: Mapping[str, str]) -> None:
    """Raise `BadSettings` if a name looks like a slip for one of ours: it would be ignored, and nobody would know why."""
    known = {variable.name for variable in variables()}
    known |= {variable.name + _FILE for variable in variables() if variable.secret}
    for name in sorted(set(env) - known - _OF_OTHERS):
        meant = _meant(name, known)
        if meant is not None:
            hint = f"Did you mean {meant}?" if meant else "Every setting is in deploy/env.example."
            raise BadSettings(f"{name} isn't a setting. {hint}")


def _meant(name: str, known: set[str]) -> str | None:
    """Find the setting that `name` is a slip for.

    "" if it's meant as a setting but isn't close to any; None if it's none of ours.
    """
    upper, ours = name.upper(), name.upper().startswith("MENTORBOT_")
    if ours and _KUBERNETES.fullmatch(name):
        return None
    without_prefix = upper.removeprefix("MENTORBOT_")
    if ours and without_prefix in known:
        return without_prefix
    guessable = [setting for setting in known if len(setting) >= _MIN_GUESSED]
    slips = len(upper) if ours else _MAX_SLIPS
    nearest = process.extractOne(upper, guessable, scorer=OSA.distance, score_cutoff=min(slips, 4))
    if nearest is not None:
        return str(nearest[0])
    return "" if ours else None


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
