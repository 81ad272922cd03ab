"""One-off messages about a mentorship, and learners as their mentor sees them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.mentoring import (
    LearnerOverview,
    Mentorship,
    MentorshipMessage,
    MentorshipSide,
    MentorshipState,
    RecentProgress,
    SharedLearner,
)
from mentorbot.domain.plan import PlanStep, StepState
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.views.mentoring import digest_card, mentorship_message_card, visibility_card

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MENTORSHIP = Mentorship(
    id=12,
    role="ai-architect",
    learner="ben",
    learner_name="Ben",
    mentor="chen",
    mentor_name="Chen",
    state=MentorshipState.REQUESTED,
    asked=("chen",),
    deadline=NOW,
    changed_at=NOW,
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Library.open(None, "ai-architect").default


def message(side: MentorshipSide, title: str = "", *skills: str) -> MentorshipMessage:
    """Make a message to one side of the mentorship, in Berlin."""
    zone = ZoneInfo("Europe/Berlin")
    return MentorshipMessage(mentorship=MENTORSHIP, reader=side, zone=zone, title=title, skills=skills)


def test_a_request_names_the_learner_the_title_and_the_readers_own_time() -> None:
    request = message(MentorshipSide.MENTOR, "AI Architect", "MLOps", "Cloud")
    text = plain_text(mentorship_message_card(MessageKind.MENTOR_REQUEST, request, ""))
    assert "Ben asks whether you would be their mentor on the way to AI Architect." in text
    assert "You offer what that takes: MLOps, Cloud." in text
    assert "Without an answer by Wednesday, 25 November, 13:00 I ask somebody else." in text


def test_a_request_without_a_title_names_none() -> None:
    text = plain_text(mentorship_message_card(MessageKind.MENTOR_REQUEST, message(MentorshipSide.MENTOR), ""))
    assert "would be their mentor." in text
    assert "You offer" not in text


@pytest.mark.parametrize(
    ("kind", "side", "title"),
    [
        (MessageKind.REQUEST_ACCEPTED, MentorshipSide.LEARNER, "You have a mentor"),
        (MessageKind.REQUEST_WAITING, MentorshipSide.LEARNER, "Still looking for a mentor"),
        (MessageKind.REQUEST_EXPIRED, MentorshipSide.MENTOR, "Passed on"),
        (MessageKind.MENTOR_LEFT, MentorshipSide.LEARNER, "Your mentor has left"),
        (MessageKind.MENTORSHIP_ENDED, MentorshipSide.LEARNER, "A pairing has ended"),
        (MessageKind.MENTORSHIP_ENDED, MentorshipSide.MENTOR, "A pairing has ended"),
        (MessageKind.NOTE, MentorshipSide.LEARNER, "A note from your mentor"),
    ],
)
def test_each_message_has_its_card(kind: MessageKind, side: MentorshipSide, title: str) -> None:
    card = mentorship_message_card(kind, message(side), "Well done")
    assert card.title == title
    assert ("Well done" in plain_text(card)) == (kind is MessageKind.NOTE)


def test_other_messages_are_refused() -> None:
    with pytest.raises(ValueError, match="isn't about a mentorship"):
        mentorship_message_card(MessageKind.TIP, message(MentorshipSide.LEARNER), "")


@pytest.mark.parametrize(
    ("finished", "moved", "is_away", "says"),
    [
        (2, 3, False, "finished 2 this week"),
        (0, 3, True, "moved 3 this week"),
        (0, 0, True, "on a break"),
        (0, 0, False, "nothing new this week"),
    ],
)
def test_a_digest_sums_up_the_week(pack: Pack, finished: int, moved: int, is_away: bool, says: str) -> None:
    blocked = PlanStep(1, "Deploy", state=StepState.BLOCKED, status_since=NOW.date(), blocker="No GPU")
    progress = RecentProgress(
        today=NOW.date(),
        hours_done=3,
        hours_total=8,
        finished=finished,
        moved=moved,
        is_away=is_away,
        blocked=(blocked,),
    )
    text = plain_text(digest_card(pack, [LearnerOverview(MENTORSHIP, "ai-architect", progress)], "Late."))
    assert f"AI Architect · 3 of 8 h · {says}" in text
    assert "Blocked since today: Deploy — No GPU" in text
    assert "Late." in text


def test_a_learner_sharing_nothing_shows_only_name_and_target(pack: Pack) -> None:
    text = plain_text(digest_card(pack, [LearnerOverview(MENTORSHIP, "")]))
    assert "no aim chosen yet · shares nothing else" in text


@pytest.mark.parametrize("current", Visibility)
def test_a_learner_agrees_only_to_a_change(pack: Pack, current: Visibility) -> None:
    card = visibility_card(pack, SharedLearner(""), Visibility.NOTHING, current)
    assert ("Share this" in plain_text(card)) == (current is not Visibility.NOTHING)
