"""Forecast of a person's next messages and of the ones skipped before that, made by the same policy that sends them."""

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
from mentorbot.domain.people import NO_SILENCE, MessageSettings, Silence
from mentorbot.domain.plan import monday
from mentorbot.domain.recurrence import next_after
from mentorbot.domain.time_off import NO_TIME_OFF, TimeOff
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
class _Expected:
    """One message to come, next decided on at `at`, and first `due` with its offset. They sort by `at`.

    It's a waiting `delivery`, an occurrence of a schedule planned for `planned_at`, or neither: then it's only considered.
    """

    at: datetime
    schedule_id: int  # 0 if it's already waiting, so it comes first
    kind: MessageKind = field(compare=False)
    due: datetime = field(compare=False)
    planned_at: datetime | None = field(default=None, compare=False)
    schedule: Schedule | None = field(default=None, compare=False)
    delivery: Delivery | None = field(default=None, compare=False)


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
    off: TimeOff = NO_TIME_OFF
    silence: Silence = NO_SILENCE
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
        """Foresee the outcome of each waiting delivery (by its id): the reason it will be dropped, or None if it will be sent."""
        return {number: reason for number, (_, reason) in self._pending_outcomes().items()}

    def on_its_way(self, schedule: Schedule) -> list[datetime]:
        """List the instants (UTC) when a schedule's waiting messages will be sent, soonest first."""
        return sorted(
            expected.at
            for expected, reason in self._pending_outcomes().values()
            if expected.schedule is not None and expected.schedule.id == schedule.id and reason is None
        )

    def once(self, at: datetime) -> NextMessage:
        """Foresee a check-in that is to be sent again at an instant (aware), in place of any other that asks again."""
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
        """List the messages waiting to be sent, except one-off messages of the kinds `instead_of`."""
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
        """Go through the messages to come in order of time, since earlier ones use up the budget.

        Yields each message as of its last decision, and the reason if it's dropped.
        """
        counts, silence = _WeekCounts(self.zone, self.recent), self.silence
        ahead = [*considered, *self._waiting(instead_of)]
        ahead += [self._occurrence(schedule, schedule.next_run_at) for schedule in self._active if schedule.next_run_at]
        heapify(ahead)
        while ahead:
            expected = heappop(ahead)
            decision = self._decide(expected, counts.at(expected.at), silence)
            if isinstance(decision, Defer):
                heappush(ahead, replace(expected, at=decision.until))
                continue
            if isinstance(decision, Send) and expected.kind in COUNTED_KINDS:
                counts.add(expected.at)
            if isinstance(decision, Send) and expected.kind is MessageKind.CHECKIN:
                silence = silence.after_checkin(monday(expected.at.astimezone(self.zone).date()))
            if (following := self._following(expected)) is not None:
                heappush(ahead, following)
            yield expected, decision.reason if isinstance(decision, Drop) else None

    def _occurrence(self, schedule: Schedule, at: datetime) -> _Expected:
        due = at + schedule.send_offset(self.calendar)
        return _Expected(due, schedule.id, schedule.kind, due, planned_at=at, schedule=schedule)

    def _following(self, expected: _Expected) -> _Expected | None:
        """Find the occurrence after this one; None beyond `HORIZON`."""
        schedule = expected.schedule
        if schedule is None or schedule.next_run_at is None or expected.planned_at is None:
            return None
        at = next_after(schedule.recurrence, expected.planned_at)
        if at is None or at - schedule.next_run_at >= HORIZON:
            return None
        return self._occurrence(schedule, at)

    def _decide(self, expected: _Expected, count: int, silence: Silence) -> Decision:
        """Decide in the schedule's zone whether it's planned, then in the person's zone whether it's sent."""
        schedule, planned_at, reason = expected.schedule, expected.planned_at, None
        if schedule is not None and planned_at is not None:
            reason = _planning_skip_reason(schedule, planned_at, self.calendar)
        if reason is not None:
            return Drop(reason)
        return decide(self._facts(expected, count, silence))

    def _facts(self, expected: _Expected, count: int, silence: Silence) -> Facts:
        kind, now, schedule = expected.kind, expected.at, expected.schedule
        no_learners = kind is MessageKind.DIGEST and not self.has_learners
        return Facts(
            kind=kind,
            now=now,
            occurrence_at=expected.due,
            zone=self.zone,
            recurrence=schedule.recurrence if schedule else None,
            calendar=self.calendar,
            not_before=now,
            person=PersonFacts(
                settings=self.settings,
                week_count=count,
                silence=silence,
                paused_until=self.paused_until,
                off=self.off,
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
