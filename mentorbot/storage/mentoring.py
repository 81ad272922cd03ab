"""Mentors and mentorships of one workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select, update
from sqlalchemy.orm import aliased

from mentorbot.domain.mentoring import Mentor, Mentorship, MentorshipState
from mentorbot.storage.learner_scope import THIS_LEARNER, LearnerScope
from mentorbot.storage.people import People
from mentorbot.storage.queries import Query
from mentorbot.storage.scope import IN_WORKSPACE, Scope
from mentorbot.storage.tables import (
    LearnerRow,
    MentorRow,
    MentorshipRow,
    PersonRow,
    PersonSettingsRow,
    PlanRow,
    WorkspaceRow,
)

OPEN_STATES = (MentorshipState.REQUESTED, MentorshipState.WAITING, MentorshipState.ACTIVE)
BUSY_STATES = (MentorshipState.REQUESTED, MentorshipState.ACTIVE)
"""A mentorship in one of these states counts towards a mentor's learners."""


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
        return [self._today(mentor) for mentor in await self._scope.rows(_MENTORS, role=role)]

    async def mentor(self, user_id: str, role: str) -> Mentor | None:
        """Read a person's offer to mentor; None if they've never made one."""
        found = await self._scope.rows(_MENTOR, user_id=user_id, role=role)
        return self._today(found[0]) if found else None

    def _today(self, mentor: Mentor) -> Mentor:
        """Forget a mentor's break that's over."""
        today = self._scope.now().astimezone(mentor.zone).date()
        is_over = mentor.away_until is not None and mentor.away_until <= today
        return replace(mentor, away_until=None) if is_over else mentor

    async def request(self, learner: str, role: str, mentor: str, deadline: datetime, *, wish: str = "") -> Mentorship:
        """Record a request to a mentor, open until `deadline`. The caller has checked that the learner has no open mentorship."""
        return await self._add(learner, role, mentor, deadline, wish)

    async def wait(self, learner: str, role: str, *, wish: str = "") -> Mentorship:
        """Record that a learner is waiting for a mentor, who'd help with their `wish`."""
        return await self._add(learner, role, None, None, wish)

    async def set_wish(self, mentorship: Mentorship, wish: str) -> None:
        """Change what a learner would like help with."""
        is_it = MentorshipRow.id == mentorship.id
        await self._scope.session.execute(update(MentorshipRow).where(is_it).values(wish=wish))

    async def _add(
        self, learner: str, role: str, mentor: str | None, deadline: datetime | None, wish: str
    ) -> Mentorship:
        learner_row = await LearnerScope(self._scope, self._people, learner, role).ensure()
        now = self._scope.now()
        row = MentorshipRow(
            learner_id=learner_row.id,
            mentor_id=await self._mentor_id(mentor, role) if mentor else None,
            state=(MentorshipState.REQUESTED if mentor else MentorshipState.WAITING).value,
            asked=[mentor] if mentor else [],
            wish=wish or None,
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
        return next(iter(await self._read(MentorshipRow.id == mentorship_id)), None)

    async def of_learner(self, user_id: str, role: str) -> Mentorship | None:
        """Read the learner's mentorship that hasn't ended."""
        rows = await self._scope.rows(_OF_LEARNER, user_id=user_id, role=role)
        return _mentorship(rows[0]) if rows else None

    async def of_mentor(self, user_id: str, role: str) -> list[Mentorship]:
        """Read the mentorships of a mentor that are requested or active, oldest first."""
        return [_mentorship(row) for row in await self._scope.rows(_OF_MENTOR, user_id=user_id, role=role)]

    async def learners_of(self, user_id: str, role: str) -> list[Mentorship]:
        """Read the active mentorships of a mentor, oldest first."""
        mentorships = await self.of_mentor(user_id, role)
        return [mentorship for mentorship in mentorships if mentorship.state is MentorshipState.ACTIVE]

    async def waiting(self, role: str) -> list[Mentorship]:
        """Read the mentorships of learners waiting for a mentor, longest first, without learners who have left."""
        departed = select(PersonSettingsRow.person_id).where(PersonSettingsRow.left_at.is_not(None))
        is_waiting = MentorshipRow.state == MentorshipState.WAITING.value
        mentorships = await self._read(is_waiting, PersonRow.id.not_in(departed))
        return [mentorship for mentorship in mentorships if mentorship.role == role]

    async def overdue(self, now: datetime) -> list[Mentorship]:
        """Read requests a mentor hasn't answered in time."""
        is_late = (MentorshipRow.state == MentorshipState.REQUESTED.value, MentorshipRow.deadline <= now)
        return await self._read(*is_late)

    async def _read(self, *conditions: ColumnElement[bool]) -> list[Mentorship]:
        workspace = {"platform": self._scope.workspace.platform, "workspace": self._scope.workspace.id}
        rows = await self._scope.session.execute(_MENTORSHIPS.where(*conditions), workspace)
        return [_mentorship(row) for row in rows]

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


_MENTOR_PERSON = aliased(PersonRow)
_MENTORSHIPS = (
    select(
        MentorshipRow.id,
        LearnerRow.role,
        PersonRow.external_id.label("learner"),
        PersonRow.name.label("learner_name"),
        _MENTOR_PERSON.external_id.label("mentor"),
        _MENTOR_PERSON.name.label("mentor_name"),
        MentorshipRow.state,
        MentorshipRow.asked,
        MentorshipRow.wish,
        MentorshipRow.deadline,
        MentorshipRow.changed_at,
    )
    .join(LearnerRow, MentorshipRow.learner_id == LearnerRow.id)
    .join(PersonRow, LearnerRow.person_id == PersonRow.id)
    .outerjoin(MentorRow, MentorshipRow.mentor_id == MentorRow.id)
    .outerjoin(
        _MENTOR_PERSON,
        (MentorRow.person_id == _MENTOR_PERSON.id) & (_MENTOR_PERSON.workspace_id == IN_WORKSPACE),
    )
    .where(PersonRow.workspace_id == IN_WORKSPACE)
    .order_by(MentorshipRow.created_at, MentorshipRow.id)
)


def _is_in(states: Sequence[MentorshipState]) -> ColumnElement[bool]:
    # Written out: databases use the index of open mentorships only if they see which states are meant.
    return MentorshipRow.state.in_([literal_column(f"'{state.value}'") for state in states])


# These two decide if someone is meant by “ask Ben …”, so they're read with each question.
_OF_LEARNER = Query(_MENTORSHIPS.where(*THIS_LEARNER, _is_in(OPEN_STATES)))
_OF_MENTOR = Query(
    _MENTORSHIPS.where(
        _MENTOR_PERSON.external_id == bindparam("user_id"), MentorRow.role == bindparam("role"), _is_in(BUSY_STATES)
    )
)


def _mentorship(row: Any) -> Mentorship:
    return Mentorship(
        id=row.id,
        role=row.role,
        learner=row.learner,
        learner_name=row.learner_name,
        mentor=row.mentor,
        mentor_name=row.mentor_name or "",
        state=MentorshipState(row.state),
        asked=tuple(row.asked),
        wish=row.wish or "",
        deadline=row.deadline,
        changed_at=row.changed_at,
    )


def _mentor(columns: Sequence[Any]) -> Mentor:
    row, person, load, left_at, away_until = columns
    return Mentor(
        user_id=person.external_id,
        name=person.name,
        skills=tuple(row.skills),
        max_learners=row.most,
        offering=row.offering and left_at is None,
        load=load,
        zone=ZoneInfo(person.zone) if person.zone else None,
        away_until=away_until,
    )


_LOAD = (
    select(func.count())
    .select_from(MentorshipRow)
    .where(MentorshipRow.mentor_id == MentorRow.id, _is_in(BUSY_STATES))
    .scalar_subquery()
)
_AWAY = (
    select(PlanRow.paused_until)
    .join(LearnerRow, PlanRow.learner_id == LearnerRow.id)
    .where(LearnerRow.person_id == PersonRow.id, LearnerRow.role == MentorRow.role)
    .scalar_subquery()
)
"""The day a mentor is back from a break."""
_OFFERS = (
    select(MentorRow, PersonRow, _LOAD, PersonSettingsRow.left_at, _AWAY)
    .join(PersonRow, MentorRow.person_id == PersonRow.id)
    .outerjoin(PersonSettingsRow, PersonSettingsRow.person_id == PersonRow.id)
    .where(PersonRow.workspace_id == IN_WORKSPACE, MentorRow.role == bindparam("role"))
    .order_by(MentorRow.id)
)
_MENTORS = Query(_OFFERS, _mentor)
_MENTOR = Query(_OFFERS.where(PersonRow.external_id == bindparam("user_id")), _mentor)
