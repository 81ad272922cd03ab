"""A client that sends signed slash commands over many connections at once, in a process of its own.

    python -m tests.benchmarks.slack_client

Each line it reads is a round, as JSON: `port`, the command's `text`, the `users` who type it in turn, how many
`requests`, a text that's `expected` in each answer, and the `response_url`.
It prepares and signs all of them, sends them over `CONNECTIONS` connections, each waiting for its answer, and writes one line:
the `latencies` in milliseconds, ascending, the `seconds` the round took, how many answers were so `late` that Slack gets them at
the `response_url`, and `wrong`, the first answer that wasn't one.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from typing import Any, cast
from urllib.parse import urlencode

import httptools

from mentorbot.cli.common import run_async
from mentorbot.clock import Clock
from tests.adapters.slack_adapter.server import SECRET
from tests.adapters.slack_adapter.state import TEAM

CONNECTIONS = 64
_TRIGGERS = count(time.monotonic_ns())


@dataclass
class Round:
    """The requests of one round, and what became of them."""

    requests: Iterator[bytes]
    expected: bytes
    latencies: list[float] = field(default_factory=list)
    late: int = 0
    wrong: str = ""


class Connection(asyncio.Protocol):
    """A connection that sends one request after another until the round has none left."""

    def __init__(self, round_: Round) -> None:
        self._round = round_
        self._parser = httptools.HttpResponseParser(self)
        self._body = bytearray()
        self._transport: asyncio.Transport | None = None
        self._began = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        request = next(self._round.requests, None)
        if request is None:
            self._transport.close()
            return
        self._body.clear()
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, data: bytes) -> None:
        self._body += data

    def on_message_complete(self) -> None:
        self._round.latencies.append((time.perf_counter() - self._began) * 1000)
        status = self._parser.get_status_code()
        if status == 200 and not self._body:
            self._round.late += 1
        elif (status != 200 or self._round.expected not in self._body) and not self._round.wrong:
            self._round.wrong = f"{status} {self._body[:300].decode()}"
        self._send()

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


def signed_requests(text: str, users: list[str], requests: int, response_url: str) -> list[bytes]:
    """Build and sign slash commands, as Slack sends them."""
    timestamp = str(int(Clock().now().timestamp()))
    return [_signed(text, user, timestamp, response_url) for user in islice(cycle(users), requests)]


def _signed(text: str, user: str, timestamp: str, response_url: str) -> bytes:
    form = {
        "command": "/mentor", "text": text, "user_id": user, "user_name": f"somebody.{user.lower()}", "channel_id": "C1",
        "channel_name": "general", "team_id": TEAM, "team_domain": "team", "trigger_id": f"{next(_TRIGGERS)}.1",
        "response_url": response_url, "is_enterprise_install": "false", "api_app_id": "A1",
    }  # fmt: skip
    body = urlencode(form).encode()
    digest = hmac.new(SECRET.encode(), b"v0:%s:%s" % (timestamp.encode(), body), hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {timestamp}\r\nX-Slack-Signature: v0={digest}\r\n\r\n"
    )
    return head.encode() + body


async def send_all(port: int, requests: list[bytes], expected: str) -> dict[str, Any]:
    """Send one round's requests, and tell what became of them."""
    round_ = Round(iter(requests), expected.encode())
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    made = [await loop.create_connection(lambda: Connection(round_), "127.0.0.1", port) for _ in range(CONNECTIONS)]
    await asyncio.gather(*(connection.ended for _, connection in made))
    seconds = time.perf_counter() - began
    if len(round_.latencies) != len(requests):
        round_.wrong = round_.wrong or f"{len(requests) - len(round_.latencies)} requests got no answer"
    return {"latencies": sorted(round_.latencies), "seconds": seconds, "late": round_.late, "wrong": round_.wrong}


async def main() -> None:
    """Run rounds until there's no more input."""
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        requests = signed_requests(order["text"], order["users"], order["requests"], order["response_url"])
        print(json.dumps(await send_all(order["port"], requests, order["expected"])), flush=True)


if __name__ == "__main__":
    run_async(main())
