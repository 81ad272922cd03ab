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
    """Days off of a workspace, and the number of minutes over which its check-ins are spread.

    `country` is an ISO 3166 code, with a region if need be (“DE-BE”), whose public holidays are days off; "" for none.
    `overrides` adds days off by name; a day with the name "" is a working day, whatever the country says.
    """

    country: str = ""
    overrides: Mapping[date, str] = field(default_factory=lambda: _NO_DAYS)
    spread_minutes: int = 0

    def get(self, day: date, /) -> str | None:
        """The name of a day off; None on a working day."""
        if day in self.overrides:
            return self.overrides[day] or None
        return _holidays(self.country).get(day) if self.country else None


EVERY_DAY = WorkCalendar()
"""The calendar of a workspace that hasn't set one: every day is a working day."""


def parse_country(text: str) -> str | None:
    """The ISO 3166 code of a country or region in `text`; None when its holidays aren't known."""
    code = text.strip().upper().removesuffix("-")
    country, _, region = code.partition("-")
    regions = _regions_by_country().get(country)
    return code if regions is not None and (not region or region in regions) else None


@cache
def _regions_by_country() -> Mapping[str, list[str]]:
    # Imported on use: it takes a tenth of a second, and few workspaces need it.
    from holidays import list_supported_countries

    return list_supported_countries()


@cache
def _holidays(country: str) -> Mapping[date, str]:
    from holidays import country_holidays

    code, _, region = country.partition("-")
    # The library computes a year the first time it's asked for. A holiday without an English name keeps its own.
    return country_holidays(code, subdiv=region or None, language="en_US")
