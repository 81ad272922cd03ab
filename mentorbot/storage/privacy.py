"""Everything stored about one person: to show, to hand over and to erase.

The tables themselves say what's personal: any row that refers to the person, or to them as a learner or mentor, or that carries
the platform's id of them (`user_id`), which is how people are known who have nothing else stored. A table added later is
covered without a change here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    false,
    func,
    or_,
    select,
    update,
)

from mentorbot.domain.mentoring import MentorshipState
from mentorbot.storage.delivery_claims import locked
from mentorbot.storage.mentoring import BUSY_STATES
from mentorbot.storage.people import People
from mentorbot.storage.queries import Query
from mentorbot.storage.scope import IN_WORKSPACE, Scope
from mentorbot.storage.tables import (
    Base,
    DeliveryRow,
    DepartureRow,
    DraftRow,
    LearnerRow,
    MentorRow,
    MentorshipRow,
    PersonRow,
    ProcessedInteractionRow,
    ScheduleRow,
)


class Privacy:
    """Everything one workspace stores about a person, given by the platform's id."""

    def __init__(self, scope: Scope, people: People) -> None:
        self._scope, self._people = scope, people

    async def everything(self, user_id: str) -> dict[str, list[dict[str, Any]]]:
        """Read every row about a person, by table, as JSON values; empty if nothing is stored."""
        person = await self._people.get(user_id)
        by_user, by_person = _queries()
        tables = {}
        for name, query in {**by_user, **(by_person if person else {}), "notes": _NOTES}.items():
            rows = await self._scope.rows(query, user_id=user_id, person_id=person.id if person else 0)
            if rows:
                tables[name] = [{key: _json(key, value) for key, value in row._asdict().items()} for row in rows]
        return tables

    def _is_author(self, user_id: str) -> ColumnElement[bool]:
        return and_(DeliveryRow.author == user_id, DeliveryRow.workspace_id == self._scope.id())

    def _is_theirs(self, table: Table, user_id: str) -> tuple[ColumnElement[bool], ...]:
        return table.c.workspace_id == self._scope.id(), table.c.user_id == user_id

    async def erase(self, user_id: str) -> Counter[str]:
        """Erase everything about a person. Returns the number of rows by table. Others only see that someone has left.

        Their learners wait for a new mentor. Saved answers to interactions may contain anything, so all of the workspace's are
        deleted.
        """
        person = await self._people.get(user_id)
        counts: Counter[str] = Counter({name: len(rows) for name, rows in (await self.everything(user_id)).items()})
        await self._erase_drafts(user_id)
        if person is None:
            self._scope.erased = bool(counts)
            return counts
        session = self._scope.session
        await self._release_learners(person.id, user_id)
        # Messages before their schedules, in the same order as an attempt, so the two can't deadlock.
        await session.execute(locked(or_(DeliveryRow.person_id == person.id, self._is_author(user_id))))
        await session.execute(select(PersonRow.id).where(PersonRow.id == person.id).with_for_update())
        await session.execute(delete(ScheduleRow).where(ScheduleRow.person_id == person.id))
        ours = ScheduleRow.workspace_id == self._scope.id(), ScheduleRow.created_by == user_id
        await session.execute(update(ScheduleRow).where(*ours).values(created_by=""))
        answers = ProcessedInteractionRow.workspace_id == self._scope.id()
        await session.execute(delete(ProcessedInteractionRow).where(answers))
        await session.execute(delete(PersonRow).where(PersonRow.id == person.id))
        # A note belongs to its reader too, so the message stays on record, without its text.
        await session.execute(update(DeliveryRow).where(self._is_author(user_id)).values(author=None, body=""))
        session.add(
            DepartureRow(workspace_id=await self._scope.ensure_workspace_id(), left_on=self._scope.now().date())
        )
        await session.flush()
        session.expire_all()
        self._people.forget(user_id)
        self._scope.erased = True
        return counts

    async def _erase_drafts(self, user_id: str) -> None:
        """Erase a person's drafts and conversations, and drafts of nobody's, which may be about anyone."""
        session = self._scope.session
        for table in _tables_by_user():
            await session.execute(delete(table).where(*self._is_theirs(table, user_id)))
        nobodys = DraftRow.workspace_id == self._scope.id(), DraftRow.user_id == ""
        await session.execute(delete(DraftRow).where(*nobodys))

    async def _release_learners(self, person_id: int, user_id: str) -> None:
        """Put a mentor's learners back on the waitlist."""
        mentors = select(MentorRow.id).where(MentorRow.person_id == person_id)
        now = self._scope.now()
        waiting = {"state": MentorshipState.WAITING.value, "deadline": None, "mentor_id": None, "changed_at": now}
        is_their_learner = MentorshipRow.mentor_id.in_(mentors)
        is_busy = MentorshipRow.state.in_([state.value for state in BUSY_STATES])
        await self._scope.session.execute(update(MentorshipRow).where(is_their_learner, is_busy).values(**waiting))
        await self._remove_from_asked(user_id)

    async def _remove_from_asked(self, user_id: str) -> None:
        """Blank out a person among the mentors that learners have asked. Entries stay, because messages depend on their count."""
        learners = select(LearnerRow.id).join(PersonRow).where(PersonRow.workspace_id == self._scope.id())
        for row in await self._scope.session.scalars(
            select(MentorshipRow).where(MentorshipRow.learner_id.in_(learners))
        ):
            row.asked = ["" if mentor == user_id else mentor for mentor in row.asked]

    async def departures(self, since: date) -> int:
        """Count the people erased since a day."""
        query = select(func.count()).where(DepartureRow.workspace_id == self._scope.id(), DepartureRow.left_on >= since)
        return int(await self._scope.session.scalar(query) or 0)


def _tables_by_user() -> Iterator[Table]:
    return (table for table in Base.metadata.tables.values() if {"user_id", "workspace_id"} <= set(table.c.keys()))


_NOTES = Query(
    select(DeliveryRow.body, DeliveryRow.created_at, DeliveryRow.state)
    .where(DeliveryRow.author == bindparam("user_id"), DeliveryRow.workspace_id == IN_WORKSPACE)
    .order_by(DeliveryRow.created_at, DeliveryRow.id)
)
"""The notes a person has written to others, without their readers."""


@cache
def _queries() -> tuple[dict[str, Query], dict[str, Query]]:
    """Make the queries for everything about someone, by table: those by the platform's id, and those by ours."""
    by_user = {
        table.name: Query(
            _rows(table).where(table.c.workspace_id == IN_WORKSPACE, table.c.user_id == bindparam("user_id"))
        )
        for table in _tables_by_user()
    }
    person_id: BindParameter[int] = bindparam("person_id")
    learners = select(LearnerRow.id).where(LearnerRow.person_id == person_id)
    mentors = select(MentorRow.id).where(MentorRow.person_id == person_id)
    by_person = {}
    for name, table in Base.metadata.tables.items():
        if name == "people":
            by_person[name] = Query(_rows(table).where(table.c.id == person_id))
        elif "person_id" in table.c:
            by_person[name] = Query(_rows(table).where(table.c.person_id == person_id))
        elif "learner_id" in table.c:
            is_learner = table.c.learner_id.in_(learners)
            is_mentor = table.c.mentor_id.in_(mentors) if "mentor_id" in table.c else false()
            by_person[name] = Query(_rows(table).where(is_learner | is_mentor))
    return by_user, by_person


def _rows(table: FromClause) -> Select[Any]:
    """Select all columns except the database's own ids."""
    hidden = {"id", "author", "person_id", "learner_id", "mentor_id", "workspace_id", "schedule_id", "merged_into"}
    return select(*(column for column in table.c if column.name not in hidden))


def _json(column: str, value: object) -> object:
    """Convert a value to JSON. Mentors asked become a number: whether one turned down a request is for them to tell."""
    return len(value) if column == "asked" and isinstance(value, list) else as_json(value)


def as_json(value: object) -> object:
    """Convert a column's value to JSON."""
    return value.isoformat() if isinstance(value, date | datetime) else value
