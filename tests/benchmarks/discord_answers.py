"""The cost of an answer on Discord, from an interaction's arrival to its callback, beside a bare discord.py command.

    python -m tests.benchmarks.discord_answers [INTERACTIONS]

Both bots run in processes of their own and take turns; so does Discord, which keeps 64 interactions waiting. CPU, ratio
and latencies are as in `tests.benchmarks.answers`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from typing import Any

from tests.adapters.discord_adapter.payloads import TOKEN
from tests.benchmarks.figures import HEADING, Figures, print_row
from tests.benchmarks.processes import Process, mentorbot, module

INTERACTIONS = 1_000
ROUNDS = 5
HELP = {"type": 1, "name": "help"}
COMMANDS: dict[str, dict[str, Any]] = {
    "help": HELP,
    "salary senior": {"type": 1, "name": "salary", "options": [{"type": 3, "name": "level", "value": "senior"}]},
    "plan show": {"type": 2, "name": "plan", "options": [{"type": 1, "name": "show"}]},
}


async def main(interactions: int) -> None:
    """Print the table."""
    async with AsyncExitStack() as running:
        folder = running.enter_context(tempfile.TemporaryDirectory())
        places = [await running.enter_async_context(module("tests.benchmarks.discord_platform")) for _ in range(2)]
        urls = [await place.line() for place in places]
        bare = await running.enter_async_context(module("tests.benchmarks.bare_discord", urls[0]))
        env = {"DATABASE_URL": f"sqlite:///{folder}/answers.db", "DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": urls[1]}
        ours = await running.enter_async_context(mentorbot(env))
        for place in places:
            await place.ask({"connected": True})
        print(f"\n{'Discord, SQLite':28}{HEADING}")
        for name, command in COMMANDS.items():
            print_row(
                name, *await _compare(list(zip(places, (bare, ours), (HELP, command), strict=True)), interactions)
            )


async def _compare(
    servers: list[tuple[Process, Process, dict[str, Any]]], interactions: int
) -> tuple[Figures, Figures]:
    """Measure a command on both bots in turn, after a round that isn't counted."""
    figures = Figures(), Figures()
    for number in range(ROUNDS + 1):
        for (place, bot, command), measured in zip(servers, figures, strict=True):
            before = bot.cpu_seconds()
            data = {"id": "1", "name": "mentor", "type": 1, "options": [command]}
            result = await place.ask({"data": data, "interactions": interactions})
            if number:
                measured.add(bot.cpu_seconds() - before, result)
    return figures


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else INTERACTIONS))
