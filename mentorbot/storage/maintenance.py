"""Queries of the maintenance tasks, across workspaces: people to check, write to or erase, and rows no longer needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import RateLimit, Workspace
from mentorbot.domain.deliveries import GIVEN_UP, DeliveryState, MessageKind, ScheduleState
from mentorbot.domain.mentoring import MentorshipState
from mentorbot.storage.database import LOCKING
from mentorbot.storage.rate_limits import TokenBuckets
from mentorbot.storage.tables import (
    BucketRow,
    ConversationRow,
    DeliveryRow,
    DmWorkspaceRow,
    DraftRow,
    LearnerRow,
    MentorshipRow,
    PersonRow,
    PersonSettingsRow,
    PlanChangeRow,
    ProcessedInteractionRow,
    ScheduleRow,
    SlackOAuthStateRow,
    WorkspaceRow,
)

WorkspaceMember = tuple[Workspace, str]
"""A workspace, and a person in it by the platform's id."""


class MaintenanceQueries:
    """Queries of the maintenance tasks, one transaction each."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[AsyncSession]]) -> None:
        self._begin = begin

    async def people_to_check(
        self, before: datetime, platforms: Sequence[str], each: int, limit: int
    ) -> list[WorkspaceMember]:
        """List people nobody has checked since `before`, those never checked first.

        At most `each` in a workspace, and at most `limit` in total.
        """
        longest_first = (PersonSettingsRow.checked_at.is_not(None), PersonSettingsRow.checked_at, PersonRow.id)
        turn = func.row_number().over(partition_by=PersonRow.workspace_id, order_by=longest_first)
        is_due = or_(PersonSettingsRow.checked_at.is_(None), PersonSettingsRow.checked_at <= before)
        turns = self._select_people(platforms).add_columns(turn.label("turn")).where(is_due).subquery()
        query = select(*tuple(turns.c)[:3]).where(turns.c.turn <= each).order_by(turns.c.turn)
        return await self._read_people(query.limit(limit))

    async def people_without_dm(self, platform: str, each: int, limit: int) -> list[WorkspaceMember]:
        """List a platform's people who have a schedule but no DM with the bot yet, the soonest schedule first.

        At most `each` in a workspace, and at most `limit` in total.
        """
        no_dm = (PersonSettingsRow.dm_channel_id.is_(None), PersonSettingsRow.left_at.is_(None))
        ids = (PersonRow.workspace_id.label("workspace_id"), PersonRow.id.label("person_id"))
        # These are few. The offset keeps databases from looking up everyone else's schedules, too.
        new = self._select_people((platform,)).add_columns(*ids).where(*no_dm).offset(0).subquery()
        first_run = (
            # If the state were in the condition, SQLite would scan everyone's schedules.
            select(func.min(case((ScheduleRow.state == ScheduleState.ACTIVE.value, ScheduleRow.next_run_at))))
            .where(ScheduleRow.person_id == new.c.person_id)
            .scalar_subquery()
        )
        people = select(new, first_run.label("first_run")).subquery()
        turn = func.row_number().over(
            partition_by=people.c.workspace_id, order_by=(people.c.first_run, people.c.person_id)
        )
        turns = select(people, turn.label("turn")).where(people.c.first_run.is_not(None)).subquery()
        query = select(*tuple(turns.c)[:3]).where(turns.c.turn <= each).order_by(turns.c.first_run)
        return await self._read_people(query.limit(limit))

    async def people_gone_since(self, before: datetime, platforms: Sequence[str], limit: int) -> list[WorkspaceMember]:
        """List people who have been gone since before an instant."""
        query = self._select_people(platforms).where(PersonSettingsRow.left_at <= before)
        return await self._read_people(query.limit(limit))

    def _select_people(self, platforms: Sequence[str]) -> Select[str, str, str]:
        return (
            select(WorkspaceRow.platform, WorkspaceRow.external_id, PersonRow.external_id)
            .join(WorkspaceRow, PersonRow.workspace_id == WorkspaceRow.id)
            .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
            .where(WorkspaceRow.platform.in_(platforms), WorkspaceRow.removed_at.is_(None))
        )

    async def _read_people(self, query: Select[str, str, str]) -> list[WorkspaceMember]:
        async with self._begin() as session:
            return [
                (Workspace(platform, workspace_id), user_id)
                for platform, workspace_id, user_id in await session.execute(query)
            ]

    async def delete_buckets(self, before: datetime, limit: int) -> int:
        """Delete at most `limit` token buckets that have been full since before an instant. Returns their number.

        A bucket that's needed again starts out full, too.
        """
        idle = select(BucketRow.name).where(BucketRow.free_at < before.timestamp()).order_by(BucketRow.name)
        # Buckets in use are skipped, so nobody waits for anyone.
        chosen = idle.limit(limit).with_for_update(skip_locked=True)
        async with self._begin() as session:
            result = await session.execute(delete(BucketRow).where(BucketRow.name.in_(chosen)))
            return int(getattr(result, "rowcount", 0))

    async def delete_deliveries(self, before: datetime, limit: int) -> int:
        """Delete at most `limit` settled deliveries that were due before an instant. Returns their number.

        A channel's tips stay, because its rounds are counted from them.
        """
        channels = select(ScheduleRow.id).where(
            ScheduleRow.kind == MessageKind.TIP.value, ScheduleRow.direct.is_(False)
        )
        is_channel_tip = (DeliveryRow.state == DeliveryState.SENT.value) & DeliveryRow.schedule_id.in_(channels)
        is_settled = DeliveryRow.state.in_([state.value for state in (DeliveryState.SENT, *GIVEN_UP)])
        old = select(DeliveryRow.id).where(is_settled, DeliveryRow.not_before < before, ~is_channel_tip).limit(limit)
        # Deliveries to a person who's being erased are skipped, so nobody waits for anyone.
        old = old.with_for_update(skip_locked=True)
        async with self._begin() as session:
            result = await session.execute(delete(DeliveryRow).where(DeliveryRow.id.in_(old)))
            return int(getattr(result, "rowcount", 0))

    async def delete_interactions(self, before: datetime) -> None:
        """Delete the answers to interactions from before an instant."""
        async with self._begin() as session:
            await session.execute(delete(ProcessedInteractionRow).where(ProcessedInteractionRow.created_at < before))

    async def delete_conversations(self, before: datetime) -> None:
        """Delete drafts, what was remembered of conversations, and installations nobody finished, from before an instant."""
        async with self._begin() as session:
            await session.execute(delete(DraftRow).where(DraftRow.created_at < before))
            await session.execute(delete(ConversationRow).where(ConversationRow.updated_at < before))
            expired = SlackOAuthStateRow.expire_at < before.replace(tzinfo=None)
            await session.execute(delete(SlackOAuthStateRow).where(expired))

    async def save_check(
        self, member: WorkspaceMember, now: datetime, *, has_left: bool, zone: ZoneInfo | None = None, locale: str = ""
    ) -> None:
        """Save whether a person has left, and their zone and locale if the platform has given them.

        `left_at` stays at the instant they were first found to have left.
        """
        async with self._begin() as session:
            person = await self._lock_person(session, member)
            if person is None:
                return
            person_id, left_at = person
            values: dict[str, object] = {"checked_at": now, "left_at": (left_at or now) if has_left else None}
            if zone is not None:
                values["platform_zone"] = zone.key
            await self._save_settings(session, person_id, values)
            if locale:
                await session.execute(update(PersonRow).where(PersonRow.id == person_id).values(locale=locale))

    async def save_dm(self, member: WorkspaceMember, channel_id: str) -> None:
        """Save the channel id of a person's DM with the bot; "" if it couldn't be opened."""
        async with self._begin() as session:
            if person := await self._lock_person(session, member):
                await self._save_settings(session, person[0], {"direct_id": channel_id})

    @staticmethod
    async def _lock_person(session: AsyncSession, member: WorkspaceMember) -> tuple[int, datetime | None] | None:
        """Read a person's id, and the instant they left. They can't be erased before the transaction ends."""
        workspace, user_id = member
        query = (
            select(PersonRow.id, PersonSettingsRow.left_at)
            .join(WorkspaceRow, PersonRow.workspace_id == WorkspaceRow.id)
            .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
            .where(
                WorkspaceRow.platform == workspace.platform,
                WorkspaceRow.external_id == workspace.id,
                PersonRow.external_id == user_id,
            )
            .with_for_update(of=PersonRow, key_share=True)
        )
        row = (await session.execute(query, execution_options=LOCKING)).one_or_none()
        return (row[0], row[1]) if row else None

    @staticmethod
    async def _save_settings(session: AsyncSession, person_id: int, values: dict[str, object]) -> None:
        """Save some of a person's settings, by the names of their columns."""
        upsert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        insert = upsert(PersonSettingsRow).values(person_id=person_id, **values)
        await session.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=values))

    async def home(self, platform: str, user_id: str, key: str) -> Workspace | None:
        """Find the workspace a person means in a DM: the one of the message with `key`, if it was sent to them.

        Otherwise it's the one they've chosen, or the one where their plan changed last; None if they have no plan anywhere.
        """
        sent = (
            select(WorkspaceRow.external_id)
            .join(DeliveryRow, DeliveryRow.workspace_id == WorkspaceRow.id)
            .join(PersonRow, DeliveryRow.person_id == PersonRow.id)
            .where(WorkspaceRow.platform == platform, DeliveryRow.key == key, PersonRow.external_id == user_id)
        )
        newest_change = (
            select(WorkspaceRow.external_id)
            .join(PersonRow, PersonRow.workspace_id == WorkspaceRow.id)
            .join(LearnerRow, LearnerRow.person_id == PersonRow.id)
            .outerjoin(PlanChangeRow, PlanChangeRow.learner_id == LearnerRow.id)
            .where(WorkspaceRow.platform == platform, PersonRow.external_id == user_id)
            .order_by(PlanChangeRow.created_at.is_(None), PlanChangeRow.created_at.desc(), PlanChangeRow.id.desc())
        )
        async with self._begin() as session:
            workspace_id = (await session.scalar(sent)) if key else None
            for query in (_chosen(platform, user_id), newest_change):
                workspace_id = workspace_id or await session.scalar(query.limit(1))
        return Workspace(platform, workspace_id) if workspace_id else None

    async def take_slot(self, limit: RateLimit, now: datetime) -> datetime:
        """Take the next free slot of a limit that all processes share; return its instant (UTC)."""
        async with self._begin() as session:
            buckets = await TokenBuckets.lock(session, (limit.name,))
            slot = buckets.take((limit,), now)
            await buckets.save()
        return slot

    async def dm_workspace(self, platform: str, user_id: str) -> Workspace | None:
        """Find the workspace a person has chosen for their direct messages; None if they haven't."""
        async with self._begin() as session:
            workspace_id = await session.scalar(_chosen(platform, user_id).limit(1))
        return Workspace(platform, workspace_id) if workspace_id else None

    async def workspaces_of(self, platform: str, user_id: str) -> list[Workspace]:
        """List the workspaces where something is stored about a person, by the platform's id."""
        query = (
            select(WorkspaceRow.platform, WorkspaceRow.external_id)
            .join(PersonRow, PersonRow.workspace_id == WorkspaceRow.id)
            .where(WorkspaceRow.platform == platform, PersonRow.external_id == user_id)
            .order_by(WorkspaceRow.id)
        )
        async with self._begin() as session:
            return [Workspace(name, workspace_id) for name, workspace_id in await session.execute(query)]

    async def workspaces_with_overdue_requests(self, now: datetime) -> list[Workspace]:
        """List workspaces where a mentor hasn't answered in time."""
        return await self._read_workspaces(_OVERDUE, now)

    async def next_deadline(self, after: datetime, until: datetime) -> datetime | None:
        """Find the next deadline for a mentor's answer, later than `after` and no later than `until`; None without one."""
        conditions = (
            MentorshipRow.state == MentorshipState.REQUESTED.value,
            MentorshipRow.deadline > after,
            MentorshipRow.deadline <= until,
        )
        async with self._begin() as session:
            return await session.scalar(select(func.min(MentorshipRow.deadline)).where(*conditions))

    async def workspaces_with_learners_waiting_since(self, before: datetime) -> list[Workspace]:
        """List workspaces where a learner has waited for a mentor since before an instant."""
        return await self._read_workspaces(_WAITING, before)

    async def _read_workspaces(self, query: Select[str, str], at: datetime) -> list[Workspace]:
        async with self._begin() as session:
            return [
                Workspace(platform, workspace_id) for platform, workspace_id in await session.execute(query, {"at": at})
            ]


def _chosen(platform: str, user_id: str) -> Select[str]:
    """Select the workspaces a person has chosen for their direct messages, the newest choice first."""
    return (
        select(WorkspaceRow.external_id)
        .join(DmWorkspaceRow, DmWorkspaceRow.workspace_id == WorkspaceRow.id)
        .where(WorkspaceRow.platform == platform, DmWorkspaceRow.user_id == user_id)
        .order_by(DmWorkspaceRow.chosen_at.desc(), DmWorkspaceRow.id.desc())
    )


_WITH_MENTORSHIPS = (
    select(WorkspaceRow.platform, WorkspaceRow.external_id)
    .join(PersonRow, PersonRow.workspace_id == WorkspaceRow.id)
    .join(LearnerRow, LearnerRow.person_id == PersonRow.id)
    .join(MentorshipRow, MentorshipRow.learner_id == LearnerRow.id)
    .distinct()
)
_OVERDUE = _WITH_MENTORSHIPS.where(
    MentorshipRow.state == MentorshipState.REQUESTED.value, MentorshipRow.deadline <= bindparam("at")
)
_WAITING = _WITH_MENTORSHIPS.where(
    MentorshipRow.state == MentorshipState.WAITING.value, MentorshipRow.changed_at <= bindparam("at")
)
