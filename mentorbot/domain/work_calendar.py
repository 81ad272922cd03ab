"""When a workspace works: its own days off, and the public holidays of its country from the `holidays` library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType

_NONE: Mapping[date, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off of a workspace, and over how many minutes it spreads its check-ins.

    `country` is an ISO 3166 code, also with a region (“DE-BE”), whose public holidays are days off; "" for none. `own` names
    more days off; a day with the name "" is a working day, whatever the country says.
    """

    country: str = ""
    own: Mapping[date, str] = field(default_factory=lambda: _NONE)
    spread_minutes: int = 0

    def get(self, day: date, /) -> str | None:
        """What a day off is called; None when people work."""
        if day in self.own:
            return self.own[day] or None
        return _holidays(self.country).get(day) if self.country else None


EVERY_DAY = WorkCalendar()
"""Of a workspace that has not said when it works: there are no days off."""


def country_of(text: str) -> str | None:
    """The country, or the region of one, that `text` means; None when its holidays are not known."""
    code = text.strip().upper().removesuffix("-")
    country, _, region = code.partition("-")
    regions = _countries().get(country)
    return code if regions is not None and (not region or region in regions) else None


@cache
def _countries() -> Mapping[str, list[str]]:
    from holidays import list_supported_countries  # late: a tenth of a second that few workspaces need

    return list_supported_countries()


@cache
def _holidays(country: str) -> Mapping[date, str]:
    from holidays import country_holidays

    code, _, region = country.partition("-")
    # Years are worked out when they are first asked for. A name that has no English stays as it is.
    return country_holidays(code, subdiv=region or None, language="en_US")
