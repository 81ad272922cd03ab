"""Numbers as people write them: in digits of any script, and with a unit where an option has one (“6 h”, “six hours a week”)."""

from __future__ import annotations

import re
from typing import Literal

from mentorbot.errors import BadValue, Impossible
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
            "a an one",
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
} | {"a couple of": 2, "thirty": 30, "forty": 40, "sixty": 60}
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


def read_hours(text: str, low: int | None = None, high: int | None = None) -> int | None:
    """Read a whole number of hours: “6”, “6 h”, “six hours a week”; None if the text isn't a number of hours.

    Raises:
        Impossible: it's a number of hours, but not a whole one, or out of bounds.
    """
    return read_number(text, low, high, "hours")


def read_number(text: str, low: int | None, high: int | None, unit: Unit = "") -> int | None:
    """Read a whole number, with or without `unit`; None if the text isn't one. `low` and `high` are inclusive.

    Raises:
        Impossible: it's a number with its unit, but not a whole one, or out of bounds.
        BadValue: it's a bare number, but out of bounds.
    """
    text = fold(text[: MAX_NUMBER_LENGTH * 4]).lower().strip(" .,;!")
    if len(text) > MAX_NUMBER_LENGTH:
        return None
    if re.fullmatch(r"[+-]?\d{1,19}", text):
        return _within(int(text), low, high, unit, BadValue)
    if not unit:
        return None
    if text in _WORDS and text not in ("a", "an"):
        return _within(_WORDS[text], low, high, unit, BadValue)
    if match := _WITH_UNIT[unit].fullmatch(text):
        number = int(match["digits"]) if match["digits"] else _WORDS[match["word"]]
        return _within(number, low, high, unit, Impossible)
    if _PARTS[unit].fullmatch(text) or re.fullmatch(r"\d{1,4}[.,]\d{1,3}", text):
        raise Impossible(_part_message(text, low, high, unit), suggestions=_whole_numbers(text, low, high))
    return None


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


def _part_message(text: str, low: int | None, high: int | None, unit: Unit) -> str:
    if re.search(r"day|month|year", text):
        return f"I plan in {unit} a week. {advice(low, high, unit)}"
    return f"I only count whole {unit}. {advice(low, high, unit)}"


def _whole_numbers(text: str, low: int | None, high: int | None) -> list[str]:
    """Suggest the whole numbers that a part of one is between, or the ends of a range."""
    if re.search(r"day|month|year", text):
        return []
    numbers = [float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", text)]
    if "half" in text:
        numbers = [numbers[0] + 0.5] if numbers else [1.5 if "and a half" in text else 0.5]
    whole = sorted({bound for number in numbers for bound in (int(number), int(-(-number // 1)))})
    return [str(number) for number in whole if number >= (low or 0) and number <= (high or number)]
