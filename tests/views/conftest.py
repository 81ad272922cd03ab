"""Fixtures for tests of views: the built-in pack, and a learner with a plan."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mentorbot.domain.learner import LearnerProfile, LearnerSnapshot
from mentorbot.domain.mentoring import Mentorship, MentorshipState
from mentorbot.domain.plan import Plan, PlanStep
from mentorbot.domain.plan_layout import lay_out
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MENTORSHIP = Mentorship(
    id=12,
    role="ai-architect",
    learner="ada",
    learner_name="Ada",
    mentor="ben",
    mentor_name="Ben",
    state=MentorshipState.ACTIVE,
    asked=("ben",),
    deadline=None,
    changed_at=NOW,
)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return Library.open(None, "ai-architect").default


@pytest.fixture
def learner() -> LearnerSnapshot:
    """A learner with two steps of their own, four hours each, on a Monday."""
    steps = (PlanStep(1, "Read", hours=4), PlanStep(2, "Write", hours=4))
    return LearnerSnapshot(
        user_id="ada",
        name="Ada",
        zone=ZoneInfo("UTC"),
        today=MONDAY,
        plan=lay_out(Plan(steps=steps, next_number=3), MONDAY),
        version=1,
        profile=LearnerProfile(),
    )
