"""The `mentorbot` command, run as a process, as an operator runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

PROGRAM = [sys.executable, "-m", "mentorbot"]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment with nothing configured and a data folder of its own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_", "MENTORBOT_"))
    }
    kept.pop("DATABASE_URL", None)
    return kept | {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd())}


def run(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *arguments], env=env, capture_output=True, text=True, timeout=60, check=False)


def test_say_prints_the_answer_and_remembers(env: dict[str, str], tmp_path: Path) -> None:
    assert "$200K-$280K+" in run(env, "say", "/mentor salary senior").stdout
    assert run(env, "say", "/mentor plan add Read").returncode == 0
    assert "1. Read" in run(env, "say", "plan").stdout
    assert "1. Read" not in run(env, "say", "--as", "ben", "plan").stdout
    assert (tmp_path / "data" / "mentorbot" / "mentorbot.db").exists()


@pytest.mark.parametrize("port", ["99999", "-5"])
def test_a_port_that_no_machine_has_is_refused(env: dict[str, str], port: str) -> None:
    refused = run(env, "demo", "--no-browser", "--port", port)
    assert (refused.returncode, "is not in the range 0<=x<=65535" in refused.stderr) == (2, True)


def test_say_tells_an_error_by_its_exit_status(env: dict[str, str]) -> None:
    assert run(env, "say", "plam").returncode == 1
    assert run(env, "say").returncode == 2
    assert run(env, "say", "--at", "yesterday", "plan").returncode == 2
    refused = run(env, "say", "--role", "learner", "tips here monday 09:00 UTC")
    assert refused.returncode == 1
    assert "people who manage" in refused.stdout


def test_say_as_json(env: dict[str, str]) -> None:
    good = json.loads(run(env, "say", "--json", "about").stdout)
    assert set(good) == {"card", "text", "visibility", "error"}
    assert (good["error"], good["visibility"], good["card"]["title"]) == (None, "ephemeral", "About me")
    assert json.loads(run(env, "say", "--json", "plam").stdout)["error"] == "not_understood"
    assert json.loads(run(env, "say", "--json", "plan add").stdout)["error"] == "missing_option"


def test_preview_lists_what_will_be_posted(env: dict[str, str]) -> None:
    run(env, "say", "--in", "general", "--at", "2026-03-20T00:00", "tips here sunday 02:30 Europe/Berlin")
    rows = json.loads(run(env, "schedule", "preview", "--days", "15", "--at", "2026-03-21T00:00", "--json").stdout)
    assert [row["utc"] for row in rows] == ["2026-03-22T01:30+00:00", "2026-03-29T01:00+00:00"]
    assert [row["local"] for row in rows] == ["2026-03-22T02:30+01:00", "2026-03-29T03:00+02:00"]
    assert {(row["kind"], row["zone"]) for row in rows} == {("tip", "Europe/Berlin")}
    assert rows[0]["destination"].endswith("general")


def test_the_packs_from_the_command_line(env: dict[str, str], tmp_path: Path) -> None:
    assert run(env, "content", "check").returncode == 0
    listed = json.loads(run(env, "content", "list", "--json").stdout)[0]
    assert listed["role"] == "ai-architect"
    assert set(listed["counts"]) == {"skills", "tips", "questions", "faq", "milestones"}
    assert run(env, "content", "new", "my-role", "--in", str(tmp_path / "packs")).returncode == 0
    assert run(env, "content", "check", str(tmp_path / "packs")).returncode == 0
    (tmp_path / "packs" / "my-role" / "pack.yaml").write_text("role: my-role\nnonsense: 1\n")
    broken = run(env, "content", "check", str(tmp_path / "packs"))
    assert broken.returncode == 1
    assert "my-role/pack.yaml:2: `nonsense` is not a field that I know" in broken.stdout


def test_the_database_from_the_command_line(env: dict[str, str], tmp_path: Path) -> None:
    env |= {"DATABASE_URL": f"sqlite:///{tmp_path}/bot.db"}
    assert "No schema yet" in run(env, "db", "current").stdout
    assert "At revision" in run(env, "db", "upgrade").stdout
    revision = run(env, "db", "current").stdout.strip()
    assert run(env, "db", "downgrade", "base").returncode == 0
    assert "No schema yet" in run(env, "db", "current").stdout
    run(env, "db", "upgrade")
    with sqlite3.connect(tmp_path / "bot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    newer = run(env, "say", "plan")
    assert newer.returncode == 1
    assert "9999" in newer.stderr
    assert revision in newer.stderr
    assert "Traceback" not in newer.stderr


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "mentorbot demo"),
        ({"SLACK_BOT_TOKEN": "xoxb-secret"}, "SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-secret"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xapp-secret"}, "change places"),
        ({"PORT": "many"}, "PORT"),
        ({"DATABASE_URL": "mysql://root:secret@h/db", "DISCORD_TOKEN": "x"}, "sqlite:///path.db"),
        ({"MENTORBOT_ROLE": "astronaut", "DISCORD_TOKEN": "x"}, "MENTORBOT_ROLE"),
        ({"MENTORBOT_CONTENT": "/nowhere", "DISCORD_TOKEN": "x"}, "there is no such folder"),
    ],
)
def test_run_says_what_to_set(env: dict[str, str], settings: dict[str, str], says: str) -> None:
    done = run(env | settings, "run")
    assert done.returncode == 1
    assert says in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_manifests(env: dict[str, str]) -> None:
    assert json.loads(run(env, "manifest", "slack").stdout)["settings"]["socket_mode_enabled"] is True
    for url in ("nonsense", "http://bot.example.org", "https://"):
        refused = run(env, "manifest", "slack", "--url", url)
        assert (refused.returncode, "Write it as https://" in refused.stderr) == (2, True)
    signed = json.loads(run(env, "manifest", "slack", "--url", "https://bot.example.org").stdout)
    assert signed["settings"]["socket_mode_enabled"] is False
    discord = json.loads(run(env, "manifest", "discord").stdout)
    assert discord["commands"][0]["name"] == "mentor"
    assert "permissions=" in discord["invite"]


def test_help_imports_next_to_nothing(env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mentorbot", "--help"],
        env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "mentorbot demo" in done.stdout
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not imported & {"slack_sdk", "discord", "sqlalchemy", "pydantic", "tantivy", "starlette", "alembic"}


@pytest.fixture
def demo(env: dict[str, str], tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [*PROGRAM, "demo", "--no-browser", "--port", str(port), "--db", str(tmp_path / "demo.db")]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        yield process, port
        process.kill()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_demo_serves_its_page_and_stops_cleanly(
    demo: tuple[subprocess.Popen[str], int], stop: signal.Signals
) -> None:
    process, port = demo
    page = httpx.get(f"http://127.0.0.1:{port}/")
    assert "mentorbot playground" in page.text
    began = time.monotonic()
    process.send_signal(stop)
    assert process.wait(timeout=20) == 0
    assert time.monotonic() - began < 15


def test_a_port_that_is_taken_is_said_to_be_so(demo: tuple[subprocess.Popen[str], int], env: dict[str, str]) -> None:
    second = run(env, "demo", "--no-browser", "--port", str(demo[1]))
    assert second.returncode == 1
    assert "--port" in second.stderr
