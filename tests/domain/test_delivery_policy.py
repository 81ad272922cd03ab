"""The delivery policy: every rule by itself, and the order of the rules, for every kind of message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import (
    UNSOLICITED_KINDS,
    DeliveryState,
    MessageKind,
    Reason,
    ReasonCode,
    ScheduleState,
)
from mentorbot.domain.delivery_policy import (
    ON_TIME,
    REMIND_AFTER,
    ZONE_RETRY,
    Decision,
    Defer,
    Drop,
    Facts,
    PersonFacts,
    Send,
    decide,
    max_lateness,
    skip_reason,
)
from mentorbot.domain.learner import CheckInState
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.recurrence import Recurrence
from mentorbot.domain.time_off import TimeOff
from mentorbot.domain.work_calendar import WorkCalendar

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""A Wednesday, 13:00 in Berlin."""
TODAY, THIS_WEEK = NOW.date(), date(2026, 11, 23)
WEEKLY = Recurrence.weekly(Weekday.WEDNESDAY, time(13), BERLIN)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def anything(_: MessageKind) -> bool:
    return True


def unsolicited(kind: MessageKind) -> bool:
    return kind in UNSOLICITED_KINDS


def only(*kinds: MessageKind) -> Callable[[MessageKind], bool]:
    return lambda kind: kind in kinds


def of_person(change: Callable[[PersonFacts], PersonFacts]) -> Callable[[Facts], Facts]:
    """Make a change of the person's facts."""
    return lambda facts: replace(facts, person=change(facts.person or PersonFacts()))


def of_settings(change: Callable[[MessageSettings], MessageSettings]) -> Callable[[Facts], Facts]:
    """Make a change of the person's message settings."""
    return of_person(lambda person: replace(person, settings=change(person.settings)))


@dataclass(frozen=True)
class Circumstance:
    """A change of the facts, the kinds of message it concerns, and the decision it leads to."""

    name: str
    change: Callable[[Facts], Facts]
    concerns: Callable[[MessageKind], bool]
    decision: Decision


CIRCUMSTANCES = (
    Circumstance(
        "schedule stopped by an error",
        lambda facts: replace(facts, schedule_state=ScheduleState.PAUSED),
        anything,
        Drop(Reason(ReasonCode.SCHEDULE_INACTIVE, {"state": "paused"})),
    ),
    Circumstance(
        "schedule paused by a person",
        lambda facts: replace(facts, recurrence=replace(WEEKLY, pause_until=date(2026, 12, 1))),
        unsolicited,
        Drop(Reason(ReasonCode.SCHEDULE_PAUSED, {"until": "2026-12-01"})),
    ),
    Circumstance(
        "day off",
        lambda facts: replace(facts, calendar=WorkCalendar(overrides={TODAY: "Company day"})),
        unsolicited,
        Drop(Reason(ReasonCode.DAY_OFF, {"day": "2026-11-25", "name": "Company day"})),
    ),
    Circumstance(
        "later one due as well",
        lambda facts: replace(facts, superseded=True),
        anything,
        Drop(Reason(ReasonCode.BOT_NOT_RUNNING), DeliveryState.MISSED),
    ),
    Circumstance(
        "zone unknown here",
        lambda facts: replace(facts, zone_is_known=False),
        anything,
        Defer(NOW + ZONE_RETRY, Reason(ReasonCode.UNKNOWN_ZONE, {"zone": "Europe/Berlin"})),
    ),
    Circumstance(
        "quiet hours",
        of_settings(lambda settings: replace(settings, quiet_from=time(12, 30), quiet_to=time(14))),
        anything,
        Defer(NOW + HOUR, Reason(ReasonCode.QUIET_HOURS)),
    ),
    Circumstance(
        "learner on a break",
        of_person(lambda person: replace(person, paused_until=date(2026, 12, 7))),
        unsolicited,
        Drop(Reason(ReasonCode.LEARNER_PAUSED, {"until": "2026-12-07"})),
    ),
    Circumstance(
        "week off",
        of_person(lambda person: replace(person, off=TimeOff(frozenset({THIS_WEEK})))),
        unsolicited,
        Drop(Reason(ReasonCode.WEEK_OFF, {"week": "2026-11-23"})),
    ),
    Circumstance(
        "check-in held",
        of_person(lambda person: replace(person, checkins={THIS_WEEK: CheckInState.HELD})),
        only(MessageKind.CHECKIN, MessageKind.REMINDER),
        Drop(Reason(ReasonCode.ALREADY_ANSWERED, {"week": "2026-11-23", "state": "held"})),
    ),
    Circumstance(
        "reminders off",
        of_settings(lambda settings: replace(settings, reminders=False)),
        only(MessageKind.REMINDER),
        Drop(Reason(ReasonCode.REMINDERS_OFF)),
    ),
    Circumstance(
        "no check-in sent",
        lambda facts: replace(facts, checkin_sent_at=None),
        only(MessageKind.REMINDER),
        Drop(Reason(ReasonCode.NO_CHECKIN_SENT)),
    ),
    Circumstance(
        "nothing to say",
        lambda facts: replace(facts, no_content=Reason(ReasonCode.NO_TIPS)),
        anything,
        Drop(Reason(ReasonCode.NO_TIPS)),
    ),
    Circumstance(
        "budget spent",
        of_person(lambda person: replace(person, week_count=2, settings=replace(person.settings, budget=2))),
        unsolicited,
        Drop(Reason(ReasonCode.BUDGET_SPENT, {"budget": 2})),
    ),
    Circumstance(
        "more due in ten minutes",
        of_person(lambda person: replace(person, others_due=(NOW + 10 * MINUTE,))),
        unsolicited,
        Defer(NOW + 10 * MINUTE, Reason(ReasonCode.WAITS_FOR_COMPANY)),
    ),
)
"""The first one that concerns a message decides."""


def due_now(kind: MessageKind, *circumstances: Circumstance) -> Facts:
    """Make the facts of a message that's due now, under some circumstances."""
    facts = Facts(
        kind=kind,
        now=NOW,
        occurrence_at=NOW,
        zone=BERLIN,
        recurrence=WEEKLY,
        person=PersonFacts(),
        checkin_sent_at=NOW - REMIND_AFTER,
    )
    for circumstance in circumstances:
        facts = circumstance.change(facts)
    return facts


@pytest.mark.parametrize("kind", MessageKind)
def test_first_rule_that_concerns_a_message_decides(kind: MessageKind) -> None:
    for count in range(4):
        for circumstances in combinations(CIRCUMSTANCES, count):
            decisions = [circumstance.decision for circumstance in circumstances if circumstance.concerns(kind)]
            expected = decisions[0] if decisions else Send()
            assert decide(due_now(kind, *circumstances)) == expected, [
                circumstance.name for circumstance in circumstances
            ]


@pytest.mark.parametrize("kind", MessageKind)
def test_lateness_decides_between_on_time_late_and_missed(kind: MessageKind) -> None:
    limit = timedelta(hours=24) if kind is MessageKind.TIP else timedelta(hours=48)
    assert max_lateness(kind) == limit
    for age, expected in (
        (timedelta(0), Send()),
        (ON_TIME, Send()),
        (ON_TIME + MINUTE, Send(late=True)),
        (limit, Send(late=True)),
    ):
        assert decide(replace(due_now(kind), occurrence_at=NOW - age)) == expected
    missed = decide(replace(due_now(kind), occurrence_at=NOW - limit - MINUTE))
    assert missed == Drop(Reason(ReasonCode.BOT_NOT_RUNNING), DeliveryState.MISSED)


def test_missed_message_has_the_reason_that_held_it_up() -> None:
    held_up = Reason(ReasonCode.RATE_LIMITED)
    old = replace(due_now(MessageKind.TIP), occurrence_at=NOW - 2 * DAY, held_up_by=held_up)
    tried = decide(replace(old, not_before=NOW))
    untried = decide(replace(old, not_before=NOW - HOUR))
    assert tried == Drop(held_up, DeliveryState.MISSED)
    assert untried == Drop(Reason(ReasonCode.BOT_NOT_RUNNING, earlier=held_up), DeliveryState.MISSED)
    unexplained = decide(replace(old, held_up_by=None, not_before=NOW))
    assert unexplained == Drop(Reason(ReasonCode.NOT_SENT_IN_TIME), DeliveryState.MISSED)


def test_resent_message_is_late_since_it_was_first_due() -> None:
    resent = replace(due_now(MessageKind.CHECKIN), first_due_at=NOW - 30 * DAY)
    assert decide(resent) == Send(late=True)


def test_waiting_message_is_dropped_on_a_day_off_it_waited_into() -> None:
    calendar = WorkCalendar(overrides={TODAY: "Company day"})
    waited = replace(due_now(MessageKind.CHECKIN), occurrence_at=NOW - DAY, calendar=calendar)
    reason = Reason(ReasonCode.DAY_OFF, {"day": "2026-11-25", "name": "Company day"})
    assert decide(waited) == Drop(reason)


def test_occurrence_on_a_day_off_is_dropped_the_day_after() -> None:
    calendar = WorkCalendar(overrides={TODAY - DAY: "Company day"})
    yesterdays = replace(due_now(MessageKind.CHECKIN), occurrence_at=NOW - DAY, calendar=calendar)
    assert isinstance(decide(yesterdays), Drop)
    assert decide(replace(due_now(MessageKind.CHECKIN), calendar=calendar)) == Send()


def test_days_off_follow_the_persons_zone() -> None:
    late_evening = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    facts = replace(due_now(MessageKind.CHECKIN), now=late_evening, occurrence_at=late_evening)
    tomorrow_off = replace(facts, calendar=WorkCalendar(overrides={TODAY + DAY: "Company day"}))
    assert decide(tomorrow_off) == Send()
    assert isinstance(decide(replace(tomorrow_off, zone=ZoneInfo("Asia/Tokyo"))), Drop)


@pytest.mark.parametrize(
    ("sent_at", "expected"),
    [
        (NOW - REMIND_AFTER, Send()),
        (NOW - REMIND_AFTER + ON_TIME, Send()),
        (NOW - HOUR, Defer(NOW + 23 * HOUR, Reason(ReasonCode.CHECKIN_CAME_LATE))),
        (NOW - 4 * DAY, Drop(Reason(ReasonCode.CHECKIN_WEEK_OVER))),
    ],
)
def test_reminder_follows_its_check_in_by_a_day(sent_at: datetime, expected: Decision) -> None:
    assert decide(replace(due_now(MessageKind.REMINDER), checkin_sent_at=sent_at)) == expected


def test_message_waits_for_company_once_and_never_inside_another() -> None:
    facts = of_person(lambda person: replace(person, others_due=(NOW + MINUTE,)))(due_now(MessageKind.CHECKIN))
    assert isinstance(decide(facts), Defer)
    assert decide(replace(facts, fresh=False)) == Send()
    assert decide(replace(facts, inside=True)) == Send(inside=True)


@pytest.mark.parametrize("quiet_from", [time(13, 5), time(13, 10), time(13, 20)])
def test_message_does_not_wait_into_quiet_hours(quiet_from: time) -> None:
    """Nor does it wait until shortly before them, since it would run into them if the bot were busy for a while."""
    company = of_person(lambda person: replace(person, others_due=(NOW + 10 * MINUTE,)))
    quiet = of_settings(lambda settings: replace(settings, quiet_from=quiet_from, quiet_to=time(22)))
    assert decide(quiet(company(due_now(MessageKind.CHECKIN)))) == Send()


def test_channel_message_has_no_person_to_ask() -> None:
    tip = replace(due_now(MessageKind.TIP), person=None)
    assert decide(tip) == Send()
    assert decide(replace(tip, no_content=Reason(ReasonCode.NO_TIPS))) == Drop(Reason(ReasonCode.NO_TIPS))


def test_pauses_and_days_off_are_reasons_to_skip_an_occurrence() -> None:
    weekdays = (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY)
    facts = Facts(
        kind=MessageKind.TIP,
        now=NOW,
        occurrence_at=NOW,
        zone=BERLIN,
        recurrence=Recurrence(weekdays, time(9), BERLIN, pause_until=date(2026, 12, 23)),
        calendar=WorkCalendar(overrides={date(2026, 12, 25): "Christmas Day"}),
    )
    occurrences = [datetime(2026, 12, day, 9, tzinfo=BERLIN) for day in (21, 23, 25, 28)]
    assert [skip_reason(facts, occurrence) for occurrence in occurrences] == [
        Reason(ReasonCode.SCHEDULE_PAUSED, {"until": "2026-12-23"}),
        None,
        Reason(ReasonCode.DAY_OFF, {"day": "2026-12-25", "name": "Christmas Day"}),
        None,
    ]


@pytest.mark.parametrize(("days_ahead", "until"), [((0, 1), 2), ((1, 2), None), ((-1,), None)])
def test_only_the_days_off_themselves_are_quiet(days_ahead: tuple[int, ...], until: int | None) -> None:
    off = TimeOff(days=frozenset(TODAY + DAY * ahead for ahead in days_ahead))
    decision = decide(replace(due_now(MessageKind.CHECKIN), person=PersonFacts(off=off)))
    assert decision == (
        Drop(Reason(ReasonCode.LEARNER_PAUSED, {"until": f"{TODAY + DAY * until}"})) if until else Send()
    )
