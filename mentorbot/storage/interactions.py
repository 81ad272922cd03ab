"""Answers to interactions by idempotency key: one that's delivered twice gets two answers, but runs only once."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.sql.dml import ReturningInsert

from mentorbot.storage.queries import Query
from mentorbot.storage.scope import IN_WORKSPACE, Scope, upsert
from mentorbot.storage.tables import Base, ProcessedInteractionRow

_ANSWERED = Query(
    select(ProcessedInteractionRow.answer).where(
        ProcessedInteractionRow.workspace_id == IN_WORKSPACE, ProcessedInteractionRow.key == bindparam("key")
    )
)


class AlreadyProcessed(Exception):
    """Another transaction has answered this key meanwhile, so this one must be rolled back."""


class ProcessedInteractions:
    """Answered interactions of one workspace."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def answered(self, key: str) -> str | None:
        """Read the answer (JSON) given to `key`; None if there's none yet."""
        rows = await self._scope.rows(_ANSWERED, key=key)
        return rows[0].answer if rows else None

    async def remember(self, key: str, answer: str) -> None:
        """Save the answer to `key`. Raises `AlreadyProcessed` if there's one already."""
        if not await self.claim(key, answer):
            raise AlreadyProcessed(key)

    async def claim(self, key: str, answer: str = "") -> bool:
        """Take `key` for oneself; False if someone has it already."""
        workspace_id, now = await self._scope.ensure_workspace_id(), self._scope.now()
        values = {"workspace_id": workspace_id, "key": key, "answer": answer, "created_at": now}
        return (await self._scope.session.execute(_claim(self._scope.dialect), values)).one_or_none() is not None


@cache
def _claim(dialect: str) -> ReturningInsert[Any]:
    """Make the INSERT of an answer. It waits for any unfinished transaction that has inserted the same key."""
    table = Base.metadata.tables[ProcessedInteractionRow.__tablename__]
    return upsert(dialect, table).on_conflict_do_nothing().returning(table.c.id)
