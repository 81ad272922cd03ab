"""Which messages a person gets next, and which are left out before that: by the same policy that decides when they are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from zoneinfo import ZoneInfo

from mentorbot.domain.deliveries import (
    Delivery,
    DeliveryState,
    MessageKind,
    Reason,
    ReasonCode,
    Schedule,
    ScheduleState,
)
from mentorbot.domain.delivery_policy import (
    MERGE_WINDOW,
    REMIND_AFTER,
    Defer,
    Drop,
    Facts,
    PersonFacts,
    Send,
    checkin_states,
    decide,
    quiet_until,
)
from mentorbot.domain.learner import CheckIn
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.plan import monday
from mentorbot.domain.recurrence import next_after
from mentorbot.domain.work_calendar import WorkCalendar

COUNTED_KINDS = frozenset({MessageKind.CHECKIN, MessageKind.PERSONAL_TIP, MessageKind.DIGEST, MessageKind.REMINDER})
"""What is sure to come when it's due. Whether there is a question to recall shows only then."""
ASKS_AGAIN = frozenset({MessageKind.CHECKIN, MessageKind.REMINDER})
"""One-off messages of these kinds ask for a check-in once more."""
MAX_BUDGET = 50
"""Messages a week that a person can ask for."""
HISTORY_LIMIT = MAX_BUDGET + 10
"""A week's messages are at most as many as a budget can be, and all of them count for it."""
HORIZON = timedelta(days=400)
"""How far ahead a message that isn't left out is looked for: a pause lasts a year at most."""


@dataclass(frozen=True, slots=True)
class NextMessage:
    """The next message of a schedule.

    `at` (UTC) is None when no more come; `after_quiet_hours`: it waits until then for quiet hours to end; `skipped` says why an
    earlier one is left out, or why none comes.
    """

    at: datetime | None
    after_quiet_hours: bool = False
    skipped: Reason | None = None


@dataclass(frozen=True, slots=True, order=True)
class _Occurrence:
    """One occurrence, in the order in which they come: planned for `at`, `due` with its offset, sent when it `comes`."""

    comes: datetime
    schedule_id: int
    at: datetime = field(compare=False)
    due: datetime = field(compare=False)
    schedule: Schedule = field(compare=False)


class _WeekCounts:
    """How many messages each local week has had, with those foreseen. What travels in the same message counts once."""

    def __init__(self, zone: ZoneInfo, sent: Iterable[Delivery]) -> None:
        self._zone = zone
        self._counts = Counter(
            self._week(delivery.sent_at)
            for delivery in sent
            if delivery.sent_at is not None and delivery.parent_delivery is None
        )
        self._foreseen: list[datetime] = []

    def at(self, instant: datetime) -> int:
        """How many messages the week of an instant has had; none count for one that would travel along with another."""
        return 0 if self._joins(instant) else self._counts[self._week(instant)]

    def add(self, instant: datetime) -> None:
        """Count one more message then, unless it travels along with another."""
        if not self._joins(instant):
            self._counts[self._week(instant)] += 1
            self._foreseen = [*(other for other in self._foreseen if instant - other <= MERGE_WINDOW), instant]

    def _joins(self, instant: datetime) -> bool:
        return any(abs(instant - other) <= MERGE_WINDOW for other in self._foreseen)

    def _week(self, instant: datetime) -> date:
        return monday(instant.astimezone(self._zone).date())


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What one person is going to get, from everything that decides about it.

    `recent` are their newest deliveries, newest first, at least `HISTORY_LIMIT` of them; `has_learners` says whether
    there is anyone to write a digest about.
    """

    now: datetime
    zone: ZoneInfo
    settings: MessageSettings
    calendar: WorkCalendar
    schedules: Sequence[Schedule]
    recent: Sequence[Delivery]
    checkins: Sequence[CheckIn] = ()
    paused_until: date | None = None
    weeks_off: frozenset[date] = frozenset()
    has_learners: bool = False

    def next_messages(self) -> Mapping[int, NextMessage]:
        """Foresee the next message of each schedule (by its id) that isn't paused.

        They are gone through in the order in which they come, since those that come first spend the budget.
        """
        active = [one for one in self.schedules if one.state is ScheduleState.ACTIVE and one.next_run_at is not None]
        ahead = [self._occurrence(schedule, schedule.next_run_at) for schedule in active if schedule.next_run_at]
        heapify(ahead)
        counts, _ = self._foresee_pending()
        found, skipped = dict[int, NextMessage](), dict[int, Reason]()
        while ahead and len(found) < len(active):
            occurrence = heappop(ahead)
            schedule, first = occurrence.schedule, occurrence.schedule.next_run_at or occurrence.at
            following = next_after(schedule.recurrence, occurrence.at)
            comes, reason = self._outcome(occurrence, counts)
            if reason:
                skipped.setdefault(schedule.id, reason)
            else:
                late = comes != occurrence.due
                found.setdefault(schedule.id, NextMessage(comes, late, skipped.get(schedule.id)))
                if schedule.kind in COUNTED_KINDS:
                    counts.add(comes)
            if following is not None and following - first < HORIZON:
                heappush(ahead, self._occurrence(schedule, following))
        return {one.id: found.get(one.id, NextMessage(None, skipped=skipped.get(one.id))) for one in active}

    def pending(self) -> Mapping[int, Reason | None]:
        """Foresee what becomes of each delivery (by its id) that is waiting: why it will be left out, or None if it will come."""
        return self._foresee_pending()[1]

    def on_its_way(self, schedule: Schedule) -> list[datetime]:
        """When those of a schedule's messages come that are waiting already (UTC), soonest first."""
        pending = self.pending()
        return sorted(
            self._comes(max(self.now, delivery.not_before))
            for delivery in self.recent
            if delivery.schedule is not None
            and delivery.schedule.id == schedule.id
            and delivery.id in pending
            and pending[delivery.id] is None
        )

    def once(self, at: datetime) -> NextMessage:
        """Foresee a check-in that is to be sent once more at an instant (aware), instead of whatever else asks again."""
        counts, _ = self._foresee_pending(instead_of=ASKS_AGAIN)
        comes, reason = self._decide(MessageKind.CHECKIN, at, at, counts)
        return NextMessage(None if reason else comes, comes != at, reason)

    def _occurrence(self, schedule: Schedule, at: datetime) -> _Occurrence:
        due = at + schedule.send_offset(self.calendar)
        return _Occurrence(self._comes(due), schedule.id, at, due, schedule)

    def _outcome(self, occurrence: _Occurrence, counts: _WeekCounts) -> tuple[datetime, Reason | None]:
        """Decide by the schedule's own clock when it's planned, and by the person's when it's sent."""
        schedule = occurrence.schedule
        if reason := _planning_skip_reason(schedule, occurrence.at, self.calendar):
            return occurrence.comes, reason
        return self._decide(schedule.kind, occurrence.due, occurrence.due, counts, schedule)

    def _foresee_pending(
        self, instead_of: Collection[MessageKind] = ()
    ) -> tuple[_WeekCounts, Mapping[int, Reason | None]]:
        """Count what was sent and what is waiting; one-off messages of the kinds `instead_of` are passed over."""
        counts, reasons = _WeekCounts(self.zone, self.recent), dict[int, Reason | None]()
        waiting = [
            delivery
            for delivery in self.recent
            if delivery.state is DeliveryState.PENDING
            and delivery.parent_delivery is None
            and delivery.kind in COUNTED_KINDS
            and (delivery.schedule is not None or delivery.kind not in instead_of)
        ]
        for delivery in sorted(waiting, key=lambda delivery: delivery.not_before):
            start = max(self.now, delivery.not_before)
            comes, reason = self._decide(delivery.kind, start, delivery.occurrence_at, counts, delivery.schedule)
            reasons[delivery.id] = reason
            if reason is None:
                counts.add(comes)
        return counts, reasons

    def _comes(self, start: datetime) -> datetime:
        """When something due at an instant is sent: then, or when quiet hours end."""
        return quiet_until(self.settings, start, self.zone) or start

    def _decide(
        self,
        kind: MessageKind,
        start: datetime,
        occurrence_at: datetime,
        counts: _WeekCounts,
        schedule: Schedule | None = None,
    ) -> tuple[datetime, Reason | None]:
        """Follow a message until it's sent or dropped: when that is, and why it's dropped."""
        instant = start
        while True:
            decision = decide(self._facts(kind, instant, occurrence_at, counts.at(instant), schedule))
            match decision:
                case Send():
                    return instant, None
                case Drop(reason):
                    return instant, reason
                case Defer(until):
                    instant = until

    def _facts(
        self, kind: MessageKind, now: datetime, occurrence_at: datetime, count: int, schedule: Schedule | None
    ) -> Facts:
        no_learners = kind is MessageKind.DIGEST and not self.has_learners
        return Facts(
            kind=kind,
            now=now,
            occurrence_at=occurrence_at,
            zone=self.zone,
            recurrence=schedule.recurrence if schedule else None,
            calendar=self.calendar,
            not_before=now,
            person=PersonFacts(
                settings=self.settings,
                week_count=count,
                paused_until=self.paused_until,
                weeks_off=self.weeks_off,
                checkins=checkin_states(self.checkins),
            ),
            checkin_sent_at=self._last_checkin(now) if kind is MessageKind.REMINDER else None,
            no_content=Reason(ReasonCode.NO_LEARNERS) if no_learners else None,
        )

    def _last_checkin(self, reminder_at: datetime) -> datetime:
        """When the newest check-in was sent; one that is still on its way is taken to be in time for its reminder."""
        sent = (one.sent_at for one in self.recent if one.kind is MessageKind.CHECKIN and one.schedule and one.sent_at)
        return max(sent, default=reminder_at - REMIND_AFTER)


def next_in_channel(schedule: Schedule, calendar: WorkCalendar) -> NextMessage:
    """Foresee the next message of a channel's schedule: only its pause and days off decide about that."""
    first = at = schedule.next_run_at
    skipped: Reason | None = None
    while first is not None and at is not None and at - first < HORIZON:
        reason = _planning_skip_reason(schedule, at, calendar)
        if reason is None:
            return NextMessage(at + schedule.send_offset(calendar), skipped=skipped)
        skipped, at = skipped or reason, next_after(schedule.recurrence, at)
    last = schedule.recurrence.ends_on
    return NextMessage(None, skipped=Reason(ReasonCode.NONE_LEFT, {"until": last.isoformat()}) if last else skipped)


def _planning_skip_reason(schedule: Schedule, at: datetime, calendar: WorkCalendar) -> Reason | None:
    """Why an occurrence won't be planned, by the schedule's own clock; None if it will."""
    facts = Facts(
        kind=schedule.kind,
        now=at,
        occurrence_at=at,
        zone=schedule.recurrence.zone,
        recurrence=schedule.recurrence,
        calendar=calendar,
    )
    decision = decide(facts)
    return decision.reason if isinstance(decision, Drop) else None
