"""A workspace's calendar: its public holidays, its own days off and workdays, and the spread of its check-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mentorbot.domain.recurrence import UNNAMED_DAY_OFF
from mentorbot.errors import BadValue
from mentorbot.storage import UnitOfWork

MAX_DAYS_OFF = 100
"""Future days off a workspace may add to the public holidays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanges:
    """Changes to a workspace's calendar; None leaves a setting as it is.

    `country` is the code of the country whose public holidays are off, "" for none. `day_off_name` is the name of `day_off`.
    """

    country: str | None = None
    day_off: date | None = None
    day_off_name: str = UNNAMED_DAY_OFF
    workday: date | None = None
    spread_minutes: int | None = None


async def change_calendar(uow: UnitOfWork, changes: CalendarChanges, today: date) -> None:
    """Save the changes.

    Raises:
        BadValue: the workspace has too many days off ahead already.
    """
    if changes.country is not None:
        await uow.calendars.set_country(changes.country)
    if changes.day_off is not None:
        await _add_day_off(uow, changes.day_off, changes.day_off_name, today)
    if changes.workday is not None:
        await _make_workday(uow, changes.workday)
    if changes.spread_minutes is not None:
        await uow.calendars.set_spread(changes.spread_minutes)


async def _add_day_off(uow: UnitOfWork, day: date, name: str, today: date) -> None:
    days = (await uow.calendars.get()).overrides
    if day not in days and sum(other >= today for other in days) >= MAX_DAYS_OFF:
        text = f"There are {MAX_DAYS_OFF} days already. Let the next ones pass before you add more."
        raise BadValue(text, option="off")
    await uow.calendars.save_day(day, name)


async def _make_workday(uow: UnitOfWork, day: date) -> None:
    """Remove one of the workspace's own days off, or turn a public holiday into a workday."""
    await uow.calendars.delete_day(day)
    if (await uow.calendars.get()).get(day):
        await uow.calendars.save_day(day, "")
