"""Processes to be killed: none outlives the test that started it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def ended(*processes: asyncio.subprocess.Process) -> AsyncIterator[None]:
    """Kill these processes when the block ends, however it ends."""
    try:
        yield
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def start_module(*arguments: str, code: Path = ROOT) -> asyncio.subprocess.Process:
    """Run a Python module in a process of its own, and wait until it says it's ready. `code` is the tree it comes from."""
    process = await start_python("-m", *arguments, code=code)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def start_python(*arguments: str, code: Path) -> asyncio.subprocess.Process:
    """Run a Python that finds our packages in the tree `code`."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, *arguments),
        stdout=asyncio.subprocess.PIPE,
        cwd=code,
        env=os.environ | {"PYTHONPATH": str(code)},
    )
