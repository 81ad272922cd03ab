"""Figures over one workspace: counts and sums, never a name."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select, case, func, select

from mentorbot.domain.plan import StepState
from mentorbot.domain.records import MentorshipState, WorkspaceStats
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import CheckInRow, LearnerRow, PairingRow, PersonRow, PlanRow, StepRow


class Reports:
    """What an admin sees of one workspace."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def figures(self, role: str, week: date) -> WorkspaceStats:
        """Everybody who learns for `role`, in the week of `week` (a Monday) and the four before it."""
        plans = await self._plans(role)
        return WorkspaceStats(
            learners=len(plans),
            hours_per_week=tuple(pace for pace, _, _ in plans),
            completion=tuple(done / total for _, done, total in plans if total),
            blocked=await self._blocked(role),
            checkins=await self._checkins(role, week),
            pairings=await self._pairings(role),
        )

    async def _plans(self, role: str) -> list[tuple[int, int, int]]:
        """Hours a week, hours done and hours in all, for each learner with a plan."""
        done = func.sum(case((StepRow.state == StepState.DONE, StepRow.hours), else_=0))
        total = func.sum(case((StepRow.state != StepState.DROPPED, StepRow.hours), else_=0))
        query = (
            select(PlanRow.pace, done, total)
            .join(LearnerRow, PlanRow.learner_id == LearnerRow.id)
            .join(StepRow, StepRow.learner_id == LearnerRow.id)
            .where(LearnerRow.id.in_(self._learners(role)))
            .group_by(LearnerRow.id, PlanRow.pace)
        )
        return [(pace, int(done), int(total)) for pace, done, total in await self._scope.session.execute(query)]

    async def _blocked(self, role: str) -> int:
        query = select(func.count(StepRow.learner_id.distinct())).where(
            StepRow.learner_id.in_(self._learners(role)), StepRow.state == StepState.BLOCKED
        )
        return int(await self._scope.session.scalar(query) or 0)

    async def _checkins(self, role: str, week: date) -> dict[date, int]:
        since = week - timedelta(weeks=4)
        query = (
            select(CheckInRow.week, func.count())
            .where(
                CheckInRow.learner_id.in_(self._learners(role)), CheckInRow.state == "held", CheckInRow.week >= since
            )
            .group_by(CheckInRow.week)
        )
        return {at: int(count) for at, count in await self._scope.session.execute(query)}

    async def _pairings(self, role: str) -> dict[MentorshipState, int]:
        query = (
            select(PairingRow.state, func.count())
            .where(PairingRow.learner_id.in_(self._learners(role)))
            .group_by(PairingRow.state)
        )
        return {state: int(count) for state, count in await self._scope.session.execute(query)}  # type: ignore[misc]  # a constraint holds it

    def _learners(self, role: str) -> Select[int]:
        return (
            select(LearnerRow.id)
            .join(PersonRow, LearnerRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), LearnerRow.role == role)
        )

    async def learners(self, role: str) -> list[tuple[str, str]]:
        """Everybody who learns for `role`, by the platform's id, with their name; for those whom they have told."""
        query = (
            select(PersonRow.external_id, PersonRow.name)
            .join(LearnerRow, LearnerRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), LearnerRow.role == role)
            .order_by(PersonRow.id)
        )
        return [(person, name) for person, name in await self._scope.session.execute(query)]
