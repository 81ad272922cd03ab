"""What became of messages: for the person they were for, and for whoever runs the bot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.domain.records import Delivery, Schedule
from mentorbot.storage.schedules import PERSONAL, schedule_record
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import DeliveryRow, ScheduleRow, WorkspaceRow

if TYPE_CHECKING:
    from mentorbot.storage.jobs import Jobs

ScheduledDelivery = tuple[Delivery, Schedule]
_NO_SYNC = {"synchronize_session": False}
_HOW = case({"failed": "it failed: ", "missed": "it was missed: "}, value=DeliveryRow.state, else_="it was left out: ")
_BEFORE = literal("an operator asked for it again; before that ") + _HOW + func.coalesce(DeliveryRow.last_error, "")
_AFTER_ALL = {
    "state": "pending",
    "attempts": 0,
    "first_due_at": func.coalesce(DeliveryRow.first_due_at, DeliveryRow.occurrence_at),
    "given_up": func.substr(_BEFORE, 1, 300),
    "last_error": None,
}
"""What becomes of a delivery that is sent after all, and keeps its history."""


def delivery_record(row: DeliveryRow, schedule: Schedule) -> Delivery:
    """A row as a record."""
    return Delivery(
        row.id,
        row.schedule_id,
        row.occurrence_at,
        schedule.channel,
        schedule.kind,
        schedule.role,
        row.item,
        row.key,
        row.state,
        row.attempts,
        row.not_before,
        row.begun_at,
        row.sent_at,
        row.message_id,
        row.last_error,
        row.body,
        row.slot_at,
        row.merged_into,
        row.first_due_at,
        row.given_up,
    )


def _receipts() -> Select[DeliveryRow, ScheduleRow, WorkspaceRow]:
    return (
        select(DeliveryRow, ScheduleRow, WorkspaceRow)
        .join(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
        .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
        .order_by(DeliveryRow.occurrence_at.desc(), DeliveryRow.id.desc())
    )


_NAMED = (
    select(DeliveryRow, ScheduleRow, WorkspaceRow)
    .join(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
    .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
    .where(DeliveryRow.id.in_(bindparam("ids", expanding=True)))
)


async def read_receipts(session: AsyncSession, deliveries: Sequence[int]) -> list[ScheduledDelivery]:
    """Some deliveries (ids) and their schedules, of whatever workspace."""
    return await _read(session, _NAMED, {"ids": list(deliveries)})


async def _read(
    session: AsyncSession,
    query: Select[DeliveryRow, ScheduleRow, WorkspaceRow],
    values: Mapping[str, object] | None = None,
) -> list[ScheduledDelivery]:
    found = []
    for row, schedule_row, workspace_row in await session.execute(query, values):
        schedule = schedule_record(schedule_row, Workspace(workspace_row.platform, workspace_row.external_id))
        found.append((delivery_record(row, schedule), schedule))
    return found


class PersonDeliveries:
    """Messages to one person in one workspace."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def last(self, person: str, limit: int) -> list[ScheduledDelivery]:
        """The newest messages to a person, whatever became of them, newest first."""
        query = _receipts().where(*self._theirs(person))
        return await _read(self._scope.session, query.limit(limit))

    async def sent_last(self, person: str, kind: str) -> datetime | None:
        """When the newest message of a kind that was sent to a person came, in UTC."""
        query = (
            select(DeliveryRow.sent_at)
            .join(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
            .where(ScheduleRow.workspace_id == self._scope.id(), ScheduleRow.channel_id == f"@{person}")
            .where(ScheduleRow.kind == kind, DeliveryRow.state == "sent")
            .order_by(DeliveryRow.occurrence_at.desc())
        )
        return (await self._scope.session.scalars(query.limit(1))).one_or_none()

    async def used(self, schedule_id: int) -> list[str]:
        """The items that one of the workspace's schedules has sent."""
        query = (
            select(DeliveryRow.item)
            .join(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
            .where(ScheduleRow.workspace_id == self._scope.id(), DeliveryRow.schedule_id == schedule_id)
            .where(DeliveryRow.state == "sent")
        )
        return list(await self._scope.session.scalars(query))

    async def schedules(self, person: str) -> list[Schedule]:
        """What repeats for a person, active or paused."""
        query = select(ScheduleRow).where(
            *self._theirs(person),
            ScheduleRow.state != "stopped",
            ScheduleRow.next_run_at.is_not(None),
        )
        rows = await self._scope.session.scalars(query.order_by(ScheduleRow.next_run_at))
        return [schedule_record(row, self._scope.workspace) for row in rows]

    def _theirs(self, person: str) -> tuple[ColumnElement[bool], ...]:
        return (
            ScheduleRow.workspace_id == self._scope.id(),
            ScheduleRow.kind.in_(PERSONAL),
            ScheduleRow.channel_id == f"@{person}",
        )


class Deliveries:
    """Messages of all workspaces, for whoever runs the bot."""

    def __init__(
        self, begin: Callable[[], AbstractAsyncContextManager[AsyncSession]], jobs: Jobs | None = None
    ) -> None:
        self._begin, self._jobs = begin, jobs

    async def list(self, states: Sequence[str], limit: int) -> list[ScheduledDelivery]:
        """The newest messages in some states (all, when none is named), newest first."""
        query = _receipts().limit(limit)
        if states:
            query = query.where(DeliveryRow.state.in_(states))
        async with self._begin() as session:
            return await _read(session, query)

    async def get(self, delivery_id: int) -> ScheduledDelivery | None:
        """One message."""
        async with self._begin() as session:
            return next(iter(await _read(session, _receipts().where(DeliveryRow.id == delivery_id))), None)

    async def next_try(self, after: datetime, until: datetime) -> datetime | None:
        """When a pending delivery is to be tried next, after an instant and until another one; None when none is."""
        query = select(func.min(DeliveryRow.not_before)).where(
            DeliveryRow.state == "pending",
            DeliveryRow.merged_into.is_(None),
            DeliveryRow.not_before > after,
            DeliveryRow.not_before <= until,
        )
        async with self._begin() as session:
            return await session.scalar(query)

    async def retry(self, delivery_id: int, now: datetime) -> bool:
        """Send a message after all that was given up; False when it is sent, pending, or not there.

        What may have arrived stays in doubt: it is looked for before it is sent, with all that was in the same message. A
        schedule that was paused for it goes on. When it was due and why it was given up stay on the record.
        """
        given_up = ("failed", "missed", "cancelled")
        carrier = select(func.coalesce(DeliveryRow.merged_into, DeliveryRow.id)).where(DeliveryRow.id == delivery_id)
        theirs = or_(DeliveryRow.id == carrier.scalar_subquery(), DeliveryRow.merged_into == carrier.scalar_subquery())
        change = update(DeliveryRow).where(theirs, DeliveryRow.state.in_(given_up)).execution_options(**_NO_SYNC)
        async with self._begin() as session:
            changed = await session.execute(change.values(_AFTER_ALL | {"not_before": now, "occurrence_at": now}))
            if not getattr(changed, "rowcount", 0):
                return False
            its = select(DeliveryRow.schedule_id).where(theirs)
            paused = update(ScheduleRow).where(ScheduleRow.id.in_(its), ScheduleRow.state == "paused")
            await session.execute(paused.values(state="active", paused_reason=None), execution_options=_NO_SYNC)
            if self._jobs is not None:
                keys = await session.scalars(select(DeliveryRow.key).where(theirs, DeliveryRow.merged_into.is_(None)))
                await self._jobs.enlist_pending(session, list(keys))
        return True
