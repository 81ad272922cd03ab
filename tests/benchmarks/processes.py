"""The processes a benchmark starts, and what they use."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from socket import create_server
from typing import Any

import psutil
from aiohttp import ClientError, ClientSession

from tests.storm.processes import ROOT, ended

READY_SECONDS = 60


@dataclass
class Process:
    """A running process: a server, or a client that does rounds."""

    running: asyncio.subprocess.Process
    port: int = 0

    def cpu_seconds(self) -> float:
        """CPU time it has used so far, in its own code and in the kernel, in all threads."""
        times = psutil.Process(self.running.pid).cpu_times()
        return times.user + times.system

    def memory(self) -> float:
        """Resident memory, in MB."""
        return float(psutil.Process(self.running.pid).memory_info().rss / 1e6)

    async def line(self) -> str:
        """Read the next line it prints."""
        assert self.running.stdout is not None
        return (await self.running.stdout.readline()).decode().strip()

    async def ask(self, order: Mapping[str, Any]) -> Any:
        """Send an order to a client, and wait for its answer; both are JSON."""
        assert self.running.stdin is not None
        self.running.stdin.write(json.dumps(order).encode() + b"\n")
        return json.loads(await self.line())


@asynccontextmanager
async def python(*arguments: str, env: Mapping[str, str] | None = None) -> AsyncIterator[Process]:
    """Run a Python of ours with a pipe to talk to it, and kill it at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | dict(env or {}),
        limit=10_000_000,
    )
    async with ended(process):
        yield Process(process)


@asynccontextmanager
async def module(name: str, *arguments: str) -> AsyncIterator[Process]:
    """Run a module that says it's ready, and its address in the next line if it's a server."""
    async with python("-m", name, *arguments) as process:
        if (line := await process.line()) != "ready":
            raise RuntimeError(f"{name} didn't start: {line}")
        yield process


@asynccontextmanager
async def mentorbot(env: Mapping[str, str]) -> AsyncIterator[Process]:
    """Run `mentorbot run`, and wait until its health says it's ready."""
    health = f"127.0.0.1:{free_port()}"
    async with python(
        "-m", "mentorbot", "run", env={"MENTORBOT_HEALTH": health, "MENTORBOT_LOG": "WARNING", **env}
    ) as process:
        async with asyncio.timeout(READY_SECONDS), ClientSession() as session:
            while not await _is_ready(session, health):
                if process.running.returncode is not None:
                    raise RuntimeError("mentorbot didn't start")
                await asyncio.sleep(0.05)
        yield process


async def _is_ready(session: ClientSession, health: str) -> bool:
    try:
        async with session.get(f"http://{health}/readyz") as response:
            return response.status == 200
    except ClientError:
        return False


def free_port() -> int:
    """Find a port nobody listens on."""
    with closing(create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])
