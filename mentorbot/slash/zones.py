"""Time zones as people name them: an IANA name, or a city."""

from __future__ import annotations

import re
import zoneinfo
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mentorbot.slash.folding import fold, without_accents

MAX_PLACE_LENGTH = 60
"""Characters. No city's name is longer."""
MAX_NEAR = 3
"""Zones to offer for a text that names none, or several."""
# Two letters more or less make a different place, so the nearest names differ by one letter, long ones by two.
_SHORTEST_GUESSED, _LONG_NAME = 5, 7
# Names of no city: parts of the world, and old zone names such as Brazil/East.
_NO_CITIES = frozenset({"center", "central", "continental", "east", "eastern", "general", "north", "south", "west"})
_ABBREVIATIONS = {
    "cet": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "cest": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "eet": ("Europe/Athens", "Europe/Helsinki", "Europe/Kyiv"),
    "bst": ("Europe/London",),
    "ist": ("Asia/Kolkata", "Europe/Dublin"),
    "est": ("America/New_York", "America/Toronto"),
    "edt": ("America/New_York", "America/Toronto"),
    "et": ("America/New_York", "America/Toronto"),
    "cst": ("America/Chicago", "Asia/Shanghai"),
    "cdt": ("America/Chicago",),
    "ct": ("America/Chicago",),
    "mst": ("America/Denver", "America/Phoenix"),
    "mdt": ("America/Denver",),
    "mt": ("America/Denver",),
    "pst": ("America/Los_Angeles",),
    "pdt": ("America/Los_Angeles",),
    "pt": ("America/Los_Angeles",),
    "nyc": ("America/New_York",),
    "dc": ("America/New_York",),
    "la": ("America/Los_Angeles",),
    "sf": ("America/Los_Angeles",),
    "jst": ("Asia/Tokyo",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
}


_CODES_IN_CAPITALS = frozenset(code.upper() for code in _ABBREVIATIONS)
_OFFSET = re.compile(r"(?:gmt|utc) ?(?P<sign>[+-]) ?(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?", re.IGNORECASE)
_SAMPLE_YEAR = 2026


def place_key(text: str) -> str:
    """Fold a place's name for comparison: no accents, no case, one blank for each run of blanks and punctuation."""
    return " ".join(re.findall(r"\w+", without_accents(text).replace("_", " ").replace("'", "").replace("ʻ", "")))


@cache
def zone_names() -> dict[str, str]:
    """Map the lower-case name of every IANA zone on offer to its proper name, in alphabetical order."""
    # Duplicates of other zones, and fixed offsets, which would ignore daylight saving time.
    hidden = ("posix/", "right/", "Etc/", "SystemV/")
    names = {
        name
        for name in zoneinfo.available_timezones()
        if not name.startswith(hidden) and ("/" in name or name in ("UTC", "GMT"))
    }
    return {name.lower(): name for name in sorted(names)}


@cache
def _main_zones() -> dict[str, tuple[str, ...]]:
    """Map a country's code to its zones, as the database of zones has them; the first is where most people live."""
    zones: dict[str, tuple[str, ...]] = {}
    for row in _table("zone.tab", "tzdata.zoneinfo"):
        zones[row[0]] = (*zones.get(row[0], ()), row[2])
    return zones


@cache
def _country_codes() -> dict[str, str]:
    return {place_key(row[1]): row[0] for row in _table("iso3166.tab", "tzdata.zoneinfo")}


def _table(name: str, package: str) -> list[list[str]]:
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _zones_by_city() -> dict[str, tuple[str, ...]]:
    """Map each city's folded name to the zones it may mean, the most populous city's first."""
    cities: dict[str, tuple[str, ...]] = {}
    known = set(zone_names().values())
    for zones, names in _table("cities.tsv", "mentorbot.slash"):
        # The list of cities may be newer or older than this machine's zones.
        if known.issuperset(likely := tuple(zones.split(","))):
            cities |= dict.fromkeys(names.split(","), likely)
    canonical = (zone for zones in _main_zones().values() for zone in zones)
    named = {place_key(zone.rsplit("/", 1)[-1]): (zone,) for zone in canonical}
    # A city in the database of zones wins over any other city of that name.
    return {name: zones for name, zones in (cities | named).items() if name not in _NO_CITIES}


def find_zones(text: str) -> tuple[str, ...]:
    """Find the zones that `text` names: by their IANA name, a city, a country, a code like CET, or an offset like GMT+2.

    They're several if people in different zones say the same.
    """
    if len(text) > MAX_PLACE_LENGTH:
        return ()
    text = re.sub(r"^in (?=\w)|(?<=\w) time$", "", fold(text), flags=re.IGNORECASE)
    name = zone_names().get(text.lower().replace(" ", "_"))
    if name:
        return (name,)
    if offset := _OFFSET.fullmatch(text):
        return _zones_at(offset)
    if text in _CODES_IN_CAPITALS:
        return _ABBREVIATIONS[text.lower()]
    key = place_key(text)
    cities = _zones_by_city()
    return cities.get(key) or cities.get(key.removesuffix(" city")) or _zones_of_country(key)


def _zones_at(offset: re.Match[str]) -> tuple[str, ...]:
    """List the largest zones that have an offset in January, e.g. Athens, Cairo and Johannesburg for GMT+2."""
    shift = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    shift = -shift if offset["sign"] == "-" else shift
    return tuple(zone for zone in _by_size(_large_cities()) if _offsets(zone)[0] == shift)[:MAX_NEAR]


@cache
def _zones_of_country(key: str) -> tuple[str, ...]:
    """List the zones of a country, the largest of those that keep the same time all year."""
    largest: dict[tuple[timedelta | None, ...], str] = {}
    for zone in _by_size(_main_zones().get(_country_codes().get(key, ""), ())):
        largest.setdefault(_offsets(zone), zone)
    return tuple(largest.values())


def _by_size(zones: Iterable[str]) -> list[str]:
    return sorted(zones, key=lambda zone: -_large_cities().get(zone, 0))


def _offsets(zone: str) -> tuple[timedelta | None, ...]:
    """Give a zone's offsets from UTC in January and in July."""
    days = (datetime(_SAMPLE_YEAR, month, 1, tzinfo=UTC) for month in (1, 7))
    return tuple(day.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset() for day in days)


def near_zones(text: str) -> tuple[str, ...]:
    """Guess up to three zones for a text that names none: a slip in a city's name, an abbreviation, or a country."""
    if len(text) > MAX_PLACE_LENGTH:
        return ()
    key = place_key(text)
    if key in _ABBREVIATIONS:
        return _ABBREVIATIONS[key]
    city = place_key(text.rsplit("/", 1)[-1])
    if len(city) < _SHORTEST_GUESSED:
        return ()
    slips = 1 if len(city) < _LONG_NAME else 2
    same_start = [name for name in _zones_by_city() if name[0] == city[0]]
    matches = process.extract(city, same_start, scorer=OSA.distance, score_cutoff=slips, limit=MAX_NEAR)
    return tuple(dict.fromkeys(zone for name, _, _ in matches for zone in _zones_by_city()[name]))[:MAX_NEAR]


def complete_zone(typed: str) -> list[tuple[str, str]]:
    """List what `typed` may be the beginning of, likeliest first: a label and a zone, for each zone once.

    A zone's own city comes before the other cities in it, and of those, the zone with more large cities comes first.
    """
    key = place_key(typed[:MAX_PLACE_LENGTH].replace("/", " "))
    found: dict[str, tuple[int, int, int, str]] = {}
    for zone, city, name in _zone_keys():
        rank = 0 if city.startswith(key) else 2 if name.startswith(key) else 3 if key in name else None
        if rank is not None:
            found[zone] = (rank, 0, -_large_cities().get(zone, 0), zone)
    for city, (zone, *_) in _zones_by_city().items() if key else ():
        known = found.get(zone)
        # The shortest name is the likeliest: it's the one closest to what's typed.
        if city.startswith(key) and (known is None or known[:2] > (1, len(city))):
            found[zone] = (1, len(city), -_large_cities().get(zone, 0), f"{city.title()} ({zone})")
    return [(places[-1], zone) for zone, places in sorted(found.items(), key=lambda item: item[1])]


@cache
def _zone_keys() -> list[tuple[str, str, str]]:
    """List each zone with its city and its whole name, folded."""
    names = zone_names().values()
    return [(zone, place_key(city_of(zone)), place_key(zone.replace("/", " "))) for zone in names]


@cache
def _large_cities() -> dict[str, int]:
    """Count the names of large cities in each zone: the more, the likelier someone lives there."""
    return dict(Counter(zones[0] for zones in _zones_by_city().values()))


def city_of(zone: str) -> str:
    """Name a zone's city: “New York” for America/New_York."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")
