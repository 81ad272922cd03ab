"""Some months of a few people in 40 zones, in every run of the tests; and a judge who sees what's wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from mentorbot.domain.plan import monday

from .people import ZONES
from .rows import SNOOZED, Row, read_rows
from .verdict import Verdict
from .year import START, STEP, Year, new_year

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def live(url: str, learners: int, weeks: int, seed: int = 7) -> Year:
    """Live through a year, or the first weeks of one."""
    year = await new_year(url, learners, weeks, seed)
    await year.live()
    await year.store.close()
    return year


def violations(year: Year, rows: list[Row]) -> list[str]:
    """Judge the year by some rows."""
    return list(Verdict(year.learners, year.teams, rows, year.platform, START, year.end, STEP).violations())


WEEKS = {"sqlite": 13, "postgresql": 6}
"""A server takes several times as long for the same weeks."""


async def test_every_message_comes_once_or_has_a_true_reason(url: str) -> None:
    year = await live(url, 40, WEEKS[url.partition(":")[0]])
    rows = read_rows(year.url)
    assert violations(year, rows) == []
    assert len({learner.zone.key for learner in year.learners}) == len(ZONES) == 40
    assert {row.state for row in rows} >= {"sent", "cancelled"}
    assert {row.kind for row in rows} == {"tip", "checkin", "own-tip", "reminder", SNOOZED}
    assert year.platform.broken.total() > 0


SPOILT: dict[str, Callable[[Row], Row]] = {
    "it never arrived": lambda row: replace(row, key=row.key + "0"),
    "it is still pending": lambda row: replace(row, state="pending"),
    "that is not true": lambda row: replace(
        row,
        state="cancelled",
        key=row.key + "0",
        reason="week_off",
        details={"week": monday(row.due.date()).isoformat()},
    ),
    "after its time": lambda row: replace(row, due=row.due - 2 * DAY),
    "days due": lambda row: replace(row, due=row.due + DAY),
    "to somebody else": lambda row: replace(row, person="u1" if row.person != "u1" else "u2"),
}


async def test_the_judge_sees_each_violation(tmp_path: Path) -> None:
    year = await live(f"sqlite:///{tmp_path}/year.db", 12, 3)
    rows, posts = read_rows(year.url), list(year.platform.posts)
    assert violations(year, rows) == []
    index = next(
        n for n, row in enumerate(rows) if row.kind == "checkin" and row.state == "sent" and row.due < START + 7 * DAY
    )
    for words, spoil in SPOILT.items():
        spoilt = [*rows[:index], spoil(rows[index]), *rows[index + 1 :]]
        assert any(words in violation for violation in violations(year, spoilt)), words
    frugal = {f"D{learner.name}" for learner in year.learners if learner.budget == 1}
    duplicate = next(post for post in posts if post.channel in frugal)
    year.platform.posts.append(duplicate)
    assert {f"{duplicate.key} was posted 2 times"} < set(violations(year, rows))
    assert any("has a budget of 1 and got 2" in violation for violation in violations(year, rows))
    quiet_at_night = {
        f"D{learner.name}" for learner in year.learners if learner.quiet and learner.quiet[0] > learner.quiet[1]
    }
    for hours in range(24):
        year.platform.posts[:] = [
            replace(post, at=post.at + hours * HOUR) if post.channel in quiet_at_night else post for post in posts
        ]
        if any("in quiet hours" in violation for violation in violations(year, rows)):
            break
    else:
        raise AssertionError("nobody noticed a message at night")
