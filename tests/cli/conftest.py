"""The `mentorbot` command as a process of its own, the way an operator runs it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "mentorbot"]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment with nothing configured and its own data folder."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_", "MENTORBOT_"))
    }
    inherited.pop("DATABASE_URL", None)
    return inherited | {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd())}


def run(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end (60 seconds at most)."""
    return subprocess.run([*PROGRAM, *arguments], env=env, capture_output=True, text=True, timeout=60, check=False)


@dataclass(frozen=True)
class Demo:
    """A running playground."""

    process: subprocess.Popen[str]
    port: int


@pytest.fixture
def demo(env: dict[str, str], tmp_path: Path) -> Iterator[Demo]:
    """A playground that has printed its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [*PROGRAM, "demo", "--no-browser", "--port", str(port), "--db", str(tmp_path / "demo.db")]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        yield Demo(process, port)
        process.kill()
