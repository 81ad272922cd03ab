"""The learner row behind a learner's repositories, found by person and role in one workspace."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select, update

from mentorbot.domain.plan import DEFAULT_HOURS_PER_WEEK
from mentorbot.domain.visibility import Visibility
from mentorbot.storage.database import LOCKING
from mentorbot.storage.people import People
from mentorbot.storage.scope import IN_WORKSPACE, Scope
from mentorbot.storage.tables import LearnerRow, PersonRow, PlanRow

THIS_LEARNER = (
    PersonRow.workspace_id == IN_WORKSPACE,
    PersonRow.external_id == bindparam("user_id"),
    LearnerRow.role == bindparam("role"),
)
"""Conditions of a `Query` for the rows of one learner, joined with the learner and the person."""


class LearnerScope:
    """One learner in one transaction. Every query about them must filter by `id()`."""

    def __init__(self, scope: Scope, people: People, user_id: str, role: str) -> None:
        self.scope = scope
        self._people, self.user_id, self.role = people, user_id, role
        self._row: LearnerRow | None = None

    def id(self) -> Select[int]:
        """The learner's id as a query, empty if there's none."""
        return (
            select(LearnerRow.id)
            .join(PersonRow, LearnerRow.person_id == PersonRow.id)
            .where(
                PersonRow.workspace_id == self.scope.id(),
                PersonRow.external_id == self.user_id,
                LearnerRow.role == self.role,
            )
        )

    async def ensure(self) -> LearnerRow:
        """Lock the learner's row until the transaction ends, because it numbers the steps. Create it if need be."""
        self._row = self._row or await self._ensure()
        return self._row

    async def _ensure(self) -> LearnerRow:
        person = await self._people.get(self.user_id) or await self._people.ensure(self.user_id, self.user_id)
        if (learner := await self._locked(person.id)) is not None:
            return learner
        values = {"person_id": person.id, "role": self.role, "next_number": 1, "created_at": self.scope.now()}
        await self.scope.session.execute(self.scope.upsert(LearnerRow).values(**values).on_conflict_do_nothing())
        learner = await self._locked(person.id)
        if learner is None:
            raise LookupError(f"{self.user_id} was erased meanwhile")
        await self.scope.session.execute(
            self.scope.upsert(PlanRow).values(learner_id=learner.id, **_NEW_PLAN).on_conflict_do_nothing()
        )
        return learner

    async def _locked(self, person_id: int) -> LearnerRow | None:
        query = select(LearnerRow).where(LearnerRow.person_id == person_id, LearnerRow.role == self.role)
        options = {"populate_existing": True, **LOCKING}
        return (await self.scope.session.scalars(query.with_for_update(), execution_options=options)).one_or_none()

    async def set(self, **values: object) -> None:
        """Save some columns of the learner's plan row."""
        learner = await self.ensure()
        await self.scope.session.execute(update(PlanRow).where(PlanRow.learner_id == learner.id).values(**values))


_NEW_PLAN: dict[str, Any] = {
    "version": 0,
    "title": "",
    "current_title": "",
    "pace": DEFAULT_HOURS_PER_WEEK,
    "by": None,
    "off": [],
    "flowed": None,
    "paused_until": None,
    "recall": False,
    "visibility": Visibility.NOTHING.value,
}
