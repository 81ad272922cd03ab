"""A learner's progress: their own view of their levels, their figures, and their portfolio."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from mentorbot.domain import time_off
from mentorbot.domain.checkins import current_streak
from mentorbot.domain.export import Portfolio, SkillEvidence
from mentorbot.domain.plan import MILESTONE_PREFIX, PlanStep, StepState
from mentorbot.domain.plan_draft import LevelBasis
from mentorbot.domain.progress_figures import LearnerProgress
from mentorbot.errors import Conflict
from mentorbot.packs.schema import Skill
from mentorbot.services.learners import LearnerSession

ONE_SITTING = timedelta(hours=12)
"""Assessments less than this apart count as one sitting, since it may take more than one form."""
_SAVED_AT = "%Y%m%d%H%M%S%f"
"""Levels saved together go by their instant (UTC). SQLite gives the ids of deleted rows to new ones."""


async def save_levels(session: LearnerSession, levels: Mapping[str, int]) -> str:
    """Save the learner's own view of some skills (levels 0-4 by skill id). Returns what `take_back_levels` takes back."""
    await session.uow.people.ensure(session.snapshot.user_id, session.snapshot.name)
    return (await session.repository.assess(levels)).strftime(_SAVED_AT)


async def take_back_levels(session: LearnerSession, saved: str) -> dict[str, int]:
    """Take back the levels that were `saved` together, so that those before count again. Returns them, by skill id.

    Raises:
        Conflict: they've been taken back already.
    """
    levels: dict[str, int] = {}
    with suppress(ValueError):
        at = datetime.strptime(saved, _SAVED_AT).replace(tzinfo=UTC)
        levels = await session.repository.delete_assessments(at)
    if not levels:
        raise Conflict("Those levels are already undone.", suggestions=("progress", "assess"))
    return levels


async def skills_to_assess(session: LearnerSession) -> list[Skill]:
    """List the skills the learner hasn't looked at in this sitting."""
    since = session.now - ONE_SITTING
    fresh = {assessment.skill for assessment in await session.assessments() if assessment.at >= since}
    return [skill for skill in session.pack.skills if skill.id not in fresh]


async def level_basis(session: LearnerSession, persona: str) -> LevelBasis:
    """Describe the origin of the learner's levels: assessed skills, the present title, or the persona of that id."""
    assessed = {assessment.skill for assessment in await session.assessments()}
    label = next((entry.label for entry in session.pack.personas if entry.id == persona), "")
    return LevelBasis(
        len(assessed), len(session.pack.skills), session.profile.current_title, label, persona if label else ""
    )


async def learner_progress(session: LearnerSession) -> LearnerProgress:
    """Gather everything the progress card shows."""
    learner = session.snapshot
    return LearnerProgress(
        snapshot=learner,
        streak=current_streak(await session.checkins(), time_off.of(learner.plan), learner.week),
        first_levels=await session.first_levels(),
        levels=await session.levels(),
        is_assessed=bool(await session.assessments()),
    )


async def learner_portfolio(session: LearnerSession) -> Portfolio:
    """Gather the learner's finished steps, by the skills they raise."""
    finished = tuple(step for step in session.plan.steps if step.state is StepState.DONE)
    first = {assessment.skill: assessment.level for assessment in reversed(await session.assessments())}
    levels = await session.levels()
    raised = {step.number: _raised_skills(session, step) for step in finished}
    skills = tuple(
        SkillEvidence(
            skill=skill.title,
            level_before=first.get(skill.id),
            level_now=levels.get(skill.id),
            steps=tuple(step for step in finished if skill.id in (raised[step.number] or {})),
        )
        for skill in session.pack.skills
    )
    return Portfolio(finished, skills, tuple(step for step in finished if not raised[step.number]))


def _raised_skills(session: LearnerSession, step: PlanStep) -> Mapping[str, int] | None:
    """Give the levels, by skill id, that a step's milestone leads to; None if the pack has no such milestone."""
    is_milestone = step.origin.startswith(MILESTONE_PREFIX)
    milestone = session.pack.milestones.get(step.origin.removeprefix(MILESTONE_PREFIX)) if is_milestone else None
    return milestone.raises if milestone else None
