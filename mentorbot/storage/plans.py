"""Learning plans: numbered steps that a person keeps for a role."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from sqlalchemy import Row, insert, select, update

from mentorbot.errors import NotFound
from mentorbot.storage.people import People
from mentorbot.storage.records import PlanStep, StepState
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import learners, plan_steps

_COLUMNS = tuple(plan_steps.c[name] for name in PlanStep.__dataclass_fields__)


class Plans:
    """The plans of one workspace's people. A person is the platform's id; a step is one of theirs, or it is not found."""

    def __init__(self, scope: Scope, people: People) -> None:
        self._scope = scope
        self._people = people

    async def steps(self, person: str, role: str, *, state: StepState | None = None) -> list[PlanStep]:
        """That person's steps for a role, by number; all, or those in one state."""
        statement = select(*_COLUMNS).where(self._theirs(person, role)).order_by(plan_steps.c.number)
        if state is not None:
            statement = statement.where(plan_steps.c.state == state)
        return [_step(row) for row in await self._scope.transaction.read(statement)]

    async def add(
        self, person: str, role: str, text: str, *, due: date | None = None, origin: str = ""
    ) -> tuple[PlanStep, bool]:
        """A new step, and True; or, when an open step has the same non-empty `origin`, that one and False."""
        learner_id = await self._ensure_learner(person, role)
        existing = await self._open_from(learner_id, origin)
        if existing is not None:
            return existing, False
        counted = (
            update(learners)
            .where(learners.c.id == learner_id)
            .values(last_number=learners.c.last_number + 1)
            .returning(learners.c.last_number)
        )
        number = (await self._scope.transaction.write(counted)).scalar_one()
        now = self._scope.now()
        step = {"number": number, "text": text, "due": due, "state": "open", "origin": origin, "created_at": now}
        statement = insert(plan_steps).values(learner_id=learner_id, **step).returning(*_COLUMNS)
        return _step((await self._scope.transaction.write(statement)).one()), True

    async def settle(self, person: str, role: str, number: int, state: Literal["done", "dropped"]) -> PlanStep:
        """Step `number`, now in `state`; one that is settled already stays as it is.

        Raises:
            NotFound: that person has no such step.
        """
        which = (self._theirs(person, role), plan_steps.c.number == number)
        change = update(plan_steps).where(*which, plan_steps.c.state == "open")
        await self._scope.transaction.write(change.values(state=state, settled_at=self._scope.now()))
        row = (await self._scope.transaction.read(select(*_COLUMNS).where(*which))).one_or_none()
        if row is None:
            raise NotFound(f"Your plan has no step {number}.", tries=("plan show",))
        return _step(row)

    def _theirs(self, person: str, role: str) -> Any:
        return plan_steps.c.learner_id == self._scope.learner(person, role).scalar_subquery()

    async def _ensure_learner(self, person: str, role: str) -> int:
        """The learner row, made if it is new, and locked: only one step of a plan is added at a time."""
        found = await self._people.get(person) or await self._people.ensure(person, person)
        row = {"person_id": found.id, "role": role, "last_number": 0, "created_at": self._scope.now()}
        upsert = (
            self._scope.transaction.insert(learners)
            .values(row)
            .on_conflict_do_update(index_elements=["person_id", "role"], set_={"last_number": learners.c.last_number})
            .returning(learners.c.id)
        )
        return int((await self._scope.transaction.write(upsert)).scalar_one())

    async def _open_from(self, learner_id: int, origin: str) -> PlanStep | None:
        if not origin:
            return None
        same = (plan_steps.c.learner_id == learner_id, plan_steps.c.origin == origin, plan_steps.c.state == "open")
        row = (await self._scope.transaction.read(select(*_COLUMNS).where(*same))).one_or_none()
        return None if row is None else _step(row)


def _step(row: Row[Any]) -> PlanStep:
    return PlanStep(*row)
