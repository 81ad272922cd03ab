"""Moving the clock in the playground: every occurrence on the way happens at its own time."""

from __future__ import annotations

from datetime import datetime

from mentorbot.clock import Clock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.domain.recurrence import next_after
from mentorbot.storage import Store


async def travel_to(target: datetime, clock: Clock, store: Store, scheduler: Scheduler) -> None:
    """Bring the clock to an aware instant, stopping wherever something is due in between.

    That is by its schedule, since it was put off until then, or since a mentor was to have answered.
    """
    if target < clock.now():
        clock.travel_to(target)  # first: a tick beside it must not take what is given back for what is late
        await rewind_to(store, target)
    else:
        await scheduler.tick()  # what is due now comes before the journey, and not late after it
    while (stop := await _next_stop(clock.now(), target, store)) is not None:
        clock.travel_to(stop)
        await scheduler.tick()
    clock.travel_to(target)
    await scheduler.tick()


async def _next_stop(now: datetime, target: datetime, store: Store) -> datetime | None:
    """When something is due next, after `now` and until `target`."""
    planned = [schedule.next_run_at for schedule in await store.queue.schedules()]
    once = [await store.deliveries.next_try(now, target), await store.maintenance.next_deadline(now, target)]
    return min((at for at in [*planned, *once] if at is not None and now < at <= target), default=None)


async def rewind_to(store: Store, now: datetime) -> None:
    """Let every schedule go on from `now`, also one that a journey into the future has carried away.

    What came there comes again at its time, as `why` says.
    """
    back: dict[int, datetime | None] = {}
    for schedule in await store.queue.schedules(over=True):
        at = next_after(schedule.recurrence, now)
        if at is not None and (schedule.next_run_at is None or schedule.next_run_at > at):
            back[schedule.id] = at
    async with store.queue.planning() as planning:
        await planning.forget_after(now)
        await planning.advance(back)
