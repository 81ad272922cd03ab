"""What keeps a delivery from being sent, and what becomes of it then."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from mentorbot.chat.platform import ChatPlatform, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.coming import ON_TIME
from mentorbot.delivery.message import NotSent
from mentorbot.delivery.planner import max_lateness
from mentorbot.domain.records import Delivery, Schedule
from mentorbot.errors import PermanentSendError, RateLimited, SendError, WorkspaceRevoked
from mentorbot.storage.delivery_queue import DeliveryQueue

log = logging.getLogger(__name__)
# With these waits the last attempt comes about six hours after the first.
MAX_ATTEMPTS = 20
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=30)
SHORTEST_HOLD = timedelta(seconds=1)
LOCKED_OUT_HOLD = timedelta(minutes=15)


class RetryPolicy:
    """Puts down why something is not sent now, or not at all, and when it is tried again."""

    def __init__(self, queue: DeliveryQueue, clock: Clock, platforms: Mapping[str, ChatPlatform]) -> None:
        self._queue, self._clock, self._platforms = queue, clock, platforms
        self._asked_to_wait: dict[Workspace, datetime] = {}

    async def waits(self, delivery: Delivery, workspace: Workspace) -> bool:
        """Whether the platform has asked to wait with a workspace: what was read before that is not to be tried either, nor
        what has become due since. Each is put off, so that it does not stand before what others may get.
        """
        until = self._asked_to_wait.get(workspace)
        if until is None:
            return False
        if until <= self._clock.now():
            del self._asked_to_wait[workspace]
            return False
        reason = delivery.last_error or "the platform has asked to wait"
        await self._queue.postpone(delivery.id, until, reason, arrived_never=False, seen=delivery.attempts)
        return True

    async def leave(self, delivery: Delivery, told: NotSent) -> None:
        """Put down why a message is not sent now, or not at all."""
        if told.until is None:
            await self._queue.give_up(delivery.id, "cancelled", told.reason, seen=delivery.attempts)
        else:
            await self._queue.postpone(delivery.id, told.until, told.reason, arrived_never=True, seen=delivery.attempts)

    async def outdated(self, delivery: Delivery, schedule: Schedule) -> bool:
        """Settle what nobody waits for any more, or was tried often enough."""
        if schedule.state != "active":
            await self._queue.give_up(
                delivery.id, "cancelled", f"the schedule is {schedule.state}", seen=delivery.attempts
            )
            return True
        if delivery.attempts >= MAX_ATTEMPTS:
            await self._too_often(delivery, delivery.last_error or "", delivery.attempts, doubt=False)
            return True
        if self._clock.now() - delivery.occurrence_at > max_lateness(schedule.kind):
            await self._queue.give_up(delivery.id, "missed", self._why_missed(delivery), seen=delivery.attempts)
            return True
        return False

    def _why_missed(self, delivery: Delivery) -> str:
        """What hindered it last; and that it was not tried again when it was to be, if so."""
        untried = self._clock.now() - delivery.not_before > ON_TIME
        reasons = delivery.last_error, "the bot was not running in time" if untried else ""
        return "; then ".join(filter(None, reasons)) or "it could not be sent in time"

    async def failed(
        self, delivery: Delivery, schedule: Schedule, fault: SendError, seen: int, *, known: bool = False
    ) -> None:
        """Put down what went wrong, unless another process has begun an attempt since `seen` were counted. `known`: it was sent
        to a conversation that was opened some other time, and may be gone by now.
        """
        # What it refuses the platform has not taken; what an earlier attempt did is not known until it was looked up.
        arrived_never = seen > delivery.attempts or delivery.begun_at is None
        if isinstance(fault, (RateLimited, WorkspaceRevoked)):
            await self.hold(delivery, schedule, fault, arrived_never=arrived_never, seen=seen)
        elif isinstance(fault, PermanentSendError) and known and delivery.last_error != str(fault):
            await self.open_anew(delivery, schedule, fault, arrived_never=arrived_never, seen=seen)
        elif isinstance(fault, PermanentSendError):
            log.warning("delivery %s failed for good: %s", delivery.id, fault.code)
            await self._queue.give_up(delivery.id, "failed", str(fault), seen=seen, doubt=not arrived_never)
            await self._queue.pause(schedule.id, fault.code)
        else:
            await self._failed_for_now(delivery, fault, seen)

    async def _failed_for_now(self, delivery: Delivery, fault: SendError, seen: int) -> None:
        tried = delivery.attempts + 1
        doubt = seen == tried or delivery.begun_at is not None
        # The last attempt may have arrived: it is looked up once more before anything is said of it.
        if tried < MAX_ATTEMPTS or (doubt and tried == MAX_ATTEMPTS):
            until = self._clock.now() + backoff(delivery.attempts)
            await self._queue.postpone(
                delivery.id, until, str(fault), arrived_never=not doubt, attempts=tried, seen=seen
            )
        else:
            await self._too_often(delivery, str(fault), seen, doubt=doubt)

    async def _too_often(self, delivery: Delivery, reason: str, seen: int, *, doubt: bool) -> None:
        log.warning("delivery %s failed %s times: %s", delivery.id, MAX_ATTEMPTS, reason)
        reason = f"{MAX_ATTEMPTS} attempts: {reason}"
        await self._queue.give_up(delivery.id, "failed", reason, seen=seen, doubt=doubt)

    async def open_anew(
        self, delivery: Delivery, schedule: Schedule, fault: PermanentSendError, *, arrived_never: bool, seen: int
    ) -> None:
        """Forget a person's conversation, which may have gone with the bot's former name on the platform, and come back. It
        does so once, by the reason that it puts down: a slot that is far away makes the new one known, too.
        """
        await self._queue.forget_direct(schedule.id)
        await self._queue.postpone(
            delivery.id,
            self._clock.now(),
            str(fault),
            arrived_never=arrived_never,
            seen=seen,
        )

    async def hold(
        self,
        delivery: Delivery,
        schedule: Schedule,
        fault: RateLimited | WorkspaceRevoked,
        *,
        arrived_never: bool,
        seen: int,
    ) -> None:
        """The platform asks to wait, or lets the bot in no more: the whole workspace waits, and the attempt does not count."""
        until, reason = self._clock.now() + LOCKED_OUT_HOLD, str(fault)
        if isinstance(fault, RateLimited):
            until, reason = self._clock.now() + max(timedelta(seconds=fault.retry_after), SHORTEST_HOLD), ""
            self._asked_to_wait[schedule.workspace] = until
        else:
            log.error("%s/%s is closed: %s", schedule.workspace.platform, schedule.workspace.id, fault)
        await self._queue.postpone(
            delivery.id, until, str(fault), arrived_never=arrived_never, attempts=delivery.attempts, seen=seen
        )
        paces = self._platforms[schedule.workspace.platform].rate_limits(schedule.channel)
        own = [pace.name for pace in paces if not pace.shared]
        await self._queue.hold(schedule.workspace, until, own, reason)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, with jitter, up to half an hour."""
    base = min(FIRST_WAIT * float(2**attempts), LONGEST_WAIT)
    return base * random.uniform(0.75, 1.25)  # noqa: S311  spreads the load, no secret
