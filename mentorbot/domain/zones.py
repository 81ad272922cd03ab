"""Time zones by the names they're stored under."""

from __future__ import annotations

import io
import logging
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

log = logging.getLogger(__name__)
UNKNOWN: set[str] = set()
"""Stored names this machine doesn't know, because a replica with a newer zone database saved them."""


@cache
def named_zone(name: str) -> ZoneInfo:
    """Look up a zone by its IANA name. One this machine doesn't know keeps its name but behaves like UTC: see `is_known`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        log.warning("this machine doesn't know the time zone %s; update the package tzdata", name)
        UNKNOWN.add(name)
        # With its name kept, nothing is lost when the row is written back.
        return ZoneInfo.from_file(io.BytesIO(files("tzdata.zoneinfo").joinpath("UTC").read_bytes()), key=name)


def is_known(zone: ZoneInfo) -> bool:
    """Check whether this machine knows the rules of a zone read from the database."""
    return zone.key not in UNKNOWN


def zone_data() -> str:
    """Name the time-zone data in use: the system's, or else the package's. Python prefers the system's."""
    for folder in map(Path, TZPATH):
        if (folder / "UTC").is_file():
            return f"{_release(folder)} from {folder}".strip()
    return f"{_release(files('tzdata.zoneinfo'))} from the package tzdata"


def _release(folder: Traversable) -> str:
    """Read the release of time-zone data, e.g. 2026a; "" if it doesn't say."""
    try:
        with folder.joinpath("tzdata.zi").open(encoding="utf-8") as file:
            first_line = file.readline()
    except OSError:
        return ""
    return first_line.removeprefix("# version ").strip()
