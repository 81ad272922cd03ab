"""Forecasts: pauses and days off are skipped, with the reason, and the first message to come spends a budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentorbot.chat.platform import Channel, Workspace
from mentorbot.clock import Weekday
from mentorbot.domain.deliveries import (
    Delivery,
    DeliveryState,
    Destination,
    MessageKind,
    Reason,
    ReasonCode,
    Schedule,
    ScheduleState,
)
from mentorbot.domain.forecast import Forecast, NextMessage, next_in_channel
from mentorbot.domain.people import MessageSettings
from mentorbot.domain.recurrence import Recurrence
from mentorbot.domain.work_calendar import EVERY_DAY, WorkCalendar

FRIDAYS = Recurrence.weekly(Weekday.FRIDAY, time(9), ZoneInfo("Europe/Berlin"))
FIRST = datetime(2026, 11, 27, 8, tzinfo=UTC)
WORKSPACE = Workspace("slack", "T1")
TO_ADA = Destination(WORKSPACE, person_id=1, user_id="ada")


def schedule(recurrence: Recurrence = FRIDAYS) -> Schedule:
    """Make a channel's schedule for tips."""
    return Schedule(
        id=1,
        kind=MessageKind.TIP,
        destination=Destination(WORKSPACE, Channel(WORKSPACE, "C1", "general")),
        recurrence=recurrence,
        role="ai-architect",
        state=ScheduleState.ACTIVE,
        next_run_at=FIRST,
        paused_reason=None,
    )


def test_the_next_message_comes_at_its_time() -> None:
    assert next_in_channel(schedule(), EVERY_DAY) == NextMessage(FIRST)


def test_a_day_off_is_skipped_with_its_name() -> None:
    calendar = WorkCalendar(overrides={date(2026, 11, 27): "Bridge"})
    skipped = Reason(ReasonCode.DAY_OFF, {"day": "2026-11-27", "name": "Bridge"})
    assert next_in_channel(schedule(), calendar) == NextMessage(datetime(2026, 12, 4, 8, tzinfo=UTC), skipped=skipped)


def test_the_first_reason_is_given() -> None:
    paused = replace(FRIDAYS, pause_until=date(2026, 12, 1))
    calendar = WorkCalendar(overrides={date(2026, 12, 4): "Bridge"})
    message = next_in_channel(schedule(paused), calendar)
    assert message.at == datetime(2026, 12, 11, 8, tzinfo=UTC)
    assert message.skipped == Reason(ReasonCode.SCHEDULE_PAUSED, {"until": "2026-12-01"})


def test_a_pause_beyond_the_last_day_leaves_no_message() -> None:
    paused = replace(FRIDAYS, pause_until=date(2026, 12, 12), ends_on=date(2026, 12, 4))
    message = next_in_channel(schedule(paused), EVERY_DAY)
    assert message == NextMessage(None, skipped=Reason(ReasonCode.NONE_LEFT, {"until": "2026-12-04"}))


def test_the_message_after_a_pause_of_a_year_is_forecast() -> None:
    paused = replace(FRIDAYS, pause_until=date(2027, 11, 27))
    assert next_in_channel(schedule(paused), EVERY_DAY).at == datetime(2027, 12, 3, 8, tzinfo=UTC)


def test_the_next_one_of_several_a_week_is_the_first_that_is_not_skipped() -> None:
    weekdays = (Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY)
    recurrence = replace(FRIDAYS, weekdays=weekdays, pause_until=date(2026, 12, 23))
    monday, wednesday, friday, next_monday = (datetime(2026, 12, day, 8, tzinfo=UTC) for day in (21, 23, 25, 28))
    calendar = WorkCalendar(overrides={friday.date(): "Christmas Day"})
    assert next_in_channel(replace(schedule(recurrence), next_run_at=monday), calendar).at == wednesday
    assert next_in_channel(replace(schedule(recurrence), next_run_at=friday), calendar).at == next_monday
    last = replace(recurrence, ends_on=friday.date())
    assert next_in_channel(replace(schedule(last), next_run_at=friday), calendar).at is None


def checkin(at: datetime) -> Delivery:
    """Make a check-in that was snoozed until an instant (UTC)."""
    return Delivery(
        id=7,
        kind=MessageKind.CHECKIN,
        destination=TO_ADA,
        schedule=None,
        role="ai-architect",
        occurrence_at=at,
        item="",
        body="",
        key="p1-c1",
        state=DeliveryState.PENDING,
        attempts=0,
        not_before=at,
    )


@pytest.mark.parametrize(("hours", "comes_first"), [(-1, True), (1, False)])
def test_the_first_to_come_spends_the_budget(hours: int, *, comes_first: bool) -> None:
    tips = replace(schedule(), kind=MessageKind.PERSONAL_TIP, destination=TO_ADA)
    forecast = Forecast(
        now=FIRST - timedelta(days=1),
        zone=FRIDAYS.zone,
        settings=MessageSettings(budget=1),
        calendar=EVERY_DAY,
        schedules=[tips],
        recent=[checkin(FIRST + timedelta(hours=hours))],
    )
    spent = Reason(ReasonCode.BUDGET_SPENT, {"budget": 1})
    next_week = NextMessage(FIRST + timedelta(weeks=1), skipped=spent)
    assert forecast.pending() == {7: None if comes_first else spent}
    assert forecast.next_messages() == {1: next_week if comes_first else NextMessage(FIRST)}


def test_a_snoozed_message_comes_after_what_spends_the_budget_before_it() -> None:
    tips = replace(schedule(), kind=MessageKind.PERSONAL_TIP, destination=TO_ADA)
    forecast = Forecast(
        now=FIRST - timedelta(days=1),
        zone=FRIDAYS.zone,
        settings=MessageSettings(budget=1),
        calendar=EVERY_DAY,
        schedules=[tips],
        recent=[],
    )
    spent = Reason(ReasonCode.BUDGET_SPENT, {"budget": 1})
    assert forecast.once(FIRST + timedelta(hours=1)) == NextMessage(None, skipped=spent)
