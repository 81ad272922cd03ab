"""What commands say and read of a cadence: its options, when it comes, and when it comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Choice, RichText, rich
from mentorbot.commands.context import Context
from mentorbot.domain.records import Schedule
from mentorbot.domain.recurrence import MAX_WEEK_INTERVAL, Recurrence, next_after, next_not_skipped, skip_reason
from mentorbot.domain.work_calendar import WorkCalendar
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.slash.forms import MissingOption
from mentorbot.storage.schedules import turn_of

NINE = time(9)
"""When what is told no time comes."""


@dataclass(frozen=True, slots=True)
class Coming:
    """The next message of a schedule. `at` (UTC) is None when none comes any more; `quiet`: it waits for the end of quiet hours
    until then; `skipped` says why an earlier one is left out, "" when none is.
    """

    at: datetime | None
    quiet: bool
    skipped: str

    def in_words(self, zone: ZoneInfo) -> str:
        """When it comes, on the clocks of `zone`; or why nothing does."""
        if self.at is None:
            return f"nothing more: {self.skipped}"
        return f"{local_words(self.at, zone)}{', when your quiet hours end' if self.quiet else ''}"


_WEEKS = {"week": 1} | {f"{number}-weeks": number for number in range(2, MAX_WEEK_INTERVAL + 1)}


def weeks(_: Pack) -> list[Choice]:
    """How often, as choices."""
    return [Choice(f"every {value.replace('-', ' ')}", value) for value in _WEEKS]


async def own_zone(context: Context, given: ZoneInfo | None) -> ZoneInfo:
    """The zone of what comes to the caller alone. One that is `given` is theirs from now on, for quiet hours too.

    Raises:
        MissingOption: none is given, and nobody knows it.
    """
    await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    if given is not None:
        await context.uow.people.set_zone(context.caller.user_id, given)
    zone = given or await context.zone()
    if zone is None:
        raise MissingOption("zone")
    return zone


def recurring(
    cadence: Recurrence,
    now: datetime,
    *,
    every: str | None = None,
    start: date | None = None,
    until: date | None = None,
) -> Recurrence:
    """`cadence` with what was given of how often, from when and until when.

    Raises:
        BadValue: nothing would ever come.
    """
    number = _WEEKS[every] if every else cadence.every
    if number > 1 and start is None and every:
        start = now.astimezone(cadence.zone).date()  # weeks are counted from something
    made = replace(
        cadence, every=number, starts_on=start or cadence.starts_on, ends_on=until or cadence.ends_on, pause_until=None
    )
    if next_after(made, now) is None:
        raise BadValue(
            f"Nothing would come until {made.ends_on:%A, %-d %B %Y}. Write a later day for until.", option="until"
        )
    return made


def local_words(instant: datetime, zone: ZoneInfo) -> str:
    """An instant on the clocks of `zone`."""
    return f"{instant.astimezone(zone):%A, %-d %B %Y, %H:%M}"


def posted_next(schedule: Schedule, off: WorkCalendar) -> Coming:
    """What a schedule of a channel posts next; what comes to a person hangs on more, see `Outlook`."""
    first = schedule.next_run_at
    kept = next_not_skipped(schedule.cadence, first, off)
    skipped = "" if kept == first else skip_reason(schedule.cadence, first, off)
    if kept is None and (last := schedule.cadence.ends_on):
        skipped = f"all until {last:%-d %B %Y} falls on days off or in a pause"
    return Coming(kept and kept + turn_of(schedule.kind, schedule.id, off), quiet=False, skipped=skipped)


def when_rows(cadence: Recurrence, coming: Coming, on_its_way: Sequence[datetime] = ()) -> list[tuple[str, RichText]]:
    """When it comes, what is on its way already, when next, and what is left out before that."""
    rows = [("When", rich(cadence.in_words()))]
    rows += [("On its way", rich(local_words(at, cadence.zone))) for at in on_its_way]
    rows.append(("Next", rich(coming.in_words(cadence.zone))))
    if coming.at is not None and coming.skipped:
        rows.append(("Left out", rich(coming.skipped)))
    return rows
