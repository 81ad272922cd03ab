"""Who lives through the year: workspaces and learners with habits, drawn from a seed."""

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
"""When, after the beginning, every second workspace has a day off of its own."""


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace: whose holidays are off, its own day off, and the minutes over which it spreads check-ins."""

    workspace: Workspace
    country: str
    own_day: date | None
    spread: int


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a learner says to the bot at an instant (UTC)."""

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
    own_tip: Weekday | None
    acts: list[Act] = field(default_factory=list)

    def settings(self) -> Iterator[str]:
        """The commands with which they enrol."""
        days = ",".join(day.label.lower() for day in self.days)
        line = f"checkin settings {days} {self.at:%H:%M} zone:{self.zone.key}"
        if self.every > 1:
            line += f" every:{self.every}-weeks"
        if self.quiet:
            line += f" quiet:{self.quiet[0]:%H:%M}-{self.quiet[1]:%H:%M}"
        if self.budget is not None:
            line += f" budget:{self.budget}"
        yield line + ("" if self.reminders else " reminder:off")
        if self.own_tip is not None:
            yield f"tips me {self.own_tip.label.lower()} {self.at:%H:%M} {self.zone.key}"


def draw_teams(draw: Random, number: int, start: datetime) -> list[Team]:
    """So many workspaces."""
    own = start.date() + COMPANY_DAY
    return [
        Team(
            Workspace("slack", f"T{n}"), COUNTRIES[n % len(COUNTRIES)], own if n % 2 else None, draw.choice((0, 0, 30))
        )
        for n in range(number)
    ]


def draw_learner(draw: Random, team: Team, number: int, start: datetime, weeks: int) -> Learner:
    """A learner and their year; zones come by turns, so that all of them are there."""
    learner = Learner(
        team=team,
        name=f"u{number}",
        zone=ZoneInfo(ZONES[number % len(ZONES)]),
        days=draw.choice([(Weekday(day),) for day in range(7)] + [(Weekday.TUESDAY, Weekday.FRIDAY)]),
        at=time(draw.randrange(7, 22), draw.choice((0, 0, 15, 30))),
        every=draw.choice((1, 1, 1, 1, 2, 3)),
        quiet=draw.choice((None, (time(20), time(8)), (time(18), time(9, 30)), (time(12), time(14)))),
        budget=draw.choice((None, None, 1, 2, 3)),
        reminders=draw.random() < 0.8,
        own_tip=draw.choice((None, None, None, None, None, None, Weekday.MONDAY, Weekday.WEDNESDAY)),
    )
    learner.acts = list(_year(draw, learner, start, weeks))
    return learner


def _year(draw: Random, learner: Learner, start: datetime, weeks: int) -> Iterator[Act]:
    """Most weeks pass in silence, some with an answer; a few are skipped, put off for a day, or the first of a break."""
    back = start.date()
    for week in range(weeks):
        at = start + week * WEEK + timedelta(minutes=draw.randrange(7 * 24 * 60))
        what = draw.choices(("", "close", "skip", "snooze", "pause"), (70, 20, 4, 3, 3))[0]
        here = at.astimezone(learner.zone).date()
        if not what or here < back:
            continue
        if what == "pause":
            back = here + timedelta(days=draw.randrange(2, 25))
            what = f"pause {back.isoformat()}"
        yield Act(at, f"checkin {what}")
