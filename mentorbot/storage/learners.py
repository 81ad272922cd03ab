"""A person as a learner of a role in one workspace: the rows that plans, assessments, check-ins and recall hang on."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, select, update

from mentorbot.domain.plan import DEFAULT_HOURS_PER_WEEK
from mentorbot.domain.records import Assessment, LearnerProfile, Visibility
from mentorbot.storage.database import LOCKING
from mentorbot.storage.people import People
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import AssessmentRow, LearnerRow, PersonRow, PlanRow


class Learners:
    """Learners by the platform's id of the person and the role; nobody else's, and no other workspace's."""

    def __init__(self, scope: Scope, people: People) -> None:
        self.scope = scope
        self._people = people

    def own_id(self, person: str, role: str) -> Select[int]:
        """The learner's id as a query: empty where there is none."""
        return (
            select(LearnerRow.id)
            .join(PersonRow, LearnerRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self.scope.id(), PersonRow.external_id == person, LearnerRow.role == role)
        )

    async def ensure(self, person: str, role: str) -> LearnerRow:
        """The learner's row, made if need be, and locked until the transaction ends: it gives out the numbers."""
        known = await self._people.get(person) or await self._people.ensure(person, person)
        if (learner := await self._locked(known.id, role)) is not None:
            return learner
        values = {"person_id": known.id, "role": role, "next_number": 1, "created_at": self.scope.now()}
        await self.scope.session.execute(self.scope.insert(LearnerRow).values(**values).on_conflict_do_nothing())
        learner = await self._locked(known.id, role)
        if learner is None:
            raise LookupError(f"{person} was forgotten meanwhile")
        await self.scope.session.execute(
            self.scope.insert(PlanRow).values(learner_id=learner.id, **_FRESH).on_conflict_do_nothing()
        )
        return learner

    async def _locked(self, person_id: int, role: str) -> LearnerRow | None:
        query = select(LearnerRow).where(LearnerRow.person_id == person_id, LearnerRow.role == role).with_for_update()
        options = {"populate_existing": True, **LOCKING}
        return (await self.scope.session.scalars(query, execution_options=options)).one_or_none()

    async def get(self, person: str, role: str) -> LearnerProfile:
        """What is true of the learner as a whole; of nobody, what is true of one who has just begun."""
        query = select(PlanRow).where(PlanRow.learner_id.in_(self.own_id(person, role)))
        row = (await self.scope.session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
        return learner_record(row)

    async def set_current_title(self, person: str, role: str, title: str) -> None:
        """Keep the title that a learner has now."""
        await self._set(person, role, current_title=title)

    async def set_pause(self, person: str, role: str, until: date | None) -> None:
        """Keep until which day (its first again) a learner wants no check-ins; None ends a pause."""
        await self._set(person, role, paused_until=until)

    async def set_recall(self, person: str, role: str, *, wanted: bool) -> None:
        """Keep whether a learner wants recall questions."""
        await self._set(person, role, recall=wanted)

    async def set_share(self, person: str, role: str, share: Visibility) -> None:
        """Keep what a learner's mentor sees."""
        await self._set(person, role, share=share)

    async def _set(self, person: str, role: str, **values: object) -> None:
        learner = await self.ensure(person, role)
        await self.scope.session.execute(update(PlanRow).where(PlanRow.learner_id == learner.id).values(**values))

    async def assess(self, person: str, role: str, levels: dict[str, int]) -> None:
        """Put down a level, 0-4, for each of some skills; earlier ones stay as history."""
        learner = await self.ensure(person, role)
        now = self.scope.now()
        self.scope.session.add_all(
            AssessmentRow(learner_id=learner.id, skill=skill, level=level, assessed_at=now)
            for skill, level in levels.items()
        )
        await self.scope.session.flush()

    async def assessments(self, person: str, role: str) -> list[Assessment]:
        """All assessments of a learner, oldest first."""
        query = select(AssessmentRow).where(AssessmentRow.learner_id.in_(self.own_id(person, role)))
        rows = await self.scope.session.scalars(query.order_by(AssessmentRow.assessed_at, AssessmentRow.id))
        return [Assessment(row.skill, row.level, row.assessed_at) for row in rows]


_FRESH: dict[str, Any] = {
    "version": 0,
    "title": "",
    "current_title": "",
    "pace": DEFAULT_HOURS_PER_WEEK,
    "by": None,
    "off": [],
    "flowed": None,
    "paused_until": None,
    "recall": False,
    "share": "nothing",
}


def learner_record(row: PlanRow | None) -> LearnerProfile:
    """What is true of a learner; without a row, what is true of one who has just begun."""
    if row is None:
        return LearnerProfile()
    share: Visibility = row.share  # type: ignore[assignment]  # a constraint holds it
    return LearnerProfile(row.title, row.current_title, row.paused_until, row.recall, share)
