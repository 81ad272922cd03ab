"""Recall questions of learners in one workspace: where each stands on its forgetting curve."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from mentorbot.domain.recall import Memory
from mentorbot.domain.records import RecallState
from mentorbot.storage.learners import Learners
from mentorbot.storage.tables import RecallRow


class RecallQuestions:
    """Recall of a person (the platform's id) for a role; nobody else's, and no other workspace's."""

    def __init__(self, learners: Learners) -> None:
        self._learners = learners
        self._scope = learners.scope

    async def all(self, person: str, role: str) -> list[RecallState]:
        """Every question that the learner was asked or will be, soonest first."""
        query = select(RecallRow).where(RecallRow.learner_id.in_(self._learners.own_id(person, role)))
        rows = await self._scope.session.scalars(
            query.order_by(RecallRow.due_at, RecallRow.id), execution_options={"populate_existing": True}
        )
        return [RecallState(row.question, row.memory, row.due_at, row.asked, row.right) for row in rows]

    async def begin(self, person: str, role: str, questions: Collection[str]) -> None:
        """Take questions in, due at once; those that are there stay as they are."""
        if not questions:
            return
        learner = await self._learners.ensure(person, role)
        now = self._scope.now()
        fresh = {"learner_id": learner.id, "memory": {}, "due_at": now, "asked": 0, "right": 0}
        insert = self._scope.insert(RecallRow).values([{**fresh, "question": question} for question in questions])
        await self._scope.session.execute(insert.on_conflict_do_nothing())

    async def answered(
        self, person: str, role: str, before: RecallState, memory: Memory, due_at: datetime, *, right: bool
    ) -> bool:
        """Keep where a question stands after an answer; False when it was answered since `before` was read."""
        its = (RecallRow.learner_id.in_(self._learners.own_id(person, role)), RecallRow.question == before.question)
        counts = {"asked": before.asked + 1, "right": before.right + int(right)}
        change = update(RecallRow).where(*its, RecallRow.asked == before.asked)
        told = change.values(memory=memory, due_at=due_at, **counts).execution_options(synchronize_session=False)
        result = await self._scope.session.execute(told)
        return bool(getattr(result, "rowcount", 0))
