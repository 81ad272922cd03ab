"""Options of the commands that start recurring messages: how often, in which zone, and quiet hours."""

from __future__ import annotations

import re
from datetime import time
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Choice
from mentorbot.commands.context import Context
from mentorbot.domain.recurrence import MAX_WEEK_INTERVAL
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.services.subscriptions import QuietHours, Subscriptions
from mentorbot.slash.choices import short
from mentorbot.slash.forms import MissingOption

_WEEKS = {"week": 1} | {f"{number}-weeks": number for number in range(2, MAX_WEEK_INTERVAL + 1)}
_QUIET_HOURS = re.compile(r"(\d{1,2}):?(\d{2})?\s*(?:-|–|to)\s*(\d{1,2}):?(\d{2})?")
NONE_WORDS = ("none", "no", "off")
"""Words that clear an option's value."""


def week_choices(_: Pack) -> list[Choice]:
    """The intervals between messages, as choices."""
    return [Choice(f"every {value.replace('-', ' ')}", value) for value in _WEEKS]


def read_weeks(every: str | None) -> int | None:
    """Read one of `week_choices` as a number of weeks."""
    return _WEEKS[every] if every else None


def read_quiet_hours(text: str) -> QuietHours:
    """Read hours like “20:00-08:00”, or one of `NONE_WORDS`.

    Raises:
        BadValue: `text` is neither.
    """
    if text.strip().lower() in NONE_WORDS:
        return QuietHours()
    match = _QUIET_HOURS.fullmatch(text.strip().lower())
    if not match:
        raise BadValue(
            f"I cannot read “{short(text)}”. Write a day as friday, a time as 15:00, a zone as Europe/Berlin, quiet hours as "
            "20:00-08:00 (none for none).",
            option="quiet",
        )
    hours = int(match[1]), int(match[2] or 0), int(match[3]), int(match[4] or 0)
    if hours[0] > 23 or hours[2] > 23 or hours[1] > 59 or hours[3] > 59 or hours[:2] == hours[2:]:
        raise BadValue(
            f"Quiet hours cannot be {text}. Write when they begin and when they end, as 20:00-08:00, or write none.",
            option="quiet",
            suggestions=("20:00-08:00",),
        )
    return QuietHours(time(hours[0], hours[1]), time(hours[2], hours[3]))


async def required_zone(context: Context, given: ZoneInfo | None) -> ZoneInfo:
    """Give the zone the caller named, otherwise their own.

    Raises:
        MissingOption: they named none, and theirs is unknown.
    """
    zone = given or await context.zone()
    if zone is None:
        raise MissingOption("zone")
    return zone


def subscriptions_of(context: Context) -> Subscriptions:
    """Open the workspace's recurring messages, for the caller to change."""
    return Subscriptions(context.uow, context.pack, context.caller.user_id, context.now)
