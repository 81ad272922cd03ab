"""Some months of a few people in 40 zones, in every run of the tests; and a judge that sees what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from mentorbot.domain.plan import monday

from .people import ZONES
from .rows import Row, read_rows
from .verdict import Verdict
from .year import START, STEP, Year, new_year

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def lived(folder: Path, learners: int, weeks: int, seed: int = 7) -> Year:
    """A year, or the first weeks of one."""
    year = await new_year(folder, learners, weeks, seed)
    await year.live()
    await year.store.close()
    return year


def faults(year: Year, rows: list[Row]) -> list[str]:
    return list(Verdict(year.learners, year.teams, rows, year.platform, START, year.end, STEP).faults())


async def test_every_message_came_once_or_there_is_a_true_reason(tmp_path: Path) -> None:
    year = await lived(tmp_path, 40, 13)
    rows = read_rows(year.file)
    assert faults(year, rows) == []
    assert len({learner.zone.key for learner in year.learners}) == len(ZONES) == 40
    assert {row.state for row in rows} >= {"sent", "cancelled"}
    assert {row.about for row in rows} == {"tip", "checkin", "own-tip", "reminder", "again"}
    assert year.platform.broken.total() > 0


SPOILT: dict[str, Callable[[Row], Row]] = {
    "it never arrived": lambda row: replace(row, key=row.key + "0"),
    "it is still pending": lambda row: replace(row, state="pending"),
    "that is not true": lambda row: replace(
        row, state="cancelled", key=row.key + "0", reason=f"the week of {monday(row.due.date()):%-d %B} is off"
    ),
    "after its time": lambda row: replace(row, due=row.due - 2 * DAY),
    "days due": lambda row: replace(row, due=row.due + DAY),
    "to somebody else": lambda row: replace(row, channel="@u1" if row.channel != "@u1" else "@u2"),
}


async def test_the_judge_sees_what_is_wrong(tmp_path: Path) -> None:
    year = await lived(tmp_path, 12, 3)
    rows, posts = read_rows(year.file), list(year.platform.posts)
    assert faults(year, rows) == []
    place = next(
        n for n, row in enumerate(rows) if row.about == "checkin" and row.state == "sent" and row.due < START + 7 * DAY
    )
    for words, spoil in SPOILT.items():
        spoilt = [*rows[:place], spoil(rows[place]), *rows[place + 1 :]]
        assert any(words in fault for fault in faults(year, spoilt)), words
    frugal = {f"D{one.name}" for one in year.learners if one.budget == 1}
    once = next(post for post in posts if post.channel in frugal)
    year.platform.posts.append(once)
    assert {f"{once.key} was posted 2 times"} < set(faults(year, rows))
    assert any("has a budget of 1 and got 2" in fault for fault in faults(year, rows))
    of_the_night = {f"D{one.name}" for one in year.learners if one.quiet and one.quiet[0] > one.quiet[1]}
    for hours in range(24):
        year.platform.posts[:] = [
            replace(post, at=post.at + hours * HOUR) if post.channel in of_the_night else post for post in posts
        ]
        if any("in quiet hours" in fault for fault in faults(year, rows)):
            break
    else:
        raise AssertionError("nobody has noticed a message at night")
