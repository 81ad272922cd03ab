"""What comes to a person next, and what is left out before that: by the same reasons by which it is left out when it is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heapify, heappop, heappush
from zoneinfo import ZoneInfo

from mentorbot.cadence import LONGEST_LOOK, left_out, next_after, quiet_until
from mentorbot.commands.call import Call
from mentorbot.commands.checkin_cards import away, checkins, unwanted
from mentorbot.commands.desk import Desk
from mentorbot.days_off import Calendar
from mentorbot.learning.plan import monday
from mentorbot.storage import CheckIn, Delivery, MessageSettings, Schedule
from mentorbot.storage.schedules import CHECKIN, DIGEST, OWN_TIP, turn_of

_SURE = frozenset({CHECKIN, OWN_TIP, DIGEST})
"""What comes when it is due. Whether there is a question to recall shows only then."""


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

    def coming(self, schedules: Sequence[Schedule]) -> Mapping[int, Coming]:
        """The next one of each schedule (by its id) that is not left out. They are gone through by the time at which they come,
        since those that come first spend the budget.
        """
        ahead = [(one.next_run_at, one.id, one) for one in schedules]
        heapify(ahead)
        had, found, skipped = list(self.had), dict[int, Coming](), dict[int, str]()
        for _ in range(LONGEST_LOOK):
            if not ahead or len(found) == len(schedules):
                break
            at, number, schedule = heappop(ahead)
            due = at + turn_of(schedule.kind, schedule.id, self.calendar)
            ends = self._quiet_until(due)
            if reason := self._why_not(schedule, at, due, ends or due, had):
                skipped.setdefault(number, reason)
            else:
                found.setdefault(number, Coming(ends or due, ends is not None, skipped.get(number, "")))
                had += [ends or due] if schedule.kind in _SURE else []
            if following := next_after(schedule.cadence, at):
                heappush(ahead, (following, number, schedule))
        return {one.id: found.get(one.id, Coming(None, False, skipped.get(one.id, ""))) for one in schedules}

    def _why_not(self, schedule: Schedule, at: datetime, due: datetime, comes: datetime, had: list[datetime]) -> str:
        """Why one that is planned for `at` and due at `due` is left out when it `comes`; "" when it is not."""
        then = replace(self.desk, today=comes.astimezone(self._zone).date())
        unwanted_ = unwanted(then, self.checkins) if schedule.kind == CHECKIN else away(then)
        return self._left_out(schedule, at, due, comes) or unwanted_ or self._spent(comes, had)

    def _left_out(self, schedule: Schedule, at: datetime, *instants: datetime) -> str:
        """By the schedule's own clock when it is planned, and by the person's when it is sent."""
        theirs = replace(schedule.cadence, zone=self._zone)
        reasons = (left_out(theirs, instant, self.calendar) for instant in instants)
        return left_out(schedule.cadence, at, self.calendar) or next(filter(None, reasons), "")

    def _spent(self, at: datetime, had: list[datetime]) -> str:
        budget = self.settings.budget
        week = monday(at.astimezone(self._zone).date())
        # What comes at the same time comes in the same message.
        number = sum(monday(one.astimezone(self._zone).date()) == week for one in had if one != at)
        return "" if budget is None or number < budget else self.settings.spent()

    def _quiet_until(self, at: datetime) -> datetime | None:
        start, end = self.settings.quiet_from, self.settings.quiet_to
        return None if start is None or end is None else quiet_until(at, self._zone, start, end)

    @property
    def _zone(self) -> ZoneInfo:
        return self.desk.zone
