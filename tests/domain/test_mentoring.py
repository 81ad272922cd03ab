"""Mentorships: the readers of each message, and the extent of a learner's overview."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.learner import LearnerProfile, LearnerSnapshot
from mentorbot.domain.mentoring import Mentorship, MentorshipSide, MentorshipState, overview_of, reader_of, waking
from mentorbot.domain.plan import Plan, PlanStep, StepState
from mentorbot.domain.visibility import Visibility

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
TODAY = NOW.date()
REQUESTED = Mentorship(
    id=12,
    role="ai-architect",
    learner="ben",
    learner_name="Ben",
    mentor="chen",
    mentor_name="Chen",
    state=MentorshipState.REQUESTED,
    asked=("dee", "chen"),
    deadline=NOW,
    changed_at=NOW,
)


def learner(visibility: Visibility, *steps: PlanStep, paused_until: date | None = None) -> LearnerSnapshot:
    """Make a learner with a plan."""
    return LearnerSnapshot(
        user_id="ben",
        name="Ben",
        zone=ZoneInfo("UTC"),
        today=TODAY,
        plan=Plan(title="ai-architect", steps=steps, next_number=len(steps) + 1),
        version=1,
        profile=LearnerProfile(visibility=visibility, paused_until=paused_until),
    )


@pytest.mark.parametrize(
    ("kind", "state", "user_id", "side"),
    [
        (MessageKind.MENTOR_REQUEST, MentorshipState.REQUESTED, "chen", MentorshipSide.MENTOR),
        (MessageKind.MENTOR_REQUEST, MentorshipState.REQUESTED, "dee", None),
        (MessageKind.MENTOR_REQUEST, MentorshipState.ACTIVE, "chen", None),
        (MessageKind.REQUEST_EXPIRED, MentorshipState.WAITING, "dee", MentorshipSide.MENTOR),
        (MessageKind.REQUEST_EXPIRED, MentorshipState.ENDED, "dee", None),
        (MessageKind.REQUEST_ACCEPTED, MentorshipState.ACTIVE, "ben", MentorshipSide.LEARNER),
        (MessageKind.REQUEST_ACCEPTED, MentorshipState.ENDED, "ben", None),
        (MessageKind.NOTE, MentorshipState.ACTIVE, "ben", MentorshipSide.LEARNER),
        (MessageKind.NOTE, MentorshipState.ACTIVE, "chen", MentorshipSide.MENTOR),
        (MessageKind.NOTE, MentorshipState.ENDED, "chen", MentorshipSide.MENTOR),
        (MessageKind.NOTE, MentorshipState.ENDED, "ben", None),
        (MessageKind.NOTE, MentorshipState.ACTIVE, "dee", None),
        (MessageKind.MENTOR_LEFT, MentorshipState.ACTIVE, "ben", None),
        (MessageKind.MENTORSHIP_ENDED, MentorshipState.ENDED, "ben", MentorshipSide.LEARNER),
        (MessageKind.MENTORSHIP_ENDED, MentorshipState.ENDED, "chen", MentorshipSide.MENTOR),
        (MessageKind.MENTORSHIP_ENDED, MentorshipState.ENDED, "eve", None),
        (MessageKind.CHECKIN, MentorshipState.ACTIVE, "ben", None),
    ],
)
def test_a_message_is_only_for_the_people_it_concerns_and_only_while_it_is_true(
    kind: MessageKind, state: MentorshipState, user_id: str, side: MentorshipSide | None
) -> None:
    assert reader_of(kind, replace(REQUESTED, state=state), user_id) is side


def test_an_overview_holds_nothing_that_is_not_shared() -> None:
    blocked = PlanStep(1, "Secret", state=StepState.BLOCKED, status_since=TODAY, blocker="Secret")
    overview = overview_of(REQUESTED, learner(Visibility.NOTHING, blocked))
    assert overview.progress is None
    assert "Secret" not in str(overview)


def test_an_overview_counts_the_last_seven_days() -> None:
    steps = (
        PlanStep(1, "Done", hours=3, state=StepState.DONE, status_since=TODAY),
        PlanStep(2, "Done long ago", hours=3, state=StepState.DONE, status_since=date(2026, 11, 17)),
        PlanStep(3, "Begun", state=StepState.DOING, status_since=date(2026, 11, 19)),
        PlanStep(5, "Told a week ago", state=StepState.DOING, status_since=date(2026, 11, 18)),
        PlanStep(4, "Stuck", state=StepState.BLOCKED, status_since=TODAY, blocker="No GPU"),
    )
    progress = overview_of(REQUESTED, learner(Visibility.PROGRESS, *steps)).progress
    assert progress is not None
    assert (progress.finished, progress.moved, len(progress.blocked)) == (1, 2, 1)
    assert not progress.is_away


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        (datetime(2026, 12, 3, 23, 30, tzinfo=BERLIN), BERLIN, datetime(2026, 12, 4, 8, tzinfo=BERLIN)),
        (datetime(2026, 12, 4, 3, 0, tzinfo=BERLIN), BERLIN, datetime(2026, 12, 4, 8, tzinfo=BERLIN)),
        (datetime(2026, 12, 4, 12, 0, tzinfo=BERLIN), BERLIN, datetime(2026, 12, 4, 12, tzinfo=BERLIN)),
        (datetime(2026, 12, 3, 23, 30, tzinfo=BERLIN), None, datetime(2026, 12, 3, 23, 30, tzinfo=BERLIN)),
    ],
)
def test_nobody_is_asked_at_night(at: datetime, zone: ZoneInfo | None, expected: datetime) -> None:
    assert waking(at, zone) == expected


def test_a_learner_on_a_break_is_away() -> None:
    progress = overview_of(REQUESTED, learner(Visibility.CHECKINS, paused_until=date(2026, 12, 1))).progress
    assert progress is not None
    assert progress.is_away
