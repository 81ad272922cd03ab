"""What the scheduler asks of the database, across workspaces: what is due, and how far each delivery has come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import RateLimit, Workspace
from mentorbot.domain.deliveries import Delivery, DeliveryState, Reason, Schedule, ScheduleState
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.storage.batching import GroupCommit
from mentorbot.storage.deliveries import read_deliveries, reason_values
from mentorbot.storage.delivery_attempts import (
    Attempt,
    Change,
    Enclosed,
    Sent,
    begin_all,
    change_all,
    locked,
    settle_all,
)
from mentorbot.storage.delivery_planning import Planning, read_used
from mentorbot.storage.rate_limits import empty_until
from mentorbot.storage.recipients import Recipient, RecipientQuery, read_recipients
from mentorbot.storage.schedules import schedule_of, select_schedules
from mentorbot.storage.tables import DeliveryRow, PersonSettingsRow, ScheduleRow, WorkspaceRow
from mentorbot.storage.work_calendars import read_calendars

if TYPE_CHECKING:
    from mentorbot.storage.delivery_jobs import Jobs

_NO_SYNC = {"synchronize_session": False}
_ALONE = {"merged_into": None}
# Statements that run again and again are compiled once.
_READY = (
    select(DeliveryRow.id)
    .join(WorkspaceRow, DeliveryRow.workspace_id == WorkspaceRow.id)
    .where(DeliveryRow.state == "pending", DeliveryRow.not_before <= bindparam("now"))
    .where(DeliveryRow.merged_into.is_(None), WorkspaceRow.platform.in_(bindparam("platforms", expanding=True)))
    .order_by(
        DeliveryRow.not_before,
        func.row_number().over(
            partition_by=(DeliveryRow.workspace_id, DeliveryRow.not_before), order_by=DeliveryRow.id
        ),
        DeliveryRow.id,
    )
    .limit(bindparam("most", type_=Integer))
)


class DeliveryQueue:
    """Deliveries, one transaction a step: what is settled stays settled, whatever happens to the next one."""

    def __init__(
        self, begin: Callable[[], AbstractAsyncContextManager[AsyncSession]], jobs: Jobs | None = None
    ) -> None:
        self._begin, self._jobs = begin, jobs
        self._calendar_reads = GroupCommit(self._read_calendars, "read calendars")
        self._recipient_reads = GroupCommit(self._read_recipients, "read recipients")
        self._beginnings = GroupCommit(self._begin_attempts, "begin attempts")
        self._changes = GroupCommit(self._change_all, "change deliveries")
        self._settlements = GroupCommit(self._settle_all, "settle deliveries")

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[Planning]:
        """Open a transaction for the planner."""
        async with self._begin() as session:
            yield Planning(session, self._jobs)

    async def ready(self, now: datetime, platforms: Sequence[str], limit: int) -> list[int]:
        """List pending deliveries (ids) that may be sent now on some platforms, oldest first, the workspaces by turns."""
        values = {"now": now, "platforms": list(platforms), "most": limit}
        async with self._begin() as session:
            return list(await session.scalars(_READY, values))

    async def get(self, delivery_id: int) -> Delivery | None:
        """Read one delivery."""
        return next(iter(await self.read([delivery_id])), None)

    async def read(self, delivery_ids: Sequence[int]) -> list[Delivery]:
        """Read some deliveries, in the order in which they're named."""
        async with self._begin() as session:
            by_id = {delivery.id: delivery for delivery in await read_deliveries(session, delivery_ids)}
        return [by_id[number] for number in delivery_ids if number in by_id]

    async def calendar(self, workspace: Workspace) -> WorkCalendar:
        """Read when a workspace works."""
        return await self._calendar_reads.submit(workspace)

    async def _read_calendars(self, workspaces: Sequence[Workspace]) -> list[WorkCalendar]:
        async with self._begin() as session:
            calendars = await read_calendars(session, set(workspaces))
        return [calendars.get(workspace, EVERY_DAY) for workspace in workspaces]

    async def used(self, schedule_id: int) -> list[str]:
        """Read the items that a schedule has posted or is about to post, oldest first."""
        async with self._begin() as session:
            return (await read_used(session, [schedule_id]))[schedule_id]

    async def unsettled(self, delivery_ids: Sequence[int]) -> tuple[list[int], datetime] | None:
        """Which of some deliveries are still pending, and when the first may be tried; None when all are settled."""
        query = select(DeliveryRow.id, DeliveryRow.not_before).where(
            DeliveryRow.id.in_(delivery_ids), DeliveryRow.state == "pending", DeliveryRow.merged_into.is_(None)
        )
        async with self._begin() as session:
            rows = [(row[0], row[1]) for row in await session.execute(query)]
        return ([number for number, _ in rows], min(at for _, at in rows)) if rows else None

    async def enqueue_due(self, now: datetime, platforms: Sequence[str]) -> bool:
        """Add jobs for what is due and has none; whether there may be more. Only where the database keeps jobs."""
        if self._jobs is None:
            return False
        async with self._begin() as session:
            return await self._jobs.enqueue_due(session, now, platforms)

    async def recipient(self, delivery: Delivery, now: datetime, until: datetime) -> Recipient | None:
        """Read the person a delivery is due for at `now`, with what else is due for them by `until`; None when they're gone."""
        return await self._recipient_reads.submit(RecipientQuery(delivery, now, until))

    async def _read_recipients(self, queries: Sequence[RecipientQuery]) -> list[Recipient | None]:
        async with self._begin() as session:
            return await read_recipients(session, queries)

    async def begin_attempt(
        self,
        delivery_id: int,
        expected_attempts: int,
        now: datetime,
        lease: datetime,
        enclosed: Enclosed | None = None,
        rate_limits: Sequence[RateLimit] = (),
    ) -> datetime | None:
        """Record that an attempt begins, before anything is sent; nobody else makes one until `lease`.

        Gives the instant (UTC) at which the limits let it go. None when nothing was begun: the delivery has been settled or put
        off meanwhile, its schedule isn't active any more, another process has begun an attempt since `expected_attempts` were
        read, or the slot that was taken is more than `WORTH_WAITING` away; then it's ready at its slot, which stays its own.

        `begun_at` stays that of the first attempt in doubt, since its message may be the one that is there. If one of those
        `enclosed` has been begun by someone else meanwhile, nothing is begun.
        """
        attempt = Attempt(delivery_id, expected_attempts, now, lease, enclosed or Enclosed(), rate_limits)
        return await self._beginnings.submit(attempt)

    async def _begin_attempts(self, attempts: Sequence[Attempt]) -> list[datetime | None]:
        async with self._begin() as session:
            return await begin_all(session, attempts)

    async def release(self, delivery_id: int) -> None:
        """Let what was to travel with a delivery go by itself."""
        children = locked(DeliveryRow.merged_into == delivery_id, DeliveryRow.state == "pending")
        query = update(DeliveryRow).where(DeliveryRow.id.in_(children))
        async with self._begin() as session:
            await session.execute(query.values(merged_into=None), execution_options=_NO_SYNC)

    async def settle(self, delivery_id: int, message_id: str, now: datetime) -> None:
        """Record that a delivery was sent as `message_id`, with everything that travelled in the same message."""
        await self._settlements.submit(Sent(delivery_id, message_id, now))

    async def _settle_all(self, arrived: Sequence[Sent]) -> list[None]:
        async with self._begin() as session:
            await settle_all(session, arrived)
        return [None] * len(arrived)

    async def postpone(
        self,
        delivery_id: int,
        until: datetime,
        reason: Reason | None,
        *,
        known_not_delivered: bool,
        attempts: int | None = None,
        expected_attempts: int | None = None,
    ) -> bool:
        """Try a delivery again at `until`.

        `known_not_delivered`: the platform has said it took nothing, so there is no doubt, and what was to travel along goes by
        itself. `attempts`, when given, becomes the number of attempts that count. Nothing changes, and it's False, when another
        process has begun one since there were `expected_attempts`.
        """
        values: dict[str, object] = {"slot_at": None, "not_before": until, **reason_values(reason)}
        if known_not_delivered:
            values["begun_at"] = None
        if attempts is not None:
            values["attempts"] = attempts
        change = Change(delivery_id, expected_attempts, values, _ALONE if known_not_delivered else {})
        return await self._changes.submit(change)

    async def hold(
        self, workspace: Workspace, until: datetime, buckets: Sequence[str] = (), reason: Reason | None = None
    ) -> None:
        """Hold back everything of a workspace that is pending until `until`, and let none of `buckets` fill before.

        A `reason` becomes that of each of them.
        """
        here = select(WorkspaceRow.id).where(
            WorkspaceRow.platform == workspace.platform, WorkspaceRow.external_id == workspace.id
        )
        waiting = (DeliveryRow.state == "pending", DeliveryRow.not_before < until, DeliveryRow.workspace_id.in_(here))
        async with self._begin() as session:
            # Buckets before rows, as an attempt takes them: else the two could wait for each other in a circle.
            await empty_until(session, buckets, until)
            values: dict[str, object] = {"not_before": until, "slot_at": None}
            if reason is not None:
                values |= reason_values(reason)
            query = update(DeliveryRow).where(DeliveryRow.id.in_(locked(*waiting)))
            await session.execute(query.values(**values), execution_options=_NO_SYNC)

    async def give_up(
        self,
        delivery_id: int,
        state: DeliveryState,
        reason: Reason,
        *,
        expected_attempts: int | None = None,
        maybe_delivered: bool = False,
    ) -> bool:
        """Settle a delivery as failed, missed or cancelled; False when another process has begun an attempt meanwhile.

        What was to travel along goes by itself, unless the message is `maybe_delivered`: then it's settled in the same way.
        """
        values: dict[str, object] = {"state": state.value, **reason_values(reason)}
        change = Change(delivery_id, expected_attempts, values, values if maybe_delivered else _ALONE)
        return await self._changes.submit(change)

    async def _change_all(self, changes: Sequence[Change]) -> list[bool]:
        async with self._begin() as session:
            return await change_all(session, changes)

    async def pause(self, schedule_id: int, code: str) -> None:
        """Pause a schedule, with the platform's code for it, until a person starts it again."""
        query = update(ScheduleRow).where(ScheduleRow.id == schedule_id, ScheduleRow.state == "active")
        async with self._begin() as session:
            await session.execute(query.values(state=ScheduleState.PAUSED.value, paused_reason=code[:300]))

    async def forget_dm(self, person_id: int) -> None:
        """Open a person's conversation with the bot again for the next message."""
        query = update(PersonSettingsRow).where(PersonSettingsRow.person_id == person_id).values(direct_id=None)
        async with self._begin() as session:
            await session.execute(query, execution_options=_NO_SYNC)

    async def schedules(self, *, over: bool = False) -> list[Schedule]:
        """Read all active schedules of all workspaces; with `over`, also those whose last occurrence has been."""
        query = select_schedules().where(ScheduleRow.state == "active")
        if not over:
            query = query.where(ScheduleRow.next_run_at.is_not(None))
        async with self._begin() as session:
            return [schedule_of(row) for row in await session.execute(query)]
