"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorbot.errors import BadSettings
from mentorbot.settings import Settings, variables

TOP = Path(__file__).parent.parent


def test_every_setting_is_documented() -> None:
    example = (TOP / "deploy" / "env.example").read_text()
    for variable in variables():
        assert variable.help in example
        assert f"#{variable.name}=" in example


def test_secrets_are_not_shown() -> None:
    settings = Settings.from_env(
        {"SLACK_BOT_TOKEN": "xoxb-hush", "DISCORD_TOKEN": "hush", "SLACK_SIGNING_SECRET": "hush"}
    )
    assert "hush" not in repr(settings)


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
def test_discords_address_gets_its_version(given: str, base: str) -> None:
    assert Settings.from_env({"DISCORD_API_URL": given}).discord_base == base


def test_slacks_address_ends_in_one_slash() -> None:
    assert Settings.from_env({"SLACK_API_URL": "http://127.0.0.1:1/api"}).slack_base == "http://127.0.0.1:1/api/"


@pytest.mark.parametrize(
    ("env", "says"),
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
def test_what_cannot_be_right(env: dict[str, str], says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        Settings.from_env(env)
