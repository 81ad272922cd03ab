"""Claims on deliveries for an attempt, so no two processes send one, and their settling: rows are locked, checked and written.

Buckets are locked before rows, and each kind in order, so two processes never deadlock.
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
from mentorbot.domain.deliveries import DeliveryState, ScheduleState
from mentorbot.domain.people import Asked, PlatformProfile
from mentorbot.storage.database import LOCKING
from mentorbot.storage.deliveries import OneOff
from mentorbot.storage.people import save_profiles, save_silence
from mentorbot.storage.rate_limits import TokenBuckets
from mentorbot.storage.tables import Base, DeliveryRow, ScheduleRow, WorkspaceRow

# Statements that run for each message use the tables directly, to skip the ORM's work for objects in memory.
_DELIVERIES = Base.metadata.tables[DeliveryRow.__tablename__]
_SCHEDULES = Base.metadata.tables[ScheduleRow.__tablename__]
_WORKSPACES = Base.metadata.tables[WorkspaceRow.__tablename__]
Query = TypeVar("Query", bound=Select[Any])
_COLUMNS = ("begun_at", "attempts", "not_before", "slot_at", "merged_into", "item")

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def _in_order(query: Query) -> Query:
    locked = query.order_by(_DELIVERIES.c.id).with_for_update(of=_DELIVERIES)
    return locked.execution_options(**LOCKING)


def locked(*where: ColumnElement[bool]) -> Select[int]:
    """Select and lock the ids of some deliveries. Nobody else can change them until the transaction ends."""
    return _in_order(select(_DELIVERIES.c.id).where(*where))


_LOCK: Select[Any] = _in_order(
    select(_DELIVERIES.c.id, *(_DELIVERIES.c[name] for name in _COLUMNS), _SCHEDULES.c.state)
    .outerjoin(_SCHEDULES, _DELIVERIES.c.schedule_id == _SCHEDULES.c.id)
    .join(_WORKSPACES, _DELIVERIES.c.workspace_id == _WORKSPACES.c.id)
    .where(
        _WORKSPACES.c.removed_at.is_(None),
        _DELIVERIES.c.state == DeliveryState.PENDING.value,
        _DELIVERIES.c.merged_into.is_(None),
        _DELIVERIES.c.id.in_(_IDS),
    )
)
# The state is checked in Python: with a condition on it, SQLite would scan everything that's pending.
_WITH_CHILDREN: Select[Any] = _in_order(
    select(_DELIVERIES.c.id, _DELIVERIES.c.merged_into, _DELIVERIES.c.state).where(
        or_(_DELIVERIES.c.id.in_(_IDS), _DELIVERIES.c.merged_into.in_(_IDS))
    )
)
_WRITE = update(_DELIVERIES).where(_DELIVERIES.c.id == bindparam("row")).values({n: bindparam(n) for n in _COLUMNS})
_SENT = (
    update(_DELIVERIES)
    .where(_DELIVERIES.c.id == bindparam("row"))
    .values(state=DeliveryState.SENT.value, sent_at=bindparam("at"), message_id=bindparam("message"))
)

WORTH_WAITING = timedelta(seconds=1)
"""The longest wait for a slot within an attempt. For a later slot, the worker comes back to the delivery."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Values saved together with an attempt.

    `others` are the ids of deliveries merged into its message. `items` are the chosen tips by delivery id. `one_offs` follow the
    message, each once. `profiles` are new platform profiles by our person id.
    """

    others: Sequence[int] = ()
    items: Mapping[int, str] = field(default_factory=dict)
    one_offs: Sequence[OneOff] = ()
    profiles: Mapping[int, PlatformProfile] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request to begin an attempt at `now` (UTC) that keeps other processes away until `lease`.

    `expected_attempts` is the delivery's number of attempts when it was read.
    """

    delivery_id: int
    expected_attempts: int
    now: datetime
    lease: datetime
    enclosed: Enclosed = field(default_factory=Enclosed)
    rate_limits: Sequence[RateLimit] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery that was sent as `message_id`, with everything merged into the same message.

    `asked` is the person it asks how a week went, if it does.
    """

    delivery_id: int
    message_id: str
    at: datetime
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a delivery that only happens if it still has `expected_attempts` (None: any number).

    `child_values` are written to the deliveries merged into its message.
    """

    delivery_id: int
    expected_attempts: int | None
    values: Mapping[str, object]
    child_values: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class _Row:
    """Columns of a delivery that an attempt changes, and the state of its schedule (None for a one-off)."""

    begun_at: datetime | None
    attempts: int
    not_before: datetime
    slot_at: datetime | None
    parent_id: int | None
    item: str
    schedule_state: str | None

    def is_free(self, attempt: Attempt) -> bool:
        """Check whether an attempt may begin: nobody else has begun one since it was read, or merged it into their message."""
        unchanged = self.attempts == attempt.expected_attempts and self.parent_id is None
        active = self.schedule_state in (None, ScheduleState.ACTIVE.value)
        return active and unchanged and self.not_before <= attempt.now

    def can_join(self) -> bool:
        """Check whether it may be merged into another delivery's message."""
        return self.begun_at is None and self.parent_id is None


async def begin_all(session: AsyncSession, attempts: Sequence[Attempt]) -> list[datetime | None]:
    """Begin the attempts that may begin. Returns the slot (UTC) of each, or None; see `DeliveryQueue.begin_attempt`."""
    buckets = await TokenBuckets.lock(session, (limit.name for attempt in attempts for limit in attempt.rate_limits))
    ids = {number for attempt in attempts for number in (attempt.delivery_id, *attempt.enclosed.others)}
    rows, changed = await _lock(session, ids), set[int]()
    slots = [_begin(attempt, rows, changed, buckets) for attempt in attempts]
    if changed:
        await buckets.save()
        await session.execute(_WRITE, [_values(number, rows[number]) for number in sorted(changed)])
    await _save_one_offs(session, [attempt for attempt, slot in zip(attempts, slots, strict=True) if slot is not None])
    # Saved even if the slot is far away, so the platform isn't asked again then.
    new_profiles = [attempt.enclosed.profiles for attempt in attempts if attempt.delivery_id in changed]
    await save_profiles(session, {number: profile for profiles in new_profiles for number, profile in profiles.items()})
    return slots


async def _save_one_offs(session: AsyncSession, begun: Sequence[Attempt]) -> None:
    rows = [one_off.row(attempt.now) for attempt in begun for one_off in attempt.enclosed.one_offs]
    if rows:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        await session.execute(insert(_DELIVERIES).on_conflict_do_nothing(), rows)


async def _lock(session: AsyncSession, ids: Iterable[int]) -> dict[int, _Row]:
    """Lock some deliveries until the transaction ends, except any that aren't pending or are merged into another."""
    rows = await session.execute(_LOCK, {"ids": list(ids)})
    return {row[0]: _Row(*row[1:]) for row in rows}


def _begin(attempt: Attempt, rows: dict[int, _Row], changed: set[int], buckets: TokenBuckets) -> datetime | None:
    row = rows.get(attempt.delivery_id)
    others = [number for number in attempt.enclosed.others if number in rows and rows[number].can_join()]
    if row is None or not row.is_free(attempt) or len(others) < len(attempt.enclosed.others):
        return None
    changed.add(attempt.delivery_id)
    slot = buckets.take(attempt.rate_limits, attempt.now)
    if slot - attempt.now > WORTH_WAITING:
        row.not_before = row.slot_at = slot
        return None
    row.begun_at, row.attempts, row.not_before = row.begun_at or attempt.now, row.attempts + 1, attempt.lease
    for number in others:
        rows[number].parent_id = attempt.delivery_id
    for number, item in attempt.enclosed.items.items():
        rows[number].item = item
    changed.update(others)
    return slot


def _values(number: int, row: _Row) -> dict[str, object]:
    values = (row.begun_at, row.attempts, row.not_before, row.slot_at, row.parent_id, row.item)
    return {"row": number} | dict(zip(_COLUMNS, values, strict=True))


async def settle_all(session: AsyncSession, deliveries: Sequence[Sent]) -> None:
    """Record deliveries as sent, with everything in the same messages. Those settled already stay as they are.

    The last reason for a delay stays on record: it explains why a message came late. People are written before deliveries, in
    the order commands do it, so none of them can deadlock.
    """
    await save_silence(session, {sent.delivery_id: sent.asked for sent in deliveries if sent.asked})
    by_id = {sent.delivery_id: sent for sent in deliveries}
    rows = (await session.execute(_WITH_CHILDREN, {"ids": list(by_id)})).all()
    values = [
        _sent_values(number, by_id.get(number) or by_id[parent])
        for number, parent, state in rows
        if state == DeliveryState.PENDING.value
    ]
    if values:
        await session.execute(_SENT, values)


async def change_all(session: AsyncSession, changes: Sequence[Change]) -> list[bool]:
    """Make the changes that are still possible. Returns for each whether it was made.

    A change isn't made if the delivery isn't pending, is merged into another, or has had an attempt since it was read.
    """
    children: defaultdict[int, list[int]] = defaultdict(list)
    for number, parent, state in await session.execute(
        _WITH_CHILDREN, {"ids": [change.delivery_id for change in changes]}
    ):
        if parent is not None and state == DeliveryState.PENDING.value:
            children[parent].append(number)
    in_order = sorted(changes, key=lambda change: change.delivery_id)
    succeeded = {id(change): await _change(session, change) for change in in_order}
    for change in changes:
        if succeeded[id(change)] and change.child_values and children[change.delivery_id]:
            query = update(_DELIVERIES).where(_DELIVERIES.c.id.in_(children[change.delivery_id]))
            await session.execute(query.values(change.child_values))
    return [succeeded[id(change)] for change in changes]


async def _change(session: AsyncSession, change: Change) -> bool:
    query = update(_DELIVERIES).where(
        _DELIVERIES.c.id == change.delivery_id,
        _DELIVERIES.c.state == DeliveryState.PENDING.value,
        _DELIVERIES.c.merged_into.is_(None),
    )
    if change.expected_attempts is not None:
        query = query.where(_DELIVERIES.c.attempts == change.expected_attempts)
    result = await session.execute(query.values(change.values))
    return bool(getattr(result, "rowcount", 0))


def _sent_values(number: int, sent: Sent) -> dict[str, object]:
    return {"row": number, "at": sent.at, "message": sent.message_id}
