"""The planner's queries: read the schedules that are due, and write one row for each occurrence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.domain.deliveries import DeliveryState, MessageKind, Reason, Schedule, ScheduleState
from mentorbot.domain.delivery_policy import ON_TIME
from mentorbot.domain.work_calendar import WorkCalendar
from mentorbot.domain.zones import UNKNOWN, is_known
from mentorbot.storage.database import LOCKING
from mentorbot.storage.deliveries import OneOff, new_row, reason_values
from mentorbot.storage.schedules import schedule_of, select_schedules
from mentorbot.storage.tables import Base, DeliveryRow, PersonRow, ScheduleRow, WorkspaceRow
from mentorbot.storage.work_calendars import read_calendars

if TYPE_CHECKING:
    from mentorbot.storage.delivery_jobs import Jobs


_DUE = (
    select_schedules()
    .where(ScheduleRow.state == ScheduleState.ACTIVE.value, ScheduleRow.next_run_at <= bindparam("now"))
    .where(ScheduleRow.zone.not_in(bindparam("unknown", expanding=True)), WorkspaceRow.removed_at.is_(None))
    .order_by(ScheduleRow.next_run_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True, of=ScheduleRow)
    .execution_options(**LOCKING)
)
_NO_SYNC = {"synchronize_session": False}
_NOT_SENT_YET: dict[str, Any] = {
    "state": DeliveryState.PENDING.value,
    "attempts": 0,
    "not_before": DeliveryRow.occurrence_at,
    **dict.fromkeys(("begun_at", "sent_at", "message_id", "reason_code", "reason_details", "slot_at", "parent_id")),
}
_SCHEDULES = Base.metadata.tables[ScheduleRow.__tablename__]
_DELIVERIES = Base.metadata.tables[DeliveryRow.__tablename__]
_OWNERS = select(
    _SCHEDULES.c.id, _SCHEDULES.c.workspace_id, _SCHEDULES.c.person_id, _SCHEDULES.c.kind, _SCHEDULES.c.role
).where(_SCHEDULES.c.id.in_(bindparam("ids", expanding=True)))
_ADVANCE = (
    update(_SCHEDULES)
    .where(_SCHEDULES.c.id.in_(bindparam("numbers", expanding=True)))
    .values(next_run_at=bindparam("at"))
)


REPORT_AFTER = timedelta(minutes=10)
"""People are told what was missed after this time: by then, what's late has been sent."""


@dataclass(frozen=True, slots=True)
class PlannedOccurrence:
    """One occurrence of a schedule, in UTC. With a `reason` it won't be sent, and its state is MISSED or CANCELLED.

    `offset` is its delay in a workspace that spreads its messages.
    """

    schedule_id: int
    occurrence_at: datetime
    item: str = ""
    state: DeliveryState = DeliveryState.PENDING
    reason: Reason | None = None
    offset: timedelta = timedelta(0)

    @property
    def due_at(self) -> datetime:
        """The instant it's due, in UTC."""
        return self.occurrence_at + self.offset

    def is_overdue(self, now: datetime) -> bool:
        """True if it's planned later than it should be sent, so it's missed or late."""
        return self.state is not DeliveryState.CANCELLED and now - self.due_at > ON_TIME

    @property
    def key(self) -> str:
        """The key sent with its message. It identifies the schedule and the occurrence."""
        return f"d{self.schedule_id:x}-{int(self.occurrence_at.timestamp()) // 60:x}"


class Planning:
    """One transaction of the planner. Due schedules are locked until it ends."""

    def __init__(self, session: AsyncSession, jobs: Jobs | None = None) -> None:
        self._session, self._jobs = session, jobs

    async def due(self, now: datetime, limit: int) -> list[Schedule]:
        """Read active schedules whose time has come, oldest first.

        Schedules locked by another replica are left to it, and those in a zone unknown to this machine to one that knows it.
        """
        values = {"now": now, "most": limit, "unknown": list(UNKNOWN)}
        schedules = [schedule_of(row) for row in await self._session.execute(_DUE, values)]
        # A zone that has just turned out to be unknown is left out from now on, so it doesn't block others.
        known = all(is_known(schedule.recurrence.zone) for schedule in schedules)
        return schedules if known else await self.due(now, limit)

    async def used(self, schedule_ids: Sequence[int]) -> dict[int, list[str]]:
        """Read the items each of some schedules has posted or is about to post, oldest first."""
        return await read_used(self._session, schedule_ids) if schedule_ids else {}

    async def add(self, planned: Sequence[PlannedOccurrence], now: datetime) -> None:
        """Write a row for each occurrence. Existing rows stay as they are."""
        if not planned:
            return
        owners = await self._owners({occurrence.schedule_id for occurrence in planned})
        rows = [_row_of(occurrence, owners[occurrence.schedule_id], now) for occurrence in planned]
        upsert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        # On the table itself, so the statement is compiled once for all rows.
        insert = upsert(_DELIVERIES).on_conflict_do_nothing()
        await (await self._session.connection()).execute(insert, rows)
        due = [occurrence.key for occurrence in planned if occurrence.due_at <= now]
        if self._jobs is not None and due:
            await self._jobs.enqueue_pending(self._session, due)

    async def _owners(self, schedule_ids: set[int]) -> Mapping[int, Mapping[str, object]]:
        """Read the columns that occurrences copy from their schedules, by schedule id."""
        rows = await self._session.execute(_OWNERS, {"ids": list(schedule_ids)})
        return {
            number: {"workspace_id": workspace, "person_id": person, "kind": kind, "role": role}
            for number, workspace, person, kind, role in rows
        }

    async def report_downtime(self, schedule_ids: Sequence[int], now: datetime) -> None:
        """Tell whoever set up channels' messages in the workspaces of some schedules, soon, what was missed and what's late.

        It's one message however many processes plan however many batches: a later one finds that all has been told.
        """
        workspaces = select(ScheduleRow.workspace_id).where(ScheduleRow.id.in_(schedule_ids))
        is_author = (PersonRow.workspace_id == ScheduleRow.workspace_id) & (
            PersonRow.external_id == ScheduleRow.created_by
        )
        authors = (
            select(PersonRow.workspace_id, PersonRow.id, func.min(ScheduleRow.role))
            .join(ScheduleRow, is_author)
            .where(ScheduleRow.workspace_id.in_(workspaces), ScheduleRow.state != ScheduleState.STOPPED.value)
            .where(ScheduleRow.channel_id.is_not(None), ScheduleRow.direct.is_(False))
            .group_by(PersonRow.workspace_id, PersonRow.id)
        )
        at, key = now + REPORT_AFTER, f"a{int(now.timestamp()) // 3600:x}"
        rows = [
            OneOff(
                workspace_id=workspace_id, person_id=person_id, role=role, kind=MessageKind.DOWNTIME, at=at, key=key
            ).row(now)
            for workspace_id, person_id, role in await self._session.execute(authors)
        ]
        if rows:
            upsert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
            await (await self._session.connection()).execute(upsert(_DELIVERIES).on_conflict_do_nothing(), rows)

    async def calendars(self, schedules: Sequence[Schedule]) -> dict[Workspace, WorkCalendar]:
        """Read the calendars of some schedules' workspaces. Workspaces without one are left out."""
        return await read_calendars(self._session, {schedule.workspace for schedule in schedules})

    async def advance(self, next_run_at: Mapping[int, datetime | None]) -> None:
        """Save the next run of schedules (by id); None for one that's over, though its last message is yet to be sent.

        Schedules due at the same time are mostly due together the next time too, so each group takes one statement.
        """
        by_next_run = defaultdict[datetime | None, list[int]](list)
        for number, at in next_run_at.items():
            by_next_run[at].append(number)
        connection = await self._session.connection()
        for at, numbers in by_next_run.items():
            await connection.execute(_ADVANCE, {"numbers": numbers, "at": at})

    async def forget_after(self, now: datetime) -> None:
        """Go back to `now` from a later time: delete deliveries created since, and reset those due or sent since.

        Silence that was counted since starts again from zero.
        """
        await self._session.execute(delete(DeliveryRow).where(DeliveryRow.created_at > now), execution_options=_NO_SYNC)
        later = update(DeliveryRow).where(or_(DeliveryRow.occurrence_at > now, DeliveryRow.sent_at > now))
        await self._session.execute(later.values(_NOT_SENT_YET), execution_options=_NO_SYNC)
        silent = update(PersonRow).where(PersonRow.asked_week > now.date())
        await self._session.execute(silent.values(silent_weeks=0, asked_week=None), execution_options=_NO_SYNC)


def _row_of(occurrence: PlannedOccurrence, owner: Mapping[str, object], now: datetime) -> dict[str, object]:
    kind, role = MessageKind(str(owner["kind"])), str(owner["role"])
    return {
        **new_row(kind, role, occurrence.due_at, occurrence.key, now),
        **owner,
        "schedule_id": occurrence.schedule_id,
        "item": occurrence.item,
        "state": occurrence.state.value,
        "not_before": max(now, occurrence.due_at),
        **reason_values(occurrence.reason),
    }


async def read_used(session: AsyncSession, schedule_ids: Sequence[int]) -> dict[int, list[str]]:
    """Read the items of each schedule's messages that are sent or pending, oldest first."""
    query = select(DeliveryRow.schedule_id, DeliveryRow.item).where(
        DeliveryRow.schedule_id.in_(schedule_ids),
        DeliveryRow.state.in_((DeliveryState.PENDING.value, DeliveryState.SENT.value)),
    )
    used: dict[int, list[str]] = {number: [] for number in schedule_ids}
    for schedule_id, item in await session.execute(query.order_by(DeliveryRow.occurrence_at)):
        used[schedule_id or 0].append(item)
    return used
