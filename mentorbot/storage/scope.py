"""One transaction in one workspace. Every query of a repository goes through its scope, so none can see another tenant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ScalarSelect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.storage.tables import Base, WorkspaceRow

if TYPE_CHECKING:
    from mentorbot.storage.delivery_jobs import Jobs

Upsert = sqlite.Insert | postgresql.Insert


@dataclass(slots=True)
class Scope:
    """`session` sees everything; `id()` is the condition that every query must carry."""

    session: AsyncSession
    workspace: Workspace
    now: Callable[[], datetime]
    jobs: Jobs | None = None
    _workspace_id: int = 0

    def id(self) -> ScalarSelect[int]:
        """The workspace's id as a subquery: empty, and so matching nothing, where the workspace is not known yet."""
        return (
            select(WorkspaceRow.id)
            .where(WorkspaceRow.platform == self.workspace.platform, WorkspaceRow.external_id == self.workspace.id)
            .scalar_subquery()
        )

    async def ensure_workspace_id(self) -> int:
        """The workspace's id; the row is made if need be."""
        self._workspace_id = self._workspace_id or await self._known()
        if not self._workspace_id:
            values = {"platform": self.workspace.platform, "external_id": self.workspace.id, "created_at": self.now()}
            await self.session.execute(self.upsert(WorkspaceRow).values(**values).on_conflict_do_nothing())
            self._workspace_id = await self._known()
        return self._workspace_id

    async def _known(self) -> int:
        return int(await self.session.scalar(select(self.id())) or 0)

    def upsert(self, table: type[Base]) -> Upsert:
        """An INSERT that can say what to do when the row is there already, in this database's dialect."""
        return (sqlite.insert if self.session.get_bind().dialect.name == "sqlite" else postgresql.insert)(table)


def storable(name: str, length: int = 200) -> str:
    """A name as a platform gives it, at most `length` characters of it, without what no database takes (NUL, half a
    surrogate pair)."""
    return name.replace("\0", "").encode("utf-8", "replace").decode()[:length]
