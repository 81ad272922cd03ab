"""One transaction in one workspace. Every query of a repository goes through its scope, so it can't see another tenant.

The transaction begins with the first query, so a command that makes none costs the database nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ScalarSelect, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.chat.safe_text import clean
from mentorbot.storage.queries import Query, Reader
from mentorbot.storage.tables import Base, WorkspaceRow

if TYPE_CHECKING:
    from mentorbot.storage.delivery_jobs import Jobs

Upsert = sqlite.Insert | postgresql.Insert


@dataclass(slots=True)
class Scope:
    """Session limited to one workspace. `session` itself sees everything, so every query must filter by `id()`."""

    open_session: Callable[[], AsyncSession]
    workspace: Workspace
    now: Callable[[], datetime]
    reader: Reader
    jobs: Jobs | None = None
    erased: bool = False
    """True once something was erased, which then has to be gone from the database's files, too."""
    opened: AsyncSession | None = None
    """The session, if there has been a query."""
    _workspace_id: int = 0

    @property
    def session(self) -> AsyncSession:
        """The session, opened on first use."""
        if self.opened is None:
            self.opened = self.open_session()
        return self.opened

    async def rows(self, query: Query, **parameters: object) -> Sequence[Any]:
        """Run a query of this workspace. It sees what this transaction has written.

        Its parameters `platform` and `workspace` are set here, so each query can filter by them; see `IN_WORKSPACE`.
        """
        values = {"platform": self.workspace.platform, "workspace": self.workspace.id, **parameters}
        if self.opened is None and (rows := await query.run(self.reader, values)) is not None:
            return rows
        return query.records((await self.session.execute(query.statement, values)).all())

    def id(self) -> ScalarSelect[int]:
        """The workspace's id as a subquery. If the workspace isn't known yet, it's empty and matches nothing."""
        return (
            select(WorkspaceRow.id)
            .where(WorkspaceRow.platform == self.workspace.platform, WorkspaceRow.external_id == self.workspace.id)
            .scalar_subquery()
        )

    async def ensure_workspace_id(self) -> int:
        """Read the workspace's id. Create its row if need be."""
        self._workspace_id = self._workspace_id or await self._known()
        if not self._workspace_id:
            values = {"platform": self.workspace.platform, "external_id": self.workspace.id, "created_at": self.now()}
            await self.session.execute(self.upsert(WorkspaceRow).values(**values).on_conflict_do_nothing())
            self._workspace_id = await self._known()
        return self._workspace_id

    async def _known(self) -> int:
        rows = await self.rows(_WORKSPACE_ID)
        return int(rows[0].id) if rows else 0

    def upsert(self, table: type[Base]) -> Upsert:
        """Make an INSERT with support for conflicts, in this database's dialect."""
        return upsert(self.dialect, table)

    @property
    def dialect(self) -> str:
        """The name of this database's dialect."""
        return self.reader.dialect.name


IN_WORKSPACE = (
    select(WorkspaceRow.id)
    .where(WorkspaceRow.platform == bindparam("platform"), WorkspaceRow.external_id == bindparam("workspace"))
    .scalar_subquery()
)
"""The id of the workspace a `Query` is run in, to filter by."""

_WORKSPACE_ID = Query(select(WorkspaceRow.id).where(WorkspaceRow.id == IN_WORKSPACE))


def upsert(dialect: str, table: type[Base] | Table) -> Upsert:
    """Make an INSERT with support for conflicts, in the dialect with this name."""
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)


def storable(name: str, length: int = 200) -> str:
    """Clean a platform's name: at most `length` characters, without any a database rejects or nobody can see."""
    return clean(name)[:length]
