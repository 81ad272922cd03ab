"""Everything that is kept of one person: to show, to hand over, and to erase.

The tables themselves say what is personal: whatever hangs on a person, a learner or a mentor by a foreign key, and what is
posted to them. A table that is added later is covered without a word here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import FromClause, Select, delete, func, select, update

from mentorbot.storage.delivery_attempts import locked
from mentorbot.storage.people import People
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import (
    Base,
    DeliveryRow,
    DepartureRow,
    LearnerRow,
    MentorRow,
    PairingRow,
    PersonRow,
    ProcessedInteractionRow,
    ScheduleRow,
)

_ROOTS = {"person_id": "people", "learner_id": "learners"}


class Privacy:
    """What one workspace keeps of a person (the platform's id)."""

    def __init__(self, scope: Scope, people: People) -> None:
        self._scope, self._people = scope, people

    async def everything(self, person: str) -> dict[str, list[dict[str, Any]]]:
        """Every row about a person, by table, as JSON values; empty when nothing is kept."""
        known = await self._people.get(person)
        if known is None:
            return {}
        found = {}
        for name, query in self._queries(known.id):
            rows = (await self._scope.session.execute(query)).mappings().all()
            if rows:
                found[name] = [{key: _json(key, value) for key, value in row.items()} for row in rows]
        return found

    def _queries(self, person_id: int) -> Iterator[tuple[str, Select[Any]]]:
        learners = select(LearnerRow.id).where(LearnerRow.person_id == person_id)
        mentors = select(MentorRow.id).where(MentorRow.person_id == person_id)
        for name, table in Base.metadata.tables.items():
            if name == "people":
                yield name, _rows(table).where(table.c.id == person_id)
            elif "person_id" in table.c:
                yield name, _rows(table).where(table.c.person_id == person_id)
            elif "learner_id" in table.c:
                its = table.c.learner_id.in_(learners)
                yield name, _rows(table).where(its | table.c.mentor_id.in_(mentors) if "mentor_id" in table.c else its)

    async def forget(self, person: str) -> Counter[str]:
        """Erase everything about a person; how many rows went, by table. What others see is that somebody left.

        Learners whose mentor they were wait for another one. Answers that are kept for a repeated delivery of the same
        interaction may hold anything, so those of the whole workspace go.
        """
        known = await self._people.get(person)
        gone: Counter[str] = Counter({name: len(rows) for name, rows in (await self.everything(person)).items()})
        if known is None:
            return gone
        session, now = self._scope.session, self._scope.now()
        mentors = select(MentorRow.id).where(MentorRow.person_id == known.id)
        free = {"state": "waiting", "deadline": None, "mentor_id": None, "changed_at": now}
        theirs = PairingRow.mentor_id.in_(mentors)
        open_ = PairingRow.state.in_(("requested", "active"))
        await session.execute(update(PairingRow).where(theirs, open_).values(**free))
        await self._unname(person)
        # Messages before their schedules, as an attempt takes them: else the two could wait for each other in a circle.
        await session.execute(locked(DeliveryRow.person_id == known.id))
        await session.execute(select(PersonRow.id).where(PersonRow.id == known.id).with_for_update())
        await session.execute(delete(ScheduleRow).where(ScheduleRow.person_id == known.id))
        renamed = update(ScheduleRow).where(
            ScheduleRow.workspace_id == self._scope.id(), ScheduleRow.created_by == person
        )
        await session.execute(renamed.values(created_by=""))
        await session.execute(
            delete(ProcessedInteractionRow).where(ProcessedInteractionRow.workspace_id == self._scope.id())
        )
        await session.execute(delete(PersonRow).where(PersonRow.id == known.id))
        session.add(DepartureRow(workspace_id=await self._scope.ensure_workspace_id(), left_on=now.date()))
        await session.flush()
        session.expire_all()
        self._people.forget(person)
        return gone

    async def _unname(self, person: str) -> None:
        """Take somebody out of those whom learners have asked; that somebody was asked stays, since messages go by its count."""
        here = select(LearnerRow.id).join(PersonRow).where(PersonRow.workspace_id == self._scope.id())
        for row in await self._scope.session.scalars(select(PairingRow).where(PairingRow.learner_id.in_(here))):
            row.asked = ["" if one == person else one for one in row.asked]

    async def departures(self, since: date) -> int:
        """How many people have been erased since a day."""
        query = select(func.count()).where(DepartureRow.workspace_id == self._scope.id(), DepartureRow.left_on >= since)
        return int(await self._scope.session.scalar(query) or 0)


def _rows(table: FromClause) -> Select[Any]:
    """All columns but the database's own numbers."""
    hidden = {"id", "person_id", "learner_id", "mentor_id", "workspace_id", "schedule_id", "merged_into"}
    return select(*(column for column in table.c if column.name not in hidden))


def _json(column: str, value: object) -> object:
    """A value as JSON has it. Of the mentors that were asked only the number: who did not take a request is theirs to tell."""
    if column == "asked" and isinstance(value, list):
        return len(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
