"""Options of the commands that start recurring messages: how often, the zone, and quiet hours."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Card, Choice
from mentorbot.chat.platform import Channel
from mentorbot.clock import Weekday
from mentorbot.commands.context import Context
from mentorbot.domain.deliveries import Destination, MessageKind, Schedule
from mentorbot.domain.recurrence import MAX_WEEK_INTERVAL, Recurrence
from mentorbot.errors import BadValue, Impossible
from mentorbot.packs.schema import Pack
from mentorbot.services.subscriptions import QuietHours, Subscriptions, Timing
from mentorbot.slash.choices import short
from mentorbot.slash.converters import NONE_WORDS
from mentorbot.slash.dates import Sense
from mentorbot.slash.folding import fold
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import ChannelRef, NoValue, Option
from mentorbot.slash.times import read_time, read_time_range, times_of_bare_hour
from mentorbot.views.rhythms import rhythm_options
from mentorbot.views.subscriptions import card_about_channel

_WEEKS = {"week": 1} | {f"{number}-weeks": number for number in range(2, MAX_WEEK_INTERVAL + 1)}
_MAX_LENGTH = 100
QUIET_FROM, QUIET_TO = time(20), time(8)
"""The end of quiet hours that people leave out when they say the other."""
_NIGHT_HOURS = range(5, 17)
"""Hours that quiet hours may last if one of their ends is left out. Otherwise they'd be something nobody means by that."""
_CUE = r"(?:(?:quiet|silent|nothing|(?:don'?t|never)(?: [a-z]+){1,3}|no [a-z-]+|not?)(?: hours)? )"
_FILLERS = re.compile(r",?\s*\b(?:please|pls|ok|okay|thanks|thx)\b,?", re.IGNORECASE)
_QUIET_CUE = re.compile(rf"^\s*{_CUE}", re.IGNORECASE)
_END = r"[\d:.]+(?: ?[ap]\.?m\.?|h| in the (?:morning|afternoon|evening)| at night)?|noon|midnight"
_ONE_END = re.compile(rf"{_CUE}(?P<side>after|from|before|until|till) (?P<time>{_END})")
_BOTH_ENDS = re.compile(
    rf"{_CUE}(?:before (?P<before>{_END}),? (?:or|and|nor) after (?P<after>{_END})"
    rf"|after (?P<after2>{_END}),? (?:or|and|nor) before (?P<before2>{_END}))"
    rf"|only (?:[a-z]+ ){{0,2}}(?:between|from) (?P<before3>{_END}) ?(?:and|to|until|till|-) ?(?P<after3>{_END})"
)


ChannelOption = Annotated[ChannelRef | None, Option("The channel, if it isn't this one", called=("in",))]


def destination_of(context: Context, channel: ChannelRef | None) -> Destination:
    """Give the channel that was named, otherwise the one the caller asks in."""
    return context.to_channel if channel is None else Destination(context.workspace, _channel(context, channel))


def channel_to_post_in(context: Context, channel: ChannelRef | None) -> Channel:
    """Give the channel to post in for everyone.

    Raises:
        BadValue: none was named, and the caller asks in their direct messages.
    """
    if channel is not None:
        return _channel(context, channel)
    if context.caller.channel.direct:
        raise BadValue("Which channel? Ask me in one: mention me, or type the command there.")
    return context.caller.channel


def about_channel(context: Context, channel: ChannelRef | None, card: Card) -> Card:
    """Name the channel on a card, and on its buttons, if it's a different one than the card is shown in."""
    if channel is None or channel.id == context.caller.channel.id:
        return card
    return card_about_channel(card, _channel(context, channel))


def _channel(context: Context, channel: ChannelRef) -> Channel:
    return Channel(context.workspace, channel.id, channel.name)


def week_choices(_: Pack) -> list[Choice]:
    """The intervals between messages, as choices."""
    return [Choice(f"every {value.replace('-', ' ')}", value) for value in _WEEKS]


EVERY = Option("How often", choices=week_choices)
START = Option(
    "First day; leave it out to start now",
    sense=Sense.START,
    unlisted=True,
    called=("from", "starting"),
    clears=("start", "first day"),
)
StartOption = Annotated[date | NoValue | None, START]
"""The first day of a message that comes again and again; “none” takes it away."""


def read_weeks(every: str | None) -> int | None:
    """Read one of `week_choices` as a number of weeks."""
    return _WEEKS[every] if every else None


def read_quiet_hours(text: str) -> QuietHours:
    """Read hours like “20:00-08:00”, “10pm to 7am” or “nothing after 8pm”, or one of `NONE_WORDS`.

    One end alone leaves the other as it is for people who have set none.

    Raises:
        Impossible: they can't be quiet hours, or it isn't clear which.
        BadValue: `text` is no hours at all.
    """
    text = _FILLERS.sub("", text[:_MAX_LENGTH])
    if fold(text).lower() in NONE_WORDS:
        return QuietHours()
    if (ends := _read_ends(text)) is not None:
        return ends
    hours = read_time_range(_QUIET_CUE.sub("", text[:_MAX_LENGTH]))
    if hours is None:
        raise BadValue(
            f"I can't read “{short(text)}” as quiet hours. Enter when they start and end, e.g. 20:00-08:00, or none.",
            option="quiet",
        )
    return QuietHours(*hours)


def _read_ends(text: str) -> QuietHours | None:
    """Read hours named by when messages may come: “quiet after 8pm”, “nothing before 9 or after 6”, “only from 9 to 5”.

    Raises:
        Impossible: with the usual other end they'd be no night, e.g. “nothing after 9am”.
    """
    text = fold(text[:_MAX_LENGTH]).lower()
    if match := _BOTH_ENDS.fullmatch(text):
        start = _evening(match["after"] or match["after2"] or match["after3"])
        stop = _morning(match["before"] or match["before2"] or match["before3"])
        return QuietHours(start, stop) if start and stop and start != stop else None
    match = _ONE_END.fullmatch(text)
    if match is None:
        return None
    starts_then = match["side"] in ("after", "from")
    named = (_evening if starts_then else _morning)(match["time"])
    if named is None:
        return None
    start, end = (named, QUIET_TO) if starts_then else (QUIET_FROM, named)
    if (end.hour - start.hour) % 24 not in _NIGHT_HOURS:
        raise Impossible("When should they start, and when should they end? For example: 20:00-08:00", option="quiet")
    return QuietHours(start, end)


def _morning(text: str) -> time | None:
    """Read when messages may start: a bare hour is one in the morning."""
    return read_time(text) or next((read_time(hour) for hour in times_of_bare_hour(text)), None)


def _evening(text: str) -> time | None:
    """Read when messages have to stop: a bare hour is one in the evening."""
    return read_time(text) or next((read_time(hour) for hour in reversed(times_of_bare_hour(text))), None)


async def required_zone(context: Context, given: ZoneInfo | None) -> ZoneInfo:
    """Give the zone the caller named, otherwise their own.

    Raises:
        MissingOption: they named none, and theirs is unknown.
    """
    zone = given or await context.zone()
    if zone is None:
        raise MissingOption("zone")
    return zone


async def rhythm_of(
    context: Context, known: Schedule | None, timing: Timing, usual: tuple[Weekday, time]
) -> Recurrence:
    """Give the rhythm of a message: what's named, else as it is, else once a week as usual.

    A time is the caller's own, unless they name a zone.

    Raises:
        MissingOption: no zone is named, and the caller's is unknown.
        BadValue: no message would ever come.
    """
    if known is not None and timing.at is None:
        return timing.recurrence(known.recurrence, context.now)
    zone = await required_zone(context, timing.zone)
    weekly = replace(known.recurrence, zone=zone) if known else Recurrence.weekly(*usual, zone)
    return timing.recurrence(weekly, context.now)


async def saved_rhythm(context: Context, kind: MessageKind) -> dict[str, str]:
    """Give the options that set when a message of the caller's own comes; just their zone if it doesn't come yet."""
    schedule = await context.uow.schedules.get(context.to_caller, kind)
    if schedule is not None:
        return rhythm_options(schedule.recurrence)
    zone = await context.zone()
    return {"zone": zone.key} if zone else {}


def subscriptions_of(context: Context) -> Subscriptions:
    """Open the workspace's recurring messages, for the caller to change."""
    return Subscriptions(context.uow, context.pack, context.caller.user_id, context.now)
