"""What the planner asks of the database: which schedules are due, and one row for each occurrence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Integer, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.domain.records import Schedule
from mentorbot.domain.work_calendar import WorkCalendar
from mentorbot.domain.zones import UNKNOWN, is_known
from mentorbot.storage.database import LOCKING
from mentorbot.storage.schedules import schedule_record
from mentorbot.storage.tables import Base, DeliveryRow, ScheduleRow, WorkspaceRow
from mentorbot.storage.work_calendars import read_calendars

if TYPE_CHECKING:
    from mentorbot.storage.jobs import Jobs


_DUE = (
    select(ScheduleRow, WorkspaceRow)
    .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
    .where(ScheduleRow.state == "active", ScheduleRow.next_run_at <= bindparam("now"))
    .where(ScheduleRow.zone.not_in(bindparam("unknown", expanding=True)))
    .order_by(ScheduleRow.next_run_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True, of=ScheduleRow)
    .execution_options(**LOCKING)
)

_NO_SYNC = {"synchronize_session": False}
_NOT_YET = {
    "state": "pending",
    "attempts": 0,
    "not_before": DeliveryRow.occurrence_at,
    **dict.fromkeys(("begun_at", "sent_at", "message_id", "last_error", "slot_at", "merged_into")),
}
_SCHEDULES = Base.metadata.tables[ScheduleRow.__tablename__]
_ADVANCE = (
    update(_SCHEDULES)
    .where(_SCHEDULES.c.id.in_(bindparam("numbers", expanding=True)))
    .values(next_run_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One occurrence of a schedule, in UTC. With a `reason` it will not be sent: it is `missed` or `cancelled`.

    `later` is how much after its time it is due, where a workspace spreads its messages.
    """

    schedule_id: int
    occurrence_at: datetime
    item: str
    state: Literal["pending", "missed", "cancelled"] = "pending"
    reason: str | None = None
    later: timedelta = timedelta(0)


class Planning:
    """One transaction of the planner. Due schedules are locked until it ends."""

    def __init__(self, session: AsyncSession, jobs: Jobs | None = None) -> None:
        self._session, self._jobs = session, jobs

    async def due(self, now: datetime, limit: int) -> list[Schedule]:
        """Active schedules whose time has come, oldest first; those that another replica holds are left to it, and those in a
        zone that is not known here to one that knows it.
        """
        values = {"now": now, "most": limit, "unknown": list(UNKNOWN)}
        found = [
            schedule_record(row, Workspace(of.platform, of.external_id))
            for row, of in await self._session.execute(_DUE, values)
        ]
        # A zone that is met for the first time is left out from now on: it must not stand before what others may get.
        return found if all(is_known(one.cadence.zone) for one in found) else await self.due(now, limit)

    async def used(self, schedule_ids: Sequence[int]) -> dict[int, list[str]]:
        """For each of some schedules, the items that it has posted or is about to post, oldest first."""
        return await read_used(self._session, schedule_ids) if schedule_ids else {}

    async def add(self, planned: Sequence[Planned], now: datetime) -> None:
        """Put down occurrences, each once: one that is there already stays as it is."""
        if not planned:
            return
        made = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        rows = [_row_of(one, now) for one in planned]
        # On the table itself: the statement is compiled once for all rows.
        insert = made(Base.metadata.tables[DeliveryRow.__tablename__]).on_conflict_do_nothing()
        await (await self._session.connection()).execute(insert, rows)
        due = [str(row["key"]) for row, one in zip(rows, planned, strict=True) if one.occurrence_at + one.later <= now]
        if self._jobs is not None and due:
            await self._jobs.enlist_pending(self._session, due)

    async def calendars(self, schedules: Sequence[Schedule]) -> dict[Workspace, WorkCalendar]:
        """The calendars of the workspaces of some schedules; those without one are left out."""
        return await read_calendars(self._session, {schedule.workspace for schedule in schedules})

    async def advance(self, next_run_at: Mapping[int, datetime | None]) -> None:
        """Set when schedules (by id) run next: never, where they are over. Their last message is still to be sent.

        Those that were due at one time are mostly so again: they are changed in one go.
        """
        together = defaultdict[datetime | None, list[int]](list)
        for number, at in next_run_at.items():
            together[at].append(number)
        connection = await self._session.connection()
        for at, numbers in together.items():
            await connection.execute(_ADVANCE, {"numbers": numbers, "at": at})

    async def forget_after(self, now: datetime) -> None:
        """Back to `now` from a later time: what was put down since is gone, and what was settled since is to be sent again."""
        await self._session.execute(delete(DeliveryRow).where(DeliveryRow.created_at > now), execution_options=_NO_SYNC)
        later = update(DeliveryRow).where(or_(DeliveryRow.occurrence_at > now, DeliveryRow.sent_at > now))
        await self._session.execute(later.values(_NOT_YET), execution_options=_NO_SYNC)


def _row_of(one: Planned, now: datetime) -> dict[str, object]:
    return {
        "schedule_id": one.schedule_id,
        "occurrence_at": one.occurrence_at + one.later,
        "item": one.item,
        "key": f"d{one.schedule_id:x}-{int(one.occurrence_at.timestamp()) // 60:x}",
        "state": one.state,
        "attempts": 0,
        "not_before": max(now, one.occurrence_at + one.later),
        "last_error": one.reason,
        "body": "",
        "created_at": now,
    }


async def read_used(session: AsyncSession, schedule_ids: Sequence[int]) -> dict[int, list[str]]:
    """For each of some schedules, the items of its messages that are sent or pending, oldest first."""
    query = select(DeliveryRow.schedule_id, DeliveryRow.item).where(
        DeliveryRow.schedule_id.in_(schedule_ids), DeliveryRow.state.in_(("pending", "sent"))
    )
    found: dict[int, list[str]] = {number: [] for number in schedule_ids}
    for schedule_id, item in await session.execute(query.order_by(DeliveryRow.occurrence_at)):
        found[schedule_id].append(item)
    return found
