"""Sending one delivery: once, or on the record why not."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from mentorbot.chat.cards import Card
from mentorbot.chat.platform import LEASE_GUARD, Channel, ChatPlatform, RateLimit, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.coming import CLOSE
from mentorbot.delivery.content import Composer
from mentorbot.delivery.message import NotSent, OutgoingMessage
from mentorbot.delivery.planner import max_lateness
from mentorbot.delivery.retry import RetryPolicy
from mentorbot.domain.records import Delivery, Schedule
from mentorbot.errors import (
    DatabaseProblem,
    PermanentSendError,
    RateLimited,
    SendError,
    TemporarySendError,
    WorkspaceRevoked,
)
from mentorbot.packs.library import Library
from mentorbot.storage import Recipient, Store
from mentorbot.storage.schedules import person_of

log = logging.getLogger(__name__)
SEND_SECONDS = 30
LEASE = timedelta(seconds=2 * SEND_SECONDS)
"""How long an attempt keeps others away. Longer than it can last, so that a look in the channel finds what it posted."""
# A platform's clock and ours may differ by a little; looking back further costs nothing.
LOOK_BACK = timedelta(minutes=5)
SLOT_LASTS = timedelta(seconds=5)
"""A slot that was taken and not used by then is lost: others may have been sent in its place."""
Result = TypeVar("Result")


class Sender:
    """Sends deliveries of the platforms that are open in this process, one at a time for each workspace."""

    def __init__(self, store: Store, library: Library, clock: Clock, platforms: Mapping[str, ChatPlatform]) -> None:
        self._queue, self._clock = store.queue, clock
        self._composer = Composer(store, library, clock)
        self._setbacks = RetryPolicy(store.queue, clock, platforms)
        self._platforms = platforms
        self.stopping = False
        """Set when this process is to end: nothing more is begun."""
        self._turns: defaultdict[Workspace, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that this process can send on."""
        return tuple(self._platforms)

    async def deliver(self, delivery: Delivery, schedule: Schedule) -> None:
        """Send one delivery as it was read a moment ago; what another process has done since then stays as it is."""
        if schedule.workspace.platform not in self._platforms or not _ready(delivery, self._clock.now()):
            return
        async with self._turns[schedule.workspace]:
            if self.stopping or await self._setbacks.waits(delivery, schedule.workspace):
                return
            if delivery.begun_at is None:
                await self._deliver(delivery, schedule)
            elif (found := await self._queue.get(delivery.id)) and _ready(found[0], self._clock.now()):
                # One in doubt is read anew: what it carries may be on its way in another process's message by now.
                await self._deliver(*found)

    async def _deliver(self, delivery: Delivery, schedule: Schedule) -> None:
        platform = self._platforms[schedule.workspace.platform]
        seen, known = delivery.attempts, False
        try:
            ready = await self._prepare(platform, delivery, schedule)
            if ready is None:
                return
            place, letter, known = ready
            now = self._clock.now()
            lease, paces = now + LEASE, self._paces(platform, delivery, place, now)
            slot = await self._queue.begin_attempt(delivery.id, seen, now, lease, letter.enclosed, paces)
            if slot is None:
                return
            seen += 1
            if slot > now:
                await asyncio.sleep(self._clock.time_until(slot).total_seconds())
            message = await self._post(platform, place, letter.card, delivery.key, lease)
            await self._queue.settle(delivery.id, message, self._clock.now())
        except SendError as fault:
            await self._setbacks.failed(delivery, schedule, fault, seen, known=known)
        except DatabaseProblem:
            raise
        except Exception as error:
            # A fault of ours; it must not hold up the other deliveries, nor be tried without end.
            log.exception("delivery %s broke", delivery.id)
            await self._setbacks.failed(delivery, schedule, TemporarySendError("internal", type(error).__name__), seen)

    async def _prepare(
        self, platform: ChatPlatform, delivery: Delivery, schedule: Schedule
    ) -> tuple[Channel, OutgoingMessage, bool] | None:
        """All that can be done before an attempt begins: where to, what, and whether that place was known before. None when
        nothing is to be sent now.
        """
        place = None
        if delivery.begun_at is not None:
            to = await self._addressee(delivery, schedule)
            place = await self._place(platform, schedule, to)
            if await self._looked_up(platform, delivery, schedule, place, known=_is_known(place, to)):
                return None
        elif await self._setbacks.outdated(delivery, schedule):
            return None
        known = await self._addressee(delivery, schedule)
        to = known and await _asked(platform, schedule, known)
        letter = await self._letter(delivery, schedule, platform, to)
        if isinstance(letter, NotSent):
            await self._setbacks.leave(delivery, letter)
            return None
        place = place or await self._place(platform, schedule, to)
        if known and to and (profile := replace(to.profile, dm_channel_id=place.id)) != known.profile:
            letter = replace(letter, profiles={to.person.id: profile})
        return place, letter, _is_known(place, known)

    async def _addressee(self, delivery: Delivery, schedule: Schedule) -> Recipient | None:
        """The person whom a delivery is for, as we know them; None in a channel, and when they are gone."""
        if person_of(schedule.channel) is None:
            return None
        now = self._clock.now()
        return await self._queue.addressee(delivery, schedule, now, now + CLOSE)

    async def _letter(
        self, delivery: Delivery, schedule: Schedule, platform: ChatPlatform, to: Recipient | None
    ) -> OutgoingMessage | NotSent:
        """What is sent, together with what else is due for the same person."""
        told = await self._composer.compose(delivery, schedule, platform, to)
        if isinstance(told, NotSent):
            return told
        letter = OutgoingMessage(((delivery, told),))
        for other, of in to.others if to else ():
            if self._clock.now() - other.occurrence_at > max_lateness(of.kind):
                continue  # nobody waits for it any more
            also = await self._composer.compose(other, of, platform, to, joins=True)
            if not isinstance(also, NotSent):
                letter = letter.with_also(other, also)
        return letter

    @staticmethod
    def _paces(platform: ChatPlatform, delivery: Delivery, place: Channel, now: datetime) -> Sequence[RateLimit]:
        """The limits to take a slot of; none, where the delivery has come back at a slot of its own."""
        mine = delivery.slot_at is not None and delivery.slot_at <= now < delivery.slot_at + SLOT_LASTS
        return () if mine else platform.rate_limits(place)

    async def _post(self, platform: ChatPlatform, place: Channel, card: Card, key: str, lease: datetime) -> str:
        """Post while the attempt is ours. A process that was asleep in between may have been replaced: whoever is next looks
        for its message first.
        """
        last = lease - timedelta(seconds=SEND_SECONDS)
        token = LEASE_GUARD.set(lambda: self._clock.now() < last)
        try:
            return await _bounded(platform.post(place, card, key))
        finally:
            LEASE_GUARD.reset(token)

    @staticmethod
    async def _place(platform: ChatPlatform, schedule: Schedule, to: Recipient | None) -> Channel:
        """Where a schedule posts. A person's conversation with the bot is opened once, and known from then on."""
        person = person_of(schedule.channel)
        if person is None:
            return schedule.channel
        if to is not None and to.profile.dm_channel_id is not None:
            return Channel(schedule.workspace, to.profile.dm_channel_id, direct=True)
        return await _bounded(platform.open_dm(schedule.workspace, person))

    async def _looked_up(
        self, platform: ChatPlatform, delivery: Delivery, schedule: Schedule, place: Channel, *, known: bool
    ) -> bool:
        """An attempt began and was never settled: look in the channel for its message. True when nothing is to be sent.

        Whatever hinders the look leaves the doubt as it is: sending again without having looked could double the message.
        """
        since = min((delivery.begun_at or delivery.occurrence_at) - LOOK_BACK, delivery.occurrence_at)
        try:
            message = await _bounded(platform.find_by_key(place, delivery.key, since))
        except (RateLimited, WorkspaceRevoked) as fault:
            await self._setbacks.hold(delivery, schedule, fault, arrived_never=False, seen=delivery.attempts)
            return True
        except PermanentSendError as fault:
            if known:
                seen = delivery.attempts
                await self._setbacks.open_anew(delivery, schedule, fault, arrived_never=False, seen=seen)
                return True
            log.warning("delivery %s: nobody can tell whether it was posted: %s", delivery.id, fault.code)
            reason = f"nobody can tell whether it was posted: {fault}"
            await self._queue.give_up(delivery.id, "failed", reason, seen=delivery.attempts, doubt=True)
            return True
        if message is not None:
            await self._queue.settle(delivery.id, message, self._clock.now())
            return True
        await self._queue.release(delivery.id)
        return await self._setbacks.outdated(delivery, schedule)


def _ready(delivery: Delivery, now: datetime) -> bool:
    return delivery.state == "pending" and delivery.not_before <= now and delivery.merged_into is None


def _is_known(place: Channel, to: Recipient | None) -> bool:
    return to is not None and to.profile.dm_channel_id == place.id


async def _asked(platform: ChatPlatform, schedule: Schedule, to: Recipient) -> Recipient:
    """The same person with the zone that the platform tells, where we know none. Where it does not tell, nothing waits for it."""
    if to.zone is not None:
        return to
    try:
        member = await _bounded(platform.member(schedule.workspace, to.person.platform_user_id))
    except SendError:
        return to
    return to if member.zone is None else replace(to, profile=replace(to.profile, zone=member.zone))


async def _bounded(work: Awaitable[Result]) -> Result:
    """What a platform answers within `SEND_SECONDS`; a later answer is nobody's."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            return await work
    except TimeoutError as error:
        raise TemporarySendError("timeout", f"no answer within {SEND_SECONDS} s") from error
