"""Small phrases many cards share: bars, hours, counts, days and lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil

from mentorbot.chat import dates

FULL, EMPTY = "▓", "░"
MAX_CELLS = 5
"""Cells of a bar. More would break the line on a phone."""
_ROUND_FROM = 100
"""Estimates of this many hours or more are rounded to tens: nobody knows the last digit."""
_MONTHS_FROM, _WEEKS_PER_YEAR = 9, 52
"""Time is told in months from so many weeks on."""
_YEAR_SHOWN_AFTER = timedelta(days=330)
"""From then on, a day without its year could be taken for one in this year."""


def bar(done: int, total: int, cells: int = MAX_CELLS) -> str:
    """Draw `done` of `total` as a bar in text: ▓▓░░░. Only what's finished is full, and only what's not begun is empty."""
    if done <= 0 or total <= 0:
        return EMPTY * cells
    filled = cells if done >= total else min(max(1, round(done / total * cells)), cells - 1)
    return FULL * filled + EMPTY * (cells - filled)


def hours_bar(done: int, total: int, hours_per_week: int) -> str:
    """Draw hours as a bar with their figures: ▓▓░░ 12 of 44 h. There's a cell for each week, from two to five."""
    weeks = ceil(total / max(1, hours_per_week))
    return f"{bar(done, total, min(max(2, weeks), MAX_CELLS))} {of_hours(done, total)}"


def of_hours(done: int, total: int) -> str:
    """Say how many hours of all are done: "48 of 1,456 h"."""
    return f"{dates.number(done)} of {dates.number(total)} h"


def about_hours(hours: int) -> str:
    """Word an estimate: "24 h", or "about 210 h" from a hundred on."""
    return f"{hours} h" if hours < _ROUND_FROM else f"about {dates.number(round(hours, -1))} h"


def count(number: int, noun: str) -> str:
    """Count things: "1 step", "7 steps"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def weeks_or_months(weeks: int) -> str:
    """Word how long something takes: "8 weeks", or "about 24 months" if that's easier to picture."""
    return count(weeks, "week") if weeks < _MONTHS_FROM else f"about {round(weeks * 12 / _WEEKS_PER_YEAR)} months"


def steps_title(number: int) -> str:
    """Begin a title of a list of steps: "All 7 steps"."""
    return "Your only step" if number == 1 else f"All {count(number, 'step')}"


def day(when: date, today: date) -> str:
    """Word a day: "8 August", with its year if that's most of a year away."""
    return dates.long_day(when, year=abs(when - today) > _YEAR_SHOWN_AFTER)


def weekday(when: date, today: date) -> str:
    """Word a day with its weekday: "Monday, 14 Dec", with its year if that's most of a year away."""
    return dates.weekday_and_day(when, year=abs(when - today) > _YEAR_SHOWN_AFTER)


def start_of(week: date, today: date) -> str:
    """Word when something starts: "Monday, 7 Dec" within a month, "January" within a year, "January 2028" after that."""
    if week - today < timedelta(days=31):
        return weekday(week, today)
    return dates.month(week, year=week - today > _YEAR_SHOWN_AFTER)


def joined(words: Sequence[str], link: str = "and") -> str:
    """List words as people say them: "a, b and c"."""
    return f" {link} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def lower_first(text: str) -> str:
    """Prepare `text` for the middle of a sentence: “Nobody” and “A” lose their capital, “MLOps” and “I” keep theirs."""
    first = text.partition(" ")[0]
    return text[:1].lower() + text[1:] if first[1:].islower() or first == "A" else text


def full_stop(text: str) -> str:
    """End `text` as a sentence."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
