"""The judge itself: the excuses it accepts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock, Weekday

from .people import Action, Learner, Team
from .platform import Platform, Post
from .rows import Row
from .verdict import Verdict

BEGIN = datetime(2027, 3, 29, tzinfo=UTC)
END = BEGIN + timedelta(weeks=2)
STEP = timedelta(minutes=15)
SPACE = Workspace("slack", "T1")
SENT = datetime(2027, 4, 3, 5, 45, tzinfo=UTC)
"""Saturday evening in Auckland, three quarters of an hour late."""
DUE = datetime(2027, 4, 4, 5, 0, tzinfo=UTC)
"""Sunday, five in the afternoon (clocks have gone back that night): before the quiet hours, which begin before a day is over."""


def sent_checkin(due: datetime, sent_at: datetime) -> Row:
    """Make a check-in of Ada's that was due at an instant and came at another."""
    return Row(id=1, team="T1", kind="checkin", person="ada", key="d1", state="sent", due=due, sent_at=sent_at)


def violations_of_the_reminder(*, posted: bool) -> list[str]:
    """Judge a reminder that was dropped on Sunday because the week's one message was the late check-in."""
    team = Team(SPACE, "", None, 0)
    quiet = (time(17, 30), time(9, 30))
    auckland = ZoneInfo("Pacific/Auckland")
    ada = Learner(team, "ada", auckland, (Weekday.SATURDAY,), time(18), 1, quiet, 1, True, None)
    platform = Platform(FrozenClock(BEGIN), Random(1))
    if posted:
        platform.posts.append(Post(SPACE, "Dada", "d1", SENT))
    rows = [
        sent_checkin(SENT - 3 * STEP, SENT),
        Row(
            id=2,
            team="T1",
            kind="reminder",
            person="ada",
            key="p1-rb4ae5",
            state="cancelled",
            due=DUE,
            reason="budget_spent",
            details={"budget": 1},
        ),
    ]
    verdict = Verdict([ada], [team], rows, platform, BEGIN, END, STEP)
    return [violation for violation in verdict.violations() if violation.startswith("reminder p1")]


@pytest.mark.parametrize("posted", [True, False])
def test_a_budget_is_an_excuse_if_it_was_spent_when_the_bot_looked(*, posted: bool) -> None:
    assert bool(violations_of_the_reminder(posted=posted)) is not posted


@pytest.mark.parametrize(("minutes", "cancelled"), [(-30, True), (30, False)])
def test_an_answer_cancels_a_reminder_that_waits_for_the_morning(minutes: int, *, cancelled: bool) -> None:
    """The check-in was due at 17:20 and came on Sunday at 9:30; so its reminder comes on Monday at 9:30."""
    monday = datetime(2027, 4, 11, 21, 30, tzinfo=UTC)
    team = Team(SPACE, "", None, 0)
    action = Action(monday + timedelta(minutes=minutes), "checkin close")
    quiet, auckland = (time(17, 30), time(9, 30)), ZoneInfo("Pacific/Auckland")
    ada = Learner(team, "ada", auckland, (Weekday.SATURDAY,), time(17, 20), 1, quiet, None, True, None, [action])
    platform = Platform(FrozenClock(BEGIN), Random(1))
    due, sent = datetime(2027, 4, 10, 5, 20, tzinfo=UTC), monday - timedelta(days=1)
    rows = [replace(sent_checkin(due, sent), reason="quiet_hours")]
    violations = Verdict([ada], [team], rows, platform, BEGIN, END + timedelta(weeks=1), STEP).violations()
    assert ("ada did not answer d1 and was not to be reminded" in set(violations)) is not cancelled


@pytest.mark.parametrize("broken", [True, False])
def test_a_message_waits_for_the_morning_only_where_a_connection_broke_before(*, broken: bool) -> None:
    """A check-in that was due shortly before quiet hours, at 17:20."""
    team = Team(SPACE, "", None, 0)
    due, morning = datetime(2027, 4, 10, 5, 20, tzinfo=UTC), datetime(2027, 4, 10, 21, 30, tzinfo=UTC)
    quiet, auckland = (time(17, 30), time(9, 30)), ZoneInfo("Pacific/Auckland")
    ada = Learner(team, "ada", auckland, (Weekday.SATURDAY,), time(17, 15), 1, quiet, None, False, None)
    platform = Platform(FrozenClock(BEGIN), Random(1))
    platform.posts.append(Post(SPACE, "Dada", "d1", morning))
    platform.broken["d1"] = int(broken)
    rows = [replace(sent_checkin(due - 2 * STEP, morning), reason="quiet_hours")]
    violations = list(Verdict([ada], [team], rows, platform, BEGIN, END, STEP).violations())
    assert any("after its time" in violation for violation in violations) is not broken
