"""The web server against clients that send half a request, read nothing, or open far too many connections."""

from __future__ import annotations

import asyncio
import inspect
import resource
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mentorbot.adapters import web_server
from mentorbot.adapters.web_server import WebServer

HALF_HEADERS = b"POST /echo HTTP/1.1\r\nHost: here\r\n"
HALF_BODY = HALF_HEADERS + b"Content-Length: 100\r\n\r\nhalf"

FLOOD_BYTES = 20_000_000

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def echo(request: Request) -> Response:
    return PlainTextResponse(await request.body())


async def flood(_: Request) -> Response:
    return PlainTextResponse(b"x" * FLOOD_BYTES)


@asynccontextmanager
async def serving(request_seconds: float = web_server.REQUEST_SECONDS) -> AsyncIterator[WebServer]:
    routes = [Route("/echo", echo, methods=["POST"]), Route("/flood", flood)]
    server = WebServer(Starlette(routes=routes), "127.0.0.1", 0, request_seconds=request_seconds)
    await server.start("")
    try:
        yield server
    finally:
        await server.stop()


async def post(server: WebServer) -> str:
    async with httpx.AsyncClient(timeout=20) as client:
        return (await client.post(f"http://127.0.0.1:{server.port}/echo", content=b"hello")).text


@asynccontextmanager
async def attack(server: WebServer, count: int, data: bytes) -> AsyncIterator[list[Connection]]:
    """Open `count` connections that send `data` and nothing more."""
    connections: list[Connection] = []
    try:
        for _ in range(count):
            connections.append(await asyncio.open_connection("127.0.0.1", server.port))
            connections[-1][1].write(data)
        yield connections
    finally:
        for _, writer in connections:
            writer.transport.abort()
        await asyncio.sleep(0)


async def is_cut_off(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("half", [b"", HALF_HEADERS, HALF_BODY])
async def test_half_a_request_is_cut_off(half: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(0.5) as server:
        async with attack(server, 20, half) as connections, asyncio.timeout(10):
            assert all([await is_cut_off(reader) for reader, _ in connections])
        assert await post(server) == "hello"
    assert len(caplog.messages) == 1
    assert "didn't send its whole request" in caplog.text


async def test_request_that_drips_in_is_cut_off() -> None:
    async with serving(0.5) as server, attack(server, 1, HALF_HEADERS) as connections:
        reader, writer = connections[0]

        async def drip() -> None:
            while True:
                writer.write(b"X-A: b\r\n")
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        async with asyncio.timeout(10):
            assert await is_cut_off(reader)
        dripping.cancel()


async def test_endless_headers_are_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as server:
        async with attack(server, 1, HALF_HEADERS + b"X-A: " + b"b" * 1_000_000) as connections, asyncio.timeout(5):
            assert await is_cut_off(connections[0][0])
        assert await post(server) == "hello"
    assert "bytes of headers" in caplog.text


async def test_large_body_is_no_header() -> None:
    async with serving() as server, httpx.AsyncClient(timeout=20) as client:
        for _ in range(3):
            body = b"x" * 500_000
            assert (await client.post(f"http://127.0.0.1:{server.port}/echo", content=body)).content == body


async def test_second_request_of_a_connection_has_a_deadline_too() -> None:
    whole = b"POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\nhi"
    async with serving(0.5) as server, attack(server, 1, whole + HALF_BODY) as connections, asyncio.timeout(10):
        reader, _ = connections[0]
        assert (await reader.readuntil(b"\r\n\r\nhi")).startswith(b"HTTP/1.1 200")
        assert await is_cut_off(reader)


async def test_door_answers_while_all_connections_are_half_sent(caplog: pytest.LogCaptureFixture) -> None:
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, descriptors[1]))
    try:
        server = serving()
        running = await server.__aenter__()
    finally:
        # The attacker's ends of the connections are in this process, too.
        resource.setrlimit(resource.RLIMIT_NOFILE, descriptors)
    try:
        async with attack(running, 300, HALF_BODY):
            assert await post(running) == "hello"
    finally:
        await server.__aexit__(None, None, None)
    assert len(caplog.messages) == 1
    assert "all 128 connections are taken" in caplog.text


async def test_unread_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(web_server, "WRITE_SECONDS", 0.2)
    async with serving() as server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"GET /flood HTTP/1.1\r\nHost: here\r\n\r\n")
            for _ in range(200):
                if caplog.messages:
                    break
                await asyncio.sleep(0.05)
            assert await asyncio.to_thread(_received, client) < FLOOD_BYTES
        assert await post(server) == "hello"
    assert caplog.messages == ["a client didn't read its answer within 0.2 s; it's cut off"]


def _received(client: socket.socket) -> int:
    """Count the bytes that arrive until the server's end is closed."""
    client.settimeout(10)
    total = 0
    try:
        while part := client.recv(1 << 20):
            total += len(part)
    except ConnectionResetError:
        pass
    return total


async def test_invalid_requests_are_one_line(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as server, attack(server, 30, b"nonsense\r\n\r\n") as connections:
        for reader, _ in connections:
            assert b"400" in await reader.read()
    assert len(caplog.messages) == 1


async def test_small_answers_are_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    options = []
    made = web_server._GuardedProtocol.connection_made

    def record(self: web_server._GuardedProtocol, transport: asyncio.Transport) -> None:
        connection = transport.get_extra_info("socket")
        options.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        made(self, transport)

    monkeypatch.setattr(web_server._GuardedProtocol, "connection_made", record)
    async with serving() as server:
        assert await post(server) == "hello"
    assert options == [1]


async def test_stopping_with_half_a_request_open_is_quick() -> None:
    async with serving(0.5) as server, attack(server, 3, HALF_BODY):
        before = time.monotonic()
        await server.stop()
    assert time.monotonic() - before < 5


@pytest.mark.parametrize(
    "check",
    [
        test_request_that_drips_in_is_cut_off,
        test_endless_headers_are_cut_off,
        test_second_request_of_a_connection_has_a_deadline_too,
        test_door_answers_while_all_connections_are_half_sent,
        test_unread_answer_is_cut_off,
        test_small_answers_are_sent_at_once,
        test_stopping_with_half_a_request_open_is_quick,
    ],
)
def test_uvloop_is_as_safe(check: Callable[..., Coroutine[Any, Any, None]], request: pytest.FixtureRequest) -> None:
    """The bot runs on uvloop, which accepts and buffers in a way of its own."""
    fixtures = {name: request.getfixturevalue(name) for name in inspect.signature(check).parameters}
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(check(**fixtures))
