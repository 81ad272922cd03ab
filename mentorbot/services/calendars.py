"""A workspace's calendar: its public holidays, its own days off and workdays, and the spread of its check-ins."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from mentorbot.domain.recurrence import UNNAMED_DAY_OFF
from mentorbot.domain.work_calendar import DayEntries
from mentorbot.errors import BadValue
from mentorbot.slash.dates import DateRange
from mentorbot.storage import UnitOfWork

MAX_DAYS_OFF = 100
"""Future days off a workspace may add to the public holidays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanges:
    """Changes to a workspace's calendar; None leaves a setting as it is.

    `country` is the code of the country whose public holidays are off, "" for none. `day_off_name` is the name of all `days_off`.
    """

    country: str | None = None
    days_off: DateRange | None = None
    day_off_name: str = UNNAMED_DAY_OFF
    workday: date | None = None
    spread_minutes: int | None = None
    entries: DayEntries | None = None
    """Days to set back to the entries they had."""


async def change_calendar(uow: UnitOfWork, changes: CalendarChanges, today: date) -> CalendarChanges:
    """Save the changes. Returns the changes that undo them.

    Raises:
        BadValue: the workspace has too many days off ahead already.
    """
    before = await uow.calendars.get()
    await _save(uow, changes, today)
    after = (await uow.calendars.get()).overrides
    changed = {day for day in before.overrides.keys() | after.keys() if before.overrides.get(day) != after.get(day)}
    return CalendarChanges(
        country=before.country if changes.country not in (None, before.country) else None,
        spread_minutes=before.spread_minutes if changes.spread_minutes not in (None, before.spread_minutes) else None,
        entries={day: before.overrides.get(day) for day in changed} or None,
    )


async def _save(uow: UnitOfWork, changes: CalendarChanges, today: date) -> None:
    await _set_back(uow, changes.entries or {}, today)
    if changes.country is not None:
        await uow.calendars.set_country(changes.country)
    if changes.days_off is not None:
        await _add_days_off(uow, changes.days_off, changes.day_off_name, today)
    if changes.workday is not None:
        await _make_workday(uow, changes.workday)
    if changes.spread_minutes is not None:
        await uow.calendars.set_spread(changes.spread_minutes)


async def _set_back(uow: UnitOfWork, entries: DayEntries, today: date) -> None:
    saved = {day: name for day, name in entries.items() if name is not None}
    for day in entries.keys() - saved.keys():
        await uow.calendars.delete_day(day)
    await _ensure_room(uow, saved.keys(), today, "days")
    for day, name in saved.items():
        await uow.calendars.save_day(day, name)


async def _add_days_off(uow: UnitOfWork, days: DateRange, name: str, today: date) -> None:
    if days.days > MAX_DAYS_OFF:
        raise BadValue(f"That's {days.days} days off. I can only save {MAX_DAYS_OFF}, so choose fewer.", option="off")
    added = {days.first + timedelta(days=number) for number in range(days.days)}
    await _ensure_room(uow, added, today, "off")
    for day in sorted(added):
        await uow.calendars.save_day(day, name)


async def _ensure_room(uow: UnitOfWork, added: Set[date], today: date, option: str) -> None:
    known = (await uow.calendars.get()).overrides
    if added and sum(day >= today for day in known.keys() | added) > MAX_DAYS_OFF:
        text = f"I can only save {MAX_DAYS_OFF} days off ahead. Add more once some have passed."
        raise BadValue(text, option=option)


async def _make_workday(uow: UnitOfWork, day: date) -> None:
    """Remove one of the workspace's own days off, or turn a public holiday into a workday."""
    await uow.calendars.delete_day(day)
    if (await uow.calendars.get()).get(day):
        await uow.calendars.save_day(day, "")
