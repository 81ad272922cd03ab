"""What comes to a person next, and what is left out before that: by the same reasons by which it is left out when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from mentorbot.cadence import LONGEST_LOOK, left_out, next_after, quiet_until
from mentorbot.commands.call import Call
from mentorbot.commands.checkin_cards import away, checkins, unwanted
from mentorbot.commands.desk import Desk
from mentorbot.days_off import Calendar
from mentorbot.learning.plan import monday
from mentorbot.storage import CheckIn, Delivery, MessageSettings, Schedule
from mentorbot.storage.schedules import CHECKIN, turn_of


@dataclass(frozen=True, slots=True)
class Coming:
    """The next message of a schedule. `at` (UTC) is None when none comes any more; `quiet`: it waits for the end of quiet hours
    until then; `skipped` says why an earlier one is left out, "" when none is.
    """

    at: datetime | None
    quiet: bool
    skipped: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that decides what a person gets: their plan, check-ins and wishes, what they have had, and the workspace's calendar."""

    desk: Desk
    checkins: list[CheckIn]
    settings: MessageSettings
    had: Sequence[datetime]
    calendar: Calendar

    @classmethod
    async def open(cls, call: Call, last: Sequence[Delivery]) -> Outlook:
        """The caller's, who has had `last`."""
        desk = await Desk.open(call, shown=False)
        settings = await call.unit.people.message_settings(call.caller.person)
        had = [one.sent_at for one in last if one.sent_at is not None and one.merged_into is None]
        return cls(desk, await checkins(desk), settings, had, await call.unit.calendars.get())

    def coming(self, schedule: Schedule) -> Coming:
        """The next one of a schedule that is not left out."""
        at: datetime | None = schedule.next_run_at
        skipped = ""
        for _ in range(LONGEST_LOOK):
            if at is None:
                break
            due = at + turn_of(schedule.kind, schedule.id, self.calendar)
            ends = self._quiet_until(due)
            reason = self._left_out(schedule, at, due, ends or due) or self._unwanted(schedule, ends or due)
            if not reason:
                return Coming(ends or due, ends is not None, skipped)
            skipped, at = skipped or reason, next_after(schedule.cadence, at)
        return Coming(None, False, skipped)

    def _left_out(self, schedule: Schedule, at: datetime, *instants: datetime) -> str:
        """By the schedule's own clock when it is planned, and by the person's when it is sent."""
        theirs = replace(schedule.cadence, zone=self._zone)
        reasons = (left_out(theirs, instant, self.calendar) for instant in instants)
        return left_out(schedule.cadence, at, self.calendar) or next(filter(None, reasons), "")

    def _unwanted(self, schedule: Schedule, at: datetime) -> str:
        then = replace(self.desk, today=at.astimezone(self._zone).date())
        reason = unwanted(then, self.checkins) if schedule.kind == CHECKIN else away(then)
        return reason or self._spent(at)

    def _spent(self, at: datetime) -> str:
        budget = self.settings.budget
        week = monday(at.astimezone(self._zone).date())
        had = sum(monday(one.astimezone(self._zone).date()) == week for one in self.had)
        return "" if budget is None or had < budget else f"the budget of {budget} messages a week is spent"

    def _quiet_until(self, at: datetime) -> datetime | None:
        start, end = self.settings.quiet_from, self.settings.quiet_to
        return None if start is None or end is None else quiet_until(at, self._zone, start, end)

    @property
    def _zone(self) -> ZoneInfo:
        return self.desk.zone
