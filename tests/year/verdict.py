"""The judge of a year: compares what each person had coming by their own calendar with what arrived.

It shares no code with the bot's planning and sending, and works only from people's settings and what they have said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

from .habits import Habits
from .people import DAY, Learner, Team
from .platform import Platform, Post
from .rows import SNOOZED, Row

_BERLIN = ZoneInfo("Europe/Berlin")
SILENT_WEEKS = 4
"""After so many weeks of unanswered check-ins, nothing more comes."""
GRACE = timedelta(days=3)
"""Anything due so shortly before the end may still be on its way."""


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
        self._people = {learner.name: Habits(learner) for learner in learners}
        self._teams = {team.workspace.id: team for team in teams}
        self._holidays: dict[str, Any] = {team.country: _holidays(team.country) for team in teams}
        self._rows, self._platform = rows, platform
        self._begin, self._end, self._step = begin, end, step
        self._by_id = {row.id: row for row in rows}
        self._posts = {post.key: post for post in platform.posts}
        self._received: defaultdict[str, list[Post]] = defaultdict(list)
        for post in platform.posts:
            self._received[post.channel].append(post)
        self._rows_of: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            self._rows_of[row.destination, row.kind].append(row)

    def violations(self) -> Iterator[str]:
        """Yield everything that's wrong, one line each."""
        yield from self._posted_twice()
        for name, habits in self._people.items():
            yield from self._occurrences(name, habits)
            yield from self._reminders(name, habits)
            yield from self._budget(name, habits)
            yield from self._apart(name)
        for row in self._rows:
            if problem := self._problem(row):
                name = f"{row.kind} {row.key} to {row.destination} in {row.team}, due {row.due:%d %b %H:%M}"
                yield f"{name}, {row.state} {row.reason!r}: {problem}"

    def _posted_twice(self) -> Iterator[str]:
        known_keys = {row.key for row in self._rows}
        for key, number in Counter(post.key for post in self._platform.posts).items():
            if number > 1:
                yield f"{key} was posted {number} times"
            if key not in known_keys:
                yield f"{key} was posted, and there is no record of it"

    def _occurrences(self, name: str, habits: Habits) -> Iterator[str]:
        """Expect one row for each day when something is due, at the right time."""
        learner = habits.learner
        days = tuple(int(day) for day in learner.days)
        yield from self._compare(name, habits, "checkin", days, learner.every)
        if learner.personal_tip is not None:
            yield from self._compare(name, habits, "own-tip", (int(learner.personal_tip),), 1)

    def _compare(self, name: str, habits: Habits, kind: str, days: tuple[int, ...], every: int) -> Iterator[str]:
        spread = timedelta(minutes=habits.learner.team.spread if kind == "checkin" else 0)
        expected = list(habits.due_days(days, every, self._begin, self._end - DAY))
        rows = sorted(
            (row for row in self._rows_of[f"D{name}", kind] if row.due < self._end - DAY + spread),
            key=lambda row: row.due,
        )
        actual = [
            habits.day(row.due - spread) if habits.day(row.due - spread) == habits.day(row.due) else habits.day(row.due)
            for row in rows
        ]
        if actual[: len(expected)] != expected or len(actual) > len(expected) + 1:
            odd = sorted(set(expected) ^ set(actual))
            zone = habits.learner.zone.key
            yield f"{kind} of {name} ({zone}): {len(expected)} days due, {len(actual)} there; {odd[:4]}"
        for row, day in zip(rows, expected, strict=False):
            if not timedelta(0) <= row.due - habits.instant(day) <= spread:
                yield f"{kind} of {name} on {day} is due at {row.due.astimezone(habits.learner.zone)}"

    def _reminders(self, name: str, habits: Habits) -> Iterator[str]:
        """Expect one reminder of an unanswered check-in, in the same week; none for anyone who doesn't want any."""
        rows = self._rows_of[f"D{name}", "reminder"]
        weeks = Counter(row.week for row in rows)
        if rows and not habits.learner.reminders:
            yield f"{name} wants no reminders, and there are {len(rows)}"
        if any(number > 1 for number in weeks.values()):
            yield f"{name} was to be reminded twice of a week"
        for row in self._rows_of[f"D{name}", "checkin"] if habits.learner.reminders else ():
            at = row.due + DAY
            if (
                row.state != "sent"
                or row.sent_at is None
                or at >= self._end - GRACE
                or habits.week(at) != habits.week(row.sent_at)
            ):
                continue
            # An answer cancels a reminder until it comes, also one that waits for the end of quiet hours in the next week.
            comes = habits.quiet_ends(self._tick(max(at, row.sent_at + DAY)))
            week = habits.week(row.sent_at)
            spoke = any(
                row.due < action.at and (action.at <= comes or habits.week(action.at) == week)
                for action in habits.learner.actions
            )
            # Only the first check-in of a silence has a reminder.
            silent = self._silent_weeks(name, habits, row.sent_at) - {week}
            if not weeks[week] and not spoke and not silent:
                yield f"{name} did not answer {row.key} and was not to be reminded"

    def _budget(self, name: str, habits: Habits) -> Iterator[str]:
        """Expect no more messages in a week than the person allows."""
        budget = habits.learner.budget
        if budget is None:
            return
        for week, number in Counter(habits.week(post.at) for post in self._received[f"D{name}"]).items():
            if number > budget:
                yield f"{name} has a budget of {budget} and got {number} in the week of {week}"

    def _apart(self, name: str) -> Iterator[str]:
        """Expect one message for everything that comes at the same moment, where no connection broke."""
        times = Counter(post.at for post in self._received[f"D{name}"] if not self._platform.broken[post.key])
        for at, number in times.items():
            if number > 1:
                yield f"{name} got {number} messages at {at:%d %b %H:%M}"

    def _problem(self, row: Row) -> str:
        """Say what's wrong with one row; "" when all is well."""
        parent = self._by_id[row.merged_into] if row.merged_into else row
        post = self._posts.get(parent.key)
        if row.state == "pending":
            return "" if row.due > self._end - GRACE else "it is still pending"
        if row.state == "sent":
            broken = sum(self._platform.broken[key] for key in {row.key, parent.key})
            return self._sent(row, post, broken) if post else "it never arrived"
        return "it arrived all the same" if post and parent is row else self._excuse(row)

    def _sent(self, row: Row, post: Post, broken: int) -> str:
        if post.channel != row.destination:
            return "it came to somebody else"
        arrival = f"it came at {post.at:%d %b %H:%M}"
        if self._day_off(row, post.at) or self._day_off(row, row.due):
            return f"{arrival}, on a day off"
        if row.person is not None:
            habits = self._people[row.person]
            if habits.quiet_ends(post.at) != post.at:
                return f"{arrival}, in quiet hours"
            if habits.paused(post.at) or habits.skipped(post.at):
                return f"{arrival}, to somebody who is away"
            if len(self._silent_weeks(row.person, habits, post.at)) >= SILENT_WEEKS:
                return f"{arrival}, to somebody who hasn't been heard from for long"
            if row.kind != "own-tip" and habits.answered(post.at):
                return f"{arrival}, after the answer"
        lateness = f"{arrival}, {post.at - self._release(row)} after its time, with {broken} broken connections"
        return lateness if not row.due <= post.at <= self._latest(row, broken) else ""

    def _latest(self, row: Row, broken: int) -> datetime:
        """Give the latest time for a row. Where a connection broke, the next try may have fallen into quiet hours."""
        at = self._release(row) + self._step * (1 + 2 * broken)
        return self._people[row.person].quiet_ends(at) if broken and row.person is not None else at

    def _excuse(self, row: Row) -> str:
        """Check that the reason for not sending is true when the bot looks: first, or when it may go; "" when it is."""
        first = self._release(row)
        last = first + self._step * (1 + 2 * self._platform.broken[row.key])
        moments = (self._first_look(row), first, last)
        return "" if any(self._is_true(row, at) for at in moments) else f"that is not true at {first:%d %b %H:%M}"

    def _is_true(self, row: Row, at: datetime) -> bool:
        if row.reason == "day_off":
            return self._day_off(row, at) or self._day_off(row, row.due)
        if row.person is None:
            return False
        habits = self._people[row.person]
        if row.reason == "budget_spent":
            earlier = [
                post
                for post in self._received[row.destination]
                if habits.week(post.at) == habits.week(at) and post.at <= at
            ]
            budget = habits.learner.budget
            return budget is not None and row.details["budget"] == budget and len(earlier) >= budget
        this_week = row.details.get("week") == habits.week(at).isoformat()
        silent_weeks = self._silent_weeks(row.person, habits, at)
        sent = self._checkins_sent(row)
        truths = {
            "learner_paused": habits.may_be_paused(at),
            "silent": len(silent_weeks) >= SILENT_WEEKS,
            "week_off": this_week and habits.off(at),
            "already_answered": this_week and habits.answered(at),
            "no_checkin_sent": all(instant > at for instant in sent),
            "checkin_week_over": all(habits.week(instant) != habits.week(at) or instant > at for instant in sent),
        }
        return truths.get(row.reason, False)

    def _silent_weeks(self, name: str, habits: Habits, before: datetime) -> set[date]:
        """Give the weeks when check-ins came and nothing has been said since, until an instant."""
        last_word = habits.last_word(before)
        sent = [row.sent_at for kind in ("checkin", SNOOZED) for row in self._rows_of[f"D{name}", kind] if row.sent_at]
        # A week isn't silent if a check-in was followed by a word, even if another check-in came after that.
        heard = {habits.week(at) for at in sent if last_word is not None and at <= last_word}
        later = {habits.week(at) for at in sent if at < before and (last_word is None or at > last_word)}
        return later - heard

    def _checkins_sent(self, row: Row) -> list[datetime]:
        """List when the check-ins of a row's person came."""
        return [checkin.sent_at for checkin in self._rows_of[row.destination, "checkin"] if checkin.sent_at]

    def _tick(self, at: datetime) -> datetime:
        """Give the next time the bot looks at the clock."""
        return self._begin + -((self._begin - at) // self._step) * self._step

    def _first_look(self, row: Row) -> datetime:
        """Give the first time the bot looks at a row outside quiet hours. A reminder whose check-in came late waits longer."""
        at = self._tick(row.due)
        return at if row.person is None else self._people[row.person].quiet_ends(at)

    def _release(self, row: Row) -> datetime:
        """Give the earliest time for a row: when the bot looks at the clock, after quiet hours; for a reminder, a day after
        its check-in.
        """
        at = self._tick(row.due)
        if row.person is None:
            return at
        habits = self._people[row.person]
        if row.kind == "reminder":
            sent = [
                instant for instant in self._checkins_sent(row) if habits.week(instant) == row.week and instant <= at
            ]
            at = max([at, *(instant + DAY - self._step for instant in sent[-1:])])
        return habits.quiet_ends(at)

    def _day_off(self, row: Row, at: datetime) -> bool:
        team = self._teams[row.team]
        zone = self._people[row.person].learner.zone if row.person else _BERLIN
        day = at.astimezone(zone).date()
        return day == team.company_day or day in self._holidays[team.country]


def _holidays(country: str) -> Any:
    code, _, region = country.partition("-")
    return country_holidays(code, subdiv=region or None) if country else {}
