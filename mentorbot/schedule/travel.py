"""Moving the clock in the playground: every occurrence on the way happens at its own time."""

from __future__ import annotations

from datetime import datetime

from mentorbot.clock import Clock
from mentorbot.schedule.ticker import Ticker
from mentorbot.storage import Store


async def travel(to: datetime, clock: Clock, store: Store, ticker: Ticker) -> None:
    """Bring `clock` to the aware instant `to`, stopping wherever something is due in between."""
    while True:
        dates = [schedule.next_run_at for schedule in await store.queue.schedules()]
        stop = min((at for at in dates if clock.now() < at <= to), default=None)
        if stop is None:
            break
        clock.jump_to(stop)
        await ticker.tick()
    clock.jump_to(to)
    await ticker.tick()
