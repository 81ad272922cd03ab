"""The delivery queue: the scheduler's queries across workspaces, for due deliveries and the state of each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import RateLimit, Workspace
from mentorbot.domain.deliveries import Delivery, DeliveryState, Reason, Schedule, ScheduleState
from mentorbot.domain.people import Asked
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.storage.batching import GroupCommit
from mentorbot.storage.deliveries import read_deliveries, reason_values
from mentorbot.storage.delivery_claims import (
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
_UNMERGED = {"merged_into": None}
# A statement that runs again and again is compiled once.
_READY = (
    select(DeliveryRow.id)
    .join(WorkspaceRow, DeliveryRow.workspace_id == WorkspaceRow.id)
    .where(DeliveryRow.state == DeliveryState.PENDING.value, DeliveryRow.not_before <= bindparam("now"))
    .where(DeliveryRow.parent_id.is_(None), WorkspaceRow.platform.in_(bindparam("platforms", expanding=True)))
    .where(WorkspaceRow.removed_at.is_(None))
    .order_by(
        DeliveryRow.not_before,
        func.row_number().over(
            partition_by=(DeliveryRow.workspace_id, DeliveryRow.not_before), order_by=DeliveryRow.id
        ),
        DeliveryRow.id,
    )
    .limit(bindparam("most", type_=Integer))
)


class Due(NamedTuple):
    """Number of deliveries that are due, and since when the oldest could have been sent."""

    waiting: int
    oldest: datetime | None


class DeliveryQueue:
    """Queue of deliveries. Each call is a transaction of its own, so a settled delivery stays settled whatever happens next."""

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
        """List pending deliveries (ids) that may be sent now on some platforms, oldest first, with workspaces taking turns."""
        values = {"now": now, "platforms": list(platforms), "most": limit}
        async with self._begin() as session:
            return list(await session.scalars(_READY, values))

    async def due(self, now: datetime, platforms: Sequence[str]) -> Due:
        """Count the deliveries that may be sent now on some platforms, with the instant the oldest has waited for since."""
        query = (
            select(func.count(), func.min(DeliveryRow.not_before))
            .join(WorkspaceRow, DeliveryRow.workspace_id == WorkspaceRow.id)
            .where(DeliveryRow.state == DeliveryState.PENDING.value, DeliveryRow.not_before <= now)
            .where(DeliveryRow.parent_id.is_(None), WorkspaceRow.platform.in_(platforms))
        )
        async with self._begin() as session:
            waiting, oldest = (await session.execute(query)).one()
        return Due(waiting, oldest)

    async def get(self, delivery_id: int) -> Delivery | None:
        """Read one delivery."""
        return next(iter(await self.read([delivery_id])), None)

    async def read(self, delivery_ids: Sequence[int]) -> list[Delivery]:
        """Read some deliveries, in the given order."""
        async with self._begin() as session:
            by_id = {delivery.id: delivery for delivery in await read_deliveries(session, delivery_ids)}
        return [by_id[number] for number in delivery_ids if number in by_id]

    async def calendar(self, workspace: Workspace) -> WorkCalendar:
        """Read a workspace's calendar."""
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
        """Find the deliveries that are still pending, and the first instant one may be tried; None if all are settled.

        Those of workspaces the bot was removed from count as settled: nothing is tried there.
        """
        query = (
            select(DeliveryRow.id, DeliveryRow.not_before)
            .join(WorkspaceRow, DeliveryRow.workspace_id == WorkspaceRow.id)
            .where(DeliveryRow.id.in_(delivery_ids), DeliveryRow.state == DeliveryState.PENDING.value)
            .where(DeliveryRow.parent_id.is_(None), WorkspaceRow.removed_at.is_(None))
        )
        async with self._begin() as session:
            rows = [(row[0], row[1]) for row in await session.execute(query)]
        return ([number for number, _ in rows], min(at for _, at in rows)) if rows else None

    async def enqueue_due(self, now: datetime, platforms: Sequence[str]) -> bool:
        """Add jobs for due deliveries that have none. True if there may be more; always False without a job queue."""
        if self._jobs is None:
            return False
        async with self._begin() as session:
            return await self._jobs.enqueue_due(session, now, platforms)

    async def recipient(self, delivery: Delivery, now: datetime, until: datetime) -> Recipient | None:
        """Read the person a delivery is due for at `now`, and everything else due for them by `until`; None if they're gone."""
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
        """Record that an attempt begins, before anything is sent. Nobody else makes one until `lease`.

        Returns its slot: the instant (UTC) when the rate limits allow it. None if no attempt has begun, because

        - the delivery has been settled or deferred, or its schedule is no longer active;
        - another process has begun an attempt since `expected_attempts` was read, for it or for one of those `enclosed`;
        - its slot is more than `WORTH_WAITING` away. The delivery keeps that slot and is ready then.

        `begun_at` stays that of the first attempt in doubt, because its message may have arrived.
        """
        attempt = Attempt(delivery_id, expected_attempts, now, lease, enclosed or Enclosed(), rate_limits)
        return await self._beginnings.submit(attempt)

    async def _begin_attempts(self, attempts: Sequence[Attempt]) -> list[datetime | None]:
        async with self._begin() as session:
            return await begin_all(session, attempts)

    async def release(self, delivery_id: int) -> None:
        """Separate a delivery from the pending ones merged into it, so they're sent by themselves."""
        children = locked(DeliveryRow.parent_id == delivery_id, DeliveryRow.state == DeliveryState.PENDING.value)
        query = update(DeliveryRow).where(DeliveryRow.id.in_(children))
        async with self._begin() as session:
            await session.execute(query.values(parent_id=None), execution_options=_NO_SYNC)

    async def settle(self, delivery_id: int, message_id: str, now: datetime, asked: Asked | None = None) -> None:
        """Record that a delivery was sent as `message_id`, with everything merged into the same message.

        `asked` is the person it asks how a week went: the week counts as silent until they're heard from.
        """
        await self._settlements.submit(Sent(delivery_id, message_id, now, asked))

    async def _settle_all(self, deliveries: Sequence[Sent]) -> list[None]:
        async with self._begin() as session:
            await settle_all(session, deliveries)
        return [None] * len(deliveries)

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

        `known_not_delivered`: the platform didn't take the message, so there's no doubt, and deliveries merged into it go by
        themselves. `attempts`, if given, becomes the number of attempts. Returns False, without a change, if another process has
        begun an attempt since there were `expected_attempts`.
        """
        values: dict[str, object] = {"slot_at": None, "not_before": until, **reason_values(reason)}
        if known_not_delivered:
            values["begun_at"] = None
        if attempts is not None:
            values["attempts"] = attempts
        change = Change(delivery_id, expected_attempts, values, _UNMERGED if known_not_delivered else {})
        return await self._changes.submit(change)

    async def hold(
        self, workspace: Workspace, until: datetime, buckets: Sequence[str] = (), reason: Reason | None = None
    ) -> None:
        """Hold all pending deliveries of a workspace until `until`, and keep `buckets` empty until then.

        Each of the deliveries gets the `reason`, if there is one.
        """
        workspace_id = select(WorkspaceRow.id).where(
            WorkspaceRow.platform == workspace.platform, WorkspaceRow.external_id == workspace.id
        )
        is_waiting = (
            DeliveryRow.state == DeliveryState.PENDING.value,
            DeliveryRow.not_before < until,
            DeliveryRow.workspace_id.in_(workspace_id),
        )
        async with self._begin() as session:
            # Buckets before rows, in the same order as an attempt, so the two can't deadlock.
            await empty_until(session, buckets, until)
            values: dict[str, object] = {"not_before": until, "slot_at": None}
            if reason is not None:
                values |= reason_values(reason)
            query = update(DeliveryRow).where(DeliveryRow.id.in_(locked(*is_waiting)))
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
        """Settle a delivery as failed, missed or cancelled; False if another process has begun an attempt meanwhile.

        Deliveries merged into it go by themselves, unless the message is `maybe_delivered`. Then they're settled the same way.
        """
        values: dict[str, object] = {"state": state.value, **reason_values(reason)}
        change = Change(delivery_id, expected_attempts, values, values if maybe_delivered else _UNMERGED)
        return await self._changes.submit(change)

    async def _change_all(self, changes: Sequence[Change]) -> list[bool]:
        async with self._begin() as session:
            return await change_all(session, changes)

    async def pause(self, schedule_id: int, code: str) -> bool:
        """Pause a schedule, with the platform's error code as the reason, until someone starts it again.

        False if it wasn't active any more.
        """
        query = update(ScheduleRow).where(
            ScheduleRow.id == schedule_id, ScheduleRow.state == ScheduleState.ACTIVE.value
        )
        async with self._begin() as session:
            changed = await session.execute(query.values(state=ScheduleState.PAUSED.value, paused_reason=code[:300]))
            return bool(getattr(changed, "rowcount", 0))

    async def forget_dm(self, person_id: int) -> None:
        """Forget a person's DM channel, so the next message opens a new one."""
        query = update(PersonSettingsRow).where(PersonSettingsRow.person_id == person_id).values(dm_channel_id=None)
        async with self._begin() as session:
            await session.execute(query, execution_options=_NO_SYNC)

    async def schedules(self, *, over: bool = False) -> list[Schedule]:
        """Read all active schedules of all workspaces; with `over`, also those whose last occurrence has passed."""
        query = select_schedules().where(ScheduleRow.state == ScheduleState.ACTIVE.value)
        if not over:
            query = query.where(ScheduleRow.next_run_at.is_not(None))
        async with self._begin() as session:
            return [schedule_of(row) for row in await session.execute(query)]
