"""Times of day and days of the week as people write them: `9am`, `17:30`, `noon`, `mon-thu`, `weekdays`."""

from __future__ import annotations

import re
from datetime import time

from rapidfuzz.distance import OSA

from mentorbot.clock import WORKDAYS, Weekday
from mentorbot.errors import Impossible
from mentorbot.slash.folding import fold

MAX_TIME_LENGTH, MAX_DAYS_LENGTH = 40, 100
"""Characters."""
_NAMED = {"noon": time(12), "midday": time(12), "12 noon": time(12), "midnight": time(0), "12 midnight": time(0)}
_HOUR_WORDS = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
}
_HOUR_WORDS |= {
    word: number
    for number, word in enumerate(
        ["eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"], start=1
    )
}
_SPOKEN_MINUTES = {"half past": 30, "half": 30, "quarter past": 15, "quarter to": -15, "halb": -30}
_SPOKEN_MINUTES |= {
    f"{word} {side}": sign * number
    for number, word in ((5, "five"), (10, "ten"), (20, "twenty"))
    for side, sign in (("past", 1), ("to", -1))
}
"""Minutes from the hour that's named; German's “halb neun” is half past eight."""
_MINUTE_WORDS = {"fifteen": 15, "thirty": 30, "forty-five": 45, "forty five": 45, "forty": 40, "twenty": 20}
_IN_WORDS = re.compile(
    rf"(?P<hour>{'|'.join(_HOUR_WORDS)})(?: (?P<minute>{'|'.join(_MINUTE_WORDS)}))?(?P<rest>$|[ -].*)"
)
"""“Eight thirty” and “five pm”."""
_PARTS_OF_DAY = {"in the morning": "a", "in the afternoon": "p", "in the evening": "p", "at night": "p"}
_PART_FIRST = re.compile(r"(?:in the )?(?P<part>morning|afternoon|evening)s?,? (?:at |around |about )?(?P<time>[^ ].*)")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})| ?h(?:rs?)?(?P<h>))?"
    rf" ?(?:(?P<meridiem>[ap]\.? ?m\.?|[ap])|(?P<part>{'|'.join(_PARTS_OF_DAY)}))?(?: uhr| hrs| o ?'?clock(?P<oclock>))?"
)
_SPOKEN = re.compile(
    rf"(?:a )?(?P<part>{'|'.join(_SPOKEN_MINUTES)}) (?P<hour>\d{{1,2}}|{'|'.join(_HOUR_WORDS)})"
    rf"(?: ?(?P<half>[ap])\.? ?m\.?| (?P<of>{'|'.join(_PARTS_OF_DAY)}))?"
)


def read_time(text: str) -> time | None:
    """Read a local time; None if the text isn't one. A bare number could be anything, so it isn't.

    Raises:
        Impossible: there's no such time, or it could be in the morning or in the evening.
    """
    text = _tidy(text, MAX_TIME_LENGTH).removeprefix("at ")
    if (led := _PART_FIRST.fullmatch(text)) and "in the" not in led["time"]:
        return read_time(f"{led['time']} in the {led['part']}") or read_time(led["time"])
    if text in _NAMED:
        return _NAMED[text]
    if match := _SPOKEN.fullmatch(text):
        hour = int(match["hour"]) if match["hour"].isdecimal() else _HOUR_WORDS[match["hour"]]
        minutes = hour * 60 + _SPOKEN_MINUTES[match["part"]]
        half = match["half"] or _PARTS_OF_DAY.get(match["of"] or "")
        if half is None:
            _ask_which_half(minutes % (12 * 60))
        return time(*divmod(minutes % (12 * 60) + (12 * 60 if half == "p" else 0), 60))
    if (said := _IN_WORDS.fullmatch(text)) and (said["minute"] or said["rest"]):
        return _read_in_words(said)
    match = _TIME.fullmatch(text)
    if not match:
        return None
    meridiem = (match["meridiem"] or "")[:1] or _PARTS_OF_DAY.get(match["part"] or "", "")
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["oclock"] is not None and not meridiem and hour <= 12:
        _ask_which_half(hour % 12 * 60)
    if match["minute"] is None and match["h"] is None and not meridiem:
        return None
    return _existing(hour, minute, meridiem, text)


def _read_in_words(said: re.Match[str]) -> time | None:
    """Read “eight thirty in the evening” like “8:30 in the evening”.

    Raises:
        Impossible: it's said with minutes, but not in which half of the day.
    """
    hour, minute = _HOUR_WORDS[said["hour"]], _MINUTE_WORDS.get(said["minute"] or "")
    if minute is not None and not said["rest"]:
        _ask_which_half(hour % 12 * 60 + minute)
    return read_time(f"{hour}{'' if minute is None else f':{minute:02}'}{said['rest']}")


def times_of_bare_hour(text: str) -> tuple[str, ...]:
    """List the times that a bare number from 1 to 12 may mean: 09:00 and 21:00 for “9”, “nine” and “9ish”."""
    text = re.sub(r"(?<=\w) ?-?ish$", "", _tidy(text, MAX_TIME_LENGTH))
    text = str(_HOUR_WORDS.get(text, text))
    if not re.fullmatch(r"\d{1,2}", text) or int(text) > 23:
        return ()
    hour = int(text)
    return (f"{hour:02}:00", f"{(hour + 12) % 24:02}:00") if 1 <= hour <= 12 else (f"{hour:02}:00",)


def times_of_half(text: str) -> tuple[str, ...]:
    """List the times that a spoken time without its half of the day may mean: 09:30 and 21:30 for “half 9”; () for others."""
    try:
        read_time(text)
    except Impossible as ambiguous:
        return tuple(ambiguous.suggestions) if len(ambiguous.suggestions) > 1 else ()
    return ()


def _existing(hour: int, minute: int, meridiem: str, text: str) -> time:
    if minute > 59 or hour > (12 if meridiem else 23) or (meridiem and hour == 0):
        suggestions = ("00:00",) if (hour, minute) == (24, 0) else ()
        raise Impossible(f"There's no {text}. Enter a time, e.g. 09:00, 17:30 or 9am.", suggestions=suggestions)
    return time(hour % 12 + (12 if meridiem == "p" else 0) if meridiem else hour, minute)


def _ask_which_half(minutes: int) -> None:
    """Raise `Impossible`, with the time in the morning and the one in the evening."""
    times = [f"{half * 12 + minutes // 60:02}:{minutes % 60:02}" for half in (0, 1)]
    raise Impossible(f"{times[0]} or {times[1]}?", suggestions=times)


_END = rf"[\d:.]+(?: ?[ap]\.?m\.?|h| (?:{'|'.join(_PARTS_OF_DAY)}))?|noon|midnight"
_QUIET = re.compile(rf"(?P<lead>from |between )?(?P<start>{_END}) ?(?P<join>-|to|until|till|til|and) ?(?P<end>{_END})")


def read_time_range(text: str) -> tuple[time, time] | None:
    """Read when something starts and ends: “20:00-08:00”, “10pm to 7am”, “22-7”; None if the text isn't that.

    Raises:
        Impossible: there's no such time, both are the same, or it isn't clear whether they're in the morning.
    """
    match = _QUIET.fullmatch(_tidy(text, MAX_TIME_LENGTH * 2))
    if not match:
        return None
    if match["join"] == "and" and match["lead"] != "between ":
        return None
    first, last = match["start"], match["end"]
    if re.fullmatch(r"\d{1,2}", first) and last[-1].isdecimal() and 1 <= int(first) <= 12:
        hours = f"{int(first) % 12 + 12}:00-{last if ':' in last else f'{int(last):02}:00'}" if last.isdecimal() else ""
        raise Impossible(f"Is {first} in the morning or in the evening?", suggestions=(hours,) if hours else ())
    start, end = (read_time(part) or _whole_hour(part) for part in (first, last))
    if start is None or end is None:
        return None
    if start == end:
        raise Impossible("Quiet hours can't start and end at the same time. For example: 20:00-08:00")
    return start, end


def _whole_hour(text: str) -> time | None:
    return _existing(int(text), 0, "", text) if re.fullmatch(r"\d{1,2}", text) else None


_EVERY_WORKDAY = re.compile(r"(?:every |all |on )?(?:week ?days?|work ?days?|working days?)")
_EVERY_DAY = re.compile(r"daily|(?:every|each) ?day|all days|(?:all )?7 days|everyday")
_SEPARATORS = re.compile(r"[ ,;&+/]+|\band\b")
_DAY_RANGE = re.compile(r"(\w+)\.? ?(?:-|\bto\b|\bthrough\b|\bthru\b|\buntil\b|\btill\b) ?(\w+)\.?")


def read_weekdays(text: str) -> tuple[Weekday, ...] | None:
    """Read days of the week in any order: “mon, wed & fri”, “mon-thu”, “weekdays”; None if a part isn't a day."""
    text = _tidy(text, MAX_DAYS_LENGTH)
    if _EVERY_WORKDAY.fullmatch(text):
        return WORKDAYS
    if _EVERY_DAY.fullmatch(text):
        return tuple(Weekday)
    days: set[Weekday] = set()
    rest = _DAY_RANGE.sub(lambda match: _take_range(match, days), re.sub(r"\b(?:on|every|each)\b", " ", text))
    for word in filter(None, _SEPARATORS.split(rest)):
        day = _weekend(word) or _as_tuple(read_weekday(word))
        if not day:
            return None
        days.update(day)
    return tuple(sorted(days)) or None


def words_of_weekdays(text: str) -> list[str]:
    """Split a list of days into its words, for saying which one isn't a day."""
    return [word for word in _SEPARATORS.split(_tidy(text, MAX_DAYS_LENGTH)) if word]


def _take_range(match: re.Match[str], days: set[Weekday]) -> str:
    """Add the days of a range to `days`, and take it out of the text; leave it there if it isn't one."""
    first, last = read_weekday(match[1]), read_weekday(match[2])
    if first is None or last is None:
        return match[0]
    days.update(Weekday((first + offset) % 7) for offset in range((last - first) % 7 + 1))
    return " "


def _weekend(word: str) -> tuple[Weekday, ...]:
    return (Weekday.SATURDAY, Weekday.SUNDAY) if word in ("weekend", "weekends") else ()


def _as_tuple(day: Weekday | None) -> tuple[Weekday, ...]:
    return () if day is None else (day,)


def read_weekday(text: str) -> Weekday | None:
    """Read one day of the week, by its name or at least two of its first letters; None if the text isn't one."""
    word = _tidy(text, MAX_DAYS_LENGTH).strip(".")
    word = re.sub(r"^(?:on|every|each) ", "", word)
    # “mondays” is a plural; in a text as short as “tues” the s belongs to the abbreviation.
    word = word.removesuffix("s") if len(word) > 5 else word
    if len(word) < 2:
        return None
    return next((day for day in Weekday if day.name.lower().startswith(word)), None)


def near_weekday(text: str) -> Weekday | None:
    """Guess the day that `text` is a slip of; None if it's too far from all of them, like “weekday” from Wednesday."""
    word = _tidy(text, MAX_DAYS_LENGTH)
    slips = {day: OSA.distance(word, day.name.lower(), score_cutoff=2) for day in Weekday}
    day = min(Weekday, key=lambda day: slips[day])
    return day if len(word) >= 5 and slips[day] <= (len(word) + 1) // 4 else None


def _tidy(text: str, length: int) -> str:
    """Fold `text` for reading; empty if it's too long to be one of these."""
    folded = fold(text[: length * 4]).lower().strip(" ,;!")
    return folded if len(folded) <= length else ""
