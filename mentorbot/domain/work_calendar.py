"""The work calendar of a workspace: its own days off, and its country's public holidays (the `holidays` library)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from urllib.parse import quote, unquote

_NO_DAYS: Mapping[date, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off of a workspace, and the minutes its check-ins are spread over.

    `country` is the ISO 3166 code of the country whose public holidays are days off, with a region if need be (“DE-BE”); "" for
    none. `overrides` adds days off by name. A day with the name "" is a working day, whatever the country says.
    """

    country: str = ""
    overrides: Mapping[date, str] = field(default_factory=lambda: _NO_DAYS)
    spread_minutes: int = 0

    def get(self, day: date, /) -> str | None:
        """Look up the name of a day off; None on a working day."""
        if day in self.overrides:
            return self.overrides[day] or None
        return _holidays(self.country).get(day) if self.country else None


DayEntries = Mapping[date, str | None]
"""Days with the workspace's own entry as in `WorkCalendar.overrides`, or None for a day without one."""


def entries_text(entries: DayEntries) -> str:
    """Write entries as a text without blanks or quotes, one piece for days in a row with the same entry."""
    runs: list[tuple[date, date, str | None]] = []
    for day in sorted(entries):
        if runs and (day - runs[-1][1]).days == 1 and entries[day] == runs[-1][2]:
            runs[-1] = (runs[-1][0], day, entries[day])
        else:
            runs.append((day, day, entries[day]))
    return ";".join(f"{first}/{last}" + ("" if name is None else f"={quote(name)}") for first, last, name in runs)


def read_entries(text: str) -> dict[date, str | None]:
    """Read what `entries_text` wrote.

    Raises:
        ValueError: it's something else.
    """
    entries: dict[date, str | None] = {}
    for piece in text.split(";"):
        days, named, name = piece.partition("=")
        first, last = map(date.fromisoformat, days.split("/"))
        if not 0 <= (last - first).days <= MAX_ENTRY_DAYS:
            raise ValueError(f"{days} aren't days in a row")
        run = (first + timedelta(days=number) for number in range((last - first).days + 1))
        entries |= dict.fromkeys(run, unquote(name) if named else None)
    return entries


MAX_ENTRY_DAYS = 366
"""Days in a row that have one entry."""
EVERY_DAY = WorkCalendar()
"""The calendar of a workspace that hasn't set one: every day is a working day."""


# Names in everyday use that the library doesn't have.
OTHER_COUNTRY_NAMES = {
    "america": "US",
    "britain": "GB",
    "burma": "MM",
    "cape verde": "CV",
    "cote d'ivoire": "CI",
    "czech republic": "CZ",
    "deutschland": "DE",
    "dr congo": "CD",
    "england": "GB-ENG",
    "great britain": "GB",
    "holland": "NL",
    "ivory coast": "CI",
    "korea": "KR",
    "northern ireland": "GB-NIR",
    "republic of ireland": "IE",
    "scotland": "GB-SCT",
    "swaziland": "SZ",
    "syria": "SY",
    "the netherlands": "NL",
    "turkiye": "TR",
    "uae": "AE",
    "uk": "GB",
    "united states of america": "US",
    "usa": "US",
    "vatican": "VA",
    "wales": "GB-WLS",
}
# English names of regions the library knows by their own people's.
ENGLISH_REGION_NAMES = {
    "andalusia": "ES-AN",
    "bavaria": "DE-BY",
    "carinthia": "AT-2",
    "catalonia": "ES-CT",
    "hesse": "DE-HE",
    "lower saxony": "DE-NI",
    "north rhine-westphalia": "DE-NW",
    "rhineland-palatinate": "DE-RP",
    "saxony": "DE-SN",
    "saxony-anhalt": "DE-ST",
    "styria": "AT-6",
    "thuringia": "DE-TH",
}
_COUNTRIES_OF_PEOPLES = """
american:US argentine:AR argentinian:AR australian:AU austrian:AT belgian:BE brazilian:BR british:GB bulgarian:BG canadian:CA
chilean:CL chinese:CN colombian:CO croatian:HR czech:CZ danish:DK dutch:NL egyptian:EG english:GB-ENG estonian:EE finnish:FI
french:FR german:DE greek:GR hungarian:HU icelandic:IS indian:IN indonesian:ID irish:IE israeli:IL italian:IT japanese:JP
kenyan:KE korean:KR latvian:LV lithuanian:LT malaysian:MY maltese:MT mexican:MX moroccan:MA nigerian:NG norwegian:NO
pakistani:PK peruvian:PE philippine:PH polish:PL portuguese:PT romanian:RO russian:RU scottish:GB-SCT serbian:RS
singaporean:SG slovak:SK slovenian:SI spanish:ES swedish:SE swiss:CH thai:TH tunisian:TN turkish:TR ukrainian:UA
vietnamese:VN welsh:GB-WLS bavarian:DE-BY saxon:DE-SN catalan:ES-CT
"""
COUNTRIES_OF_PEOPLES = dict(entry.split(":") for entry in _COUNTRIES_OF_PEOPLES.split())
"""The codes of countries and regions by the word for what's theirs: the German holidays."""
MAX_COUNTRY_LENGTH = 60
"""Characters."""


def parse_country(text: str) -> str | None:
    """Parse the ISO 3166 code of a country (two letters or three) or region; None if its holidays aren't known."""
    code = text.strip().upper().removesuffix("-")
    country, _, region = code.partition("-")
    country = _aliases().get(country, country)
    regions = _regions_by_country().get(country)
    if regions is None or (region and region not in regions):
        return None
    return f"{country}-{region}" if region else country


def find_country(text: str) -> str | None:
    """Find the code of a country or region by its name: “Germany”, “English”, “Berlin, Germany”; None if it isn't one."""
    if len(text) > MAX_COUNTRY_LENGTH:
        return None
    before, _, after = text.rpartition(",")
    found = (_code_called(text), _region_in(before, after), _region_in(after, before))
    return next(filter(None, found), None)


def _code_called(text: str) -> str | None:
    name = _folded(text)
    return country_names().get(name) or COUNTRIES_OF_PEOPLES.get(name)


def _region_in(region: str, country: str) -> str | None:
    """Find the code of a country's region by their names; None if it has none of that name."""
    whole = _code_called(country) or parse_country(country)
    if not whole or not region or "-" in whole:
        return None
    if (known := country_names().get(_folded(region), "")).startswith(f"{whole}-"):
        return known
    codes = {_folded(name): code for name, code in _region_names(whole).items()}
    return f"{whole}-{codes[_folded(region)]}" if _folded(region) in codes else None


def find_region(text: str) -> str | None:
    """Find the code of a region by its name alone: “Bayern”; None if there's none of that name, or several."""
    name = _folded(text)
    codes = _codes_of_regions().get(name, ()) if len(name) >= _MIN_REGION_NAME else ()
    return next(iter(codes)) if len(codes) == 1 else None


_MIN_REGION_NAME = 4
"""Characters; shorter ones are abbreviations, such as St and No."""


@cache
def _codes_of_regions() -> Mapping[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for country in dict.fromkeys(map(parse_country, _regions_by_country())):
        for name, region in _region_names(country).items() if country else ():
            codes.setdefault(_folded(name), set()).add(f"{country}-{region}")
    return codes


def country_name(code: str) -> str:
    """Name a country or region: “Germany”, “Berlin, Germany”, “England”."""
    country, _, region = code.partition("-")
    nation = next((name.title() for name, other in OTHER_COUNTRY_NAMES.items() if other == code and region), "")
    whole = next((name for name, other in _official_names().items() if other == country), country)
    part = next((name for name, other in _region_names(country).items() if other == region), region) if region else ""
    return nation or (f"{part}, {whole}" if part else whole)


def regions_of(country: str) -> list[str]:
    """List the codes of a country's regions with holidays of their own, e.g. DE-BE."""
    return [f"{country}-{region}" for region in _regions_by_country().get(country, ())]


@cache
def _aliases() -> Mapping[str, str]:
    """Map other codes of a country, such as its three letters, to its two."""
    from holidays.registry import COUNTRIES

    return {alias: code for _, code, *aliases in COUNTRIES.values() for alias in aliases} | {"UK": "GB"}


@cache
def country_names() -> Mapping[str, str]:
    """Map the folded names of all countries and territories whose holidays are known to their codes."""
    names = (
        {_folded(name): code for name, code in _official_names().items()} | OTHER_COUNTRY_NAMES | ENGLISH_REGION_NAMES
    )
    return {name: code for name, code in names.items() if parse_country(code)}


@cache
def _official_names() -> Mapping[str, str]:
    from holidays.registry import COUNTRIES

    # The library's names are written as one word: AntiguaAndBarbuda.
    spaced = {re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry[0]): entry[1] for entry in COUNTRIES.values()}
    return {name.replace(" And ", " and "): code for name, code in spaced.items()}


def _region_names(country: str) -> Mapping[str, str]:
    from holidays import country_holidays

    return country_holidays(country).subdivisions_aliases


def _folded(name: str) -> str:
    """Fold a name for comparison: no accents, no case, single blanks."""
    letters = (character for character in unicodedata.normalize("NFKD", name) if not unicodedata.combining(character))
    return " ".join("".join(letters).casefold().replace("’", "'").replace(".", "").split())


@cache
def _regions_by_country() -> Mapping[str, list[str]]:
    # Imported when needed: it takes a tenth of a second, and few workspaces use it.
    from holidays import list_supported_countries

    return list_supported_countries()


@cache
def _holidays(country: str) -> Mapping[date, str]:
    from holidays import country_holidays

    code, _, region = country.partition("-")
    # The library computes a year on first use. A holiday without an English name keeps its local one.
    return country_holidays(code, subdiv=region or None, language="en_US")
