"""Numbers as people write them: in digits of any script, and with a unit where an option has one (“6 h”, “six hours a week”)."""

from __future__ import annotations

import math
import re
from typing import Literal

from mentorbot.errors import BadValue, Impossible, NotWhole
from mentorbot.slash.choices import short
from mentorbot.slash.folding import fold

MAX_NUMBER_LENGTH = 40
"""Characters. No number with its unit is longer."""
MAX_SHOWN_BOUND = 10_000
"""A higher bound only protects the database, so an error message doesn't mention it."""
Unit = Literal["", "hours", "minutes"]
_WORDS = {
    word: number
    for number, words in enumerate(
        [
            "zero",
            "a an one another",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
    for word in words.split()
} | {"a couple of": 2, "couple of": 2, "another couple of": 2, "thirty": 30, "forty": 40, "sixty": 60}
_ARTICLES = frozenset({"a", "an", "one", "another"})
_UNIT_WORDS = {"hours": "h|hr|hrs|hour|hours", "minutes": "m|min|mins|minute|minutes"}
_COUNT = "|".join(sorted(_WORDS, key=len, reverse=True))
_WITH_UNIT = {
    unit: re.compile(
        rf"(?:about |around |up to |max |~ ?)?(?:(?P<digits>\d{{1,9}})|(?P<word>{_COUNT})) ?-?(?P<unit>{words})\.?"
        r"(?: ?/ ?(?:week|wk|w)| (?:a|per|each|every) (?:week|wk)| weekly| p\.?w\.?)?"
    )
    for unit, words in _UNIT_WORDS.items()
}
# Clearly an amount of time, but not a whole number of it, or not per week.
_PARTS = {
    unit: re.compile(
        rf"(?:about |around )?(?:\d{{1,4}}[.,]\d{{1,3}} ?(?:{words})|half an hour|an hour and a half"
        rf"|\d{{1,4}} and a half (?:{words})"
        rf"|(?:\d{{1,4}}|{_COUNT})(?: ?- ?| to | or )(?:\d{{1,4}}|{_COUNT}) ?(?:{words})"
        rf"|(?:\d{{1,9}}|{_COUNT}) ?(?:{words}) ?(?:/|a |per |each |every )(?:day|month|year))"
        r"(?: ?/ ?week| (?:a|per|each) week)?"
    )
    for unit, words in _UNIT_WORDS.items()
}

_AMOUNT = rf"\d{{1,4}}(?:[.,]\d{{1,3}})?|{_COUNT}"
_H, _M = _UNIT_WORDS["hours"], _UNIT_WORDS["minutes"]
_HOURS_IN_PARTS = tuple(
    re.compile(rf"(?:about |around |roughly )?{pattern}\.?(?: ?/ ?week| (?:a|per|each) week)?")
    for pattern in (
        rf"(?P<hours>{_AMOUNT}) ?-?(?:{_H})",
        rf"(?P<hours>{_AMOUNT}) and a (?P<part>half|quarter) (?:{_H})",
        rf"(?P<hours>{_AMOUNT}) (?:{_H}) and a (?P<part>half|quarter)",
        rf"(?P<hours>{_AMOUNT}) ?(?:{_H}),?(?: and)? ?(?P<minutes>{_AMOUNT}) ?(?:{_M})?",
        rf"(?P<hours>\d{{1,2}}):(?P<minutes>[0-5]\d) ?(?:{_H})",
        rf"(?P<minutes>{_AMOUNT}) ?-?(?:{_M})",
        r"(?:a )?(?P<part>half|quarter|three quarters)(?: of)? an hour",
    )
)
_HALF = re.compile(r"(\d?) ?½")
_SHARES = {"half": 0.5, "quarter": 0.25, "three quarters": 0.75}


def read_hours(text: str, low: int | None, high: int | None) -> int | None:
    """Read a whole number of hours: “6”, “6 h”, “six hours a week”; None if the text isn't a number of hours.

    Raises:
        Impossible: it's a number of hours, but not a whole one, or out of bounds.
    """
    return read_number(text, low, high, "hours")


def read_number(text: str, low: int | None, high: int | None, unit: Unit) -> int | None:
    """Read a whole number, with or without `unit`; None if the text isn't one. `low` and `high` are inclusive.

    Raises:
        Impossible: it's a number with its unit, but not a whole one, or out of bounds.
        BadValue: it's a bare number, but out of bounds.
    """
    text = fold(_HALF.sub(_half, text[: MAX_NUMBER_LENGTH * 4])).lower().strip(" ,;!").rstrip(".")
    if len(text) > MAX_NUMBER_LENGTH:
        return None
    if re.fullmatch(r"[+-]?\d{1,19}", text):
        return _within(int(text), low, high, unit, BadValue)
    if not unit:
        return None
    if text in _WORDS and text not in _ARTICLES - {"one"}:
        return _within(_WORDS[text], low, high, unit, BadValue)
    if match := _WITH_UNIT[unit].fullmatch(text):
        number = int(match["digits"]) if match["digits"] else _WORDS[match["word"]]
        return _within(number, low, high, unit, Impossible)
    if unit == "hours" and (hours := _hours_in(text)) is not None:
        if hours.is_integer():
            return _within(int(hours), low, high, unit, Impossible)
        raise _not_whole(text, low, high, unit, _whole_numbers(hours, low, high))
    if _PARTS[unit].fullmatch(text) or re.fullmatch(r"\d{1,4}[.,]\d{1,3}", text):
        raise _not_whole(text, low, high, unit, _whole_numbers_in(text, low, high))
    return None


def in_digits(text: str) -> str:
    """Write a number that's a word in digits: “2” for “two”. “A” and “one” stay, because they rarely count anything."""
    word = text.lower()
    return str(_WORDS[word]) if word in _WORDS and word not in _ARTICLES else text


def names_unit(text: str, unit: Unit) -> bool:
    """Return True if a text says what it counts, so that it needs no other name: “2 h”, but not “2”."""
    words = f"{_UNIT_WORDS['hours']}|{_UNIT_WORDS['minutes']}" if unit == "hours" else _UNIT_WORDS.get(unit, "")
    return bool(words) and re.search(rf"(?:\d|\b)(?:{words})(?:\b|(?=\d))", text.lower()) is not None


def not_a_number(text: str, low: int | None, high: int | None, unit: Unit) -> BadValue:
    """Build the error for a text that isn't a number at all."""
    fix = advice(low, high, unit)
    return BadValue(fix if not text else f"I can't read “{short(text)}” as a {_kind(unit)}. {fix}")


def advice(low: int | None, high: int | None, unit: Unit) -> str:
    """Say what to enter: “Enter a number from 1 to 40, e.g. 6.”"""
    example = min(max(6 if unit == "hours" else 30 if unit == "minutes" else 3, low or 0), high or MAX_SHOWN_BOUND)
    if unit:
        return f"How many {unit}? Enter a number{_bounds(low, high)}, e.g. {example}."
    return f"Enter a whole number{_bounds(low, high)}, e.g. {example}."


def _bounds(low: int | None, high: int | None) -> str:
    if high is None or high > MAX_SHOWN_BOUND:
        return "" if low is None or low <= 1 else f" from {low}"
    return f" from {low or 0} to {high}"


def _kind(unit: Unit) -> str:
    return f"number of {unit}" if unit else "whole number"


def _within(number: int, low: int | None, high: int | None, unit: Unit, error: type[BadValue]) -> int:
    if (low is None or number >= low) and (high is None or number <= high):
        return number
    problem = "too few" if low is not None and number < low else "too many"
    subject = f"{number} {_singular(unit) if number == 1 else unit}" if unit else f"{number}"
    nearest_bound = low if low is not None and number < low else high
    suggestions = (
        (str(nearest_bound),) if unit and nearest_bound is not None and nearest_bound <= MAX_SHOWN_BOUND else ()
    )
    problem = problem if unit else "out of range"
    raise error(f"{subject} is {problem}. {advice(low, high, unit)}", suggestions=suggestions)


def _singular(unit: Unit) -> str:
    return unit.removesuffix("s")


def _not_whole(text: str, low: int | None, high: int | None, unit: Unit, whole: list[str]) -> Impossible:
    """Ask which of the `whole` numbers is meant; without any, say what to enter."""
    if re.search(r"day|month|year", text):
        return Impossible(f"I plan in {unit} a week. {advice(low, high, unit)}")
    if not whole:
        return Impossible(f"I only count whole {unit}. {advice(low, high, unit)}")
    listed = " or ".join(f"{number} {'h' if unit == 'hours' else 'min'}" for number in whole)
    question = f"{listed}?" if len(whole) > 1 else f"Shall I make it {listed}?"
    return NotWhole(f"{question} I only count whole {unit}.", suggestions=whole)


def _hours_in(text: str) -> float | None:
    """Read hours that may have a part: “2.5 h”, “an hour and a half”, “1h30”, “90 minutes”; None if the text isn't any."""
    for pattern in _HOURS_IN_PARTS:
        if match := pattern.fullmatch(text):
            named = match.groupdict()
            hours, minutes = _amount(named.get("hours")), _amount(named.get("minutes"))
            return hours + minutes / 60 + _SHARES.get(named.get("part") or "", 0.0)
    return None


def _half(match: re.Match[str]) -> str:
    return f"{match[1] or 0}.5"


def _amount(text: str | None) -> float:
    if not text:
        return 0.0
    return float(_WORDS[text]) if text in _WORDS else float(text.replace(",", "."))


def _whole_numbers_in(text: str, low: int | None, high: int | None) -> list[str]:
    """Suggest the whole numbers around those in a text, like the ends of a range."""
    if re.search(r"day|month|year", text):
        return []
    numbers = [float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", text)]
    return list(dict.fromkeys(whole for number in numbers for whole in _whole_numbers(number, low, high)))


def _whole_numbers(number: float, low: int | None, high: int | None) -> list[str]:
    """Suggest the whole numbers that a part of one is between."""
    whole = dict.fromkeys((math.floor(number), math.ceil(number)))
    return [str(bound) for bound in whole if bound >= (low or 0) and bound <= (high or bound)]
