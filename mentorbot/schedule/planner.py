"""From schedules to deliveries: each occurrence that is due becomes one row, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from mentorbot.cadence import next_after
from mentorbot.clock import Clock
from mentorbot.packs.library import Library
from mentorbot.schedule.choice import next_tip
from mentorbot.storage import Schedule, Store
from mentorbot.storage.queue import Planned
from mentorbot.storage.schedules import TIP

_GRACE = timedelta(hours=24)
_PERSONAL_GRACE = timedelta(hours=48)


def grace_of(kind: str) -> timedelta:
    """How late a message may come. An older one is recorded as missed when the bot comes back; a younger is sent, once."""
    return _GRACE if kind == TIP else _PERSONAL_GRACE


BATCH = 500


class Planner:
    """Plans what is due, in batches, each in a transaction of its own. Any number of replicas may do so."""

    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store, self._library, self._clock = store, library, clock

    async def plan(self) -> int:
        """Plan everything that is due now; the number of schedules that were."""
        now, total = self._clock.now(), 0
        while True:
            async with self._store.queue.planning() as planning:
                due = await planning.due(now, BATCH)
                used = await planning.used([schedule.id for schedule in due if schedule.kind == TIP])
                await planning.add([one for schedule in due for one in self._planned(schedule, used, now)], now)
                await planning.advance({schedule.id: next_after(schedule.cadence, now) for schedule in due})
            total += len(due)
            if len(due) < BATCH:
                return total

    def _planned(self, schedule: Schedule, used: dict[int, list[str]], now: datetime) -> Iterator[Planned]:
        """The latest occurrence is sent when it is young enough; the ones before it, and an old one, were missed."""
        occurrences, had = _until(schedule, now), used.get(schedule.id, [])
        for occurrence in occurrences:
            late = occurrence != occurrences[-1] or now - occurrence > grace_of(schedule.kind)
            missed = "the bot was not running in time" if late else None
            # Only tips are chosen beforehand; what a person gets is made when it is sent.
            item = next_tip(self._library.default, schedule.id, had) if schedule.kind == TIP else ""
            if item is None:
                missed = "the role pack has no tips"
            elif missed is None:
                had.append(item)
            yield Planned(schedule.id, occurrence, item or "", missed)


def _until(schedule: Schedule, now: datetime) -> list[datetime]:
    occurrences = [schedule.next_run_at]
    while (following := next_after(schedule.cadence, occurrences[-1])) <= now:
        occurrences.append(following)
    return occurrences
