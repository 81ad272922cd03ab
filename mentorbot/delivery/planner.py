"""From schedules to deliveries: each occurrence that is due becomes one row, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorbot.chat.platform import Workspace
from mentorbot.clock import Clock
from mentorbot.domain.records import Schedule
from mentorbot.domain.recurrence import next_after, skip_reason
from mentorbot.domain.tips import next_tip
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from mentorbot.storage.planning import Planned
from mentorbot.storage.schedules import TIP, turn_of

_TIP_LATENESS = timedelta(hours=24)
_PERSONAL_LATENESS = timedelta(hours=48)


def max_lateness(kind: str) -> timedelta:
    """How late a message may come. An older one is recorded as missed when the bot comes back; a younger is sent, once."""
    return _TIP_LATENESS if kind == TIP else _PERSONAL_LATENESS


PLAN_BATCH = 500


class Planner:
    """Plans what is due, in batches, each in a transaction of its own. Any number of replicas may do so."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store, self._library, self._clock = store, library, clock

    async def plan(self) -> int:
        """Plan everything that is due now; the number of schedules that were."""
        now, total = self._clock.now(), 0
        while True:
            async with self._store.queue.planning() as planning:
                due = await planning.due(now, PLAN_BATCH)
                calendars = await planning.calendars(due)
                used = await planning.used([schedule.id for schedule in due if schedule.kind == TIP])
                batch = _Batch(now, used, calendars)
                ahead = [(schedule, *_until(schedule, now)) for schedule in due]
                await planning.add(
                    [one for schedule, at, _ in ahead for one in self._planned(schedule, at, batch)], now
                )
                await planning.advance({schedule.id: following for schedule, _, following in ahead})
            total += len(due)
            if len(due) < PLAN_BATCH:
                return total

    def _planned(self, schedule: Schedule, occurrences: list[datetime], batch: _Batch) -> Iterator[Planned]:
        """The latest occurrence is sent when it is young enough; the ones before it, and an old one, were missed."""
        calendar = batch.calendars.get(schedule.workspace, EVERY_DAY)
        later = turn_of(schedule.kind, schedule.id, calendar)
        had = batch.used.get(schedule.id, [])
        for occurrence in occurrences:
            late = occurrence != occurrences[-1] or batch.now - occurrence > max_lateness(schedule.kind)
            if reason := skip_reason(schedule.cadence, occurrence, calendar):
                yield Planned(schedule.id, occurrence, "", "cancelled", reason)
            elif late:
                yield Planned(schedule.id, occurrence, "", "missed", "the bot was not running in time")
            else:
                yield self._to_send(schedule, occurrence, had, later)

    def _to_send(self, schedule: Schedule, occurrence: datetime, had: list[str], later: timedelta) -> Planned:
        """Only tips are chosen beforehand; what a person gets is made when it is sent."""
        item = next_tip(self._library.default.tip_entries, schedule.id, had) if schedule.kind == TIP else ""
        if item is None:
            return Planned(schedule.id, occurrence, "", "missed", "the role pack has no tips")
        return Planned(schedule.id, occurrence, item, later=later)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What schedules that are planned together need: the items they have had, and when their workspaces work."""

    now: datetime
    used: dict[int, list[str]]
    calendars: dict[Workspace, WorkCalendar]


def _until(schedule: Schedule, now: datetime) -> tuple[list[datetime], datetime | None]:
    """The occurrences of a schedule that have not been planned yet and are due, oldest first; and the one after them."""
    occurrences = [schedule.next_run_at]
    while (following := next_after(schedule.cadence, occurrences[-1])) is not None and following <= now:
        occurrences.append(following)
    return occurrences, following
