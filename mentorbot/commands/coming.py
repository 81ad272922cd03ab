"""What comes to a person next, and what is left out before that: by the same reasons by which it is left out when it is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from zoneinfo import ZoneInfo

from mentorbot.clock import Weekday
from mentorbot.commands.cadences import NINE, Coming
from mentorbot.commands.checkin_cards import away, checkins, unwanted
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk
from mentorbot.commands.pairing import learners_of
from mentorbot.domain.plan import monday
from mentorbot.domain.records import CheckIn, Delivery, MessageSettings, Schedule
from mentorbot.domain.recurrence import Recurrence, next_after, quiet_hours_end, skip_reason
from mentorbot.domain.work_calendar import WorkCalendar
from mentorbot.storage.schedules import CHECKIN, DIGEST, OWN_TIP, REMINDER, turn_of

_SURE = frozenset({CHECKIN, OWN_TIP, DIGEST})
"""What comes when it is due. Whether there is a question to recall shows only then."""
_AGAIN = frozenset({CHECKIN, REMINDER})
"""What a single message is about that asks for a check-in once more."""
ON_TIME = timedelta(minutes=15)
"""A message that comes later than this says so."""
CLOSE = ON_TIME
"""So close together, what is due for one person becomes one message; none of it is late by then."""
NO_LEARNERS = "there are no learners"
MAX_BUDGET = 50
"""Messages a week that one can ask for."""
_LAST = MAX_BUDGET + 10
"""A week's messages are at most as many as a budget can be, and all of them count for it."""
LOOK = timedelta(days=400)
"""How far is looked for one that is not left out: a break lasts a year at most."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One occurrence: planned for `at`, `due` when the schedule has its turn, and sent when it `comes`."""

    comes: datetime
    schedule: Schedule
    at: datetime
    due: datetime

    def __lt__(self, other: _Turn) -> bool:
        return (self.comes, self.schedule.id) < (other.comes, other.schedule.id)


class _Budget:
    """How many messages each week has had, with those that are foreseen."""

    def __init__(self, settings: MessageSettings, zone: ZoneInfo, sent: Iterable[Delivery]) -> None:
        self._settings, self._zone = settings, zone
        self._numbers = Counter(
            self._week(one.sent_at) for one in sent if one.sent_at is not None and one.merged_into is None
        )
        self._ahead: list[datetime] = []

    def spent(self, at: datetime) -> str:
        """In words, that nothing more is sent at an instant; "" when it is. What travels along costs nothing."""
        budget = self._settings.budget
        free = budget is None or self._joins(at) or self._numbers[self._week(at)] < budget
        return "" if free else self._settings.spent()

    def take(self, at: datetime) -> None:
        """One more message comes then, or more in the same one."""
        if not self._joins(at):
            self._numbers[self._week(at)] += 1
            self._ahead = [*(one for one in self._ahead if at - one <= CLOSE), at]

    def _joins(self, at: datetime) -> bool:
        return any(abs(at - one) <= CLOSE for one in self._ahead)

    def _week(self, at: datetime) -> date:
        return monday(at.astimezone(self._zone).date())


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that decides what a person gets: what repeats for them, their plan, check-ins and wishes, what they have had last
    (newest first), and the workspace's calendar.
    """

    desk: Desk
    schedules: list[Schedule]
    checkins: list[CheckIn]
    settings: MessageSettings
    last: list[Delivery]
    calendar: WorkCalendar
    learners: bool
    """Whether there is anybody to write a digest of."""

    @classmethod
    async def open(cls, context: Context) -> Outlook:
        """The caller's."""
        desk, person, receipts = await Desk.open(context, shown=False), context.caller.user_id, context.uow.deliveries
        last = [delivery for delivery, _ in await receipts.last(person, _LAST)]
        schedules, settings = await receipts.schedules(person), await context.uow.people.message_settings(person)
        calendar, learners = await context.uow.calendars.get(), bool(await learners_of(context))
        return cls(desk, schedules, await checkins(desk), settings, last, calendar, learners)

    def coming(self) -> Mapping[int, Coming]:
        """The next one of each schedule (by its id) that is not paused, and not left out. They are gone through by the time at
        which they come, since those that come first spend the budget.
        """
        schedules = [one for one in self.schedules if one.state != "paused"]
        ahead = [self._turn(one, one.next_run_at) for one in schedules]
        heapify(ahead)
        budget, _ = self._foreseen()
        found, skipped = dict[int, Coming](), dict[int, str]()
        while ahead and len(found) < len(schedules):
            turn = heappop(ahead)
            number, following = turn.schedule.id, next_after(turn.schedule.cadence, turn.at)
            if reason := self._why_not(turn, budget):
                skipped.setdefault(number, reason)
            else:
                found.setdefault(number, Coming(turn.comes, turn.comes != turn.due, skipped.get(number, "")))
                if turn.schedule.kind in _SURE:
                    budget.take(turn.comes)
            if following is not None and following - turn.schedule.next_run_at < LOOK:
                heappush(ahead, self._turn(turn.schedule, following))
        return {one.id: found.get(one.id, Coming(None, False, skipped.get(one.id, ""))) for one in schedules}

    def waiting(self) -> Mapping[int, str]:
        """What waits to be sent, by its id, and why it will be left out as things stand; "" when it will come."""
        return self._foreseen()[1]

    def on_its_way(self, schedule: Schedule) -> list[datetime]:
        """When messages of a schedule come that wait already (UTC), soonest first."""
        waiting = self.waiting()
        return sorted(
            self._after_quiet(max(self.desk.context.now, one.not_before))
            for one in self.last
            if one.schedule_id == schedule.id and waiting.get(one.id) == ""
        )

    def once(self, at: datetime) -> Coming:
        """What becomes of a check-in that is to be sent once more, at an instant (aware), in the place of what asks again."""
        budget, _ = self._foreseen(instead_of=_AGAIN)
        comes = self._after_quiet(at)
        reason = self._day_off(at, comes) or unwanted(self._then(comes), self.checkins) or budget.spent(comes)
        return Coming(None if reason else comes, comes != at, reason)

    def _foreseen(self, instead_of: Collection[str] = ()) -> tuple[_Budget, Mapping[int, str]]:
        """The budget after all that was sent and that waits, and what becomes of each that waits; without single messages
        about what is named.
        """
        budget, reasons = _Budget(self.settings, self._zone, self.last), dict[int, str]()
        pending = [
            one
            for one in self.last
            if one.state == "pending"
            and one.merged_into is None
            and (one.kind in _SURE or one.item in _AGAIN - set(instead_of))
        ]
        for one in sorted(pending, key=lambda one: one.not_before):
            comes = self._after_quiet(max(self.desk.context.now, one.not_before))
            reasons[one.id] = self._unwanted(one, comes) or budget.spent(comes)
            if not reasons[one.id]:
                budget.take(comes)
        return budget, reasons

    def _unwanted(self, delivery: Delivery, comes: datetime) -> str:
        if delivery.kind == DIGEST and not self.learners:
            return NO_LEARNERS
        if delivery.item == REMINDER and not self.settings.reminders:
            return "reminders are off"
        then = self._then(comes)
        asks = delivery.kind == CHECKIN or delivery.item in _AGAIN
        reason = unwanted(then, self.checkins) if asks else away(then)
        return self._day_off(delivery.occurrence_at, comes) or reason

    def _day_off(self, *instants: datetime) -> str:
        theirs = Recurrence(tuple(Weekday), NINE, self._zone)
        return next(filter(None, (skip_reason(theirs, instant, self.calendar) for instant in instants)), "")

    def _then(self, at: datetime) -> Desk:
        return replace(self.desk, today=at.astimezone(self._zone).date())

    def _after_quiet(self, at: datetime) -> datetime:
        """When something that is due `at` is sent: then, or when quiet hours end."""
        start, end = self.settings.quiet_from, self.settings.quiet_to
        return at if start is None or end is None else quiet_hours_end(at, self._zone, start, end) or at

    def _turn(self, schedule: Schedule, at: datetime) -> _Turn:
        due = at + turn_of(schedule.kind, schedule.id, self.calendar)
        return _Turn(self._after_quiet(due), schedule, at, due)

    def _why_not(self, turn: _Turn, budget: _Budget) -> str:
        """Why an occurrence is left out; "" when it is not."""
        if turn.schedule.kind == DIGEST and not self.learners:
            return NO_LEARNERS
        then = self._then(turn.comes)
        reason = unwanted(then, self.checkins) if turn.schedule.kind == CHECKIN else away(then)
        return self._left_out(turn) or reason or budget.spent(turn.comes)

    def _left_out(self, turn: _Turn) -> str:
        """By the schedule's own clock when it is planned, and by the person's when it is sent."""
        cadence = turn.schedule.cadence
        theirs = replace(cadence, zone=self._zone)
        reasons = (skip_reason(theirs, instant, self.calendar) for instant in (turn.due, turn.comes))
        return skip_reason(cadence, turn.at, self.calendar) or next(filter(None, reasons), "")

    @property
    def _zone(self) -> ZoneInfo:
        return self.desk.zone
