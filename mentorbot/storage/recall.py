"""A learner's recall questions, each with its position on the forgetting curve."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from mentorbot.domain.learner import RecallState
from mentorbot.domain.recall import Memory
from mentorbot.storage.learner_scope import LearnerScope
from mentorbot.storage.tables import RecallRow


class RecallQuestions:
    """Recall questions of one learner."""

    def __init__(self, learner: LearnerScope) -> None:
        self._learner, self._scope = learner, learner.scope

    async def all(self) -> list[RecallState]:
        """Read every question the learner has been or will be asked, soonest first."""
        query = select(RecallRow).where(RecallRow.learner_id.in_(self._learner.id()))
        rows = await self._scope.session.scalars(
            query.order_by(RecallRow.due_at, RecallRow.id), execution_options={"populate_existing": True}
        )
        return [RecallState(row.question, row.memory, row.due_at, row.asked, row.right) for row in rows]

    async def add(self, questions: Collection[str]) -> None:
        """Add questions, due at once. Existing ones stay as they are."""
        if not questions:
            return
        learner = await self._learner.ensure()
        new = {"learner_id": learner.id, "memory": {}, "due_at": self._scope.now(), "asked": 0, "right": 0}
        insert = self._scope.upsert(RecallRow).values([{**new, "question": question} for question in questions])
        await self._scope.session.execute(insert.on_conflict_do_nothing())

    async def save_answer(self, before: RecallState, memory: Memory, due_at: datetime, *, right: bool) -> bool:
        """Save a question's state after an answer; False if it has been answered since `before` was read."""
        same = (RecallRow.learner_id.in_(self._learner.id()), RecallRow.question == before.question)
        counts = {"asked": before.asked + 1, "right": before.right + int(right)}
        change = update(RecallRow).where(*same, RecallRow.asked == before.asked)
        answered = change.values(memory=memory, due_at=due_at, **counts).execution_options(synchronize_session=False)
        result = await self._scope.session.execute(answered)
        return bool(getattr(result, "rowcount", 0))
