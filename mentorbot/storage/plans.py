"""Learners' plans in one workspace."""

from __future__ import annotations

from datetime import date
from typing import cast

from sqlalchemy import Select, select

from mentorbot.errors import NotFound
from mentorbot.storage.database import LOCKING
from mentorbot.storage.people import People
from mentorbot.storage.records import PlanStep, StepState
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import LearnerRow, PersonRow, StepRow


class Plans:
    """Steps of a person (the platform's id) for a role; nobody else's, and no other workspace's."""

    def __init__(self, scope: Scope, people: People) -> None:
        self._scope = scope
        self._people = people

    async def steps(self, person: str, role: str, *, state: StepState | None = None) -> list[PlanStep]:
        """The person's steps by number, all or those in one state."""
        query = self._own(person, role).order_by(StepRow.number)
        if state is not None:
            query = query.where(StepRow.state == state)
        return [_record(row) for row in await self._scope.session.scalars(query)]

    async def add(
        self, person: str, role: str, text: str, *, due: date | None = None, origin: str = ""
    ) -> tuple[PlanStep, bool]:
        """Keep a step; it and True. One that is open with the same `origin` is not made again: it and False."""
        learner = await self._learner(person, role)
        if origin:
            query = self._own(person, role).where(StepRow.origin == origin, StepRow.state == "open")
            if row := (await self._scope.session.scalars(query)).first():
                return _record(row), False
        row = StepRow(
            learner_id=learner.id,
            number=learner.next_number,
            text=text,
            due=due,
            state="open",
            origin=origin,
            created_at=self._scope.now(),
        )
        learner.next_number += 1
        self._scope.session.add(row)
        await self._scope.session.flush()
        return _record(row), True

    async def settle(self, person: str, role: str, number: int, state: StepState) -> PlanStep:
        """Close an open step; one that is settled already stays as it is.

        Raises:
            NotFound: the person has no step of that number.
        """
        query = self._own(person, role).where(StepRow.number == number).with_for_update(of=StepRow)
        locked = await self._scope.session.scalars(query, execution_options={"populate_existing": True, **LOCKING})
        row = locked.one_or_none()
        if row is None:
            raise NotFound(f"You have no step {number}. Look at your plan for the numbers.", tries=("plan show",))
        if row.state == "open":
            row.state, row.settled_at = state, self._scope.now()
            await self._scope.session.flush()
        return _record(row)

    def _own(self, person: str, role: str) -> Select[StepRow]:
        return (
            select(StepRow)
            .join(LearnerRow, StepRow.learner_id == LearnerRow.id)
            .join(PersonRow, LearnerRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == person, LearnerRow.role == role)
        )

    async def _learner(self, person: str, role: str) -> LearnerRow:
        """The person's learner row, locked until the transaction ends, since it gives out the numbers."""
        known = await self._people.get(person) or await self._people.ensure(person, person)
        values = {"person_id": known.id, "role": role, "next_number": 1, "created_at": self._scope.now()}
        await self._scope.session.execute(self._scope.insert(LearnerRow).values(**values).on_conflict_do_nothing())
        query = select(LearnerRow).where(LearnerRow.person_id == known.id, LearnerRow.role == role).with_for_update()
        locked = await self._scope.session.scalars(query, execution_options={"populate_existing": True, **LOCKING})
        return locked.one()


def _record(row: StepRow) -> PlanStep:
    state = cast(StepState, row.state)
    return PlanStep(row.number, row.text, row.due, state, row.origin, row.created_at, row.settled_at)
