"""The cost of an answer beside a bare handler: the same server and event loop, 64 connections, thousands of people.

    python -m tests.benchmarks.answers [REQUESTS] [LINE...]

`mentorbot run` and a bare slack_bolt handler each run in a process of their own, and take turns: a client, also a process of its
own, sends each of them REQUESTS signed slash commands from as many people, and then the other. CPU is what the server's process
uses for a request, in its own code and in the kernel; the ratio is the bare handler's CPU by ours, the median over the rounds.
Latencies are the client's. They only mean something on a machine with nothing else to do.

`help (new)` is from people the bot has never heard of; everyone else has a plan and has named their time zone.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from mentorbot.chat.platform import Workspace
from tests import postgresql
from tests.adapters.slack_adapter.server import BOT_TOKEN, SECRET
from tests.adapters.slack_adapter.state import TEAM
from tests.benchmarks.figures import HEADING, Figures, print_row
from tests.benchmarks.people import add_learners
from tests.benchmarks.processes import Process, free_port, mentorbot, module

PEOPLE = 10_000
REQUESTS = 2_000
ROUNDS = 5
NEW = " (new)"
LINES = (
    "salary senior",
    "brief responsibilities",
    "ask how long does it take",
    f"help{NEW}",
    "help",
    "plan show",
    "checkin now",
)


def main(requests: int, lines: Sequence[str]) -> None:
    """Print a table for each database."""
    with tempfile.TemporaryDirectory() as folder:
        for name, url in _databases(Path(folder)):
            learners = add_learners(url, Workspace("slack", TEAM), "L", PEOPLE)
            asyncio.run(_measure(name, url, learners, requests, lines))


def _databases(folder: Path) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder}/answers.db"
    if not postgresql.IS_INSTALLED:
        print("PostgreSQL: not measured, its wheel is not installed")
        return
    with postgresql.start_server(folder / "postgresql") as server:
        yield "PostgreSQL", postgresql.create_database(server, "answers")


async def _measure(name: str, url: str, learners: Sequence[str], requests: int, lines: Sequence[str]) -> None:
    async with AsyncExitStack() as running:
        platform = await running.enter_async_context(module("tests.benchmarks.delivery_platform", "0", "0"))
        api = await platform.line()
        bare = await running.enter_async_context(module("tests.benchmarks.bare_slack", api))
        bare.port = int(await bare.line())
        port = free_port()
        env = {"DATABASE_URL": url, "PORT": str(port), "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SECRET}
        ours = await running.enter_async_context(mentorbot({**env, "SLACK_API_URL": api}))
        ours.port = port
        client = await running.enter_async_context(module("tests.benchmarks.slack_client"))
        print(f"\n{name:28}{HEADING}")
        for line in lines:
            people = [f"N{number}" for number in range(PEOPLE)] if line.endswith(NEW) else list(learners)
            figures = await _compare(client, (bare, ours), api, line.removesuffix(NEW), people, requests)
            print_row(line, *figures)
        print(f"{'resident memory':28}  {ours.memory():.0f} MB (bare: {bare.memory():.0f} MB)", flush=True)


async def _compare(
    client: Process, servers: tuple[Process, Process], api: str, text: str, people: Sequence[str], requests: int
) -> tuple[Figures, Figures]:
    """Measure a line on both servers in turn, after a round that isn't counted."""
    figures = Figures(), Figures()
    for number in range(ROUNDS + 1):
        first = number * requests % len(people)
        users = [*people[first:], *people[:first]][:requests]
        for server, measured in zip(servers, figures, strict=True):
            before = server.cpu_seconds()
            expected = '"blocks"' if server is servers[1] else "ok"
            order = {"port": server.port, "text": text, "users": users, "requests": requests, "expected": expected}
            result = await client.ask(order | {"response_url": f"{api}respond"})
            if result["wrong"]:
                raise RuntimeError(f"{text}: {result['wrong']}")
            if number:
                measured.add(server.cpu_seconds() - before, result)
    return figures


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else REQUESTS, sys.argv[2:] or LINES)
