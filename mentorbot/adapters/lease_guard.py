"""The last check before a request is written, in aiohttp, through which slack_sdk and discord.py both speak."""

from __future__ import annotations

from types import SimpleNamespace

import aiohttp

from mentorbot.chat.platform import check_lease


def lease_guard() -> aiohttp.TraceConfig:
    """Refuses a request when the message in it is no longer ours to send: once its connection is there, so that a check that
    fails says so; and again when its first byte is about to be written, which is the last moment there is.
    """

    async def check(_: aiohttp.ClientSession, __: SimpleNamespace, ___: object) -> None:
        check_lease()

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(check)
    trace.on_connection_reuseconn.append(check)
    trace.on_request_chunk_sent.append(check)  # aiohttp calls it before it writes, headers and body together
    return trace
