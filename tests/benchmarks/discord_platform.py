"""A Discord in a process of its own, which sends slash commands over the gateway and waits for their callbacks.

    python -m tests.benchmarks.discord_platform

Its address is the second line it prints. Each line it reads is a round, as JSON: the command's `data`, the `users` who send it,
one after the other, and a text that's `expected` in each answer. At most `AT_ONCE` wait for their callback at a time. It writes
one line: the `latencies` from an interaction to its callback in milliseconds, ascending, the `seconds` the round took, and
`wrong`, the first callback that wasn't the answer. A deferral is none.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from aiohttp import web

from mentorbot.cli.common import run_async
from tests.adapters.discord_adapter import payloads
from tests.adapters.discord_adapter.multipart import json_response
from tests.adapters.discord_adapter.server import DiscordServer

AT_ONCE = 64
CALLBACK_SECONDS = 30


class Platform(DiscordServer):
    """The fake Discord. It doesn't check callbacks, since it shares the machine with what's measured."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.waiting: dict[str, asyncio.Future[bytes]] = {}

    async def _api(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["rest"].split("/")
        if path[0] != "interactions":
            return await super()._api(request)
        body = await request.read()
        if not self.waiting[path[1]].done():
            self.waiting[path[1]].set_result(body)
        return json_response({"interaction": {"id": path[1], "type": 2}})

    async def round(self, data: dict[str, Any], users: list[str], expected: str) -> dict[str, Any]:
        """Send interactions, and wait for all callbacks."""
        places, latencies, wrong = asyncio.Semaphore(AT_ONCE), list[float](), list[str]()

        async def one(user_id: str) -> None:
            async with places:
                user = {**payloads.ADA, "id": user_id}
                member = payloads.lead() | {"user": user, "permissions": "0"}
                interaction = self.interaction(2, data, member=member)
                callback = self.waiting[interaction["id"]] = asyncio.get_running_loop().create_future()
                began = time.perf_counter()
                await self.deliver(interaction)
                answer = await asyncio.wait_for(callback, CALLBACK_SECONDS)
                latencies.append((time.perf_counter() - began) * 1000)
                del self.waiting[interaction["id"]]
                if expected.encode() not in answer:
                    wrong.append(answer[:300].decode())

        began = time.perf_counter()
        await asyncio.gather(*map(one, users))
        seconds = time.perf_counter() - began
        return {"latencies": sorted(latencies), "seconds": seconds, "wrong": wrong[0] if wrong else ""}


async def main() -> None:
    """Serve, and run rounds until there's no more input."""
    platform = Platform()
    await platform.start()
    print(f"ready\n{platform.url}", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        if order.get("data") is None:
            await platform.connected.wait()
            print("{}", flush=True)
        else:
            print(json.dumps(await platform.round(order["data"], order["users"], order["expected"])), flush=True)


if __name__ == "__main__":
    run_async(main())
