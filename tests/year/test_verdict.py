"""The judge itself: what it takes for an excuse, and what not."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.platform import Workspace
from mentorbot.clock import FrozenClock, Weekday

from .people import Act, Learner, Team
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


def faults_of_the_reminder(*, posted: bool) -> list[str]:
    """What the judge says of a reminder that was dropped on Sunday because the week's one message was the late check-in."""
    team = Team(SPACE, "", None, 0)
    quiet = (time(17, 30), time(9, 30))
    auckland = ZoneInfo("Pacific/Auckland")
    ada = Learner(team, "ada", auckland, (Weekday.SATURDAY,), time(18), 1, quiet, 1, True, None)
    platform = Platform(FrozenClock(BEGIN), Random(1))  # noqa: S311  no secret
    if posted:
        platform.posts.append(Post(SPACE, "Dada", "d1", SENT))
    rows = [
        Row(1, "T1", "checkin", "@ada", "d1", "sent", SENT - 3 * STEP, SENT, "", None),
        Row(2, "T1", "reminder", "@ada", "n2-rb4ae5", "cancelled", DUE, None, "the budget of one message a week", None),
    ]
    verdict = Verdict([ada], [team], rows, platform, BEGIN, END, STEP)
    return [fault for fault in verdict.faults() if fault.startswith("reminder n2")]


@pytest.mark.parametrize("posted", [True, False])
def test_a_budget_is_an_excuse_where_it_was_spent_when_the_bot_looked(*, posted: bool) -> None:
    assert bool(faults_of_the_reminder(posted=posted)) is not posted


@pytest.mark.parametrize(("minutes", "taken_back"), [(-30, True), (30, False)])
def test_an_answer_takes_back_a_reminder_that_waits_for_the_morning(minutes: int, *, taken_back: bool) -> None:
    """The check-in was due at 17:20 and came on Sunday at 9:30; so its reminder comes on Monday at 9:30."""
    monday = datetime(2027, 4, 11, 21, 30, tzinfo=UTC)
    team = Team(SPACE, "", None, 0)
    act = Act(monday + timedelta(minutes=minutes), "checkin close")
    quiet, auckland = (time(17, 30), time(9, 30)), ZoneInfo("Pacific/Auckland")
    ada = Learner(team, "ada", auckland, (Weekday.SATURDAY,), time(17, 20), 1, quiet, None, True, None, [act])
    platform = Platform(FrozenClock(BEGIN), Random(1))  # noqa: S311  no secret
    due, sent = datetime(2027, 4, 10, 5, 20, tzinfo=UTC), monday - timedelta(days=1)
    rows = [Row(1, "T1", "checkin", "@ada", "d1", "sent", due, sent, "quiet hours", None)]
    faults = Verdict([ada], [team], rows, platform, BEGIN, END + timedelta(weeks=1), STEP).faults()
    assert ("ada did not answer d1 and was not to be reminded" in set(faults)) is not taken_back


@pytest.mark.parametrize("broken", [True, False])
def test_a_message_waits_for_the_morning_only_where_a_connection_broke_before(*, broken: bool) -> None:
    """A check-in that was due shortly before quiet hours, at 17:20."""
    team = Team(SPACE, "", None, 0)
    due, morning = datetime(2027, 4, 10, 5, 20, tzinfo=UTC), datetime(2027, 4, 10, 21, 30, tzinfo=UTC)
    quiet, auckland = (time(17, 30), time(9, 30)), ZoneInfo("Pacific/Auckland")
    ada = Learner(team, "ada", auckland, (Weekday.SATURDAY,), time(17, 15), 1, quiet, None, False, None)
    platform = Platform(FrozenClock(BEGIN), Random(1))  # noqa: S311  no secret
    platform.posts.append(Post(SPACE, "Dada", "d1", morning))
    platform.broken["d1"] = int(broken)
    rows = [Row(1, "T1", "checkin", "@ada", "d1", "sent", due - 2 * STEP, morning, "quiet hours", None)]
    faults = list(Verdict([ada], [team], rows, platform, BEGIN, END, STEP).faults())
    assert any("after its time" in fault for fault in faults) is not broken
