"""The sender: sends a delivery exactly once, or records the reason it wasn't sent."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias, TypeVar
from weakref import WeakValueDictionary

from mentorbot import metrics
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import LEASE_GUARD, Channel, ChatPlatform, RateLimit, Workspace
from mentorbot.clock import Clock
from mentorbot.delivery.content import Content, ContentMaker, OutgoingMessage
from mentorbot.delivery.retry import Retry
from mentorbot.domain.deliveries import Delivery, DeliveryState, Destination
from mentorbot.domain.delivery_policy import MERGE_WINDOW, Defer, Drop
from mentorbot.domain.people import Asked
from mentorbot.domain.plan import monday
from mentorbot.errors import (
    DatabaseProblem,
    PermanentSendError,
    RateLimited,
    SendError,
    TemporarySendError,
    WorkspaceRevoked,
    within,
)
from mentorbot.packs.library import Library
from mentorbot.storage import Recipient, Store

log = logging.getLogger(__name__)

SEND_SECONDS = 30
DELIVERY_SECONDS = 240.0
"""Time for one delivery in all: four answers of a platform, a slot, and the database. After that its outcome is looked up."""
LEASE = timedelta(seconds=2 * SEND_SECONDS)
"""Time an attempt keeps other processes away. No attempt lasts longer, so a later look in the channel finds its message."""
# A platform's clock may differ a little from ours. Looking back further costs nothing.
LOOK_BACK = timedelta(minutes=5)
SLOT_VALID_FOR = timedelta(seconds=5)
"""An unused slot is lost after this time: other messages may have been sent in its place."""
Lane: TypeAlias = Workspace | Destination
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A message about to be sent, with its channel. `dm_was_known`: the DM was opened earlier, for a different message."""

    channel: Channel
    message: OutgoingMessage
    dm_was_known: bool


class Sender:
    """Sender for the platforms open in this process. It sends one delivery at a time in each lane."""

    def __init__(self, store: Store, library: Library, clock: Clock, platforms: Mapping[str, ChatPlatform]) -> None:
        self._queue, self._clock, self._platforms = store.queue, clock, platforms
        self._content = ContentMaker(store, library, clock)
        self._retry = Retry(store, clock, platforms)
        self.stopping = False
        """True once this process is ending: no more deliveries are begun."""
        self.progress_at = time.monotonic()
        """The instant a delivery was last dealt with, in any way."""
        # A lock lives as long as someone holds it or waits for it.
        self._lane_locks: WeakValueDictionary[Lane, asyncio.Lock] = WeakValueDictionary()

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms this process can send on."""
        return tuple(self._platforms)

    def lane(self, delivery: Delivery) -> Lane:
        """Find the deliveries that wait for each other: a workspace's if the platform limits it as a whole, else a channel's.

        Where each channel has a limit of its own, one that has to wait doesn't hold up the others.
        """
        destination, platform = delivery.destination, self._platforms.get(delivery.workspace.platform)
        channel = destination.channel or Channel(destination.workspace, f"@{destination.user_id}", direct=True)
        limits = platform.rate_limits(channel) if platform else ()
        return destination if limits and all(limit.shared for limit in limits) else delivery.workspace

    async def deliver(self, delivery: Delivery) -> None:
        """Send one delivery, given as it was read a moment ago. Changes another process has made since then stay."""
        if delivery.workspace.platform not in self._platforms or not _is_ready(delivery, self._clock.now()):
            return
        lane_lock = self._lane_locks.setdefault(self.lane(delivery), asyncio.Lock())
        async with lane_lock:
            if not self.stopping:
                await within(DELIVERY_SECONDS, self._deliver_latest(delivery), f"delivery {delivery.id}")

    async def _deliver_latest(self, delivery: Delivery) -> None:
        if await self._retry.defer_if_throttled(delivery):
            return
        if delivery.begun_at is None:
            await self._deliver(delivery)
        elif (latest := await self._queue.get(delivery.id)) and _is_ready(latest, self._clock.now()):
            # One in doubt is read again: by now another process may be sending the deliveries merged into it.
            await self._deliver(latest)
        self.progress_at = time.monotonic()

    async def _deliver(self, delivery: Delivery) -> None:
        platform = self._platforms[delivery.workspace.platform]
        attempts, dm_was_known = delivery.attempts, False
        try:
            prepared = await self._prepare(platform, delivery)
            if prepared is None:
                return
            dm_was_known = prepared.dm_was_known
            now = self._clock.now()
            lease, limits = now + LEASE, self._limits(platform, delivery, prepared.channel, now)
            slot = await self._queue.begin_attempt(delivery.id, attempts, now, lease, prepared.message.enclosed, limits)
            if slot is None:
                return
            attempts += 1
            if slot > now:
                await asyncio.sleep(self._clock.time_until(slot).total_seconds())
            message_id = await self._post(platform, prepared.channel, prepared.message.card, delivery.key, lease)
            asked = _asked(delivery, prepared.message.asked_week)
            await self._queue.settle(delivery.id, message_id, self._clock.now(), asked)
            self._measure_sent(delivery)
        except SendError as error:
            _measure_error(delivery, error)
            await self._retry.failed(delivery, error, attempts, dm_was_known=dm_was_known)
        except DatabaseProblem:
            raise
        except Exception as error:
            # A bug of ours must not block other deliveries, or be retried forever.
            log.exception("delivery %s broke", delivery.id)
            _measure(delivery, "internal")
            await self._retry.failed(delivery, TemporarySendError("internal", type(error).__name__), attempts)

    def _measure_sent(self, delivery: Delivery) -> None:
        _measure(delivery, "sent")
        metrics.LATENESS.observe(max(0.0, (self._clock.now() - delivery.occurrence_at).total_seconds()))

    async def _prepare(self, platform: ChatPlatform, delivery: Delivery) -> _Prepared | None:
        """Do everything that can be done before an attempt begins. None if there's nothing to send now."""
        channel = None
        if delivery.begun_at is not None:
            recipient = await self._recipient(delivery)
            channel = await self._channel(platform, delivery, recipient)
            if await self._was_sent(platform, delivery, channel, recipient):
                return None
        if await self._retry.is_exhausted(delivery):
            return None
        known = await self._recipient(delivery)
        recipient = known and await _with_zone(platform, delivery, known)
        message = await self._message(delivery, recipient)
        if isinstance(message, (Defer, Drop)):
            _measure(delivery, "deferred" if isinstance(message, Defer) else "dropped")
            await self._retry.defer_or_drop(delivery, message)
            return None
        channel = channel or await self._channel(platform, delivery, recipient)
        if known and recipient:
            profile = replace(recipient.profile, dm_channel_id=channel.id)
            if profile != known.profile:
                message = replace(message, profiles={recipient.person.id: profile})
        return _Prepared(channel, message, _is_known_dm(channel, known))

    async def _recipient(self, delivery: Delivery) -> Recipient | None:
        """Read the person a delivery is for; None for a channel, and for a person who's gone."""
        if delivery.destination.person_id is None:
            return None
        now = self._clock.now()
        return await self._queue.recipient(delivery, now, now + MERGE_WINDOW)

    async def _message(self, delivery: Delivery, recipient: Recipient | None) -> OutgoingMessage | Defer | Drop:
        """Make the message, with everything else that's due for the same person."""
        content = await self._content.make(delivery, recipient)
        if not isinstance(content, Content):
            return content
        message = OutgoingMessage(((delivery, content),))
        for other in recipient.others if recipient else ():
            other_content = await self._content.make(other, recipient, inside=True)
            if isinstance(other_content, Content):
                message = message.with_content(other, other_content)
        return message

    @staticmethod
    def _limits(platform: ChatPlatform, delivery: Delivery, channel: Channel, now: datetime) -> Sequence[RateLimit]:
        """List the rate limits to take a slot from; none if the delivery already has a slot that's valid now."""
        has_slot = delivery.slot_at is not None and delivery.slot_at <= now < delivery.slot_at + SLOT_VALID_FOR
        return () if has_slot else platform.rate_limits(channel)

    async def _post(self, platform: ChatPlatform, channel: Channel, card: Card, key: str, lease: datetime) -> str:
        """Post, but only while the lease leaves enough time for it.

        If this process was frozen, its lease may be over. Then another process may already have looked for this message and not
        found it, so posting it now would double it.
        """
        latest_start = lease - timedelta(seconds=SEND_SECONDS)
        token = LEASE_GUARD.set(lambda: self._clock.now() < latest_start)
        try:
            return await _bounded(platform.post(channel, card, key))
        finally:
            LEASE_GUARD.reset(token)

    @staticmethod
    async def _channel(platform: ChatPlatform, delivery: Delivery, recipient: Recipient | None) -> Channel:
        """Find the channel for a delivery. A person's DM is opened once, and known from then on."""
        destination = delivery.destination
        if destination.channel is not None:
            return destination.channel
        if recipient is not None and recipient.profile.dm_channel_id is not None:
            return Channel(destination.workspace, recipient.profile.dm_channel_id, direct=True)
        return await _bounded(platform.open_dm(destination.workspace, destination.user_id))

    async def _was_sent(
        self, platform: ChatPlatform, delivery: Delivery, channel: Channel, recipient: Recipient | None
    ) -> bool:
        """Look in the channel for the message of an attempt that began but was never settled. True if nothing should be sent now.

        If the look fails, the delivery stays in doubt. Sending again without having looked could double the message.
        """
        since = min((delivery.begun_at or delivery.occurrence_at) - LOOK_BACK, delivery.occurrence_at)
        attempts = delivery.attempts
        try:
            message_id = await _bounded(platform.find_by_key(channel, delivery.key, since))
        except (RateLimited, WorkspaceRevoked) as error:
            await self._retry.hold(delivery, error, known_not_delivered=False, expected_attempts=attempts)
            return True
        except PermanentSendError as error:
            if _is_known_dm(channel, recipient):
                await self._retry.reopen_dm(delivery, error, known_not_delivered=False, expected_attempts=attempts)
            else:
                await self._retry.give_up_in_doubt(delivery, error)
            return True
        if message_id is not None:
            asked = _asked(delivery, _local_week(delivery, recipient))
            await self._queue.settle(delivery.id, message_id, self._clock.now(), asked)
            return True
        await self._queue.release(delivery.id)
        return False


def _asked(delivery: Delivery, week: date | None) -> Asked | None:
    person_id = delivery.destination.person_id
    return None if person_id is None or week is None else Asked(person_id, week)


def _local_week(delivery: Delivery, recipient: Recipient | None) -> date | None:
    """Find the person's week (its Monday) when the first attempt began; None for a channel."""
    if recipient is None or delivery.begun_at is None:
        return None
    return monday(delivery.begun_at.astimezone(recipient.zone or UTC).date())


def _measure(delivery: Delivery, state: str) -> None:
    metrics.DELIVERIES.labels(delivery.kind.value, state).inc()


def _measure_error(delivery: Delivery, error: SendError) -> None:
    if isinstance(error, RateLimited):
        metrics.RATE_LIMIT_HOLDS.labels(delivery.workspace.platform).inc()
        _measure(delivery, "rate_limited")
    else:
        _measure(delivery, "refused" if isinstance(error, PermanentSendError) else "retried")


def _is_ready(delivery: Delivery, now: datetime) -> bool:
    pending = delivery.state is DeliveryState.PENDING
    return pending and delivery.not_before <= now and delivery.parent_delivery is None


def _is_known_dm(channel: Channel, recipient: Recipient | None) -> bool:
    return recipient is not None and recipient.profile.dm_channel_id == channel.id


async def _with_zone(platform: ChatPlatform, delivery: Delivery, recipient: Recipient) -> Recipient:
    """Ask the platform for a person's zone if we know none. If it doesn't say, the delivery goes ahead without one."""
    if recipient.zone is not None:
        return recipient
    try:
        member = await _bounded(platform.member(delivery.workspace, recipient.person.platform_user_id))
    except SendError:
        return recipient
    if member.zone is None:
        return recipient
    return replace(recipient, profile=replace(recipient.profile, zone=member.zone))


async def _bounded(work: Awaitable[Result]) -> Result:
    """Wait up to `SEND_SECONDS` for a platform's answer.

    Raises:
        TemporarySendError: there was no answer in time.
    """
    try:
        async with asyncio.timeout(SEND_SECONDS):
            return await work
    except TimeoutError as error:
        raise TemporarySendError("timeout", f"no answer within {SEND_SECONDS} s") from error
