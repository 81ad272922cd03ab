"""Time travel in the playground: everything due on the way happens at its own time."""

from __future__ import annotations

from datetime import datetime

from mentorbot.clock import Clock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.domain.recurrence import next_after
from mentorbot.storage import Store


async def travel_to(target: datetime, clock: Clock, store: Store, scheduler: Scheduler) -> None:
    """Move the clock to an aware instant, stopping whenever something is due on the way.

    That's an occurrence of a schedule, the next try of a delivery, or the deadline of a request to a mentor.
    """
    if target < clock.now():
        clock.travel_to(target)  # first, or a tick in between would take the rewound schedules for late
        await rewind_to(store, target)
    else:
        await scheduler.tick()  # so messages due now aren't late once the clock has moved
    while (stop := await _next_stop(clock.now(), target, store)) is not None:
        clock.travel_to(stop)
        await scheduler.tick()
    clock.travel_to(target)
    await scheduler.tick()


async def _next_stop(now: datetime, target: datetime, store: Store) -> datetime | None:
    """Find the next instant something is due, after `now` and no later than `target`."""
    planned = [schedule.next_run_at for schedule in await store.queue.schedules()]
    once = [await store.deliveries.next_try(now, target), await store.maintenance.next_deadline(now, target)]
    return min((at for at in [*planned, *once] if at is not None and now < at <= target), default=None)


async def rewind_to(store: Store, now: datetime) -> None:
    """Move every schedule back so that it goes on from `now`, including one whose last occurrence came in the future.

    Messages sent in that future are sent again at their time, and `why` says so.
    """
    next_runs: dict[int, datetime | None] = {}
    for schedule in await store.queue.schedules(over=True):
        at = next_after(schedule.recurrence, now)
        if at is not None and (schedule.next_run_at is None or schedule.next_run_at > at):
            next_runs[schedule.id] = at
    async with store.queue.planning() as planning:
        await planning.forget_after(now)
        await planning.advance(next_runs)
