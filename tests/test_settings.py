"""Settings: read from the environment, validated, documented; secrets stay hidden."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mentorbot.errors import BadSettings
from mentorbot.settings import LogLevel, Settings, variables

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
    assert "hush" not in repr(Settings(database_url="postgresql://bot:hush@host/db"))


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
