"""What the scheduler asks of the database, across workspaces: what is due, and how far each delivery has come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.messenger import Workspace
from mentorbot.storage.database import LOCKING
from mentorbot.storage.receipts import delivery_record
from mentorbot.storage.records import Delivery, Schedule
from mentorbot.storage.schedules import schedule_record
from mentorbot.storage.tables import DeliveryRow, RequestRow, ScheduleRow, Table, Utc, WorkspaceRow


@dataclass(frozen=True, slots=True)
class Planned:
    """One occurrence of a schedule, in UTC. `missed` says why it will not be sent."""

    schedule_id: int
    occurrence_at: datetime
    item: str
    missed: str | None = None


class Planning:
    """One transaction of the planner. Due schedules are locked until it ends."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def due(self, now: datetime, limit: int) -> list[Schedule]:
        """Active schedules whose time has come, oldest first; those that another replica holds are left to it."""
        query = (
            select(ScheduleRow, WorkspaceRow)
            .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
            .where(ScheduleRow.state == "active", ScheduleRow.next_run_at <= now)
            .order_by(ScheduleRow.next_run_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=ScheduleRow)
            .execution_options(**LOCKING)
        )
        return [schedule_record(row, _workspace(of)) for row, of in await self._session.execute(query)]

    async def used(self, schedule_ids: Sequence[int]) -> dict[int, list[str]]:
        """For each of some schedules, the items that it has posted or is about to post, oldest first."""
        if not schedule_ids:
            return {}
        query = select(DeliveryRow.schedule_id, DeliveryRow.item).where(
            DeliveryRow.schedule_id.in_(schedule_ids), DeliveryRow.state.in_(("pending", "sent"))
        )
        found: dict[int, list[str]] = {}
        for schedule_id, item in await self._session.execute(query.order_by(DeliveryRow.occurrence_at)):
            found.setdefault(schedule_id, []).append(item)
        return found

    async def add(self, planned: Sequence[Planned], now: datetime) -> None:
        """Put down occurrences, each once: one that is there already stays as it is."""
        if not planned:
            return
        made = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        rows = [_row_of(one, now) for one in planned]
        # On the table itself: the statement is compiled once for all rows.
        insert = made(Table.metadata.tables[DeliveryRow.__tablename__]).on_conflict_do_nothing()
        await (await self._session.connection()).execute(insert, rows)

    async def advance(self, next_run_at: Mapping[int, datetime]) -> None:
        """Set when schedules (by id) run next."""
        if next_run_at:
            changes = [{"number": number, "at": at} for number, at in next_run_at.items()]
            table = ScheduleRow.__table__
            change = update(ScheduleRow).where(table.c.id == bindparam("number")).values(next_run_at=bindparam("at"))
            await (await self._session.connection()).execute(change, changes)


def _row_of(one: Planned, now: datetime) -> dict[str, object]:
    return {
        "schedule_id": one.schedule_id,
        "occurrence_at": one.occurrence_at,
        "item": one.item,
        "key": f"d{one.schedule_id:x}-{int(one.occurrence_at.timestamp()) // 60:x}",
        "state": "missed" if one.missed else "pending",
        "attempts": 0,
        "not_before": now,
        "last_error": one.missed,
        "body": "",
        "created_at": now,
    }


class Queue:
    """Deliveries, one transaction a step: what is settled stays settled, whatever happens to the next one."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[AsyncSession]]) -> None:
        self._begin = begin

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[Planning]:
        """A transaction for the planner."""
        async with self._begin() as session:
            yield Planning(session)

    async def ready(self, now: datetime, platforms: Sequence[str], limit: int) -> list[int]:
        """Ids of pending deliveries that may be sent now on one of `platforms`, oldest first, the workspaces by turns."""
        of_one_workspace = (ScheduleRow.workspace_id, DeliveryRow.not_before)
        turn = func.row_number().over(partition_by=of_one_workspace, order_by=DeliveryRow.id)
        query = (
            select(DeliveryRow.id)
            .join(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
            .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
            .where(DeliveryRow.state == "pending", DeliveryRow.not_before <= now, WorkspaceRow.platform.in_(platforms))
            .order_by(DeliveryRow.not_before, turn, DeliveryRow.id)
            .limit(limit)
        )
        async with self._begin() as session:
            return list(await session.scalars(query))

    async def get(self, delivery_id: int) -> tuple[Delivery, Schedule] | None:
        """A delivery and its schedule."""
        query = (
            select(DeliveryRow, ScheduleRow, WorkspaceRow)
            .join(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
            .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
            .where(DeliveryRow.id == delivery_id)
        )
        async with self._begin() as session:
            found = (await session.execute(query)).one_or_none()
            if found is None:
                return None
            row, schedule_row, workspace_row = found
            schedule = schedule_record(schedule_row, _workspace(workspace_row))
            return delivery_record(row, schedule), schedule

    async def used(self, schedule_id: int) -> list[str]:
        """The items that a schedule has posted or is about to post, oldest first."""
        async with self._begin() as session:
            return await _used(session, schedule_id)

    async def begin_attempt(self, delivery_id: int, attempts: int, now: datetime, lease: datetime) -> bool:
        """Put down that an attempt begins, before anything is sent; nobody else makes one until `lease`.

        False when the delivery is settled meanwhile, or another process has begun an attempt since `attempts` were read.
        `begun_at` stays that of the first attempt in doubt, since its message may be the one that is there.
        """
        begun = func.coalesce(DeliveryRow.begun_at, bindparam("now", now, Utc))
        return await self._change(delivery_id, attempts, begun_at=begun, attempts=attempts + 1, not_before=lease)

    async def exchange(self, delivery_id: int, item: str) -> None:
        """Post another item than was planned."""
        await self._change(delivery_id, item=item)

    async def settle(self, delivery_id: int, message_id: str, now: datetime) -> None:
        """Sent, as `message_id`."""
        await self._change(delivery_id, state="sent", sent_at=now, message_id=message_id, last_error=None)

    async def postpone(
        self, delivery_id: int, until: datetime, reason: str, *, arrived_never: bool, attempts: int | None = None
    ) -> None:
        """Try again at `until`. `arrived_never`: the platform has said that it took nothing, so there is no doubt.

        `attempts`, when given, becomes the number of attempts that count.
        """
        extra: dict[str, object] = {"begun_at": None} if arrived_never else {}
        if attempts is not None:
            extra["attempts"] = attempts
        await self._change(delivery_id, None, not_before=until, last_error=reason[:300], **extra)

    async def hold(self, workspace: Workspace, until: datetime) -> None:
        """Keep back everything of a workspace that is pending until `until`."""
        its = (
            select(ScheduleRow.id)
            .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
            .where(WorkspaceRow.platform == workspace.platform, WorkspaceRow.external_id == workspace.id)
        )
        waiting = (DeliveryRow.state == "pending", DeliveryRow.not_before < until, DeliveryRow.schedule_id.in_(its))
        async with self._begin() as session:
            await session.execute(update(DeliveryRow).where(*waiting).values(not_before=until))

    async def give_up(self, delivery_id: int, state: str, reason: str) -> None:
        """Settle as `failed`, `missed` or `cancelled`."""
        await self._change(delivery_id, state=state, last_error=reason[:300])

    async def pause(self, schedule_id: int, reason: str) -> None:
        """Pause a schedule until a person mends it."""
        query = update(ScheduleRow).where(ScheduleRow.id == schedule_id, ScheduleRow.state == "active")
        async with self._begin() as session:
            await session.execute(query.values(state="paused", paused_reason=reason[:300]))

    async def schedules(self) -> list[Schedule]:
        """All active schedules that repeat, of all workspaces."""
        query = (
            select(ScheduleRow, WorkspaceRow)
            .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
            .where(ScheduleRow.state == "active", ScheduleRow.next_run_at.is_not(None))
        )
        async with self._begin() as session:
            return [schedule_record(row, _workspace(of)) for row, of in await session.execute(query)]

    async def sent_since(self, schedule: Schedule, since: datetime) -> int:
        """How many messages went to the place of `schedule` since an instant, whatever they were about."""
        same_place = (
            ScheduleRow.channel_id == schedule.channel.id,
            WorkspaceRow.platform == schedule.workspace.platform,
            WorkspaceRow.external_id == schedule.workspace.id,
        )
        query = (
            select(func.count())
            .select_from(DeliveryRow)
            .join(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
            .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
            .where(*same_place, DeliveryRow.state == "sent", DeliveryRow.sent_at >= since)
        )
        async with self._begin() as session:
            return int(await session.scalar(query) or 0)

    async def prune(self, now: datetime, keep: timedelta = timedelta(days=2)) -> int:
        """Forget idempotency keys older than `keep`; how many."""
        async with self._begin() as session:
            result = await session.execute(delete(RequestRow).where(RequestRow.created_at < now - keep))
            return int(getattr(result, "rowcount", 0))

    async def _change(self, delivery_id: int, seen_attempts: int | None = None, **values: object) -> bool:
        query = update(DeliveryRow).where(DeliveryRow.id == delivery_id, DeliveryRow.state == "pending")
        if seen_attempts is not None:
            query = query.where(DeliveryRow.attempts == seen_attempts)
        async with self._begin() as session:
            result = await session.execute(query.values(**values))
            return bool(getattr(result, "rowcount", 0))


async def _used(session: AsyncSession, schedule_id: int) -> list[str]:
    query = select(DeliveryRow.item).where(
        DeliveryRow.schedule_id == schedule_id, DeliveryRow.state.in_(("pending", "sent"))
    )
    return list(await session.scalars(query.order_by(DeliveryRow.occurrence_at)))


def _workspace(row: WorkspaceRow) -> Workspace:
    return Workspace(row.platform, row.external_id)
