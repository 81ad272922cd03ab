"""One learner: a person of a workspace on the way into a role, and everything stored about them as such."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import bindparam, delete, exists, func, select

from mentorbot.domain.deliveries import ScheduleState
from mentorbot.domain.learner import Assessment, LearnerProfile
from mentorbot.domain.visibility import Visibility
from mentorbot.storage.calendar_events import CalendarEvents
from mentorbot.storage.checkins import CheckIns
from mentorbot.storage.learner_scope import THIS_LEARNER, LearnerScope
from mentorbot.storage.people import People
from mentorbot.storage.plans import Plans
from mentorbot.storage.queries import Query
from mentorbot.storage.recall import RecallQuestions
from mentorbot.storage.scope import IN_WORKSPACE, Scope
from mentorbot.storage.tables import AssessmentRow, LearnerRow, PersonRow, ScheduleRow, StepRow

_HAS_STEPS_AND_LOST_MESSAGES = Query(
    select(
        exists()
        .where(StepRow.learner_id == LearnerRow.id, LearnerRow.person_id == PersonRow.id, *THIS_LEARNER)
        .label("has_steps"),
        exists()
        .where(
            ScheduleRow.person_id == PersonRow.id,
            PersonRow.workspace_id == IN_WORKSPACE,
            PersonRow.external_id == bindparam("user_id"),
            ScheduleRow.state == ScheduleState.PAUSED.value,
            ScheduleRow.next_run_at.is_not(None),
        )
        .label("lost_messages"),
    )
)
_ASSESSMENTS = Query(
    select(AssessmentRow.skill, AssessmentRow.level, AssessmentRow.assessed_at)
    .join(LearnerRow, AssessmentRow.learner_id == LearnerRow.id)
    .join(PersonRow, LearnerRow.person_id == PersonRow.id)
    .where(*THIS_LEARNER)
    .order_by(AssessmentRow.assessed_at, AssessmentRow.id),
    lambda columns: Assessment(*columns),
)


class LearnerRepository:
    """Repository of one learner's rows. It can't see anyone else's, another role's or another workspace's."""

    def __init__(self, scope: Scope, people: People, user_id: str, role: str) -> None:
        self._learner = LearnerScope(scope, people, user_id, role)
        self.plans = Plans(self._learner)
        self.checkins = CheckIns(self._learner)
        self.recall = RecallQuestions(self._learner)
        self.calendar_events = CalendarEvents(self._learner)

    async def has_steps_and_lost_messages(self) -> tuple[bool, bool]:
        """Tell whether the plan has any step, finished ones included, and whether messages to the learner didn't arrive."""
        learner = self._learner
        [(has_steps, lost_messages)] = await learner.scope.rows(
            _HAS_STEPS_AND_LOST_MESSAGES, user_id=learner.user_id, role=learner.role
        )
        return bool(has_steps), bool(lost_messages)

    async def profile(self) -> LearnerProfile:
        """Read the learner's profile; someone new has the defaults."""
        return await self.plans.profile()

    async def set_current_title(self, title: str) -> None:
        """Save the title the learner has now."""
        await self._learner.set(current_title=title)

    async def set_pause(self, until: date | None) -> None:
        """Save the first day the learner is back; None ends a pause."""
        await self._learner.set(paused_until=until)

    async def set_recall(self, *, enabled: bool) -> None:
        """Save whether the learner wants recall questions."""
        await self._learner.set(recall=enabled)

    async def set_visibility(self, visibility: Visibility) -> None:
        """Save how much the learner's mentor sees."""
        await self._learner.set(visibility=visibility.value)

    async def assess(self, levels: Mapping[str, int]) -> datetime:
        """Save a level (0-4) for each of some skills, and return their common instant (UTC). Earlier ones stay as history."""
        learner = await self._learner.ensure()
        scope = self._learner.scope
        at = scope.now()
        scope.session.add_all(
            AssessmentRow(learner_id=learner.id, skill=skill, level=level, assessed_at=at)
            for skill, level in levels.items()
        )
        await scope.session.flush()
        return at

    async def delete_assessments(self, at: datetime) -> dict[str, int]:
        """Delete the assessments the learner made at an instant, and return their levels by skill."""
        own = AssessmentRow.learner_id.in_(self._learner.id()), AssessmentRow.assessed_at == at
        session = self._learner.scope.session
        rows = (await session.scalars(select(AssessmentRow).where(*own).order_by(AssessmentRow.id))).all()
        await session.execute(delete(AssessmentRow).where(*own))
        return {row.skill: row.level for row in rows}

    async def take_back_levels(self, levels: Mapping[str, int]) -> None:
        """Delete the first assessment of some skills, where it's still the level given; later ones are people's own."""
        for skill, level in levels.items():
            own = (AssessmentRow.learner_id.in_(self._learner.id()), AssessmentRow.skill == skill)
            first = select(func.min(AssessmentRow.id)).where(*own).scalar_subquery()
            await self._learner.scope.session.execute(
                delete(AssessmentRow).where(AssessmentRow.id == first, AssessmentRow.level == level)
            )

    async def assessments(self) -> list[Assessment]:
        """Read all assessments, oldest first."""
        learner = self._learner
        return list(await learner.scope.rows(_ASSESSMENTS, user_id=learner.user_id, role=learner.role))
