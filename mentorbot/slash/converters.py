"""Reading one option's value from text: numbers, dates as people write them, times, zones, weekdays, choices.

Every reader returns a value or raises `BadValue`, whose message says what to type instead.
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
from mentorbot.slash.choices import exact_choice, nearest, normalize, read_choice, short
from mentorbot.slash.dates import read_date, weekday_by_prefix
from mentorbot.slash.registry import OptionSpec, OptionType, Pack

MAX_YEAR = 2100
MAX_FILE_LENGTH = 1_000_000
"""Characters in a file that somebody sends."""
MAX_SUGGESTIONS = 25
"""Discord's limit for one autocompletion: https://docs.discord.com/developers/interactions/application-commands"""
_MAX_SHOWN_BOUND = 10_000
"""A higher bound only protects the database, so an error message doesn't mention it."""
_UTC_OFFSET = re.compile(r"(etc/)?((utc|gmt)_*[+-]?_*|[+-]?)\d")
"""An offset from UTC isn't a zone, since it doesn't say when the clocks change. So no zone is guessed from one."""


@dataclass(frozen=True, slots=True)
class ParseContext:
    """Everything besides the text that a value may depend on: the pack its choices come from, and the caller's local day."""

    pack: Pack
    today: date


def read(option: OptionSpec, text: str, context: ParseContext) -> object:
    """Read the value of `option` from `text`.

    Raises:
        BadValue: `text` has no such value; the message says what to type instead.
    """
    text = text.strip()
    if option.declared.choices is not None:
        return read_choice(option.name, text, option.declared.choices(context.pack))
    return _READERS[option.kind](option, text, context)


def accepts(option: OptionSpec, text: str, context: ParseContext) -> bool:
    """Return True if `text` is a value of `option` as it stands. Words without a name are bound this way: nothing is guessed."""
    if option.declared.choices is not None:
        return exact_choice(text, option.declared.choices(context.pack)) is not None
    try:
        read(option, text, context)
    except BadValue:
        return False
    return True


def suggest(
    option: OptionSpec, typed: str, context: ParseContext, candidates: Sequence[Choice] | None
) -> tuple[Choice, ...]:
    """Complete `typed`, at most `MAX_SUGGESTIONS` values, those that begin with it first.

    `candidates` replace the values that follow from the option's type; None keeps those.
    """
    choices = candidates if candidates is not None else _default_candidates(option, context)
    query = normalize(typed)
    starting = [choice for choice in choices if normalize(choice.value).startswith(query)]
    containing = [
        choice for choice in choices if query in normalize(f"{choice.label} {choice.value}") and choice not in starting
    ]
    return tuple((starting + containing)[:MAX_SUGGESTIONS])


def _default_candidates(option: OptionSpec, context: ParseContext) -> Sequence[Choice]:
    if option.declared.choices is not None:
        return option.declared.choices(context.pack)
    if option.kind in (OptionType.WEEKDAY, OptionType.WEEKDAYS):
        several = [Choice("Monday to Friday", "weekdays")] if option.kind is OptionType.WEEKDAYS else []
        return [Choice(day.label, day.label.lower()) for day in Weekday] + several
    if option.kind is OptionType.ZONE:
        return [Choice(name, name) for name in zone_names().values()]
    if option.kind is OptionType.TIME:
        return [Choice(value, value) for value in ("08:00", "09:00", "10:00", "13:00", "16:00")]
    if option.kind is OptionType.DATE:
        return [Choice(value, value) for value in ("tomorrow", "fri", "in 1 week", "in 2 weeks", "in 1 month")]
    return ()


def _read_text(option: OptionSpec, text: str, _: ParseContext) -> str:
    max_length = MAX_FILE_LENGTH if option.kind is OptionType.FILE else option.declared.max_length
    if not text:
        raise BadValue(f"{option.name} is empty. {option.description}.", option=option.name)
    if len(text) > max_length:
        raise BadValue(
            f"{len(text):,} characters are too many for {option.name}; at most {max_length:,} fit. "
            "Shorten it and send it again.",
            option=option.name,
        )
    return text


def _read_number(option: OptionSpec, text: str, _: ParseContext) -> int:
    low, high = option.declared.low, option.declared.high
    bounds = "" if low is None or high is None else f" from {low} {f'to {high}' if high <= _MAX_SHOWN_BOUND else 'on'}"
    # ASCII digits only, since int() takes other scripts' digits too.
    if not re.fullmatch(r"[+-]?0*[0-9]{1,9}", text):
        problem = "out of reach" if re.fullmatch(r"[+-]?[0-9]+", text) else "not a whole number"
        raise BadValue(f"“{short(text)}” is {problem}. Write a whole number{bounds}.", option=option.name)
    number = int(text)
    if (low is not None and number < low) or (high is not None and number > high):
        raise BadValue(f"{option.name} cannot be {number}. Write a whole number{bounds}.", option=option.name)
    return number


def _read_time(option: OptionSpec, text: str, _: ParseContext) -> time:
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]\.?m\.?)?", text.lower())
    advice = f"“{short(text)}” is not a time of day. Write it as 09:00, 17:30 or 9am."
    # A bare "9" could be anything, so it needs minutes or am/pm.
    if not match or not (match[2] or match[3]):
        raise BadValue(advice, option=option.name)
    hour, minute, meridiem = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
    if minute > 59 or hour > (12 if meridiem else 23) or (meridiem and hour == 0):
        raise BadValue(advice, option=option.name)
    return time(hour % 12 + (12 if meridiem == "p" else 0) if meridiem else hour, minute)


def _read_weekday(option: OptionSpec, text: str, _: ParseContext) -> Weekday:
    # “mondays” is a plural; in a text as short as “tues” the s belongs to the abbreviation.
    word = text.lower().removesuffix("s") if len(text) > 5 else text.lower()
    day = weekday_by_prefix(word, min_letters=2)
    if day is not None:
        return day
    near = nearest(word, [day.label for day in Weekday], cutoff=75)
    guess = f" Did you mean {near}?" if near else ""
    raise BadValue(
        f"“{short(text)}” is not a day of the week.{guess} Write monday, tuesday … or mon, tue …",
        option=option.name,
        suggestions=(near.lower(),) if near else (),
    )


def _read_weekdays(option: OptionSpec, text: str, context: ParseContext) -> tuple[Weekday, ...]:
    """Read days separated by commas, blanks or “and”, in the order of the week; `weekdays` means Monday to Friday."""
    if text.lower() in ("weekdays", "workdays", "mon-fri", "monday to friday"):
        return WORKDAYS
    if text.lower() in ("daily", "every day"):
        return tuple(Weekday)
    words = [word for word in re.split(r"[\s,;&+]+|\band\b", text) if word] or [text]
    return tuple(sorted({_read_weekday(option, word, context) for word in words}))


@cache
def zone_names() -> dict[str, str]:
    """Map the lower-case name of every IANA zone on offer to its proper name, in alphabetical order."""
    # Duplicates of other zones, and fixed offsets, which would ignore daylight saving time.
    hidden = ("posix/", "right/", "Etc/", "SystemV/")
    names = {
        name
        for name in zoneinfo.available_timezones()
        if not name.startswith(hidden) and ("/" in name or name == "UTC")
    }
    return {name.lower(): name for name in sorted(names)}


def _read_zone(option: OptionSpec, text: str, _: ParseContext) -> ZoneInfo:
    names = zone_names()
    zone_name = text.lower().replace(" ", "_")
    cities = {name.rsplit("/", 1)[-1]: full_name for name, full_name in names.items()}
    name = names.get(zone_name) or cities.get(zone_name)
    if name:
        return ZoneInfo(name)
    near = None if len(zone_name) < 4 or _UTC_OFFSET.match(zone_name) else _nearest_zone(zone_name, names, cities)
    guess = f" Did you mean {near}?" if near else ""
    raise BadValue(
        f"“{short(text)}” is not a time zone that I know.{guess} Write the name of a city's zone, "
        "like Europe/Berlin or America/New_York.",
        option=option.name,
        suggestions=(near,) if near else (),
    )


def _nearest_zone(zone_name: str, names: Mapping[str, str], cities: Mapping[str, str]) -> str | None:
    """Guess the zone whose full name, or whose city, `zone_name` is a slip of."""
    known = names if "/" in zone_name else cities
    near = nearest(zone_name, [*known], cutoff=78)
    return known[near] if near else None


def _read_date(option: OptionSpec, text: str, context: ParseContext) -> date:
    day = read_date(text, context.today)
    if day is None:
        raise BadValue(
            f"“{short(text)}” is not a date that I can find in the calendar. Write it as 2026-12-01, fri, "
            "tomorrow or in 2 weeks.",
            option=option.name,
        )
    if day < context.today:
        raise BadValue(
            f"{day:%A, %-d %B %Y} has passed; today is {context.today:%A, %-d %B %Y}. Write a day from today on.",
            option=option.name,
        )
    if day.year > MAX_YEAR:
        raise BadValue(f"The year {day.year} is too far away. Write a date up to {MAX_YEAR}.", option=option.name)
    return day


_READERS: dict[OptionType, Callable[[OptionSpec, str, ParseContext], object]] = {
    OptionType.TEXT: _read_text,
    OptionType.NUMBER: _read_number,
    OptionType.DATE: _read_date,
    OptionType.TIME: _read_time,
    OptionType.ZONE: _read_zone,
    OptionType.WEEKDAY: _read_weekday,
    OptionType.WEEKDAYS: _read_weekdays,
    OptionType.FILE: _read_text,
}
