"""What will be posted in the days to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorbot.cadence import next_after
from mentorbot.storage import Schedule, Store


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
    found = [item for schedule in await store.queue.schedules() for item in _occurrences(schedule, now, end)]
    return [upcoming for _, upcoming in sorted(found, key=lambda item: (item[0], item[1].destination))]


def _occurrences(schedule: Schedule, now: datetime, end: datetime) -> list[tuple[datetime, Upcoming]]:
    found = []
    at = next_after(schedule.cadence, now)
    while at <= end:
        found.append((at, _upcoming(schedule, at)))
        at = next_after(schedule.cadence, at)
    return found


def _upcoming(schedule: Schedule, at: datetime) -> Upcoming:
    workspace, zone = schedule.workspace, schedule.cadence.zone
    destination = f"{workspace.platform}/{workspace.id}/{schedule.channel.name or schedule.channel.id}"
    local = at.astimezone(zone).isoformat(timespec="minutes")
    return Upcoming(schedule.kind, destination, at.isoformat(timespec="minutes"), local, zone.key)
