"""What will be posted in the days to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorbot.cadence import left_out, next_after
from mentorbot.days_off import Calendar
from mentorbot.storage import Schedule, Store
from mentorbot.storage.schedules import turn_of


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One message to come. `utc` and `local` are ISO 8601; `zone` is IANA."""

    kind: str
    destination: str
    utc: str
    local: str
    zone: str


async def preview(store: Store, now: datetime, days: int) -> list[Upcoming]:
    """Everything that the active schedules will post from `now` (aware) on, in order of time."""
    end = now + timedelta(days=days)
    schedules = await store.queue.schedules()
    calendars = {place: await store.queue.calendar(place) for place in {one.workspace for one in schedules}}
    found = [item for one in schedules for item in _occurrences(one, calendars[one.workspace], now, end)]
    return [upcoming for _, upcoming in sorted(found, key=lambda item: (item[0], item[1].destination))]


def _occurrences(
    schedule: Schedule, calendar: Calendar, now: datetime, end: datetime
) -> list[tuple[datetime, Upcoming]]:
    """What is left out on a day off or in a pause is not among them."""
    later = turn_of(schedule.kind, schedule.id, calendar)
    found, at = [], next_after(schedule.cadence, now)
    while at is not None and at <= end:
        if not left_out(schedule.cadence, at, calendar):
            found.append((at + later, _upcoming(schedule, at + later)))
        at = next_after(schedule.cadence, at)
    return found


def _upcoming(schedule: Schedule, at: datetime) -> Upcoming:
    zone = schedule.cadence.zone
    local = at.astimezone(zone).isoformat(timespec="minutes")
    return Upcoming(schedule.kind, schedule.place, at.isoformat(timespec="minutes"), local, zone.key)
