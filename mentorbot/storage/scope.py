"""One transaction in one workspace. Every query of a repository goes through its scope, so it can't see another tenant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ScalarSelect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from mentorbot.chat.platform import Workspace
from mentorbot.chat.safe_text import clean
from mentorbot.storage.tables import Base, WorkspaceRow

if TYPE_CHECKING:
    from mentorbot.storage.delivery_jobs import Jobs

Upsert = sqlite.Insert | postgresql.Insert


@dataclass(slots=True)
class Scope:
    """Session limited to one workspace. `session` itself sees everything, so every query must filter by `id()`."""

    session: AsyncSession
    workspace: Workspace
    now: Callable[[], datetime]
    jobs: Jobs | None = None
    erased: bool = False
    """True once something was erased, which then has to be gone from the database's files, too."""
    _workspace_id: int = 0

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
        return int(await self.session.scalar(select(self.id())) or 0)

    def upsert(self, table: type[Base]) -> Upsert:
        """Make an INSERT with support for conflicts, in this database's dialect."""
        return (sqlite.insert if self.session.get_bind().dialect.name == "sqlite" else postgresql.insert)(table)


def storable(name: str, length: int = 200) -> str:
    """Clean a platform's name: at most `length` characters, without any a database rejects or nobody can see."""
    return clean(name)[:length]
