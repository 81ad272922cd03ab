"""Days, times, zones and rhythms as people say them: “Friday, 25 Dec”, “Berlin time”, “Fridays 15:00”."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from mentorbot.chat import dates
from mentorbot.chat.cards import Button, Span, instant
from mentorbot.clock import WORKDAYS, Weekday
from mentorbot.domain.deliveries import Schedule
from mentorbot.domain.plan import monday
from mentorbot.domain.recurrence import DAY, ORDINALS, Recurrence
from mentorbot.slash.dates import DateRange, name_range
from mentorbot.slash.registry import NoValue
from mentorbot.slash.tokenizer import format_line

_YEARLESS_DAYS = 300
"""A day further away than this is named with its year, since its month alone could mean the wrong one."""
_WORLD_TIME = frozenset({"UTC", "GMT"})


def day_text(day: date, today: date) -> str:
    """Name a day: “Monday, 7 Dec”, with the year if it isn't clear from `today`."""
    return dates.weekday_and_day(day, year=abs((day - today).days) > _YEARLESS_DAYS)


def away_text(days: DateRange, today: date) -> str:
    """Name the day someone's back after some days away: “Saturday, 26 Dec, away 23–25 Dec”."""
    return f"{day_text(days.last + DAY, today)}, away {name_range(days, today)}"


def weeks_text(days: DateRange) -> str:
    """Name the weeks some days are in: “in the week of 7 Dec”, “in each week from 7 Dec to 21 Dec”."""
    first, last = monday(days.first), monday(days.last)
    if first == last:
        return f"in the week of {dates.short_day(first)}"
    return f"in each week from {dates.short_day(first)} to {dates.short_day(last)}"


def moment_text(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Name an instant in `zone`: “Monday, 7 Dec, 09:00”."""
    local = instant.astimezone(zone)
    return f"{day_text(local.date(), now.astimezone(zone).date())}, {local:%H:%M}"


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> Span:
    """Name an instant like `moment_text`, for cards: a platform may show it in each reader's own time."""
    return instant(moment_text(at, zone, now), at)


def zoned_moment(at: datetime, zone: ZoneInfo, now: datetime) -> Span:
    """Name an instant like `moment`, with its zone for platforms that don't show it in each reader's own time."""
    return instant(f"{moment_text(at, zone, now)}, {zone_time(zone)}", at)


def zone_time(zone: ZoneInfo) -> str:
    """Name the time of a zone by its city: “Berlin time”."""
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return city if city in _WORLD_TIME else f"{city} time"


def days_text(weekdays: tuple[Weekday, ...]) -> str:
    """Name days that come again every week: “Fridays”, “Mondays and Thursdays”, “weekdays”, “every day”."""
    if weekdays == tuple(Weekday):
        return "every day"
    if weekdays == WORKDAYS:
        return "weekdays"
    names = [_days_of_week(day) for day in weekdays]
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _days_of_week(day: Weekday) -> str:
    """Name a weekday that comes every week: “Fridays”. Other languages have their own ways, so they get the day's name."""
    name = dates.weekday_name(day, day.label)
    return f"{name}s" if dates.in_english() else name


def rhythm_text(recurrence: Recurrence) -> str:
    """Say when something comes again, without its zone: “Fridays 15:00”, “every second Friday, 15:00, until 18 Dec 2026”."""
    at = f"{recurrence.at:%H:%M}"
    until = f", until {dates.short_day(recurrence.ends_on, year=True)}" if recurrence.ends_on else ""
    if recurrence.every == 1:
        return f"{days_text(recurrence.weekdays)} {at}{until}"
    if len(recurrence.weekdays) == 1:
        day = recurrence.weekdays[0]
        return f"every {ORDINALS[recurrence.every]} {dates.weekday_name(day, day.label)}, {at}{until}"
    return f"{days_text(recurrence.weekdays)}, every {ORDINALS[recurrence.every]} week, {at}{until}"


def sentence_start(text: str) -> str:
    """Capitalize the first letter of `text` and leave the rest."""
    return text[:1].upper() + text[1:]


def rhythm_options(recurrence: Recurrence) -> dict[str, str]:
    """Give the options of a line that sets a rhythm, whatever it's set to before: also how often, and from when."""
    start = {} if recurrence.starts_on else {"start": NoValue.NONE.value}
    return {"every": "week", **start, **options_of(recurrence)}


def options_of(recurrence: Recurrence) -> dict[str, str]:
    """Give the options of a line that sets a rhythm, for undoing what changed it."""
    days = ",".join(day.name.lower() for day in recurrence.weekdays)
    weeks = {"every": f"{recurrence.every}-weeks"} if recurrence.every > 1 else {}
    return {"day": days, "at": f"{recurrence.at:%H:%M}", "zone": recurrence.zone.key, **weeks}


def undo_button(line: str, before: Schedule | None, stop: str = "") -> Button:
    """Let a message come again as it did `before`; one that's new is stopped by the line `stop`."""
    return Button("Undo", format_line((line,), rhythm_options(before.recurrence)) if before else stop)
