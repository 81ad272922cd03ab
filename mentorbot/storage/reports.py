"""Figures about one workspace (counts and sums, without names), and the list of its learners."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select, case, func, select

from mentorbot.domain.learner import CheckInState
from mentorbot.domain.mentoring import MentorshipState, WorkspaceStats
from mentorbot.domain.plan import StepState
from mentorbot.storage.scope import Scope
from mentorbot.storage.tables import CheckInRow, LearnerRow, MentorshipRow, PersonRow, PlanRow, StepRow


class Reports:
    """Figures about one workspace for its admins."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def figures(self, role: str, week: date) -> WorkspaceStats:
        """Compute the figures of everyone learning for `role`, in the week of `week` (a Monday) and the four before it."""
        plans = await self._plans(role)
        return WorkspaceStats(
            learners=len(plans),
            hours_per_week=tuple(hours_per_week for hours_per_week, _, _ in plans),
            completion=tuple(hours_done / hours_total for _, hours_done, hours_total in plans if hours_total),
            blocked=await self._blocked(role),
            checkins=await self._checkins(role, week),
            mentorships=await self._mentorships(role),
        )

    async def _plans(self, role: str) -> list[tuple[int, int, int]]:
        """Read hours per week, hours done and total hours, for each learner with a plan."""
        hours_done = func.sum(case((StepRow.state == StepState.DONE.value, StepRow.hours), else_=0))
        hours_total = func.sum(case((StepRow.state != StepState.DROPPED.value, StepRow.hours), else_=0))
        query = (
            select(PlanRow.pace, hours_done, hours_total)
            .join(LearnerRow, PlanRow.learner_id == LearnerRow.id)
            .join(StepRow, StepRow.learner_id == LearnerRow.id)
            .where(LearnerRow.id.in_(self._learners(role)))
            .group_by(LearnerRow.id, PlanRow.pace)
        )
        rows = await self._scope.session.execute(query)
        return [(hours_per_week, int(done_sum), int(total_sum)) for hours_per_week, done_sum, total_sum in rows]

    async def _blocked(self, role: str) -> int:
        query = select(func.count(StepRow.learner_id.distinct())).where(
            StepRow.learner_id.in_(self._learners(role)), StepRow.state == StepState.BLOCKED.value
        )
        return int(await self._scope.session.scalar(query) or 0)

    async def _checkins(self, role: str, week: date) -> dict[date, int]:
        since = week - timedelta(weeks=4)
        query = (
            select(CheckInRow.week, func.count())
            .where(
                CheckInRow.learner_id.in_(self._learners(role)),
                CheckInRow.state == CheckInState.HELD.value,
                CheckInRow.week >= since,
            )
            .group_by(CheckInRow.week)
        )
        return {monday: int(count) for monday, count in await self._scope.session.execute(query)}

    async def _mentorships(self, role: str) -> dict[MentorshipState, int]:
        query = (
            select(MentorshipRow.state, func.count())
            .where(MentorshipRow.learner_id.in_(self._learners(role)))
            .group_by(MentorshipRow.state)
        )
        rows = await self._scope.session.execute(query)
        return {MentorshipState(state): int(count) for state, count in rows}

    def _learners(self, role: str) -> Select[int]:
        return (
            select(LearnerRow.id)
            .join(PersonRow, LearnerRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), LearnerRow.role == role)
        )

    async def learners(self, role: str) -> list[tuple[str, str]]:
        """List everyone learning for `role`: the platform's ids and names."""
        query = (
            select(PersonRow.external_id, PersonRow.name)
            .join(LearnerRow, LearnerRow.person_id == PersonRow.id)
            .where(PersonRow.workspace_id == self._scope.id(), LearnerRow.role == role)
            .order_by(PersonRow.id)
        )
        return [(user_id, name) for user_id, name in await self._scope.session.execute(query)]
