"""Answers that were given, by idempotency key: a request that is delivered twice is answered, but not done, twice."""

from __future__ import annotations

from sqlalchemy import select

from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import ProcessedInteractionRow


class AlreadyProcessed(Exception):
    """Another transaction has answered this key meanwhile; this one must be rolled back."""


class ProcessedInteractions:
    """Keys of one workspace."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def answered(self, key: str) -> str | None:
        """The answer (JSON) that was given to `key`."""
        query = select(ProcessedInteractionRow.answer).where(
            ProcessedInteractionRow.workspace_id == self._scope.id(), ProcessedInteractionRow.key == key
        )
        return (await self._scope.session.scalars(query)).one_or_none()

    async def remember(self, key: str, answer: str) -> None:
        """Keep the answer to `key`; raises `AlreadyProcessed` when another one is there."""
        values = {"workspace_id": await self._scope.ensure_workspace_id(), "key": key, "answer": answer}
        # Waits for another transaction that has put the same key down and is not finished.
        insert = (
            self._scope.upsert(ProcessedInteractionRow)
            .values(**values, created_at=self._scope.now())
            .on_conflict_do_nothing()
            .returning(ProcessedInteractionRow.id)
        )
        if (await self._scope.session.scalars(insert)).one_or_none() is None:
            raise AlreadyProcessed(key)
