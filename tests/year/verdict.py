"""The judge of a year: what each person had coming by their own calendar, against what arrived.

It shares no code with the bot's planning and sending, and works from what people have set and said alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

from .habits import Habits
from .people import DAY, Learner, Team
from .platform import Platform, Post
from .rows import Row

_BERLIN = ZoneInfo("Europe/Berlin")
GRACE = timedelta(days=3)
"""What is due so shortly before the end may still be on its way."""


class Verdict:
    """Goes through a year's rows and posts."""

    def __init__(
        self,
        learners: list[Learner],
        teams: list[Team],
        rows: list[Row],
        platform: Platform,
        begin: datetime,
        end: datetime,
        step: timedelta,
    ) -> None:
        self._people = {one.name: Habits(one) for one in learners}
        self._teams = {team.workspace.id: team for team in teams}
        self._holidays: dict[str, Any] = {team.country: _holidays(team.country) for team in teams}
        self._rows, self._platform = rows, platform
        self._begin, self._end, self._step = begin, end, step
        self._by_id = {row.id: row for row in rows}
        self._posts = {post.key: post for post in platform.posts}
        self._got: defaultdict[str, list[Post]] = defaultdict(list)
        for post in platform.posts:
            self._got[post.channel].append(post)
        self._of: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            self._of[row.channel, row.about].append(row)

    def faults(self) -> Iterator[str]:
        """Everything that is wrong, one line each."""
        yield from self._posted_twice()
        for name, habits in self._people.items():
            yield from self._occurrences(name, habits)
            yield from self._reminders(name, habits)
            yield from self._budget(name, habits)
            yield from self._apart(name)
        for row in self._rows:
            if problem := self._row(row):
                what = f"{row.about} {row.key} of {row.channel} in {row.team}, due {row.due:%d %b %H:%M}"
                yield f"{what}, {row.state} {row.reason!r}: {problem}"

    def _posted_twice(self) -> Iterator[str]:
        known = {row.key for row in self._rows}
        for key, number in Counter(post.key for post in self._platform.posts).items():
            if number > 1:
                yield f"{key} was posted {number} times"
            if key not in known:
                yield f"{key} was posted, and there is no record of it"

    def _occurrences(self, name: str, habits: Habits) -> Iterator[str]:
        """One row for each day on which something is due, at the right time of it."""
        learner = habits.learner
        days = tuple(int(day) for day in learner.days)
        yield from self._compare(name, habits, "checkin", days, learner.every)
        if learner.own_tip is not None:
            yield from self._compare(name, habits, "own-tip", (int(learner.own_tip),), 1)

    def _compare(self, name: str, habits: Habits, about: str, days: tuple[int, ...], every: int) -> Iterator[str]:
        spread = timedelta(minutes=habits.learner.team.spread if about == "checkin" else 0)
        wanted = list(habits.due_days(days, every, self._begin, self._end - DAY))
        found = sorted(
            (row for row in self._of[f"@{name}", about] if row.due < self._end - DAY + spread), key=lambda row: row.due
        )
        there = [
            habits.day(row.due - spread) if habits.day(row.due - spread) == habits.day(row.due) else habits.day(row.due)
            for row in found
        ]
        if there[: len(wanted)] != wanted or len(there) > len(wanted) + 1:
            odd = sorted(set(wanted) ^ set(there))
            yield f"{about} of {name} ({habits.learner.zone.key}): {len(wanted)} days due, {len(there)} there; {odd[:4]}"
        for row, day in zip(found, wanted, strict=False):
            if not timedelta(0) <= row.due - habits.instant(day) <= spread:
                yield f"{about} of {name} on {day} is due at {row.due.astimezone(habits.learner.zone)}"

    def _reminders(self, name: str, habits: Habits) -> Iterator[str]:
        """Whoever does not answer a check-in is asked once more, in the same week; who does not want that, never."""
        rows = self._of[f"@{name}", "reminder"]
        weeks = Counter(row.week for row in rows)
        if rows and not habits.learner.reminders:
            yield f"{name} wants no reminders, and there are {len(rows)}"
        if any(number > 1 for number in weeks.values()):
            yield f"{name} was to be reminded twice of a week"
        for row in self._of[f"@{name}", "checkin"] if habits.learner.reminders else ():
            at = row.due + DAY
            if (
                row.state != "sent"
                or row.sent_at is None
                or at >= self._end - GRACE
                or habits.week(at) != habits.week(row.sent_at)
            ):
                continue
            # An answer takes a reminder back until it comes, also one that waits for the end of quiet hours in the next week.
            comes = habits.quiet_ends(self._tick(max(at, row.sent_at + DAY)))
            week = habits.week(row.sent_at)
            spoke = any(
                row.due < act.at and (act.at <= comes or habits.week(act.at) == week) for act in habits.learner.acts
            )
            if not weeks[habits.week(row.sent_at)] and not spoke:
                yield f"{name} did not answer {row.key} and was not to be reminded"

    def _budget(self, name: str, habits: Habits) -> Iterator[str]:
        """No week has more messages than the person allows."""
        budget = habits.learner.budget
        if budget is None:
            return
        for week, number in Counter(habits.week(post.at) for post in self._got[f"D{name}"]).items():
            if number > budget:
                yield f"{name} has a budget of {budget} and got {number} in the week of {week}"

    def _apart(self, name: str) -> Iterator[str]:
        """What comes to one person at the same moment is one message, where no connection broke."""
        times = Counter(post.at for post in self._got[f"D{name}"] if not self._platform.broken[post.key])
        for at, number in times.items():
            if number > 1:
                yield f"{name} got {number} messages at {at:%d %b %H:%M}"

    def _row(self, row: Row) -> str:
        """What is wrong with one row; "" when all is well."""
        carrier = self._by_id[row.merged_into] if row.merged_into else row
        post = self._posts.get(carrier.key)
        if row.state == "pending":
            return "" if row.due > self._end - GRACE else "it is still pending"
        if row.state == "sent":
            broken = sum(self._platform.broken[key] for key in {row.key, carrier.key})
            return self._sent(row, post, broken) if post else "it never arrived"
        return "it arrived all the same" if post and carrier is row else self._excuse(row)

    def _sent(self, row: Row, post: Post, broken: int) -> str:
        if post.channel != (f"D{row.person}" if row.person else row.channel):
            return "it came to somebody else"
        at = f"it came at {post.at:%d %b %H:%M}"
        if self._day_off(row, post.at) or self._day_off(row, row.due):
            return f"{at}, on a day off"
        if row.person is not None:
            habits = self._people[row.person]
            if habits.quiet_ends(post.at) != post.at:
                return f"{at}, in quiet hours"
            if habits.paused(post.at) or habits.off(post.at):
                return f"{at}, to somebody who is away"
            if row.about != "own-tip" and habits.answered(post.at):
                return f"{at}, after the answer"
        told = f"{at}, {post.at - self._release(row)} after its time, with {broken} broken connections"
        return told if not row.due <= post.at <= self._latest(row, broken) else ""

    def _latest(self, row: Row, broken: int) -> datetime:
        """When a row must have been sent. Where a connection broke, the next try may have fallen into quiet hours."""
        at = self._release(row) + self._step * (1 + 2 * broken)
        return self._people[row.person].quiet_ends(at) if broken and row.person is not None else at

    def _excuse(self, row: Row) -> str:
        """Whether the reason why something was not sent is true when the bot looks: first, or when it may go; "" when it is."""
        first = self._release(row)
        last = first + self._step * (1 + 2 * self._platform.broken[row.key])
        moments = (self._first_look(row), first, last)
        return "" if any(self._true(row, at) for at in moments) else f"that is not true at {first:%d %b %H:%M}"

    def _true(self, row: Row, at: datetime) -> bool:
        if "is a day off here" in row.reason:
            return self._day_off(row, at) or self._day_off(row, row.due)
        if row.person is None:
            return False
        habits = self._people[row.person]
        if row.reason.startswith("the budget of"):
            before = [
                one for one in self._got[f"D{row.person}"] if habits.week(one.at) == habits.week(at) and one.at <= at
            ]
            return habits.learner.budget is not None and len(before) >= habits.learner.budget
        sent = [one.sent_at for one in self._of[row.channel, "checkin"] if one.sent_at]
        week = f"{habits.week(at):%-d %B}"
        true = {
            "there is a break until": habits.paused(at),
            f"the week of {week} is off": habits.off(at),
            f"the check-in of the week of {week} was": habits.answered(at),
            "there was no check-in": all(one > at for one in sent),
            "the week of its check-in is over": all(habits.week(one) != habits.week(at) or one > at for one in sent),
        }
        return any(holds for start, holds in true.items() if row.reason.startswith(start))

    def _tick(self, at: datetime) -> datetime:
        """When the bot looks at the clock next."""
        return self._begin + -((self._begin - at) // self._step) * self._step

    def _first_look(self, row: Row) -> datetime:
        """When the bot first looks at a row outside of quiet hours. A reminder whose check-in came late waits longer."""
        at = self._tick(row.due)
        return at if row.person is None else self._people[row.person].quiet_ends(at)

    def _release(self, row: Row) -> datetime:
        """When a row may be sent at the earliest: when the bot looks at the clock, after quiet hours; a reminder a
        day after its check-in.
        """
        at = self._tick(row.due)
        if row.person is None:
            return at
        habits = self._people[row.person]
        if row.about == "reminder":
            sent = [one.sent_at for one in self._of[row.channel, "checkin"] if one.sent_at]
            asked = [one for one in sent if habits.week(one) == row.week and one <= at]
            at = max([at, *(one + DAY - self._step for one in asked[-1:])])
        return habits.quiet_ends(at)

    def _day_off(self, row: Row, at: datetime) -> bool:
        team = self._teams[row.team]
        zone = self._people[row.person].learner.zone if row.person else _BERLIN
        day = at.astimezone(zone).date()
        return day == team.own_day or day in self._holidays[team.country]


def _holidays(country: str) -> Any:
    code, _, region = country.partition("-")
    return country_holidays(code, subdiv=region or None) if country else {}
