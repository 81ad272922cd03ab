"""What is looked after across workspaces: who is to be looked up, written to or erased, and what is no longer needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, case, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.domain.deliveries import GIVEN_UP, DeliveryState, MessageKind
from mentorbot.storage.database import LOCKING
from mentorbot.storage.tables import (
    BucketRow,
    DeliveryRow,
    LearnerRow,
    PairingRow,
    PersonRow,
    PersonSettingsRow,
    PlanChangeRow,
    ProcessedInteractionRow,
    ScheduleRow,
    WorkspaceRow,
)

WorkspaceMember = tuple[Workspace, str]
"""A workspace, and a person in it by the platform's id."""


class MaintenanceQueries:
    """Questions of the housekeeping, one transaction each."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[AsyncSession]]) -> None:
        self._begin = begin

    async def to_look_up(
        self, before: datetime, platforms: Sequence[str], each: int, limit: int
    ) -> list[WorkspaceMember]:
        """People whom nobody has looked up since `before`, at most `each` of a workspace and `limit` in all; those never looked
        up first.
        """
        longest = (PersonSettingsRow.checked_at.is_not(None), PersonSettingsRow.checked_at, PersonRow.id)
        turn = func.row_number().over(partition_by=PersonRow.workspace_id, order_by=longest)
        waiting = or_(PersonSettingsRow.checked_at.is_(None), PersonSettingsRow.checked_at <= before)
        turns = self._people(platforms).add_columns(turn.label("turn")).where(waiting).subquery()
        query = select(*tuple(turns.c)[:3]).where(turns.c.turn <= each).order_by(turns.c.turn)
        return await self._found(query.limit(limit))

    async def to_open(self, platform: str, each: int, limit: int) -> list[WorkspaceMember]:
        """People of a platform who are to get messages and whose conversation with the bot was never opened, at most `each` of a
        workspace and `limit` in all; those who get one first, first.
        """
        never = (PersonSettingsRow.direct_id.is_(None), PersonSettingsRow.left_at.is_(None))
        added = (PersonRow.workspace_id.label("of"), PersonRow.id.label("number"))
        # These are few. The offset keeps databases from looking for the messages of all the others, too.
        new = self._people((platform,)).add_columns(*added).where(*never).offset(0).subquery()
        first = (
            # SQLite would go through everybody's schedules if the state were named in the condition.
            select(func.min(case((ScheduleRow.state == "active", ScheduleRow.next_run_at))))
            .where(ScheduleRow.person_id == new.c.number)
            .scalar_subquery()
        )
        people = select(new, first.label("first")).subquery()
        turn = func.row_number().over(partition_by=people.c.of, order_by=(people.c.first, people.c.number))
        turns = select(people, turn.label("turn")).where(people.c.first.is_not(None)).subquery()
        query = select(*tuple(turns.c)[:3]).where(turns.c.turn <= each).order_by(turns.c.first)
        return await self._found(query.limit(limit))

    async def gone_since(self, before: datetime, platforms: Sequence[str], limit: int) -> list[WorkspaceMember]:
        """People who have been gone since before an instant."""
        return await self._found(self._people(platforms).where(PersonSettingsRow.left_at <= before).limit(limit))

    def _people(self, platforms: Sequence[str]) -> Select[str, str, str]:
        return (
            select(WorkspaceRow.platform, WorkspaceRow.external_id, PersonRow.external_id)
            .join(WorkspaceRow, PersonRow.workspace_id == WorkspaceRow.id)
            .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
            .where(WorkspaceRow.platform.in_(platforms))
        )

    async def _found(self, query: Select[str, str, str]) -> list[WorkspaceMember]:
        async with self._begin() as session:
            return [
                (Workspace(platform, workspace), person) for platform, workspace, person in await session.execute(query)
            ]

    async def forget_buckets(self, before: datetime, limit: int) -> int:
        """Delete token buckets that have been full since before an instant, at most `limit`; how many. One that is asked for
        again is made anew.
        """
        idle = select(BucketRow.name).where(BucketRow.free_at < before.timestamp()).order_by(BucketRow.name)
        # Those that are in use just now are passed over, so that nobody waits for anybody.
        chosen = idle.limit(limit).with_for_update(skip_locked=True)
        async with self._begin() as session:
            result = await session.execute(delete(BucketRow).where(BucketRow.name.in_(chosen)))
            return int(getattr(result, "rowcount", 0))

    async def forget_deliveries(self, before: datetime, limit: int) -> int:
        """Delete messages that were settled long ago (due before an instant), at most `limit`; how many.

        The tips of a channel stay: its rounds are counted from them.
        """
        channels = select(ScheduleRow.id).where(
            ScheduleRow.kind == MessageKind.TIP.value, ScheduleRow.direct.is_(False)
        )
        kept = (DeliveryRow.state == "sent") & DeliveryRow.schedule_id.in_(channels)
        settled = DeliveryRow.state.in_([state.value for state in (DeliveryState.SENT, *GIVEN_UP)])
        old = select(DeliveryRow.id).where(settled, DeliveryRow.not_before < before, ~kept).limit(limit)
        # Those of somebody who is being forgotten just now are passed over, so that nobody waits for anybody.
        old = old.with_for_update(skip_locked=True)
        async with self._begin() as session:
            done = await session.execute(delete(DeliveryRow).where(DeliveryRow.id.in_(old)))
            return int(getattr(done, "rowcount", 0))

    async def forget_requests(self, before: datetime) -> None:
        """Delete idempotency keys that were made before an instant."""
        async with self._begin() as session:
            await session.execute(delete(ProcessedInteractionRow).where(ProcessedInteractionRow.created_at < before))

    async def looked_up(self, who: WorkspaceMember, now: datetime, *, gone: bool, zone: ZoneInfo | None = None) -> None:
        """Put down whether a person is there, and in which zone, if the platform tells. Since when somebody is gone stays as it
        was first seen.
        """
        async with self._begin() as session:
            found = await self._lock(session, who)
            if found is None:
                return
            values: dict[str, object] = {"checked_at": now, "left_at": (found[1] or now) if gone else None}
            if zone is not None:
                values["platform_zone"] = zone.key
            await self._keep(session, found[0], values)

    async def opened(self, who: WorkspaceMember, direct: str) -> None:
        """Put down the channel (its id) in which a person and the bot talk alone; empty, where it could not be opened."""
        async with self._begin() as session:
            if found := await self._lock(session, who):
                await self._keep(session, found[0], {"direct_id": direct})

    @staticmethod
    async def _lock(session: AsyncSession, who: WorkspaceMember) -> tuple[int, datetime | None] | None:
        """A person's id, and since when they are gone. They cannot be erased before the transaction ends."""
        workspace, person = who
        query = (
            select(PersonRow.id, PersonSettingsRow.left_at)
            .join(WorkspaceRow, PersonRow.workspace_id == WorkspaceRow.id)
            .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
            .where(
                WorkspaceRow.platform == workspace.platform,
                WorkspaceRow.external_id == workspace.id,
                PersonRow.external_id == person,
            )
            .with_for_update(of=PersonRow, key_share=True)
        )
        found = (await session.execute(query, execution_options=LOCKING)).one_or_none()
        return (found[0], found[1]) if found else None

    @staticmethod
    async def _keep(session: AsyncSession, person_id: int, values: dict[str, object]) -> None:
        made = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        insert = made(PersonSettingsRow).values(person_id=person_id, **values)
        await session.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=values))

    async def home(self, platform: str, person: str, key: str) -> Workspace | None:
        """The workspace that a person means in a direct conversation: that of the message with `key`, which must have been
        sent to them; else the one in which their plan changed last. None when they have no plan anywhere."""
        sent = (
            select(WorkspaceRow.external_id)
            .join(DeliveryRow, DeliveryRow.workspace_id == WorkspaceRow.id)
            .join(PersonRow, DeliveryRow.person_id == PersonRow.id)
            .where(WorkspaceRow.platform == platform, DeliveryRow.key == key, PersonRow.external_id == person)
        )
        changed = (
            select(WorkspaceRow.external_id)
            .join(PersonRow, PersonRow.workspace_id == WorkspaceRow.id)
            .join(LearnerRow, LearnerRow.person_id == PersonRow.id)
            .outerjoin(PlanChangeRow, PlanChangeRow.learner_id == LearnerRow.id)
            .where(WorkspaceRow.platform == platform, PersonRow.external_id == person)
            .order_by(PlanChangeRow.created_at.is_(None), PlanChangeRow.created_at.desc(), PlanChangeRow.id.desc())
        )
        async with self._begin() as session:
            found = (await session.scalar(sent)) if key else None
            found = found or await session.scalar(changed.limit(1))
        return Workspace(platform, found) if found else None

    async def with_overdue_requests(self, now: datetime) -> list[Workspace]:
        """Workspaces in which a mentor has not answered in time."""
        return await self._workspaces(_OVERDUE, now)

    async def next_deadline(self, after: datetime, until: datetime) -> datetime | None:
        """When a mentor is to have answered next, after an instant and until another one; None when none is to."""
        ahead = (PairingRow.state == "requested", PairingRow.deadline > after, PairingRow.deadline <= until)
        async with self._begin() as session:
            return await session.scalar(select(func.min(PairingRow.deadline)).where(*ahead))

    async def with_waiting_since(self, before: datetime) -> list[Workspace]:
        """Workspaces in which a learner has waited for a mentor since before an instant."""
        return await self._workspaces(_WAITING, before)

    async def _workspaces(self, query: Select[str, str], at: datetime) -> list[Workspace]:
        async with self._begin() as session:
            return [Workspace(platform, number) for platform, number in await session.execute(query, {"at": at})]


_PAIRED = (
    select(WorkspaceRow.platform, WorkspaceRow.external_id)
    .join(PersonRow, PersonRow.workspace_id == WorkspaceRow.id)
    .join(LearnerRow, LearnerRow.person_id == PersonRow.id)
    .join(PairingRow, PairingRow.learner_id == LearnerRow.id)
    .distinct()
)
_OVERDUE = _PAIRED.where(PairingRow.state == "requested", PairingRow.deadline <= bindparam("at"))
_WAITING = _PAIRED.where(PairingRow.state == "waiting", PairingRow.changed_at <= bindparam("at"))
