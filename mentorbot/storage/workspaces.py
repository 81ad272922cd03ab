"""Workspaces as a whole: the ones the bot was removed from, and exporting or erasing everything about one."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import URL, ColumnElement, ScalarSelect, Select, Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.storage import sqlite
from mentorbot.storage.database import is_sqlite
from mentorbot.storage.delivery_claims import locked
from mentorbot.storage.privacy import as_json
from mentorbot.storage.tables import (
    Base,
    BucketRow,
    DeliveryRow,
    LearnerRow,
    PersonRow,
    SlackBotRow,
    SlackInstallationRow,
    WorkspaceRow,
)

log = logging.getLogger(__name__)

_BATCH = 200
"""Rows deleted in one transaction, so nobody else waits long."""
_NO_SYNC = {"synchronize_session": False}


class Workspaces:
    """All workspaces in the database, one transaction for each call."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[AsyncSession]], url: URL) -> None:
        self._begin, self._url = begin, url
        self._to_scrub = False

    async def of_platform(self, platform: str) -> list[Workspace]:
        """List a platform's workspaces, including those the bot was removed from."""
        query = select(WorkspaceRow.external_id).where(WorkspaceRow.platform == platform).order_by(WorkspaceRow.id)
        async with self._begin() as session:
            return [Workspace(platform, workspace_id) for workspace_id in await session.scalars(query)]

    async def mark_removed(self, workspace: Workspace, now: datetime) -> bool:
        """Record that the bot was removed from a workspace, so nothing more is sent there; False if that's known already."""
        change = update(WorkspaceRow).where(_is(workspace), WorkspaceRow.removed_at.is_(None)).values(removed_at=now)
        async with self._begin() as session:
            changed = await session.execute(change, execution_options=_NO_SYNC)
            return bool(getattr(changed, "rowcount", 0))

    async def mark_present(self, workspace: Workspace, app_id: str | None = None) -> bool:
        """Record that the bot is in a workspace, served by an application; True if it was thought to be removed."""
        async with self._begin() as session:
            row = (await session.scalars(select(WorkspaceRow).where(_is(workspace)))).one_or_none()
            if row is None:
                return False
            was_removed = row.removed_at is not None
            row.removed_at, row.app_id = None, app_id or row.app_id
            return was_removed

    async def claim_missing_notice(self, workspace: Workspace, missing: str) -> bool:
        """Record that an admin is told what the bot lacks; False if one was told the same last time."""
        untold = WorkspaceRow.missing_told.is_(None) | (WorkspaceRow.missing_told != missing)
        change = update(WorkspaceRow).where(_is(workspace), untold).values(missing_told=missing)
        async with self._begin() as session:
            changed = await session.execute(change, execution_options=_NO_SYNC)
            return bool(getattr(changed, "rowcount", 0))

    async def release_missing_notice(self, workspace: Workspace, missing: str) -> None:
        """Record that nobody was told after all what the bot lacks."""
        change = update(WorkspaceRow).where(_is(workspace), WorkspaceRow.missing_told == missing)
        async with self._begin() as session:
            await session.execute(change.values(missing_told=None), execution_options=_NO_SYNC)

    async def compare(
        self, platform: str, app_id: str, present: Collection[str], now: datetime
    ) -> tuple[list[Workspace], list[Workspace]]:
        """Compare the workspaces an application should serve with those it's in (`present`, the platform's ids).

        Returns those the bot was removed from, and those it's back in. Workspaces of other applications that share the database
        are left alone.
        """
        removed, back = [], []
        async with self._begin() as session:
            rows = (await session.scalars(select(WorkspaceRow).where(WorkspaceRow.platform == platform))).all()
            for row in rows:
                workspace = Workspace(platform, row.external_id)
                if row.external_id in present:
                    if row.removed_at is not None:
                        back.append(workspace)
                    row.removed_at, row.app_id = None, app_id
                elif row.app_id in (None, app_id) and row.removed_at is None:
                    row.removed_at = now
                    removed.append(workspace)
        return removed, back

    async def removed(self, limit: int) -> list[tuple[Workspace, datetime]]:
        """List workspaces the bot was removed from and the instant it was noticed, the longest ago first."""
        query = select(WorkspaceRow.platform, WorkspaceRow.external_id, WorkspaceRow.removed_at)
        removed = query.where(WorkspaceRow.removed_at.is_not(None)).order_by(WorkspaceRow.removed_at).limit(limit)
        async with self._begin() as session:
            return [(Workspace(platform, number), at) for platform, number, at in await session.execute(removed) if at]

    async def everything(self, workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
        """Read every row of a workspace, by table, as JSON values with the database's ids."""
        async with self._begin() as session:
            tables = {}
            for table, query in _queries(workspace):
                rows = (await session.execute(query)).mappings().all()
                if rows:
                    tables[table.name] = [{key: as_json(value) for key, value in row.items()} for row in rows]
            return tables

    async def erase(self, workspace: Workspace) -> Counter[str]:
        """Erase a workspace and everything in it, in batches. Returns the number of rows by table."""
        counts: Counter[str] = Counter()
        async with self._begin() as session:
            for table, query in _queries(workspace):
                counts[table.name] = int(await session.scalar(select(func.count()).select_from(query.subquery())) or 0)
        # Messages before people, in the same order as an attempt, so the two can't deadlock.
        messages = locked(DeliveryRow.workspace_id == _id_of(workspace)).limit(_BATCH)
        while await self._delete(DeliveryRow, DeliveryRow.id.in_(messages)):
            continue
        people = select(PersonRow.id).where(PersonRow.workspace_id == _id_of(workspace)).limit(_BATCH)
        while await self._delete(PersonRow, PersonRow.id.in_(people)):
            continue
        if workspace.platform == "slack":
            await self._delete(SlackInstallationRow, _is_installed_in(SlackInstallationRow, workspace))
            await self._delete(SlackBotRow, _is_installed_in(SlackBotRow, workspace))
        await self._delete(WorkspaceRow, _is(workspace))
        name = f"{workspace.platform}/{workspace.id}"
        is_theirs = (BucketRow.name == name) | BucketRow.name.startswith(f"{name}/", autoescape=True)
        await self._delete(BucketRow, is_theirs)
        await self.scrub()
        return +counts

    async def _delete(self, table: type[Base], condition: ColumnElement[bool]) -> int:
        """Delete the rows a condition holds for, and everything that belongs to them."""
        async with self._begin() as session:
            result = await session.execute(delete(table).where(condition), execution_options=_NO_SYNC)
            return int(getattr(result, "rowcount", 0))

    async def scrub(self, *, whole: bool = False) -> bool:
        """Remove what was erased from SQLite's file and its log; False if some may be left. `whole`: however long it takes.

        PostgreSQL does so by itself, as it vacuums and recycles its log.
        """
        if not is_sqlite(self._url):
            return True
        self._to_scrub = not await asyncio.to_thread(sqlite.scrub, self._url.database or "", whole=whole)
        if self._to_scrub:
            log.info(
                "the database file is in use or large, so erased text is removed from it later: mentorbot data scrub"
            )
        return not self._to_scrub

    async def give_back_space(self) -> None:
        """Give the space of deleted rows back to the disk, in small steps. PostgreSQL's autovacuum does so by itself."""
        if is_sqlite(self._url):
            given_back = await asyncio.to_thread(sqlite.give_back, self._url.database or "")
            if given_back:
                log.info("the database file is %d MB smaller: old rows were deleted", given_back // 1_000_000)

    async def scrub_again(self) -> None:
        """Try again if the last attempt was incomplete."""
        if self._to_scrub:
            await self.scrub()


def _is(workspace: Workspace) -> ColumnElement[bool]:
    return (WorkspaceRow.platform == workspace.platform) & (WorkspaceRow.external_id == workspace.id)


def _is_installed_in(table: type[SlackInstallationRow | SlackBotRow], workspace: Workspace) -> ColumnElement[bool]:
    """Select the installations of a workspace, or of an organisation as a whole."""
    is_organisation = table.is_enterprise_install.is_(True) & (table.enterprise_id == workspace.id)
    return is_organisation | (table.is_enterprise_install.is_(False) & (table.team_id == workspace.id))


def _id_of(workspace: Workspace) -> ScalarSelect[int]:
    return select(WorkspaceRow.id).where(_is(workspace)).scalar_subquery()


def _queries(workspace: Workspace) -> Iterator[tuple[Table, Select[Any]]]:
    """Select all rows of a workspace, table by table. A table added later is covered without a change here."""
    people = select(PersonRow.id).where(PersonRow.workspace_id == _id_of(workspace))
    learners = select(LearnerRow.id).where(LearnerRow.person_id.in_(people))
    for table in Base.metadata.sorted_tables:
        if table.name == WorkspaceRow.__tablename__:
            yield table, select(table).where(table.c.id == _id_of(workspace))
        elif "workspace_id" in table.c:
            yield table, select(table).where(table.c.workspace_id == _id_of(workspace))
        elif "person_id" in table.c:
            yield table, select(table).where(table.c.person_id.in_(people))
        elif "learner_id" in table.c:
            yield table, select(table).where(table.c.learner_id.in_(learners))
