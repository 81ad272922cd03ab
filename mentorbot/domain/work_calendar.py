"""The work calendar of a workspace: its own days off, and its country's public holidays (the `holidays` library)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType

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


EVERY_DAY = WorkCalendar()
"""The calendar of a workspace that hasn't set one: every day is a working day."""


def parse_country(text: str) -> str | None:
    """Parse the ISO 3166 code of a country or region; None if its holidays aren't known."""
    code = text.strip().upper().removesuffix("-")
    country, _, region = code.partition("-")
    regions = _regions_by_country().get(country)
    return code if regions is not None and (not region or region in regions) else None


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
