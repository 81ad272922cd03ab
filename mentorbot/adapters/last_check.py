"""The last check before a request is written, in aiohttp, through which slack_sdk and discord.py both speak."""

from __future__ import annotations

from types import SimpleNamespace

import aiohttp

from mentorbot.messenger import must_be_ours


def last_check() -> aiohttp.TraceConfig:
    """Refuses a request, once its connection is there, when the message in it is no longer ours to send."""

    async def check(_: aiohttp.ClientSession, __: SimpleNamespace, ___: object) -> None:
        must_be_ours()

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(check)
    trace.on_connection_reuseconn.append(check)
    return trace
