"""Answers that were given already: a request that a platform delivers twice is executed once."""

from __future__ import annotations

from sqlalchemy import select

from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import requests


class AlreadyAnswered(Exception):
    """Another delivery of the same request was first. Leave the unit with this error; what it wrote is undone."""


class Requests:
    """The requests of one workspace, by the platform's id of the interaction (at most 200 characters)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def answered(self, key: str) -> str | None:
        """The answer (JSON) that this request got, or None."""
        which = (self._scope.mine(requests.c.workspace_id), requests.c.key == key)
        answer: str | None = (await self._scope.transaction.read(select(requests.c.answer).where(*which))).scalar()
        return answer

    async def remember(self, key: str, answer_json: str) -> None:
        """Keep the answer, in the same transaction as what the request changed.

        Raises:
            AlreadyAnswered: another delivery was first.
        """
        row = {
            "workspace_id": await self._scope.workspace_id(),
            "key": key,
            "answer": answer_json,
            "created_at": self._scope.now(),
        }
        insert = self._scope.transaction.insert(requests).values(row)
        kept = await self._scope.transaction.write(insert.on_conflict_do_nothing().returning(requests.c.key))
        if kept.one_or_none() is None:
            raise AlreadyAnswered(key)
