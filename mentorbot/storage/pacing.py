"""A token bucket in the database, shared by all replicas: the generic cell rate algorithm, one atomic statement a bucket.

https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.messenger import Pace
from mentorbot.storage.tables import BucketRow, Table

_BUCKETS = Table.metadata.tables[BucketRow.__tablename__]


async def take_slot(session: AsyncSession, paces: Sequence[Pace], now: datetime) -> datetime:
    """Take the next free slot of every bucket; the instant (UTC) at which all of them let a message go."""
    # In the order of their names, so that two processes never wait for each other.
    slots = [await _take(session, pace, now.timestamp()) for pace in sorted(paces, key=lambda pace: pace.name)]
    return datetime.fromtimestamp(max(slots, default=0.0), UTC)


async def _take(session: AsyncSession, pace: Pace, now: float) -> float:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    interval = 1 / pace.per_second
    free_at = _BUCKETS.c.free_at
    query = (
        insert(_BUCKETS)
        .values(name=pace.name, free_at=now + interval)
        .on_conflict_do_update(
            index_elements=["name"], set_={"free_at": case((free_at > now, free_at), else_=now) + interval}
        )
        .returning(free_at)
    )
    after = float((await session.scalars(query)).one())
    # A bucket of `burst` lets so many go before it makes anybody wait.
    return max(now, after - pace.burst * interval)


async def empty_until(session: AsyncSession, names: Sequence[str], until: datetime) -> None:
    """Let no message go before `until`: the platform has asked to wait."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    for name in sorted(names):
        at = until.timestamp()
        later = case((BucketRow.free_at > at, BucketRow.free_at), else_=at)
        query = insert(BucketRow).values(name=name, free_at=at)
        await session.execute(query.on_conflict_do_update(index_elements=["name"], set_={"free_at": later}))
