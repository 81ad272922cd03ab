"""Findings of `mentorbot doctor`, and how far this machine's clock is off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import IntEnum

import aiohttp

from mentorbot.clock import Clock

ASK_SECONDS = 10.0
MAX_OFF_SECONDS, WRONG_SECONDS = 5, 60
"""Seconds the clock may be off without a word, and how many make it wrong. Slack's signatures allow 300."""


class Level(IntEnum):
    """Severity of a finding. The worst one is the exit status."""

    OK = 0
    WARN = 1
    FAIL = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check, with the fix if there's something to fix. Never carries a secret."""

    check: str
    level: Level
    text: str
    fix: str = ""


async def examine_clock(name: str, url: str, clock: Clock) -> Finding:
    """Compare this machine's clock with a server's, by the Date of its answer."""
    try:
        timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            theirs = parsedate_to_datetime(response.headers["Date"]).replace(tzinfo=UTC)
            off = (clock.now() - theirs).total_seconds()
    except (aiohttp.ClientError, TimeoutError, OSError, KeyError, ValueError) as error:
        return Finding(
            "clock", Level.WARN, f"{name} doesn't say what time it is ({type(error).__name__})", "Check the network."
        )
    level = Level.OK if abs(off) <= MAX_OFF_SECONDS else Level.WARN if abs(off) <= WRONG_SECONDS else Level.FAIL
    text = f"within {MAX_OFF_SECONDS} s of {name}'s" if level is Level.OK else f"{off:+.0f} s off {name}'s"
    return Finding(
        "clock", level, text, "" if level is Level.OK else "Set the clock with NTP, e.g. timedatectl set-ntp true"
    )
