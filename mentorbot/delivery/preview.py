"""What will be posted in the days to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorbot.domain.records import Schedule
from mentorbot.domain.recurrence import next_after, skip_reason
from mentorbot.domain.work_calendar import WorkCalendar
from mentorbot.storage import Store
from mentorbot.storage.schedules import turn_of

MAX_WAITING = 10_000
"""Messages that wait, the newest of them, which are listed beside those to come."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One message to come. `utc` and `local` are ISO 8601; `zone` is IANA."""

    kind: str
    destination: str
    utc: str
    local: str
    zone: str


async def preview(store: Store, now: datetime, days: int) -> list[Upcoming]:
    """Everything that the active schedules will post from `now` (aware) on, and what waits to be sent, in order of time."""
    end = now + timedelta(days=days)
    schedules = await store.queue.schedules()
    calendars = {place: await store.queue.calendar(place) for place in {one.workspace for one in schedules}}
    found = [item for one in schedules for item in _occurrences(one, calendars[one.workspace], now, end)]
    for delivery, schedule in await store.deliveries.list(("pending",), MAX_WAITING):
        if delivery.merged_into is None and schedule.state == "active" and (at := max(now, delivery.not_before)) <= end:
            found.append((at, _upcoming(schedule, at)))
    return [upcoming for _, upcoming in sorted(found, key=lambda item: (item[0], item[1].destination))]


def _occurrences(
    schedule: Schedule, calendar: WorkCalendar, now: datetime, end: datetime
) -> list[tuple[datetime, Upcoming]]:
    """What is left out on a day off or in a pause is not among them."""
    later = turn_of(schedule.kind, schedule.id, calendar)
    found, at = [], next_after(schedule.cadence, now)
    while at is not None and at <= end:
        if not any(skip_reason(schedule.cadence, instant, calendar) for instant in (at, at + later)):
            found.append((at + later, _upcoming(schedule, at + later)))
        at = next_after(schedule.cadence, at)
    return found


def _upcoming(schedule: Schedule, at: datetime) -> Upcoming:
    zone = schedule.cadence.zone
    local = at.astimezone(zone).isoformat(timespec="minutes")
    return Upcoming(schedule.kind, schedule.place, at.isoformat(timespec="minutes"), local, zone.key)
