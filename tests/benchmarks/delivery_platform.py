"""A Slack that answers chat.postMessage at once, in a process of its own; it counts, and may have a limit.

    python -m tests.benchmarks.delivery_platform PER_SECOND BURST

0 0 is for no limit.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time

from aiohttp import web

# It shares the machine with what is measured, so it reads no more of a request than it must.
_KEY = re.compile(rb"key(?::|%3A)([\w-]+)")
PEOPLE = [f"{prefix}{number}" for number in range(10_000) for prefix in "LN"]


class Platform:
    """Knows everyone, and counts requests, posts and their keys; beyond the limit of a workspace it answers 429."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second, self._burst = per_second, burst
        self._tokens, self._at = burst, time.monotonic()
        self.requests, self.posts, self.refused = 0, 0, 0
        self.keys: set[bytes] = set()

    async def post(self, request: web.Request) -> web.Response:
        """Answer chat.postMessage."""
        self.requests += 1
        if not self._allowed():
            self.refused += 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        key = _KEY.search(await request.read())
        assert key is not None
        self.posts += 1
        self.keys.add(key[1])
        return web.json_response({"ok": True, "ts": f"{self.posts}.0", "channel": "C1"})

    async def open(self, request: web.Request) -> web.Response:
        """Answer conversations.open: the channel is named after the person."""
        self.requests += 1
        user_id = await _parameter(request, "users")
        return web.json_response({"ok": True, "channel": {"id": f"D{user_id}"}})

    async def member(self, request: web.Request) -> web.Response:
        """Answer users.info: everyone is in UTC."""
        self.requests += 1
        user_id = await _parameter(request, "user")
        return web.json_response({"ok": True, "user": {"id": user_id, "name": "somebody", "tz": "UTC"}})

    async def members(self, request: web.Request) -> web.Response:
        """Answer users.list: a page of the people in benchmarks, whether they know the bot (L) or not (N)."""
        self.requests += 1
        start, size = int(await _parameter(request, "cursor") or 0), int(await _parameter(request, "limit"))
        end = start + size
        users = [{"id": user_id, "name": "somebody", "tz": "UTC"} for user_id in PEOPLE[start:end]]
        cursor = str(end) if end < len(PEOPLE) else ""
        return web.json_response({"ok": True, "members": users, "response_metadata": {"next_cursor": cursor}})

    async def owner(self, _: web.Request) -> web.Response:
        """Answer auth.test, a bot's first call."""
        return web.json_response({"ok": True, "user_id": "UBOT", "bot_id": "B1", "team_id": "T1"})

    async def respond(self, request: web.Request) -> web.Response:
        """Take an answer at the response_url."""
        await request.read()
        return web.Response(text="ok")

    async def counts(self, _: web.Request) -> web.Response:
        """Tell what was counted."""
        counts = {"requests": self.requests, "posts": self.posts, "keys": len(self.keys), "refused": self.refused}
        return web.json_response(counts)

    def _allowed(self) -> bool:
        if not self._per_second:
            return True
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


async def _parameter(request: web.Request, name: str) -> str:
    return str(request.query.get(name) or (await request.post()).get(name) or "")


async def _serve(per_second: float, burst: float) -> None:
    platform, app = Platform(per_second, burst), web.Application()
    app.router.add_post("/api/chat.postMessage", platform.post)
    app.router.add_post("/api/conversations.open", platform.open)
    app.router.add_get("/api/users.info", platform.member)
    app.router.add_get("/api/users.list", platform.members)
    app.router.add_post("/api/auth.test", platform.owner)
    app.router.add_post("/api/respond", platform.respond)
    app.router.add_get("/api/counts", platform.counts)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"ready\nhttp://127.0.0.1:{runner.addresses[0][1]}/api/", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1]), float(sys.argv[2])))
