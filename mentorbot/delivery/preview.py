"""Preview of the messages of the next days, made by the same policy that sends them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mentorbot.domain.deliveries import Delivery, DeliveryState, Destination, MessageKind, Schedule, ScheduleState
from mentorbot.domain.delivery_policy import Drop, Facts, decide
from mentorbot.domain.recurrence import next_after
from mentorbot.domain.work_calendar import WorkCalendar
from mentorbot.storage import Store

MAX_WAITING = 10_000
"""Limit on the waiting messages in a preview, newest first."""


_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """One upcoming message. `utc` and `local` are ISO 8601; `zone` is an IANA name."""

    kind: str
    destination: str
    utc: str
    local: str
    zone: str


async def preview(store: Store, now: datetime, days: int) -> list[Upcoming]:
    """List the messages active schedules will post within `days` of `now` (aware), and those waiting to be sent, by time."""
    end = now + timedelta(days=days)
    schedules = await store.queue.schedules()
    calendars = {
        workspace: await store.queue.calendar(workspace) for workspace in {schedule.workspace for schedule in schedules}
    }
    upcoming = [
        (at, _upcoming(schedule.kind, schedule.destination, schedule.recurrence.zone, at))
        for schedule in schedules
        for at in _occurrences(schedule, calendars[schedule.workspace], now, end)
    ]
    for delivery in await store.deliveries.list((DeliveryState.PENDING,), MAX_WAITING):
        if _may_be_sent(delivery) and (at := max(now, delivery.not_before)) <= end:
            zone = delivery.schedule.recurrence.zone if delivery.schedule else _UTC
            upcoming.append((at, _upcoming(delivery.kind, delivery.destination, zone, at)))
    return [message for _, message in sorted(upcoming, key=lambda entry: (entry[0], entry[1].destination))]


def _may_be_sent(delivery: Delivery) -> bool:
    active = delivery.schedule is None or delivery.schedule.state is ScheduleState.ACTIVE
    return active and delivery.parent_delivery is None


def _occurrences(schedule: Schedule, calendar: WorkCalendar, now: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants when a schedule posts, without those the policy drops for a day off or a pause."""
    offset, at = schedule.send_offset(calendar), next_after(schedule.recurrence, now)
    while at is not None and at <= end:
        facts = Facts(
            kind=schedule.kind,
            now=at + offset,
            occurrence_at=at,
            zone=schedule.recurrence.zone,
            recurrence=schedule.recurrence,
            calendar=calendar,
        )
        if not isinstance(decide(facts), Drop):
            yield at + offset
        at = next_after(schedule.recurrence, at)


def _upcoming(kind: MessageKind, destination: Destination, zone: ZoneInfo, at: datetime) -> Upcoming:
    return Upcoming(
        kind=kind.value,
        destination=destination.label,
        utc=at.isoformat(timespec="minutes"),
        local=at.astimezone(zone).isoformat(timespec="minutes"),
        zone=zone.key,
    )
