"""Reports give away nothing about one person in a small group."""

from __future__ import annotations

from datetime import date

import pytest

from mentorbot.chat.plain_text import plain_text
from mentorbot.domain.mentoring import WeeklyReport, WorkspaceStats
from mentorbot.domain.visibility import count_of_people
from mentorbot.services.reports import learner_figures
from mentorbot.views.reports import report_card

WEEK = date(2026, 11, 23)


def report(learners: int, waiting: int = 0, departures: int = 0) -> WeeklyReport:
    """Make a report on this many learners."""
    stats = WorkspaceStats(
        learners=learners,
        hours_per_week=(4,) * learners,
        completion=(0.5,) * learners,
        blocked=1,
        checkins={WEEK: learners},
        mentorships={},
    )
    return WeeklyReport(
        learners=learner_figures(stats, WEEK),
        waiting=count_of_people(waiting),
        mentors=2,
        room=3,
        departures=departures,
    )


def test_a_small_group_has_no_figures() -> None:
    text = plain_text(report_card(report(4)))
    assert "Learners: shown once there are 5, to protect privacy." in text
    assert "Hours per week" not in text


def test_counts_of_people_do_not_tell_one_from_four() -> None:
    text = plain_text(report_card(report(5, waiting=4)))
    assert "Hours per week: 4 (median)" in text
    assert "Plan done: 50% (median)" in text
    assert "Stuck: fewer than 5" in text
    assert "Waitlist: fewer than 5" in text
    assert "Check-ins so far this week: 5" in text


@pytest.mark.parametrize(("departures", "says"), [(1, "1 person has left"), (2, "2 people have left")])
def test_departures_are_counted(departures: int, says: str) -> None:
    assert says in plain_text(report_card(report(5, departures=departures)))


def test_a_late_report_says_so() -> None:
    assert "Late: yesterday." in plain_text(report_card(report(5), late="Late: yesterday."))
