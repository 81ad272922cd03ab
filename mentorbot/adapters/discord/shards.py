"""One Discord application in several processes: each has its own shards, and they take turns to identify.

Discord lets `max_concurrency` shards identify every five seconds, and which of them may do so together follows from their
numbers: https://docs.discord.com/developers/events/gateway#sharding-max-concurrency.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from mentorbot.chat.platform import RateLimit
from mentorbot.clock import Clock
from mentorbot.errors import DatabaseProblem
from mentorbot.log_limit import LimitedLog
from mentorbot.storage import Store

log = logging.getLogger(__name__)
IDENTIFY_SECONDS = 5.0
"""Time between two identifies of shards that may not do it together."""
MAX_REMEMBERED_INTERACTIONS = 2_000


class IdentifyTurns:
    """Turns to identify, shared by all processes of an application."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def wait(self, application: str, shard: int, max_concurrency: int) -> None:
        """Wait for a shard's turn. Without a database it waits as long as one turn takes."""
        name = f"discord-identify-{application}-{shard % max_concurrency}"
        now = self._clock.now()
        try:
            turn = await self._store.maintenance.take_slot(RateLimit(name, 1 / IDENTIFY_SECONDS, 1, shared=True), now)
        except DatabaseProblem as error:
            log.warning("shard %s identifies without knowing whose turn it is: %s", shard, error)
            await asyncio.sleep(IDENTIFY_SECONDS)
            return
        await asyncio.sleep((turn - now).total_seconds())


class Twins:
    """Notices that another process answers with the same token and the same shards."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._log = LimitedLog(log)

    def is_repeated(self, number: str) -> bool:
        """Remember an interaction or message; True if this process has had it before, so a second answer is its own."""
        repeated = number in self._seen
        self._seen[number] = None
        if len(self._seen) > MAX_REMEMBERED_INTERACTIONS:
            self._seen.popitem(last=False)
        return repeated

    def report(self) -> None:
        """Say that someone else has answered what only this process has had."""
        self._log.warning(
            "another process answers with the same DISCORD_TOKEN, so both get everything. Stop one of them, or give each its "
            "own part with --shards"
        )
