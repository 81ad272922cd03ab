"""Retries: when a delivery that can't be sent now is tried again, and when it's given up."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from mentorbot.chat.platform import Channel, ChatPlatform, Workspace
from mentorbot.clock import Clock
from mentorbot.domain.deliveries import (
    Delivery,
    DeliveryState,
    Destination,
    MessageKind,
    Reason,
    ReasonCode,
    Schedule,
    ScheduleState,
)
from mentorbot.domain.delivery_policy import Defer, Drop
from mentorbot.errors import PermanentSendError, RateLimited, SendError, WorkspaceRevoked
from mentorbot.storage import Store

log = logging.getLogger(__name__)

# With these waits the last attempt comes about six hours after the first.
MAX_ATTEMPTS = 20
FIRST_WAIT, MAX_WAIT = timedelta(seconds=5), timedelta(minutes=30)
MIN_HOLD = timedelta(seconds=1)
REVOKED_HOLD = timedelta(minutes=15)
MAX_ERROR_TEXT = 300
RECHECK_AFTER = timedelta(minutes=1)
CHANNEL_GONE = "channel_not_found"
OUR_FAULT_CODES = frozenset(
    {"interaction_expired", "invalid_blocks", "invalid_body", "msg_blocks_too_long", "msg_too_long", "no_text"}
)
"""Platform error codes that refuse the message itself, whatever the channel."""
REMOVED_CODES = frozenset({"kicked", "account_inactive"})
"""Platform error codes that say the bot was removed from the workspace. For any other, its access may just be renewed."""


class Retry:
    """Recorder of failed and deferred deliveries: each is tried again later, or given up, with a reason.

    In all methods, `expected_attempts` is the number of attempts counted so far. If another process has begun one since, nothing
    changes.
    """

    def __init__(self, store: Store, clock: Clock, platforms: Mapping[str, ChatPlatform]) -> None:
        self._store, self._queue, self._clock, self._platforms = store, store.queue, clock, platforms
        self._throttled_until: dict[Workspace | Destination, datetime] = {}

    async def defer_if_throttled(self, delivery: Delivery) -> bool:
        """Defer a delivery if the platform is throttling its workspace or channel; True if it did.

        Deliveries read before the throttling began, or due since, would otherwise be tried in vain and block other workspaces.
        """
        now = self._clock.now()
        self._throttled_until = {held: end for held, end in self._throttled_until.items() if end > now}
        ends = (self._throttled_until.get(held) for held in (delivery.workspace, delivery.destination))
        until = max(filter(None, ends), default=None)
        if until is None:
            return False
        reason = delivery.reason or Reason(ReasonCode.RATE_LIMITED)
        await self._queue.postpone(
            delivery.id, until, reason, known_not_delivered=False, expected_attempts=delivery.attempts
        )
        return True

    async def defer_or_drop(self, delivery: Delivery, decision: Defer | Drop) -> None:
        """Record the decision not to send a message now, or at all."""
        attempts = delivery.attempts
        match decision:
            case Defer(until, reason):
                await self._queue.postpone(
                    delivery.id, until, reason, known_not_delivered=True, expected_attempts=attempts
                )
            case Drop(reason, state):
                await self._queue.give_up(delivery.id, state, reason, expected_attempts=attempts)

    async def is_exhausted(self, delivery: Delivery) -> bool:
        """Give up a delivery after `MAX_ATTEMPTS`; True if it did. The policy drops those of inactive schedules."""
        active = delivery.schedule is None or delivery.schedule.state is ScheduleState.ACTIVE
        if delivery.attempts < MAX_ATTEMPTS or not active:
            return False
        await self._give_up_trying(delivery, delivery.reason, delivery.attempts, maybe_delivered=False)
        return True

    async def failed(
        self, delivery: Delivery, error: SendError, expected_attempts: int, *, dm_was_known: bool = False
    ) -> None:
        """Record a send error. `dm_was_known`: the message went to a DM opened earlier, which may be gone by now."""
        # A refused attempt wasn't delivered. The outcome of an earlier one is unknown until it's looked up.
        known_not_delivered = expected_attempts > delivery.attempts or delivery.begun_at is None
        if isinstance(error, (RateLimited, WorkspaceRevoked)):
            await self.hold(
                delivery, error, known_not_delivered=known_not_delivered, expected_attempts=expected_attempts
            )
        elif isinstance(error, PermanentSendError) and dm_was_known and not _was_reopened(delivery):
            await self.reopen_dm(
                delivery, error, known_not_delivered=known_not_delivered, expected_attempts=expected_attempts
            )
        elif isinstance(error, PermanentSendError) and error.code == CHANNEL_GONE and _may_be_back(delivery):
            await self._recheck_channel(
                delivery, error, known_not_delivered=known_not_delivered, expected_attempts=expected_attempts
            )
        elif isinstance(error, PermanentSendError):
            await self._failed_for_good(delivery, error, expected_attempts, maybe_delivered=not known_not_delivered)
        else:
            await self._failed_for_now(delivery, error, expected_attempts)

    async def _failed_for_good(
        self, delivery: Delivery, error: PermanentSendError, expected_attempts: int, *, maybe_delivered: bool
    ) -> None:
        """Give up the delivery. Its schedule pauses until someone starts it again; a DM is opened again next time.

        If the message itself was refused, that's our fault. So nothing pauses and nobody is asked to fix a channel.
        """
        ours = error.code in OUR_FAULT_CODES
        log.log(logging.ERROR if ours else logging.WARNING, "delivery %s failed for good: %s", delivery.id, error)
        await self._queue.give_up(
            delivery.id,
            DeliveryState.FAILED,
            _send_error(error),
            expected_attempts=expected_attempts,
            maybe_delivered=maybe_delivered,
        )
        if ours:
            return
        await self._forget_dm(delivery)
        if delivery.schedule is not None and await self._queue.pause(delivery.schedule.id, error.code):
            await self._report_closed_channel(delivery, delivery.schedule)

    async def _report_closed_channel(self, delivery: Delivery, schedule: Schedule) -> None:
        """Tell the person who set up a channel's messages that they've stopped."""
        channel = schedule.destination.channel
        if channel is None or channel.direct or not schedule.created_by:
            return
        async with self._store.unit_of_work(delivery.workspace) as uow:
            await uow.deliveries.enqueue(
                schedule.created_by,
                schedule.role,
                MessageKind.CHANNEL_CLOSED,
                self._clock.now(),
                key=f"c{delivery.id:x}",
                item=f"{schedule.id}:{int(delivery.due_at.timestamp())}",
            )

    async def _recheck_channel(
        self, delivery: Delivery, error: PermanentSendError, *, known_not_delivered: bool, expected_attempts: int
    ) -> None:
        """Try a channel once more after a minute: a platform that's in trouble also says that channels don't exist.

        See https://github.com/bsquidwrd/LiveBot/issues/30.
        """
        await self._queue.postpone(
            delivery.id,
            self._clock.now() + RECHECK_AFTER,
            Reason(ReasonCode.CHANNEL_RECHECKED, {"error": str(error)[:MAX_ERROR_TEXT]}),
            known_not_delivered=known_not_delivered,
            expected_attempts=expected_attempts,
        )

    async def _failed_for_now(self, delivery: Delivery, error: SendError, expected_attempts: int) -> None:
        tried = delivery.attempts + 1
        maybe_delivered = expected_attempts == tried or delivery.begun_at is not None
        # The last attempt may have arrived, so it's looked up once more before it's given up.
        if tried < MAX_ATTEMPTS or (maybe_delivered and tried == MAX_ATTEMPTS):
            await self._queue.postpone(
                delivery.id,
                self._clock.now() + backoff(delivery.attempts),
                _send_error(error),
                known_not_delivered=not maybe_delivered,
                attempts=tried,
                expected_attempts=expected_attempts,
            )
        else:
            await self._give_up_trying(delivery, _send_error(error), expected_attempts, maybe_delivered=maybe_delivered)

    async def _give_up_trying(
        self, delivery: Delivery, last: Reason | None, expected_attempts: int, *, maybe_delivered: bool
    ) -> None:
        log.warning("delivery %s failed %s times", delivery.id, MAX_ATTEMPTS)
        await self._queue.give_up(
            delivery.id,
            DeliveryState.FAILED,
            Reason(ReasonCode.TOO_MANY_ATTEMPTS, {"attempts": MAX_ATTEMPTS}, last),
            expected_attempts=expected_attempts,
            maybe_delivered=maybe_delivered,
        )

    async def reopen_dm(
        self, delivery: Delivery, error: PermanentSendError, *, known_not_delivered: bool, expected_attempts: int
    ) -> None:
        """Forget a person's DM and try again. A DM can disappear, e.g. when the bot's account on the platform is replaced.

        The recorded reason ensures that this happens once. Whether the DM was known doesn't: the new one may be saved before an
        attempt begins, if its slot is far away.
        """
        await self._forget_dm(delivery)
        await self._queue.postpone(
            delivery.id,
            self._clock.now(),
            Reason(ReasonCode.DM_REOPENED, {"error": str(error)[:MAX_ERROR_TEXT]}),
            known_not_delivered=known_not_delivered,
            expected_attempts=expected_attempts,
        )

    async def _forget_dm(self, delivery: Delivery) -> None:
        if delivery.destination.person_id is not None:
            await self._queue.forget_dm(delivery.destination.person_id)

    async def give_up_in_doubt(self, delivery: Delivery, error: PermanentSendError) -> None:
        """Give up a message that may have been delivered, when there's no way to find out."""
        log.warning("delivery %s: can't tell whether it was posted: %s", delivery.id, error.code)
        await self._queue.give_up(
            delivery.id,
            DeliveryState.FAILED,
            Reason(ReasonCode.MAYBE_DELIVERED, {"error": str(error)[:MAX_ERROR_TEXT]}),
            expected_attempts=delivery.attempts,
            maybe_delivered=True,
        )

    async def hold(
        self,
        delivery: Delivery,
        error: RateLimited | WorkspaceRevoked,
        *,
        known_not_delivered: bool,
        expected_attempts: int,
    ) -> None:
        """Hold the whole workspace, because the platform asks to wait or has revoked access. The attempt doesn't count.

        If the platform asks to wait with one channel only, the others go on.
        """
        workspace, now = delivery.workspace, self._clock.now()
        until, reason = now + REVOKED_HOLD, _send_error(error)
        others: Reason | None = reason
        if isinstance(error, RateLimited):
            until, others = now + max(timedelta(seconds=error.retry_after), MIN_HOLD), None
            reason = Reason(ReasonCode.RATE_LIMITED, {"error": str(error)})
            self._throttled_until[delivery.destination if error.channel_only else workspace] = until
        else:
            log.error("%s/%s is closed: %s", workspace.platform, workspace.id, error)
            if error.code in REMOVED_CODES:
                await self._store.workspaces.mark_removed(workspace, now)
        await self._queue.postpone(
            delivery.id,
            until,
            reason,
            known_not_delivered=known_not_delivered,
            attempts=delivery.attempts,
            expected_attempts=expected_attempts,
        )
        if not (isinstance(error, RateLimited) and error.channel_only):
            await self._queue.hold(workspace, until, self._own_buckets(delivery), others)

    def _own_buckets(self, delivery: Delivery) -> list[str]:
        """List the rate limits that apply to this workspace alone."""
        destination = delivery.destination
        channel = destination.channel or Channel(destination.workspace, f"@{destination.user_id}", direct=True)
        limits = self._platforms[destination.workspace.platform].rate_limits(channel)
        return [limit.name for limit in limits if not limit.shared]


def _was_reopened(delivery: Delivery) -> bool:
    return delivery.reason is not None and delivery.reason.code is ReasonCode.DM_REOPENED


def _may_be_back(delivery: Delivery) -> bool:
    """Tell whether the delivery goes to a channel that hasn't been tried a second time yet."""
    rechecked = delivery.reason is not None and delivery.reason.code is ReasonCode.CHANNEL_RECHECKED
    return delivery.destination.channel is not None and not rechecked


def _send_error(error: SendError) -> Reason:
    return Reason(ReasonCode.SEND_ERROR, {"error": str(error)[:MAX_ERROR_TEXT]})


def backoff(attempts: int) -> timedelta:
    """Compute the wait after a number of attempts: it doubles each time, up to half an hour, with jitter."""
    base = min(FIRST_WAIT * float(2**attempts), MAX_WAIT)
    return base * random.uniform(0.75, 1.25)  # noqa: S311  spreads the load, not a secret
