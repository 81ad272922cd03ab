"""The cost of starting: the packages that are loaded, the processor's time until the first answer, and memory.

Bounds on time compare two processes on the same machine, so they hold on a slow one, too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

RARELY_NEEDED = {
    "alembic",
    "cryptography",
    "holidays",
    "matplotlib",
    "networkx",
    "numpy",
    "openai",
    "PIL",
    "procrastinate",
    "psycopg",
}
FIRST_ANSWER = """
import asyncio, json, sys, time
{imports}
from mentorbot import app
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.settings import Settings

async def member():
    return Member("U1", "ada")

async def main():
    async with app.open_context(Settings(), Clock()) as context:
        caller = Caller(Channel(Workspace("slack", "T1"), "C1"), "U1", "ada", member)
        await context.dispatcher.answer(CommandRequest(caller, "help"))
        seconds = time.process_time()
        context.dispatcher.warm_up()
        await context.dispatcher.answer(CommandRequest(caller, "ask what does a senior earn in Austin"))
    status = open("/proc/self/status").read() if sys.platform == "linux" else "VmRSS: 0 kB"
    kilobytes = int(status.partition("VmRSS:")[2].split()[0])
    print(json.dumps({{"seconds": seconds, "megabytes": kilobytes * 1024 / 1e6, "modules": list(sys.modules)}}))

asyncio.run(main())
"""
LIBRARIES = """
import json, time
import aiohttp, babel, pydantic_settings, slack_bolt.async_app, sqlalchemy.ext.asyncio, structlog, tantivy, uvicorn
print(json.dumps({"seconds": time.process_time()}))
"""
ADAPTERS = {
    "slack": ("mentorbot.adapters.slack.adapter",),
    "discord": ("mentorbot.adapters.discord.adapter",),
    "both": ("mentorbot.adapters.slack.adapter", "mentorbot.adapters.discord.adapter"),
}
MAX_MEGABYTES = {"slack": 185, "discord": 187, "both": 197}
"""A tenth more than what it takes on Linux. A sixth of that is the search index of the role packs."""
MAX_TIMES_THE_LIBRARIES = 3.5
"""It's 2.5 times the processor's time that importing the libraries takes."""
STARTS = 2
"""The quicker one counts: other work on the machine only adds to it."""

MAX_OWN_MODULES_FOR_HELP = 6
"""Each takes a millisecond or so; someone who types `--help` waits for all of them."""


def measured(env: dict[str, str], script: str) -> Any:
    """Run a script that prints JSON."""
    result = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=120, check=True
    )
    return json.loads(result.stdout.splitlines()[-1])


def first_answer(env: dict[str, str], adapter: str) -> Any:
    """Start a bot in a process of its own, with a database and compiled modules from before."""
    compiling = {name: value for name, value in env.items() if name != "PYTHONDONTWRITEBYTECODE"}
    script = FIRST_ANSWER.format(imports="".join(f"import {name}\n" for name in ADAPTERS[adapter]))
    measured(compiling, script)
    return min((measured(compiling, script) for _ in range(STARTS)), key=lambda start: start["seconds"])


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_bot_stays_small(env: dict[str, str], adapter: str) -> None:
    answered = first_answer(env, adapter)
    assert answered["megabytes"] < MAX_MEGABYTES[adapter]
    loaded = {name.partition(".")[0] for name in answered["modules"]}
    others = {"discord"} if adapter == "slack" else {"slack_bolt"} if adapter == "discord" else set()
    assert not loaded & (RARELY_NEEDED | others)


def test_the_first_answer_comes_soon(env: dict[str, str]) -> None:
    libraries = min(measured(env, LIBRARIES)["seconds"] for _ in range(STARTS))
    assert first_answer(env, "slack")["seconds"] < MAX_TIMES_THE_LIBRARIES * libraries


def test_help_loads_no_large_packages(env: dict[str, str]) -> None:
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mentorbot", "--help"],
        env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "mentorbot demo" in result.stdout
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    large = {"aiohttp", "discord", "pydantic", "rich", "slack_sdk", "sqlalchemy", "starlette", "structlog", "tantivy"}
    assert not imported & large
    ours = {name for name in imported if name.startswith("mentorbot.") and not name.startswith("mentorbot.cli")}
    assert len(ours) <= MAX_OWN_MODULES_FOR_HELP, sorted(ours)
