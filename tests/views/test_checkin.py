"""The weekly check-in card: on time, late, after weeks of silence, and as a reminder a day later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mentorbot.chat.cards import Buttons, Card
from mentorbot.chat.plain_text import plain_text
from mentorbot.domain.deliveries import Reason, ReasonCode
from mentorbot.domain.forecast import NextMessage
from mentorbot.domain.learner import CheckIn, CheckInState, LearnerSnapshot
from mentorbot.domain.plan import WEEK, Plan, PlanStep, StepState, WeekAllocation
from mentorbot.domain.plan_layout import lay_out
from mentorbot.packs.schema import Pack
from mentorbot.views.checkin import first_name, question_card, reminder_card, snoozed_card, weekly_card
from tests.conftest import line_count

LATE = "Late: this was due on Monday at 09:00, UTC. I couldn't post it then."


def labels(card: Card) -> list[list[str]]:
    return [[button.label for button in block.buttons] for block in card.blocks if isinstance(block, Buttons)]


def test_a_check_in_is_one_question_with_four_answers(pack: Pack, learner: LearnerSnapshot) -> None:
    card = weekly_card(pack, learner, 1, None)
    assert card.title == "How did your week go, Ada?"
    assert labels(card) == [["Worked on it", "Finished", "Stuck", "Not this week"], ["Pause"]]
    assert "Read, 4 h planned." in plain_text(card)
    assert len(plain_text(card).split("\n\n")) <= 8


def test_a_late_message_says_so(pack: Pack, learner: LearnerSnapshot) -> None:
    assert LATE in plain_text(weekly_card(pack, learner, 1, LATE))
    assert "Late:" not in plain_text(weekly_card(pack, learner, 1, None))


@pytest.mark.parametrize(
    ("weeks", "title", "answers"),
    [
        (2, "Still with me, Ada?", [["I'm here", "Fewer hours", "Pause"]]),
        (3, "How did your week go, Ada?", [["Worked on it", "Finished", "Stuck", "Not this week"], ["Pause"]]),
        (4, "I'll pause until you say hi", [["Say hi"]]),
    ],
)
def test_silence_makes_the_question_smaller(
    pack: Pack, learner: LearnerSnapshot, weeks: int, title: str, answers: list[list[str]]
) -> None:
    card = weekly_card(pack, learner, weeks, None)
    assert (card.title, labels(card)) == (title, answers)


@pytest.mark.parametrize(
    ("days", "said"), [(-4, "was due on"), (0, "is due on"), (6, "is due on"), (7, "nothing's overdue")]
)
def test_nothing_is_overdue_only_if_thats_true(pack: Pack, learner: LearnerSnapshot, days: int, said: str) -> None:
    step = replace(learner.plan.steps[0], due=learner.today + timedelta(days=days))
    dated = replace(learner, plan=learner.plan.with_step(step))
    text = plain_text(weekly_card(pack, dated, 2, None))
    assert said in text
    assert ("nothing's overdue" in text) == (days > 6)
    assert f", {said.removeprefix('is ')}" in plain_text(weekly_card(pack, dated, 1, None)) or days > 6


def test_a_reminder_asks_again_and_can_be_turned_off(learner: LearnerSnapshot) -> None:
    card = reminder_card(learner, None)
    assert card.title == "Quick nudge: one tap is enough. Skipping is fine"
    assert labels(card) == [["Worked on it", "Finished", "Stuck", "Not this week"], ["Pause", "Stop nudges"]]


def test_a_step_nobody_has_begun_says_how_to_begin(pack: Pack, learner: LearnerSnapshot) -> None:
    for origin, guide in pack.step_guides.items():
        step = PlanStep(1, "Read", hours=4, origin=origin)
        card = weekly_card(pack, replace(learner, plan=lay_out(Plan(steps=(step,)), learner.week)), 1, "Late.")
        text = plain_text(card)
        assert guide.do in text
        assert ("First 30 minutes: " in text, "Recommended reading: " in text) == (
            bool(guide.first),
            bool(guide.readings),
        )
        assert line_count(card) <= 8


def test_a_step_under_way_is_just_asked_about(pack: Pack, learner: LearnerSnapshot) -> None:
    origin, guide = next(iter(pack.step_guides.items()))
    step = PlanStep(1, "Read", hours=4, origin=origin, logged=(WeekAllocation(learner.week, 1),))
    card = weekly_card(pack, replace(learner, plan=lay_out(Plan(steps=(step,)), learner.week)), 1, None)
    assert guide.do not in plain_text(card)


def test_a_stuck_step_stays_on_the_check_in(pack: Pack, learner: LearnerSnapshot) -> None:
    stuck = PlanStep(1, "Read", hours=4, state=StepState.BLOCKED, blocker="No access", status_since=learner.today)
    plan = lay_out(Plan(steps=(stuck,)), learner.week)
    assert "Read, stuck: No access" in plain_text(weekly_card(pack, replace(learner, plan=plan), 1, None))


def test_an_answered_week_says_so(pack: Pack, learner: LearnerSnapshot) -> None:
    held = [CheckIn(learner.week - WEEK, CheckInState.HELD), CheckIn(learner.week, CheckInState.HELD)]
    text = plain_text(question_card(pack, learner, learner.week, held))
    assert text.startswith("You've checked in this week")
    assert "Streak: 2 weeks." in text


@pytest.mark.parametrize(("name", "first"), [("Ada Lovelace", "Ada"), ("U012ABC", ""), ("", ""), ("  ", "")])
def test_people_are_called_by_their_first_name_if_there_is_one(name: str, first: str) -> None:
    assert first_name(name) == first


def test_a_snooze_that_would_not_come_says_why(learner: LearnerSnapshot) -> None:
    refused = NextMessage(None, skipped=Reason(ReasonCode.BUDGET_SPENT, {"budget": 1}))
    text = plain_text(snoozed_card(learner, refused))
    assert "I can't ask you tomorrow" in text
    assert "the limit of one message a week is reached." in text
