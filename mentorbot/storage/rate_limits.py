"""Token buckets in the database, shared by all replicas: the generic cell rate algorithm.

https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, case, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import RateLimit
from mentorbot.storage.tables import Base, BucketRow

_BUCKETS = Base.metadata.tables[BucketRow.__tablename__]
_FILL = update(_BUCKETS).where(_BUCKETS.c.name == bindparam("bucket")).values(free_at=bindparam("at"))


class TokenBuckets:
    """Some token buckets, locked until the transaction of `session` ends. `free_at` is by name, as in their rows."""

    def __init__(self, session: AsyncSession, free_at: dict[str, float]) -> None:
        self._session, self._free_at = session, free_at

    @classmethod
    async def lock(cls, session: AsyncSession, names: Iterable[str]) -> TokenBuckets:
        """Lock buckets, in the order of their names, so two processes never deadlock."""
        new_rows = [{"name": name, "free_at": 0.0} for name in sorted(set(names))]
        if not new_rows:
            return cls(session, {})
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        # An update that changes nothing locks the row and returns it, whether it existed or not.
        query = insert(_BUCKETS).on_conflict_do_update(index_elements=["name"], set_={"free_at": _BUCKETS.c.free_at})
        rows = await session.execute(query.returning(_BUCKETS.c.name, _BUCKETS.c.free_at), new_rows)
        return cls(session, {str(name): float(at) for name, at in rows})

    def take(self, limits: Sequence[RateLimit], now: datetime) -> datetime:
        """Take the next free slot of each limit's bucket. Returns the instant (UTC) when all of them allow a message."""
        slots = [self._take(limit, now.timestamp()) for limit in limits]
        return max(datetime.fromtimestamp(max(slots, default=0.0), UTC), now)

    def _take(self, limit: RateLimit, now: float) -> float:
        interval = 1 / limit.per_second
        after = max(self._free_at[limit.name], now) + interval
        self._free_at[limit.name] = after
        # A bucket lets `burst` messages go before it makes anyone wait.
        return after - limit.burst * interval

    async def save(self) -> None:
        """Write the slots that were taken."""
        if self._free_at:
            await self._session.execute(_FILL, [{"bucket": name, "at": at} for name, at in self._free_at.items()])


async def empty_until(session: AsyncSession, names: Sequence[str], until: datetime) -> None:
    """Keep buckets empty until an instant, because the platform has asked to wait."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    for name in sorted(names):
        at = until.timestamp()
        later = case((BucketRow.free_at > at, BucketRow.free_at), else_=at)
        query = insert(BucketRow).values(name=name, free_at=at)
        await session.execute(query.on_conflict_do_update(index_elements=["name"], set_={"free_at": later}))
