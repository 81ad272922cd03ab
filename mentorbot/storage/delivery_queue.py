"""What the scheduler asks of the database, across workspaces: what is due, and how far each delivery has come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import RateLimit, Workspace
from mentorbot.domain.records import Delivery, Schedule
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.storage.attempts import Attempt, Change, Enclosed, Sent, begin_all, change_all, locked, settle_all
from mentorbot.storage.batching import GroupCommit
from mentorbot.storage.deliveries import ScheduledDelivery, read_receipts
from mentorbot.storage.people import THEIR_OWN
from mentorbot.storage.planning import Planning, read_used
from mentorbot.storage.rate_limits import empty_until
from mentorbot.storage.recipients import Recipient, RecipientQuery, read_recipients
from mentorbot.storage.schedules import NOTICE, schedule_record
from mentorbot.storage.tables import DeliveryRow, PersonRow, PersonSettingsRow, ScheduleRow, WorkspaceRow
from mentorbot.storage.work_calendars import read_calendars

if TYPE_CHECKING:
    from mentorbot.storage.jobs import Jobs

_NO_SYNC = {"synchronize_session": False}
_ALONE = {"merged_into": None}
# Statements that are run again and again are made once.
_READY = (
    select(DeliveryRow.id)
    .join(ScheduleRow, DeliveryRow.schedule_id == ScheduleRow.id)
    .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
    .where(DeliveryRow.state == "pending", DeliveryRow.not_before <= bindparam("now"))
    .where(DeliveryRow.merged_into.is_(None), WorkspaceRow.platform.in_(bindparam("platforms", expanding=True)))
    .order_by(
        DeliveryRow.not_before,
        func.row_number().over(
            partition_by=(ScheduleRow.workspace_id, DeliveryRow.not_before), order_by=DeliveryRow.id
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
        self._reading = GroupCommit(self._calendars)
        self._looking = GroupCommit(self._look_up)
        self._beginning = GroupCommit(self._begin_attempts)
        self._changing = GroupCommit(self._change_all)
        self._settling = GroupCommit(self._settle)

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[Planning]:
        """A transaction for the planner."""
        async with self._begin() as session:
            yield Planning(session, self._jobs)

    async def ready(self, now: datetime, platforms: Sequence[str], limit: int) -> list[int]:
        """Ids of pending deliveries that may be sent now on one of `platforms`, oldest first, the workspaces by turns."""
        values = {"now": now, "platforms": list(platforms), "most": limit}
        async with self._begin() as session:
            return list(await session.scalars(_READY, values))

    async def get(self, delivery_id: int) -> ScheduledDelivery | None:
        """A delivery and its schedule."""
        return next(iter(await self.read([delivery_id])), None)

    async def read(self, delivery_ids: Sequence[int]) -> list[ScheduledDelivery]:
        """Some deliveries and their schedules, in the order in which they are named."""
        async with self._begin() as session:
            found = {receipt[0].id: receipt for receipt in await read_receipts(session, delivery_ids)}
        return [found[number] for number in delivery_ids if number in found]

    async def calendar(self, workspace: Workspace) -> WorkCalendar:
        """When a workspace works."""
        return await self._reading.ask(workspace)

    async def _calendars(self, workspaces: Sequence[Workspace]) -> list[WorkCalendar]:
        async with self._begin() as session:
            found = await read_calendars(session, set(workspaces))
        return [found.get(workspace, EVERY_DAY) for workspace in workspaces]

    async def used(self, schedule_id: int) -> list[str]:
        """The items that a schedule has posted or is about to post, oldest first."""
        async with self._begin() as session:
            return (await read_used(session, [schedule_id]))[schedule_id]

    async def left(self, delivery_ids: Sequence[int]) -> tuple[list[int], datetime] | None:
        """Which of some deliveries are still pending, and when the first of them may be tried; None when all are settled."""
        query = select(DeliveryRow.id, DeliveryRow.not_before).where(
            DeliveryRow.id.in_(delivery_ids), DeliveryRow.state == "pending", DeliveryRow.merged_into.is_(None)
        )
        async with self._begin() as session:
            found = [(row[0], row[1]) for row in await session.execute(query)]
        return ([number for number, _ in found], min(at for _, at in found)) if found else None

    async def enlist_due(self, now: datetime, platforms: Sequence[str]) -> bool:
        """Put down jobs for what is due and has none; whether there may be more. Only where the database keeps jobs."""
        if self._jobs is None:
            return False
        async with self._begin() as session:
            return await self._jobs.enlist_due(session, now, platforms)

    async def addressee(
        self, delivery: Delivery, schedule: Schedule, now: datetime, until: datetime
    ) -> Recipient | None:
        """The person to whom a delivery is due `now`, with what else is due for them until `until`; None when they are gone."""
        return await self._looking.ask(RecipientQuery(delivery, schedule, now, until))

    async def _look_up(self, wanted: Sequence[RecipientQuery]) -> list[Recipient | None]:
        async with self._begin() as session:
            return await read_recipients(session, wanted)

    async def begin_attempt(
        self,
        delivery_id: int,
        attempts: int,
        now: datetime,
        lease: datetime,
        enclosed: Enclosed | None = None,
        paces: Sequence[RateLimit] = (),
    ) -> datetime | None:
        """Put down that an attempt begins, before anything is sent; nobody else makes one until `lease`.

        Gives the instant (UTC) at which the limits of `paces` let it go. None when nothing was begun: the delivery is settled
        or put off meanwhile, its schedule is not active any more, another process has begun an attempt since `attempts` were
        read, or the slot that was taken is more than `WORTH_WAITING` away; then it is ready at its slot, which stays its own.

        `begun_at` stays that of the first attempt in doubt, since its message may be the one that is there. If one of those that
        are `enclosed` has been begun by somebody else meanwhile, nothing is begun.
        """
        return await self._beginning.ask(Attempt(delivery_id, attempts, now, lease, enclosed or Enclosed(), paces))

    async def _begin_attempts(self, wanted: Sequence[Attempt]) -> list[datetime | None]:
        async with self._begin() as session:
            return await begin_all(session, wanted)

    async def release(self, delivery_id: int) -> None:
        """What was to travel with a delivery goes by itself."""
        theirs = locked(DeliveryRow.merged_into == delivery_id, DeliveryRow.state == "pending")
        query = update(DeliveryRow).where(DeliveryRow.id.in_(theirs))
        async with self._begin() as session:
            await session.execute(query.values(merged_into=None), execution_options=_NO_SYNC)

    async def settle(self, delivery_id: int, message_id: str, now: datetime) -> None:
        """Sent, as `message_id`, with all that travelled in the same message."""
        await self._settling.ask(Sent(delivery_id, message_id, now))

    async def _settle(self, arrived: Sequence[Sent]) -> list[None]:
        async with self._begin() as session:
            await settle_all(session, arrived)
        return [None] * len(arrived)

    async def postpone(
        self,
        delivery_id: int,
        until: datetime,
        reason: str,
        *,
        arrived_never: bool,
        attempts: int | None = None,
        seen: int | None = None,
    ) -> bool:
        """Try again at `until`. `arrived_never`: the platform has said that it took nothing, so there is no doubt, and what was
        to travel along goes by itself.

        `attempts`, when given, becomes the number of attempts that count. Nothing changes, and it says False, when another
        process has begun one since it was `seen` how many there were.
        """
        values: dict[str, object] = {"slot_at": None, "not_before": until, "last_error": reason[:300]}
        if arrived_never:
            values["begun_at"] = None
        if attempts is not None:
            values["attempts"] = attempts
        return await self._changing.ask(Change(delivery_id, seen, values, _ALONE if arrived_never else {}))

    async def hold(self, workspace: Workspace, until: datetime, buckets: Sequence[str] = (), reason: str = "") -> None:
        """Keep back everything of a workspace that is pending until `until`, and let none of `buckets` fill before. A `reason`
        is what each of them says of itself from then on.
        """
        its = (
            select(ScheduleRow.id)
            .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
            .where(WorkspaceRow.platform == workspace.platform, WorkspaceRow.external_id == workspace.id)
        )
        waiting = (DeliveryRow.state == "pending", DeliveryRow.not_before < until, DeliveryRow.schedule_id.in_(its))
        async with self._begin() as session:
            # Buckets before rows, as an attempt takes them: else the two could wait for each other in a circle.
            await empty_until(session, buckets, until)
            values: dict[str, object] = {"not_before": until, "slot_at": None}
            if reason:
                values["last_error"] = reason[:300]
            query = update(DeliveryRow).where(DeliveryRow.id.in_(locked(*waiting)))
            await session.execute(query.values(**values), execution_options=_NO_SYNC)

    async def give_up(
        self, delivery_id: int, state: str, reason: str, *, seen: int | None = None, doubt: bool = False
    ) -> bool:
        """Settle as `failed`, `missed` or `cancelled`; False when another process has begun an attempt since `seen`.

        What was to travel along goes by itself, but for `doubt`: it may have arrived, and is settled in the same way.
        """
        values: dict[str, object] = {"state": state, "last_error": reason[:300]}
        return await self._changing.ask(Change(delivery_id, seen, values, values if doubt else _ALONE))

    async def pause(self, schedule_id: int, reason: str) -> None:
        """Pause a schedule until a person mends it; then a person's conversation with the bot is opened anew."""
        await self.forget_direct(schedule_id)
        query = update(ScheduleRow).where(ScheduleRow.id == schedule_id, ScheduleRow.state == "active")
        async with self._begin() as session:
            await session.execute(query.values(state="paused", paused_reason=reason[:300]))

    async def forget_direct(self, schedule_id: int) -> None:
        """Open the conversation with a schedule's person anew for the next message."""
        its = select(PersonRow.id).join(ScheduleRow, THEIR_OWN).where(ScheduleRow.id == schedule_id)
        query = update(PersonSettingsRow).where(PersonSettingsRow.person_id.in_(its)).values(direct_id=None)
        async with self._begin() as session:
            await session.execute(query, execution_options=_NO_SYNC)

    async def schedules(self, *, over: bool = False) -> list[Schedule]:
        """All active schedules that repeat, of all workspaces; with `over`, also those whose last occurrence has been."""
        query = (
            select(ScheduleRow, WorkspaceRow)
            .join(WorkspaceRow, ScheduleRow.workspace_id == WorkspaceRow.id)
            .where(ScheduleRow.state == "active", ScheduleRow.kind != NOTICE)
        )
        if not over:
            query = query.where(ScheduleRow.next_run_at.is_not(None))
        async with self._begin() as session:
            return [schedule_record(row, _workspace(of)) for row, of in await session.execute(query)]

    async def _change_all(self, wanted: Sequence[Change]) -> list[bool]:
        async with self._begin() as session:
            return await change_all(session, wanted)


def _workspace(row: WorkspaceRow) -> Workspace:
    return Workspace(row.platform, row.external_id)
