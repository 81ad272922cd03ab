"""Sending one delivery: once, or on the record why not."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from mentorbot.cards import Card
from mentorbot.clock import Clock
from mentorbot.commands.tips import all_tips, tip_card
from mentorbot.errors import PermanentFault, SendFailed, TemporaryFault, Throttled
from mentorbot.messenger import Messenger
from mentorbot.packs.library import Library
from mentorbot.schedule.planner import GRACE, next_tip
from mentorbot.storage import Delivery, Schedule, Store

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=30)
SEND_SECONDS = 30
LATE = timedelta(minutes=15)
# A platform's clock and ours may differ by a little; looking back further costs nothing.
LOOK_BACK = timedelta(minutes=5)


class Sender:
    """Sends deliveries of the platforms that are open in this process."""

    def __init__(self, store: Store, library: Library, clock: Clock, messengers: Mapping[str, Messenger]) -> None:
        self._queue, self._library, self._clock = store.queue, library, clock
        self._messengers = messengers

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that this process can send on."""
        return tuple(self._messengers)

    async def deliver(self, delivery_id: int) -> None:
        """Send a pending delivery and settle it; a second call, from anywhere, changes nothing."""
        found = await self._queue.get(delivery_id)
        if found is None or found[0].state != "pending":
            return
        delivery, schedule = found
        messenger = self._messengers[schedule.workspace.platform]
        try:
            if delivery.begun_at is not None and await self._arrived(messenger, delivery):
                return
            if await self._outdated(delivery, schedule):
                return
            if await self._queue.begin_attempt(delivery.id, delivery.attempts, self._clock.now()):
                await self._send(messenger, delivery)
        except SendFailed as fault:
            await self._failed(delivery, schedule, fault)

    async def _arrived(self, messenger: Messenger, delivery: Delivery) -> bool:
        """An attempt began and was never settled: look in the channel whether its message is there."""
        since = (delivery.begun_at or delivery.occurrence_at) - LOOK_BACK
        message = await messenger.find(delivery.channel, delivery.key, min(since, delivery.occurrence_at))
        if message is not None:
            await self._queue.settle(delivery.id, message, self._clock.now())
        return message is not None

    async def _outdated(self, delivery: Delivery, schedule: Schedule) -> bool:
        """Settle what nobody waits for any more."""
        if schedule.state != "active":
            await self._queue.give_up(delivery.id, "cancelled", f"the schedule is {schedule.state}")
            return True
        if self._clock.now() - delivery.occurrence_at > GRACE:
            await self._queue.give_up(delivery.id, "missed", "it could not be sent in time")
            return True
        return False

    async def _send(self, messenger: Messenger, delivery: Delivery) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                message = await messenger.post(delivery.channel, self._card(delivery), delivery.key)
        except TimeoutError as error:
            raise TemporaryFault("timeout", f"no answer within {SEND_SECONDS} s") from error
        await self._queue.settle(delivery.id, message, self._clock.now())

    def _card(self, delivery: Delivery) -> Card:
        pack = self._library.default
        tips = all_tips(pack)
        # The pack may have lost the tip since it was planned.
        item = delivery.item if delivery.item in tips else next_tip(pack, delivery.schedule_id, ())
        return tip_card(pack, tips[item][0], scheduled=True, late=_late(delivery, self._clock.now()))

    async def _failed(self, delivery: Delivery, schedule: Schedule, fault: SendFailed) -> None:
        now = self._clock.now()
        if isinstance(fault, Throttled):
            until = now + timedelta(seconds=fault.retry_after)
            await self._queue.postpone(delivery.id, until, str(fault), arrived_never=True)
        elif isinstance(fault, PermanentFault):
            log.warning("delivery %s failed for good: %s", delivery.id, fault.code)
            await self._queue.give_up(delivery.id, "failed", str(fault))
            await self._queue.pause(schedule.id, fault.code)
        elif delivery.attempts + 1 >= MAX_ATTEMPTS:
            log.warning("delivery %s failed %s times: %s", delivery.id, MAX_ATTEMPTS, fault)
            await self._queue.give_up(delivery.id, "failed", f"{MAX_ATTEMPTS} attempts: {fault}")
        else:
            await self._queue.postpone(delivery.id, now + wait(delivery.attempts), str(fault), arrived_never=False)


def wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, with jitter, up to half an hour."""
    base = min(FIRST_WAIT * float(2**attempts), LONGEST_WAIT)
    return base * random.uniform(0.75, 1.25)  # noqa: S311  spreads the load, no secret


def _late(delivery: Delivery, now: datetime) -> str | None:
    if now - delivery.occurrence_at <= LATE:
        return None
    reason = f" ({delivery.last_error})" if delivery.last_error else ", I was not running"
    return f"Late: planned for {delivery.occurrence_at:%A %H:%M} UTC; I could not post then{reason}."
