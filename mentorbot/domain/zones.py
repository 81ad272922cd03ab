"""Time zones by the names under which they are kept."""

from __future__ import annotations

import io
import logging
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

log = logging.getLogger(__name__)
UNKNOWN: set[str] = set()
"""Names that were met and that this machine does not know; another one with newer zones has put them down."""


@cache
def named_zone(name: str) -> ZoneInfo:
    """A zone by its IANA name. One that is not known here keeps its name, and stands still at UTC: see `is_known`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        log.warning("the time zone %s is not known here; update the package tzdata", name)
        UNKNOWN.add(name)
        return ZoneInfo.from_file(io.BytesIO(files("tzdata.zoneinfo").joinpath("UTC").read_bytes()), key=name)


def is_known(zone: ZoneInfo) -> bool:
    """Whether this machine can tell the time in a zone that was read from the database."""
    return zone.key not in UNKNOWN
