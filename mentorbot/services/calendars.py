"""When a workspace works: its own days off and days of work."""

from __future__ import annotations

from datetime import date

from mentorbot.errors import BadValue
from mentorbot.storage import UnitOfWork

MAX_DAYS_OFF = 100
"""Days of its own that a workspace names ahead."""


async def add_day_off(uow: UnitOfWork, day: date, name: str, today: date) -> None:
    """Save a day off of the workspace's own.

    Raises:
        BadValue: there are too many to come already.
    """
    days = (await uow.calendars.get()).overrides
    if day not in days and sum(other >= today for other in days) >= MAX_DAYS_OFF:
        text = f"There are {MAX_DAYS_OFF} days already. Let the next ones pass before you add more."
        raise BadValue(text, option="off")
    await uow.calendars.save_day(day, name)


async def work_on(uow: UnitOfWork, day: date) -> None:
    """Take a day off of the workspace's own back; on a public holiday, people work all the same."""
    await uow.calendars.delete_day(day)
    if (await uow.calendars.get()).get(day):
        await uow.calendars.save_day(day, "")
