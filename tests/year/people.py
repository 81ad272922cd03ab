"""The people of the year: workspaces and learners with habits, drawn from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from mentorbot.chat.platform import Workspace
from mentorbot.clock import Weekday

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
ZONES = (
    "Pacific/Apia",
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Denver",
    "America/Mexico_City",
    "America/Chicago",
    "America/Bogota",
    "America/New_York",
    "America/Havana",
    "America/Halifax",
    "America/St_Johns",
    "America/Santiago",
    "America/Sao_Paulo",
    "Atlantic/Azores",
    "Africa/Casablanca",
    "Africa/Lagos",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Berlin",
    "Europe/Kyiv",
    "Africa/Cairo",
    "Africa/Nairobi",
    "Asia/Jerusalem",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
COUNTRIES = ("", "DE-BE", "US", "JP", "IN")
COMPANY_DAY = timedelta(days=150)
"""The time from the start to the day off of their own that every second workspace has."""


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace: whose holidays are off, the company's own day off, and how many minutes it spreads check-ins over."""

    workspace: Workspace
    country: str
    company_day: date | None
    spread: int


@dataclass(frozen=True, slots=True)
class Action:
    """A line a learner says to the bot at an instant (UTC)."""

    at: datetime
    line: str


@dataclass(slots=True)
class Learner:
    """One person with settings, and what they do through the year."""

    team: Team
    name: str
    zone: ZoneInfo
    days: tuple[Weekday, ...]
    at: time
    every: int
    quiet: tuple[time, time] | None
    budget: int | None
    reminders: bool
    personal_tip: Weekday | None
    actions: list[Action] = field(default_factory=list)

    def settings(self) -> Iterator[str]:
        """Yield the commands that enrol them."""
        days = ",".join(day.label.lower() for day in self.days)
        line = f"checkin settings {days} {self.at:%H:%M} zone:{self.zone.key}"
        if self.every > 1:
            line += f" every:{self.every}-weeks"
        if self.quiet:
            line += f" quiet:{self.quiet[0]:%H:%M}-{self.quiet[1]:%H:%M}"
        if self.budget is not None:
            line += f" budget:{self.budget}"
        yield line + ("" if self.reminders else " reminder:off")
        if self.personal_tip is not None:
            yield f"tips me {self.personal_tip.label.lower()} {self.at:%H:%M} {self.zone.key}"


def draw_teams(rng: Random, number: int, start: datetime) -> list[Team]:
    """Draw so many workspaces."""
    company_day = start.date() + COMPANY_DAY
    return [
        Team(
            Workspace("slack", f"T{n}"),
            COUNTRIES[n % len(COUNTRIES)],
            company_day if n % 2 else None,
            rng.choice((0, 0, 30)),
        )
        for n in range(number)
    ]


def draw_learner(rng: Random, team: Team, number: int, start: datetime, weeks: int) -> Learner:
    """Draw a learner and their year; zones come by turns, so that each of them is used."""
    learner = Learner(
        team=team,
        name=f"u{number}",
        zone=ZoneInfo(ZONES[number % len(ZONES)]),
        days=rng.choice([(Weekday(day),) for day in range(7)] + [(Weekday.TUESDAY, Weekday.FRIDAY)]),
        at=time(rng.randrange(7, 22), rng.choice((0, 0, 15, 30))),
        every=rng.choice((1, 1, 1, 1, 2, 3)),
        quiet=rng.choice((None, (time(20), time(8)), (time(18), time(9, 30)), (time(12), time(14)))),
        budget=rng.choice((None, None, 1, 2, 3)),
        reminders=rng.random() < 0.8,
        personal_tip=rng.choice((None, None, None, None, None, None, Weekday.MONDAY, Weekday.WEDNESDAY)),
    )
    learner.actions = list(_draw_actions(rng, learner, start, weeks))
    return learner


def _draw_actions(rng: Random, learner: Learner, start: datetime, weeks: int) -> Iterator[Action]:
    """Most weeks pass in silence, some with an answer; a few are skipped, put off for a day, or the first of a break."""
    back_on = start.date()
    for week in range(weeks):
        at = start + week * WEEK + timedelta(minutes=rng.randrange(7 * 24 * 60))
        action = rng.choices(("", "close", "skip", "snooze", "pause"), (70, 20, 4, 3, 3))[0]
        today = at.astimezone(learner.zone).date()
        if not action or today < back_on:
            continue
        if action == "pause":
            back_on = today + timedelta(days=rng.randrange(2, 25))
            action = f"pause {back_on.isoformat()}"
        yield Action(at, f"checkin {action}")
