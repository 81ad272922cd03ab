"""slack_sdk's client, told what we need of it: one session, no retries, and a last check before a request is written."""

from __future__ import annotations

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from mentorbot.adapters.last_check import last_check

TIMEOUT_SECONDS = 20


class SlackClient(AsyncWebClient):
    """A client that must not retry by itself: see `SlackMessenger`. Between `open` and `close` its connections are kept."""

    def __init__(self, token: str, base_url: str) -> None:
        super().__init__(token=token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])

    async def open(self) -> None:
        """Keep connections from now on; slack_sdk would make a new one for every request.

        The proxy is the one that slack_sdk finds in the environment. The session itself must not trust the environment: it would
        look for passwords in ~/.netrc with every request, and fail where it finds one beside the token.
        """
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        self.session = aiohttp.ClientSession(timeout=timeout, trace_configs=[last_check()])

    async def close(self) -> None:
        """Give the connections back."""
        if self.session is not None:
            await self.session.close()
