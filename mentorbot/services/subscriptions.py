"""Recurring messages to a channel or to one person: starting, moving, pausing and stopping them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentorbot.chat import dates
from mentorbot.chat.platform import Channel, ChatPlatform
from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import Destination, MessageKind, Schedule, ScheduleState
from mentorbot.domain.recurrence import Recurrence, next_after
from mentorbot.errors import BadValue, PermanentSendError, Unreachable
from mentorbot.packs.schema import Pack
from mentorbot.services.checkins import cancel_reminder
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import NoValue
from mentorbot.storage import UnitOfWork

DEFAULT_TIME = time(9)
"""Local time of messages, unless a person has chosen a different one."""
MAX_TIP_PAUSE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The times a person wants messages at. None means they haven't said, and `NoValue` takes the first day away.

    `every` is in weeks.
    """

    weekdays: tuple[Weekday, ...] | None = None
    at: time | None = None
    zone: ZoneInfo | None = None
    every: int | None = None
    starts_on: date | NoValue | None = None
    ends_on: date | None = None

    @property
    def is_empty(self) -> bool:
        """True if the person has said nothing."""
        return self == Timing()

    def recurrence(self, known: Recurrence, now: datetime) -> Recurrence:
        """Apply this timing to a known recurrence, which also ends its pause.

        Raises:
            BadValue: no message would ever come after `now` (aware).
        """
        changed = replace(
            known,
            weekdays=self.weekdays or known.weekdays,
            at=self.at or known.at,
            zone=self.zone or known.zone,
            every=self.every or known.every,
            starts_on=None if self.starts_on is NoValue.NONE else self.starts_on or known.starts_on,
            ends_on=self.ends_on or known.ends_on,
            pause_until=None,
        )
        if not isinstance(self.starts_on, date) and changed.every > 1 and changed.every != known.every:
            changed = replace(changed, starts_on=_next_such_day(changed, now))
        if changed.ends_on is not None and next_after(changed, now) is None:
            text = (
                f"Nothing would come by {dates.weekday_and_day(changed.ends_on, year=True)}. Choose a later end date."
            )
            raise BadValue(text, option="until")
        return changed


def _next_such_day(recurrence: Recurrence, now: datetime) -> date | None:
    """Find the local day of the first message if it came every week: a fortnight is counted from there."""
    first = next_after(replace(recurrence, every=1, ends_on=None), now)
    return first.astimezone(recurrence.zone).date() if first else None


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The recurring messages of one workspace, as one person changes them at an instant (aware)."""

    uow: UnitOfWork
    pack: Pack
    user_id: str
    now: datetime

    async def start(self, destination: Destination, kind: MessageKind, recurrence: Recurrence) -> Schedule:
        """Start a recurring message to a destination, or move it."""
        return await self.uow.schedules.start(
            destination, kind, recurrence, role=self.pack.info.role, created_by=self.user_id, now=self.now
        )

    async def start_personal(
        self, destination: Destination, kind: MessageKind, timing: Timing, caller_zone: ZoneInfo | None
    ) -> Schedule:
        """Start a recurring message to the person, or change it as they asked.

        Raises:
            MissingOption: the day or the zone isn't known.
            BadValue: no message would ever come.
        """
        known = await self.uow.schedules.get(destination, kind)
        if known is None and timing.weekdays is None:
            raise MissingOption("day")
        await self.save_zone(timing.zone)
        zone = timing.zone or (known.recurrence.zone if known else caller_zone)
        if zone is None:
            raise MissingOption("zone")
        before = known.recurrence if known else Recurrence(weekdays=timing.weekdays or (), at=DEFAULT_TIME, zone=zone)
        return await self.start(destination, kind, timing.recurrence(before, self.now))

    async def move_checkin(
        self, destination: Destination, timing: Timing, caller_zone: ZoneInfo | None
    ) -> Schedule | None:
        """Start the person's check-ins, or move them; None if they have none and gave nothing but a zone.

        Raises:
            MissingOption: the day or the zone isn't known.
            BadValue: no check-in would ever come.
        """
        if timing.zone is not None and timing == Timing(zone=timing.zone):
            await self.move_to_zone(timing.zone)
        known = await self.uow.schedules.get(destination, MessageKind.CHECKIN)
        if known is None and timing in (Timing(), Timing(zone=timing.zone)):
            return None
        return await self.start_personal(destination, MessageKind.CHECKIN, timing, caller_zone)

    async def save_zone(self, zone: ZoneInfo | None) -> None:
        """Save a zone the person has named as theirs from now on, for quiet hours too."""
        if zone is not None:
            await self.uow.people.set_zone(self.user_id, zone)

    async def move_to_zone(self, zone: ZoneInfo) -> None:
        """Let everything that comes to the person by itself come at the same local time in their new zone."""
        await self.save_zone(zone)
        for schedule in await self.uow.schedules.of_person(self.user_id):
            if schedule.state is ScheduleState.ACTIVE and schedule.recurrence.zone != zone:
                await self.uow.schedules.start(
                    schedule.destination,
                    schedule.kind,
                    replace(schedule.recurrence, zone=zone),
                    role=schedule.role,
                    created_by=self.user_id,
                    now=self.now,
                )

    async def pause_tips(self, destination: Destination, until: date | None) -> Schedule | None:
        """Skip a channel's tips before a day, at most a year away; None if the channel has no tips.

        Raises:
            MissingOption: `until` isn't given.
            BadValue: the pause would be too short or too long.
        """
        schedule = await self.uow.schedules.get(destination, MessageKind.TIP)
        if schedule is None:
            return None
        if until is None:
            raise MissingOption("until")
        today = self.now.astimezone(schedule.recurrence.zone).date()
        if not today < until <= today + MAX_TIP_PAUSE:
            raise BadValue(
                "A pause can last from a day to a year. When should tips come back?",
                option="until",
            )
        return await self.uow.schedules.pause_until(destination, MessageKind.TIP, until)

    async def resume_tips(self, destination: Destination) -> Schedule | None:
        """End the pause of a channel's tips; None if the channel has no tips."""
        return await self.uow.schedules.pause_until(destination, MessageKind.TIP, None)

    async def stop(self, destination: Destination, kind: MessageKind) -> Schedule | None:
        """Stop a recurring message to a destination; None if there was none."""
        return await self.uow.schedules.stop(destination, kind)

    async def stop_checkins(self, destination: Destination) -> Schedule | None:
        """Stop the person's check-ins, and cancel everything that would ask for one again."""
        stopped = await self.stop(destination, MessageKind.CHECKIN)
        await self.uow.deliveries.cancel(MessageKind.CHECKIN, user_id=self.user_id)
        await cancel_reminder(self.uow, self.user_id)
        return stopped

    async def ensure_digest(self, destination: Destination, zone: ZoneInfo) -> Schedule | None:
        """Start the mentor's weekly digest on Monday mornings in `zone`, unless they have one; None if they've stopped it."""
        known = await self.uow.schedules.get(destination, MessageKind.DIGEST)
        if known is not None or await self.uow.schedules.was_stopped(destination, MessageKind.DIGEST):
            return known
        monday_morning = Recurrence.weekly(Weekday.MONDAY, DEFAULT_TIME, zone)
        return await self.start(destination, MessageKind.DIGEST, monday_morning)


async def ensure_can_post(platform: ChatPlatform | None, channel: Channel) -> Channel:
    """Check that the bot can post in `channel`, and return it with its name. Without a platform there's nothing to check.

    Raises:
        Unreachable: the platform refuses.
    """
    if platform is None:
        return channel
    try:
        return await platform.ensure_can_post(channel)
    except PermanentSendError as error:
        raise Unreachable(error.code, platform.platform) from error


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The local start and end of quiet hours; both None for no quiet hours."""

    start: time | None = None
    end: time | None = None

    def __str__(self) -> str:
        """Write them as they're typed."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}" if self.start and self.end else "none"


async def save_message_settings(
    uow: UnitOfWork, user_id: str, *, quiet: QuietHours | None, budget: int | NoValue | None, reminders: bool | None
) -> None:
    """Save a person's message settings; None leaves one as it is, and `NoValue` takes the limit (`budget`) away.

    Turning reminders off cancels one that's waiting.
    """
    before = settings = await uow.people.message_settings(user_id)
    if reminders is not None:
        settings = replace(settings, reminders=reminders)
    if budget is not None:
        settings = replace(settings, budget=None if budget is NoValue.NONE else budget)
    if quiet is not None:
        settings = replace(settings, quiet_from=quiet.start, quiet_to=quiet.end)
    if reminders is False:
        await cancel_reminder(uow, user_id)
    if settings != before:
        await uow.people.set_messages(user_id, settings)
