"""The last lease check before a request is written. It hooks into aiohttp, which both slack_sdk and discord.py use."""

from __future__ import annotations

from types import SimpleNamespace

import aiohttp

from mentorbot.chat.platform import check_lease


def lease_guard() -> aiohttp.TraceConfig:
    """Build a trace that refuses to write a request once its message's lease has been lost.

    The first check runs when the connection is ready, where an error reaches the caller unchanged. The second runs just before
    the first byte is written, which is the last moment a frozen process can still be stopped.
    """

    async def check(_: aiohttp.ClientSession, __: SimpleNamespace, ___: object) -> None:
        check_lease()

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(check)
    trace.on_connection_reuseconn.append(check)
    # aiohttp calls this before it writes, and writes headers and body together.
    trace.on_request_chunk_sent.append(check)
    return trace
