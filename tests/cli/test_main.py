"""The top-level commands: say, run, demo, db, manifest and schedule preview."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from mentorbot.app import ProcessRole
from mentorbot.cli import main

from .conftest import Demo, run


def test_say_prints_the_answer_and_saves_to_the_database(env: dict[str, str], tmp_path: Path) -> None:
    assert "$200K–$280K+" in run(env, "say", "/mentor salary senior").stdout
    assert run(env, "say", "/mentor plan add Read").returncode == 0
    assert "Your only step, 1 h\n\nRead, 1 h, this week" in run(env, "say", "plan show all").stdout
    assert "Read" not in run(env, "say", "--as", "ben", "plan show all").stdout
    assert (tmp_path / "data" / "mentorbot" / "mentorbot.db").exists()


def test_say_goes_on_with_what_was_said(env: dict[str, str]) -> None:
    run(env, "say", "/mentor plan add Read the RAG paper")
    assert "Drop “Read the RAG paper”?" in run(env, "say", "skip the rag step").stdout
    assert "Undo" in run(env, "say", "yes").stdout


@pytest.mark.parametrize("port", ["99999", "-5"])
def test_demo_refuses_a_port_out_of_range(env: dict[str, str], port: str) -> None:
    result = run(env, "demo", "--no-browser", "--port", port)
    assert (result.returncode, "is not in the range 0<=x<=65535" in result.stderr) == (2, True)


def test_say_exit_status(env: dict[str, str]) -> None:
    assert run(env, "say", "plan step 99").returncode == 1
    mended = run(env, "say", "plam")
    assert (mended.returncode, "I took “plam” as “show my plan”" in mended.stdout) == (0, True)
    assert run(env, "say").returncode == 2
    assert run(env, "say", "--at", "yesterday", "plan").returncode == 2
    not_allowed = run(env, "say", "--role", "learner", "tips here monday 09:00 UTC")
    assert not_allowed.returncode == 1
    assert "You need admin rights for that" in not_allowed.stdout


def test_say_json_output(env: dict[str, str]) -> None:
    answer = json.loads(run(env, "say", "--json", "about").stdout)
    assert set(answer) == {"card", "text", "visibility", "error"}
    assert (answer["error"], answer["visibility"], answer["card"]["title"]) == (
        None,
        "ephemeral",
        "I'm mentorbot, a bot that helps you become an AI Architect",
    )
    assert json.loads(run(env, "say", "--json", "plan step 99").stdout)["error"] == "not_found"
    assert json.loads(run(env, "say", "--json", "plan add").stdout)["error"] == "missing_option"


def test_schedule_preview_lists_upcoming_messages(env: dict[str, str]) -> None:
    run(env, "say", "--in", "general", "--at", "2026-03-20T00:00", "tips here sunday 02:30 Europe/Berlin")
    rows = json.loads(run(env, "schedule", "preview", "--days", "15", "--at", "2026-03-21T00:00", "--json").stdout)
    assert [row["utc"] for row in rows] == ["2026-03-22T01:30+00:00", "2026-03-29T01:00+00:00"]
    assert [row["local"] for row in rows] == ["2026-03-22T02:30+01:00", "2026-03-29T03:00+02:00"]
    assert {(row["kind"], row["zone"]) for row in rows} == {("tip", "Europe/Berlin")}
    assert rows[0]["destination"].endswith("general")


def test_db_upgrade_downgrade_and_newer_schema(env: dict[str, str], tmp_path: Path) -> None:
    env |= {"DATABASE_URL": f"sqlite:///{tmp_path}/bot.db"}
    missing = run(env, "db", "current")
    assert ("No schema yet" in missing.stdout, missing.returncode) == (True, 1)
    assert "At revision" in run(env, "db", "upgrade").stdout
    current = run(env, "db", "current")
    assert current.returncode == 0
    revision = current.stdout.strip()
    unasked = run(env, "db", "downgrade", "0007")
    assert (unasked.returncode, "--yes" in unasked.stderr) == (2, True)
    assert run(env, "db", "downgrade", "0007", "--yes").returncode == 0
    older = run(env, "db", "current")
    assert (older.stdout.strip(), older.returncode) == ("0007", 1)
    assert (tmp_path / f"bot.db.schema-{revision}.backup").exists()
    run(env, "db", "upgrade")
    assert (tmp_path / "bot.db.schema-0007.backup").exists()
    with sqlite3.connect(tmp_path / "bot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert run(env, "db", "current").returncode == 1
    newer = run(env, "say", "plan")
    assert newer.returncode == 2
    assert "9999" in newer.stderr
    assert revision in newer.stderr
    assert "Traceback" not in newer.stderr


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "mentorbot demo"),
        ({"SLACK_BOT_TOKEN": "xoxb-secret"}, "SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-secret"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xapp-secret"}, "swap two tokens"),
        ({"PORT": "many"}, "PORT"),
        ({"DATABSE_URL": "sqlite:///secret.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://root:secret@h/db", "DISCORD_TOKEN": "x"}, "sqlite:///path.db"),
        ({"MENTORBOT_ROLE": "astronaut", "DISCORD_TOKEN": "x"}, "MENTORBOT_ROLE"),
        ({"MENTORBOT_CONTENT": "/nowhere", "DISCORD_TOKEN": "x"}, "there's no such folder"),
    ],
)
def test_run_names_the_missing_or_wrong_setting(env: dict[str, str], settings: dict[str, str], message: str) -> None:
    result = run(env | settings, "run")
    assert result.returncode == 2, "a restart can't help"
    assert message in result.stderr
    assert "secret" not in result.stderr
    assert "Traceback" not in result.stderr


def test_manifests(env: dict[str, str]) -> None:
    assert json.loads(run(env, "manifest", "slack").stdout)["settings"]["socket_mode_enabled"] is True
    for url in ("nonsense", "http://bot.example.org", "https://"):
        result = run(env, "manifest", "slack", "--url", url)
        assert (result.returncode, "Use an https address, e.g. https://" in result.stderr) == (2, True)
    signed = json.loads(run(env, "manifest", "slack", "--url", "https://bot.example.org").stdout)
    assert signed["settings"]["socket_mode_enabled"] is False
    discord = json.loads(run(env, "manifest", "discord").stdout)
    assert discord["commands"][0]["name"] == "mentor"
    assert "permissions=" in discord["invite"]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_demo_serves_its_page_and_stops_cleanly(demo: Demo, stop: signal.Signals) -> None:
    page = httpx.get(f"http://127.0.0.1:{demo.port}/")
    assert "mentorbot playground" in page.text
    began = time.monotonic()
    demo.process.send_signal(stop)
    assert demo.process.wait(timeout=20) == 0
    assert time.monotonic() - began < 15


def test_demo_names_the_port_option_when_the_port_is_taken(demo: Demo, env: dict[str, str]) -> None:
    second = run(env, "demo", "--no-browser", "--port", str(demo.port))
    assert second.returncode == 2
    assert "--port" in second.stderr


def test_only_offers_every_process_role() -> None:
    """Its choices are written out, since importing `ProcessRole` would slow `--help` down."""
    option = next(parameter for parameter in main.commands["run"].params if parameter.name == "role")
    assert list(option.to_info_dict()["type"]["choices"]) == list(ProcessRole)
