"""One workspace's view of the database. Repositories reach the tables through it and never name a workspace themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from mentorbot.clock import Clock
from mentorbot.messenger import Workspace
from mentorbot.storage.tables import MAX_NAME, learners, people, workspaces
from mentorbot.storage.transaction import Transaction


class Scope:
    """A transaction, the workspace it sees, and the time."""

    def __init__(self, transaction: Transaction, workspace: Workspace, clock: Clock) -> None:
        self.transaction = transaction
        self.workspace = workspace
        self._clock = clock
        self._id: int | None = None

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self._clock.now()

    def mine(self, workspace_id: ColumnElement[int]) -> ColumnElement[bool]:
        """The condition that a table's `workspace_id` is this workspace's."""
        return workspace_id == self._find_id().scalar_subquery()

    def person(self, external_id: str) -> ColumnElement[bool]:
        """The condition that a row of `people` is that person of this workspace."""
        return self.mine(people.c.workspace_id) & (people.c.external_id == external_id)

    def learner(self, person: str, role: str) -> Select[Any]:
        """SELECT the id of that person's learner row for a role."""
        return (
            select(learners.c.id)
            .join(people, people.c.id == learners.c.person_id)
            .where(self.person(person), learners.c.role == role)
        )

    async def workspace_id(self) -> int:
        """This workspace's row, made now if it is the first thing that is written."""
        if self._id is None:
            self._id = await self._ensure_id()
        return self._id

    async def _ensure_id(self) -> int:
        # The write comes first, so that on SQLite everything after it sees no other writer.
        row = {"platform": self.workspace.platform, "external_id": self.workspace.id, "created_at": self.now()}
        insert = self.transaction.insert(workspaces).values(row)
        await self.transaction.write(insert.on_conflict_do_nothing())
        return int((await self.transaction.read(self._find_id())).scalar_one())

    def _find_id(self) -> Select[Any]:
        return select(workspaces.c.id).where(
            workspaces.c.platform == self.workspace.platform, workspaces.c.external_id == self.workspace.id
        )


def storable(text: str, length: int = MAX_NAME) -> str:
    """A name as a platform gives it, cut to `length` characters, without what no database takes (NUL, lone surrogates)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:length]
