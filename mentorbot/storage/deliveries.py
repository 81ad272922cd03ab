"""Deliveries: messages sent and waiting, and one-off messages, for people and for whoever runs the bot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Row, Select, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mentorbot.chat.platform import Workspace
from mentorbot.domain.deliveries import (
    GIVEN_UP,
    Delivery,
    DeliveryState,
    Destination,
    MessageKind,
    Overdue,
    Reason,
    Schedule,
    ScheduleState,
)
from mentorbot.domain.delivery_policy import ON_TIME
from mentorbot.storage.people import People
from mentorbot.storage.queries import Query
from mentorbot.storage.schedules import destination_of, schedule_record, select_schedules
from mentorbot.storage.scope import IN_WORKSPACE, Scope
from mentorbot.storage.tables import DeliveryRow, PersonRow, PersonSettingsRow, ScheduleRow, WorkspaceRow

if TYPE_CHECKING:
    from mentorbot.storage.delivery_jobs import Jobs

_CHECKINS_OF_A_WEEK = 20
"""Messages that ask someone about one week, at most: the check-in, put off by a day each time, and its reminder."""
_OTHER = aliased(DeliveryRow)
_HOLDS_OTHERS = exists().where(_OTHER.parent_id == DeliveryRow.id)
_OVERDUE_STATES = (DeliveryState.PENDING.value, DeliveryState.SENT.value, DeliveryState.MISSED.value)
_NO_SYNC = {"synchronize_session": False}
_RESENT: dict[str, Any] = {
    "state": DeliveryState.PENDING.value,
    "attempts": 0,
    "first_due_at": func.coalesce(DeliveryRow.first_due_at, DeliveryRow.occurrence_at),
    "given_up_state": DeliveryRow.state,
    "given_up_code": DeliveryRow.reason_code,
    "given_up_details": DeliveryRow.reason_details,
    "reason_code": None,
    "reason_details": None,
}
"""New values of a delivery that an operator resends. The previous ending stays on record."""

_Columns = Row[DeliveryRow, ScheduleRow | None, str, str, str | None] | Sequence[Any]


def _begins(week: date) -> datetime:
    """Give the instant a week begins wherever it begins first."""
    return datetime.combine(week, time(), UTC) - timedelta(hours=14)


def reason_values(reason: Reason | None) -> dict[str, object]:
    """Convert a reason to its column values."""
    if reason is None:
        return {"reason_code": None, "reason_details": None}
    return {"reason_code": reason.code.value, "reason_details": reason.to_json() or None}


def _reason(code: str | None, details: Mapping[str, object] | None) -> Reason | None:
    return Reason.from_json(code, details) if code else None


def select_deliveries() -> Select[DeliveryRow, ScheduleRow | None, str, str, str | None]:
    """Select deliveries with their schedule, their workspace, and the platform's id of their person."""
    return (
        select(DeliveryRow, ScheduleRow, WorkspaceRow.platform, WorkspaceRow.external_id, PersonRow.external_id)
        .join(WorkspaceRow, DeliveryRow.workspace_id == WorkspaceRow.id)
        .outerjoin(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
        .outerjoin(PersonRow, DeliveryRow.person_id == PersonRow.id)
    )


def delivery_of(columns: _Columns) -> Delivery:
    """Turn a row of `select_deliveries` into a record."""
    row, schedule_row, platform, workspace_id, user_id = columns
    workspace = Workspace(platform, workspace_id)
    schedule = schedule_record(schedule_row, workspace, user_id or "") if schedule_row is not None else None
    given_up = _reason(row.given_up_code, row.given_up_details)
    return Delivery(
        id=row.id,
        kind=MessageKind(row.kind),
        destination=_destination(row, schedule_row, workspace, user_id or ""),
        schedule=schedule,
        role=row.role,
        occurrence_at=row.occurrence_at,
        item=row.item,
        body=row.body,
        key=row.key,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        not_before=row.not_before,
        begun_at=row.begun_at,
        sent_at=row.sent_at,
        message_id=row.message_id,
        reason=_reason(row.reason_code, row.reason_details),
        slot_at=row.slot_at,
        parent_delivery=row.parent_id,
        first_due_at=row.first_due_at,
        given_up=(DeliveryState(row.given_up_state), given_up) if row.given_up_state else None,
    )


def _destination(row: DeliveryRow, schedule: ScheduleRow | None, workspace: Workspace, user_id: str) -> Destination:
    if row.person_id is not None or schedule is None:
        return Destination(workspace, person_id=row.person_id, user_id=user_id)
    return destination_of(schedule, workspace, user_id)


_BY_ID = select_deliveries().where(DeliveryRow.id.in_(bindparam("ids", expanding=True)))
_NEWEST_FIRST = (DeliveryRow.occurrence_at.desc(), DeliveryRow.id.desc())
_THIS_PERSON = (PersonRow.workspace_id == IN_WORKSPACE, PersonRow.external_id == bindparam("user_id"))
_RECENT = Query(
    select_deliveries().where(*_THIS_PERSON).order_by(*_NEWEST_FIRST).limit(bindparam("most", type_=Integer)),
    delivery_of,
)
_ABOUT = select(DeliveryRow.id).where(DeliveryRow.kind == bindparam("kind"), DeliveryRow.item == bindparam("item"))
_ONE_OFFS = Query(_ABOUT.where(DeliveryRow.workspace_id == IN_WORKSPACE))
_ONE_OFFS_TO = Query(
    _ABOUT.where(
        DeliveryRow.person_id.in_(select(PersonRow.id).where(*_THIS_PERSON)), DeliveryRow.schedule_id.is_(None)
    )
)
_IS_CHECKIN = or_(*(DeliveryRow.kind == kind.value for kind in (MessageKind.CHECKIN, MessageKind.REMINDER)))
_SENT_CHECKINS = Query(
    select(
        DeliveryRow.key,
        DeliveryRow.message_id,
        DeliveryRow.sent_at,
        PersonSettingsRow.dm_channel_id.label("dm_channel"),
        PersonRow.asked_week,
    )
    .join(PersonRow, DeliveryRow.person_id == PersonRow.id)
    .join(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
    .where(*_THIS_PERSON, PersonRow.asked_week.is_not(None), _IS_CHECKIN)
    .where(DeliveryRow.state == DeliveryState.SENT.value, DeliveryRow.parent_id.is_(None), ~_HOLDS_OTHERS)
    .order_by(*_NEWEST_FIRST)
    .limit(_CHECKINS_OF_A_WEEK)
)


async def read_deliveries(session: AsyncSession, ids: Sequence[int]) -> list[Delivery]:
    """Read some deliveries of any workspace."""
    return [delivery_of(row) for row in await session.execute(_BY_ID, {"ids": list(ids)})]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOff:
    """A message to one person that belongs to no schedule, due at an instant (UTC).

    `key` is at most 12 characters of a-z, 0-9 and `-`. Each person gets at most one message with it. Ids are the database's.
    """

    workspace_id: int
    person_id: int
    role: str
    kind: MessageKind
    at: datetime
    key: str
    item: str = ""
    body: str = ""
    author: str | None = None

    def row(self, now: datetime) -> dict[str, object]:
        """Build the row for it."""
        owner = {"workspace_id": self.workspace_id, "person_id": self.person_id, "schedule_id": None}
        return (
            owner
            | new_row(self.kind, self.role, self.at, f"p{self.person_id:x}-{self.key}", now)
            | {
                "item": self.item,
                "body": self.body,
                "author": self.author,
            }
        )


def new_row(kind: MessageKind, role: str, at: datetime, key: str, now: datetime) -> dict[str, object]:
    """Build the values of a delivery that's due at an instant (UTC) and hasn't been tried."""
    return {
        "kind": kind.value,
        "role": role,
        "occurrence_at": at,
        "item": "",
        "key": key,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "not_before": at,
        "reason_code": None,
        "reason_details": None,
        "body": "",
        "created_at": now,
    }


@dataclass(frozen=True, slots=True)
class SentCheckIn:
    """A check-in, or its reminder, in someone's direct messages. `week` is the one it's about (its Monday)."""

    key: str
    channel_id: str
    message_id: str
    week: date


class WorkspaceDeliveries:
    """Messages of one workspace: the ones its people have had, and one-off messages to them."""

    def __init__(self, scope: Scope, people: People) -> None:
        self._scope, self._people = scope, people

    async def recent(self, user_id: str, limit: int) -> list[Delivery]:
        """Read the newest messages to a person, in any state, newest first."""
        return list(await self._scope.rows(_RECENT, user_id=user_id, most=limit))

    async def has_one_off(self, user_id: str, key: str) -> bool:
        """Return True if there's a one-off message to a person with that key, in any state."""
        person = await self._people.get(user_id)
        if person is None:
            return False
        query = select(DeliveryRow.id).where(
            DeliveryRow.person_id == person.id, DeliveryRow.key == f"p{person.id:x}-{key}"
        )
        return (await self._scope.session.scalars(query)).first() is not None

    async def last_sent(self, user_id: str, kind: MessageKind) -> datetime | None:
        """Find the instant (UTC) a person's newest scheduled message of a kind was sent; None if there's none."""
        query = (
            select(DeliveryRow.sent_at)
            .where(DeliveryRow.person_id.in_(self._people.id_of(user_id)), DeliveryRow.kind == kind.value)
            .where(DeliveryRow.schedule_id.is_not(None), DeliveryRow.state == DeliveryState.SENT.value)
            .order_by(DeliveryRow.occurrence_at.desc())
        )
        return (await self._scope.session.scalars(query.limit(1))).one_or_none()

    async def sent_checkins(self, user_id: str) -> list[SentCheckIn]:
        """List the messages that have asked a person about the last week they were asked about, the newest first.

        One that also holds something else isn't among them.
        """
        return [
            SentCheckIn(row.key, row.dm_channel, row.message_id or "", row.asked_week)
            for row in await self._scope.rows(_SENT_CHECKINS, user_id=user_id)
            if row.dm_channel and row.sent_at and row.sent_at >= _begins(row.asked_week)
        ]

    async def overdue(self, since: datetime, *, in_channels: bool = False) -> list[Overdue]:
        """Count each schedule's messages that were planned too late since an instant (UTC), e.g. after the bot was away.

        `in_channels` leaves out people's own schedules.
        """
        query = (
            select_schedules()
            .add_columns(DeliveryRow.state, DeliveryRow.occurrence_at, DeliveryRow.created_at)
            .join(DeliveryRow, DeliveryRow.schedule_id == ScheduleRow.id)
            .where(ScheduleRow.workspace_id == self._scope.id(), DeliveryRow.created_at >= since)
            .order_by(ScheduleRow.id)
        )
        if in_channels:
            query = query.where(ScheduleRow.channel_id.is_not(None), ScheduleRow.direct.is_(False))
        schedules: dict[int, Schedule] = {}
        missed, late = Counter[int](), Counter[int]()
        for *row, state, occurrence_at, created_at in await self._scope.session.execute(query):
            if created_at - occurrence_at <= ON_TIME or state not in _OVERDUE_STATES:
                continue
            schedule = schedules.setdefault(row[0].id, schedule_record(row[0], self._scope.workspace, row[3] or ""))
            (missed if state == DeliveryState.MISSED.value else late)[schedule.id] += 1
        return [Overdue(schedule, missed[number], late[number]) for number, schedule in schedules.items()]

    async def last_one_off(self, user_id: str, kind: MessageKind) -> datetime | None:
        """Find the instant (UTC) a person's newest one-off message of a kind was sent; None if there's none."""
        query = select(func.max(DeliveryRow.sent_at)).where(
            DeliveryRow.person_id.in_(self._people.id_of(user_id)), DeliveryRow.kind == kind.value
        )
        return await self._scope.session.scalar(query.where(DeliveryRow.schedule_id.is_(None)))

    async def sent_items(self, schedule_id: int) -> list[str]:
        """Read the items that one of the workspace's schedules has sent."""
        query = select(DeliveryRow.item).where(
            DeliveryRow.workspace_id == self._scope.id(),
            DeliveryRow.schedule_id == schedule_id,
            DeliveryRow.state == DeliveryState.SENT.value,
        )
        return list(await self._scope.session.scalars(query))

    async def enqueue(
        self,
        user_id: str,
        role: str,
        kind: MessageKind,
        at: datetime,
        *,
        key: str,
        item: str = "",
        body: str = "",
        author: str | None = None,
    ) -> bool:
        """Send a person a one-off message at an instant (UTC), once for each `key`; False if there is one with it already.

        `author` is the platform's id of whoever wrote `body`.
        """
        person = await self._people.get(user_id) or await self._people.ensure(user_id, user_id)
        workspace_id = await self._scope.ensure_workspace_id()
        message = OneOff(
            workspace_id=workspace_id,
            person_id=person.id,
            role=role,
            kind=kind,
            at=at,
            key=key,
            item=item,
            body=body,
            author=author,
        )
        return await self._insert(message.row(self._scope.now()), at)

    async def enqueue_in_channel(
        self, schedule: Schedule, kind: MessageKind, at: datetime, *, key: str, item: str
    ) -> bool:
        """Post a one-off message in the channel of one of the workspace's schedules."""
        owner = {"workspace_id": await self._scope.ensure_workspace_id(), "person_id": None, "schedule_id": schedule.id}
        row = new_row(kind, schedule.role, at, f"n{schedule.id:x}-{key}", self._scope.now())
        return await self._insert(owner | row | {"item": item}, at)

    async def _insert(self, row: Mapping[str, object], at: datetime) -> bool:
        insert = self._scope.upsert(DeliveryRow).values(row).on_conflict_do_nothing().returning(DeliveryRow.id)
        number = (await self._scope.session.scalars(insert)).one_or_none()
        if number is not None and self._scope.jobs is not None and at <= self._scope.now():
            await self._scope.jobs.enqueue(self._scope.session, {self._scope.workspace.platform: [number]})
        return number is not None

    async def cancel(self, kind: MessageKind, item: str = "", user_id: str | None = None) -> None:
        """Delete one-off messages of a kind about `item`, to one person or to anyone, unless an attempt has begun."""
        about = {"kind": kind.value, "item": item}
        if user_id is not None:
            rows = await self._scope.rows(_ONE_OFFS_TO, user_id=user_id, **about)
        else:
            rows = await self._scope.rows(_ONE_OFFS, **about)
        # The state is checked in a second step, or SQLite would scan everything that's pending.
        ids = [row.id for row in rows]
        if ids:
            query = delete(DeliveryRow).where(DeliveryRow.id.in_(ids), DeliveryRow.state == DeliveryState.PENDING.value)
            await self._scope.session.execute(query.where(DeliveryRow.begun_at.is_(None)))

    async def take_back(self, user_id: str, key: str, author: str) -> str | None:
        """Delete the one-off message to a person with that key, if `author` wrote it and no attempt has begun.

        Returns what it said; None if there's none, or if it's too late.
        """
        person = await self._people.get(user_id)
        if person is None:
            return None
        own = (
            DeliveryRow.workspace_id == self._scope.id(),
            DeliveryRow.key == f"p{person.id:x}-{key}",
            DeliveryRow.author == author,
            DeliveryRow.state == DeliveryState.PENDING.value,
            DeliveryRow.begun_at.is_(None),
            DeliveryRow.parent_id.is_(None),  # merged into another, it may be on its way
        )
        body: str | None = await self._scope.session.scalar(delete(DeliveryRow).where(*own).returning(DeliveryRow.body))
        return body


class Deliveries:
    """Messages of all workspaces, for whoever runs the bot."""

    def __init__(
        self, begin: Callable[[], AbstractAsyncContextManager[AsyncSession]], jobs: Jobs | None = None
    ) -> None:
        self._begin, self._jobs = begin, jobs

    async def list(self, states: Sequence[DeliveryState], limit: int) -> list[Delivery]:
        """Read the newest messages in some states (in any, if none is given), newest first."""
        query = select_deliveries().order_by(*_NEWEST_FIRST).limit(limit)
        if states:
            query = query.where(DeliveryRow.state.in_([state.value for state in states]))
        async with self._begin() as session:
            return [delivery_of(row) for row in await session.execute(query)]

    async def get(self, delivery_id: int) -> Delivery | None:
        """Read one message."""
        async with self._begin() as session:
            return next(iter(await read_deliveries(session, [delivery_id])), None)

    async def next_try(self, after: datetime, until: datetime) -> datetime | None:
        """Find the next instant a pending delivery is tried, later than `after` and no later than `until`; None without one."""
        query = select(func.min(DeliveryRow.not_before)).where(
            DeliveryRow.state == DeliveryState.PENDING.value,
            DeliveryRow.parent_id.is_(None),
            DeliveryRow.not_before > after,
            DeliveryRow.not_before <= until,
        )
        async with self._begin() as session:
            return await session.scalar(query)

    async def requeue(self, delivery_id: int, now: datetime) -> bool:
        """Resend a message that was given up; False if it's sent, pending or missing.

        One that may have arrived stays in doubt: the sender looks for it first, together with everything in the same message. A
        schedule that was paused because of it goes on. The original due time and the reason it was given up stay on record.
        """
        given_up = [state.value for state in GIVEN_UP]
        parent = select(func.coalesce(DeliveryRow.parent_id, DeliveryRow.id)).where(DeliveryRow.id == delivery_id)
        parent_id = parent.scalar_subquery()
        in_message = or_(DeliveryRow.id == parent_id, DeliveryRow.parent_id == parent_id)
        change = update(DeliveryRow).where(in_message, DeliveryRow.state.in_(given_up)).execution_options(**_NO_SYNC)
        async with self._begin() as session:
            changed = await session.execute(change.values(_RESENT | {"not_before": now, "occurrence_at": now}))
            if not getattr(changed, "rowcount", 0):
                return False
            schedules = select(DeliveryRow.schedule_id).where(in_message)
            paused = update(ScheduleRow).where(
                ScheduleRow.id.in_(schedules), ScheduleRow.state == ScheduleState.PAUSED.value
            )
            await session.execute(
                paused.values(state=ScheduleState.ACTIVE.value, paused_reason=None), execution_options=_NO_SYNC
            )
            if self._jobs is not None:
                keys = await session.scalars(select(DeliveryRow.key).where(in_message, DeliveryRow.parent_id.is_(None)))
                await self._jobs.enqueue_pending(session, list(keys))
        return True
