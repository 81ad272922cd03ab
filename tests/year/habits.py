"""Facts about a learner of the year at an instant, by their own calendar; shares no code with the bot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from .people import DAY, WEEK, Learner


def monday(day: date) -> date:
    """Give the first day of a week."""
    return day - timedelta(days=day.weekday())


FRIDAY = 4


class Habits:
    """Derives facts about one learner from their settings and what they have said."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    def day(self, at: datetime) -> date:
        """Give the local day."""
        return at.astimezone(self.learner.zone).date()

    def week(self, at: datetime) -> date:
        """Give the Monday of the local week."""
        return monday(self.day(at))

    def due_days(self, days: tuple[int, ...], every: int, begin: datetime, end: datetime) -> Iterator[date]:
        """Yield the local days when something is due; weeks are counted from the first of them."""
        every_day = (self.day(begin) + number * DAY for number in range((end - begin).days + 2))
        possible = [day for day in every_day if day.weekday() in days and begin < self.instant(day) < end]
        for day in possible:
            if (monday(day) - monday(possible[0])).days // 7 % every == 0:
                yield day

    def instant(self, day: date) -> datetime:
        """Give the instant of their own time on a day. None of their times falls into an hour that clocks skip."""
        at = datetime.combine(day, self.learner.at, self.learner.zone).astimezone(UTC)
        assert at.astimezone(self.learner.zone).time() == self.learner.at
        return at

    def quiet_ends(self, at: datetime) -> datetime:
        """Give the instant when they may be written to: at once, or at the end of the quiet hours."""
        local, quiet = at.astimezone(self.learner.zone), self.learner.quiet
        if quiet is None:
            return at
        start, stop = quiet
        now = local.time()
        if start < stop and start <= now < stop:
            return self._local(local.date(), stop)
        if start > stop and (now >= start or now < stop):
            return self._local(local.date() + (DAY if now >= start else timedelta(0)), stop)
        return at

    def _local(self, day: date, wall_time: time) -> datetime:
        return datetime.combine(day, wall_time, self.learner.zone).astimezone(UTC)

    def actions(self, word: str, at: datetime) -> Iterator[tuple[datetime, str]]:
        """Yield when they said `checkin` and a word until `at`, with the rest of each line."""
        for action in self.learner.actions:
            if action.at <= at and action.line.startswith(f"checkin {word}"):
                yield action.at, action.line.removeprefix(f"checkin {word}").strip()

    def _breaks(self, at: datetime) -> Iterator[tuple[date, date]]:
        """Yield the first day of each break, and the day they're back."""
        for when, until in self.actions("pause", at):
            yield self.day(when), date.fromisoformat(until)

    def paused(self, at: datetime) -> bool:
        """Tell whether they're on a break, which lasts from the day it's told until the day they're back."""
        return any(first <= self.day(at) < back for first, back in self._breaks(at))

    def may_be_paused(self, at: datetime) -> bool:
        """Tell whether a break may still be on: one that ends on a Friday may take the weekend too."""
        backs = ((first, monday(back) + WEEK if back.weekday() > FRIDAY else back) for first, back in self._breaks(at))
        return any(first <= self.day(at) < back for first, back in backs)

    def skipped(self, at: datetime) -> bool:
        """Tell whether they've skipped the week."""
        return any(self.week(when) == self.week(at) for when, _ in self.actions("skip", at))

    def off(self, at: datetime) -> bool:
        """Tell whether the whole week is off: it was skipped, or every day of it is among those of a break."""
        week = self.week(at)
        return self.skipped(at) or (self.may_be_paused(at) and any(first <= week for first, _ in self._breaks(at)))

    def last_word(self, at: datetime) -> datetime | None:
        """Give the last time until `at` when they said anything; None if they haven't."""
        return max((action.at for action in self.learner.actions if action.at <= at), default=None)

    def answered(self, at: datetime) -> bool:
        """Tell whether they have closed or skipped the week."""
        return any(self.week(when) == self.week(at) for word in ("close", "skip") for when, _ in self.actions(word, at))
