"""What can be said of a learner of the year at an instant, by their own calendar; shares no code with the bot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from .people import DAY, WEEK, Learner


def monday(day: date) -> date:
    """The first day of a week."""
    return day - timedelta(days=day.weekday())


class Habits:
    """What can be said of one learner at an instant, from their settings and what they have said."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    def day(self, at: datetime) -> date:
        """The local day."""
        return at.astimezone(self.learner.zone).date()

    def week(self, at: datetime) -> date:
        """The Monday of the local week."""
        return monday(self.day(at))

    def due_days(self, days: tuple[int, ...], every: int, begin: datetime, end: datetime) -> Iterator[date]:
        """The local days on which something is due."""
        first = self.day(begin)
        for number in range((end - begin).days + 2):
            day = first + number * DAY
            weeks = (monday(day) - monday(first)).days // 7
            if day.weekday() in days and weeks % every == 0 and begin < self.instant(day) < end:
                yield day

    def instant(self, day: date) -> datetime:
        """Their own time on a day. None of their times falls into an hour that clocks leave out."""
        at = datetime.combine(day, self.learner.at, self.learner.zone).astimezone(UTC)
        assert at.astimezone(self.learner.zone).time() == self.learner.at
        return at

    def quiet_ends(self, at: datetime) -> datetime:
        """When they may be written to: at once, or at the end of the quiet hours."""
        local, quiet = at.astimezone(self.learner.zone), self.learner.quiet
        if quiet is None:
            return at
        start, stop = quiet
        now = local.time()
        if start < stop and start <= now < stop:
            return self._at(local.date(), stop)
        if start > stop and (now >= start or now < stop):
            return self._at(local.date() + (DAY if now >= start else timedelta(0)), stop)
        return at

    def _at(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, self.learner.zone).astimezone(UTC)

    def said(self, word: str, at: datetime) -> Iterator[tuple[datetime, str]]:
        """When they have said something until `at`, and the rest of the line."""
        for act in self.learner.acts:
            if act.at <= at and act.line.startswith(f"checkin {word}"):
                yield act.at, act.line.removeprefix(f"checkin {word}").strip()

    def paused(self, at: datetime) -> bool:
        """Whether they are on a break, which lasts for the week in which it begins at least."""
        breaks = ((self.week(when) + WEEK, date.fromisoformat(until)) for when, until in self.said("pause", at))
        return any(self.day(at) < max(first, until) for first, until in breaks)

    def off(self, at: datetime) -> bool:
        """Whether the whole week is off: it was skipped, or a break lasts beyond it."""
        week = self.week(at)
        skipped = any(self.week(when) == week for when, _ in self.said("skip", at))
        breaks = [(self.week(when), monday(date.fromisoformat(until))) for when, until in self.said("pause", at)]
        # A break takes the week in which it begins, however short it is.
        return skipped or any(first <= week < max(back, first + WEEK) for first, back in breaks)

    def answered(self, at: datetime) -> bool:
        """Whether they have closed or skipped the week."""
        return any(self.week(when) == self.week(at) for word in ("close", "skip") for when, _ in self.said(word, at))
