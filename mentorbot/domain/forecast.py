"""Forecast of a person's next messages and of the ones skipped before that, made by the same policy that sends them."""

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
"""Kinds that are sure to come when due. A recall message isn't: only then do we know if a question is due."""
ASKS_AGAIN = frozenset({MessageKind.CHECKIN, MessageKind.REMINDER})
"""Kinds of one-off messages that ask for a check-in again."""
MAX_BUDGET = 50
"""The highest weekly message budget a person can set."""
HISTORY_LIMIT = MAX_BUDGET + 10
"""Deliveries to read for a forecast: more than any week's budget, so that every message that counts towards it is among them."""
HORIZON = timedelta(days=400)
"""Limit of the search for the next message that isn't skipped. A pause lasts a year at most."""


@dataclass(frozen=True, slots=True)
class NextMessage:
    """The next message of a schedule.

    `at` (UTC) is None if no more come. `after_quiet_hours`: it waits until `at` because of quiet hours. `skipped` is the reason
    an earlier one is skipped, or none comes.
    """

    at: datetime | None
    after_quiet_hours: bool = False
    skipped: Reason | None = None


@dataclass(frozen=True, slots=True, order=True)
class _Occurrence:
    """One occurrence: planned for `at`, `due` after its offset, and sent at `sent_at`. They sort by `sent_at`."""

    sent_at: datetime
    schedule_id: int
    at: datetime = field(compare=False)
    due: datetime = field(compare=False)
    schedule: Schedule = field(compare=False)


class _WeekCounts:
    """The number of messages in each local week, past and foreseen. Deliveries merged into one message count once."""

    def __init__(self, zone: ZoneInfo, sent: Iterable[Delivery]) -> None:
        self._zone = zone
        self._counts = Counter(
            self._week(delivery.sent_at)
            for delivery in sent
            if delivery.sent_at is not None and delivery.parent_delivery is None
        )
        self._foreseen: list[datetime] = []

    def at(self, instant: datetime) -> int:
        """Count the messages in the week of an instant; 0 if a message at that instant would merge with a different one."""
        return 0 if self._merges(instant) else self._counts[self._week(instant)]

    def add(self, instant: datetime) -> None:
        """Count one more message at an instant, unless it merges with a different one."""
        if not self._merges(instant):
            self._counts[self._week(instant)] += 1
            self._foreseen = [*(other for other in self._foreseen if instant - other <= MERGE_WINDOW), instant]

    def _merges(self, instant: datetime) -> bool:
        return any(abs(instant - other) <= MERGE_WINDOW for other in self._foreseen)

    def _week(self, instant: datetime) -> date:
        return monday(instant.astimezone(self._zone).date())


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Forecast for one person, with everything it depends on.

    `recent` are at least `HISTORY_LIMIT` of their deliveries, newest first. `has_learners`: there's someone to write a digest
    about.
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

        Occurrences are processed in the order they're sent, because earlier ones use up the budget.
        """
        active = [
            schedule
            for schedule in self.schedules
            if schedule.state is ScheduleState.ACTIVE and schedule.next_run_at is not None
        ]
        ahead = [self._occurrence(schedule, schedule.next_run_at) for schedule in active if schedule.next_run_at]
        heapify(ahead)
        counts, _ = self._foresee_pending()
        next_messages, skipped = dict[int, NextMessage](), dict[int, Reason]()
        while ahead and len(next_messages) < len(active):
            occurrence = heappop(ahead)
            schedule, first = occurrence.schedule, occurrence.schedule.next_run_at or occurrence.at
            following = next_after(schedule.recurrence, occurrence.at)
            sent_at, reason = self._outcome(occurrence, counts)
            if reason:
                skipped.setdefault(schedule.id, reason)
            else:
                quiet = sent_at != occurrence.due
                next_messages.setdefault(schedule.id, NextMessage(sent_at, quiet, skipped.get(schedule.id)))
                if schedule.kind in COUNTED_KINDS:
                    counts.add(sent_at)
            if following is not None and following - first < HORIZON:
                heappush(ahead, self._occurrence(schedule, following))
        return {
            schedule.id: next_messages.get(schedule.id, NextMessage(None, skipped=skipped.get(schedule.id)))
            for schedule in active
        }

    def pending(self) -> Mapping[int, Reason | None]:
        """Foresee the outcome of each waiting delivery (by its id): the reason it will be dropped, or None if it will be sent."""
        return self._foresee_pending()[1]

    def on_its_way(self, schedule: Schedule) -> list[datetime]:
        """List the instants (UTC) at which a schedule's waiting messages will be sent, soonest first."""
        pending = self.pending()
        return sorted(
            self._send_time(max(self.now, delivery.not_before))
            for delivery in self.recent
            if delivery.schedule is not None
            and delivery.schedule.id == schedule.id
            and delivery.id in pending
            and pending[delivery.id] is None
        )

    def once(self, at: datetime) -> NextMessage:
        """Foresee a check-in that is to be sent again at an instant (aware), in place of any other that asks again."""
        counts, _ = self._foresee_pending(instead_of=ASKS_AGAIN)
        sent_at, reason = self._decide(MessageKind.CHECKIN, at, at, counts)
        return NextMessage(None if reason else sent_at, sent_at != at, reason)

    def _occurrence(self, schedule: Schedule, at: datetime) -> _Occurrence:
        due = at + schedule.send_offset(self.calendar)
        return _Occurrence(self._send_time(due), schedule.id, at, due, schedule)

    def _outcome(self, occurrence: _Occurrence, counts: _WeekCounts) -> tuple[datetime, Reason | None]:
        """Decide in the schedule's zone whether it's planned, then in the person's zone whether it's sent."""
        schedule = occurrence.schedule
        if reason := _planning_skip_reason(schedule, occurrence.at, self.calendar):
            return occurrence.sent_at, reason
        return self._decide(schedule.kind, occurrence.due, occurrence.due, counts, schedule)

    def _foresee_pending(
        self, instead_of: Collection[MessageKind] = ()
    ) -> tuple[_WeekCounts, Mapping[int, Reason | None]]:
        """Count the messages sent and waiting, except one-off messages of the kinds `instead_of`."""
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
            sent_at, reason = self._decide(delivery.kind, start, delivery.occurrence_at, counts, delivery.schedule)
            reasons[delivery.id] = reason
            if reason is None:
                counts.add(sent_at)
        return counts, reasons

    def _send_time(self, start: datetime) -> datetime:
        """Find the instant at which a message due at `start` is sent: then, or at the end of quiet hours."""
        return quiet_until(self.settings, start, self.zone) or start

    def _decide(
        self,
        kind: MessageKind,
        start: datetime,
        occurrence_at: datetime,
        counts: _WeekCounts,
        schedule: Schedule | None = None,
    ) -> tuple[datetime, Reason | None]:
        """Follow a message until it's sent or dropped. Returns that instant, and the reason if it's dropped."""
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
        """Find the instant the newest check-in was sent. If it's still on its way, assume it's in time for its reminder."""
        sent = (
            delivery.sent_at
            for delivery in self.recent
            if delivery.kind is MessageKind.CHECKIN and delivery.schedule and delivery.sent_at
        )
        return max(sent, default=reminder_at - REMIND_AFTER)


def next_in_channel(schedule: Schedule, calendar: WorkCalendar) -> NextMessage:
    """Foresee the next message of a channel's schedule. Only its pause and days off matter."""
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
    """Find the reason why an occurrence won't be planned, in the schedule's zone; None if it will be."""
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
