"""What repeats, for a channel or for one person: started, moved, paused and stopped by the people it's for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import Destination, MessageKind, Schedule
from mentorbot.domain.recurrence import Recurrence, next_after
from mentorbot.errors import BadValue
from mentorbot.packs.schema import Pack
from mentorbot.services.checkins import cancel_reminder
from mentorbot.slash.forms import MissingOption
from mentorbot.storage import UnitOfWork

DEFAULT_TIME = time(9)
"""When something comes, unless a different time was given."""
MAX_TIP_PAUSE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When something is to come, as far as a person has said it; None where they haven't. `every` is in weeks."""

    weekdays: tuple[Weekday, ...] | None = None
    at: time | None = None
    zone: ZoneInfo | None = None
    every: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return self == Timing()

    def recurrence(self, known: Recurrence, now: datetime) -> Recurrence:
        """Change a known recurrence by what was said. That ends its pause.

        Raises:
            BadValue: nothing would ever come after `now` (aware).
        """
        zone, starts_on = self.zone or known.zone, self.starts_on
        if self.every is not None and self.every > 1 and starts_on is None:
            starts_on = now.astimezone(zone).date()  # so that weeks are counted from something
        changed = replace(
            known,
            weekdays=self.weekdays or known.weekdays,
            at=self.at or known.at,
            zone=zone,
            every=self.every or known.every,
            starts_on=starts_on or known.starts_on,
            ends_on=self.ends_on or known.ends_on,
            pause_until=None,
        )
        if next_after(changed, now) is None:
            text = f"Nothing would come until {changed.ends_on:%A, %-d %B %Y}. Write a later day for until."
            raise BadValue(text, option="until")
        return changed


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What repeats in one workspace, for a person who changes it at an instant (aware)."""

    uow: UnitOfWork
    pack: Pack
    user_id: str
    now: datetime

    async def start(self, destination: Destination, kind: MessageKind, recurrence: Recurrence) -> Schedule:
        """Start what repeats somewhere, or move it."""
        return await self.uow.schedules.start(
            destination, kind, recurrence, role=self.pack.info.role, created_by=self.user_id, now=self.now
        )

    async def start_personal(
        self, destination: Destination, kind: MessageKind, timing: Timing, caller_zone: ZoneInfo | None
    ) -> Schedule:
        """Start what repeats for the person, or change it by what was given.

        Raises:
            MissingOption: the day or the zone isn't known.
            BadValue: nothing would ever come.
        """
        known = await self.uow.schedules.get(destination, kind)
        if known is None and timing.weekdays is None:
            raise MissingOption("day")
        await self.save_zone(timing.zone)
        zone = timing.zone or (known.recurrence.zone if known else caller_zone)
        if zone is None:
            raise MissingOption("zone")
        before = known.recurrence if known else Recurrence(timing.weekdays or (), DEFAULT_TIME, zone)
        return await self.start(destination, kind, timing.recurrence(before, self.now))

    async def save_zone(self, zone: ZoneInfo | None) -> None:
        """Take a zone the person has given for theirs from now on, for quiet hours too."""
        if zone is not None:
            await self.uow.people.set_zone(self.user_id, zone)

    async def pause_tips(self, destination: Destination, until: date | None) -> Schedule | None:
        """Skip a channel's tips before a day, at most a year away; None when there are no tips.

        Raises:
            MissingOption: there's no day.
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
                "A pause lasts from one day to one year. Write the day from which tips come again, from tomorrow on.",
                option="until",
            )
        return await self.uow.schedules.pause_until(destination, MessageKind.TIP, until)

    async def resume_tips(self, destination: Destination) -> Schedule | None:
        """End the pause of a channel's tips; None when there are no tips."""
        return await self.uow.schedules.pause_until(destination, MessageKind.TIP, None)

    async def stop(self, destination: Destination, kind: MessageKind) -> Schedule | None:
        """Stop what repeats somewhere; None when there was nothing."""
        return await self.uow.schedules.stop(destination, kind)

    async def stop_checkins(self, destination: Destination) -> Schedule | None:
        """Stop the person's check-ins, with everything that would ask for one again."""
        stopped = await self.stop(destination, MessageKind.CHECKIN)
        await self.uow.deliveries.cancel(MessageKind.CHECKIN, user_id=self.user_id)
        await cancel_reminder(self.uow, self.user_id)
        return stopped

    async def ensure_digest(self, destination: Destination, zone: ZoneInfo) -> Schedule | None:
        """Start the mentor's weekly digest for Monday morning in `zone`, unless there is one; None when they've stopped it."""
        known = await self.uow.schedules.get(destination, MessageKind.DIGEST)
        if known is not None or await self.uow.schedules.was_stopped(destination, MessageKind.DIGEST):
            return known
        monday_morning = Recurrence.weekly(Weekday.MONDAY, DEFAULT_TIME, zone)
        return await self.start(destination, MessageKind.DIGEST, monday_morning)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times at which quiet hours start and end; both None for no quiet hours."""

    start: time | None = None
    end: time | None = None


async def save_message_settings(
    uow: UnitOfWork, user_id: str, *, quiet: QuietHours | None, budget: int | None, reminders: bool | None
) -> None:
    """Save which messages a person wants, as far as it was given. Without reminders, one on its way is cancelled."""
    before = settings = await uow.people.message_settings(user_id)
    if reminders is not None:
        settings = replace(settings, reminders=reminders)
    if budget is not None:
        settings = replace(settings, budget=budget)
    if quiet is not None:
        settings = replace(settings, quiet_from=quiet.start, quiet_to=quiet.end)
    if reminders is False:
        await cancel_reminder(uow, user_id)
    if settings != before:
        await uow.people.set_messages(user_id, settings)
