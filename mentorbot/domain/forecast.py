"""Which messages a person gets next, and which are left out before that: by the same policy that decides when they are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    Decision,
    Defer,
    Drop,
    Facts,
    PersonFacts,
    Send,
    checkin_states,
    decide,
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
class _Expected:
    """One message to come, in the order in which they come: looked at `at`, first `due` with its offset.

    It's a `delivery` that is waiting already, or an occurrence of a schedule, planned for `planned_at`, or neither: one that
    is only considered.
    """

    at: datetime
    schedule_id: int  # what is waiting already comes first, and has 0
    kind: MessageKind = field(compare=False)
    due: datetime = field(compare=False)
    planned_at: datetime | None = field(default=None, compare=False)
    schedule: Schedule | None = field(default=None, compare=False)
    delivery: Delivery | None = field(default=None, compare=False)


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
        """Foresee the next message of each schedule (by its id) that isn't paused."""
        active = [schedule.id for schedule in self._active]
        messages, skipped = dict[int, NextMessage](), dict[int, Reason]()
        for expected, reason in self._outcomes():
            number = expected.schedule_id
            if expected.planned_at is None or number in messages:
                continue
            if reason:
                skipped.setdefault(number, reason)
            else:
                messages[number] = NextMessage(expected.at, expected.at != expected.due, skipped.get(number))
                if len(messages) == len(active):
                    break
        return {number: messages.get(number, NextMessage(None, skipped=skipped.get(number))) for number in active}

    def pending(self) -> Mapping[int, Reason | None]:
        """Foresee what becomes of each delivery (by its id) that is waiting: why it will be left out, or None if it will come."""
        return {number: reason for number, (_, reason) in self._pending_outcomes().items()}

    def on_its_way(self, schedule: Schedule) -> list[datetime]:
        """When those of a schedule's messages come that are waiting already (UTC), soonest first."""
        return sorted(
            expected.at
            for expected, reason in self._pending_outcomes().values()
            if expected.schedule is not None and expected.schedule.id == schedule.id and reason is None
        )

    def once(self, at: datetime) -> NextMessage:
        """Foresee a check-in that is to be sent once more at an instant (aware), instead of whatever else asks again."""
        considered = _Expected(at, 0, MessageKind.CHECKIN, at)
        for expected, reason in self._outcomes(considered, instead_of=ASKS_AGAIN):
            if expected.delivery is None and expected.planned_at is None:
                return NextMessage(None if reason else expected.at, expected.at != at, reason)
        return NextMessage(None)

    def _pending_outcomes(self) -> Mapping[int, tuple[_Expected, Reason | None]]:
        left, outcomes = len(self._waiting()), dict[int, tuple[_Expected, Reason | None]]()
        for expected, reason in self._outcomes() if left else ():
            if expected.delivery is not None:
                outcomes[expected.delivery.id] = expected, reason
                if len(outcomes) == left:
                    break
        return outcomes

    @property
    def _active(self) -> list[Schedule]:
        return [
            schedule
            for schedule in self.schedules
            if schedule.state is ScheduleState.ACTIVE and schedule.next_run_at is not None
        ]

    def _waiting(self, instead_of: Collection[MessageKind] = ()) -> list[_Expected]:
        """List what is waiting to be sent; one-off messages of the kinds `instead_of` are passed over."""
        return [
            _Expected(
                max(self.now, delivery.not_before),
                0,
                delivery.kind,
                delivery.occurrence_at,
                schedule=delivery.schedule,
                delivery=delivery,
            )
            for delivery in self.recent
            if delivery.state is DeliveryState.PENDING
            and delivery.parent_delivery is None
            and delivery.kind in COUNTED_KINDS
            and (delivery.schedule is not None or delivery.kind not in instead_of)
        ]

    def _outcomes(
        self, *considered: _Expected, instead_of: Collection[MessageKind] = ()
    ) -> Iterator[tuple[_Expected, Reason | None]]:
        """Go through what comes in the order in which it comes, since the first to come spend the budget.

        Yields each message as it is at its last look, and the reason if it's left out then.
        """
        counts = _WeekCounts(self.zone, self.recent)
        ahead = [*considered, *self._waiting(instead_of)]
        ahead += [self._occurrence(schedule, schedule.next_run_at) for schedule in self._active if schedule.next_run_at]
        heapify(ahead)
        while ahead:
            expected = heappop(ahead)
            decision = self._decide(expected, counts.at(expected.at))
            if isinstance(decision, Defer):
                heappush(ahead, replace(expected, at=decision.until))
                continue
            if isinstance(decision, Send) and expected.kind in COUNTED_KINDS:
                counts.add(expected.at)
            if (following := self._following(expected)) is not None:
                heappush(ahead, following)
            yield expected, decision.reason if isinstance(decision, Drop) else None

    def _occurrence(self, schedule: Schedule, at: datetime) -> _Expected:
        due = at + schedule.send_offset(self.calendar)
        return _Expected(due, schedule.id, schedule.kind, due, planned_at=at, schedule=schedule)

    def _following(self, expected: _Expected) -> _Expected | None:
        """The occurrence after one, as far as it's looked for."""
        schedule = expected.schedule
        if schedule is None or schedule.next_run_at is None or expected.planned_at is None:
            return None
        at = next_after(schedule.recurrence, expected.planned_at)
        if at is None or at - schedule.next_run_at >= HORIZON:
            return None
        return self._occurrence(schedule, at)

    def _decide(self, expected: _Expected, count: int) -> Decision:
        """Decide by the schedule's own clock when it's planned, and by the person's when it's sent."""
        schedule = expected.schedule
        if schedule is not None and expected.planned_at is not None:
            planned = decide(
                Facts(
                    kind=schedule.kind,
                    now=expected.planned_at,
                    occurrence_at=expected.planned_at,
                    zone=schedule.recurrence.zone,
                    recurrence=schedule.recurrence,
                    calendar=self.calendar,
                )
            )
            if isinstance(planned, Drop):
                return planned
        return decide(self._facts(expected.kind, expected.at, expected.due, count, schedule))

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
