"""The planner: it turns each due occurrence of a schedule into one delivery row, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mentorbot.chat.platform import Workspace
from mentorbot.clock import Clock
from mentorbot.domain.deliveries import DeliveryState, MessageKind, Reason, ReasonCode, Schedule
from mentorbot.domain.delivery_policy import Drop, Facts, decide
from mentorbot.domain.recurrence import next_after
from mentorbot.domain.tips import next_tip
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar
from mentorbot.packs.library import Library
from mentorbot.storage import Store
from mentorbot.storage.delivery_planning import PlannedOccurrence

PLAN_BATCH = 500
"""Schedules planned in one transaction."""


class Planner:
    """Planner of due occurrences, in batches of one transaction each. Any number of replicas may plan at the same time."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store, self._library, self._clock = store, library, clock

    async def plan(self) -> int:
        """Plan everything that's due now. Returns the number of schedules planned."""
        now, total = self._clock.now(), 0
        while True:
            async with self._store.queue.planning() as planning:
                due = await planning.due(now, PLAN_BATCH)
                tips = [schedule.id for schedule in due if schedule.kind is MessageKind.TIP]
                batch = _Batch(now, await planning.used(tips), await planning.calendars(due))
                runs = [(schedule, *_due_occurrences(schedule, now)) for schedule in due]
                occurrences = [
                    planned for schedule, instants, _ in runs for planned in self._planned(schedule, instants, batch)
                ]
                await planning.add(occurrences, now)
                if overdue := [occurrence.schedule_id for occurrence in occurrences if occurrence.is_overdue(now)]:
                    await planning.report_downtime(overdue, now)
                await planning.advance({schedule.id: following for schedule, _, following in runs})
            total += len(due)
            if len(due) < PLAN_BATCH:
                return total

    def _planned(self, schedule: Schedule, instants: Sequence[datetime], batch: _Batch) -> Iterator[PlannedOccurrence]:
        """Plan each occurrence. The policy drops any that fall on a day off or in a pause, or are too late."""
        calendar = batch.calendars.get(schedule.workspace, EVERY_DAY)
        for instant in instants:
            decision = decide(
                Facts(
                    kind=schedule.kind,
                    now=batch.now,
                    occurrence_at=instant,
                    zone=schedule.recurrence.zone,
                    recurrence=schedule.recurrence,
                    calendar=calendar,
                    superseded=instant != instants[-1],
                )
            )
            if isinstance(decision, Drop):
                yield PlannedOccurrence(schedule.id, instant, state=decision.state, reason=decision.reason)
            else:
                yield self._to_send(schedule, instant, batch.used.get(schedule.id, []), calendar)

    def _to_send(
        self, schedule: Schedule, instant: datetime, used: Sequence[str], calendar: WorkCalendar
    ) -> PlannedOccurrence:
        """Plan an occurrence to send. Only a channel's tip is chosen now; content for a person is made at the time of sending."""
        item: str | None = ""
        if schedule.kind is MessageKind.TIP:
            item = next_tip(self._library.pack(schedule.role).tip_entries, schedule.id, used)
        if item is None:
            no_tips = Reason(ReasonCode.NO_TIPS)
            return PlannedOccurrence(schedule.id, instant, state=DeliveryState.MISSED, reason=no_tips)
        return PlannedOccurrence(schedule.id, instant, item, offset=schedule.send_offset(calendar))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Facts shared by a batch: the items each schedule (by id) has used, and the workspaces' calendars."""

    now: datetime
    used: Mapping[int, Sequence[str]]
    calendars: Mapping[Workspace, WorkCalendar]


def _due_occurrences(schedule: Schedule, now: datetime) -> tuple[list[datetime], datetime | None]:
    """List the occurrences of a schedule that are due and not planned yet, oldest first. Also returns the one after them."""
    occurrences = [schedule.next_run_at or now]
    while (following := next_after(schedule.recurrence, occurrences[-1])) is not None and following <= now:
        occurrences.append(following)
    return occurrences, following
