"""The cost of an answer on Discord, from an interaction's arrival to its callback, beside a bare discord.py command.

    python -m tests.benchmarks.discord_answers [INTERACTIONS]

Both bots run in processes of their own and take turns; so does the Discord of each, which keeps 64 interactions waiting, and
checks that every callback is the answer. Everyone has a plan. CPU, ratio and latencies are as in `tests.benchmarks.answers`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from typing import Any

from mentorbot.chat.platform import Workspace
from tests.adapters.discord_adapter.payloads import GUILD, TOKEN
from tests.benchmarks.figures import HEADING, Figures, print_row
from tests.benchmarks.people import add_learners
from tests.benchmarks.processes import Process, mentorbot, module

INTERACTIONS = 1_000
PEOPLE = 5_000
ROUNDS = 5
FIRST_ID = "9000000000"
"""The number people's ids begin with. Discord's are numbers."""
HELP = {"type": 1, "name": "help"}
COMMANDS: dict[str, tuple[dict[str, Any], str]] = {
    "help": (HELP, "What would you like to do?"),
    "salary senior": (
        {"type": 1, "name": "salary", "options": [{"type": 3, "name": "level", "value": "senior"}]},
        "Senior: ",
    ),
    "plan show": ({"type": 2, "name": "plan", "options": [{"type": 1, "name": "show"}]}, "This week"),
    "checkin now": ({"type": 2, "name": "checkin", "options": [{"type": 1, "name": "now"}]}, "How did"),
}
"""Lines the bot is asked, with a text that's in each answer. The bare one is always asked for help."""


def main(interactions: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/answers.db"
        asyncio.run(_measure(url, add_learners(url, Workspace("discord", GUILD), FIRST_ID, PEOPLE), interactions))


async def _measure(url: str, learners: list[str], interactions: int) -> None:
    async with AsyncExitStack() as running:
        places = [await running.enter_async_context(module("tests.benchmarks.discord_platform")) for _ in range(2)]
        urls = [await place.line() for place in places]
        bare = await running.enter_async_context(module("tests.benchmarks.bare_discord", urls[0]))
        env = {"DATABASE_URL": url, "DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": urls[1]}
        ours = await running.enter_async_context(mentorbot(env))
        for place in places:
            await place.ask({"connected": True})
        print(f"\n{'Discord, SQLite':28}{HEADING}")
        for name, asked in COMMANDS.items():
            servers = list(zip(places, (bare, ours), ((HELP, "ok"), asked), strict=True))
            print_row(name, *await _compare(servers, learners, interactions))
        print(f"{'resident memory':28}  {ours.memory():.0f} MB (bare: {bare.memory():.0f} MB)", flush=True)


async def _compare(
    servers: list[tuple[Process, Process, tuple[dict[str, Any], str]]], people: list[str], interactions: int
) -> tuple[Figures, Figures]:
    """Measure a command on both bots in turn, after a round that isn't counted."""
    figures = Figures(), Figures()
    for number in range(ROUNDS + 1):
        first = number * interactions % len(people)
        users = [*people[first:], *people[:first]][:interactions]
        for (place, bot, (command, expected)), measured in zip(servers, figures, strict=True):
            before = bot.cpu_seconds()
            data = {"id": "1", "name": "mentor", "type": 1, "options": [command]}
            result = await place.ask({"data": data, "users": users, "expected": expected})
            if result["wrong"]:
                raise RuntimeError(f"{command['name']}: {result['wrong']}")
            if number:
                measured.add(bot.cpu_seconds() - before, result)
    return figures


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else INTERACTIONS)
