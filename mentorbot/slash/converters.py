"""Reading one option's value from text: numbers, dates as people write them, times, zones, weekdays, choices.

Every reader gives a value or raises `BadValue` that says what to type instead.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Choice
from mentorbot.clock import WORKDAYS, Weekday
from mentorbot.errors import BadValue
from mentorbot.slash.choices import exact, folded, nearest, read_choice, short
from mentorbot.slash.dates import read_date
from mentorbot.slash.registry import OptionSpec, OptionType, Pack

LAST_YEAR = 2100
_COUNTABLE = 10_000
"""A greater bound is that of a database, and tells nobody anything."""
MAX_FILE_LENGTH = 1_000_000
"""Characters in a file that somebody sends."""


@dataclass(frozen=True, slots=True)
class ParseContext:
    """What a value may depend on: the pack, and the caller's local day."""

    pack: Pack
    today: date


def read(option: OptionSpec, text: str, reading: ParseContext) -> object:
    """The value of `option` that `text` means.

    Raises:
        BadValue: it means none; the message says what to type instead.
    """
    text = text.strip()
    if option.about.choices is not None:
        return read_choice(option.name, text, option.about.choices(reading.pack))
    return _READERS[option.kind](option, text, reading)


def accepts(option: OptionSpec, text: str, reading: ParseContext) -> bool:
    """Whether `text` is exactly a value of `option`: no guessing, for words that stand without a name."""
    if option.about.choices is not None:
        return exact(text, option.about.choices(reading.pack)) is not None
    try:
        read(option, text, reading)
    except BadValue:
        return False
    return True


def suggest(option: OptionSpec, typed: str, reading: ParseContext, own: Sequence[Choice] | None) -> tuple[Choice, ...]:
    """Values to offer while `typed` is all there is yet, at most 25, those that begin alike first."""
    choices = own if own is not None else _offers(option, reading)
    wanted = folded(typed)
    begins = [choice for choice in choices if folded(choice.value).startswith(wanted)]
    holds = [
        choice for choice in choices if wanted in folded(f"{choice.label} {choice.value}") and choice not in begins
    ]
    return tuple((begins + holds)[:25])


def _offers(option: OptionSpec, reading: ParseContext) -> Sequence[Choice]:
    if option.about.choices is not None:
        return option.about.choices(reading.pack)
    if option.kind in (OptionType.WEEKDAY, OptionType.WEEKDAYS):
        more = [Choice("Monday to Friday", "weekdays")] if option.kind is OptionType.WEEKDAYS else []
        return [Choice(day.label, day.label.lower()) for day in Weekday] + more
    if option.kind is OptionType.ZONE:
        return [Choice(name, name) for name in zone_names().values()]
    if option.kind is OptionType.TIME:
        return [Choice(value, value) for value in ("08:00", "09:00", "10:00", "13:00", "16:00")]
    if option.kind is OptionType.DATE:
        return [Choice(value, value) for value in ("tomorrow", "fri", "in 1 week", "in 2 weeks", "in 1 month")]
    return ()


def _text(option: OptionSpec, text: str, _: ParseContext) -> str:
    longest = MAX_FILE_LENGTH if option.kind is OptionType.FILE else option.about.max_length
    if not text:
        raise BadValue(f"{option.name} is empty. {option.description}.", option=option.name)
    if len(text) > longest:
        raise BadValue(
            f"{len(text):,} characters are too many for {option.name}; at most {longest:,} fit. Shorten it and send it again.",
            option=option.name,
        )
    return text


def _number(option: OptionSpec, text: str, _: ParseContext) -> int:
    low, high = option.about.low, option.about.high
    bounds = "" if low is None or high is None else f" from {low} {f'to {high}' if high <= _COUNTABLE else 'on'}"
    if not re.fullmatch(r"[+-]?0*[0-9]{1,9}", text):
        what = "out of reach" if re.fullmatch(r"[+-]?[0-9]+", text) else "not a whole number"
        raise BadValue(f"“{short(text)}” is {what}. Write a whole number{bounds}.", option=option.name)
    number = int(text)
    if (low is not None and number < low) or (high is not None and number > high):
        raise BadValue(f"{option.name} cannot be {number}. Write a whole number{bounds}.", option=option.name)
    return number


def _time(option: OptionSpec, text: str, _: ParseContext) -> time:
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]\.?m\.?)?", text.lower())
    advice = f"“{short(text)}” is not a time of day. Write it as 09:00, 17:30 or 9am."
    if not found or not (found[2] or found[3]):
        raise BadValue(advice, option=option.name)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if minute > 59 or hour > (12 if half else 23) or (half and hour == 0):
        raise BadValue(advice, option=option.name)
    return time(hour % 12 + (12 if half == "p" else 0) if half else hour, minute)


def _weekday(option: OptionSpec, text: str, _: ParseContext) -> Weekday:
    word = text.lower().removesuffix("s") if len(text) > 5 else text.lower()
    for day in Weekday:
        if len(word) >= 2 and day.name.lower().startswith(word):
            return day
    near = nearest(word, [day.label for day in Weekday], cutoff=75)
    guess = f" Did you mean {near}?" if near else ""
    raise BadValue(
        f"“{short(text)}” is not a day of the week.{guess} Write monday, tuesday … or mon, tue …",
        option=option.name,
        suggestions=(near.lower(),) if near else (),
    )


def _weekdays(option: OptionSpec, text: str, reading: ParseContext) -> tuple[Weekday, ...]:
    """Days with commas, blanks or “and” between them, in the order of the week; `weekdays` are Monday to Friday."""
    if text.lower() in ("weekdays", "workdays", "mon-fri", "monday to friday"):
        return WORKDAYS
    if text.lower() in ("daily", "every day"):
        return tuple(Weekday)
    words = [word for word in re.split(r"[\s,;&+]+|\band\b", text) if word] or [text]
    return tuple(sorted({_weekday(option, word, reading) for word in words}))


@cache
def zone_names() -> dict[str, str]:
    """Every IANA zone that can be chosen, by its lower-case name."""
    hidden = ("posix/", "right/", "Etc/", "SystemV/")
    names = {
        name
        for name in zoneinfo.available_timezones()
        if not name.startswith(hidden) and ("/" in name or name == "UTC")
    }
    return {name.lower(): name for name in sorted(names)}


def _zone(option: OptionSpec, text: str, _: ParseContext) -> ZoneInfo:
    names = zone_names()
    wanted = text.lower().replace(" ", "_")
    cities = {name.rsplit("/", 1)[-1]: full for name, full in names.items()}
    found = names.get(wanted) or cities.get(wanted)
    if found:
        return ZoneInfo(found)
    near = None if len(wanted) < 4 or _OFFSET.match(wanted) else _near_zone(wanted, names, cities)
    guess = f" Did you mean {near}?" if near else ""
    raise BadValue(
        f"“{short(text)}” is not a time zone that I know.{guess} Write the name of a city's zone, "
        "like Europe/Berlin or America/New_York.",
        option=option.name,
        suggestions=(near,) if near else (),
    )


_OFFSET = re.compile(r"(etc/)?((utc|gmt)_*[+-]?_*|[+-]?)\d")
"""An offset from UTC is no zone: it does not say when the clocks change."""


def _near_zone(wanted: str, names: Mapping[str, str], cities: Mapping[str, str]) -> str | None:
    """The zone whose name, or whose city, `wanted` most likely stands for."""
    known = names if "/" in wanted else cities
    near = nearest(wanted, [*known], cutoff=78)
    return known[near] if near else None


def _date(option: OptionSpec, text: str, reading: ParseContext) -> date:
    day = read_date(text, reading.today)
    if day is None:
        raise BadValue(
            f"“{short(text)}” is not a date that I can find in the calendar. Write it as 2026-12-01, fri, "
            "tomorrow or in 2 weeks.",
            option=option.name,
        )
    if day < reading.today:
        raise BadValue(
            f"{day:%A, %-d %B %Y} has passed; today is {reading.today:%A, %-d %B %Y}. Write a day from today on.",
            option=option.name,
        )
    if day.year > LAST_YEAR:
        raise BadValue(f"The year {day.year} is too far away. Write a date up to {LAST_YEAR}.", option=option.name)
    return day


_READERS: dict[OptionType, Callable[[OptionSpec, str, ParseContext], object]] = {
    OptionType.TEXT: _text,
    OptionType.NUMBER: _number,
    OptionType.DATE: _date,
    OptionType.TIME: _time,
    OptionType.ZONE: _zone,
    OptionType.WEEKDAY: _weekday,
    OptionType.WEEKDAYS: _weekdays,
    OptionType.FILE: _text,
}
