"""Places and currencies a question names, to tell whether figures for one country answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel import Locale

from mentorbot.domain.work_calendar import OTHER_COUNTRY_NAMES

_MAX_LENGTH = 500
_PLACE = re.compile(
    r"\b(?:in|for|from|of|about)\s+(?:the\s+)?(?=((?:[\w'.-]+\s*){1,3}))|\s(?=((?:[\w'-]+\s*){1,3})[?.!]*\s*$)",
    re.IGNORECASE,
)
_LAST_PLACE = re.compile(
    r"\s(?:in|around|near)\s+((?:the\s+)?(?:(?!(?:these|this|that|the|an?|my|our|right|at|now|today|in|for|as)\b)\w[\w'.-]*\s?){1,3}?)"
    r"(\s*\b(?:for|as)\s[\w\s'-]+?)?(?:\s*(?:these days|nowadays|right now|now|today|at the moment|in 20\d\d))?[?.!]*\s*$",
    re.IGNORECASE,
)
_CONTINENTS = frozenset(["europe", "eu", "asia", "africa", "south america", "latin america", "middle east"])
_NAMESAKES = {"US": frozenset(["GE"])}
"""Countries whose name is also that of a part of another country: Georgia."""
_CURRENCIES = {
    "USD": r"\$|dollars?|usd|bucks",
    "EUR": r"€|euros?|eur",
    "GBP": r"£|pounds?|gbp|quid",
    "INR": r"₹|rupees?|inr|lakhs?|lpa",
    "JPY": r"¥|yen|jpy",
    "CHF": r"francs?|chf",
}
_PRICE = re.compile(rf"\d[\d.,]*\s?k?\s*(?:{'|'.join(_CURRENCIES.values())})(?!\w)|[€£₹¥]\s?\d", re.IGNORECASE)
_WITH_ARTICLE = frozenset(["UK", "EU", "United Kingdom", "Netherlands", "Philippines", "United Arab Emirates"])


def place_abroad(text: str, home: str) -> str:
    """Find a place outside the country `home` (a name; "" for none) that a text names after “in” or the like, or at its end.

    It's "" if there's none.
    """
    code = _country_codes().get(home.lower(), "")
    if home and not code:
        return ""
    for match in _PLACE.finditer(text[:_MAX_LENGTH]):
        words = (match[1] or match[2]).split()
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count]).strip("?!.,")
            if _is_abroad(name.lower(), code):
                return name
    return ""


def _is_abroad(name: str, home: str) -> bool:
    country = (_country_codes().get(name) or _city_countries().get(name, "")).partition("-")[0]
    return name in _CONTINENTS or bool(country and country != home and country not in _NAMESAKES.get(home, ()))


def other_currency(text: str, currency: str) -> bool:
    """Tell whether a text names a currency other than `currency` (an ISO 4217 code), and not that one."""
    named = {code for code, words in _CURRENCIES.items() if _currency_pattern(words).search(text[:_MAX_LENGTH])}
    return bool(named) and currency not in named


def names_price(text: str) -> bool:
    """Tell whether a text names an amount of money, rather than asks for one."""
    return _PRICE.search(text[:_MAX_LENGTH]) is not None


def without_currencies(text: str) -> str:
    """Cut the names of currencies, with “in” before them."""
    for words in _CURRENCIES.values():
        text = re.sub(rf"(?<!\w)(?:in\s+)?(?:{words})(?!\w)", "", text, flags=re.IGNORECASE)
    return text


def last_place(text: str) -> tuple[str, str]:
    """Part a text from what may be a place at its end: “pay in Austin as a senior” is about “pay as a senior”, in “Austin”."""
    match = _LAST_PLACE.search(text[:_MAX_LENGTH])
    return (f"{text[: match.start()]} {(match[2] or '').strip()}".strip(), match[1].strip()) if match else (text, "")


@cache
def _currency_pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def place_name(place: str) -> str:
    """Write a place as a name: “Germany”, “the UK”."""
    name = " ".join(word.upper() if len(word) == 2 else word.capitalize() for word in place.lower().split())
    return f"the {name}" if name in _WITH_ARTICLE else name


@cache
def _country_codes() -> Mapping[str, str]:
    """Map the names of countries to their codes, as Unicode and the zone database list them.

    The calendars of holidays know them, too, but they take ten megabytes and a tenth of a second, and this is for every question.
    """
    listed = [(name, code) for code, name in Locale("en").territories.items() if code.isalpha() and code != "ZZ"]
    listed += [(row[1].partition(" (")[0], row[0]) for row in _zone_table("iso3166.tab")]
    spelled_out = {name.lower().replace(" & ", " and ").replace("st ", "saint "): code for name, code in listed}
    return {name.lower(): code for name, code in listed} | spelled_out | OTHER_COUNTRY_NAMES


@cache
def _city_countries() -> Mapping[str, str]:
    """Map the cities time zones are named after to the codes of their countries, as the zone database lists them."""
    return {row[2].rpartition("/")[2].replace("_", " ").lower(): row[0] for row in _zone_table("zone.tab")}


def _zone_table(name: str) -> list[list[str]]:
    table = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
