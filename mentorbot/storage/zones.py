"""Time zones by the names under which they are kept."""

from __future__ import annotations

import logging
from functools import cache
from zoneinfo import ZoneInfo

log = logging.getLogger(__name__)


@cache
def known_zone(name: str | None) -> ZoneInfo | None:
    """A zone by its IANA name; None for one that this machine does not know, and another one with newer zones has put down."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        log.warning("the time zone %s is not known here; update the package tzdata", name)
        return None
