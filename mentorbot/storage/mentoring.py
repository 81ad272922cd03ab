"""Mentors and mentorships of one workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, update

from mentorbot.domain.mentoring import Mentor, Mentorship, MentorshipState
from mentorbot.storage.learner_scope import LearnerScope
from mentorbot.storage.people import People
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import LearnerRow, MentorRow, MentorshipRow, PersonRow, PersonSettingsRow, WorkspaceRow

OPEN_STATES = (MentorshipState.REQUESTED, MentorshipState.WAITING, MentorshipState.ACTIVE)
BUSY_STATES = (MentorshipState.REQUESTED, MentorshipState.ACTIVE)
"""A mentorship in one of these states counts towards a mentor's learners."""
_REREAD = {"populate_existing": True}


class Mentorships:
    """Mentors and mentorships of one workspace. People go by the platform's ids."""

    def __init__(self, scope: Scope, people: People) -> None:
        self._scope, self._people = scope, people

    async def platform_role(self) -> str | None:
        """Read the id of the platform's role for mentors; None if the workspace has chosen none."""
        role: str | None = await self._scope.session.scalar(
            select(WorkspaceRow.mentor_role_id).where(WorkspaceRow.id == self._scope.id())
        )
        return role

    async def set_platform_role(self, role_id: str | None) -> None:
        """Save the platform's role for mentors."""
        workspace = WorkspaceRow.id == await self._scope.ensure_workspace_id()
        await self._scope.session.execute(update(WorkspaceRow).where(workspace).values(mentor_role_id=role_id))

    async def lock(self) -> None:
        """Lock matching in this workspace until the transaction ends, so each mentor's room stays as it was read."""
        workspace = select(WorkspaceRow.id).where(WorkspaceRow.id == await self._scope.ensure_workspace_id())
        await self._scope.session.execute(workspace.with_for_update(key_share=True))

    async def save_offer(
        self, user_id: str, role: str, skills: Sequence[str], max_learners: int, *, offering: bool
    ) -> None:
        """Save a person's offer to mentor."""
        person = await self._people.get(user_id) or await self._people.ensure(user_id, user_id)
        values = {"skills": list(skills), "most": max_learners, "offering": offering}
        insert = self._scope.upsert(MentorRow).values(
            person_id=person.id, role=role, **values, created_at=self._scope.now()
        )
        await self._scope.session.execute(
            insert.on_conflict_do_update(index_elements=["person_id", "role"], set_=values)
        )

    async def mentors(self, role: str) -> list[Mentor]:
        """Read everyone who offers or has offered to mentor, with the number of learners they have or have been asked to take.

        Anyone who has left the workspace counts as not offering.
        """
        load_query = (
            select(func.count())
            .select_from(MentorshipRow)
            .where(
                MentorshipRow.mentor_id == MentorRow.id, MentorshipRow.state.in_([state.value for state in BUSY_STATES])
            )
            .scalar_subquery()
        )
        query = (
            select(MentorRow, PersonRow, load_query, PersonSettingsRow.left_at)
            .join(PersonRow, MentorRow.person_id == PersonRow.id)
            .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), MentorRow.role == role)
            .order_by(MentorRow.id)
        )
        rows = await self._scope.session.execute(query, execution_options=_REREAD)
        return [
            Mentor(
                user_id=person.external_id,
                name=person.name,
                skills=tuple(row.skills),
                max_learners=row.most,
                offering=row.offering and left_at is None,
                load=load,
                zone=ZoneInfo(person.zone) if person.zone else None,
            )
            for row, person, load, left_at in rows
        ]

    async def mentor(self, user_id: str, role: str) -> Mentor | None:
        """Read a person's offer to mentor; None if they've never made one."""
        return next((mentor for mentor in await self.mentors(role) if mentor.user_id == user_id), None)

    async def request(self, learner: str, role: str, mentor: str, deadline: datetime) -> Mentorship:
        """Record a request to a mentor, open until `deadline`. The caller has checked that the learner has no open mentorship."""
        return await self._add(learner, role, mentor, deadline)

    async def wait(self, learner: str, role: str) -> Mentorship:
        """Record that a learner is waiting for a mentor."""
        return await self._add(learner, role, None, None)

    async def _add(self, learner: str, role: str, mentor: str | None, deadline: datetime | None) -> Mentorship:
        learner_row = await LearnerScope(self._scope, self._people, learner, role).ensure()
        now = self._scope.now()
        row = MentorshipRow(
            learner_id=learner_row.id,
            mentor_id=await self._mentor_id(mentor, role) if mentor else None,
            state=(MentorshipState.REQUESTED if mentor else MentorshipState.WAITING).value,
            asked=[mentor] if mentor else [],
            deadline=deadline,
            created_at=now,
            changed_at=now,
        )
        self._scope.session.add(row)
        await self._scope.session.flush()
        mentorship = await self.get(row.id)
        if mentorship is None:
            raise LookupError(row.id)
        return mentorship

    def _mentors_of(self, user_id: str, role: str) -> Select[int]:
        """A person's mentor id as a query, empty if they've never offered."""
        return (
            select(MentorRow.id)
            .join(PersonRow, MentorRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), PersonRow.external_id == user_id, MentorRow.role == role)
        )

    async def _mentor_id(self, user_id: str, role: str) -> int:
        return (await self._scope.session.scalars(self._mentors_of(user_id, role))).one()

    async def get(self, mentorship_id: int) -> Mentorship | None:
        """Read a mentorship of this workspace by its id."""
        return next(iter(await self._read(self._select().where(MentorshipRow.id == mentorship_id))), None)

    async def of_learner(self, user_id: str, role: str) -> Mentorship | None:
        """Read the learner's mentorship that hasn't ended."""
        learner_id = LearnerScope(self._scope, self._people, user_id, role).id()
        is_open = MentorshipRow.state.in_([state.value for state in OPEN_STATES])
        return next(
            iter(await self._read(self._select().where(MentorshipRow.learner_id.in_(learner_id), is_open))), None
        )

    async def of_mentor(self, user_id: str, role: str) -> list[Mentorship]:
        """Read the mentorships of a mentor that are requested or active, oldest first."""
        is_busy = MentorshipRow.state.in_([state.value for state in BUSY_STATES])
        return await self._read(
            self._select().where(MentorshipRow.mentor_id.in_(self._mentors_of(user_id, role)), is_busy)
        )

    async def learners_of(self, user_id: str, role: str) -> list[Mentorship]:
        """Read the active mentorships of a mentor, oldest first."""
        mentorships = await self.of_mentor(user_id, role)
        return [mentorship for mentorship in mentorships if mentorship.state is MentorshipState.ACTIVE]

    async def waiting(self, role: str) -> list[Mentorship]:
        """Read the mentorships of learners waiting for a mentor, longest first, without learners who have left."""
        departed = select(PersonSettingsRow.person_id).where(PersonSettingsRow.left_at.is_not(None))
        is_waiting = MentorshipRow.state == MentorshipState.WAITING.value
        mentorships = await self._read(self._select().where(is_waiting, PersonRow.id.not_in(departed)))
        return [mentorship for mentorship in mentorships if mentorship.role == role]

    async def overdue(self, now: datetime) -> list[Mentorship]:
        """Read requests a mentor hasn't answered in time."""
        is_late = (MentorshipRow.state == MentorshipState.REQUESTED.value, MentorshipRow.deadline <= now)
        return await self._read(self._select().where(*is_late))

    def _select(self) -> Select[MentorshipRow, str, str, str]:
        return (
            select(MentorshipRow, LearnerRow.role, PersonRow.external_id, PersonRow.name)
            .join(LearnerRow, MentorshipRow.learner_id == LearnerRow.id)
            .join(PersonRow, LearnerRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id())
            .order_by(MentorshipRow.created_at, MentorshipRow.id)
        )

    async def _read(self, query: Select[MentorshipRow, str, str, str]) -> list[Mentorship]:
        rows = (await self._scope.session.execute(query, execution_options=_REREAD)).all()
        mentors = await self._mentor_names([row.mentor_id for row, *_ in rows if row.mentor_id])
        return [_mentorship(row, role, learner, name, mentors) for row, role, learner, name in rows]

    async def _mentor_names(self, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        query = (
            select(MentorRow.id, PersonRow.external_id, PersonRow.name)
            .join(PersonRow, MentorRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), MentorRow.id.in_(ids))
        )
        return {number: (user_id, name) for number, user_id, name in await self._scope.session.execute(query)}

    async def change(
        self,
        mentorship: Mentorship,
        state: MentorshipState,
        *,
        mentor: str | None = None,
        deadline: datetime | None = None,
    ) -> bool:
        """Change the state of a mentorship; False if it has changed since it was read."""
        values: dict[str, object] = {"state": state.value, "deadline": deadline, "changed_at": self._scope.now()}
        if state is MentorshipState.WAITING:
            values["mentor_id"] = None
        if mentor is not None:
            values["mentor_id"] = await self._mentor_id(mentor, mentorship.role)
            values["asked"] = [*mentorship.asked, mentor]
        unchanged = (
            MentorshipRow.id == mentorship.id,
            MentorshipRow.state == mentorship.state.value,
            MentorshipRow.changed_at == mentorship.changed_at,
        )
        result = await self._scope.session.execute(
            update(MentorshipRow).where(*unchanged).values(**values).execution_options(synchronize_session=False)
        )
        return bool(getattr(result, "rowcount", 0))


def _mentorship(
    row: MentorshipRow, role: str, learner: str, name: str, mentors: dict[int, tuple[str, str]]
) -> Mentorship:
    mentor, mentor_name = mentors.get(row.mentor_id or 0, (None, ""))
    return Mentorship(
        id=row.id,
        role=role,
        learner=learner,
        learner_name=name,
        mentor=mentor,
        mentor_name=mentor_name,
        state=MentorshipState(row.state),
        asked=tuple(row.asked),
        deadline=row.deadline,
        changed_at=row.changed_at,
    )
