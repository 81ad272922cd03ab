"""The week as it's sent: on time, late, and again a day later."""

from __future__ import annotations

from dataclasses import replace

from mentorbot.chat.plain_text import plain_text
from mentorbot.domain.deliveries import Reason, ReasonCode
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.learner import CheckIn, CheckInState, LearnerSnapshot
from mentorbot.domain.plan import WEEK
from mentorbot.domain.plan_layout import LayoutChange
from mentorbot.packs.schema import Pack
from mentorbot.views.checkin import reminder_card, snoozed_card, weekly_card

LATE = "Late: this was due on Monday at 09:00 (UTC), and I could not post it then."


def test_a_late_message_says_so_first(pack: Pack, learner: LearnerSnapshot) -> None:
    assert plain_text(weekly_card(learner, [], LATE)).split("\n\n")[1].startswith("Late:")
    assert "Late:" not in plain_text(weekly_card(learner, [], None))


def test_a_reminder_asks_again_and_can_be_turned_off(pack: Pack, learner: LearnerSnapshot) -> None:
    text = plain_text(reminder_card(learner, [], None))
    assert "I have not heard from you since the check-in." in text
    assert "checkin settings reminder:off" in text


def test_steps_that_have_moved_are_named(pack: Pack, learner: LearnerSnapshot) -> None:
    moved = replace(learner, layout_change=LayoutChange((2,), None))
    assert "Step 2 has moved on to fit the hours you have." in plain_text(weekly_card(moved, [], None))


def test_an_answered_week_offers_no_skipping(pack: Pack, learner: LearnerSnapshot) -> None:
    held = [CheckIn(learner.week - WEEK, CheckInState.HELD), CheckIn(learner.week, CheckInState.HELD)]
    text = plain_text(weekly_card(learner, held, None))
    assert "2 weeks in a row with a check-in" in text
    assert "checkin skip" not in text
    assert "checkin resume" in plain_text(weekly_card(learner, [CheckIn(learner.week, CheckInState.SKIPPED)], None))


def test_a_snooze_that_would_not_come_says_why(learner: LearnerSnapshot) -> None:
    refused = NextMessage(None, skipped=Reason(ReasonCode.BUDGET_SPENT, {"budget": 1}))
    text = plain_text(snoozed_card(learner, refused))
    assert "I would not ask you again tomorrow: the budget of one message a week is spent." in text
