"""Moving the clock in the playground: every occurrence on the way happens at its own time."""

from __future__ import annotations

from datetime import datetime

from mentorbot.clock import Clock
from mentorbot.delivery.scheduler import Scheduler
from mentorbot.domain.recurrence import next_after
from mentorbot.storage import Store


async def travel_to(to: datetime, clock: Clock, store: Store, ticker: Scheduler) -> None:
    """Bring `clock` to the aware instant `to`, stopping wherever something is due in between: by its schedule, since it was
    put off until then, or since a mentor was to have answered.
    """
    if to < clock.now():
        clock.travel_to(to)  # first: a tick beside it must not take what is given back for what is late
        await rewind_to(store, to)
    else:
        await ticker.tick()  # what is due now comes before the journey, and not late after it
    while (stop := await _next_stop(clock.now(), to, store)) is not None:
        clock.travel_to(stop)
        await ticker.tick()
    clock.travel_to(to)
    await ticker.tick()


async def _next_stop(now: datetime, to: datetime, store: Store) -> datetime | None:
    """When something is due next, after `now` and until `to`."""
    planned = [schedule.next_run_at for schedule in await store.queue.schedules()]
    once = await store.deliveries.next_try(now, to), await store.maintenance.next_deadline(now, to)
    return min((at for at in (*planned, *filter(None, once)) if now < at <= to), default=None)


async def rewind_to(store: Store, now: datetime) -> None:
    """Let every schedule go on from `now`, also one that a journey into the future has carried away: what came there comes
    again at its time, as `why` says.
    """
    schedules = await store.queue.schedules(over=True)
    following = {one.id: (one.next_run_at, next_after(one.cadence, now)) for one in schedules}
    back = {number: at for number, (before, at) in following.items() if at is not None and before > at}
    async with store.queue.planning() as planning:
        await planning.forget_after(now)
        await planning.advance(back)
