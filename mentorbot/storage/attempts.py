"""Beginning and settling attempts to send, many in one transaction: rows are locked, looked at, and written back.

Buckets are locked before rows, and both in their order, as everywhere: so two processes never wait for each other in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import RateLimit
from mentorbot.domain.records import PlatformProfile
from mentorbot.storage.database import LOCKING
from mentorbot.storage.notices import Notice
from mentorbot.storage.people import put_down_profiles
from mentorbot.storage.rate_limits import TokenBuckets
from mentorbot.storage.tables import Base, DeliveryRow, ScheduleRow

# Statements that run for each message go to the table itself, past what the ORM does for objects that are in memory.
_DELIVERIES = Base.metadata.tables[DeliveryRow.__tablename__]
_SCHEDULES = Base.metadata.tables[ScheduleRow.__tablename__]
Query = TypeVar("Query", bound=Select[Any])
_COLUMNS = ("begun_at", "attempts", "not_before", "slot_at", "merged_into", "item")

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def _in_order(query: Query) -> Query:
    locked = query.order_by(_DELIVERIES.c.id).with_for_update(of=_DELIVERIES)
    return locked.execution_options(**LOCKING)


def locked(*where: ColumnElement[bool]) -> Select[int]:
    """Ids of some deliveries, which are ours until the transaction ends."""
    return _in_order(select(_DELIVERIES.c.id).where(*where))


_LOCK: Select[Any] = _in_order(
    select(_DELIVERIES.c.id, *(_DELIVERIES.c[name] for name in _COLUMNS), _SCHEDULES.c.state == "active")
    .join(_SCHEDULES, _DELIVERIES.c.schedule_id == _SCHEDULES.c.id)
    .where(_DELIVERIES.c.state == "pending", _DELIVERIES.c.merged_into.is_(None), _DELIVERIES.c.id.in_(_IDS))
)
# The state is looked at in what comes: asked for it, SQLite would go through all that is pending.
_ARRIVED: Select[Any] = _in_order(
    select(_DELIVERIES.c.id, _DELIVERIES.c.merged_into, _DELIVERIES.c.state).where(
        or_(_DELIVERIES.c.id.in_(_IDS), _DELIVERIES.c.merged_into.in_(_IDS))
    )
)
_WRITE = update(_DELIVERIES).where(_DELIVERIES.c.id == bindparam("row")).values({n: bindparam(n) for n in _COLUMNS})
_SENT = (
    update(_DELIVERIES)
    .where(_DELIVERIES.c.id == bindparam("row"))
    .values(state="sent", sent_at=bindparam("at"), message_id=bindparam("message"))
)

WORTH_WAITING = timedelta(seconds=1)
"""A slot that is no further away is waited for; a later one comes back to the delivery at its time."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What is put down together with an attempt: `others` (ids) travel in its message, `items` says what deliveries (by id) hold,
    and `notices` follow it; `profiles` is what the platform has told of people (by our id) meanwhile. A notice that is there
    already stays as it is.
    """

    others: Sequence[int] = ()
    items: Mapping[int, str] = field(default_factory=dict)
    notices: Sequence[Notice] = ()
    profiles: Mapping[int, PlatformProfile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that somebody wants to begin `now` (UTC), for themselves alone until `lease`, at a delivery that had so many
    `attempts` when they looked.
    """

    delivery_id: int
    attempts: int
    now: datetime
    lease: datetime
    enclosed: Enclosed = field(default_factory=Enclosed)
    paces: Sequence[RateLimit] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery that has arrived as `message_id`, with all that travelled in the same message."""

    delivery_id: int
    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """Another thing to put down of a delivery, unless it had not `seen` attempts any more (None: however many); `carried` is
    put down of what was to travel in its message.
    """

    delivery_id: int
    seen: int | None
    values: Mapping[str, object]
    carried: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class _Row:
    """What an attempt changes in a delivery."""

    begun_at: datetime | None
    attempts: int
    not_before: datetime
    slot_at: datetime | None
    merged_into: int | None
    item: str
    active: bool
    """Whether its schedule is."""

    def free(self, attempt: Attempt) -> bool:
        """Whether `attempt` may begin: nobody has begun another one since it was looked at, nor carries the message away."""
        same = self.attempts == attempt.attempts and self.merged_into is None
        return self.active and same and self.not_before <= attempt.now

    def joins(self) -> bool:
        """Whether it may travel in the message of another one."""
        return self.begun_at is None and self.merged_into is None


async def begin_all(session: AsyncSession, wanted: Sequence[Attempt]) -> list[datetime | None]:
    """Begin what may be begun; for each, the instant (UTC) at which the limits let it go, or None (see `Queue`)."""
    buckets = await TokenBuckets.lock(session, (pace.name for attempt in wanted for pace in attempt.paces))
    ids = {number for attempt in wanted for number in (attempt.delivery_id, *attempt.enclosed.others)}
    rows, changed = await _lock(session, ids), set[int]()
    slots = [_begin(attempt, rows, changed, buckets) for attempt in wanted]
    if changed:
        await buckets.save()
        await session.execute(_WRITE, [_values(number, rows[number]) for number in sorted(changed)])
    await _put_down(session, [attempt for attempt, slot in zip(wanted, slots, strict=True) if slot is not None])
    # Where a slot is far away, what the platform has told is not asked for again then.
    told = [attempt.enclosed.profiles for attempt in wanted if attempt.delivery_id in changed]
    await put_down_profiles(session, {number: one for profiles in told for number, one in profiles.items()})
    return slots


async def _put_down(session: AsyncSession, begun: Sequence[Attempt]) -> None:
    """The notices that are enclosed."""
    notices = [notice.row(attempt.now) for attempt in begun for notice in attempt.enclosed.notices]
    if notices:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        await session.execute(insert(_DELIVERIES).on_conflict_do_nothing(), notices)


async def _lock(session: AsyncSession, ids: Iterable[int]) -> dict[int, _Row]:
    """The pending ones among some deliveries that are not carried by another one, ours until the transaction ends."""
    found = await session.execute(_LOCK, {"ids": list(ids)})
    return {row[0]: _Row(*row[1:]) for row in found}


def _begin(attempt: Attempt, rows: dict[int, _Row], changed: set[int], buckets: TokenBuckets) -> datetime | None:
    row = rows.get(attempt.delivery_id)
    others = [number for number in attempt.enclosed.others if number in rows and rows[number].joins()]
    if row is None or not row.free(attempt) or len(others) < len(attempt.enclosed.others):
        return None
    changed.add(attempt.delivery_id)
    slot = buckets.take(attempt.paces, attempt.now)
    if slot - attempt.now > WORTH_WAITING:
        row.not_before = row.slot_at = slot
        return None
    row.begun_at, row.attempts, row.not_before = row.begun_at or attempt.now, row.attempts + 1, attempt.lease
    for number in others:
        rows[number].merged_into = attempt.delivery_id
    for number, item in attempt.enclosed.items.items():
        rows[number].item = item
    changed.update(others)
    return slot


def _values(number: int, row: _Row) -> dict[str, object]:
    return {"row": number} | {name: getattr(row, name) for name in _COLUMNS}


async def settle_all(session: AsyncSession, arrived: Sequence[Sent]) -> None:
    """Put down what has arrived, with all that was carried; what is settled already stays as it is.

    What hindered it last stays on the record: it is the reason of one that came late.
    """
    by_id = {sent.delivery_id: sent for sent in arrived}
    found = (await session.execute(_ARRIVED, {"ids": list(by_id)})).all()
    values = [
        _sent(number, by_id.get(number) or by_id[carrier]) for number, carrier, state in found if state == "pending"
    ]
    if values:
        await session.execute(_SENT, values)


async def change_all(session: AsyncSession, wanted: Sequence[Change]) -> list[bool]:
    """For each change, whether it could be made: the delivery is pending, in no other's message, and as it was seen."""
    carried: defaultdict[int, list[int]] = defaultdict(list)
    for number, carrier, state in await session.execute(_ARRIVED, {"ids": [one.delivery_id for one in wanted]}):
        if carrier is not None and state == "pending":
            carried[carrier].append(number)
    made = {id(one): await _change(session, one) for one in sorted(wanted, key=lambda one: one.delivery_id)}
    for one in wanted:
        if made[id(one)] and one.carried and carried[one.delivery_id]:
            query = update(_DELIVERIES).where(_DELIVERIES.c.id.in_(carried[one.delivery_id]))
            await session.execute(query.values(one.carried))
    return [made[id(one)] for one in wanted]


async def _change(session: AsyncSession, one: Change) -> bool:
    query = update(_DELIVERIES).where(
        _DELIVERIES.c.id == one.delivery_id, _DELIVERIES.c.state == "pending", _DELIVERIES.c.merged_into.is_(None)
    )
    if one.seen is not None:
        query = query.where(_DELIVERIES.c.attempts == one.seen)
    result = await session.execute(query.values(one.values))
    return bool(getattr(result, "rowcount", 0))


def _sent(number: int, sent: Sent) -> dict[str, object]:
    return {"row": number, "at": sent.at, "message": sent.message_id}
