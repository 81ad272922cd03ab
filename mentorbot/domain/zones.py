"""Time zones by the names they're stored under."""

from __future__ import annotations

import io
import logging
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

log = logging.getLogger(__name__)
UNKNOWN: set[str] = set()
"""Stored names this machine doesn't know: a replica with a newer zone database has saved them."""


@cache
def named_zone(name: str) -> ZoneInfo:
    """The zone with that IANA name. One that isn't known here keeps its name but shows UTC: see `is_known`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        log.warning("the time zone %s is not known here; update the package tzdata", name)
        UNKNOWN.add(name)
        # Keeping the name means nothing is lost when the row is written back.
        return ZoneInfo.from_file(io.BytesIO(files("tzdata.zoneinfo").joinpath("UTC").read_bytes()), key=name)


def is_known(zone: ZoneInfo) -> bool:
    """Tell whether this machine knows the rules of a zone that was read from the database."""
    return zone.key not in UNKNOWN
