"""Mentors, and who learns with whom, in one workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, update

from mentorbot.domain.records import Mentor, Mentorship, MentorshipState
from mentorbot.storage.learners import Learners
from mentorbot.storage.people import People
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import LearnerRow, MentorRow, PairingRow, PersonRow, PersonSettingsRow, WorkspaceRow

OPEN: tuple[MentorshipState, ...] = ("requested", "waiting", "active")


class Mentorships:
    """By the platform's ids of people, in one workspace only."""

    def __init__(self, scope: Scope, people: People, learners: Learners) -> None:
        self._scope, self._people, self._learners = scope, people, learners

    async def hold(self) -> None:
        """Let nobody else bring people together here until this transaction ends: who has room stays true meanwhile."""
        mine = select(WorkspaceRow.id).where(WorkspaceRow.id == await self._scope.made())
        await self._scope.session.execute(mine.with_for_update(key_share=True))

    async def offer(self, person: str, role: str, skills: Sequence[str], most: int, *, offering: bool) -> None:
        """Keep what a person offers as a mentor."""
        known = await self._people.get(person) or await self._people.ensure(person, person)
        values = {"skills": list(skills), "most": most, "offering": offering}
        insert = self._scope.insert(MentorRow).values(
            person_id=known.id, role=role, **values, created_at=self._scope.now()
        )
        await self._scope.session.execute(
            insert.on_conflict_do_update(index_elements=["person_id", "role"], set_=values)
        )

    async def mentors(self, role: str) -> list[Mentor]:
        """Everybody who offers or has offered to mentor, with how many learners they have or are asked for.

        Who has left the workspace offers nothing.
        """
        busy = (
            select(func.count())
            .select_from(PairingRow)
            .where(PairingRow.mentor_id == MentorRow.id, PairingRow.state.in_(("requested", "active")))
            .scalar_subquery()
        )
        query = (
            select(MentorRow, PersonRow, busy, PersonSettingsRow.left_at)
            .join(PersonRow, MentorRow.person_id == PersonRow.id)
            .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), MentorRow.role == role)
            .order_by(MentorRow.id)
        )
        found = await self._scope.session.execute(query, execution_options={"populate_existing": True})
        return [
            Mentor(
                person.external_id,
                person.name,
                tuple(row.skills),
                row.most,
                row.offering and left_at is None,
                load,
                ZoneInfo(person.zone) if person.zone else None,
            )
            for row, person, load, left_at in found
        ]

    async def mentor(self, person: str, role: str) -> Mentor | None:
        """What a person offers; None when they never have."""
        return next((one for one in await self.mentors(role) if one.person == person), None)

    async def request(self, learner: str, role: str, mentor: str, deadline: datetime) -> Mentorship:
        """Ask a mentor, until `deadline`. The learner has no open pairing; the caller has looked."""
        row = await self._learners.ensure(learner, role)
        return await self._add(row.id, role, mentor, deadline)

    async def _add(self, learner_id: int, role: str, mentor: str | None, deadline: datetime | None) -> Mentorship:
        now = self._scope.now()
        row = PairingRow(
            learner_id=learner_id,
            mentor_id=await self._mentor_id(mentor, role) if mentor else None,
            state="requested" if mentor else "waiting",
            asked=[mentor] if mentor else [],
            deadline=deadline,
            created_at=now,
            changed_at=now,
        )
        self._scope.session.add(row)
        await self._scope.session.flush()
        found = await self.get(row.id)
        if found is None:
            raise LookupError(row.id)
        return found

    async def wait(self, learner: str, role: str) -> Mentorship:
        """Put down that a learner waits for a mentor."""
        row = await self._learners.ensure(learner, role)
        return await self._add(row.id, role, None, None)

    async def _mentor_id(self, person: str, role: str) -> int:
        query = (
            select(MentorRow.id)
            .join(PersonRow, MentorRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == person, MentorRow.role == role)
        )
        return (await self._scope.session.scalars(query)).one()

    async def get(self, pairing_id: int) -> Mentorship | None:
        """A pairing of this workspace, by its id."""
        return next(iter(await self._found(self._pairings().where(PairingRow.id == pairing_id))), None)

    async def of_learner(self, person: str, role: str) -> Mentorship | None:
        """The learner's pairing that is not ended."""
        own = self._learners.own_id(person, role)
        query = self._pairings().where(PairingRow.learner_id.in_(own), PairingRow.state.in_(OPEN))
        return next(iter(await self._found(query)), None)

    async def of_mentor(self, person: str, role: str) -> list[Mentorship]:
        """Pairings of a mentor that are asked for or active, oldest first."""
        theirs = (
            select(MentorRow.id)
            .join(PersonRow, MentorRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == person, MentorRow.role == role)
        )
        open_now = PairingRow.state.in_(("requested", "active"))
        return await self._found(self._pairings().where(PairingRow.mentor_id.in_(theirs), open_now))

    async def waiting(self, role: str) -> list[Mentorship]:
        """Learners who wait for a mentor, longest first; without those who have left the workspace."""
        left = select(PersonSettingsRow.person_id).where(PersonSettingsRow.left_at.is_not(None))
        found = await self._found(self._pairings().where(PairingRow.state == "waiting", PersonRow.id.not_in(left)))
        return [one for one in found if one.role == role]

    async def overdue(self, now: datetime) -> list[Mentorship]:
        """Requests that nobody has answered in time."""
        late = self._pairings().where(PairingRow.state == "requested", PairingRow.deadline <= now)
        return await self._found(late)

    def _pairings(self) -> Select[PairingRow, str, str, str]:
        return (
            select(PairingRow, LearnerRow.role, PersonRow.external_id, PersonRow.name)
            .join(LearnerRow, PairingRow.learner_id == LearnerRow.id)
            .join(PersonRow, LearnerRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id())
            .order_by(PairingRow.created_at, PairingRow.id)
        )

    async def _found(self, query: Select[PairingRow, str, str, str]) -> list[Mentorship]:
        rows = (await self._scope.session.execute(query, execution_options={"populate_existing": True})).all()
        names = await self._mentor_names([row.mentor_id for row, *_ in rows if row.mentor_id])
        return [_pairing(row, role, learner, name, names) for row, role, learner, name in rows]

    async def _mentor_names(self, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        query = (
            select(MentorRow.id, PersonRow.external_id, PersonRow.name)
            .join(PersonRow, MentorRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), MentorRow.id.in_(ids))
        )
        return {found: (person, name) for found, person, name in await self._scope.session.execute(query)}

    async def change(
        self,
        pairing: Mentorship,
        state: MentorshipState,
        *,
        mentor: str | None = None,
        deadline: datetime | None = None,
    ) -> bool:
        """Bring a pairing into another state, unless it has left the one in which it was seen: False then."""
        values: dict[str, object] = {"state": state, "deadline": deadline, "changed_at": self._scope.now()}
        if state == "waiting":
            values["mentor_id"] = None
        if mentor is not None:
            values["mentor_id"] = await self._mentor_id(mentor, pairing.role)
            values["asked"] = [*pairing.asked, mentor]
        seen = (
            PairingRow.id == pairing.id,
            PairingRow.state == pairing.state,
            PairingRow.changed_at == pairing.changed_at,
        )
        result = await self._scope.session.execute(
            update(PairingRow).where(*seen).values(**values).execution_options(synchronize_session=False)
        )
        return bool(getattr(result, "rowcount", 0))


def _pairing(row: PairingRow, role: str, learner: str, name: str, names: dict[int, tuple[str, str]]) -> Mentorship:
    mentor, mentor_name = names.get(row.mentor_id or 0, (None, ""))
    state = cast(MentorshipState, row.state)
    return Mentorship(
        row.id, role, learner, name, mentor, mentor_name, state, tuple(row.asked), row.deadline, row.changed_at
    )
