"""Settings: read from the environment, validated, documented; secrets stay hidden."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mentorbot.errors import BadSettings
from mentorbot.settings import LogFormat, LogLevel, Settings, variables

TOP = Path(__file__).parent.parent


def test_env_example_documents_every_variable() -> None:
    example = (TOP / "deploy" / "env.example").read_text()
    for variable in variables():
        assert variable.help in example
        assert f"#{variable.name}=" in example


def test_secrets_stay_out_of_the_representation() -> None:
    settings = Settings.from_env(
        {"SLACK_BOT_TOKEN": "xoxb-hush", "DISCORD_TOKEN": "hush", "SLACK_SIGNING_SECRET": "hush"}
    )
    assert "hush" not in repr(settings)
    assert "hush" not in str(settings)
    settings = Settings(database_url="postgresql://bot:hush@host/db")
    assert "hush" not in repr(settings) + str(settings) + str(settings.model_dump())


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("", "https://discord.com/api/v10"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v10"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/api/v10"),
        ("http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api/v10"),
        ("http://127.0.0.1:8080/api/v10/", "http://127.0.0.1:8080/api/v10"),
    ],
)
def test_discord_base_ends_in_the_api_version(given: str, base: str) -> None:
    assert Settings.from_env({"DISCORD_API_URL": given}).discord_base == base


def test_slack_base_ends_in_one_slash() -> None:
    assert Settings.from_env({"SLACK_API_URL": "http://127.0.0.1:1/api"}).slack_base == "http://127.0.0.1:1/api/"


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"PORT": "70000"}, "PORT"),
        ({"MENTORBOT_KEEP_DAYS": "59"}, "from 60 to"),
        ({"MENTORBOT_KEEP_DAYS": "a year"}, "from 60 to"),
        ({"MENTORBOT_LOG": "LOUD"}, "MENTORBOT_LOG"),
        ({"MENTORBOT_LOG_FORMAT": "xml"}, "enter one of text, json"),
        ({"MENTORBOT_HEALTH": "8421"}, "127.0.0.1:8421"),
        ({"MENTORBOT_HEALTH": "localhost:99999"}, "127.0.0.1:8421"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
    ],
)
def test_a_wrong_value_names_its_variable(env: dict[str, str], message: str) -> None:
    with pytest.raises(BadSettings, match=message):
        Settings.from_env(env)


def test_values_are_typed_and_empty_ones_ignored() -> None:
    env = {
        "PORT": " 8080 ",
        "MENTORBOT_LOG": "debug",
        "MENTORBOT_KEEP_DAYS": "",
        "MENTORBOT_CONTENT": "packs",
        "HOME": "/root",
    }
    settings = Settings.from_env(env)
    assert (settings.port, settings.log_level, settings.content) == (8080, LogLevel.DEBUG, Path("packs"))
    assert settings.retention == timedelta(days=400)


def test_a_wrong_secret_is_neither_in_the_error_nor_in_its_context() -> None:
    with pytest.raises(BadSettings) as raised:
        Settings.from_env({"SLACK_BOT_TOKEN": "xapp-hush"})
    assert "hush" not in str(raised.value)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


def test_the_environment_is_read_only_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a developer's own")
    assert not Settings().discord_token


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),
        ("SLAK_BOT_TOKEN", "SLACK_BOT_TOKEN"),
        ("DISCORD_TOKEN_FIEL", "DISCORD_TOKEN_FILE"),
        ("database_url", "DATABASE_URL"),
        ("MENTORBOT_DATABASE_URL", "DATABASE_URL"),
        ("MENTORBOT_LOGS", "MENTORBOT_LOG"),
        ("MENTOR_BOT_ROLE", "MENTORBOT_ROLE"),
        ("MENTORBOT_SOMETHING_ELSE_ENTIRELY", "deploy/env.example"),
    ],
)
def test_a_name_close_to_ours_is_refused_with_the_right_one(name: str, meant: str) -> None:
    with pytest.raises(BadSettings, match=f"^{name} isn't a setting. .*{meant}") as raised:
        Settings.from_env({name: "hush"})
    assert "hush" not in str(raised.value)


def test_names_of_other_programs_are_ignored() -> None:
    kubernetes = ("SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTP", "PORT", "PORT_3000_TCP", "PORT_3000_TCP_ADDR")
    names = [f"MENTORBOT_{name}" for name in kubernetes] + [f"MENTORBOT_SLACK_{name}" for name in kubernetes]
    others = (
        "POST",
        "HOSTS",
        "PORTS",
        "HOSTNAME",
        "PGHOST",
        "SLACK_API_TOKEN",
        "SLACK_WEBHOOK_URL",
        "DISCORD_CLIENT_ID",
    )
    assert Settings.from_env(dict.fromkeys([*names, *others], "1")) == Settings()


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://bot:hush@host/db\n")
    settings = Settings.from_env({"DATABASE_URL_FILE": str(tmp_path / "url")})
    assert settings.database == "postgresql://bot:hush@host/db"
    for env, message in (
        ({"DISCORD_TOKEN_FILE": str(tmp_path / "none")}, "DISCORD_TOKEN_FILE .* can't be read"),
        ({"DISCORD_TOKEN_FILE": str(tmp_path / "url"), "DISCORD_TOKEN": "x"}, "Both DISCORD_TOKEN and"),
        ({"DISCORD_TOKEN_FILE": "xoxb-not-a-path\0"}, "can't be read"),
    ):
        with pytest.raises(BadSettings, match=message):
            Settings.from_env(env)


@pytest.mark.parametrize(
    ("env", "address"),
    [
        ({}, ("127.0.0.1", 8421)),
        ({"MENTORBOT_HEALTH": "10.0.0.1:80"}, ("10.0.0.1", 80)),
        ({"MENTORBOT_HEALTH": "[::1]:80"}, ("::1", 80)),
        ({"MENTORBOT_HEALTH": " "}, None),
    ],
)
def test_health_address(env: dict[str, str], address: tuple[str, int] | None) -> None:
    assert Settings.from_env(env).health_address == address


def test_log_format() -> None:
    assert Settings.from_env({"MENTORBOT_LOG_FORMAT": "json"}).log_format is LogFormat.JSON
