"""One-off messages about a mentorship: each works as a notification by its title alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.cards import Buttons, Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.mentoring import MentorshipMessage, MentorshipSide
from mentorbot.views.mentoring import mentorship_message_card

from .conftest import MENTORSHIP, NOW


def message(side: MentorshipSide, title: str = "", *skills: str, step: int = 0) -> MentorshipMessage:
    """Make a message to one side of the mentorship, in Berlin."""
    zone = ZoneInfo("Europe/Berlin")
    return MentorshipMessage(
        mentorship=replace(MENTORSHIP, deadline=NOW),
        reader=side,
        zone=zone,
        title=title,
        skills=skills,
        room=1,
        step=step,
    )


def labels(card: Card) -> list[str]:
    return [button.label for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


def test_a_request_gives_the_mentor_an_easy_no() -> None:
    request = message(MentorshipSide.MENTOR, "ML Architect", "MLOps", "Cloud")
    card = mentorship_message_card(MessageKind.MENTOR_REQUEST, request, "")
    assert card.title == "Ada would like you as a mentor"
    text = plain_text(card)
    assert "Target role: ML Architect. You offer MLOps and Cloud and have room for 1." in text
    assert "No answer by Wednesday? I'll ask someone else, no problem." in text
    assert labels(card) == ["Accept", "Not now"]


def test_a_deadline_is_in_the_readers_own_time() -> None:
    late = replace(MENTORSHIP, deadline=datetime(2026, 11, 25, 23, 30, tzinfo=UTC))
    request = replace(message(MentorshipSide.MENTOR), mentorship=late)
    assert "No answer by Thursday?" in plain_text(mentorship_message_card(MessageKind.MENTOR_REQUEST, request, ""))


def test_a_request_without_a_title_names_none() -> None:
    text = plain_text(mentorship_message_card(MessageKind.MENTOR_REQUEST, message(MentorshipSide.MENTOR), ""))
    assert "No target role yet. You have room for 1." in text


@pytest.mark.parametrize(
    ("kind", "side", "title", "actions"),
    [
        (
            MessageKind.REQUEST_ACCEPTED,
            MentorshipSide.LEARNER,
            "Ben's your mentor now",
            ["Choose what to share", "Message Ben"],
        ),
        (
            MessageKind.REQUEST_WAITING,
            MentorshipSide.LEARNER,
            "No mentor's free right now. You're on the waitlist",
            ["Leave waitlist"],
        ),
        (
            MessageKind.REQUEST_EXPIRED,
            MentorshipSide.MENTOR,
            "Ada's request has moved on",
            ["No new learners"],
        ),
        (
            MessageKind.MENTOR_LEFT,
            MentorshipSide.LEARNER,
            "Your mentor had to stop. I'm finding you someone new",
            ["No, thanks"],
        ),
        (
            MessageKind.MENTORSHIP_ENDED,
            MentorshipSide.LEARNER,
            "Ben can't be your mentor any more",
            ["Find a mentor", "All mentors"],
        ),
        (MessageKind.MENTORSHIP_ENDED, MentorshipSide.MENTOR, "You're no longer Ada's mentor", ["My learners"]),
        (MessageKind.NOTE, MentorshipSide.LEARNER, 'Ben: "Well done"', ["Reply"]),
        (MessageKind.NOTE, MentorshipSide.MENTOR, 'Ada: "Well done"', ["Reply", "My learners"]),
    ],
)
def test_each_message_has_its_card(kind: MessageKind, side: MentorshipSide, title: str, actions: list[str]) -> None:
    card = mentorship_message_card(kind, message(side), "Well done")
    assert (card.title, labels(card)) == (title, actions)
    assert len(plain_text(card).split("\n\n")) <= 8


def test_a_note_opens_the_step_it_is_about() -> None:
    card = mentorship_message_card(MessageKind.NOTE, message(MentorshipSide.LEARNER, step=3), "Well done")
    assert labels(card) == ["Reply", "Open step"]


@pytest.mark.parametrize("body", ["word " * 40, "One\nTwo"])
def test_a_note_that_does_not_fit_a_title_is_shown_whole(body: str) -> None:
    card = mentorship_message_card(MessageKind.NOTE, message(MentorshipSide.LEARNER), body)
    assert body.strip() in plain_text(card)
    assert "\n" not in card.title
    assert len(card.title) <= 130


def test_other_messages_are_refused() -> None:
    with pytest.raises(ValueError, match="isn't about a mentorship"):
        mentorship_message_card(MessageKind.TIP, message(MentorshipSide.LEARNER), "")
