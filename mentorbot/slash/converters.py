"""Reading one option's value from text: numbers, dates as people write them, times, zones, weekdays, choices.

Every reader returns a value or raises `BadValue`, whose message says what to type instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Choice
from mentorbot.clock import Weekday
from mentorbot.errors import BadValue, Impossible
from mentorbot.slash import numbers, times
from mentorbot.slash.choices import complete_choice, did_you_mean, exact_choice, read_choice, short
from mentorbot.slash.dates import DateRange, read_date, read_days, read_range
from mentorbot.slash.registry import ChannelRef, MemberRole, NoValue, OptionSpec, OptionType, Pack
from mentorbot.slash.zones import MAX_NEAR, city_of, complete_zone, find_zones, near_zones

MAX_FILE_LENGTH = 1_000_000
"""Characters in a file that someone sends."""
_CHANNEL = re.compile(r"(?:<?#)?([\w-]{1,100})(?:\|([^<>]*))?>?")
_CHANNEL_MENTION = re.compile(r"<#[\w-]{1,100}(?:\|[^<>]*)?>")
"""A channel as a picker gives it, by its id, and as Slack and Discord write one that's mentioned in a line."""
_ROLE = re.compile(r"(?:<@&)?(\d{15,20})>?")
NONE_WORDS = ("none", "no", "off")
"""Words that clear an option's value."""
DATED = (OptionType.DATE, OptionType.DATE_RANGE)
"""Types whose values depend on the caller's local day."""
MAX_SUGGESTIONS = 25
"""Discord's limit for one autocompletion: https://docs.discord.com/developers/interactions/application-commands"""


@dataclass(frozen=True, slots=True)
class ParseContext:
    """Everything besides the text that a value may depend on: the pack its choices come from, and the caller's local day."""

    pack: Pack
    today: date


def read(option: OptionSpec, text: str, context: ParseContext) -> object:
    """Read the value of `option` from `text`.

    Raises:
        BadValue: `text` has no such value; the message says what's wrong and what to type instead.
    """
    text = text.strip()
    if _is_none(option, text):
        return NoValue.NONE
    if option.declared.listed is not None:
        return _read_listed(option, text, context)
    if option.declared.choices is not None:
        return read_choice(option.name, text, option.declared.choices(context.pack))
    find, explain = _READERS[option.kind]
    try:
        value = find(option, text, context)
        if value is None:
            raise explain(option, text, context)
    except BadValue as error:
        error.option = option.name
        raise
    return value


def accepts(option: OptionSpec, text: str, context: ParseContext) -> bool:
    """Return True if `text` is meant as a value of `option` as it stands. Words without a name are bound this way.

    A date that can't be, like “31 nov”, is meant as one all the same: `read` says what's wrong with it, instead of a part of it
    being read as a different date.
    """
    text = text.strip()
    if _is_none(option, text):
        return True
    if option.declared.choices is not None:
        return exact_choice(text, option.declared.choices(context.pack)) is not None
    if option.kind is OptionType.CHANNEL:
        return _CHANNEL_MENTION.fullmatch(text) is not None
    if option.declared.claims is not None:
        return len(text) <= option.declared.max_length and option.declared.claims(text)
    try:
        return _READERS[option.kind][0](option, text, context) is not None
    except Impossible:
        return True
    except BadValue:
        return False


def _read_listed(option: OptionSpec, text: str, context: ParseContext) -> tuple[str, ...]:
    """Read the entries that a text lists.

    Raises:
        BadValue: a part of it names none.
    """
    choices = option.declared.listed(context.pack) if option.declared.listed else ()
    parts = [part.strip() for part in text.split(",")]
    return tuple(dict.fromkeys(read_choice(option.name, part, choices) for part in parts if part))


def _is_none(option: OptionSpec, text: str) -> bool:
    """Return True for “none” or “no deadline”, where an option's value can be taken away."""
    words = text.lower()
    return bool(option.declared.clears) and (words in NONE_WORDS or words.removeprefix("no ") in option.declared.clears)


def suggest(
    option: OptionSpec, typed: str, context: ParseContext, candidates: Sequence[Choice] | None
) -> tuple[Choice, ...]:
    """Complete `typed`, at most `MAX_SUGGESTIONS` values, those that begin with it first.

    `candidates` replace the values that follow from the option's type; None keeps those.
    """
    if candidates is None and option.declared.complete is not None:
        return tuple(option.declared.complete(context.pack, typed))[:MAX_SUGGESTIONS]
    if candidates is None and option.kind is OptionType.ZONE:
        return tuple(Choice(label, zone) for label, zone in complete_zone(typed)[:MAX_SUGGESTIONS])
    choices = candidates if candidates is not None else _default_candidates(option, context)
    return complete_choice(typed, choices)[:MAX_SUGGESTIONS]


def _default_candidates(option: OptionSpec, context: ParseContext) -> Sequence[Choice]:
    if option.declared.choices is not None:
        return option.declared.choices(context.pack)
    if option.kind in (OptionType.WEEKDAY, OptionType.WEEKDAYS):
        several = [Choice("Monday to Friday", "weekdays")] if option.kind is OptionType.WEEKDAYS else []
        return [Choice(day.label, day.label.lower()) for day in Weekday] + several
    if option.kind is OptionType.TIME:
        return [Choice(value, value) for value in ("08:00", "09:00", "10:00", "13:00", "16:00")]
    if option.kind is OptionType.DATE:
        return [Choice(value, value) for value in ("tomorrow", "fri", "in 1 week", "in 2 weeks", "in 1 month")]
    if option.kind is OptionType.DATE_RANGE:
        return [Choice(value, value) for value in ("tomorrow", "this week", "next week", "23-25 dec")]
    return ()


# Finders return None for a text that isn't such a value, and raise if it's one that can't be. They're called for many runs of
# words, so what's wrong is worked out separately.


def _find_text(option: OptionSpec, text: str, _: ParseContext) -> str:
    max_length = MAX_FILE_LENGTH if option.kind is OptionType.FILE else option.declared.max_length
    if not text:
        raise BadValue(f"{option.description}?")
    if len(text) > max_length:
        raise BadValue(
            f"That's {len(text):,} characters, but only {max_length:,} fit here. Shorten it and send it again."
        )
    return text


def _find_number(option: OptionSpec, text: str, _: ParseContext) -> int | None:
    return numbers.read_number(text, option.declared.low, option.declared.high, option.declared.unit)


def _find_time(_: OptionSpec, text: str, __: ParseContext) -> time | None:
    return times.read_time(text)


def _find_weekday(_: OptionSpec, text: str, __: ParseContext) -> Weekday | None:
    return times.read_weekday(text)


def _find_weekdays(_: OptionSpec, text: str, __: ParseContext) -> tuple[Weekday, ...] | None:
    return times.read_weekdays(text)


def _find_zone(_: OptionSpec, text: str, __: ParseContext) -> ZoneInfo | None:
    zones = find_zones(text)
    if len(zones) > 1:
        cities = " or ".join(filter(None, (", ".join(map(city_of, zones[:-1])), city_of(zones[-1]))))
        raise Impossible(
            f"Which {short(text)}? Choose a bigger city in its time zone: {cities}.", suggestions=zones[:MAX_NEAR]
        )
    return ZoneInfo(zones[0]) if zones else None


def _find_date(option: OptionSpec, text: str, context: ParseContext) -> date | DateRange | None:
    if option.declared.ranges and (days := read_days(text, context.today)) is not None:
        return days
    return read_date(text, context.today, sense=option.declared.sense, past=option.declared.past)


def _find_range(option: OptionSpec, text: str, context: ParseContext) -> DateRange | None:
    return read_range(text, context.today, past=option.declared.past)


def _find_channel(_: OptionSpec, text: str, __: ParseContext) -> ChannelRef | None:
    match = _CHANNEL.fullmatch(text)
    return ChannelRef(match[1], match[2] or "") if match else None


def _find_role(_: OptionSpec, text: str, __: ParseContext) -> MemberRole | None:
    match = _ROLE.fullmatch(text)
    return MemberRole(match[1]) if match else MemberRole("") if text.lower() in NONE_WORDS else None


def _find_custom(option: OptionSpec, text: str, _: ParseContext) -> object | None:
    if len(text) > option.declared.max_length:
        return None
    return option.declared.reader(text) if option.declared.reader is not None else None


def _explain_text(option: OptionSpec, _: str, __: ParseContext) -> BadValue:
    return BadValue(f"{option.description}?")


def _explain_custom(option: OptionSpec, text: str, _: ParseContext) -> BadValue:
    return BadValue(f"I can't read “{short(text)}”. {option.description}?")


def _explain_channel(_: OptionSpec, text: str, __: ParseContext) -> BadValue:
    return BadValue(f"I can't find the channel “{short(text)}”. Type # and choose it from the list.")


def _explain_role(_: OptionSpec, text: str, __: ParseContext) -> BadValue:
    return BadValue(f"I can't find the role “{short(text)}”. Type @ and choose it from the list, or enter none.")


def _explain_number(option: OptionSpec, text: str, _: ParseContext) -> BadValue:
    return numbers.not_a_number(text, option.declared.low, option.declared.high, option.declared.unit)


def _explain_time(_: OptionSpec, text: str, __: ParseContext) -> BadValue:
    meant = times.times_of_bare_hour(text)
    if meant:
        return BadValue(f"{' or '.join(meant)}?", suggestions=meant)
    if not text:
        return BadValue("Enter a time like 09:00, 17:30 or 9am.")
    return BadValue(f"I can't read “{short(text)}” as a time. Enter one like 09:00, 17:30 or 9am.")


def _explain_weekday(_: OptionSpec, text: str, __: ParseContext) -> BadValue:
    near = times.near_weekday(text)
    guess = did_you_mean(near.label if near is not None else None)
    return BadValue(
        f"“{short(text)}” isn't a day of the week.{guess or ' Enter one like monday or mon.'}",
        suggestions=() if near is None else (near.label.lower(),),
    )


def _explain_weekdays(option: OptionSpec, text: str, context: ParseContext) -> BadValue:
    words = times.words_of_weekdays(text)
    unknown = next((word for word in words if times.read_weekdays(word) is None), text)
    error = _explain_weekday(option, unknown, context)
    # With several days, the suggestion would have to keep the others.
    if len(words) > 1 and error.suggestions:
        kept = (error.suggestions[0] if word == unknown else word for word in words)
        error.suggestions = (" ".join(kept),)
    return error


def _explain_zone(_: OptionSpec, text: str, __: ParseContext) -> BadValue:
    near = near_zones(text)
    guess = did_you_mean(*(city_of(zone) for zone in near))
    return BadValue(
        f"I don't know that place: “{short(text)}”.{guess or ' Enter the nearest big city, e.g. Berlin or New York.'}",
        suggestions=near,
    )


def _explain_date(_: OptionSpec, text: str, __: ParseContext) -> BadValue:
    return BadValue(f"I can't read “{short(text)}” as a date. Enter one like 1 dec, friday or in 2 weeks.")


def _explain_range(_: OptionSpec, text: str, __: ParseContext) -> BadValue:
    return BadValue(f"I can't read “{short(text)}” as a date. Enter a day like 24 dec, or several like 23-25 dec.")


_Finder = Callable[[OptionSpec, str, ParseContext], object | None]
_Explainer = Callable[[OptionSpec, str, ParseContext], BadValue]
_READERS: dict[OptionType, tuple[_Finder, _Explainer]] = {
    OptionType.TEXT: (_find_text, _explain_text),
    OptionType.NUMBER: (_find_number, _explain_number),
    OptionType.DATE: (_find_date, _explain_date),
    OptionType.DATE_RANGE: (_find_range, _explain_range),
    OptionType.TIME: (_find_time, _explain_time),
    OptionType.ZONE: (_find_zone, _explain_zone),
    OptionType.WEEKDAY: (_find_weekday, _explain_weekday),
    OptionType.WEEKDAYS: (_find_weekdays, _explain_weekdays),
    OptionType.CUSTOM: (_find_custom, _explain_custom),
    OptionType.FILE: (_find_text, _explain_text),
    OptionType.PERSON: (_find_text, _explain_text),
    OptionType.CHANNEL: (_find_channel, _explain_channel),
    OptionType.ROLE: (_find_role, _explain_role),
}
