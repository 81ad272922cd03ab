"""`mentorbot doctor`: each thing that's wrong is named with its fix, and the worst one is the exit status."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mentorbot.adapters.discord import doctor as discord_doctor
from mentorbot.adapters.findings import Finding, Level
from mentorbot.adapters.slack import doctor as slack_doctor
from mentorbot.adapters.slack.manifest import SCOPES
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel, Workspace
from mentorbot.cli import main
from mentorbot.clock import Clock
from mentorbot.commands import load_commands
from mentorbot.doctor import diagnose
from mentorbot.settings import Settings
from mentorbot.storage import migrations
from tests.adapters.discord_adapter.payloads import CHANNEL, GUILD, TOKEN
from tests.adapters.discord_adapter.server import DiscordServer
from tests.adapters.slack_adapter.server import APP_TOKEN, BOT_TOKEN, SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack with one channel."""
    server = SlackServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A Discord with one guild and one channel."""
    server = DiscordServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database with this version's schema."""
    url = f"sqlite:///{tmp_path}/bot.db"
    migrations.upgrade(url)
    return url


async def examined(settings: Settings, clock: Clock | None = None) -> dict[str, Finding]:
    """Findings by the name of their check."""
    return {finding.check: finding for finding in await diagnose(settings, clock or Clock())}


def slack_settings(slack: SlackServer, url: str, **changes: str) -> Settings:
    values: dict[str, Any] = {
        "slack_bot_token": BOT_TOKEN,
        "slack_app_token": APP_TOKEN,
        "slack_api_url": slack.api_url,
    }
    return Settings(database_url=url, **values | changes)


async def test_a_healthy_slack(slack: SlackServer, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorbot.doctor.zone_data", lambda: f"{Clock().now().year}a")  # not as old as this machine's
    findings = await examined(slack_settings(slack, url))
    wrong = [finding for finding in findings.values() if finding.level is not Level.OK]
    assert [finding.check for finding in wrong] in ([], ["slack scopes"]), wrong
    assert {"settings", "database", "disk", "time zones", "packs", "clock", "slack token"} <= set(findings)


async def test_a_scope_that_came_later_is_a_warning_with_what_it_is_for(slack: SlackServer, url: str) -> None:
    slack.scopes = [scope for scope in SCOPES if scope != "im:history"]
    finding = (await examined(slack_settings(slack, url)))["slack scopes"]
    assert finding.level is Level.WARN
    assert "im:history (what people write to the bot" in finding.text
    slack.scopes = ["commands"]
    assert (await examined(slack_settings(slack, url)))["slack scopes"].level is Level.FAIL


async def test_wrong_tokens_are_named_and_never_shown(slack: SlackServer, url: str) -> None:
    findings = await examined(slack_settings(slack, url, slack_bot_token="xoxb-hush"))
    assert (findings["slack token"].level, "SLACK_BOT_TOKEN" in findings["slack token"].text) == (Level.FAIL, True)
    app = await examined(slack_settings(slack, url, slack_app_token="xapp-hush"))
    assert "SLACK_APP_TOKEN" in next(f.text for f in app.values() if f.level is Level.FAIL)
    assert "hush" not in repr(findings) + repr(app)


async def test_a_clock_that_is_off(slack: SlackServer, url: str) -> None:
    clock = Clock()
    clock.travel_to(clock.now() + timedelta(minutes=10))
    finding = (await examined(slack_settings(slack, url), clock))["clock"]
    assert finding.level is Level.FAIL
    assert re.fullmatch(r"\+(599|60\d) s off Slack's", finding.text)


async def test_a_healthy_discord_has_its_commands_still_to_register(discord: DiscordServer, url: str) -> None:
    findings = await examined(Settings(database_url=url, discord_token=TOKEN, discord_api_url=discord.url))
    assert findings["discord token"].level is Level.OK
    assert (findings["discord commands"].level, findings["discord commands"].text) == (Level.WARN, "not registered yet")
    assert not discord.identified, "an identify is too precious for a check"


async def test_discord_that_refuses_or_is_away(discord: DiscordServer, url: str) -> None:
    wrong = await examined(Settings(database_url=url, discord_token="hush", discord_api_url=discord.url))
    assert (wrong["discord token"].level, "hush" in repr(wrong)) == (Level.FAIL, False)
    away = await examined(Settings(database_url=url, discord_token=TOKEN, discord_api_url="http://127.0.0.1:9"))
    assert away["discord"].level is Level.FAIL


async def test_the_channel_of_each_schedule_is_tried(slack: SlackServer, discord: DiscordServer) -> None:
    slack.conversations["C1"].member = False
    settings = slack_settings(slack, "", discord_token=TOKEN, discord_api_url=discord.url)
    channels = [Channel(Workspace("slack", "T1"), "C1", "general")]
    found = await slack_doctor.examine(settings, channels, Clock())
    assert (found[-1].check, found[-1].level, "not_in_channel" in found[-1].text) == ("slack channel", Level.FAIL, True)
    channels = [Channel(Workspace("discord", GUILD), CHANNEL, "general")]
    found = await discord_doctor.examine(settings, load_commands(), channels, Clock())
    assert (found[-1].check, found[-1].level) == ("discord channel", Level.OK)


async def test_a_schema_that_does_not_fit(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    assert (await examined(Settings(database_url=url)))["database"].level is Level.WARN
    migrations.upgrade(url, "0007")
    assert "0007" in (await examined(Settings(database_url=url)))["database"].text


def test_the_command_exits_with_the_worst_result(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in {"DATABASE_URL": url, "SLACK_BOT_TOKEN": "", "DISCORD_TOKEN": ""}.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, ["doctor", "--json"])
    findings = {finding["check"]: finding for finding in json.loads(result.stdout)}
    assert (findings["settings"]["result"], findings["database"]["result"], result.exit_code) == ("fail", "ok", 2)
    monkeypatch.setenv("DATABSE_URL", url)
    result = CliRunner().invoke(main, ["doctor"])
    assert ("Did you mean DATABASE_URL" in result.stdout, result.exit_code) == (True, 2)
    assert LOCAL_WORKSPACE.platform not in result.stdout


async def test_a_damaged_file_has_the_command_that_restores_it(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_bytes(b"SQLite format 3\0" + bytes(4_080))
    finding = (await examined(Settings(database_url=f"sqlite:///{tmp_path}/bot.db")))["database"]
    assert finding.level is Level.FAIL
    assert "damaged" in finding.text
    assert finding.fix == "Restore it: mentorbot db restore FILE"
